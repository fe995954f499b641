//! A subscription at work: its topic filter, what the broker said to it, and who its messages are for.

use super::command_topic::CommandTopic;
use crate::mqtt::{Incoming, QoS, matches};
use parking_lot::Mutex;
use std::ffi::{CStr, CString};
use std::fmt;
use std::sync::Arc;

/// A topic filter that is subscribed on a connection.
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
    /// Who its messages are for.
    pub purpose: Purpose,
    /// Whether they become events of FreeSWITCH as well.
    pub events: bool,
    grant: Mutex<Grant>,
}

/// Who the messages of a subscription are for.
#[derive(Debug)]
pub enum Purpose {
    /// They may be commands.
    Commands(Box<CommandTopic>),
    /// Someone in the module listens.
    Listener(Arc<dyn Listener>),
    /// They become events, and nothing else.
    Events,
}

/// Who listens to the messages of a subscription.
pub trait Listener: fmt::Debug + Send + Sync {
    /// A message arrived. Runs on the connection's own thread, inside a callback of libmosquitto: it must not block.
    fn message(&self, message: &Incoming<'_>);
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
    /// A filter that is not subscribed yet.
    pub fn new(place: String, filter: CString, qos: QoS, purpose: Purpose) -> Self {
        let matcher = without_share(&filter);
        let events = matches!(purpose, Purpose::Events);
        Self { place, filter, matcher, qos, purpose, events, grant: Mutex::new(Grant::None) }
    }

    /// Whether a message on this topic is one of its.
    pub fn matches(&self, topic: &CStr) -> bool {
        matches(&self.matcher, topic)
    }

    /// What its commands may do, if its messages may be commands.
    pub fn commands(&self) -> Option<&CommandTopic> {
        match &self.purpose {
            Purpose::Commands(topic) => Some(topic),
            Purpose::Listener(_) | Purpose::Events => None,
        }
    }

    /// Whether this one is for the same kind of taker and for the same filter.
    pub fn is_like(&self, other: &Self) -> bool {
        std::mem::discriminant(&self.purpose) == std::mem::discriminant(&other.purpose)
            && self.filter == other.filter
    }

    /// Whether it is there for someone in the module who listens to exactly this filter.
    pub fn is_for_answers(&self, filter: &str) -> bool {
        matches!(self.purpose, Purpose::Listener(_)) && self.filter.to_bytes() == filter.as_bytes()
    }

    /// The broker said this.
    pub fn set_grant(&self, grant: Grant) {
        *self.grant.lock() = grant;
    }

    /// What the broker said.
    pub fn grant(&self) -> Grant {
        *self.grant.lock()
    }
}

/// `$share/<group>/<filter>`: messages come on topics that match `<filter>` (MQTT 5, section 4.8.2).
fn without_share(filter: &CStr) -> CString {
    let bytes = filter.to_bytes();
    let shared = bytes.strip_prefix(b"$share/").and_then(|rest| rest.splitn(2, |byte| *byte == b'/').nth(1));
    shared.and_then(|rest| CString::new(rest).ok()).unwrap_or_else(|| filter.to_owned())
}
