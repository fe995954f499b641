//! FreeSWITCH's log lines, published as JSON (`<loggers>`).
//!
//! Runs on the core's log thread, which serves everyone who reads the log: no I/O, no log line, no waiting. A line takes
//! the way of the events out, through the same queue and the same outbox.
//!
//! No line leads to another: the module's own lines are left out, and between a line and its packet on the wire runs no
//! code of FreeSWITCH's that could log.

use super::json;
use super::message::{self, Topics};
use super::sender::Sender;
use crate::commands::Bucket;
use crate::config::{self, LogLevel};
use crate::host::{LogLine, LogSink};
use parking_lot::{Mutex, RwLock};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;

/// The source file that the module names when it logs.
const OWN_FILE: &[u8] = b"mod_mosquitto";
/// The longest text of a line, in bytes; the rest is cut off.
const LONGEST: usize = 16_384;
/// How many lines of a logger may wait for a broker that is away: events are worth more.
const MOST_AWAY: usize = 1_000;

/// A `<logger>` at work.
pub struct Logger {
    /// As configured.
    pub config: config::Logger,
    /// `None`: its connection cannot be used, or its topic.
    out: Option<(Sender, Topics)>,
    limit: Mutex<Limit>,
    suppressed: AtomicU64,
}

struct Limit {
    bucket: Bucket,
    /// Lines left out since the last one that was taken.
    unsaid: u64,
}

impl Logger {
    /// A logger that has published nothing yet.
    pub fn new(config: &config::Logger, out: Option<(Sender, Topics)>) -> Self {
        let limit = Limit { bucket: Bucket::full(config.rate, Instant::now()), unsaid: 0 };
        Self { config: config.clone(), out, limit: Mutex::new(limit), suppressed: AtomicU64::new(0) }
    }

    /// Lines that went out.
    pub fn published(&self) -> u64 {
        self.out.as_ref().map_or(0, |(_, route)| route.iter().map(|topic| topic.sent()).sum())
    }

    /// Lines that were left out: more than `rate`, or than may wait.
    pub fn suppressed(&self) -> u64 {
        self.suppressed.load(Relaxed)
    }

    fn wants(&self, level: i32) -> bool {
        level <= self.config.level as i32
    }

    fn line(&self, line: &LogLine<'_>) {
        let Some((sender, route)) = &self.out else { return };
        // Also those that were on their way when the connection was lost.
        let away = if sender.is_accepted() { 0 } else { message::unsettled(route) };
        let Some(unsaid) = self.admit(away, Instant::now()) else { return };
        if sender.publish_on(route, json(line, unsaid).into()).is_err() {
            self.leave_out(unsaid + 1);
        }
    }

    /// Whether a line may go now, behind `away` that wait for a broker that is away; and then how many were left out
    /// before it.
    fn admit(&self, away: usize, now: Instant) -> Option<u64> {
        let mut limit = self.limit.lock();
        if away >= MOST_AWAY || !limit.bucket.take(now) {
            drop(limit);
            self.leave_out(1);
            return None;
        }
        Some(std::mem::take(&mut limit.unsaid))
    }

    /// `count` lines more are to be said as left out; the last of them is so now.
    fn leave_out(&self, count: u64) {
        self.limit.lock().unsaid += count;
        self.suppressed.fetch_add(1, Relaxed);
    }
}

/// Shows lines to the loggers that are at work.
#[derive(Default)]
pub struct LogTap {
    /// The lock is held for as long as it takes to copy or to exchange a pointer.
    loggers: RwLock<Arc<[Arc<Logger>]>>,
}

impl std::fmt::Debug for LogTap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LogTap").finish_non_exhaustive()
    }
}

impl LogTap {
    /// Replaces those that are at work.
    pub fn set_loggers(&self, loggers: Arc<[Arc<Logger>]>) {
        *self.loggers.write() = loggers;
    }

    fn loggers(&self) -> Arc<[Arc<Logger>]> {
        Arc::clone(&self.loggers.read())
    }
}

impl LogSink for LogTap {
    fn wants(&self, level: i32, file: &[u8]) -> bool {
        file != OWN_FILE && self.loggers().iter().any(|logger| logger.wants(level))
    }

    fn line(&self, line: &LogLine<'_>) {
        crate::panics::provoke("logger");
        for logger in self.loggers().iter().filter(|logger| logger.wants(line.level)) {
            logger.line(line);
        }
    }
}

/// The line as a JSON object; `suppressed` lines were left out before it.
fn json(line: &LogLine<'_>, suppressed: u64) -> Vec<u8> {
    let level = usize::try_from(line.level).ok().and_then(|level| LogLevel::ALL.get(level));
    let level = level.map_or("unknown", |level| level.as_str());
    let mut out = Vec::with_capacity(256 + line.text.len().min(LONGEST));
    let mut member = |name: &str, value: Result<&[u8], u64>| {
        out.extend_from_slice(if out.is_empty() { b"{" } else { b"," });
        json::push_string(&mut out, name.as_bytes());
        out.push(b':');
        match value {
            Ok(text) => json::push_string(&mut out, text),
            Err(number) => out.extend_from_slice(number.to_string().as_bytes()),
        }
    };
    member("time", Ok(line.time.as_bytes()));
    member("level", Ok(level.as_bytes()));
    member("file", Ok(line.file));
    member("line", Err(line.line.into()));
    member("function", Ok(line.function));
    if let Some(uuid) = line.uuid {
        member("uuid", Ok(uuid));
    }
    member("text", Ok(cut(line.text.trim_ascii())));
    if suppressed > 0 {
        member("suppressed", Err(suppressed));
    }
    out.push(b'}');
    out
}

/// Not in the middle of a character, if it is UTF-8.
fn cut(text: &[u8]) -> &[u8] {
    if text.len() <= LONGEST {
        return text;
    }
    let is_inside = |at: &usize| text[*at] & 0xC0 == 0x80;
    let end = (LONGEST - 3..=LONGEST).rev().find(|at| !is_inside(at)).unwrap_or(LONGEST);
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::CommandRate;
    use std::time::Duration;

    const LINE: LogLine<'_> = LogLine {
        time: "2026-11-22T19:12:32.619+01:00",
        level: 4,
        file: b"sofia.c",
        line: 12,
        function: b"f",
        uuid: None,
        text: b" said \"x\"\n",
    };

    fn logger(level: LogLevel, per_second: u32, burst: u32) -> Logger {
        let rate = CommandRate { per_second, burst };
        Logger::new(&config::Logger { level, rate, ..config::Logger::new("l") }, None)
    }

    fn text(line: &LogLine<'_>, suppressed: u64) -> String {
        String::from_utf8(json(line, suppressed)).expect("UTF-8")
    }

    #[test]
    fn a_line_is_a_json_object() {
        assert_eq!(
            text(&LINE, 0),
            r#"{"time":"2026-11-22T19:12:32.619+01:00","level":"warning","file":"sofia.c","line":12,"function":"f","text":"said \"x\""}"#
        );
        let call = LogLine { uuid: Some(b"u"), text: b"\xFF", level: 9, ..LINE };
        let parsed: serde_json::Value = serde_json::from_str(&text(&call, 7)).expect("JSON");
        assert_eq!((&parsed["uuid"], &parsed["text"]), (&"u".into(), &"\u{FFFD}".into()));
        assert_eq!((&parsed["level"], &parsed["suppressed"]), (&"unknown".into(), &7.into()));
    }

    #[test]
    fn a_text_without_end_is_cut_between_characters() {
        let long = "\u{20AC}".repeat(LONGEST);
        let end = cut(long.as_bytes());
        assert!(end.len() <= LONGEST && end.len() > LONGEST - 3 && std::str::from_utf8(end).is_ok());
        assert_eq!(cut(&vec![b'x'; LONGEST + 1]).len(), LONGEST);
    }

    #[test]
    fn lines_of_the_module_and_lines_that_are_not_severe_enough_are_not_wanted() {
        let tap = LogTap::default();
        assert!(!tap.wants(0, b"a.c"));
        tap.set_loggers([Arc::new(logger(LogLevel::Warning, 1, 1))].into());
        assert!(tap.wants(4, b"a.c") && tap.wants(0, b"a.c"));
        assert!(!tap.wants(5, b"a.c") && !tap.wants(0, OWN_FILE));
    }

    #[test]
    fn more_than_the_rate_is_left_out_and_the_next_line_says_how_many() {
        let (logger, now) = (logger(LogLevel::Debug, 1, 2), Instant::now());
        let admitted: Vec<_> = (0..5).map(|_| logger.admit(0, now)).collect();
        assert_eq!(admitted, [Some(0), Some(0), None, None, None]);
        assert_eq!(logger.admit(0, now + Duration::from_secs(2)), Some(3));
        assert_eq!(logger.admit(0, now + Duration::from_secs(2)), Some(0));
        assert_eq!(logger.suppressed(), 3);
    }

    #[test]
    fn while_the_broker_is_away_so_many_lines_wait_and_no_more() {
        let (logger, now) = (logger(LogLevel::Debug, 1_000_000, 1_000_000), Instant::now());
        assert_eq!(logger.admit(MOST_AWAY - 1, now), Some(0));
        assert_eq!((logger.admit(MOST_AWAY, now), logger.admit(MOST_AWAY + 1, now)), (None, None));
        assert_eq!((logger.suppressed(), logger.admit(0, now)), (2, Some(2)));
    }
}
