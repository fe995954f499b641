//! `<topic>` of a publisher: which events go where, and what goes with them.

use super::problem::Scope;
use super::topics::{connection_of, pattern_usable};
use super::tree::{Node, Param};
use super::values::shown;
use super::{
    Connection, ConnectionMode, EventSelector, PayloadForm, ProtocolVersion, PublisherTopic, event_names,
    mqtt_text, mqtt5,
};
use crate::header_names::HeaderNames;
use crate::shaping::{Condition, Rate, Template};

pub(super) const NAMES: &[&str] = &[
    "enable",
    "connection_name",
    "connection_mode",
    "event",
    "exclude_event",
    "filter",
    "filter_any",
    "pattern",
    "qos",
    "retain",
    "message_expiry",
    "payload",
    "headers",
    "headers_exclude",
    "throttle",
    "throttle_key",
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
    let mut excluded = Vec::new();
    let mut connection_names = Vec::new();
    let params = node.params_of_publisher(NAMES);
    // Other defaults follow from it, wherever it stands.
    if let Some(param) = params.iter().find(|param| param.name == "payload") {
        let known = param.word(PayloadForm::from_word, "json, json-typed, plain or body", "using json");
        topic.payload = known.unwrap_or_default();
        topic.content_type = Some(topic.payload.content_type().to_owned());
        topic.payload_format = topic.payload.is_utf8();
    }
    for param in params {
        match param.name {
            "enable" => topic.enable = param.boolean(),
            "connection_name" => connection_names.push(param.value),
            "connection_mode" => {
                let known = param.word(ConnectionMode::from_word, "all or first", "using all");
                topic.connection_mode = known.unwrap_or_default();
            }
            "throttle" => match throttle(&param) {
                Ok(rate) => topic.throttle = rate,
                Err(Unreadable) => readable = false,
            },
            "throttle_key" => match throttle_key(&param) {
                Ok(key) => topic.throttle_key = key,
                Err(Unreadable) => readable = false,
            },
            "exclude_event" => excluded.push(param.value),
            "headers" => topic.headers.only.push(header(&param)),
            "headers_exclude" => topic.headers.except.push(header(&param)),
            "event" => names.push(param.value),
            "filter" => readable &= condition(&param, &mut topic.filter),
            "filter_any" => readable &= condition(&param, &mut topic.filter_any),
            "pattern" => topic.pattern = param.value.to_owned(),
            "qos" => topic.qos = param.qos(),
            "retain" => topic.retain = param.boolean(),
            "message_expiry" => topic.message_expiry = param.optional_number(1..=u32::MAX),
            "content_type" => topic.content_type = content_type(&param, topic.content_type),
            "payload_format" => topic.payload_format = payload_format(&param, topic.payload_format),
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
    topic.events = events("event", "it is published once", &names, &node.scope);
    topic.exclude_events = events("exclude_event", "once is enough", &excluded, &node.scope);
    check_headers(&topic, &node.scope);
    let connections = connections_of(&connection_names, connections, &node.scope);
    topic.connection_names = connections.iter().map(|connection| connection.name.clone()).collect();
    check_throttle(&topic, &node.scope);
    let usable = published_to(&topic.pattern, &node.scope);
    let is_v5 = |connection: &&Connection| connection.protocol_version == ProtocolVersion::V5;
    if let (Some(connection), false) = (connections.first(), connections.iter().any(is_v5)) {
        without_mqtt5(&mut topic, connection, &set, &node.scope);
    }
    if topic.events.is_empty() {
        node.scope.problem("names no event, the topic is left out: set event");
        return None;
    }
    let is_excluded = |event: &EventSelector| topic.exclude_events.iter().any(|other| other.has(event));
    if topic.events.iter().all(is_excluded) {
        node.scope.problem("excludes every event that it names, the topic is left out: set event");
        return None;
    }
    (!connections.is_empty() && usable && readable).then_some(topic)
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

/// A topic's connections, each once; those that are not there are reported.
fn connections_of<'a>(names: &[&str], connections: &'a [Connection], scope: &Scope) -> Vec<&'a Connection> {
    if let [] | [_] = names {
        let name = names.first().copied().unwrap_or_default();
        return connection_of(name, connections, scope).into_iter().collect();
    }
    let mut found: Vec<&Connection> = Vec::new();
    for name in names {
        let shown = shown(name);
        match connections.iter().find(|connection| connection.name == *name) {
            Some(one) if found.iter().any(|other| other.name == one.name) => scope
                .problem(format!("connection_name \"{shown}\" is there more than once: it is used once")),
            Some(one) => found.push(one),
            None => scope.problem(format!(
                "connection_name \"{shown}\" is not a connection of this profile and ignored: add that connection \
                 or name another"
            )),
        }
    }
    if found.is_empty() {
        scope.problem("has no connection, the topic is left out: set connection_name");
    }
    found
}

/// The parameter cannot be read, which is reported.
struct Unreadable;

fn throttle(param: &Param) -> Result<Option<Rate>, Unreadable> {
    Rate::parse(param.value).ok_or_else(|| {
        param.scope.problem(format!(
            "throttle \"{}\" is not messages a second or a unit, as in 10 or 1/min, perhaps with a burst, as in 10/20 \
             or 1/min/5, the topic is left out",
            shown(param.value)
        ));
        Unreadable
    })
}

fn throttle_key(param: &Param) -> Result<Option<String>, Unreadable> {
    let key = Template::parse(param.value, &mut HeaderNames::default());
    key.map(|_| param.text()).map_err(|error| {
        let text = format!("throttle_key \"{}\" {error}, the topic is left out", shown(param.value));
        param.scope.problem(text);
        Unreadable
    })
}

fn check_throttle(topic: &PublisherTopic, scope: &Scope) {
    match (&topic.throttle, &topic.throttle_key) {
        (None, Some(_)) => scope.problem("throttle_key has no effect without a throttle: set throttle"),
        (Some(_), Some(key)) if !Template::is_one(key) => {
            let key = shown(key);
            scope.problem(format!(
                "throttle_key \"{key}\" is the same for every event: name a header, as in ${{Unique-ID}}"
            ));
        }
        _ => {}
    }
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
fn payload_format(param: &Param, now: bool) -> bool {
    let known = |word: &str| match word.to_ascii_lowercase().as_str() {
        "utf-8" => Some(true),
        NOT_SENT => Some(false),
        _ => None,
    };
    let using = if now { "using utf-8" } else { "using none" };
    param.word(known, "utf-8 or none", using).unwrap_or(now)
}

/// The pattern of a header's name. An empty one of `headers` counts all the same: a variable that expands to nothing must
/// not send everything.
fn header(param: &Param) -> String {
    let pattern = param.value.trim();
    if pattern.is_empty() {
        let meaning = if param.name == "headers" { "it means no header" } else { "it excludes nothing" };
        param.scope.problem(format!("{} is empty, {meaning}: name headers", param.name));
    } else if pattern.contains(|c: char| c == ',' || c.is_whitespace()) {
        param.scope.problem(format!(
            "{} \"{}\" is one name with a comma or a blank in it: give each name a parameter of its own",
            param.name,
            shown(pattern),
        ));
    }
    pattern.to_owned()
}

fn check_headers(topic: &PublisherTopic, scope: &Scope) {
    if topic.payload == PayloadForm::Body && !topic.headers.is_all() {
        scope
            .problem("headers and headers_exclude have no effect with payload \"body\": set another payload");
    }
}

/// The events that are named by a parameter, each once.
fn events(param: &str, repeated_is: &str, names: &[&str], scope: &Scope) -> Vec<EventSelector> {
    let mut events = Vec::new();
    let mut repeated = Vec::new();
    for name in names {
        match event_names::selector(name) {
            Ok(event) if !events.contains(&event) => events.push(event),
            Ok(event) => {
                if !repeated.contains(&event) {
                    scope.problem(format!("{param} \"{event}\" is there more than once: {repeated_is}"));
                    repeated.push(event);
                }
            }
            Err(what) => scope.problem(format!("{param} \"{}\" {what}", shown(name))),
        }
    }
    events
}
