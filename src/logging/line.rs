//! One line: whose it is, how severe it is, and its text.

use crate::config::LogLevel;
pub(super) use crate::text::escape;

const MODULE: &str = "mod_mosquitto";

/// The `target:` of a profile's lines.
pub fn target(profile: &str) -> String {
    format!("{MODULE}/{profile}")
}

/// The same with a level that the `log` crate does not have: `mod_mosquitto:<level>/<profile>`.
pub(super) fn target_at(level: LogLevel, profile: Option<&str>) -> String {
    match profile {
        Some(profile) => format!("{MODULE}:{level}/{profile}"),
        None => format!("{MODULE}:{level}"),
    }
}

/// The level and the profile of a record, from its target and the `log` crate's level.
pub(super) fn origin<'a>(metadata: &log::Metadata<'a>) -> (LogLevel, Option<&'a str>) {
    let level = match metadata.level() {
        log::Level::Error => LogLevel::Error,
        log::Level::Warn => LogLevel::Warning,
        log::Level::Info => LogLevel::Info,
        log::Level::Debug | log::Level::Trace => LogLevel::Debug,
    };
    // A target such as `mod_mosquitto::engine` has no level and no profile.
    let Some(rest) = metadata.target().strip_prefix(MODULE) else { return (level, None) };
    let (own, profile) = match rest.split_once('/') {
        Some((own, profile)) => (own, Some(profile)),
        None => (rest, None),
    };
    let own = own.strip_prefix(':').and_then(LogLevel::from_word);
    (own.unwrap_or(level), profile)
}

/// The level of the `log` crate that goes with one of FreeSWITCH's.
pub(super) fn coarse(level: LogLevel) -> log::Level {
    match level {
        LogLevel::Console | LogLevel::Alert | LogLevel::Critical | LogLevel::Error => log::Level::Error,
        LogLevel::Warning => log::Level::Warn,
        LogLevel::Notice | LogLevel::Info => log::Level::Info,
        LogLevel::Debug => log::Level::Debug,
    }
}

/// What the `log` crate has to let through so that lines of this level arrive.
pub(super) fn filter(level: LogLevel) -> log::LevelFilter {
    match level {
        LogLevel::Debug => log::LevelFilter::Trace,
        level => coarse(level).to_level_filter(),
    }
}
