//! `<connection>`: one MQTT client and its broker.

use super::{QoS, Tls};
use std::fmt;

/// `<connection>`: one MQTT client and its broker.
#[derive(Debug, Clone, PartialEq)]
pub struct Connection {
    /// Its name, unique in the profile.
    pub name: String,
    /// Whether it is made.
    pub enable: bool,
    /// Why it is not made although it is enabled (no host, a `<tls>` that does not add up): a sentence for the
    /// operator.
    pub refused: Option<String>,
    /// `protocol_version`
    pub protocol_version: ProtocolVersion,
    /// `host`, any number of them: tried in this order.
    pub hosts: Vec<Host>,
    /// `port` of the hosts that name none, 1 to 65535.
    pub port: u16,
    /// `connect_timeout` in seconds, 1 to 3600: how long a broker may take from the first packet to its CONNACK.
    pub connect_timeout: u16,
    /// `bind_address`: the local address.
    pub bind_address: Option<String>,
    /// `srv`: look the broker up in DNS SRV records.
    pub srv: bool,
    /// `keepalive` in seconds: 0 (off), or 5 to 65535.
    pub keepalive: u16,
    /// `username`
    pub username: Option<String>,
    /// `password`
    pub password: Option<Secret>,
    /// `password_file`: the file whose first line is the password; never beside `password`.
    pub password_file: Option<String>,
    /// `client_id`
    pub client_id: ClientId,
    /// `clean_session`; always true with [`ClientId::Random`].
    pub clean_session: bool,
    /// `retries`: how many attempts may fail in a row; 0: any number.
    pub retries: u32,
    /// `reconnect_delay` in seconds, at least 1.
    pub reconnect_delay: u32,
    /// `reconnect_delay_max` in seconds; below `reconnect_delay` (0, say): the delay does not grow.
    pub reconnect_delay_max: u32,
    /// `reconnect_exponential_backoff`: the delay doubles instead of growing by itself.
    pub reconnect_exponential_backoff: bool,
    /// `receive_maximum`, 1 to 65535 (MQTT 5).
    pub receive_maximum: Option<u16>,
    /// `send_maximum`, 1 to 65535: QoS 1 and 2 messages that may be unacknowledged.
    pub send_maximum: Option<u16>,
    /// `session_expiry` in seconds: how long the broker keeps the session of a client that has gone (MQTT 5); 4294967295:
    /// for ever.
    pub session_expiry: Option<u32>,
    /// `user_property`, any number of them, sent in CONNECT (MQTT 5).
    pub user_properties: Vec<UserProperty>,
    /// `circuit_breaker_ms`, 0 to 3600000: for how long its events are refused after messages of it had to be dropped
    /// because too many waited; 0: they are not.
    pub circuit_breaker_ms: u32,
    /// `socks5_host` and what goes with it.
    pub socks5: Option<Socks5>,
    /// `max_inflight_messages`: the older name of the same, 0: not set.
    pub max_inflight_messages: u16,
    /// `message_retry`: kept for its documentation's sake; libmosquitto ignores it.
    pub message_retry: u32,
    /// `<tls>`
    pub tls: Tls,
    /// `<will>`
    pub will: Will,
}

impl Connection {
    /// The port of one of its hosts: what is written behind the host, or the port of an enabled TLS section, or the
    /// connection's. A unix socket has none.
    pub fn port_of(&self, host: &Host) -> u16 {
        host.port.or(self.tls.port.filter(|_| self.tls.enable)).unwrap_or(self.port)
    }
}

/// `protocol_version`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ProtocolVersion {
    /// `V31`
    V31,
    /// `V311`
    #[default]
    V311,
    /// `V5`
    V5,
}

/// `client_id`
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientId {
    /// Empty: a random one, and a clean session.
    Random,
    /// `FreeSWITCH-Hostname`
    Hostname,
    /// `FreeSWITCH-Switchname`
    Switchname,
    /// `FreeSWITCH-Hostname-Unique`: the name, `-`, and random characters.
    HostnameUnique,
    /// `FreeSWITCH-Switchname-Unique`
    SwitchnameUnique,
    /// Anything else: itself.
    Literal(String),
}

/// A password or a key: shown as `****`, whoever prints it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps it.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one who sends it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("****")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("****")
    }
}

/// `host`: where a broker is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// A name, an address (of IPv6 without brackets), or, beginning with `/`, the path of a unix socket.
    pub name: String,
    /// The port that was written behind it, 1 to 65535.
    pub port: Option<u16>,
}

/// `socks5_host`, `socks5_port`, `socks5_username`, `socks5_password`: a proxy, RFC 1928.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Socks5 {
    /// Its name or address.
    pub host: String,
    /// Its port, 1 to 65535.
    pub port: u16,
    /// What it is told, RFC 1929.
    pub username: Option<String>,
    /// Never without a user name.
    pub password: Option<Secret>,
}

/// `user_property`: a name and a value, MQTT 5 section 3.1.2.11.8. Written `name=value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserProperty {
    /// The name.
    pub name: String,
    /// The value; may be empty.
    pub value: String,
}

/// `<will>`: what the broker publishes when the connection is lost.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Will {
    /// Whether there is one.
    pub enable: bool,
    /// Where it goes.
    pub topic: String,
    /// What it says.
    pub payload: String,
    /// Its QoS.
    pub qos: QoS,
    /// Whether the broker keeps it.
    pub retain: bool,
    /// `birth_topic`, `birth_payload`, `birth_qos`, `birth_retain`: published at each connect.
    pub birth: Option<Announcement>,
    /// `farewell_payload`: published to the will's topic, with its QoS and retain, before a clean disconnect.
    pub farewell: Option<Announcement>,
}

/// A message that says how the connection is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Announcement {
    /// Where it goes.
    pub topic: String,
    /// What it says.
    pub payload: String,
    /// Its QoS.
    pub qos: QoS,
    /// Whether the broker keeps it.
    pub retain: bool,
}
