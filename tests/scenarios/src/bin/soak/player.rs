//! Plays events: small and large ones, those that topics want and others, slowly and as fast as it goes.

use crate::actor::Actor;
use serde_json::json;
use std::fmt::Write;
use std::sync::atomic::Ordering::SeqCst;

/// Events that have no number: some of them are published by the profile that is changed.
const OTHERS: [(&str, &str); 5] = [
    ("HEARTBEAT", ""),
    ("CHANNEL_ANSWER", ""),
    ("CUSTOM", "soak::other"),
    ("CHANNEL_EXECUTE", ""),
    ("DTMF", ""),
];

/// The most events that are played at once.
pub const MOST: u64 = 200;

/// Player `place`, until it is time to end.
pub fn run(actor: &mut Actor<'_>, place: usize) {
    let stage = actor.stage;
    let path = stage.folder().join(format!("player-{place}.jsonl"));
    let path = path.to_str().expect("a path of ASCII");
    let mut number = stage.played[place].load(SeqCst);
    while actor.pause(0..=600) {
        let mut lines = String::new();
        let count = actor.draw(1..=MOST);
        for _ in 0..count {
            let line = event(actor, place, &mut number);
            writeln!(lines, "{line}").expect("text");
        }
        let rate = if actor.percent(20) { 0 } else { actor.draw(50..=1000) };
        std::fs::write(path, lines).expect("a file");
        let fair = stage.weather.read().expect("the weather is well");
        assert_eq!(stage.command(&format!("play {path} {rate} &")), "+OK started\n");
        stage.log.wait_played(path);
        stage.played[place].store(number, SeqCst);
        stage.tally.events.fetch_add(count, SeqCst);
        drop(fair);
    }
}

fn event(actor: &mut Actor<'_>, place: usize, number: &mut u64) -> serde_json::Value {
    let length = if actor.percent(1) { 50_000 } else { actor.draw(0..=3000) };
    let filler = "f".repeat(length as usize);
    if actor.percent(40) {
        let (name, subclass) = actor.pick(&OTHERS);
        let mut event = json!({"Event-Name": name, "Filler": filler});
        if !subclass.is_empty() {
            event["Event-Subclass"] = subclass.into();
        }
        return event;
    }
    let own = number.to_string();
    *number += 1;
    json!({"Event-Name": "CUSTOM", "Event-Subclass": "soak::probe", "Soak-Player": place.to_string(),
        "Soak-Number": own, "Filler": filler})
}
