//! The module's log: to FreeSWITCH's console, to the module's file, to a file of each profile.
//!
//! Everything goes through the `log` crate, to one logger that lives as long as the image, which is never unmapped:
//! a second load meets the logger of the first and gives it new sinks. [`stop`] takes them away; what is logged
//! after that goes nowhere.
//!
//! | target of a record | whose line it is |
//! |---|---|
//! | anything else | the module's |
//! | `mod_mosquitto/<profile>`, see [`target`] | that profile's |
//!
//! Every line goes to the console and to the module's file, as far as the module's level lets it through; a line of
//! a profile also goes to that profile's file, as far as the profile's level does. One record is one line,
//! whatever is in it.
//!
//! Any thread may call anything here. A line is written by the thread that logs it, without a lock of the logger's
//! own; two threads that write the same file wait for each other. A line that a file does not take is counted, and
//! the count is in the file once it takes lines again.

mod file;
mod line;
mod logger;
#[cfg(test)]
mod tests;

use std::fmt;

use log::Log as _;

use crate::config::{Log, LogLevel};
use logger::Logger;

pub use line::target;

static LOGGER: Logger = Logger::new(log::set_max_level);

/// Where lines go besides the files: FreeSWITCH's own log.
pub trait Console: Send + Sync {
    /// Writes one line. The text has no line end and no control characters; it is data, never a format string.
    /// Called by any thread, and by several at once; must not log.
    fn write(&self, level: LogLevel, text: &str);
}

/// Starts to log as the settings say. `default_dir` is FreeSWITCH's log folder; `clock` gives the time in
/// ISO 8601 with its offset. The answer is what is wrong, for the operator: a file that cannot be opened is tried
/// again once a second at most.
pub fn start(log: &Log, default_dir: &str, console: Box<dyn Console>, clock: fn() -> String) -> Vec<String> {
    // Fails at the second load: the logger is there already, and it is this one.
    let _ = log::set_logger(&LOGGER);
    LOGGER.start(log, default_dir, console.into(), clock)
}

/// Ends logging: the files are closed once the lines that other threads are writing right now are there.
pub fn stop() {
    LOGGER.stop();
}

/// Gives a profile its log, or another one. The error is for the operator; the profile logs all the same, and its
/// file is tried again once a second at most.
pub fn add_profile(name: &str, log: &Log) -> Result<(), String> {
    LOGGER.add_profile(name, log)
}

/// Takes the log of a profile away: its lines go where the module's go.
pub fn remove_profile(name: &str) {
    LOGGER.remove_profile(name);
}

/// Keeps the decisions about commands in a file of their own, in `dir` or in FreeSWITCH's log folder. The error is for
/// the operator; the file is tried again once a second at most.
pub fn set_audit(dir: Option<&str>, file: &str) -> Result<(), String> {
    LOGGER.set_audit(dir, file)
}

/// Logs a decision about a command: a line like any other, and, whatever the level is, a line of the audit log.
pub fn audit(target: &str, level: log::Level, text: fmt::Arguments<'_>) {
    let text = text.to_string();
    log::log!(target: target, level, "{text}");
    LOGGER.audit(&text);
}

/// The module's level; `Console` while nothing is started.
pub fn level() -> LogLevel {
    LOGGER.level()
}

/// Sets the module's level, for the console and the module's file.
pub fn set_level(level: LogLevel) {
    LOGGER.set_level(level);
}

/// The level of a profile's file; `None`: there is no such profile.
pub fn profile_level(name: &str) -> Option<LogLevel> {
    LOGGER.profile_level(name)
}

/// Sets the level of a profile's file. False: there is no such profile.
pub fn set_profile_level(name: &str, level: LogLevel) -> bool {
    LOGGER.set_profile_level(name, level)
}

/// Whether the arguments of commands and the content of messages are to be logged as well: `log-details` of the
/// profile, or of the settings.
pub fn details(profile: Option<&str>) -> bool {
    LOGGER.details(profile)
}

/// Logs a line of the module at CRIT, which the `log` crate does not have: a panic, say.
pub fn critical(text: fmt::Arguments<'_>) {
    at(LogLevel::Critical, None, text);
}

/// Logs a line of the module at NOTICE, which the `log` crate does not have.
pub fn notice(text: fmt::Arguments<'_>) {
    at(LogLevel::Notice, None, text);
}

/// Logs a line of the module or of a profile at any level of FreeSWITCH's.
pub fn at(level: LogLevel, profile: Option<&str>, text: fmt::Arguments<'_>) {
    if line::coarse(level) > log::max_level() {
        return;
    }
    let target = line::target_at(level, profile);
    LOGGER.log(&log::Record::builder().level(line::coarse(level)).target(&target).args(text).build());
}
