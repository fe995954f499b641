//! `mosquitto publish`, and the grammar that the dialplan's applications share with it.
//!
//! A line ends with `-- ` and a payload, which is taken as it is: quotes, blanks and all.

use super::words::split;
use crate::engine::{Engine, Outgoing, Sender};
use crate::mqtt::{PublishProperties, QoS};
use crate::text::escape;

/// How the command is written, after its name.
pub const SYNTAX: &str =
    "<profile> <connection> <topic> [qos=0|1|2] [retain=true|false] [expiry=<seconds>] -- <payload>";

/// What stands before the payload: profile, connection, topic, and options as `name=value`.
#[derive(Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The words before `--`.
    pub words: Vec<String>,
    /// What follows `-- `.
    pub payload: &'a str,
}

impl<'a> Line<'a> {
    /// Reads a line; `None`: there is no `--`. One blank after it belongs to it.
    pub fn read(line: &'a str) -> Option<Self> {
        let (mut quote, mut begins) = (None, true);
        for (at, character) in line.char_indices() {
            let rest = &line[at..];
            if begins && quote.is_none() && (rest == "--" || rest.starts_with("-- ")) {
                return Some(Self { words: split(&line[..at]), payload: rest.get(3..).unwrap_or_default() });
            }
            begins = quote.is_none() && character.is_whitespace();
            match (quote, character) {
                (Some(open), close) if open == close => quote = None,
                (None, '\'' | '"') => quote = Some(character),
                _ => {}
            }
        }
        None
    }

    /// Profile, connection, topic, and the options.
    ///
    /// # Errors
    /// One of the three is missing.
    pub fn parts(&self) -> Result<(&str, &str, &str, &[String]), String> {
        match self.words.as_slice() {
            [profile, connection, topic, options @ ..] => Ok((profile, connection, topic, options)),
            _ => Err("the profile, the connection or the topic is missing".to_owned()),
        }
    }
}

/// `name=value`.
///
/// # Errors
/// It is not.
pub fn option(word: &str) -> Result<(&str, &str), String> {
    word.split_once('=').ok_or_else(|| format!("\"{word}\" is no option: options are written name=value"))
}

/// The value of `qos`.
///
/// # Errors
/// It is none.
pub fn qos(value: &str) -> Result<QoS, String> {
    match value {
        "0" => Ok(QoS::AtMostOnce),
        "1" => Ok(QoS::AtLeastOnce),
        "2" => Ok(QoS::ExactlyOnce),
        _ => Err(format!("qos \"{value}\" is not 0, 1 or 2")),
    }
}

/// The value of an option that is a number in a range.
///
/// # Errors
/// It is none.
pub fn number(name: &str, value: &str, range: std::ops::RangeInclusive<u32>) -> Result<u32, String> {
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    let number = value.parse().ok().filter(|number| digits && range.contains(number));
    number.ok_or_else(|| format!("{name} \"{value}\" is not between {} and {}", range.start(), range.end()))
}

fn boolean(name: &str, value: &str) -> Result<bool, String> {
    match value {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(format!("{name} \"{value}\" is neither true nor false")),
    }
}

/// What follows `publish`, if the line begins with it.
pub fn publish(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let word = line.split_whitespace().next()?;
    word.eq_ignore_ascii_case("publish").then(|| &line[word.len()..])
}

/// The answer to `mosquitto publish`: `+OK` and whether it waits, or `-ERR` and why not.
pub fn answer(rest: &str, engine: &Engine) -> String {
    match send(rest, engine) {
        Ok(sender) if sender.is_up() => "+OK\n".to_owned(),
        Ok(_) => "+OK it waits: the connection is not up\n".to_owned(),
        Err(why) => format!("-ERR {}\n", escape(&why)),
    }
}

/// Publishes what a line says.
///
/// # Errors
/// What is wrong with it, for people.
pub fn send(line: &str, engine: &Engine) -> Result<Sender, String> {
    let line = Line::read(line).ok_or_else(|| format!("no -- before the payload: publish {SYNTAX}"))?;
    let (profile, connection, topic, options) =
        line.parts().map_err(|why| format!("{why}: publish {SYNTAX}"))?;
    let mut message = Outgoing {
        topic: topic.to_owned(),
        payload: line.payload.as_bytes().to_vec(),
        qos: QoS::AtMostOnce,
        retain: false,
        properties: PublishProperties::default(),
    };
    for word in options {
        match option(word)? {
            ("qos", value) => message.qos = qos(value)?,
            ("retain", value) => message.retain = boolean("retain", value)?,
            ("expiry", value) => {
                message.properties.message_expiry = Some(number("expiry", value, 1..=u32::MAX)?);
            }
            (name, _) => return Err(format!("there is no option \"{name}\": qos, retain, expiry")),
        }
    }
    let sender = engine.sender(profile, connection).map_err(|error| error.to_string())?;
    sender.publish(message).map_err(|error| error.to_string())?;
    Ok(sender)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> (Vec<String>, &str) {
        let line = Line::read(line).expect(line);
        (line.words, line.payload)
    }

    #[test]
    fn what_follows_the_dashes_is_the_payload_byte_for_byte() {
        let words = ["p", "c", "t"].map(str::to_owned).to_vec();
        for payload in ["", " ", "  a  b ", "\"x\" 'y", "{\"a\": \"it's\"}", "-- -- --", "a\tb", "ü\u{2028}"]
        {
            assert_eq!(read(&format!("p c t -- {payload}")), (words.clone(), payload), "{payload:?}");
        }
        assert_eq!(read("p c t --"), (words, ""));
    }

    #[test]
    fn the_dashes_are_a_word_of_their_own_outside_of_quotes() {
        assert_eq!(read("p 'a -- b' t--u --x -- y").0, ["p", "a -- b", "t--u", "--x"]);
        for line in ["", "p c t payload", "p c t --payload", "p c t '-- x", "p c t a-- x"] {
            assert_eq!(Line::read(line), None, "{line:?}");
        }
    }

    #[test]
    fn an_option_that_is_none_is_named() {
        assert_eq!(option("qos=1"), Ok(("qos", "1")));
        assert_eq!(option("a=b=c"), Ok(("a", "b=c")));
        assert_eq!(option("qos").unwrap_err(), "\"qos\" is no option: options are written name=value");
        assert_eq!(qos("3").unwrap_err(), "qos \"3\" is not 0, 1 or 2");
        assert_eq!(number("expiry", "60", 1..=u32::MAX), Ok(60));
        for value in ["", "0", "-1", "+1", "1.5", "4294967296"] {
            let expected = format!("expiry \"{value}\" is not between 1 and 4294967295");
            assert_eq!(number("expiry", value, 1..=u32::MAX), Err(expected));
        }
        assert_eq!(boolean("retain", "yes").unwrap_err(), "retain \"yes\" is neither true nor false");
    }

    #[test]
    fn only_the_word_publish_begins_a_publish() {
        assert_eq!(publish("  PUBLISH p c t -- x "), Some(" p c t -- x "));
        assert_eq!(publish("publisher p"), None);
        assert_eq!(publish(""), None);
    }
}
