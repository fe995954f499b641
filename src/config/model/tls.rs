//! `<tls>` of a connection.

use super::Secret;

/// `<tls>`
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tls {
    /// Whether the connection is to be encrypted.
    pub enable: bool,
    /// `support`
    pub support: Option<TlsSupport>,
    /// `port`: overrides the connection's.
    pub port: Option<u16>,
    /// `cafile`: a file of CA certificates (PEM).
    pub cafile: Option<String>,
    /// `capath`: a folder of them.
    pub capath: Option<String>,
    /// `certfile`: the client's certificate (PEM).
    pub certfile: Option<String>,
    /// `keyfile`: its key (PEM).
    pub keyfile: Option<String>,
    /// `keyfile_password`: what the key is encrypted with.
    pub keyfile_password: Option<Secret>,
    /// `keyfile_password_file`: the file whose first line it is; never beside `keyfile_password`.
    pub keyfile_password_file: Option<String>,
    /// `alpn`: the protocol that is asked for, RFC 7301; 1 to 254 bytes.
    pub alpn: Option<String>,
    /// `ocsp_required`: the broker must staple an OCSP answer for its certificate, RFC 6961.
    pub ocsp_required: bool,
    /// `insecure`: the name in the broker's certificate does not matter.
    pub insecure: bool,
    /// `advanced_options`: whether `cert_reqs`, `version` and `opts_ciphers` count.
    pub advanced_options: bool,
    /// `cert_reqs`
    pub cert_reqs: CertReqs,
    /// `version`
    pub version: Option<TlsVersion>,
    /// `opts_ciphers`: OpenSSL's list of ciphers.
    pub opts_ciphers: Option<String>,
    /// `psk`: the pre-shared key, in hexadecimal.
    pub psk: Option<Secret>,
    /// `psk_file`: the file whose first line is the key; never beside `psk`.
    pub psk_file: Option<String>,
    /// `identity`: the name that goes with it.
    pub identity: Option<String>,
    /// `psk_ciphers`: OpenSSL's list of ciphers.
    pub psk_ciphers: Option<String>,
}

/// `support` of `<tls>`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsSupport {
    /// `certificate`
    Certificate,
    /// `psk`
    Psk,
}

/// `cert_reqs` of `<tls>`: whether the broker's certificate is verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CertReqs {
    /// `SSL_VERIFY_PEER`
    #[default]
    VerifyPeer,
    /// `SSL_VERIFY_NONE`
    VerifyNone,
}

/// `version` of `<tls>`: the version of TLS that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsVersion {
    /// `tlsv1.2`
    V12,
    /// `tlsv1.3`
    V13,
}
