//! TLS: OpenSSL's context of a client, which libmosquitto uses as it stands.
//!
//! libmosquitto knows the broker by the address that it connects to. It would verify the certificate for that, send it
//! as the server's name, and say of a certificate only that it is refused. So all of TLS is set here, and libmosquitto
//! makes its connections from the result (`MOSQ_OPT_SSL_CTX` without `MOSQ_OPT_SSL_CTX_WITH_DEFAULTS`).

mod callbacks;
mod context;
mod files;
mod handshake;
mod reason;
mod state;

pub(super) use context::Context;
pub(super) use handshake::{Handshake, Step};
pub(super) use reason::LOST_IN_HANDSHAKE;

use std::ffi::CString;
use std::fmt;

/// How a client speaks TLS.
#[derive(Debug, Clone)]
pub struct TlsOptions {
    /// Who trusts whom.
    pub identity: TlsIdentity,
    /// The versions that are allowed; `None`: TLS 1.2 and newer.
    pub version: Option<TlsVersion>,
    /// The ciphers of TLS 1.2, OpenSSL's ciphers(1); `None`: its defaults. Those of TLS 1.3 are always its defaults.
    pub ciphers: Option<CString>,
    /// The protocol that is asked for, RFC 7301; 1 to 254 bytes.
    pub alpn: Option<CString>,
    /// Whether the broker must staple an OCSP answer for its certificate.
    pub ocsp_required: bool,
    /// Whether the broker's certificate must be for its name. Nobody's name is verified on a unix socket.
    pub verify_name: bool,
}

/// Who trusts whom.
#[derive(Clone)]
pub enum TlsIdentity {
    /// Certificates.
    Certificate {
        /// A file of CA certificates (PEM). With neither this nor `capath` the system's are trusted.
        cafile: Option<CString>,
        /// A folder of them, as openssl-rehash(1) leaves it.
        capath: Option<CString>,
        /// The client's certificate, and those above it (PEM). Never without `keyfile`.
        certfile: Option<CString>,
        /// Its key (PEM).
        keyfile: Option<CString>,
        /// What the key is encrypted with.
        keyfile_password: Option<CString>,
        /// Whether the broker's certificate is verified.
        verify: bool,
    },
    /// A pre-shared key. A broker that shows a certificate instead is refused.
    Psk {
        /// The key, in hexadecimal.
        key: CString,
        /// The name that goes with it.
        identity: CString,
    },
}

/// The versions of TLS that are allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsVersion {
    /// `tlsv1.2`: 1.2 and newer.
    V12,
    /// `tlsv1.3`: 1.3 and newer.
    V13,
}

impl fmt::Debug for TlsIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Certificate { cafile, capath, certfile, keyfile, keyfile_password, verify } => f
                .debug_struct("Certificate")
                .field("cafile", cafile)
                .field("capath", capath)
                .field("certfile", certfile)
                .field("keyfile", keyfile)
                .field("keyfile_password", &keyfile_password.as_ref().map(|_| "****"))
                .field("verify", verify)
                .finish(),
            Self::Psk { identity, .. } => {
                f.debug_struct("Psk").field("key", &"****").field("identity", identity).finish()
            }
        }
    }
}
