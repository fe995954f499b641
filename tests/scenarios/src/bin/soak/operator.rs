//! Types on the console whatever can be typed there, right and wrong; what it changes is the profile `default`.

use crate::actor::Actor;
use std::sync::atomic::Ordering::SeqCst;

/// A profile, and what is in it: the last of each is not there.
const PROFILES: [&str; 8] =
    ["default", "default", "default", "default", "default", "default", "default", "none"];
const CONNECTIONS: [&str; 6] = ["plain", "five", "killed", "refused", "silent", "none"];
const NOUNS: [(&str, &[&str]); 3] =
    [("connection", &CONNECTIONS), ("publisher", &["pub", "none"]), ("subscriber", &["sub", "none"])];

/// Lines that change nothing.
const LINES: [&str; 26] = [
    "mosquitto",
    "mosquitto help",
    "mosquitto status",
    "mosquitto status x",
    "MOSQUITTO STATUS",
    "mosquitto loglevel",
    "mosquitto loglevel debug",
    "mosquitto loglevel info",
    "mosquitto loglevel nonsense",
    "mosquitto nonsense",
    "mosquitto enable",
    "mosquitto disable profile",
    "mosquitto remove profile default connection",
    "mosquitto remove profile",
    "mosquitto connect profile default",
    "mosquitto disconnect profile default connection plain now",
    "mosquitto enable profile default topic x",
    "mosquitto bgapi",
    "mosquitto %s%n%s \"'",
    "complete mosquitto ",
    "complete mosquitto enable profile ",
    "complete mosquitto remove profile default connection ",
    "complete mosquitto disable profile default subscriber s",
    "complete mosquitto loglevel ",
    "load mod_mosquitto",
    "reloadxml",
];

/// Until it is time to end.
pub fn run(actor: &mut Actor<'_>) {
    let stage = actor.stage;
    while actor.pause(0..=300) {
        stage.tally.lines.fetch_add(1, SeqCst);
        if actor.percent(10) {
            let answer = stage.command(&format!("mosquitto bgapi uuid:{} echo typed", actor.id()));
            stage.tally.typed_jobs.fetch_add(u64::from(answer.starts_with("+OK Job-UUID: ")), SeqCst);
            continue;
        }
        let line = if actor.percent(40) { actor.pick(&LINES).to_owned() } else { change(actor) };
        // Sometimes the next line is typed before this one is answered.
        let beside = actor.percent(30) && line != "load mod_mosquitto";
        let answer = stage.command(&if beside { format!("{line} &") } else { line.clone() });
        assert!(!answer.is_empty(), "{line}");
    }
}

/// A line that changes something.
fn change(actor: &mut Actor<'_>) -> String {
    let word =
        actor.pick(&["enable", "enable", "enable", "disable", "connect", "connect", "disconnect", "remove"]);
    // Little would be left if much were removed.
    let word = if word == "remove" && actor.percent(70) { "enable" } else { word };
    let profile = actor.pick(&PROFILES);
    let connection = actor.pick(&CONNECTIONS);
    match word {
        "connect" => format!("mosquitto connect profile {profile} connection {connection}"),
        "disconnect" => {
            let then = actor.pick(&["", " enable", " disable"]);
            format!("mosquitto disconnect profile {profile} connection {connection}{then}")
        }
        _ => {
            let (noun, names) = actor.pick(&NOUNS);
            let name = actor.pick(names);
            let target = if actor.percent(10) { String::new() } else { format!(" {noun} {name}") };
            format!("mosquitto {word} profile {profile}{target}")
        }
    }
}
