//! Sends commands by MQTT: some that are allowed, others that must not run, and what is no command.
//!
//! One that must not run says so in its own words, in an argument that its result would repeat, or sets the core's
//! variable of that name, so that it can be seen without asking the module.

use crate::actor::Actor;
use scenarios::{Broker, Subscriber};
use std::sync::atomic::Ordering::SeqCst;

const SET: &str = "bgapi global_setvar forbidden=1";

/// Topics, and what must not run there.
const FORBIDDEN: [(&str, &str); 19] = [
    ("cmd/no", SET),
    ("cmd/no", "bgapi echo forbidden"),
    ("cmd/no", "originate user/forbidden &park()"),
    ("cmd/yes", SET),
    ("cmd/yes", "BGAPI   uuid:x global_setvar forbidden=1"),
    ("cmd/yes", "bgapi GLOBAL_SETVAR forbidden=1"),
    ("cmd/yes", "bgapi \"echo\" forbidden"),
    ("cmd/yes", "bgapi echo\u{1}forbidden"),
    ("cmd/yes", "bgapi echo forbidden\nbgapi echo forbidden"),
    ("cmd/yes", "bgapi bgapi global_setvar forbidden=1"),
    ("cmd/yes", "bgapi expand echo forbidden"),
    ("cmd/yes", "bgapi mosquitto bgapi global_setvar forbidden=1"),
    ("cmd/yes", "originate user/forbidden &park()"),
    ("cmd/few", SET),
    ("cmd/call", "bgapi echo forbidden"),
    ("cmd/call", "originate {a=forbidden}user/allowed &park()"),
    ("cmd/call", "originate user/allowed &system(forbidden)"),
    ("cmd/call", "originate user/forbidden &park()"),
    ("other/no", SET),
];
const NO_COMMANDS: [&[u8]; 4] = [b"", b"hello", b"bgapi \xff\xfe forbidden", b"bgap"];
const TOPICS: [&str; 5] = ["cmd/yes", "cmd/no", "cmd/few", "cmd/call", "other/yes"];

/// Whoever subscribes gets a command that was kept, which must not run.
pub fn keep_one(broker: &Broker) {
    let sender = Subscriber::start(broker.port(), "cmd/yes");
    sender.send("cmd/yes", b"bgapi echo forbidden", true);
    sender.take(1);
}

/// Until it is time to end.
pub fn run(actor: &mut Actor<'_>) {
    let stage = actor.stage;
    // Whatever they hear is of no interest.
    let senders = stage.ports.map(|port| Subscriber::start(port, "soak/nothing"));
    while actor.pause(0..=200) {
        let sender = &senders[usize::from(actor.percent(40))];
        match actor.draw(0..10) {
            0..=4 => {
                let topic = actor.pick(&["cmd/yes", "cmd/yes", "cmd/few", "cmd/call", "other/yes"]);
                let (nap, id) = (actor.draw(0..=1500), actor.id());
                let payload = match (topic, actor.percent(30)) {
                    ("cmd/call", _) => "originate user/allowed &park()".to_owned(),
                    ("cmd/yes", true) => format!("bgapi msleep {nap}"),
                    (_, true) => "bgapi echo allowed".to_owned(),
                    (_, false) => format!("bgapi uuid:{id} echo allowed"),
                };
                stage.tally.allowed.fetch_add(1, SeqCst);
                // At QoS 1 it may come twice, and then runs twice.
                sender.publish_once(topic, &payload);
            }
            5..=8 => {
                let (topic, payload) = actor.pick(&FORBIDDEN);
                sender.publish(topic, payload);
            }
            _ => {
                let payload = actor.pick(&NO_COMMANDS);
                sender.send(actor.pick(&TOPICS), payload, false);
            }
        }
        stage.tally.commands.fetch_add(1, SeqCst);
    }
}
