//! The logger and its sinks.
//!
//! The sinks are one value that is replaced whole: whoever logs takes a reference to it and lets go of the lock
//! before anything is written, since the console and the disk may block.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use log::LevelFilter;
use parking_lot::RwLock;
use simplelog::{ConfigBuilder, WriteLogger};

use super::Console;
use super::file::LogFile;
use super::line;
use crate::config::{Log, LogLevel};

/// What the `log` crate calls.
pub(super) struct Logger {
    sinks: RwLock<Option<Arc<Sinks>>>,
    /// Told what the most talkative sink takes, whenever that may have changed.
    announce: fn(LevelFilter),
}

/// Where lines go.
#[derive(Clone)]
struct Sinks {
    console: Arc<dyn Console>,
    clock: fn() -> String,
    default_dir: String,
    module: Sink,
    profiles: HashMap<String, Sink>,
    audit: Option<Arc<WriteLogger<LogFile>>>,
}

/// The log of the module or of a profile.
#[derive(Clone)]
struct Sink {
    level: LogLevel,
    details: bool,
    file: Option<Arc<WriteLogger<LogFile>>>,
}

impl Logger {
    pub const fn new(announce: fn(LevelFilter)) -> Self {
        Self { sinks: RwLock::new(None), announce }
    }

    pub fn start(
        &self,
        log: &Log,
        default_dir: &str,
        console: Arc<dyn Console>,
        clock: fn() -> String,
    ) -> Vec<String> {
        let (module, problem) = Sink::new(log, default_dir);
        let default_dir = default_dir.to_owned();
        let sinks = Sinks { console, clock, default_dir, module, profiles: HashMap::new(), audit: None };
        self.replace(|_| Some(sinks));
        problem.map(|problem| format!("settings: {problem}")).into_iter().collect()
    }

    pub fn stop(&self) {
        self.replace(|_| None);
    }

    pub fn add_profile(&self, name: &str, log: &Log) -> Result<(), String> {
        let Some(sinks) = self.sinks() else { return Ok(()) };
        let (sink, problem) = Sink::new(log, &sinks.default_dir);
        self.change(|sinks| sinks.profiles.insert(name.to_owned(), sink));
        match problem {
            Some(problem) => Err(format!("profile \"{name}\": {problem}")),
            None => Ok(()),
        }
    }

    pub fn remove_profile(&self, name: &str) {
        self.change(|sinks| sinks.profiles.remove(name));
    }

    pub fn set_audit(&self, dir: Option<&str>, file: &str) -> Result<(), String> {
        let Some(sinks) = self.sinks() else { return Ok(()) };
        let path = Path::new(dir.unwrap_or(&sinks.default_dir)).join(file);
        let shown = path.display().to_string();
        let (audit, error) = open(path);
        self.change(|sinks| sinks.audit = Some(audit));
        match error {
            Some(error) => Err(format!(
                "settings: audit log \"{shown}\" cannot be opened ({error}), its lines are not written: set log-dir \
                 and audit-log"
            )),
            None => Ok(()),
        }
    }

    pub fn audit(&self, text: &str) {
        let Some(sinks) = self.sinks() else { return };
        if let Some(audit) = &sinks.audit {
            let (time, text) = ((sinks.clock)(), line::escape(text));
            log::Log::log(&**audit, &log::Record::builder().args(format_args!("{time} {text}")).build());
        }
    }

    pub fn level(&self) -> LogLevel {
        self.sinks().map_or(LogLevel::Console, |sinks| sinks.module.level)
    }

    pub fn set_level(&self, level: LogLevel) {
        self.change(|sinks| sinks.module.level = level);
    }

    pub fn profile_level(&self, name: &str) -> Option<LogLevel> {
        Some(self.sinks()?.profiles.get(name)?.level)
    }

    pub fn set_profile_level(&self, name: &str, level: LogLevel) -> bool {
        let set = self.change(|sinks| sinks.profiles.get_mut(name).map(|sink| sink.level = level));
        set.flatten().is_some()
    }

    pub fn details(&self, profile: Option<&str>) -> bool {
        self.sinks().is_some_and(|sinks| {
            let profile = profile.and_then(|name| sinks.profiles.get(name));
            profile.unwrap_or(&sinks.module).details
        })
    }

    fn sinks(&self) -> Option<Arc<Sinks>> {
        self.sinks.read().clone()
    }

    fn change<T>(&self, change: impl FnOnce(&mut Sinks) -> T) -> Option<T> {
        let mut result = None;
        self.replace(|sinks| {
            let mut sinks = sinks?.clone();
            result = Some(change(&mut sinks));
            Some(sinks)
        });
        result
    }

    /// The old sinks, and with them perhaps files, are dropped after the lock is free.
    fn replace(&self, make: impl FnOnce(Option<&Sinks>) -> Option<Sinks>) {
        let mut current = self.sinks.write();
        let new = make(current.as_deref()).map(Arc::new);
        let old = std::mem::replace(&mut *current, new);
        (self.announce)(current.as_deref().map_or(LevelFilter::Off, Sinks::filter));
        drop(current);
        drop(old);
    }
}

impl log::Log for Logger {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        let (level, profile) = line::origin(metadata);
        self.sinks().is_some_and(|sinks| sinks.module.takes(level) || sinks.profile(profile, level).is_some())
    }

    fn log(&self, record: &log::Record<'_>) {
        let Some(sinks) = self.sinks() else { return };
        let (level, profile) = line::origin(record.metadata());
        let module = Some(&sinks.module).filter(|sink| sink.takes(level));
        let profile = sinks.profile(profile, level);
        if module.is_none() && profile.is_none() {
            return;
        }
        let text = record.args().to_string();
        let text = line::escape(&text);
        if module.is_some() {
            sinks.console.write(level, &text);
        }
        let files: Vec<_> =
            [module, profile].into_iter().flatten().filter_map(|sink| sink.file.as_ref()).collect();
        if files.is_empty() {
            return;
        }
        let time = (sinks.clock)();
        let name = level.as_str().to_ascii_uppercase();
        for file in files {
            file.log(&log::Record::builder().args(format_args!("{time} [{name}] {text}")).build());
        }
    }

    fn flush(&self) {}
}

impl Sinks {
    /// The sink of a profile, if it writes such lines.
    fn profile(&self, name: Option<&str>, level: LogLevel) -> Option<&Sink> {
        self.profiles.get(name?).filter(|sink| sink.file.is_some() && sink.takes(level))
    }

    /// What the most talkative sink takes.
    fn filter(&self) -> LevelFilter {
        let files = self.profiles.values().filter(|sink| sink.file.is_some()).map(|sink| sink.level);
        line::filter(files.fold(self.module.level, LogLevel::max))
    }
}

/// A file that lines are added to, and what is wrong if it cannot be opened now.
fn open(path: PathBuf) -> (Arc<WriteLogger<LogFile>>, Option<std::io::Error>) {
    let (file, error) = LogFile::open(path);
    // The line is complete when it comes there: it is written as it is.
    let config = ConfigBuilder::new()
        .set_time_level(LevelFilter::Off)
        .set_max_level(LevelFilter::Off)
        .set_target_level(LevelFilter::Off)
        .set_thread_level(LevelFilter::Off)
        .set_location_level(LevelFilter::Off)
        .build();
    (Arc::from(WriteLogger::new(LevelFilter::Trace, config, file)), error)
}

impl Sink {
    /// The sink, and what is wrong with its file.
    fn new(log: &Log, default_dir: &str) -> (Self, Option<String>) {
        let mut sink = Self { level: log.level, details: log.details, file: None };
        if !log.enable {
            return (sink, None);
        }
        let path = Path::new(log.dir.as_deref().unwrap_or(default_dir)).join(&log.file);
        let shown = path.display().to_string();
        let (file, error) = open(path);
        sink.file = Some(file);
        let problem = error.map(|error| {
            format!("log file \"{shown}\" cannot be opened ({error}), its lines are not written: set log-dir and log-file")
        });
        (sink, problem)
    }

    fn takes(&self, level: LogLevel) -> bool {
        level <= self.level
    }
}
