//! Whether an enabled `<tls>` adds up. What does not is never made good by a connection in the clear.

use super::problem::Scope;
use super::{CertReqs, Secret, Tls, TlsSupport};

/// Bytes of the longest protocol name, as libmosquitto writes it. It cuts off the rest.
const MOST_ALPN: usize = 254;

/// Bytes of the longest identity, as libmosquitto writes it for OpenSSL. It cuts off the rest.
const MOST_IDENTITY: usize = 255;

/// Checks that what is enabled makes sense; what has no effect is left out of it. The answer is why the connection
/// cannot be made.
pub(super) fn check(tls: &mut Tls, scope: &Scope) -> Option<String> {
    if !tls.enable {
        return None;
    }
    let mut missing = Vec::new();
    match tls.support {
        None => missing.push("support is not set, the connection is not made: set it to certificate or psk"),
        Some(TlsSupport::Certificate) => {
            ignore_psk(tls, scope);
            missing.extend(check_client_certificate(tls, scope));
            warn_of_trust(tls, scope);
        }
        Some(TlsSupport::Psk) => {
            ignore_certificates(tls, scope);
            missing.extend(check_psk(tls, scope));
        }
    }
    if tls.alpn.as_ref().is_some_and(|name| name.len() > MOST_ALPN) {
        missing.push("alpn is longer than 254 bytes, the connection is not made: choose another");
    }
    check_advanced(tls, scope);
    for what in &missing {
        scope.problem(*what);
    }
    missing.first().map(|what| format!("tls: {what}"))
}

fn check_client_certificate(tls: &mut Tls, scope: &Scope) -> Option<&'static str> {
    one_secret(
        (&mut tls.keyfile_password, "keyfile_password"),
        (&tls.keyfile_password_file, "keyfile_password_file"),
        scope,
    );
    if tls.keyfile.is_none() {
        let with = [
            ("keyfile_password", tls.keyfile_password.take().is_some()),
            ("keyfile_password_file", tls.keyfile_password_file.take().is_some()),
        ];
        for (name, _) in with.into_iter().filter(|(_, set)| *set) {
            scope.problem(format!("{name} without keyfile is ignored: set keyfile"));
        }
    }
    match (&tls.certfile, &tls.keyfile) {
        (Some(_), None) => Some("certfile is set without keyfile, the connection is not made: set both"),
        (None, Some(_)) => Some("keyfile is set without certfile, the connection is not made: set both"),
        _ => None,
    }
}

fn check_psk(tls: &mut Tls, scope: &Scope) -> Option<&'static str> {
    one_secret((&mut tls.psk, "psk"), (&tls.psk_file, "psk_file"), scope);
    if tls.psk.is_none() && tls.psk_file.is_none() {
        return Some("neither psk nor psk_file is set, the connection is not made: set one of them");
    }
    match &tls.identity {
        None => Some("identity is not set, the connection is not made: set identity"),
        Some(identity) if identity.len() > MOST_IDENTITY => {
            Some("identity is longer than 255 bytes, the connection is not made: choose another")
        }
        Some(_) => None,
    }
}

/// Of a secret and a file with it, the file counts.
fn one_secret(secret: (&mut Option<Secret>, &str), file: (&Option<String>, &str), scope: &Scope) {
    if secret.0.is_some() && file.0.is_some() {
        let (secret_name, file_name) = (secret.1, file.1);
        scope
            .problem(format!("{secret_name} and {file_name} are both set, the file counts: set one of them"));
        *secret.0 = None;
    }
}

/// Says what lets somebody else pose as the broker.
fn warn_of_trust(tls: &Tls, scope: &Scope) {
    if tls.insecure {
        scope.problem(
            "insecure is true: the name in the broker's certificate is not verified, anybody with a certificate of \
             a trusted CA may pose as the broker: set it to false",
        );
    }
    if tls.cert_reqs == CertReqs::VerifyNone {
        scope.problem(if tls.advanced_options {
            "cert_reqs is SSL_VERIFY_NONE: the broker's certificate is not verified, anybody may pose as the broker: \
             set it to SSL_VERIFY_PEER"
        } else {
            "cert_reqs SSL_VERIFY_NONE has no effect without advanced_options, the broker's certificate is verified: \
             set it to SSL_VERIFY_PEER"
        });
    }
}

/// The other two that count only with `advanced_options`.
fn check_advanced(tls: &Tls, scope: &Scope) {
    if tls.advanced_options {
        return;
    }
    for (name, set) in [("version", tls.version.is_some()), ("opts_ciphers", tls.opts_ciphers.is_some())] {
        if set {
            scope.problem(format!(
                "{name} has no effect without advanced_options: set advanced_options to true"
            ));
        }
    }
}

fn ignore_psk(tls: &mut Tls, scope: &Scope) {
    let set = [
        ("psk", tls.psk.take().is_some()),
        ("psk_file", tls.psk_file.take().is_some()),
        ("identity", tls.identity.take().is_some()),
        ("psk_ciphers", tls.psk_ciphers.take().is_some()),
    ];
    ignored(&set, "certificate", scope);
}

/// With a pre-shared key, certificates would only be another way in for somebody who has not got the key.
fn ignore_certificates(tls: &mut Tls, scope: &Scope) {
    let none = Tls::default();
    let set = [
        ("cafile", tls.cafile.take().is_some()),
        ("capath", tls.capath.take().is_some()),
        ("certfile", tls.certfile.take().is_some()),
        ("keyfile", tls.keyfile.take().is_some()),
        ("keyfile_password", tls.keyfile_password.take().is_some()),
        ("keyfile_password_file", tls.keyfile_password_file.take().is_some()),
        ("ocsp_required", tls.ocsp_required),
        ("insecure", tls.insecure),
        ("cert_reqs", tls.cert_reqs != none.cert_reqs),
        ("opts_ciphers", tls.opts_ciphers.take().is_some()),
    ];
    tls.ocsp_required = none.ocsp_required;
    tls.insecure = none.insecure;
    tls.cert_reqs = none.cert_reqs;
    ignored(&set, "psk", scope);
}

fn ignored(set: &[(&str, bool)], support: &str, scope: &Scope) {
    let names: Vec<_> = set.iter().filter(|(_, set)| *set).map(|(name, _)| *name).collect();
    if !names.is_empty() {
        scope.problem(format!("no part of support {support} and ignored: {}", names.join(", ")));
    }
}
