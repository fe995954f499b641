//! What holds where the configuration says nothing.

use super::{
    ClientId, CommandRate, Config, Connection, ConnectionMode, EnableDefaults, Log, LogLevel, Logger,
    PayloadForm, ProtocolVersion, PublisherTopic, QoS, Settings, SubscriberTopic, Tls, Will, XmlBinding,
};
use crate::shaping::HeaderChoice;

impl Default for Config {
    /// An empty configuration: nothing runs.
    fn default() -> Self {
        Self { settings: Settings::default(), profiles: Vec::new() }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            log: Log::to_file("mosquitto.log"),
            enable: EnableDefaults::default(),
            event_queue_size: 50_000,
            unique_string_length: Self::UNIQUE_STRING_LENGTH,
            audit_log: None,
        }
    }
}

impl Settings {
    /// The `unique-string-length` that 0 stands for.
    pub(super) const UNIQUE_STRING_LENGTH: usize = 32;
}

impl Log {
    /// A log that is off and would write this file.
    pub fn to_file(file: impl Into<String>) -> Self {
        Self { enable: false, details: false, level: LogLevel::Debug, dir: None, file: file.into() }
    }
}

impl Connection {
    /// A connection that says nothing but its name. Its host is still missing.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            enable: false,
            refused: None,
            protocol_version: ProtocolVersion::default(),
            hosts: Vec::new(),
            port: 1883,
            connect_timeout: 20,
            bind_address: None,
            srv: false,
            keepalive: 60,
            username: None,
            password: None,
            password_file: None,
            client_id: ClientId::Random,
            clean_session: true,
            retries: 0,
            reconnect_delay: 1,
            reconnect_delay_max: 0,
            reconnect_exponential_backoff: false,
            receive_maximum: None,
            send_maximum: None,
            session_expiry: None,
            user_properties: Vec::new(),
            circuit_breaker_ms: 0,
            socks5: None,
            max_inflight_messages: 0,
            message_retry: 0,
            tls: Tls::default(),
            will: Will::default(),
        }
    }
}

impl PublisherTopic {
    /// A topic that says nothing but its name. Its connection, its events and its pattern are still missing.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            enable: false,
            connection_names: Vec::new(),
            connection_mode: ConnectionMode::All,
            events: Vec::new(),
            exclude_events: Vec::new(),
            filter: Vec::new(),
            filter_any: Vec::new(),
            pattern: String::new(),
            qos: QoS::default(),
            retain: false,
            message_expiry: None,
            payload: PayloadForm::Json,
            headers: HeaderChoice::default(),
            throttle: None,
            throttle_key: None,
            content_type: Some(PayloadForm::Json.content_type().to_owned()),
            payload_format: PayloadForm::Json.is_utf8(),
            user_properties: Vec::new(),
        }
    }
}

impl SubscriberTopic {
    /// The longest command, in bytes.
    pub(super) const COMMAND_MAX_BYTES: u32 = 16_384;

    /// A topic that says nothing but its name: no command runs. Its connection and its pattern are still missing.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            enable: false,
            connection_name: String::new(),
            pattern: String::new(),
            qos: QoS::default(),
            originate_authorized: false,
            bgapi_authorized: false,
            bgapi_allow: Vec::new(),
            bgapi_deny: Vec::new(),
            originate_allow: Vec::new(),
            command_rate: None,
            command_max_in_flight: 0,
            command_max_bytes: Self::COMMAND_MAX_BYTES as usize,
            command_ignore_retained: true,
            events: None,
            response_allow: Vec::new(),
            response_errors: false,
            json_api_authorized: false,
            json_api_allow: Vec::new(),
            sendevent_allow: Vec::new(),
        }
    }
}

impl XmlBinding {
    /// Milliseconds.
    pub(super) const TIMEOUT: u32 = 2_000;

    /// A binding that says nothing but its name. Its sections, its connection and its topics are still missing.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            enable: false,
            sections: Vec::new(),
            connection_name: String::new(),
            request_topic: String::new(),
            response_topic: String::new(),
            timeout: Self::TIMEOUT,
            cache_time: 0,
            qos: QoS::default(),
        }
    }
}

impl Logger {
    pub(super) const LEVEL: LogLevel = LogLevel::Warning;
    pub(super) const RATE: CommandRate = CommandRate { per_second: 100, burst: 1000 };

    /// A logger that says nothing but its name. Its connection and its topic are still missing.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            enable: false,
            connection_name: String::new(),
            topic: String::new(),
            level: Self::LEVEL,
            qos: QoS::default(),
            rate: Self::RATE,
        }
    }
}
