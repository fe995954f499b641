//! Where a broker is: the addresses of a name, and the servers that a domain's SRV records name.
//!
//! libmosquitto, connecting without blocking, only ever tries the first address of a name: a broker that listens on
//! 127.0.0.1 would never be reached under `localhost` where that is `::1` first. So the connection's thread asks for
//! the addresses at each attempt, and tries one after the other.

mod blocking;
mod dns_message;
mod look_up;
mod srv;

pub use srv::Server;

use dns_message::Record;
use look_up::{LookUp, wait};
use std::ffi::CString;
use std::fmt;
use std::net::IpAddr;
use std::time::{Duration, Instant};

/// How long an answer may be used that came after its asker had given up. Without this a name server that takes longer
/// than an attempt may would never be of use.
const FRESH: Duration = Duration::from_secs(30);

/// What one connection's thread asks about names. Look-ups run on a thread of their own, which owns nothing but the
/// question, since getaddrinfo(3) and res_query(3) cannot be interrupted. There is one such thread at a time at most: as
/// long as a look-up hangs, another question waits for its end.
#[derive(Debug, Default)]
pub struct Resolver {
    addresses: Option<LookUp<Vec<CString>>>,
    records: Option<LookUp<Vec<Record>>>,
}

/// Why a question has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unresolved {
    /// It is not wanted any more.
    Abandoned,
    /// Why, for the operator.
    Failed(String),
}

impl fmt::Display for Unresolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Abandoned => f.write_str("not wanted any more"),
            Self::Failed(why) => f.write_str(why),
        }
    }
}

impl Resolver {
    /// One that has not been asked yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The addresses of a host, each once, in the order that getaddrinfo(3) gives them. An IP address is its own, without
    /// a look-up. Waits until `until` at most; `is_wanted` false ends the wait within 50 ms.
    ///
    /// # Errors
    /// The name does not resolve, or not in time.
    pub fn addresses(
        &mut self,
        host: &str,
        until: Instant,
        is_wanted: &dyn Fn() -> bool,
    ) -> Result<Vec<CString>, Unresolved> {
        if let Some(address) = own_address(host) {
            return Ok(vec![address]);
        }
        let Self { addresses, records } = self;
        ask((addresses, records), host, blocking::addresses, until, is_wanted)
    }

    /// The servers of a service, `_mqtt._tcp` or `_secure-mqtt._tcp`, in a domain, in the order in which RFC 2782 wants
    /// them tried. Waits as [`Resolver::addresses`] does.
    ///
    /// # Errors
    /// There are none, or the name server does not say, or not in time.
    pub fn servers(
        &mut self,
        service: &str,
        domain: &str,
        until: Instant,
        is_wanted: &dyn Fn() -> bool,
    ) -> Result<Vec<Server>, Unresolved> {
        let name = format!("{service}.{}", domain.trim_end_matches('.'));
        let Self { addresses, records } = self;
        let found = ask((records, addresses), &name, blocking::records, until, is_wanted)?;
        let servers = srv::order(found, &mut rand::rng());
        if servers.is_empty() {
            return Err(Unresolved::Failed(format!("SRV record {name} says that there is no such service")));
        }
        Ok(servers)
    }
}

/// An IP address, the numeric interface of a link-local one included.
fn own_address(host: &str) -> Option<CString> {
    let (address, interface) = host.split_once('%').unwrap_or((host, "1"));
    let address: IpAddr = address.parse().ok()?;
    let _number: u32 = interface.parse().ok()?;
    let text = if host.contains('%') { format!("{address}%{interface}") } else { address.to_string() };
    CString::new(text).ok()
}

/// Asks, on a thread of its own, once no look-up hangs any more. One that hangs and asks the same answers for this, too.
fn ask<T: Send + 'static, U>(
    (same_kind, other_kind): (&mut Option<LookUp<T>>, &mut Option<LookUp<U>>),
    name: &str,
    look_up: impl FnOnce(&str) -> Result<T, String> + Send + 'static,
    until: Instant,
    is_wanted: &dyn Fn() -> bool,
) -> Result<T, Unresolved> {
    if !is_wanted() {
        return Err(Unresolved::Abandoned);
    }
    let begin = Instant::now();
    let _not_asked_for = wait(other_kind, until, is_wanted)?;
    if let Some(earlier) = wait(same_kind, until, is_wanted)? {
        let just_now = earlier.at >= begin;
        let fresh = earlier.result.is_ok() && earlier.at.elapsed() < FRESH;
        if earlier.name == name && (just_now || fresh) {
            return earlier.result.map_err(Unresolved::Failed);
        }
    }
    *same_kind = Some(LookUp::start(name, look_up).map_err(Unresolved::Failed)?);
    match wait(same_kind, until, is_wanted)? {
        Some(ended) => ended.result.map_err(Unresolved::Failed),
        None => Err(Unresolved::Failed("the look-up was not started".to_owned())),
    }
}

#[cfg(test)]
mod tests;
