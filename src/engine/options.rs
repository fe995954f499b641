//! A connection's configuration in libmosquitto's terms. Secrets that are in files are read here.

use super::presence::{Announcement, Presence};
use super::properties::user_properties;
use super::secrets;
use crate::config::{self, CertReqs, Connection, Secret, Tls, TlsSupport};
use crate::mqtt::{Options, Protocol, QoS, Socks5Options, TlsIdentity, TlsOptions, TlsVersion, WillOptions};
use std::ffi::CString;

/// The options of a connection, and what the operator is to be warned of.
///
/// # Errors
/// Why the connection cannot be made; for the operator.
pub fn options(config: &Connection, client_id: &str) -> Result<(Options, Vec<String>), String> {
    let mut files = Files::default();
    let password =
        files.secret("password_file", config.password_file.as_deref(), config.password.as_ref())?;
    let credentials = match &config.username {
        Some(username) => Some((text("username", username)?, secret_text("password", password.as_ref())?)),
        None => None,
    };
    let options = Options {
        client_id: text("client_id", client_id)?,
        clean_session: config.clean_session,
        protocol: match config.protocol_version {
            config::ProtocolVersion::V31 => Protocol::V31,
            config::ProtocolVersion::V311 => Protocol::V311,
            config::ProtocolVersion::V5 => Protocol::V5,
        },
        credentials,
        will: will(config)?,
        send_maximum: send_maximum(config),
        receive_maximum: config.receive_maximum,
        session_expiry: config.session_expiry,
        user_properties: user_properties(&config.user_properties)?,
        socks5: config.socks5.as_ref().map(socks5).transpose()?,
        tls: tls(&config.tls, &mut files).map_err(|why| format!("tls: {why}"))?,
    };
    Ok((options, files.warnings))
}

/// What the connection says about itself.
///
/// # Errors
/// Why it cannot be said; for the operator.
pub fn presence(config: &Connection) -> Result<Presence, String> {
    let announcement = |name: &str, one: &Option<config::Announcement>| {
        let Some(one) = one else { return Ok(None) };
        Ok::<_, String>(Some(Announcement {
            topic: text(name, &one.topic)?,
            payload: one.payload.clone().into_bytes(),
            qos: qos(one.qos),
            retain: one.retain,
        }))
    };
    let birth = announcement("will/birth_topic", &config.will.birth)?;
    Ok(Presence::new(birth, announcement("will/topic", &config.will.farewell)?))
}

/// How many QoS 1 and 2 messages may be unacknowledged; the library's own 20 unless something is said.
pub fn send_maximum(config: &Connection) -> u16 {
    let older_name = Some(config.max_inflight_messages).filter(|maximum| *maximum > 0);
    config.send_maximum.or(older_name).unwrap_or(20)
}

/// The local address to connect from.
///
/// # Errors
/// It contains a NUL character.
pub fn bind_address(config: &Connection) -> Result<Option<CString>, String> {
    config.bind_address.as_ref().map(|address| text("bind_address", address)).transpose()
}

/// The configuration's QoS, for libmosquitto.
pub fn qos(qos: config::QoS) -> QoS {
    match qos {
        config::QoS::AtMostOnce => QoS::AtMostOnce,
        config::QoS::AtLeastOnce => QoS::AtLeastOnce,
        config::QoS::ExactlyOnce => QoS::ExactlyOnce,
    }
}

/// Reads files of secrets, and notes those that are not secret.
#[derive(Default)]
struct Files {
    warnings: Vec<String>,
}

impl Files {
    /// The secret in the file, if there is one, or else the one that the configuration has.
    fn secret(
        &mut self,
        parameter: &str,
        path: Option<&str>,
        inline: Option<&Secret>,
    ) -> Result<Option<Secret>, String> {
        let Some(path) = path else { return Ok(inline.cloned()) };
        self.expose(parameter, path);
        secrets::read(parameter, path).map(Some)
    }

    fn expose(&mut self, parameter: &str, path: &str) {
        self.warnings.extend(secrets::exposed(parameter, path));
    }
}

fn will(config: &Connection) -> Result<Option<WillOptions>, String> {
    let will = &config.will;
    if !will.enable {
        return Ok(None);
    }
    Ok(Some(WillOptions {
        topic: text("will/topic", &will.topic)?,
        payload: will.payload.clone().into_bytes(),
        qos: qos(will.qos),
        retain: will.retain,
    }))
}

fn socks5(proxy: &config::Socks5) -> Result<Socks5Options, String> {
    Ok(Socks5Options {
        port: proxy.port,
        username: optional("socks5_username", proxy.username.as_ref())?,
        password: secret_text("socks5_password", proxy.password.as_ref())?,
    })
}

fn tls(tls: &Tls, files: &mut Files) -> Result<Option<TlsOptions>, String> {
    let support = match tls.support {
        Some(support) if tls.enable => support,
        _ => return Ok(None),
    };
    let (identity, ciphers) = match support {
        TlsSupport::Certificate => {
            let ciphers = tls.opts_ciphers.as_ref().filter(|_| tls.advanced_options);
            (certificate(tls, files)?, optional("opts_ciphers", ciphers)?)
        }
        TlsSupport::Psk => {
            let ciphers = optional("psk_ciphers", tls.psk_ciphers.as_ref())?;
            (pre_shared_key(tls, files)?, ciphers)
        }
    };
    Ok(Some(TlsOptions {
        identity,
        version: tls.version.filter(|_| tls.advanced_options).map(|version| match version {
            config::TlsVersion::V12 => TlsVersion::V12,
            config::TlsVersion::V13 => TlsVersion::V13,
        }),
        ciphers,
        alpn: optional("alpn", tls.alpn.as_ref())?,
        ocsp_required: tls.ocsp_required,
        verify_name: !tls.insecure,
    }))
}

fn certificate(tls: &Tls, files: &mut Files) -> Result<TlsIdentity, String> {
    if let Some(path) = &tls.keyfile {
        files.expose("keyfile", path);
    }
    let (file, inline) = (tls.keyfile_password_file.as_deref(), tls.keyfile_password.as_ref());
    let password = files.secret("keyfile_password_file", file, inline)?;
    Ok(TlsIdentity::Certificate {
        cafile: optional("cafile", tls.cafile.as_ref())?,
        capath: optional("capath", tls.capath.as_ref())?,
        certfile: optional("certfile", tls.certfile.as_ref())?,
        keyfile: optional("keyfile", tls.keyfile.as_ref())?,
        keyfile_password: secret_text("keyfile_password", password.as_ref())?,
        verify: !(tls.advanced_options && tls.cert_reqs == CertReqs::VerifyNone),
    })
}

fn pre_shared_key(tls: &Tls, files: &mut Files) -> Result<TlsIdentity, String> {
    let key = match &tls.psk_file {
        Some(path) => {
            let text = files.secret("psk_file", Some(path), None)?;
            let key = config::pre_shared_key(text.as_ref().map_or("", |text| text.expose().trim()));
            Some(key.map_err(|what| format!("psk_file \"{path}\": its first line {what}"))?)
        }
        None => tls.psk.clone(),
    };
    // The configuration was checked for both.
    let key = secret_text("psk", key.as_ref())?.ok_or("psk is not set: set psk or psk_file")?;
    let identity = optional("identity", tls.identity.as_ref())?.ok_or("identity is not set: set identity")?;
    Ok(TlsIdentity::Psk { key, identity })
}

fn text(parameter: &str, value: &str) -> Result<CString, String> {
    CString::new(value).map_err(|_| format!("{parameter} contains a NUL character"))
}

fn optional(parameter: &str, value: Option<&String>) -> Result<Option<CString>, String> {
    value.map(|value| text(parameter, value)).transpose()
}

fn secret_text(parameter: &str, value: Option<&Secret>) -> Result<Option<CString>, String> {
    value.map(|value| text(parameter, value.expose())).transpose()
}
