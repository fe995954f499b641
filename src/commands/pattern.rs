//! `bgapi_allow` and `bgapi_deny`: a command, or a command and the first words of its arguments.
//!
//! | pattern | matches | does not match |
//! |---|---|---|
//! | `status` | `status`, `STATUS`, `status x` | `statuses` |
//! | `uuid_*` | `uuid_kill`, `uuid_kill 1 2` | `uuid` |
//! | `sofia status` | `sofia status`, `sofia status profile x` | `sofia`, `sofia statuses` |
//! | `sofia * x` | `sofia stop x y` | `sofia x` |
//! | `status *` | `status x` | `status` |
//!
//! `*` is any part of one word. The command is in any case, since FreeSWITCH finds it so.

use super::glob::{self, Case};
use super::nesting::Call;

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern(String);

/// Whether a call is what a pattern says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Match {
    Yes,
    /// The words that count have quotes and the like in them, which each command reads in its own way.
    Unclear,
    No,
}

impl Pattern {
    pub fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// As it is written in the configuration.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Compares a call; arguments in this case.
    pub fn matches(&self, call: &Call<'_>, case: Case) -> Match {
        let mut wanted = self.0.split_whitespace();
        let Some(name) = wanted.next() else { return Match::No };
        if !glob::matches(name, call.name, Case::Any) {
            return Match::No;
        }
        let mut words = call.arguments.split(' ').filter(|word| !word.is_empty());
        // "^^" at the beginning makes FreeSWITCH split at another character.
        let mut unclear = call.arguments.starts_with("^^");
        for wanted in wanted {
            let Some(word) = words.next() else { return if unclear { Match::Unclear } else { Match::No } };
            unclear |= word.contains(|c: char| matches!(c, '\'' | '"' | '\\' | '$') || c.is_whitespace());
            if unclear {
                return Match::Unclear;
            }
            if !glob::matches(wanted, word, case) {
                return Match::No;
            }
        }
        Match::Yes
    }
}
