//! `<logger>`: FreeSWITCH's log lines, published.

use super::{CommandRate, LogLevel, QoS};

/// `<logger>`
#[derive(Debug, Clone, PartialEq)]
pub struct Logger {
    /// Its name, unique in the profile.
    pub name: String,
    /// Whether it publishes.
    pub enable: bool,
    /// The connection that it uses; it exists.
    pub connection_name: String,
    /// `topic`: where lines go, without wildcards.
    pub topic: String,
    /// `level`: this one and the more severe ones.
    pub level: LogLevel,
    /// `qos`
    pub qos: QoS,
    /// `rate`: lines, instead of commands.
    pub rate: CommandRate,
}
