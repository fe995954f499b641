//! Who does things at random: a thread, its own random numbers, and the stage that all share.
//!
//! What is drawn never depends on what came of what was done: this is what makes a seed repeat itself.

use crate::stage::Stage;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, distr::uniform::SampleRange};
use std::thread::{Builder, Scope, ScopedJoinHandle};
use std::time::Duration;

/// See the module's text.
pub struct Actor<'a> {
    /// What it acts on.
    pub stage: &'a Stage,
    name: &'static str,
    random: StdRng,
}

impl<'a> Actor<'a> {
    pub fn new(stage: &'a Stage, name: &'static str, seed: u64) -> Self {
        Self { stage, name, random: StdRng::seed_from_u64(seed) }
    }

    /// Starts its thread. If it panics, all others end as well.
    pub fn spawn<'scope, T: Send + 'scope>(
        mut self,
        scope: &'scope Scope<'scope, '_>,
        act: impl FnOnce(&mut Self) -> T + Send + 'scope,
    ) -> ScopedJoinHandle<'scope, T>
    where
        'a: 'scope,
    {
        let thread = Builder::new().name(self.name.to_owned()).spawn_scoped(scope, move || {
            let _alarm = Alarm(self.stage);
            act(&mut self)
        });
        thread.expect("a thread starts")
    }

    /// Waits for some milliseconds; false: it is time to end.
    pub fn pause(&mut self, milliseconds: impl SampleRange<u64>) -> bool {
        let time = Duration::from_millis(self.draw(milliseconds));
        self.stage.wait(time)
    }

    pub fn draw(&mut self, range: impl SampleRange<u64>) -> u64 {
        self.random.random_range(range)
    }

    /// True so many times out of a hundred.
    pub fn percent(&mut self, percent: u64) -> bool {
        self.draw(0..100) < percent
    }

    /// A job's id that nobody else has.
    pub fn id(&mut self) -> String {
        format!("soak-{:016x}", self.draw(0..=u64::MAX))
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        *from.choose(&mut self.random).expect("something to choose from")
    }
}

/// Ends all when whoever has it panics.
pub struct Alarm<'a>(pub &'a Stage);

impl Drop for Alarm<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.fail();
        }
    }
}
