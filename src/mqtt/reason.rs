//! MQTT 5 reason codes and the broker's own words, for log lines.
#![allow(unsafe_code)]

use mosquitto_client_sys as sys;
use std::ffi::{CStr, c_char};

/// The most characters of a broker's text that are shown.
const LONGEST: usize = 200;

/// A reason code of MQTT 5 (section 2.4) in words: `quota exceeded (151)`. Codes of failures are 0x80 and above; those
/// of a SUBACK of MQTT 3.1.1 are among them.
pub fn reason_words(code: i32) -> String {
    // SAFETY: mosquitto_reason_string returns a static string for every number.
    let words = text(unsafe { sys::mosquitto_reason_string(code) });
    let words = words.trim_end_matches('.');
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_ascii_lowercase());
    // QoS stays what it is.
    let words =
        if words.starts_with("QoS") { words.to_owned() } else { first.into_iter().chain(letters).collect() };
    format!("{words} ({code})")
}

/// What the broker says in words of its own, fit for a log line: without control characters, and at most 200
/// characters long. `None`: nothing is left.
pub(super) fn readable(words: &str) -> Option<String> {
    let mut letters = words.trim().chars();
    let mut shown: String =
        letters.by_ref().take(LONGEST).map(|letter| if is_harmful(letter) { ' ' } else { letter }).collect();
    if letters.next().is_some() {
        shown.push_str("...");
    }
    (!shown.is_empty()).then_some(shown)
}

/// The text behind a pointer that the library promises to be a static string.
pub(super) fn text(pointer: *const c_char) -> String {
    if pointer.is_null() {
        return String::new();
    }
    // SAFETY: not null, and by the callers' promise a NUL-terminated string that lives.
    unsafe { CStr::from_ptr(pointer) }.to_string_lossy().into_owned()
}

/// Control characters, and those that end a line or turn the direction of writing.
fn is_harmful(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_said_in_words() {
        assert_eq!(reason_words(151), "quota exceeded (151)");
        assert_eq!(reason_words(0x80), "unspecified error (128)");
        assert_eq!(reason_words(0x9B), "QoS not supported (155)");
    }

    #[test]
    fn the_broker_s_words_are_data() {
        assert_eq!(readable("come back\nlater\x1b[2J").as_deref(), Some("come back later [2J"));
        assert_eq!(readable("\u{202E}x").as_deref(), Some(" x"));
        assert_eq!(readable(" \n "), None);
        let shown = readable(&"ä".repeat(201)).unwrap();
        assert_eq!(shown.chars().count(), 203);
        assert!(shown.ends_with("ä..."));
        assert_eq!(readable(&"x".repeat(200)), Some("x".repeat(200)));
    }
}
