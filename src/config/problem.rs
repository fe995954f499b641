//! What is wrong with a configuration: problems, which leave something out, and errors, which leave nothing.

use std::cell::RefCell;
use std::fmt;

use crate::text::escape;

/// One thing in the configuration that is wrong, and what was done about it. Everything else still counts.
///
/// Both texts are of one line, whatever the names and values in them are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where: `profile "default", connection "broker1"`.
    pub place: String,
    /// What, what is done about it, and the way out.
    pub text: String,
}

impl Problem {
    /// A problem; both texts become texts of one line.
    pub fn new(place: &str, text: &str) -> Self {
        Self { place: escape(place).into_owned(), text: escape(text).into_owned() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.text)
    }
}

/// The text is no configuration of this module at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigError {
    /// There is no text.
    Empty,
    /// It is not well-formed XML.
    Malformed {
        /// Line of the text, from 1.
        line: u64,
        /// Column in that line, from 1.
        column: u64,
        /// What is wrong there.
        what: String,
    },
    /// It is XML, but not `<configuration name="mosquitto.conf">`.
    NotMosquitto {
        /// The outermost element as it stands there.
        found: String,
    },
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("mosquitto.conf is empty: put the module's configuration there"),
            Self::Malformed { line, column, what } => {
                write!(
                    f,
                    "mosquitto.conf is not well-formed XML, line {line}, column {column}: {}",
                    escape(what)
                )
            }
            Self::NotMosquitto { found } => {
                write!(
                    f,
                    "{} is not the module's configuration: it is <configuration name=\"mosquitto.conf\">",
                    escape(found)
                )
            }
        }
    }
}

impl std::error::Error for ConfigError {}

/// The problems found so far, in the file's order.
#[derive(Default)]
pub(super) struct Report(RefCell<Vec<Problem>>);

impl Report {
    pub fn into_problems(self) -> Vec<Problem> {
        self.0.into_inner()
    }
}

/// The place that a piece of the configuration is read in.
#[derive(Clone)]
pub(super) struct Scope<'a> {
    report: &'a Report,
    place: String,
}

impl<'a> Scope<'a> {
    const TOP: &'static str = "configuration";

    /// The outermost element.
    pub fn top(report: &'a Report) -> Self {
        Self { report, place: Self::TOP.to_owned() }
    }

    /// An element inside this one.
    pub fn inside(&self, what: &str) -> Self {
        let place = match self.place.as_str() {
            Self::TOP => what.to_owned(),
            outer => format!("{outer}, {what}"),
        };
        Self { report: self.report, place }
    }

    /// A named element inside this one.
    pub fn named(&self, what: &str, name: &str) -> Self {
        self.inside(&format!("{what} \"{name}\""))
    }

    /// Reports a problem here.
    pub fn problem(&self, text: impl Into<String>) {
        self.report.0.borrow_mut().push(Problem::new(&self.place, &text.into()));
    }
}
