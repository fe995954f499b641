//! `mosquitto loglevel [level]`: shows or changes the level of the module's log, while it runs.

use crate::config::LogLevel;
use crate::logging;

/// The answer to `mosquitto loglevel`.
pub fn answer(arguments: &[&str]) -> String {
    match arguments {
        [] => format!("mosquitto loglevel: {}\n", name(logging::level())),
        [word, ..] => match LogLevel::from_word(word) {
            Some(level) => {
                logging::set_level(level);
                format!("mosquitto loglevel set to: {}\n", name(level))
            }
            None => format!(
                "mosquitto loglevel {word} failed: the level is one of debug, info, notice, warning, error, critical, \
                 alert, console\n"
            ),
        },
    }
}

/// A level as FreeSWITCH writes it.
pub fn name(level: LogLevel) -> &'static str {
    match level {
        LogLevel::Console => "CONSOLE",
        LogLevel::Alert => "ALERT",
        LogLevel::Critical => "CRIT",
        LogLevel::Error => "ERR",
        LogLevel::Warning => "WARNING",
        LogLevel::Notice => "NOTICE",
        LogLevel::Info => "INFO",
        LogLevel::Debug => "DEBUG",
    }
}
