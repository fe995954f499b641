//! `<connections>` and each `<connection>` in it.

use std::mem::take;

use super::hosts::{self, Hosts};
use super::tree::{Node, Param};
use super::{
    ClientId, Connection, EnableDefaults, ProtocolVersion, Secret, mqtt_text, mqtt5, problem::Scope, socks5,
    tls, tls_check, will,
};

pub(super) const NAMES: &[&str] = &[
    "enable",
    "protocol_version",
    "host",
    "port",
    "connect_timeout",
    "bind_address",
    "srv",
    "keepalive",
    "username",
    "password",
    "password_file",
    "client_id",
    "clean_session",
    "retries",
    "reconnect_delay",
    "reconnect_delay_max",
    "reconnect_exponential_backoff",
    "receive_maximum",
    "send_maximum",
    "session_expiry",
    "user_property",
    "circuit_breaker_ms",
    "socks5_host",
    "socks5_port",
    "socks5_username",
    "socks5_password",
    "max_inflight_messages",
    "message_retry",
];

/// What a connection says so far. Whether its parts fit together is checked once, at the end.
#[derive(Clone)]
struct Draft {
    connection: Connection,
    hosts: Hosts,
    socks5: socks5::Draft,
    /// `None`: nobody said.
    clean_session: Option<bool>,
}

/// Reads the connections of a profile. Parameters directly in `<connections>` are the defaults of each.
pub(super) fn read_all(profile: &Node, enable: EnableDefaults) -> Vec<Connection> {
    let connection = Connection { enable: enable.connections, ..Connection::new("") };
    let hosts = Hosts::default();
    let mut defaults = Draft { connection, hosts, socks5: socks5::Draft::default(), clean_session: None };
    for list in profile.children("connections") {
        for param in list.params(NAMES) {
            defaults.set(&param);
        }
    }
    let found = profile.named("connections", "connection");
    found.into_iter().map(|(name, node)| read(name, &node, defaults.clone())).collect()
}

fn read(name: String, node: &Node, mut draft: Draft) -> Connection {
    node.expect(&["tls", "will"]);
    draft.connection.name = name;
    let own = node.params(NAMES);
    draft.forget_defaults(&own);
    for param in &own {
        draft.set(param);
    }
    draft.connection.tls = tls::read(node);
    draft.connection.will = will::read(node);
    draft.finish(&node.scope)
}

impl Draft {
    /// A connection's own hosts, user properties and password are instead of those of the `<connections>`, not beside
    /// them.
    fn forget_defaults(&mut self, own: &[Param]) {
        let sets = |name| own.iter().any(|param| param.name == name && !param.value.trim().is_empty());
        if sets("host") {
            self.hosts = Hosts::default();
        }
        if own.iter().any(|param| param.name == "user_property") {
            self.connection.user_properties.clear();
        }
        if sets("password") || sets("password_file") {
            self.connection.password = None;
            self.connection.password_file = None;
        }
    }

    fn set(&mut self, param: &Param) {
        let connection = &mut self.connection;
        match param.name {
            "enable" => connection.enable = param.boolean(),
            "protocol_version" => {
                let now = connection.protocol_version;
                let version =
                    param.word(ProtocolVersion::from_word, "one of V31, V311, V5", &format!("using {now}"));
                connection.protocol_version = version.unwrap_or(now);
            }
            "host" => self.hosts.add(param),
            "port" => connection.port = param.number(1..=u16::MAX, connection.port),
            "connect_timeout" => {
                connection.connect_timeout = param.number(1..=3600, connection.connect_timeout);
            }
            "bind_address" => connection.bind_address = param.text(),
            "srv" => connection.srv = param.boolean(),
            "keepalive" => connection.keepalive = keepalive(param, connection.keepalive),
            "username" => connection.username = param.text(),
            "password" => connection.password = param.text().map(Secret::new),
            "password_file" => connection.password_file = param.text(),
            "client_id" => connection.client_id = ClientId::from_text(param.value),
            "clean_session" if param.value.is_empty() => self.clean_session = None,
            "clean_session" => self.clean_session = Some(param.boolean()),
            "retries" => connection.retries = param.number(0..=u32::MAX, connection.retries),
            "reconnect_delay" => {
                connection.reconnect_delay = param.number(1..=u32::MAX, connection.reconnect_delay);
            }
            "reconnect_delay_max" => {
                connection.reconnect_delay_max = param.number(0..=u32::MAX, connection.reconnect_delay_max);
            }
            "reconnect_exponential_backoff" => connection.reconnect_exponential_backoff = param.boolean(),
            "receive_maximum" => connection.receive_maximum = param.optional_number(1..=u16::MAX),
            "send_maximum" => connection.send_maximum = param.optional_number(1..=u16::MAX),
            "session_expiry" => connection.session_expiry = param.optional_number(0..=u32::MAX),
            "user_property" => connection.user_properties.extend(mqtt5::user_property(param)),
            "circuit_breaker_ms" => {
                connection.circuit_breaker_ms = param.number(0..=3_600_000, connection.circuit_breaker_ms);
            }
            "max_inflight_messages" => {
                connection.max_inflight_messages =
                    param.number(0..=u16::MAX, connection.max_inflight_messages);
            }
            "message_retry" => {
                connection.message_retry = param.number(0..=u32::MAX, connection.message_retry)
            }
            _ => self.socks5.set(param),
        }
    }

    fn finish(mut self, scope: &Scope) -> Connection {
        self.check_credentials(scope);
        self.check_client_id(scope);
        self.check_version(scope);
        let mut reasons = Vec::new();
        if let Some(reason) = self.hosts.missing() {
            scope.problem(reason);
            reasons.push(reason.to_owned());
        }
        self.connection.hosts = self.hosts.into_usable();
        match self.socks5.finish(scope) {
            Ok(socks5) => self.connection.socks5 = socks5,
            Err(reason) => reasons.push(reason),
        }
        reasons.extend(hosts::check(&self.connection, scope));
        reasons.extend(tls_check::check(&mut self.connection.tls, &scope.inside("tls")));
        self.connection.refused = reasons.into_iter().next();
        self.connection
    }

    fn check_credentials(&mut self, scope: &Scope) {
        let connection = &mut self.connection;
        if let Some(Err(what)) = connection.username.as_deref().map(mqtt_text::check) {
            scope.problem(format!("username {what}, it is ignored: choose another"));
            connection.username = None;
        }
        if connection.password.as_ref().is_some_and(|password| password.expose().len() > mqtt_text::MOST) {
            scope.problem("password is longer than 65535 bytes, it is ignored: choose another");
            connection.password = None;
        }
        if connection.password.is_some() && connection.password_file.is_some() {
            scope.problem("password and password_file are both set, the file counts: set one of them");
            connection.password = None;
        }
        if connection.username.is_some() {
            return;
        }
        let without = |name: &str| {
            scope.problem(format!(
                "{name} without a username, which MQTT does not allow, is ignored: set username"
            ));
        };
        if connection.password.take().is_some() {
            without("password");
        }
        if connection.password_file.take().is_some() {
            without("password_file");
        }
    }

    /// Nothing of MQTT 5 is left for a connection of an earlier version.
    fn check_version(&mut self, scope: &Scope) {
        let connection = &mut self.connection;
        let version = connection.protocol_version;
        if version == ProtocolVersion::V5 {
            return;
        }
        for (name, set) in [
            ("receive_maximum", connection.receive_maximum.take().is_some()),
            ("session_expiry", connection.session_expiry.take().is_some()),
            ("user_property", !take(&mut connection.user_properties).is_empty()),
        ] {
            if set {
                scope.problem(format!(
                    "{name} has no effect with protocol_version {version}: set protocol_version to V5"
                ));
            }
        }
    }

    fn check_client_id(&mut self, scope: &Scope) {
        let connection = &mut self.connection;
        if let Err(what) = mqtt_text::check(connection.client_id.as_str()) {
            scope.problem(format!("client_id {what}, a random one is used: choose another"));
            connection.client_id = ClientId::Random;
        }
        connection.clean_session = self.clean_session.unwrap_or(false);
        if connection.client_id == ClientId::Random {
            if self.clean_session == Some(false) {
                scope.problem("clean_session \"false\" needs a client_id, using true: set client_id");
            }
            connection.clean_session = true;
        }
    }
}

/// Brokers are not asked less than every five seconds: libmosquitto refuses 1 to 4.
fn keepalive(param: &Param, now: u16) -> u16 {
    match param.number(0..=u16::MAX, now) {
        seconds @ 1..=4 => {
            param.scope.problem(format!("keepalive \"{seconds}\" is neither 0 nor 5 to 65535: using 5"));
            5
        }
        seconds => seconds,
    }
}
