//! Breaks the ways to the brokers, and the brokers; and mends them.

use crate::actor::Actor;
use scenarios::{Broker, Mode, Proxy};
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

/// A fault of the way.
fn way(actor: &mut Actor<'_>) -> Mode {
    let bytes = actor.draw(0..=20_000) as usize;
    actor.pick(&[Mode::Refuse, Mode::DropSyns, Mode::Silent, Mode::Stall, Mode::Cut(bytes), Mode::Cut(0)])
}

/// How long a fault lasts: mostly not long, sometimes longer than the keepalive.
fn lasting(actor: &mut Actor<'_>) -> Duration {
    Duration::from_millis(if actor.percent(10) { 9000 } else { actor.draw(50..=4000) })
}

/// Nothing comes of what is broken for those who do not go this way.
pub fn of_the_way(actor: &mut Actor<'_>, broker: &Broker, proxy: &Proxy) {
    let stage = actor.stage;
    while actor.pause(500..=5000) {
        let (stopped, mode, time) = (actor.percent(20), way(actor), lasting(actor));
        let bad = stage.weather.read().expect("the weather is well");
        stage.tally.faults.fetch_add(1, SeqCst);
        if stopped {
            broker.pause();
            stage.wait(time);
            broker.resume();
        } else {
            proxy.set(mode);
            stage.wait(time);
            proxy.set(Mode::Pass);
        }
        drop(bad);
    }
}

/// The same, and the broker is killed at times.
pub fn of_all_kinds(actor: &mut Actor<'_>, broker: &mut Broker, proxy: &Proxy) {
    let stage = actor.stage;
    while actor.pause(500..=5000) {
        let (kind, mode, time) = (actor.draw(0..10), way(actor), lasting(actor));
        let bad = stage.weather.read().expect("the weather is well");
        stage.tally.faults.fetch_add(1, SeqCst);
        match kind {
            0..=1 => {
                broker.pause();
                stage.wait(time);
                broker.resume();
            }
            2..=4 => {
                broker.kill();
                stage.wait(time);
                broker.restart();
            }
            5 => broker.restart(),
            _ => {
                proxy.set(mode);
                stage.wait(time);
                proxy.set(Mode::Pass);
            }
        }
        drop(bad);
    }
}
