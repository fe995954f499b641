//! May this message run? Everything that decides it is here; nothing runs unless every line of [`decide`] agrees.
//!
//! 1. The topic says that it takes this kind of command: `bgapi_authorized`, `originate_authorized`,
//!    `json_api_authorized`, a `sendevent_allow`.
//! 2. The message is not a retained one (`command_ignore_retained`) and not too long (`command_max_bytes`).
//! 3. It is a proper command.
//! 4. `bgapi`: the command, and each command that it runs in turn (`bgapi bgapi ...`), is matched by no `bgapi_deny`,
//!    and, if there is a `bgapi_allow`, by one of them.
//! 5. `originate`, and `originate` run by `bgapi`: if there is an `originate_allow`, one matches the call.
//! 6. A command of the JSON API: if there is a `json_api_allow`, one matches its name. What `fsapi` runs is judged as a
//!    `bgapi` of its own, from step 1 on.
//! 7. `sendevent`: a `sendevent_allow` matches the event.
//! 8. The topic's `command_rate` and `command_max_in_flight` have room.
//!
//! What is unclear counts as denied by a `bgapi_deny`, and as not allowed by an `_allow`.

use std::fmt;

use super::command::Detail;
use super::glob::{self, Case};
use super::nesting::{self, Call};
use super::originate_pattern::OriginatePattern;
use super::pattern::{Match, Pattern};
use super::{Command, Kind, Malformed, Reason, inject};
use crate::config::{EventSelector, SubscriberTopic};

/// How long a message may be that no topic has asked for, to be looked into.
const NOBODYS: usize = 16_384;

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
    json_api_authorized: bool,
    json_api_allow: Vec<String>,
    sendevent_allow: Vec<EventSelector>,
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
            json_api_authorized: topic.json_api_authorized,
            json_api_allow: topic.json_api_allow.clone(),
            sendevent_allow: topic.sendevent_allow.clone(),
            max_bytes: topic.command_max_bytes,
            ignore_retained: topic.command_ignore_retained,
        }
    }

    fn take_any(&self) -> bool {
        let lines = self.bgapi_authorized || self.originate_authorized;
        lines || self.json_api_authorized || !self.sendevent_allow.is_empty()
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
    let Some((kind, command)) = read(message, rules.max_bytes) else { return Decision::NotACommand };
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
    /// What it is.
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
    let topics: Vec<&Rules> = topics.into_iter().collect();
    let most = topics.iter().map(|rules| rules.max_bytes).max().unwrap_or(NOBODYS);
    let Some((kind, command)) = read(message, most) else { return Verdict::NotACommand };
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

/// What it is, and the command; no command: the payload is so long that nobody looks into it.
type Read = (Kind, Option<Result<Command, Malformed>>);

/// Reads the command; `None`: it is none.
fn read(message: &Inbound<'_>, most: usize) -> Option<Read> {
    if message.payload.len() <= most {
        return Command::parse(message.payload).map(|(kind, command)| (kind, Some(command)));
    }
    let kind = if message.payload.starts_with(b"{") { Kind::Json } else { Kind::of(message.payload)? };
    Some((kind, None))
}

/// Steps 1 to 7.
fn check<'c>(
    rules: &Rules,
    message: &Inbound<'_>,
    kind: Kind,
    command: &'c Option<Result<Command, Malformed>>,
) -> Result<&'c Command, Reason> {
    let authorised = match kind {
        Kind::Bgapi => rules.bgapi_authorized,
        Kind::Originate => rules.originate_authorized,
        Kind::JsonApi => rules.json_api_authorized,
        Kind::SendEvent => !rules.sendevent_allow.is_empty(),
        Kind::Json => rules.take_any(),
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
    match command.detail() {
        Detail::Line => check_line(rules, kind, command.name(), command.arguments())?,
        Detail::JsonApi(api) => {
            let allows = |pattern: &String| glob::matches(pattern, &api.name, Case::Any);
            if !rules.json_api_allow.is_empty() && !rules.json_api_allow.iter().any(allows) {
                return Err(Reason::JsonApiNotAllowed);
            }
            if let Some((name, arguments)) = &api.runs {
                if !rules.bgapi_authorized {
                    return Err(Reason::NotAuthorised(Kind::Bgapi));
                }
                check_line(rules, Kind::Bgapi, name, arguments)?;
            }
        }
        Detail::Event(event) => {
            if !rules.sendevent_allow.iter().any(|selector| inject::allows(selector, event)) {
                return Err(Reason::EventNotAllowed);
            }
        }
    }
    Ok(command)
}

/// Steps 4 and 5, for a command and those that it runs.
fn check_line(rules: &Rules, kind: Kind, name: &str, arguments: &str) -> Result<(), Reason> {
    for call in nesting::calls(name, arguments)? {
        check_call(rules, kind, &call)?;
    }
    Ok(())
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
