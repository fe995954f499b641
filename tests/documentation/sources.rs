//! The module's sources as text: the format strings of its log lines.

use crate::{files, root};
use std::fs;

/// What begins a log line that asks for action, or tells of a command. Debug and info lines tell of what goes well.
const LOGS: [&str; 7] = [
    "log::warn!(",
    "log::error!(",
    "log::log!(",
    "logging::audit(",
    "logging::critical(",
    "logging::notice(",
    "logging::at(",
];

/// A log line's format string, and where it stands.
pub struct Line {
    pub place: String,
    pub format: String,
}

/// All of them. Tests are left out: their file names say that they are.
pub fn log_lines() -> Vec<Line> {
    let mut lines = Vec::new();
    for path in files("src", ".rs") {
        let shown = path.strip_prefix(root()).expect("below the top").display().to_string();
        if shown.contains("tests") || shown == "src/logging/mod.rs" {
            continue;
        }
        let text = fs::read_to_string(&path).expect("UTF-8");
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        for (at, begin) in LOGS.iter().flat_map(|log| text.match_indices(log)) {
            let number = text[..at].lines().count();
            let place = format!("{shown}:{number}");
            let format = literal(&text[at + begin.len()..]).unwrap_or_else(|| panic!("{place}: no text"));
            lines.push(Line { place, format });
        }
    }
    lines
}

/// The first string literal of a text, as the compiler reads it.
fn literal(text: &str) -> Option<String> {
    let mut characters = text[text.find('"')? + 1..].chars().peekable();
    let mut literal = String::new();
    loop {
        match characters.next()? {
            '"' => return Some(literal),
            '\\' => match characters.next()? {
                '\n' => while characters.next_if(|c| c.is_whitespace()).is_some() {},
                'n' => literal.push('\n'),
                other => literal.push(other),
            },
            other => literal.push(other),
        }
    }
}
