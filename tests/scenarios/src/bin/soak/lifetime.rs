//! From a load of the module to its unload: what is known of the events in between.

use crate::stage::{PLAYERS, Stage};
use crate::world::{CUT, STEADY};
use scenarios::eventually;
use std::ops::Range;
use std::sync::atomic::Ordering::SeqCst;

/// How many numbered events each player had played when the module was loaded; `None`: it was loaded while they played.
pub struct Lifetime(Option<[u64; PLAYERS]>);

impl Lifetime {
    /// It was loaded in a calm.
    pub fn begun_in_a_calm(stage: &Stage) -> Self {
        Self(Some(stage.all_played()))
    }

    /// It is about to be unloaded and loaded while events are played.
    pub fn begins_in_a_storm(stage: &Stage) -> Self {
        stage.witness.lock().expect("the witness is well").storm(stage.all_played());
        Self(None)
    }

    /// To be called in a calm, before an unload: every event of this lifetime came, as often as it should, and the module
    /// says the same.
    ///
    /// # Panics
    /// If not.
    pub fn check(&self, stage: &Stage) {
        assert_eq!(stage.command("wait-delivered"), "+OK\n");
        let Some(begun) = self.0 else { return };
        let played = stage.all_played();
        let numbers: [Range<u64>; PLAYERS] = std::array::from_fn(|player| begun[player]..played[player]);
        let count: u64 = numbers.iter().map(|numbers| numbers.end - numbers.start).sum();
        let mut status = String::new();
        let mut wrong = None;
        eventually(&format!("{count} messages on each topic"), || {
            status = stage.command("mosquitto status");
            let said =
                |topic: &&str| status.contains(&format!("topic name: {topic} messages sent: {count}\n"));
            wrong = STEADY.iter().chain(&CUT).find(|topic| !said(topic));
            stage.log.read();
            wrong.is_none()
        });
        let mut missing = None;
        eventually("all have come", || {
            missing = stage.witness.lock().expect("the witness is well").missing(&numbers);
            missing.is_none()
        });
        stage.tally.calms.fetch_add(1, SeqCst);
    }
}
