//! The thread of one connection: connect, drive, wait, again, until it is told to stop.
//!
//! Resolving the name, connecting and waiting happen here and nowhere else. libmosquitto's own reconnecting is never
//! used: it blocks, and its waits cannot be woken.

use super::backoff::Backoff;
use super::connection::Shared;
use super::reach::Reach;
use super::resolve::Unresolved;
use crate::config::{self, Host};
use crate::mqtt::{Client, Target};
use std::ffi::{CStr, CString};
use std::time::{Duration, Instant};

/// The body of the thread. `bind` is the local address.
pub fn run(shared: &Shared, client: &Client<Shared>, config: &config::Connection, bind: Option<&CString>) {
    let mut backoff = Backoff::new(
        config.reconnect_delay,
        config.reconnect_delay_max,
        config.reconnect_exponential_backoff,
    );
    let bind = bind.map(CString::as_c_str);
    let mut attempt = Attempt { shared, client, config, bind, reach: Reach::new(config) };
    let mut said_last = String::new();
    let lifecycle = &shared.lifecycle;
    while lifecycle.attempt() {
        crate::panics::provoke("thread");
        let (accepted, why) = connect_and_drive(&mut attempt);
        if accepted {
            shared.inbox.announcer.disconnected(if lifecycle.is_wanted() {
                &why
            } else {
                "disconnected from here"
            });
        }
        if accepted || !lifecycle.is_wanted() {
            backoff.reset();
            said_last.clear();
        }
        if !lifecycle.is_wanted() {
            log::info!(target: &shared.target, "{}: disconnected", shared.place);
            continue;
        }
        let delay = backoff.next(rand::random());
        if config.retries > 0 && backoff.failures() > config.retries {
            log::error!(
                target: &shared.target,
                "{}: {why}: given up after {} retries (retries); mosquitto connect tries again",
                shared.place,
                config.retries,
            );
            lifecycle.fail(format!("{why} (given up after {} retries)", config.retries));
            backoff.reset();
            continue;
        }
        // A broker may be down for days: the same reason is a warning once, and debugging afterwards.
        let level = if said_last == why { log::Level::Debug } else { log::Level::Warn };
        log::log!(
            target: &shared.target,
            level,
            "{}: {why}: next attempt in {} s",
            shared.place,
            delay.as_secs_f64().ceil(),
        );
        said_last.clone_from(&why);
        if !lifecycle.wait(delay, why) {
            backoff.reset();
        }
    }
}

/// Tries the hosts in their order, all addresses of each, until a broker has accepted the connection and it has ended.
/// Returns whether one has, and why there is no connection any more.
fn connect_and_drive(attempt: &mut Attempt<'_>) -> (bool, String) {
    let mut failures = Vec::new();
    for host in &attempt.config.hosts {
        let brokers = match attempt.brokers(host) {
            Ok(brokers) => brokers,
            Err(Unresolved::Abandoned) => return (false, String::new()),
            Err(Unresolved::Failed(why)) => {
                failures.push((host.clone(), why));
                continue;
            }
        };
        for broker in brokers {
            match attempt.broker(&broker) {
                Tried::Ended(why) => return (true, why),
                Tried::Unwanted => return (false, String::new()),
                Tried::Failed(why) => failures.push((broker, why)),
            }
        }
    }
    (false, in_words(&failures))
}

/// Why nothing worked: for each broker, if there were several.
fn in_words(failures: &[(Host, String)]) -> String {
    if let [(_, why)] = failures {
        return why.clone();
    }
    let each: Vec<String> = failures.iter().map(|(host, why)| format!("{host}: {why}")).collect();
    each.join("; ")
}

/// How it went with one broker.
enum Tried {
    /// It accepted the connection, which has ended for this reason.
    Ended(String),
    /// There is no connection, for this reason.
    Failed(String),
    /// The connection is not wanted any more.
    Unwanted,
}

/// What an attempt needs.
struct Attempt<'a> {
    shared: &'a Shared,
    client: &'a Client<Shared>,
    config: &'a config::Connection,
    bind: Option<&'a CStr>,
    reach: Reach<'a>,
}

impl Attempt<'_> {
    fn until(&self) -> Instant {
        Instant::now() + Duration::from_secs(self.config.connect_timeout.into())
    }

    fn brokers(&mut self, host: &Host) -> Result<Vec<Host>, Unresolved> {
        let (until, shared) = (self.until(), self.shared);
        self.reach.brokers(host, until, &|| shared.lifecycle.is_wanted())
    }

    /// Tries the addresses of a broker one after the other.
    fn broker(&mut self, broker: &Host) -> Tried {
        let (until, shared) = (self.until(), self.shared);
        let targets = match self.reach.targets(broker, until, &|| shared.lifecycle.is_wanted()) {
            Ok(targets) => targets,
            Err(Unresolved::Abandoned) => return Tried::Unwanted,
            Err(Unresolved::Failed(why)) => return Tried::Failed(why),
        };
        let mut last = Tried::Failed("the host name has no address".to_owned());
        for target in targets {
            last = self.target(&target);
            if !matches!(last, Tried::Failed(_)) {
                break;
            }
        }
        last
    }

    fn target(&self, target: &Target) -> Tried {
        let lifecycle = &self.shared.lifecycle;
        if !lifecycle.is_wanted() || !lifecycle.attempt() {
            return Tried::Unwanted;
        }
        let begun = self.client.connect(target, self.config.keepalive, self.bind);
        let result = begun.and_then(|()| match lifecycle.is_wanted() {
            true => self.client.run(self.until(), &|| lifecycle.is_accepted()),
            false => Ok(()),
        });
        let (accepted, reason) = self.shared.ended();
        let lost = || "the connection was lost".to_owned();
        let reason = self.client.take_reason().or(reason);
        let why = reason.or(result.err().map(|error| error.to_string())).unwrap_or_else(lost);
        if accepted { Tried::Ended(why) } else { Tried::Failed(why) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_brokers_each_has_its_reason() {
        let failure = |name: &str, port, why: &str| (Host { name: name.to_owned(), port }, why.to_owned());
        let one = [failure("a", Some(1883), "Connection refused")];
        assert_eq!(in_words(&one), "Connection refused");
        let two = [failure("::1", Some(1883), "Connection refused"), failure("/run/m", None, "No such file")];
        assert_eq!(in_words(&two), "[::1]:1883: Connection refused; /run/m: No such file");
    }
}
