//! The questions themselves. They block for as long as resolv.conf(5) says: never on a connection's thread.

use super::dns_message::{self, Record};
use crate::mqtt::{Error, NoAnswer, query_srv};
use std::ffi::CString;
use std::net::{SocketAddr, ToSocketAddrs};

/// The addresses of a host, each once, in the order that getaddrinfo(3) gives them.
///
/// # Errors
/// The name does not resolve; the text says why.
pub fn addresses(host: &str) -> Result<Vec<CString>, String> {
    let resolved = (host, 0).to_socket_addrs().map_err(|error| {
        let text = error.to_string();
        let text = text.strip_prefix("failed to lookup address information: ").unwrap_or(&text);
        let text = format!("the host name does not resolve: {text}");
        // The C library's words for it, "Temporary failure in name resolution", do not say whose.
        if text == Error::Resolve(libc::EAI_AGAIN).to_string() {
            return format!("the host name does not resolve: {}", NoAnswer::TryAgain);
        }
        text
    })?;
    let mut addresses = Vec::new();
    for address in resolved {
        // An address has no NUL in it.
        let Ok(text) = CString::new(text(&address)) else { continue };
        if !addresses.contains(&text) {
            addresses.push(text);
        }
    }
    Ok(addresses)
}

/// The address alone; a link-local one of IPv6 needs its interface.
fn text(address: &SocketAddr) -> String {
    match address {
        SocketAddr::V6(v6) if v6.scope_id() != 0 => format!("{}%{}", v6.ip(), v6.scope_id()),
        address => address.ip().to_string(),
    }
}

/// The SRV records of a name, at least one.
///
/// # Errors
/// There are none, or the name server does not say; the text says why.
pub fn records(name: &str) -> Result<Vec<Record>, String> {
    let no_record = || format!("no SRV record {name}");
    let failed = |why: &dyn std::fmt::Display| format!("SRV record {name}: {why}");
    let text = CString::new(name).map_err(|_| format!("{name:?} is no domain name"))?;
    let message = query_srv(&text).map_err(|why| match why {
        NoAnswer::NoRecord => no_record(),
        why => failed(&why),
    })?;
    let records = dns_message::srv_records(&message).map_err(|why| failed(&why))?;
    if records.is_empty() { Err(no_record()) } else { Ok(records) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_does_not_resolve_says_so() {
        let error = addresses("broker.invalid").expect_err("a reserved name, RFC 2606");
        assert!(error.starts_with("the host name does not resolve: "), "{error}");
    }

    #[test]
    fn a_link_local_address_keeps_its_interface() {
        let address: SocketAddr = "[fe80::1%2]:1883".parse().expect("an address");
        assert_eq!(text(&address), "fe80::1%2");
    }

    #[test]
    fn a_name_that_no_name_server_can_be_asked_for_is_refused() {
        let long = "x".repeat(64);
        let expected = "the name server refuses the question, or this is no domain name";
        assert_eq!(records(&long), Err(format!("SRV record {long}: {expected}")));
        assert_eq!(records("a\0b"), Err("\"a\\0b\" is no domain name".to_owned()));
    }
}
