//! Files of events for mini-switch, and what it answers about them.

use scenarios::Switch;
use std::io::Write;
use tempfile::NamedTempFile;

/// A broker that does nothing but its work: without Nagle's algorithm, without a log, without limits of its own.
pub const BROKER: &str =
    "allow_anonymous true\nset_tcp_nodelay true\nlog_type none\nmax_inflight_messages 0\n";

/// An event whose JSON has this many bytes, with headers like those of channel variables.
pub fn line(head: &str, bytes: usize) -> String {
    const HEADER: usize = ",\"variable_probe_000\":\"\"".len();
    let mut text = format!("{{{head}");
    let mut number = 0;
    while text.len() + 1 < bytes {
        let left = bytes - text.len() - 1;
        // The last one takes what is left, so that none is shorter than a header can be.
        let value = if left < 2 * (HEADER + 32) { left - HEADER } else { 32 };
        text += &format!(",\"variable_probe_{number:03}\":\"{}\"", "v".repeat(value));
        number += 1;
    }
    text + "}"
}

/// A file with so many copies of one event that they fit into a processor's cache, as events do that were just made.
pub fn copies(line: &str) -> NamedTempFile {
    file(std::iter::repeat_n(line.to_owned(), (128 * 1024 / line.len()).max(1)))
}

/// A file with these lines.
pub fn file(lines: impl IntoIterator<Item = String>) -> NamedTempFile {
    let mut file = NamedTempFile::new().expect("a file");
    for line in lines {
        writeln!(file, "{line}").expect("room for a line");
    }
    file
}

/// The number after `name=` in an answer.
///
/// # Panics
/// If there is none.
pub fn number(answer: &str, name: &str) -> f64 {
    let found = answer.split_ascii_whitespace().find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
    found.and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("no {name}= in {answer}"))
}

/// Microseconds that the module takes for so many of these events until all of them are published.
pub fn flood(switch: &mut Switch, file: &NamedTempFile, count: usize, most: usize) -> f64 {
    let answer = switch.command(&format!("flood {} {count} {most}", file.path().display()));
    assert_eq!(number(&answer, "calls"), count as f64, "{answer}");
    let account = switch.account();
    assert!(account.adds_up() && account.waiting == 0 && account.dropped == 0, "{account:?}");
    number(&answer, "total_us")
}
