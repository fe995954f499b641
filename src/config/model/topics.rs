//! `<publisher>` and `<subscriber>`, and their topics.

use super::{QoS, UserProperty};
use crate::shaping::{Condition, HeaderChoice, Rate};

/// `<publisher>`
#[derive(Debug, Clone, PartialEq)]
pub struct Publisher {
    /// Its name, unique in the profile.
    pub name: String,
    /// Whether it publishes.
    pub enable: bool,
    /// `<topics>`
    pub topics: Vec<PublisherTopic>,
}

/// `<topic>` of a publisher: which events go where.
#[derive(Debug, Clone, PartialEq)]
pub struct PublisherTopic {
    /// Its name, unique in the publisher.
    pub name: String,
    /// Whether it publishes.
    pub enable: bool,
    /// `connection_name`, any number of them: the connections that it uses; they exist, and each is there once.
    pub connection_names: Vec<String>,
    /// `connection_mode`
    pub connection_mode: ConnectionMode,
    /// `event`, any number of them.
    pub events: Vec<EventSelector>,
    /// `exclude_event`, any number of them: not published although `event` has them.
    pub exclude_events: Vec<EventSelector>,
    /// `filter`, any number of them: all must hold for an event to be published.
    pub filter: Vec<Condition>,
    /// `filter_any`, any number of them: one must hold, if there is one.
    pub filter_any: Vec<Condition>,
    /// `pattern`: the MQTT topic, without wildcards, or a template of topics ([`crate::shaping::Template`]).
    pub pattern: String,
    /// `qos`
    pub qos: QoS,
    /// `retain`
    pub retain: bool,
    /// `message_expiry` in seconds, at least 1: a message that is older is not delivered any more, by the broker (MQTT 5),
    /// or from here.
    pub message_expiry: Option<u32>,
    /// `payload`: how an event is written.
    pub payload: PayloadForm,
    /// `headers` and `headers_exclude`, any number of them: which headers are sent.
    pub headers: HeaderChoice,
    /// `throttle`; `None`: no limit.
    pub throttle: Option<Rate>,
    /// `throttle_key`: a template ([`crate::shaping::Template`]); what it makes has a rate of its own. `None`: the topic as
    /// a whole.
    pub throttle_key: Option<String>,
    /// `content_type`: the MIME type (MQTT 5); `None`: not sent.
    pub content_type: Option<String>,
    /// `payload_format`: the broker is told that the payload is UTF-8 (MQTT 5).
    pub payload_format: bool,
    /// `user_property`, any number of them (MQTT 5).
    pub user_properties: Vec<UserProperty>,
}

/// `connection_mode`: which of several connections get an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ConnectionMode {
    /// `all`
    #[default]
    All,
    /// `first`: the first that is up; if none is, the first.
    First,
}

/// `payload`: how an event is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PayloadForm {
    /// `json`: as FreeSWITCH's own JSON, every value a text.
    #[default]
    Json,
    /// `json-typed`: the same with numbers and booleans where a text is one.
    JsonTyped,
    /// `plain`: as an event socket's `event plain`.
    Plain,
    /// `body`: the event's body alone.
    Body,
}

/// `event` of a publisher's topic.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum EventSelector {
    /// `ALL`: every event.
    All,
    /// One event, by a name of `EVENT_TYPES` (never `CUSTOM` or `ALL`).
    Named(&'static str),
    /// `CUSTOM`: every subclass, or one of them.
    Custom {
        /// The subclass, in the case in which it is fired; `None`: every one.
        subclass: Option<String>,
    },
}

/// `<subscriber>`
#[derive(Debug, Clone, PartialEq)]
pub struct Subscriber {
    /// Its name, unique in the profile.
    pub name: String,
    /// Whether it subscribes.
    pub enable: bool,
    /// `<topics>`
    pub topics: Vec<SubscriberTopic>,
}

/// `<topic>` of a subscriber: where commands come from, and what they may do.
#[derive(Debug, Clone, PartialEq)]
pub struct SubscriberTopic {
    /// Its name, unique in the subscriber.
    pub name: String,
    /// Whether it is subscribed.
    pub enable: bool,
    /// The connection that it uses; it exists.
    pub connection_name: String,
    /// `pattern`: the MQTT topic filter.
    pub pattern: String,
    /// `qos`
    pub qos: QoS,
    /// `originate_authorized`
    pub originate_authorized: bool,
    /// `bgapi_authorized`
    pub bgapi_authorized: bool,
    /// `bgapi_allow`, any number of them: if there is one, only what it matches runs. An empty one matches nothing.
    pub bgapi_allow: Vec<String>,
    /// `bgapi_deny`, any number of them: never runs, whatever `bgapi_allow` says.
    pub bgapi_deny: Vec<String>,
    /// `originate_allow`, any number of them: if there is one, only such calls are placed. An empty one matches
    /// nothing.
    pub originate_allow: Vec<String>,
    /// `command_rate`; `None`: no limit.
    pub command_rate: Option<CommandRate>,
    /// `command_max_in_flight`: commands that may run at once; 0: no limit.
    pub command_max_in_flight: u32,
    /// `command_max_bytes`: the longest payload that is taken as a command, 1 to 268435455 bytes.
    pub command_max_bytes: usize,
    /// `command_ignore_retained`: a retained message is no command.
    pub command_ignore_retained: bool,
    /// `events`: its messages become events besides; `None`: if the profile's `event_message` is true.
    pub events: Option<bool>,
    /// `response_allow`, any number of them: topic filters; answers go to a response topic that one of them matches, to no
    /// other.
    pub response_allow: Vec<String>,
    /// `response_errors`: a command that is refused gets an answer, too.
    pub response_errors: bool,
    /// `json_api_authorized`
    pub json_api_authorized: bool,
    /// `json_api_allow`, any number of them: if there is one, only the JSON API commands that it matches run. An empty one
    /// matches nothing.
    pub json_api_allow: Vec<String>,
    /// `sendevent_allow`, any number of them: only these events are fired. `*` in a subclass is any part of it.
    pub sendevent_allow: Vec<EventSelector>,
}

/// `command_rate`: how many commands are run, on average and at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommandRate {
    /// Commands a second, at least 1.
    pub per_second: u32,
    /// Commands at once after a pause, at least 1.
    pub burst: u32,
}
