//! The checked configuration: one type for each word of the file, and no value in it that cannot be used.
//!
//! Pure data. The structure and the names are those of `mosquitto.conf.xml`.

mod connection;
mod logger;
mod tls;
mod topics;
mod xml_binding;

pub use connection::*;
pub use logger::*;
pub use tls::*;
pub use topics::*;
pub use xml_binding::*;

/// The whole of `mosquitto.conf`.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// `<settings>`.
    pub settings: Settings,
    /// `<profiles>`, in the file's order.
    pub profiles: Vec<Profile>,
}

/// `<settings>`: what holds for the module, and defaults for the profiles.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The module's own log.
    pub log: Log,
    /// The `enable` of elements that do not say.
    pub enable: EnableDefaults,
    /// `event-queue-size`: how many messages may wait for a broker, all connections together.
    pub event_queue_size: usize,
    /// `unique-string-length`: characters of the random part of a client id, 1 to 127.
    pub unique_string_length: usize,
    /// `audit-log`: the file that the decisions about commands are kept in, relative to `log-dir`; `None`: no such
    /// file.
    pub audit_log: Option<String>,
}

/// The `enable` of elements that do not say: `enable-profiles` and its like, all false unless set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EnableDefaults {
    /// `enable-profiles`
    pub profiles: bool,
    /// `enable-publishers`
    pub publishers: bool,
    /// `enable-subscribers`
    pub subscribers: bool,
    /// `enable-connections`
    pub connections: bool,
    /// `enable-topics`
    pub topics: bool,
    /// `enable-events`
    pub events: bool,
}

/// `log-enable`, `log-details`, `log-level`, `log-dir`, `log-file` of the settings or of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// Write the log file (the console is written to in any case).
    pub enable: bool,
    /// Also log the arguments of commands and the content of messages.
    pub details: bool,
    /// The most talkative level that is written.
    pub level: LogLevel,
    /// The folder; `None`: FreeSWITCH's own log folder.
    pub dir: Option<String>,
    /// The file's name.
    pub file: String,
}

/// FreeSWITCH's log levels, the most severe first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LogLevel {
    /// `console`
    Console = 0,
    /// `alert`
    Alert = 1,
    /// `critical`
    Critical = 2,
    /// `error`
    Error = 3,
    /// `warning`
    Warning = 4,
    /// `notice`
    Notice = 5,
    /// `info`
    Info = 6,
    /// `debug`
    Debug = 7,
}

/// `<profile>`.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Its name, unique.
    pub name: String,
    /// Whether it runs.
    pub enable: bool,
    /// Its log file.
    pub log: Log,
    /// What FreeSWITCH's other modules are told by custom events.
    pub custom_events: CustomEvents,
    /// `<connections>`
    pub connections: Vec<Connection>,
    /// `<publishers>`
    pub publishers: Vec<Publisher>,
    /// `<subscribers>`
    pub subscribers: Vec<Subscriber>,
    /// `<xml-bindings>`
    pub xml_bindings: Vec<XmlBinding>,
    /// `<loggers>`
    pub loggers: Vec<Logger>,
}

/// `event_connected` and its like: the custom events of subclass `mosquitto::` that a profile fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CustomEvents {
    /// `event_connected`: a broker has accepted a connection.
    pub connected: bool,
    /// `event_disconnected`: that connection has ended.
    pub disconnected: bool,
    /// `event_message`: a message has arrived; `None`: those of explicit subscriptions and of topics that say so.
    pub message: Option<bool>,
}

/// Quality of service, MQTT 3.1.1 section 4.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub enum QoS {
    /// 0: at most once.
    #[default]
    AtMostOnce = 0,
    /// 1: at least once.
    AtLeastOnce = 1,
    /// 2: exactly once.
    ExactlyOnce = 2,
}
