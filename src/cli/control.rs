//! `mosquitto enable`, `disable`, `remove`, `connect`, `disconnect`.

use crate::engine::{ControlError, Engine, Target};

/// The answer to `mosquitto enable` and `mosquitto disable`.
pub fn enable(command: &str, words: &[&str], engine: &Engine) -> String {
    let enable = command == "enable";
    let (profile, target) = match subject(command, words) {
        Ok(subject) => subject,
        Err(usage) => return usage,
    };
    match (engine.set_enabled(profile, target, enable), noun(target)) {
        (Ok(()), None) => format!("mosquitto {command} profile {profile} successful\n"),
        (Ok(()), Some((noun, name))) => {
            format!("mosquitto {command} profile {profile} {noun} {name} successful\n")
        }
        (Err(ControlError::NoProfile), _) | (Err(_), None) => {
            format!("mosquitto {command} profile {profile} failed: profile not found\n")
        }
        (Err(error), Some((noun, name))) => {
            format!("mosquitto {command} profile {profile} {noun} {name} failed: {error}\n")
        }
    }
}

/// The answer to `mosquitto remove`.
pub fn remove(words: &[&str], engine: &Engine) -> String {
    let (profile, target) = match subject("remove", words) {
        Ok(subject) => subject,
        Err(usage) => return usage,
    };
    match (engine.remove(profile, target), noun(target)) {
        (Ok(()), None) => format!("mosquitto remove profile {profile} successful\n"),
        (Ok(()), Some((noun, name))) => {
            format!("mosquitto remove profile {profile} {noun}: {name} completed\n")
        }
        (Err(error), None) => format!("mosquitto remove profile {profile} failed: {error}\n"),
        (Err(error), Some((noun, name))) => {
            format!("mosquitto remove profile {profile} {noun}: {name} failed: {error}\n")
        }
    }
}

/// The answer to `mosquitto connect`.
pub fn connect(words: &[&str], engine: &Engine) -> String {
    let [_, _, _, _] = words else {
        return "mosquitto connect command requires: profile <name> connection <connection-name>\n"
            .to_owned();
    };
    match subject("connect", words) {
        Ok((profile, Target::Connection(name))) => {
            answer("connect", profile, name, engine.connect(profile, name))
        }
        _ => "mosquitto connect command requires: profile <name> connection <connection-name>\n".to_owned(),
    }
}

/// The answer to `mosquitto disconnect`.
pub fn disconnect(words: &[&str], engine: &Engine) -> String {
    let (subject_words, enable) = match words {
        [subject @ .., last] if words.len() == 5 && last.eq_ignore_ascii_case("enable") => {
            (subject, Some(true))
        }
        [subject @ .., last] if words.len() == 5 && last.eq_ignore_ascii_case("disable") => {
            (subject, Some(false))
        }
        _ => (words, None),
    };
    match subject("disconnect", subject_words) {
        Ok((profile, Target::Connection(name))) => {
            answer("disconnect", profile, name, engine.disconnect(profile, name, enable))
        }
        _ => "mosquitto disconnect command requires: profile <profile-name> connection <connection-name> \
              [enable|disable]\n"
            .to_owned(),
    }
}

fn answer(command: &str, profile: &str, connection: &str, result: Result<(), ControlError>) -> String {
    match result {
        Ok(()) => format!("mosquitto {command} profile {profile} connection {connection} successful\n"),
        Err(ControlError::NoProfile) => {
            format!("mosquitto {command} profile {profile} failed: profile not found\n")
        }
        Err(error) => {
            format!("mosquitto {command} profile {profile} connection {connection} failed: {error}\n")
        }
    }
}

/// `profile <name> [connection|publisher|subscriber <name>]`, or how the command is written.
fn subject<'a>(command: &str, words: &[&'a str]) -> Result<(&'a str, Target<'a>), String> {
    let short = || format!("mosquitto {command} command requires: profile <name>\n");
    let long = || {
        format!(
            "mosquitto {command} command requires: profile <name> [connection|publisher|subscriber] <name>\n"
        )
    };
    match words {
        [word, profile, rest @ ..] if word.eq_ignore_ascii_case("profile") => match rest {
            [] => Ok((profile, Target::Profile)),
            [noun, name] => match noun.to_ascii_lowercase().as_str() {
                "connection" => Ok((profile, Target::Connection(name))),
                "publisher" => Ok((profile, Target::Publisher(name))),
                "subscriber" => Ok((profile, Target::Subscriber(name))),
                _ => Err(long()),
            },
            _ => Err(long()),
        },
        _ => Err(short()),
    }
}

fn noun<'a>(target: Target<'a>) -> Option<(&'static str, &'a str)> {
    match target {
        Target::Profile => None,
        Target::Connection(name) => Some(("connection", name)),
        Target::Publisher(name) => Some(("publisher", name)),
        Target::Subscriber(name) => Some(("subscriber", name)),
    }
}
