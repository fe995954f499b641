//! What is configured, once as tables for the model, and from them as XML for the module.
//!
//! Both profiles use the same names: nothing may be taken for its namesake.

use crate::operations::Start;
use std::fmt::Write;

/// `event-queue-size`: small, so that it is reached.
pub const CAPACITY: usize = 12;

/// A profile as configured.
pub struct Profile {
    pub name: &'static str,
    /// Name, broker.
    pub connections: [(&'static str, usize); 2],
    pub publishers: [(&'static str, &'static [PublisherTopic]); 2],
    pub subscribers: [(&'static str, SubscriberTopic); 2],
}

/// A publisher's topic as configured. Its name is its pattern.
pub struct PublisherTopic {
    pub pattern: &'static str,
    pub connection: &'static str,
    pub qos: u8,
    pub events: &'static [&'static str],
}

/// A subscriber's topic as configured. Its name is its filter.
pub struct SubscriberTopic {
    pub filter: &'static str,
    pub connection: &'static str,
    pub qos: u8,
    pub authorised: bool,
}

/// The profiles.
pub const WORLD: [Profile; 2] = [
    Profile {
        name: "one",
        connections: [("a", 0), ("b", 1)],
        publishers: [
            (
                "beats",
                &[
                    PublisherTopic {
                        pattern: "one/beats/a",
                        connection: "a",
                        qos: 0,
                        events: &["HEARTBEAT"],
                    },
                    PublisherTopic {
                        pattern: "one/beats/b",
                        connection: "b",
                        qos: 1,
                        events: &["HEARTBEAT"],
                    },
                ],
            ),
            (
                "rest",
                &[
                    PublisherTopic {
                        pattern: "one/custom",
                        connection: "b",
                        qos: 0,
                        events: &["CUSTOM sub::x"],
                    },
                    PublisherTopic {
                        pattern: "one/calls",
                        connection: "a",
                        qos: 2,
                        events: &["CHANNEL_ANSWER", "HEARTBEAT"],
                    },
                ],
            ),
        ],
        subscribers: [
            ("wide", SubscriberTopic { filter: "cmd/#", connection: "a", qos: 0, authorised: false }),
            ("narrow", SubscriberTopic { filter: "cmd/x", connection: "a", qos: 2, authorised: true }),
        ],
    },
    Profile {
        name: "two",
        connections: [("a", 0), ("b", 1)],
        publishers: [
            ("beats", &[PublisherTopic { pattern: "two/all", connection: "b", qos: 1, events: &["ALL"] }]),
            (
                "rest",
                &[PublisherTopic {
                    pattern: "two/custom",
                    connection: "a",
                    qos: 1,
                    events: &["CUSTOM", "CHANNEL_ANSWER"],
                }],
            ),
        ],
        subscribers: [
            ("wide", SubscriberTopic { filter: "cmd/+", connection: "b", qos: 1, authorised: true }),
            ("narrow", SubscriberTopic { filter: "cmd/x", connection: "a", qos: 1, authorised: true }),
        ],
    },
];

/// What the core fires: an event and its subclass.
pub const EVENTS: [(&str, Option<&str>); 6] = [
    ("HEARTBEAT", None),
    ("HEARTBEAT", None),
    ("CHANNEL_ANSWER", None),
    ("CUSTOM", Some("sub::x")),
    ("CUSTOM", Some("sub::y")),
    ("RELOADXML", None),
];

/// The core's numbers for them; ALL is what a binding on everything asks for.
pub const NUMBERS: [(&str, i32); 6] = [
    ("CUSTOM", 0),
    ("CHANNEL_ANSWER", 4),
    ("HEARTBEAT", 40),
    ("RELOADXML", 42),
    ("BACKGROUND_JOB", 60),
    ("ALL", 90),
];

/// What comes in on `cmd/x`, and whether an authorised topic runs it, any other refuses it (or it is no command).
pub const MESSAGES: [(&str, bool); 2] = [("bgapi version", true), ("hello", false)];

/// Lines, and what they are answered.
pub const LINES: [(&str, &str); 7] = [
    ("nonsense x", "Unknown Command [nonsense]\n"),
    ("enable", "mosquitto enable command requires: profile <name>\n"),
    ("disable profile", "mosquitto disable command requires: profile <name>\n"),
    (
        "remove profile one connection",
        "mosquitto remove command requires: profile <name> [connection|publisher|subscriber] <name>\n",
    ),
    (
        "connect profile one",
        "mosquitto connect command requires: profile <name> connection <connection-name>\n",
    ),
    (
        "disconnect profile one connection a now",
        "mosquitto disconnect command requires: profile <profile-name> connection <connection-name> [enable|disable]\n",
    ),
    ("bgapi", "mosquitto bgapi command requires: <command> [<arg>]\n"),
];

/// What a connection tells its broker that it is.
pub fn client_id(profile: &str, connection: &str) -> String {
    format!("{profile}-{connection}")
}

/// The configuration's text. Attempts are a second apart, the least that there is.
pub fn xml(start: &Start, ports: [u16; 2]) -> String {
    let mut profiles = String::new();
    for (at, profile) in WORLD.iter().enumerate() {
        let enable = at == 0 || start.second_profile;
        let parts = [connections(profile, start, ports), publishers(profile), subscribers(profile)].concat();
        let enable = param("enable", enable);
        write!(profiles, "<profile name=\"{}\">{enable}{parts}</profile>", profile.name).expect("text");
    }
    let enables = ["profiles", "publishers", "subscribers", "connections", "topics", "events"];
    let enables: String = enables.iter().map(|what| param(&format!("enable-{what}"), true)).collect();
    format!(
        "<configuration name=\"mosquitto.conf\"><settings>{enables}{}</settings>\
         <profiles>{profiles}</profiles></configuration>",
        param("event-queue-size", CAPACITY)
    )
}

fn param(name: &str, value: impl std::fmt::Display) -> String {
    format!("<param name=\"{name}\" value=\"{value}\"/>")
}

fn connections(profile: &Profile, start: &Start, ports: [u16; 2]) -> String {
    let all = profile.connections.iter().enumerate().map(|(at, (name, broker))| {
        let params = [
            param("enable", at == 0 || start.second_connections),
            param("host", "127.0.0.1"),
            param("port", ports[*broker]),
            param("client_id", client_id(profile.name, name)),
            param("reconnect_delay", 1),
        ];
        format!("<connection name=\"{name}\">{}</connection>", params.concat())
    });
    format!("<connections>{}</connections>", all.collect::<String>())
}

fn publishers(profile: &Profile) -> String {
    let topic = |topic: &PublisherTopic| {
        let events: String = topic.events.iter().map(|event| param("event", event)).collect();
        let params = [
            param("connection_name", topic.connection),
            param("pattern", topic.pattern),
            param("qos", topic.qos),
        ];
        format!("<topic name=\"{}\">{}{events}</topic>", topic.pattern, params.concat())
    };
    let all = profile.publishers.iter().map(|(name, topics)| {
        let topics: String = topics.iter().map(topic).collect();
        format!("<publisher name=\"{name}\"><topics>{topics}</topics></publisher>")
    });
    format!("<publishers>{}</publishers>", all.collect::<String>())
}

fn subscribers(profile: &Profile) -> String {
    let all = profile.subscribers.iter().map(|(name, topic)| {
        let params = [
            param("connection_name", topic.connection),
            param("pattern", topic.filter),
            param("qos", topic.qos),
            param("bgapi_authorized", topic.authorised),
        ];
        let topic = format!("<topic name=\"{}\">{}</topic>", topic.filter, params.concat());
        format!("<subscriber name=\"{name}\"><topics>{topic}</topics></subscriber>")
    });
    format!("<subscribers>{}</subscribers>", all.collect::<String>())
}
