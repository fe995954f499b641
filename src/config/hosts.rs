//! `host` of a connection: the brokers that it tries, in the file's order.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::problem::Scope;
use super::tree::Param;
use super::values::shown;
use super::{Connection, Host};

/// Bytes of the longest path of a unix socket: `sun_path` without its NUL, unix(7).
const MOST_OF_A_PATH: usize = 107;

/// How a host is written, for messages.
const FORMS: &str = "write name, name:port or [address]:port";

/// The hosts of a connection so far.
#[derive(Clone, Default)]
pub(super) struct Hosts {
    usable: Vec<Host>,
    /// One was there and could not be used.
    left_out: bool,
}

impl Hosts {
    /// Adds one. One that cannot be used is reported and left out; an empty one is not set.
    pub fn add(&mut self, param: &Param) {
        let text = param.value.trim();
        if text.is_empty() {
            return;
        }
        let problem = |what: &str| param.scope.problem(format!("{} \"{}\" {what}", param.name, shown(text)));
        match parse(text) {
            Ok(host) if self.usable.iter().any(|other| same(other, &host)) => {
                problem("is there more than once: it is tried once");
            }
            Ok(host) => self.usable.push(host),
            Err(what) => {
                let way_out = if is_path(text) { "choose a shorter one" } else { FORMS };
                problem(&format!("{what}, it is left out: {way_out}"));
                self.left_out = true;
            }
        }
    }

    /// The hosts that can be used.
    pub fn into_usable(self) -> Vec<Host> {
        self.usable
    }

    /// Why there is no connection if none can be used.
    pub fn missing(&self) -> Option<&'static str> {
        match (self.usable.is_empty(), self.left_out) {
            (false, _) => None,
            (true, false) => Some("host is not set, the connection is not made: set host"),
            (true, true) => Some("host cannot be used, the connection is not made: set another"),
        }
    }
}

/// Checks that the hosts go with the rest of the connection. The answer is why it is not made.
pub(super) fn check(connection: &Connection, scope: &Scope) -> Option<String> {
    let refused = connection.hosts.iter().find_map(|host| {
        let srv = if connection.srv { without_records(host) } else { None };
        let what = match srv {
            Some(what) => format!(
                "srv is true, but host \"{host}\" {what}: the connection is not made: \
                 set host to a domain alone, or srv to false"
            ),
            None if connection.tls.enable && is_path(&host.name) => format!(
                "tls is enabled, but host \"{host}\" is a unix socket, which has no TLS: the connection is not made: \
                 set host to a name, or enable of tls to false"
            ),
            None => return None,
        };
        Some(what)
    });
    if let Some(reason) = &refused {
        scope.problem(reason);
    }
    if connection.socks5.is_some() {
        for host in connection.hosts.iter().filter(|host| is_path(&host.name)) {
            scope.problem(format!(
                "socks5_host does not apply to host \"{host}\", a unix socket: it is connected to without the proxy"
            ));
        }
    }
    refused
}

/// Why no SRV record of DNS can be there for a host.
fn without_records(host: &Host) -> Option<&'static str> {
    if is_path(&host.name) {
        Some("is a unix socket, which DNS does not know")
    } else if is_address(&host.name) {
        Some("is an address, which has no SRV records")
    } else if host.port.is_some() {
        Some("has a port, which is for the SRV record to say")
    } else {
        None
    }
}

/// Reads a name, an address or a path, with the port behind it. The error continues a sentence that begins with the
/// text.
pub(super) fn parse(text: &str) -> Result<Host, &'static str> {
    const NO_HOST: &str = "is neither a name nor an address";
    if is_path(text) {
        if text.len() > MOST_OF_A_PATH {
            return Err("is longer than 107 bytes, the most for the path of a unix socket");
        }
        return Ok(Host { name: text.to_owned(), port: None });
    }
    let (name, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (name, behind) = rest.split_once(']').ok_or(NO_HOST)?;
            if !is_ipv6(name) {
                return Err(NO_HOST);
            }
            match behind.strip_prefix(':') {
                None if behind.is_empty() => (name, None),
                None => return Err(NO_HOST),
                port => (name, port),
            }
        }
        None if is_ipv6(text) => (text, None),
        None => match text.split_once(':') {
            None => (text, None),
            Some((_, port)) if port.contains(':') => return Err(NO_HOST),
            Some((name, port)) => (name, Some(port)),
        },
    };
    let strange = |c: char| c.is_whitespace() || c.is_control() || "/[]".contains(c);
    if name.is_empty() || name.contains(strange) {
        return Err(NO_HOST);
    }
    let port = port.map(|port| read_port(port).ok_or("has a port that is not between 1 and 65535"));
    Ok(Host { name: name.to_owned(), port: port.transpose()? })
}

fn read_port(text: &str) -> Option<u16> {
    // A sign is none of a port.
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|port| digits && *port > 0)
}

fn is_path(name: &str) -> bool {
    name.starts_with('/')
}

fn is_address(name: &str) -> bool {
    is_ipv6(name) || name.parse::<Ipv4Addr>().is_ok()
}

/// An IPv6 address, with or without a zone (RFC 4007, section 11).
fn is_ipv6(text: &str) -> bool {
    let (address, zone) = text.split_once('%').map_or((text, None), |(address, zone)| (address, Some(zone)));
    address.parse::<Ipv6Addr>().is_ok() && zone.is_none_or(|zone| !zone.is_empty())
}

/// Names are the same in any case, paths are not.
fn same(one: &Host, other: &Host) -> bool {
    let names =
        if is_path(&one.name) { one.name == other.name } else { one.name.eq_ignore_ascii_case(&other.name) };
    names && one.port == other.port
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(name: &str, port: Option<u16>) -> Result<Host, &'static str> {
        Ok(Host { name: name.to_owned(), port })
    }

    #[test]
    fn a_host_is_a_name_or_an_address_with_or_without_a_port() {
        assert_eq!(parse("broker.example.com"), host("broker.example.com", None));
        assert_eq!(parse("broker:1884"), host("broker", Some(1884)));
        assert_eq!(parse("192.0.2.1"), host("192.0.2.1", None));
        assert_eq!(parse("192.0.2.1:65535"), host("192.0.2.1", Some(65535)));
        assert_eq!(parse("[::1]:1"), host("::1", Some(1)));
        assert_eq!(parse("[2001:db8::1]"), host("2001:db8::1", None));
        assert_eq!(parse("[fe80::1%eth0]:1883"), host("fe80::1%eth0", Some(1883)));
    }

    #[test]
    fn an_ipv6_address_without_brackets_has_no_port() {
        assert_eq!(parse("::1"), host("::1", None));
        assert_eq!(parse("2001:db8::1:1883"), host("2001:db8::1:1883", None));
        assert_eq!(parse("fe80::1%eth0"), host("fe80::1%eth0", None));
    }

    #[test]
    fn a_path_is_a_unix_socket_whatever_is_in_it() {
        assert_eq!(parse("/run/mosquitto:1883/my socket"), host("/run/mosquitto:1883/my socket", None));
        let longest = format!("/{}", "x".repeat(106));
        assert_eq!(parse(&longest), host(&longest, None));
        let said = Err("is longer than 107 bytes, the most for the path of a unix socket");
        assert_eq!(parse(&format!("{longest}x")), said);
    }

    #[test]
    fn a_port_is_a_number_from_1_to_65535() {
        for text in ["broker:", "broker:0", "broker:65536", "broker:+1", "broker:mqtt", "[::1]:", "[::1]:x"] {
            assert_eq!(parse(text), Err("has a port that is not between 1 and 65535"), "{text}");
        }
    }

    #[test]
    fn what_else_there_is_is_no_host() {
        let others = [
            ":1883",
            "mqtt://broker",
            "mqtt://broker:1883",
            "a:1:2",
            "[broker]:1883",
            "[::1",
            "[::1]1883",
            "::1]",
            "[::1%]",
            "my broker",
            "broker/topic",
            "[192.0.2.1]:1883",
        ];
        for text in others {
            assert!(parse(text).is_err(), "{text}");
        }
        for text in [":1883", "a:1:2", "[broker]:1883", "my broker"] {
            assert_eq!(parse(text), Err("is neither a name nor an address"), "{text}");
        }
    }

    #[test]
    fn a_host_is_shown_as_it_is_written() {
        for text in ["broker", "broker:1884", "[::1]:1883", "::1", "/run/mqtt.sock"] {
            assert_eq!(parse(text).map(|host| host.to_string()).as_deref(), Ok(text));
        }
    }
}
