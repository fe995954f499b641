//! `mosquitto check [file]`, and the program `mod_mosquitto-check`: what a configuration would do, and what is wrong
//! with it, before it is loaded.
//!
//! The same code reads it that a load reads it with. Nothing is connected, no name is looked up, and the module that
//! runs is not touched. Files that the configuration names are read, as at a load. Runs on the thread of whoever asks.

mod connection;
mod file;
mod lines;
mod plan;

use crate::config::{self, Config, Problem};
use crate::engine;
use crate::host::Host;
use crate::text::escape;
use std::fmt;
use std::path::Path;

/// What is to be known of a configuration.
pub struct Report {
    source: String,
    notes: Vec<String>,
    outcome: Result<Outcome, String>,
}

struct Outcome {
    config: Config,
    problems: Vec<Problem>,
}

/// What a script wants to know of a configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing is wrong.
    Fine,
    /// So many things are wrong; the rest would run.
    Problems(usize),
    /// Nothing can be made of it: a load would fail.
    Unusable,
}

impl Verdict {
    /// The exit status of a program: 0, 1 or 2.
    pub fn status(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Problems(_) => 1,
            Self::Unusable => 2,
        }
    }
}

impl Report {
    /// Reads a file as it stands there. `files`: whether the files that it names are on this machine, and are read.
    pub fn of_file(path: &Path, host: Option<&dyn Host>, files: bool) -> Self {
        let source = format!("the file {}", path.display());
        match file::read(path) {
            Ok(plain) => Self { notes: plain.notes, ..Self::of_text(source, &plain.text, host, files) },
            Err(why) => Self { source, notes: Vec::new(), outcome: Err(why) },
        }
    }

    /// Asks FreeSWITCH for its configuration.
    pub fn of_freeswitch(host: &dyn Host) -> Self {
        let source = "FreeSWITCH's mosquitto.conf, as of the last reloadxml".to_owned();
        match host.configuration() {
            Ok(xml) => Self::of_text(source, &xml, Some(host), true),
            Err(why) => Self { source, notes: Vec::new(), outcome: Err(why) },
        }
    }

    fn of_text(source: String, xml: &str, host: Option<&dyn Host>, files: bool) -> Self {
        let outcome =
            config::parse(xml).map_err(|error| error.to_string()).map(|(mut config, mut problems)| {
                problems.extend(engine::examine(&mut config, host, files));
                Outcome { config, problems }
            });
        Self { source, notes: Vec::new(), outcome }
    }

    /// What it comes to.
    pub fn verdict(&self) -> Verdict {
        match &self.outcome {
            Ok(Outcome { problems, .. }) if problems.is_empty() => Verdict::Fine,
            Ok(Outcome { problems, .. }) => Verdict::Problems(problems.len()),
            Err(_) => Verdict::Unusable,
        }
    }
}

/// The first line is the verdict, for scripts. Passwords and keys are in none.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.outcome, self.verdict()) {
            (Err(why), _) => writeln!(f, "-ERR unusable: {}", escape(why))?,
            (_, Verdict::Problems(1)) => writeln!(f, "-ERR 1 problem")?,
            (_, Verdict::Problems(count)) => writeln!(f, "-ERR {count} problems")?,
            _ => writeln!(f, "+OK nothing is wrong")?,
        }
        writeln!(f, "read: {}", escape(&self.source))?;
        let problems = self.outcome.as_ref().map_or(&[][..], |outcome| &outcome.problems);
        list(f, "problems", problems)?;
        list(f, "notes", &self.notes)?;
        self.outcome.as_ref().map_or(Ok(()), |outcome| plan::write(f, &outcome.config))
    }
}

fn list(f: &mut fmt::Formatter<'_>, title: &str, items: &[impl ToString]) -> fmt::Result {
    if !items.is_empty() {
        writeln!(f, "{title}")?;
    }
    items.iter().try_for_each(|item| writeln!(f, "  {}", escape(&item.to_string())))
}

/// The answer to `mosquitto check`.
pub(super) fn answer(arguments: &[&str], host: &dyn Host) -> String {
    match arguments {
        [] => Report::of_freeswitch(host).to_string(),
        [path] if Path::new(path).is_absolute() => {
            Report::of_file(Path::new(path), Some(host), true).to_string()
        }
        [path] => format!(
            "-ERR unusable: it is FreeSWITCH that reads {}, in a folder of its own: write the whole path, from / on\n",
            escape(path)
        ),
        _ => "mosquitto check command requires: [<file>]\n".to_owned(),
    }
}

#[cfg(test)]
mod tests;
