//! What may be sent over MQTT as a string, a topic and a topic filter (MQTT 3.1.1, sections 1.5.3 and 4.7).
//!
//! libmosquitto refuses the same, but only at the moment of sending.

/// Bytes of the longest string: its length is sent in two bytes.
pub(super) const MOST: usize = 65_535;

/// libmosquitto and the mosquitto broker take no topic with more separators than this.
const MOST_SEPARATORS: usize = 200;

/// Checks a string. The error continues a sentence that begins with what the string is.
pub(super) fn check(text: &str) -> Result<(), &'static str> {
    if text.len() > MOST {
        return Err("is longer than 65535 bytes");
    }
    if text.contains('\0') {
        return Err("holds a NUL");
    }
    if text.chars().any(char::is_control) {
        return Err("holds a control character");
    }
    let is_noncharacter = |c: char| matches!(c as u32, 0xFDD0..=0xFDEF) || (c as u32 & 0xFFFE) == 0xFFFE;
    if text.chars().any(is_noncharacter) {
        return Err("holds a code point that is no character");
    }
    Ok(())
}

/// Checks a topic that is published to.
///
/// # Errors
/// What is wrong with it, continuing a sentence that begins with what it is.
pub fn check_topic(topic: &str) -> Result<(), &'static str> {
    check_levels(topic)?;
    if topic.contains(['+', '#']) {
        return Err("holds a wildcard (+ or #), which only a subscription may");
    }
    Ok(())
}

/// Checks a topic filter that is subscribed to, `$share/<group>/<filter>` included.
///
/// # Errors
/// As above.
pub fn check_filter(filter: &str) -> Result<(), &'static str> {
    check_levels(filter)?;
    let plain = match filter.strip_prefix("$share/") {
        Some(shared) => match shared.split_once('/') {
            Some((group, plain)) if !group.is_empty() && !plain.is_empty() && !group.contains(['+', '#']) => {
                plain
            }
            _ => return Err("is not $share/<group>/<filter>"),
        },
        None => filter,
    };
    let mut levels = plain.split('/').peekable();
    while let Some(level) = levels.next() {
        if level.contains('#') && (level != "#" || levels.peek().is_some()) {
            return Err("holds a # that is not the whole of the last level");
        }
        if level.contains('+') && level != "+" {
            return Err("holds a + that is not the whole of its level");
        }
    }
    Ok(())
}

/// Checks what topics and topic filters have in common.
pub(super) fn check_levels(topic: &str) -> Result<(), &'static str> {
    if topic.is_empty() {
        return Err("is empty");
    }
    check(topic)?;
    if topic.matches('/').count() > MOST_SEPARATORS {
        return Err("has more than 200 separators (/)");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_may_be_anything_without_wildcards() {
        for topic in ["a", "/", "a//b", "FreeSWITCH/HEARTBEAT", "ä ö/$x", "$SYS/x"] {
            assert_eq!(check_topic(topic), Ok(()), "{topic}");
        }
        for topic in ["a/#", "+/b", "a+b"] {
            assert_eq!(check_topic(topic), Err("holds a wildcard (+ or #), which only a subscription may"));
        }
    }

    #[test]
    fn what_libmosquitto_would_refuse_is_refused_here() {
        assert_eq!(check_topic(""), Err("is empty"));
        assert_eq!(check_topic("a\0b"), Err("holds a NUL"));
        assert_eq!(check_topic("a\nb"), Err("holds a control character"));
        assert_eq!(check_topic("a\u{85}b"), Err("holds a control character"));
        assert_eq!(check_topic("a\u{fdd0}"), Err("holds a code point that is no character"));
        assert_eq!(check_topic("a\u{1ffff}"), Err("holds a code point that is no character"));
        assert_eq!(check_topic("\u{fffd}"), Ok(()));
        assert_eq!(check_topic(&"x".repeat(65_535)), Ok(()));
        assert_eq!(check_topic(&"x".repeat(65_536)), Err("is longer than 65535 bytes"));
        assert_eq!(check_topic(&"/".repeat(200)), Ok(()));
        assert_eq!(check_filter(&"/".repeat(201)), Err("has more than 200 separators (/)"));
    }

    #[test]
    fn wildcards_of_a_filter_stand_alone_in_their_level() {
        for filter in ["#", "+", "a/#", "+/b/+", "a/+/#", "/", "+/+", "$SYS/#"] {
            assert_eq!(check_filter(filter), Ok(()), "{filter}");
        }
        for filter in ["a#", "#/a", "a/#/b", "a/b#", "##"] {
            let expected = Err("holds a # that is not the whole of the last level");
            assert_eq!(check_filter(filter), expected, "{filter}");
        }
        for filter in ["a+", "+a/b", "a/++"] {
            let expected = Err("holds a + that is not the whole of its level");
            assert_eq!(check_filter(filter), expected, "{filter}");
        }
    }

    #[test]
    fn a_shared_subscription_has_a_group_and_a_filter() {
        for filter in ["$share/group/a", "$share/group/#", "$share/g/a/+/b", "$shared/x"] {
            assert_eq!(check_filter(filter), Ok(()), "{filter}");
        }
        for filter in ["$share/", "$share/group", "$share/group/", "$share//a", "$share/+/a", "$share/a#/b"] {
            assert_eq!(check_filter(filter), Err("is not $share/<group>/<filter>"), "{filter}");
        }
        assert!(check_filter("$share/group/a#").is_err());
    }
}
