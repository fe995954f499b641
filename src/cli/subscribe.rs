//! `mosquitto subscribe` and `mosquitto unsubscribe`: topic filters whose messages become events.

use super::message::{option, qos};
use crate::engine::Engine;
use crate::mqtt::QoS;
use crate::text::escape;

/// The answer to `mosquitto subscribe`. What the broker says to it comes later: `mosquitto status` shows it.
pub fn subscribe(words: &[&str], engine: &Engine) -> String {
    let [profile, connection, filter, options @ ..] = words else {
        return usage("subscribe <profile> <connection> <topic-filter> [qos=0|1|2]");
    };
    let mut best = QoS::AtMostOnce;
    for word in options {
        let read = option(word).and_then(|(name, value)| match name {
            "qos" => qos(value),
            _ => Err(format!("there is no option \"{name}\": qos")),
        });
        match read {
            Ok(value) => best = value,
            Err(why) => return format!("-ERR {}\n", escape(&why)),
        }
    }
    match engine.subscribe(profile, connection, filter, best) {
        Ok(true) => "+OK the broker is asked\n".to_owned(),
        Ok(false) => "+OK the broker is asked when the connection is up\n".to_owned(),
        Err(why) => format!("-ERR {why}\n"),
    }
}

/// The answer to `mosquitto unsubscribe`.
pub fn unsubscribe(words: &[&str], engine: &Engine) -> String {
    let [profile, connection, filter] = words else {
        return usage("unsubscribe <profile> <connection> <topic-filter>");
    };
    match engine.unsubscribe(profile, connection, filter) {
        Ok(()) => "+OK\n".to_owned(),
        Err(why) => format!("-ERR {why}\n"),
    }
}

fn usage(syntax: &str) -> String {
    format!("-ERR it is written: mosquitto {syntax}\n")
}
