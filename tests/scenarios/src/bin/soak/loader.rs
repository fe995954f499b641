//! Loads and unloads the module, in a calm or in the middle of everything.

use crate::actor::Actor;
use crate::lifetime::Lifetime;
use crate::stage::Stage;
use scenarios::{SLOWNESS, eventually};
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

/// The longest that an unload may take.
const UNLOAD: Duration = Duration::from_millis(1500 * SLOWNESS as u64);
/// A load waits for nothing.
const LOAD: Duration = Duration::from_millis(1000 * SLOWNESS as u64);
const BROKEN: &str = "<configuration name=\"mosquitto.conf\"><settings>";

/// The first load, while nobody does anything.
pub fn first(stage: &Stage) -> Lifetime {
    load(stage);
    Lifetime::begun_in_a_calm(stage)
}

/// The last unload, when nobody does anything any more.
pub fn last(stage: &Stage, lifetime: &Lifetime) {
    lifetime.check(stage);
    unload(stage);
}

/// Until it is time to end.
pub fn run(actor: &mut Actor<'_>, mut lifetime: Lifetime) -> Lifetime {
    let stage = actor.stage;
    while actor.pause(500..=20_000) {
        match actor.draw(0..10) {
            0..=5 => {
                let calm = stage.weather.write().expect("the weather is well");
                lifetime.check(stage);
                unload(stage);
                load(stage);
                lifetime = Lifetime::begun_in_a_calm(stage);
                drop(calm);
            }
            6..=7 => {
                lifetime = Lifetime::begins_in_a_storm(stage);
                reload(stage);
            }
            8 => {
                lifetime = Lifetime::begins_in_a_storm(stage);
                unload(stage);
                stage.configure(BROKEN);
                let answer = stage.command("load mod_mosquitto");
                assert!(answer.contains("-ERR ["), "{answer}");
                stage.configure(&stage.xml);
                load(stage);
            }
            _ => {
                lifetime = Lifetime::begins_in_a_storm(stage);
                unload(stage);
                actor.pause(0..=2000);
                load(stage);
            }
        }
    }
    lifetime
}

fn load(stage: &Stage) {
    let (answer, time) = stage.time("load mod_mosquitto");
    // An operator may have been first.
    let loaded = ["+OK Reloading XML\n+OK\n", "+OK Reloading XML\n-ERR [Module already loaded]\n"];
    assert!(loaded.contains(&answer.as_str()) && time <= LOAD, "{time:?}: {answer}");
    stage.tally.loads.fetch_add(1, SeqCst);
}

fn unload(stage: &Stage) {
    let before = stage.log.unloaded();
    // While one of its commands is running it is not unloaded, as in FreeSWITCH.
    eventually("it is unloaded", || {
        let (answer, time) = stage.time("unload mod_mosquitto");
        assert!(answer == "+OK\n" || answer == "-ERR [Module in use.]\n", "{answer}");
        assert!(time <= UNLOAD, "an unload took {time:?}");
        answer == "+OK\n"
    });
    eventually("it gives account of itself", || stage.log.unloaded() > before);
}

fn reload(stage: &Stage) {
    let (answer, time) = stage.time("reload mod_mosquitto");
    let done = "+OK Reloading XML\n+OK module unloaded\n+OK module loaded\n";
    let in_use = "-ERR unloading module [Module in use.]";
    assert!(answer == done || answer.contains(in_use), "{answer}");
    assert!(time <= UNLOAD + LOAD, "a reload took {time:?}");
    stage.tally.loads.fetch_add(1, SeqCst);
}
