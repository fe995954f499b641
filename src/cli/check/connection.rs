//! What a connection would do, in words.

use super::lines::{Lines, OFF};
use crate::config::{CertReqs, ClientId, Connection, Host, Settings, TlsSupport, TlsVersion};
use std::fmt::{self, Write};

/// Writes where it goes, how, and as whom.
pub fn connection(out: &mut Lines, connection: &Connection, settings: &Settings) -> fmt::Result {
    let name = &connection.name;
    if !connection.enable {
        return out.line("  ", format_args!("connection \"{name}\": {OFF}"));
    }
    if let Some(why) = &connection.refused {
        return out.line("  ", format_args!("connection \"{name}\": off ({why})"));
    }
    out.line("  ", format_args!("connection \"{name}\""))?;
    out.line("    ", format_args!("to {}, MQTT {}", brokers(connection), connection.protocol_version))?;
    out.line("    ", encryption(connection))?;
    if let Some(username) = &connection.username {
        let with = connection.password.is_some() || connection.password_file.is_some();
        let password = if with { "with a password" } else { "without a password" };
        out.line("    ", format_args!("as user \"{username}\", {password}"))?;
    }
    let session =
        if connection.clean_session { "a clean session" } else { "a session that the broker keeps" };
    out.line("    ", format_args!("client id: {}, {session}", client_id(&connection.client_id, settings)))?;
    let will = &connection.will;
    let topics = [
        ("will", Some(&will.topic).filter(|_| will.enable)),
        ("birth", will.birth.as_ref().map(|birth| &birth.topic)),
        ("farewell", will.farewell.as_ref().map(|farewell| &farewell.topic)),
    ];
    for (what, topic) in topics {
        if let Some(topic) = topic {
            out.line("    ", format_args!("{what} to \"{topic}\""))?;
        }
    }
    Ok(())
}

fn brokers(connection: &Connection) -> String {
    let service = if connection.tls.enable { "_secure-mqtt._tcp" } else { "_mqtt._tcp" };
    let broker = |host: &Host| {
        if connection.srv {
            format!("the SRV records of {service}.{}", host.name)
        } else if is_unix_socket(host) {
            format!("the unix socket {}", host.name)
        } else {
            Host { name: host.name.clone(), port: Some(connection.port_of(host)) }.to_string()
        }
    };
    let brokers: Vec<_> = connection.hosts.iter().map(broker).collect();
    let mut text = brokers.join(", else ");
    if let Some(proxy) = &connection.socks5 {
        // Writing to a String cannot fail.
        let _infallible = write!(text, ", by way of the SOCKS5 proxy {} port {}", proxy.host, proxy.port);
    }
    text
}

fn is_unix_socket(host: &Host) -> bool {
    host.name.starts_with('/')
}

/// How it is encrypted, and what that is worth.
fn encryption(connection: &Connection) -> String {
    let tls = &connection.tls;
    let support = match tls.support {
        Some(support) if tls.enable => support,
        _ => return in_the_clear(connection),
    };
    let version = if tls.version == Some(TlsVersion::V13) && tls.advanced_options { "1.3" } else { "1.2" };
    let mut text = format!("TLS {version} or newer");
    let mut add = |part: String| {
        text.push_str(", ");
        text.push_str(&part);
    };
    match support {
        TlsSupport::Psk => {
            add(format!("a pre-shared key as \"{}\"", tls.identity.as_deref().unwrap_or_default()));
        }
        TlsSupport::Certificate => {
            if tls.advanced_options && tls.cert_reqs == CertReqs::VerifyNone {
                add("the broker's certificate is not verified".to_owned());
            } else {
                let places = [("cafile", &tls.cafile), ("capath", &tls.capath)];
                let places = places.into_iter().filter_map(|(what, path)| Some((what, path.as_ref()?)));
                let places: Vec<_> = places.map(|(what, path)| format!("{what} \"{path}\"")).collect();
                let trusted =
                    if places.is_empty() { "the system's CAs".to_owned() } else { places.join(" and ") };
                let name = if tls.insecure { ", its name does not" } else { "" };
                add(format!("the broker's certificate has to be from {trusted}{name}"));
            }
            if let Some(path) = &tls.certfile {
                add(format!("this client's is certfile \"{path}\""));
            }
        }
    }
    if let Some(protocol) = &tls.alpn {
        add(format!("ALPN \"{protocol}\""));
    }
    text
}

fn in_the_clear(connection: &Connection) -> String {
    let stays = |host: &Host| {
        is_unix_socket(host)
            || host.name.eq_ignore_ascii_case("localhost")
            || host.name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
    };
    if connection.hosts.iter().all(stays) {
        return "in the clear, on this machine".to_owned();
    }
    let password = connection.password.is_some() || connection.password_file.is_some();
    let what = if password { "everything, the password included" } else { "everything" };
    format!("in the clear: who is on the way reads {what}")
}

fn client_id(id: &ClientId, settings: &Settings) -> String {
    let length = settings.unique_string_length;
    match id {
        ClientId::Random => "a random one".to_owned(),
        ClientId::Hostname => "the host's name".to_owned(),
        ClientId::Switchname => "the switch's name".to_owned(),
        ClientId::HostnameUnique => format!("the host's name and {length} random characters"),
        ClientId::SwitchnameUnique => format!("the switch's name and {length} random characters"),
        ClientId::Literal(id) => format!("\"{id}\""),
    }
}
