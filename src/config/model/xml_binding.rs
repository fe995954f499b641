//! `<xml-binding>`: XML that FreeSWITCH looks up, asked for over MQTT.

use super::QoS;

/// `<xml-binding>`
#[derive(Debug, Clone, PartialEq)]
pub struct XmlBinding {
    /// Its name, unique in the profile.
    pub name: String,
    /// Whether it is asked.
    pub enable: bool,
    /// `sections`: what it is asked for, each once and at least one.
    pub sections: Vec<XmlSection>,
    /// The connection that it uses; it exists.
    pub connection_name: String,
    /// `request_topic`: where requests go, without wildcards.
    pub request_topic: String,
    /// `response_topic`: answers come to `<response_topic>/<id>`; without wildcards. No other binding on this connection
    /// has the same.
    pub response_topic: String,
    /// `timeout` in milliseconds, 10 to 60000: how long an answer is waited for.
    pub timeout: u32,
    /// `cache_time` in seconds, 0 to 604800: how long an answer counts for the same request; 0: it does not.
    pub cache_time: u32,
    /// `qos` of requests, and the best that answers are taken with.
    pub qos: QoS,
}

/// `sections`: a part of FreeSWITCH's XML.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum XmlSection {
    /// `configuration`
    Configuration,
    /// `directory`
    Directory,
    /// `dialplan`
    Dialplan,
    /// `chatplan`
    Chatplan,
}
