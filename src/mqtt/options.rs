//! How a client is made, and where it connects to.

use super::library::{Protocol, QoS};
use super::tls::TlsOptions;
use std::ffi::CString;
use std::fmt;

/// How a client is made. Strings are without NUL, which the type says.
#[derive(Clone)]
pub struct Options {
    /// The client id.
    pub client_id: CString,
    /// Whether the broker forgets the session when the connection ends.
    pub clean_session: bool,
    /// The version of MQTT.
    pub protocol: Protocol,
    /// The user name and the password.
    pub credentials: Option<(CString, Option<CString>)>,
    /// What the broker publishes when the connection is lost.
    pub will: Option<WillOptions>,
    /// How many QoS 1 and 2 messages may be unacknowledged.
    pub send_maximum: u16,
    /// The same for messages from the broker; `None`: the library's 20.
    pub receive_maximum: Option<u16>,
    /// How TLS is spoken; `None`: everything goes in the clear.
    pub tls: Option<TlsOptions>,
    /// The proxy on the way to the broker.
    pub socks5: Option<Socks5Options>,
    /// How long the broker keeps the session of a client that has gone, in seconds; 4,294,967,295: for ever. Of MQTT 5
    /// alone.
    pub session_expiry: Option<u32>,
    /// Names and values for CONNECT. Of MQTT 5 alone.
    pub user_properties: Vec<(CString, CString)>,
}

/// The will, MQTT 3.1.1 section 3.1.2.5.
#[derive(Debug, Clone)]
pub struct WillOptions {
    /// Where it goes.
    pub topic: CString,
    /// What it says.
    pub payload: Vec<u8>,
    /// Its QoS.
    pub qos: QoS,
    /// Whether the broker keeps it.
    pub retain: bool,
}

/// A SOCKS5 proxy, RFC 1928. Its address comes with each attempt.
#[derive(Clone)]
pub struct Socks5Options {
    /// Its port.
    pub port: u16,
    /// What it is told, RFC 1929: up to 255 bytes each.
    pub username: Option<CString>,
    /// Never without a user name.
    pub password: Option<CString>,
}

/// Where an attempt goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The numeric address of the broker, or of the proxy if there is one; or the path of a unix socket.
    pub address: CString,
    /// The broker's port; no matter with a unix socket.
    pub port: u16,
    /// The broker's name as it is configured: what its certificate is verified for, what it is told in the handshake,
    /// and what a proxy is asked for.
    pub name: CString,
}

impl Target {
    /// Whether the broker is at a unix socket.
    pub(super) fn is_unix(&self) -> bool {
        self.address.as_bytes().starts_with(b"/")
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("client_id", &self.client_id)
            .field("clean_session", &self.clean_session)
            .field("protocol", &self.protocol)
            .field("username", &self.credentials.as_ref().map(|(username, _)| username))
            .field("will", &self.will)
            .field("send_maximum", &self.send_maximum)
            .field("receive_maximum", &self.receive_maximum)
            .field("tls", &self.tls)
            .field("socks5", &self.socks5)
            .field("session_expiry", &self.session_expiry)
            .field("user_properties", &self.user_properties)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Socks5Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socks5Options")
            .field("port", &self.port)
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}
