//! A subscriber's topic at work: its filter, what its commands may do, and what became of them.

use crate::commands::{Limits, Reason, Rules};
use crate::mqtt::{QoS, matches};
use parking_lot::Mutex;
use std::ffi::{CStr, CString};
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;

/// A subscriber's topic at work.
#[derive(Debug)]
pub struct Subscription {
    /// Its place in the configuration, for log lines: `profile "x", subscriber "y", topic "z"`.
    pub place: String,
    /// The topic filter, as it is subscribed.
    pub filter: CString,
    /// The filter that a topic must match: without `$share/<group>/`.
    matcher: CString,
    /// The QoS that is asked for.
    pub qos: QoS,
    rules: Rules,
    limits: Mutex<Limits>,
    counts_jobs: bool,
    grant: Mutex<Grant>,
    allowed: AtomicU64,
    refused: AtomicU64,
}

/// What the broker said to a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant {
    /// Nothing yet.
    None,
    /// It is subscribed with this QoS.
    Granted(i32),
    /// It is refused with this code, 0x80 and above.
    Refused(i32),
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("not subscribed"),
            Self::Granted(qos) => write!(f, "subscribed, QoS {qos}"),
            Self::Refused(code) => write!(f, "refused by the broker ({code:#x})"),
        }
    }
}

impl Subscription {
    /// A topic that is not subscribed yet.
    pub fn new(place: String, filter: CString, qos: QoS, rules: Rules, limits: Limits) -> Self {
        let counts_jobs = limits.in_flight().is_some();
        let matcher = without_share(&filter);
        let (grant, limits) = (Mutex::new(Grant::None), Mutex::new(limits));
        let (allowed, refused) = (AtomicU64::new(0), AtomicU64::new(0));
        Self { place, filter, matcher, qos, rules, limits, counts_jobs, grant, allowed, refused }
    }

    /// Whether the ends of its jobs are to be reported with [`Subscription::job_ended`].
    pub fn counts_jobs(&self) -> bool {
        self.counts_jobs
    }

    /// A job has ended; false: it is none of this topic's.
    pub fn job_ended(&self, id: &str) -> bool {
        self.limits.lock().finished(id)
    }

    /// Whether a message on this topic is one of its.
    pub fn matches(&self, topic: &CStr) -> bool {
        matches(&self.matcher, topic)
    }

    /// What its commands may do.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Takes the room that a command needs, in its limits.
    ///
    /// # Errors
    /// There is none.
    pub fn admit(&self, job_id: &str, now: Instant) -> Result<(), Reason> {
        self.limits.lock().admit(job_id, now)
    }

    /// A command was allowed.
    pub fn count_allowed(&self) {
        self.allowed.fetch_add(1, Relaxed);
    }

    /// A command was refused.
    pub fn count_refused(&self) {
        self.refused.fetch_add(1, Relaxed);
    }

    /// The broker said this.
    pub fn set_grant(&self, grant: Grant) {
        *self.grant.lock() = grant;
    }

    /// What the broker said.
    pub fn grant(&self) -> Grant {
        *self.grant.lock()
    }

    /// Commands that were allowed, and that were refused.
    pub fn counts(&self) -> (u64, u64) {
        (self.allowed.load(Relaxed), self.refused.load(Relaxed))
    }
}

/// `$share/<group>/<filter>`: messages come on topics that match `<filter>` (MQTT 5, section 4.8.2).
fn without_share(filter: &CStr) -> CString {
    let bytes = filter.to_bytes();
    let shared = bytes.strip_prefix(b"$share/").and_then(|rest| rest.splitn(2, |byte| *byte == b'/').nth(1));
    shared.and_then(|rest| CString::new(rest).ok()).unwrap_or_else(|| filter.to_owned())
}
