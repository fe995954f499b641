//! `<will>` of a connection: what is published when it is lost, and what when it is made and ended.

use super::problem::Scope;
use super::tree::Node;
use super::values::shown;
use super::{Announcement, QoS, Will, mqtt_text};

pub(super) const NAMES: &[&str] = &[
    "enable",
    "topic",
    "payload",
    "qos",
    "retain",
    "birth_topic",
    "birth_payload",
    "birth_qos",
    "birth_retain",
    "farewell_payload",
];

/// What is said about the messages beside the will. `None`: nothing.
#[derive(Default)]
struct Draft {
    birth_topic: Option<String>,
    birth_payload: Option<String>,
    birth_qos: Option<QoS>,
    birth_retain: Option<bool>,
    farewell_payload: Option<String>,
}

/// Reads the will of a connection. One that cannot be used is not enabled. The messages beside it are there if they
/// are to be published: if the file enables the will, whether or not the will itself can be used.
pub(super) fn read(connection: &Node) -> Will {
    let mut will = Will::default();
    let mut draft = Draft::default();
    for node in connection.children("will") {
        node.expect(&[]);
        for param in node.params(NAMES) {
            let set = !param.value.trim().is_empty();
            match param.name {
                "enable" => will.enable = param.boolean(),
                "topic" => will.topic = param.value.to_owned(),
                "payload" => will.payload = param.value.to_owned(),
                "qos" => will.qos = param.qos(),
                "retain" => will.retain = param.boolean(),
                "birth_topic" => draft.birth_topic = param.text(),
                "birth_payload" => draft.birth_payload = param.text(),
                "birth_qos" => draft.birth_qos = set.then(|| param.qos()),
                "birth_retain" => draft.birth_retain = set.then(|| param.boolean()),
                "farewell_payload" => draft.farewell_payload = param.text(),
                _ => {}
            }
        }
    }
    if will.enable {
        let scope = connection.scope.inside("will");
        will.enable = usable("the will", ("topic", &will.topic), ("payload", &will.payload), &scope);
        draft.announce(&mut will, &scope);
    }
    will
}

impl Draft {
    /// Makes messages of it. One that cannot be used is reported and left out, and only that one.
    fn announce(self, will: &mut Will, scope: &Scope) {
        if self.birth_topic.is_some() || self.birth_payload.is_some() {
            let from =
                if self.birth_topic.is_none() && !will.topic.is_empty() { "topic" } else { "birth_topic" };
            let birth = Announcement {
                topic: self.birth_topic.unwrap_or_else(|| will.topic.clone()),
                payload: self.birth_payload.unwrap_or_default(),
                qos: self.birth_qos.unwrap_or(will.qos),
                retain: self.birth_retain.unwrap_or(will.retain),
            };
            let (topic, payload) = ((from, &*birth.topic), ("birth_payload", &*birth.payload));
            will.birth = usable("the birth message", topic, payload, scope).then_some(birth);
        }
        if let Some(payload) = self.farewell_payload {
            let farewell =
                Announcement { topic: will.topic.clone(), payload, qos: will.qos, retain: will.retain };
            let (topic, payload) = (("topic", &*farewell.topic), ("farewell_payload", &*farewell.payload));
            will.farewell = usable("the farewell", topic, payload, scope).then_some(farewell);
        }
    }
}

/// Whether a message can be sent, by the names of its parameters and their values; reported if it cannot.
fn usable(what: &str, (topic, at): (&str, &str), (payload, says): (&str, &str), scope: &Scope) -> bool {
    let mut usable = true;
    if at.is_empty() {
        scope.problem(format!("{topic} is not set, {what} is left out: set {topic}"));
        usable = false;
    } else if let Err(wrong) = mqtt_text::check_topic(at) {
        scope.problem(format!("{topic} \"{}\" {wrong}, {what} is left out: choose another", shown(at)));
        usable = false;
    }
    if says.len() > mqtt_text::MOST {
        scope.problem(format!("{payload} is longer than 65535 bytes, {what} is left out: say it shorter"));
        usable = false;
    }
    usable
}
