//! `<topic>` of a publisher: which events go where, and what goes with them.

use super::problem::Scope;
use super::topics::{connection_of, pattern_usable};
use super::tree::{Node, Param};
use super::values::shown;
use super::{Connection, EventSelector, ProtocolVersion, PublisherTopic, event_names, mqtt_text, mqtt5};
use crate::header_names::HeaderNames;
use crate::shaping::{Condition, Template};

pub(super) const NAMES: &[&str] = &[
    "enable",
    "connection_name",
    "event",
    "filter",
    "filter_any",
    "pattern",
    "qos",
    "retain",
    "message_expiry",
    "content_type",
    "payload_format",
    "user_property",
];

/// What is not sent, as the configuration says it.
const NOT_SENT: &str = "none";

/// Reads a topic; `None`: it is left out.
pub(super) fn read(
    name: String,
    node: &Node,
    enable: bool,
    connections: &[Connection],
) -> Option<PublisherTopic> {
    node.expect(&[]);
    let mut topic = PublisherTopic { enable, ..PublisherTopic::new(name) };
    let mut names = Vec::new();
    // A topic never publishes more than its file asks for: a condition that cannot be read leaves it out.
    let mut readable = true;
    // Those of MQTT 5 that somebody has set.
    let mut set = Vec::new();
    for param in node.params(NAMES) {
        match param.name {
            "enable" => topic.enable = param.boolean(),
            "connection_name" => topic.connection_name = param.value.to_owned(),
            "event" => names.push(param.value),
            "filter" => readable &= condition(&param, &mut topic.filter),
            "filter_any" => readable &= condition(&param, &mut topic.filter_any),
            "pattern" => topic.pattern = param.value.to_owned(),
            "qos" => topic.qos = param.qos(),
            "retain" => topic.retain = param.boolean(),
            "message_expiry" => topic.message_expiry = param.optional_number(1..=u32::MAX),
            "content_type" => topic.content_type = content_type(&param, topic.content_type),
            "payload_format" => topic.payload_format = payload_format(&param),
            "user_property" => topic.user_properties.extend(mqtt5::user_property(&param)),
            _ => {}
        }
        let value = param.value.trim();
        let of_mqtt5 = ["content_type", "payload_format", "user_property"].contains(&param.name);
        let asks = of_mqtt5 && !value.is_empty() && !value.eq_ignore_ascii_case(NOT_SENT);
        if asks && !set.contains(&param.name) {
            set.push(param.name);
        }
    }
    topic.events = events(&names, &node.scope);
    let connection = connection_of(&topic.connection_name, connections, &node.scope);
    let usable = published_to(&topic.pattern, &node.scope);
    if let Some(connection) = connection.filter(|is| is.protocol_version != ProtocolVersion::V5) {
        without_mqtt5(&mut topic, connection, &set, &node.scope);
    }
    if topic.events.is_empty() {
        node.scope.problem("names no event, the topic is left out: set event");
        return None;
    }
    (connection.is_some() && usable && readable).then_some(topic)
}

/// Whether a topic can be made of the pattern, a topic or a template of topics; reported if not.
fn published_to(pattern: &str, scope: &Scope) -> bool {
    if !Template::is_one(pattern) {
        return pattern_usable(pattern, mqtt_text::check_topic, scope);
    }
    // What is left of the pattern's own text is in every topic; values bring no separators.
    if !pattern_usable(pattern, mqtt_text::check_levels, scope) {
        return false;
    }
    let template = Template::parse_topic(pattern, &mut HeaderNames::default());
    template
        .map_err(|error| {
            scope.problem(format!("pattern \"{}\" {error}, the topic is left out", shown(pattern)))
        })
        .is_ok()
}

/// Adds a condition; false: it cannot be read, which is reported.
fn condition(param: &Param, conditions: &mut Vec<Condition>) -> bool {
    match Condition::parse(param.value) {
        Ok(condition) => conditions.push(condition),
        Err(what) => {
            let text = format!("{} \"{}\" {what}, the topic is left out", param.name, shown(param.value));
            param.scope.problem(text);
            return false;
        }
    }
    true
}

/// Nothing of MQTT 5 is left for a connection of an earlier version.
fn without_mqtt5(topic: &mut PublisherTopic, connection: &Connection, set: &[&str], scope: &Scope) {
    for name in set {
        scope.problem(format!(
            "{name} has no effect, connection \"{}\" has protocol_version {}: set its protocol_version to V5",
            connection.name, connection.protocol_version
        ));
    }
    topic.content_type = None;
    topic.payload_format = false;
    topic.user_properties.clear();
}

/// The MIME type; `None`: none is sent.
fn content_type(param: &Param, now: Option<String>) -> Option<String> {
    let text = param.value.trim();
    if text.is_empty() {
        return now;
    }
    if text.eq_ignore_ascii_case(NOT_SENT) {
        return None;
    }
    match mqtt_text::check(text) {
        Ok(()) => Some(text.to_owned()),
        Err(what) => {
            let instead = now.as_deref().unwrap_or(NOT_SENT);
            param.scope.problem(format!("content_type \"{}\" {what}: using {instead}", shown(text)));
            now
        }
    }
}

/// Whether the broker is told that the payload is UTF-8.
fn payload_format(param: &Param) -> bool {
    let known = |word: &str| match word.to_ascii_lowercase().as_str() {
        "utf-8" => Some(true),
        NOT_SENT => Some(false),
        _ => None,
    };
    param.word(known, "utf-8 or none", "using utf-8").unwrap_or(true)
}

/// The events of a topic, each once.
fn events(names: &[&str], scope: &Scope) -> Vec<EventSelector> {
    let mut events = Vec::new();
    let mut repeated = Vec::new();
    for name in names {
        match event_names::selector(name) {
            Ok(event) if !events.contains(&event) => events.push(event),
            Ok(event) => {
                if !repeated.contains(&event) {
                    scope.problem(format!("event \"{event}\" is there more than once: it is published once"));
                    repeated.push(event);
                }
            }
            Err(what) => scope.problem(format!("event \"{}\" {what}", shown(name))),
        }
    }
    events
}
