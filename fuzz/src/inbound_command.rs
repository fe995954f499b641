//! A topic's rules and a message: it runs exactly if [`oracle`] allows it, and as what the oracle reads.

use crate::oracle::{self, What};
use arbitrary::{Arbitrary, Result, Unstructured};
use mod_mosquitto::commands::{Command, Decision, Inbound, Rules, Verdict, decide, decide_any};
use mod_mosquitto::config::{self, EventSelector, SubscriberTopic};

/// A topic and a message to it.
#[derive(Debug)]
pub struct Case {
    /// The topic.
    pub topic: SubscriberTopic,
    /// The bytes of the message.
    pub payload: Vec<u8>,
    /// Whether the broker had kept it.
    pub retained: bool,
}

/// Bits of the first byte. Cleared, each of them lets more run, so that most inputs get to the rules.
const NO_BGAPI: u8 = 1;
const NO_ORIGINATE: u8 = 2;
const RETAINED: u8 = 4;
const TAKE_RETAINED: u8 = 8;
const SHORT: u8 = 16;
const NO_JSON_API: u8 = 32;

/// A byte of flags, a byte for the length, then text: lines that begin with `+` (`bgapi_allow`), `-` (`bgapi_deny`), `@`
/// (`originate_allow`), `%` (`json_api_allow`) or `!` (`sendevent_allow`), and the payload.
impl<'a> Arbitrary<'a> for Case {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let (flags, most) = (u.arbitrary::<u8>()?, u.arbitrary::<u8>()?);
        Self::read(flags, most, u.bytes(u.len())?)
    }

    fn arbitrary_take_rest(mut u: Unstructured<'a>) -> Result<Self> {
        Self::arbitrary(&mut u)
    }
}

impl Case {
    fn read(flags: u8, most: u8, mut text: &[u8]) -> Result<Self> {
        let mut topic = SubscriberTopic {
            bgapi_authorized: flags & NO_BGAPI == 0,
            originate_authorized: flags & NO_ORIGINATE == 0,
            json_api_authorized: flags & NO_JSON_API == 0,
            command_ignore_retained: flags & TAKE_RETAINED == 0,
            ..SubscriberTopic::new("topic")
        };
        if flags & SHORT != 0 {
            topic.command_max_bytes = usize::from(most).max(1);
        }
        while let [mark @ (b'+' | b'-' | b'@' | b'%' | b'!'), rest @ ..] = text {
            let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
            // As they come from the configuration: no blanks around them, and no empty bgapi_deny.
            let pattern = String::from_utf8_lossy(&rest[..end]).trim().to_owned();
            match mark {
                b'+' => topic.bgapi_allow.push(pattern),
                b'-' if pattern.is_empty() => {}
                b'-' => topic.bgapi_deny.push(pattern),
                b'%' => topic.json_api_allow.push(pattern),
                b'!' => topic.sendevent_allow.extend(selector(&pattern)),
                _ => topic.originate_allow.push(pattern),
            }
            text = rest.get(end + 1..).unwrap_or_default();
        }
        Ok(Self { topic, payload: text.to_vec(), retained: flags & RETAINED != 0 })
    }
}

/// An event of the configuration; `None`: there is none of that name.
fn selector(text: &str) -> Option<EventSelector> {
    match text.split_once(' ') {
        Some(("CUSTOM", subclass)) => {
            let subclass = subclass.trim();
            let one = !subclass.is_empty() && !subclass.contains(char::is_whitespace);
            one.then(|| EventSelector::Custom { subclass: Some(subclass.to_owned()) })
        }
        Some(_) => None,
        None if text == "ALL" => Some(EventSelector::All),
        None if text == "CUSTOM" => Some(EventSelector::Custom { subclass: None }),
        None => config::event_names().find(|name| *name == text).map(EventSelector::Named),
    }
}

/// What the module takes a command for.
fn what(command: &Command) -> What {
    if let Some(event) = command.event() {
        let mut headers = event.headers.clone();
        headers.sort();
        let (name, subclass) = (event.name.clone(), event.subclass.clone());
        return What::Event(oracle::Event { name, subclass, headers, body: event.body.clone() });
    }
    let line = command.api_line();
    match line.strip_prefix("json ") {
        Some(json) if command.json_api().is_some() => {
            What::JsonApi(oracle::Json::read(json, oracle::DEEPEST).expect("JSON"))
        }
        _ => What::Line(line),
    }
}

/// Runs the target.
///
/// # Panics
/// The module and the oracle do not agree.
pub fn run(data: &[u8]) {
    let Ok(case) = Case::arbitrary_take_rest(Unstructured::new(data)) else { return };
    let message = Inbound { payload: &case.payload, retained: case.retained };
    let rules = Rules::new(&case.topic);
    let decision = decide(&rules, &message);
    let allowed = match &decision {
        Decision::Allowed(command) => Some(oracle::Allowed {
            job_id: command.job_id().map(ToOwned::to_owned),
            what: what(command),
            reply: command.reply().map(|reply| (reply.topic.clone(), reply.correlation.clone())),
        }),
        Decision::Refused(_) | Decision::NotACommand => None,
    };
    let expected = oracle::judge(&case.topic, &case.payload, case.retained);
    let said = || format!("{:?}\n{case:?}\n{decision:?}", String::from_utf8_lossy(&case.payload));
    assert_eq!(allowed, expected, "{}", said());
    assert_eq!(
        decision == Decision::NotACommand,
        !oracle::is_command(&case.topic, &case.payload),
        "{}",
        said()
    );

    // Together with a topic that allows nothing it is the same, and nothing runs that no limit admits.
    let most = case.topic.command_max_bytes;
    let closed = Rules::new(&SubscriberTopic { command_max_bytes: most, ..SubscriberTopic::new("closed") });
    let open = decide_any([&closed, &rules], &message, |_, _| Ok(()));
    match (&open, &decision) {
        (Verdict::Allowed { command, topic: 1 }, Decision::Allowed(same)) if command == same => {}
        (Verdict::Refused(refusal), Decision::Refused(reason)) if refusal.reasons.contains(reason) => {}
        (Verdict::NotACommand, Decision::NotACommand) => {}
        _ => panic!("{open:?}\n{}", said()),
    }
    if let Verdict::Allowed { command, .. } = open {
        let given = command.bgapi_arguments("id");
        assert_eq!(given, format!("uuid:id {}", command.api_line()));
        assert!(!given.chars().any(char::is_control), "{given:?}");
    }
}
