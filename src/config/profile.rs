//! `<profile>`.

use super::tree::Node;
use super::{CustomEvents, EnableDefaults, Log, Profile, connection, logger, settings, topics, xml_binding};

pub(super) const NAMES: &[&str] = &[
    "enable",
    "log-enable",
    "log-details",
    "log-level",
    "log-dir",
    "log-file",
    "event_connected",
    "event_disconnected",
    "event_message",
];

/// Reads one profile.
pub(super) fn read(name: String, node: &Node, enable: EnableDefaults) -> Profile {
    node.expect(&["connections", "publishers", "subscribers", "xml-bindings", "loggers"]);
    let mut profile = Profile {
        enable: enable.profiles,
        // A name is not a path: a "/" in it must not lead into another folder.
        log: Log::to_file(format!("{}.log", name.replace('/', "_"))),
        name,
        custom_events: CustomEvents::default(),
        connections: Vec::new(),
        publishers: Vec::new(),
        subscribers: Vec::new(),
        xml_bindings: Vec::new(),
        loggers: Vec::new(),
    };
    for param in node.params(NAMES) {
        match param.name {
            "enable" => profile.enable = param.boolean(),
            "event_connected" => profile.custom_events.connected = param.boolean(),
            "event_disconnected" => profile.custom_events.disconnected = param.boolean(),
            "event_message" => profile.custom_events.message = param.optional_boolean(),
            _ => settings::read_log(&param, &mut profile.log),
        }
    }
    profile.connections = connection::read_all(node, enable);
    profile.publishers = topics::publishers(node, enable, &profile.connections);
    profile.subscribers = topics::subscribers(node, enable, &profile.connections);
    profile.xml_bindings = xml_binding::read_all(node, &profile.connections);
    profile.loggers = logger::read_all(node, &profile.connections);
    profile
}
