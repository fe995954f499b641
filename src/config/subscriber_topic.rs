//! `<topic>` of a subscriber. What is wrong with a limit never lifts it: at worst the topic is left out.

use super::topics::{connection_of, pattern_usable};
use super::tree::{Node, Param};
use super::values::shown;
use super::{CommandRate, Connection, EventSelector, SubscriberTopic, event_names, mqtt_text};

pub(super) const NAMES: &[&str] = &[
    "enable",
    "connection_name",
    "pattern",
    "qos",
    "originate_authorized",
    "bgapi_authorized",
    "bgapi_allow",
    "bgapi_deny",
    "originate_allow",
    "command_rate",
    "command_max_in_flight",
    "command_max_bytes",
    "command_ignore_retained",
    "events",
    "response_allow",
    "response_errors",
    "json_api_authorized",
    "json_api_allow",
    "sendevent_allow",
];

/// The most bytes that an MQTT packet holds (MQTT 3.1.1, section 2.2.3).
const MOST_BYTES: u32 = 268_435_455;

/// The topic has a limit that cannot be read. It is reported.
struct LeftOut;

/// Reads a topic; `None`: it is left out.
pub(super) fn read(
    name: String,
    node: &Node,
    enable: bool,
    connections: &[Connection],
) -> Option<SubscriberTopic> {
    node.expect(&[]);
    let mut topic = SubscriberTopic { enable, ..SubscriberTopic::new(name) };
    let mut limited = true;
    for param in node.params(NAMES) {
        match param.name {
            "enable" => topic.enable = param.boolean(),
            "connection_name" => topic.connection_name = param.value.to_owned(),
            "pattern" => topic.pattern = param.value.to_owned(),
            "qos" => topic.qos = param.qos(),
            "originate_authorized" => topic.originate_authorized = param.boolean(),
            "bgapi_authorized" => topic.bgapi_authorized = param.boolean(),
            "bgapi_allow" => topic.bgapi_allow.push(allowed(&param)),
            "bgapi_deny" => topic.bgapi_deny.extend(denied(&param)),
            "originate_allow" => topic.originate_allow.push(allowed(&param)),
            "command_rate" => match rate(&param) {
                Ok(rate) => topic.command_rate = rate,
                Err(LeftOut) => limited = false,
            },
            "command_max_in_flight" => match in_flight(&param) {
                Ok(most) => topic.command_max_in_flight = most,
                Err(LeftOut) => limited = false,
            },
            "command_max_bytes" => {
                let bytes = param.number(1..=MOST_BYTES, SubscriberTopic::COMMAND_MAX_BYTES);
                topic.command_max_bytes = bytes as usize;
            }
            "command_ignore_retained" => topic.command_ignore_retained = param.boolean_unless_false(),
            "events" => topic.events = param.optional_boolean(),
            "response_allow" => topic.response_allow.extend(response(&param)),
            "response_errors" => topic.response_errors = param.boolean(),
            "json_api_authorized" => topic.json_api_authorized = param.boolean(),
            "json_api_allow" => topic.json_api_allow.push(allowed(&param)),
            "sendevent_allow" => topic.sendevent_allow.extend(event(&param)),
            _ => {}
        }
    }
    let connected = connection_of(&topic.connection_name, connections, &node.scope).is_some();
    let usable = pattern_usable(&topic.pattern, mqtt_text::check_filter, &node.scope);
    (connected && usable && limited).then_some(topic)
}

/// An empty one counts all the same: a variable that expands to nothing must not allow everything.
fn allowed(param: &Param) -> String {
    let pattern = param.value.trim();
    if pattern.is_empty() {
        param.scope.problem(format!("{} is empty, it allows nothing: name what is allowed", param.name));
    }
    pattern.to_owned()
}

fn denied(param: &Param) -> Option<String> {
    let pattern = param.value.trim();
    if pattern.is_empty() {
        param.scope.problem(format!("{} is empty and ignored: name a command", param.name));
        return None;
    }
    Some(pattern.to_owned())
}

/// An event that may be fired.
fn event(param: &Param) -> Option<EventSelector> {
    let selector = event_names::selector(param.value);
    if let Err(what) = &selector {
        param.scope.problem(format!("sendevent_allow \"{}\" {what}", shown(param.value)));
    }
    selector.ok()
}

/// A topic filter that answers may go to. What cannot be used allows nothing.
fn response(param: &Param) -> Option<String> {
    let filter = param.value.trim();
    let what = match mqtt_text::check_filter(filter) {
        Err(what) => what,
        Ok(()) if filter.starts_with("$share/") => "is for subscriptions alone",
        Ok(()) => return Some(filter.to_owned()),
    };
    param.scope.problem(format!(
        "response_allow \"{}\" {what}, it allows nothing: write a topic filter, answers/#",
        shown(filter)
    ));
    None
}

/// `50`, or `50/100`: with a burst.
fn rate(param: &Param) -> Result<Option<CommandRate>, LeftOut> {
    let text = param.value.trim();
    let (per_second, burst) = match text.split_once('/') {
        Some((per_second, burst)) => (whole(per_second.trim()), whole(burst.trim())),
        None if text.is_empty() => return Ok(None),
        None => (whole(text), whole(text)),
    };
    match (per_second, burst) {
        (Some(0), Some(_)) => Ok(None),
        (Some(per_second), Some(burst)) if burst > 0 => Ok(Some(CommandRate { per_second, burst })),
        _ => Err(left_out(param, "is not commands a second, as in 50, or with a burst, as in 50/100")),
    }
}

fn in_flight(param: &Param) -> Result<u32, LeftOut> {
    match param.value.trim() {
        "" => Ok(0),
        text => whole(text).ok_or_else(|| left_out(param, "is not a number of commands")),
    }
}

fn whole(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

fn left_out(param: &Param, what: &str) -> LeftOut {
    let value = shown(param.value);
    param.scope.problem(format!("{} \"{value}\" {what}, the topic is left out", param.name));
    LeftOut
}
