//! May this message run? Everything that decides it is here; nothing runs unless every line of [`decide`] agrees.
//!
//! 1. The topic says that it takes this kind of command: `bgapi_authorized`, `originate_authorized`.
//! 2. The message is not a retained one (`command_ignore_retained`) and not too long (`command_max_bytes`).
//! 3. It is a proper command.
//! 4. `bgapi`: the command, and each command that it runs in turn (`bgapi bgapi ...`), is matched by no `bgapi_deny`,
//!    and, if there is a `bgapi_allow`, by one of them.
//! 5. `originate`, and `originate` run by `bgapi`: if there is an `originate_allow`, one matches the call.
//! 6. The topic's `command_rate` and `command_max_in_flight` have room.
//!
//! What is unclear counts as denied by a `bgapi_deny`, and as not allowed by an `_allow`.

use std::fmt;

use super::glob::Case;
use super::nesting::{self, Call};
use super::originate_pattern::OriginatePattern;
use super::pattern::{Match, Pattern};
use super::{Command, Kind, Malformed, Reason};
use crate::config::SubscriberTopic;

/// A message as it came in.
#[derive(Debug, Clone, Copy)]
pub struct Inbound<'a> {
    /// The bytes.
    pub payload: &'a [u8],
    /// Whether the broker had kept it.
    pub retained: bool,
}

/// What one topic allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    bgapi_authorized: bool,
    originate_authorized: bool,
    bgapi_allow: Vec<Pattern>,
    bgapi_deny: Vec<Pattern>,
    originate_allow: Vec<OriginatePattern>,
    max_bytes: usize,
    ignore_retained: bool,
}

impl Rules {
    /// The rules of a configured topic.
    pub fn new(topic: &SubscriberTopic) -> Self {
        let patterns = |list: &[String]| list.iter().map(|text| Pattern::new(text)).collect();
        let calls = topic.originate_allow.iter().map(|text| OriginatePattern::new(text));
        Self {
            bgapi_authorized: topic.bgapi_authorized,
            originate_authorized: topic.originate_authorized,
            bgapi_allow: patterns(&topic.bgapi_allow),
            bgapi_deny: patterns(&topic.bgapi_deny),
            originate_allow: calls.collect(),
            max_bytes: topic.command_max_bytes,
            ignore_retained: topic.command_ignore_retained,
        }
    }
}

/// What one topic says to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It is no command: nothing happens.
    NotACommand,
    /// It must not run.
    Refused(Reason),
    /// It may run.
    Allowed(Command),
}

/// Decides for one topic, its limits apart.
pub fn decide(rules: &Rules, message: &Inbound<'_>) -> Decision {
    let Some(kind) = Kind::of(message.payload) else { return Decision::NotACommand };
    let command = read(message, rules.max_bytes);
    match check(rules, message, kind, &command) {
        Ok(command) => Decision::Allowed(command.clone()),
        Err(reason) => Decision::Refused(reason),
    }
}

/// What all topics together that a message came by say to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is no command: nothing happens.
    NotACommand,
    /// It must not run.
    Refused(Refusal),
    /// It is to run, once.
    Allowed {
        /// What.
        command: Command,
        /// The number of the topic that allows it, from 0, among those that were asked.
        topic: usize,
    },
}

/// A command that must not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Its first word.
    pub kind: Kind,
    /// The command, for the log, if it is a proper one.
    pub command: Option<Command>,
    /// What the topics said, in their order, each thing once. Empty: there was no topic.
    pub reasons: Vec<Reason>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.reasons.is_empty() {
            return f.write_str("no topic takes it");
        }
        let reasons: Vec<_> = self.reasons.iter().map(ToString::to_string).collect();
        f.write_str(&reasons.join("; "))
    }
}

/// Decides for all topics whose filter matches a message: it runs if one of them allows it, and only once.
///
/// `admit` asks the limits of a topic, by its number, and is asked only about what that topic allows; what it admits
/// is to run.
pub fn decide_any<'r>(
    topics: impl IntoIterator<Item = &'r Rules>,
    message: &Inbound<'_>,
    mut admit: impl FnMut(usize, &Command) -> Result<(), Reason>,
) -> Verdict {
    let Some(kind) = Kind::of(message.payload) else { return Verdict::NotACommand };
    let topics: Vec<&Rules> = topics.into_iter().collect();
    let most = topics.iter().map(|rules| rules.max_bytes).max().unwrap_or(0);
    let command = read(message, most);
    let mut reasons = Vec::new();
    for (topic, rules) in topics.into_iter().enumerate() {
        let admitted =
            check(rules, message, kind, &command).and_then(|command| admit(topic, command).map(|()| command));
        match admitted {
            Ok(command) => return Verdict::Allowed { command: command.clone(), topic },
            Err(reason) if reasons.contains(&reason) => {}
            Err(reason) => reasons.push(reason),
        }
    }
    Verdict::Refused(Refusal { kind, command: command.and_then(Result::ok), reasons })
}

/// Reads the command; `None`: the payload is so long that nobody looks into it.
fn read(message: &Inbound<'_>, most: usize) -> Option<Result<Command, Malformed>> {
    if message.payload.len() > most { None } else { Command::parse(message.payload) }
}

/// Steps 1 to 5.
fn check<'c>(
    rules: &Rules,
    message: &Inbound<'_>,
    kind: Kind,
    command: &'c Option<Result<Command, Malformed>>,
) -> Result<&'c Command, Reason> {
    let authorised = match kind {
        Kind::Bgapi => rules.bgapi_authorized,
        Kind::Originate => rules.originate_authorized,
    };
    if !authorised {
        return Err(Reason::NotAuthorised(kind));
    }
    if message.retained && rules.ignore_retained {
        return Err(Reason::Retained);
    }
    let too_long = Reason::TooLong { bytes: message.payload.len(), most: rules.max_bytes };
    let Some(command) = command else { return Err(too_long) };
    if message.payload.len() > rules.max_bytes {
        return Err(too_long);
    }
    let command = command.as_ref().map_err(|malformed| Reason::from(*malformed))?;
    for call in nesting::calls(command.name(), command.arguments())? {
        check_call(rules, kind, &call)?;
    }
    Ok(command)
}

/// Steps 4 and 5, for one of the calls that a command makes.
fn check_call(rules: &Rules, kind: Kind, call: &Call<'_>) -> Result<(), Reason> {
    if kind == Kind::Bgapi {
        let denies = |pattern: &&Pattern| pattern.matches(call, Case::Any) != Match::No;
        if let Some(pattern) = rules.bgapi_deny.iter().find(denies) {
            return Err(Reason::Denied(pattern.as_str().to_owned()));
        }
        let allows = |pattern: &Pattern| pattern.matches(call, Case::Exact) == Match::Yes;
        if !rules.bgapi_allow.is_empty() && !rules.bgapi_allow.iter().any(allows) {
            return Err(Reason::NotAllowed);
        }
    }
    if let Some(originate) = &call.originate {
        let allows = |pattern: &OriginatePattern| pattern.allows(originate);
        if !rules.originate_allow.is_empty() && !rules.originate_allow.iter().any(allows) {
            return Err(Reason::CallNotAllowed);
        }
    }
    Ok(())
}
