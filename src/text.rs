//! Text from outside as one line, for logs and for people. This file is of the bottom layer: it depends on nothing.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The text without line ends and other control characters, so that no stranger's payload can forge a line or
/// talk to the operator's terminal.
pub fn escape(text: &str) -> Cow<'_, str> {
    // Line and paragraph separators are no control characters, but line ends to some who read logs.
    let is_unsafe = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    if !text.contains(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            c if is_unsafe(c) => {
                let _ = write!(escaped, "\\u{:04X}", c as u32);
            }
            c => escaped.push(c),
        }
    }
    Cow::Owned(escaped)
}
