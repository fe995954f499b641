//! `<tls>` of a connection: its parameters. Whether they add up is for `tls_check` to say.

use super::tree::{Node, Param, last_of_each};
use super::{CertReqs, Secret, Tls, TlsSupport, TlsVersion};

pub(super) const NAMES: &[&str] = &[
    "enable",
    "support",
    "port",
    "cafile",
    "capath",
    "certfile",
    "keyfile",
    "keyfile_password",
    "keyfile_password_file",
    "alpn",
    "ocsp_required",
    "insecure",
    "advanced_options",
    "cert_reqs",
    "version",
    "opts_ciphers",
    "psk",
    "psk_file",
    "identity",
    "psk_ciphers",
];

/// Hexadecimal digits of the longest pre-shared key: OpenSSL takes 512 bytes, `PSK_MAX_PSK_LEN`.
const MOST_DIGITS: usize = 1024;

/// Reads the `<tls>` of a connection.
pub(super) fn read(connection: &Node) -> Tls {
    let mut tls = Tls::default();
    for node in connection.children("tls") {
        node.expect(&[]);
        for param in last_of_each(node.all_params(NAMES), setting) {
            set(&mut tls, &param);
        }
    }
    tls
}

/// `enable` with the value `certificate` or `psk`, as the original's documentation has it, sets `support` too, and
/// does not repeat an `enable` with the value true.
fn setting(param: &Param) -> &'static str {
    match enabled_support(param) {
        Some(_) => "support",
        None => param.name,
    }
}

fn enabled_support(param: &Param) -> Option<TlsSupport> {
    if param.name == "enable" { TlsSupport::from_word(param.value.trim()) } else { None }
}

fn set(tls: &mut Tls, param: &Param) {
    match param.name {
        "enable" => match enabled_support(param) {
            Some(support) => {
                tls.enable = true;
                tls.support = Some(support);
            }
            None => tls.enable = param.boolean(),
        },
        "support" => tls.support = param.word(TlsSupport::from_word, "certificate or psk", "ignored"),
        "port" => tls.port = param.optional_number(1..=u16::MAX),
        "cafile" => tls.cafile = param.text(),
        "capath" => tls.capath = param.text(),
        "certfile" => tls.certfile = param.text(),
        "keyfile" => tls.keyfile = param.text(),
        "keyfile_password" => tls.keyfile_password = param.text().map(Secret::new),
        "keyfile_password_file" => tls.keyfile_password_file = param.text(),
        "alpn" => tls.alpn = param.text(),
        "ocsp_required" => tls.ocsp_required = param.boolean(),
        "insecure" => tls.insecure = param.boolean(),
        "advanced_options" => tls.advanced_options = param.boolean(),
        "cert_reqs" => {
            let choices = "SSL_VERIFY_PEER or SSL_VERIFY_NONE";
            tls.cert_reqs =
                param.word(CertReqs::from_word, choices, "using SSL_VERIFY_PEER").unwrap_or_default();
        }
        "version" => tls.version = param.word(TlsVersion::from_word, "tlsv1.2 or tlsv1.3", "ignored"),
        "opts_ciphers" => tls.opts_ciphers = param.text(),
        "psk" => tls.psk = psk(param),
        "psk_file" => tls.psk_file = param.text(),
        "identity" => tls.identity = param.text(),
        "psk_ciphers" => tls.psk_ciphers = param.text(),
        _ => {}
    }
}

/// The key itself is never part of what is said about it.
fn psk(param: &Param) -> Option<Secret> {
    let key = pre_shared_key(&param.text()?);
    key.map_err(|what| {
        param.scope.problem(format!("psk {what} and is ignored: set it in hexadecimal"));
    })
    .ok()
}

/// Reads a pre-shared key: 1 to 512 bytes in hexadecimal, two digits each. The error continues a sentence that begins
/// with where the key is from, and does not show it.
pub fn pre_shared_key(text: &str) -> Result<Secret, &'static str> {
    if text.is_empty() {
        return Err("is empty");
    }
    if !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err("is not hexadecimal (0-9, a-f, no 0x)");
    }
    if text.len() % 2 == 1 {
        return Err("has an odd number of digits");
    }
    if text.len() > MOST_DIGITS {
        return Err("has more than 1024 digits");
    }
    Ok(Secret::new(text))
}
