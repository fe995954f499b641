//! `<settings>`, and the log parameters that a profile has as well.

use super::tree::{Node, Param};
use super::{Log, LogLevel, Settings};

pub(super) const NAMES: &[&str] = &[
    "log-enable",
    "log-details",
    "log-level",
    "log-dir",
    "log-file",
    "enable-profiles",
    "enable-publishers",
    "enable-subscribers",
    "enable-connections",
    "enable-topics",
    "enable-events",
    "event-queue-size",
    "unique-string-length",
    "audit-log",
];

/// Reads one `<settings>` into what there is.
pub(super) fn read(node: &Node, settings: &mut Settings) {
    node.expect(&[]);
    for param in node.params(NAMES) {
        let enable = &mut settings.enable;
        match param.name {
            "enable-profiles" => enable.profiles = param.boolean(),
            "enable-publishers" => enable.publishers = param.boolean(),
            "enable-subscribers" => enable.subscribers = param.boolean(),
            "enable-connections" => enable.connections = param.boolean(),
            "enable-topics" => enable.topics = param.boolean(),
            "enable-events" => enable.events = param.boolean(),
            "event-queue-size" => {
                let now = settings.event_queue_size as u32;
                settings.event_queue_size = param.number(1..=10_000_000, now) as usize;
            }
            "unique-string-length" => {
                let length = param.number(0..=127u8, Settings::UNIQUE_STRING_LENGTH as u8);
                settings.unique_string_length = match usize::from(length) {
                    0 => Settings::UNIQUE_STRING_LENGTH,
                    length => length,
                };
            }
            "audit-log" => settings.audit_log = param.text(),
            _ => read_log(&param, &mut settings.log),
        }
    }
}

/// `log-enable` and its like.
pub(super) fn read_log(param: &Param, log: &mut Log) {
    match param.name {
        "log-enable" => log.enable = param.boolean(),
        "log-details" => log.details = param.boolean(),
        "log-level" => {
            let instead = format!("using {}", log.level);
            log.level = param.word(LogLevel::from_word, LogLevel::CHOICES, &instead).unwrap_or(log.level);
        }
        "log-dir" => log.dir = param.text(),
        "log-file" => log.file = param.text().unwrap_or_else(|| log.file.clone()),
        _ => {}
    }
}
