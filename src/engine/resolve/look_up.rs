//! A look-up on a thread of its own, which can be left to itself.
//!
//! The thread may outlive the unload of the module: nobody joins it, and it touches nothing of a loaded module. That is
//! safe since the module is linked with `-z nodelete` (build.rs), so that its code stays mapped.

use super::Unresolved;
use crate::engine::thread::Thread;
use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};
use std::time::{Duration, Instant};

/// How often a wait looks whether its answer is still wanted.
const TICK: Duration = Duration::from_millis(40);

/// A look-up that has begun.
#[derive(Debug)]
pub struct LookUp<T> {
    name: String,
    answer: Receiver<(Instant, Result<T, String>)>,
}

/// A look-up that has ended.
pub struct Ended<T> {
    /// The name that was looked up.
    pub name: String,
    /// When.
    pub at: Instant,
    /// What was found, or why nothing was.
    pub result: Result<T, String>,
}

impl<T: Send + 'static> LookUp<T> {
    /// Starts the thread, which runs `look_up` with the name.
    ///
    /// # Errors
    /// There is no thread for it.
    pub fn start(
        name: &str,
        look_up: impl FnOnce(&str) -> Result<T, String> + Send + 'static,
    ) -> Result<Self, String> {
        let (sender, answer) = bounded(1);
        let question = name.to_owned();
        let thread = Thread::start("mqtt-resolve".to_owned(), move || {
            let result = look_up(&question);
            // Nobody there: the connection is gone, and nobody wants to know any more.
            let _nobody_there = sender.send((Instant::now(), result));
        });
        // Left to itself: nobody could wait for its end.
        drop(thread.map_err(|error| format!("no thread to look up {name}: {error}"))?);
        Ok(Self { name: name.to_owned(), answer })
    }

    /// Whether its end can be had without waiting.
    #[cfg(test)]
    pub fn has_ended(&self) -> bool {
        !self.answer.is_empty()
    }
}

/// Waits for the end of the look-up, if there is one, and takes it away. On an error it stays where it is.
///
/// # Errors
/// It is not wanted any more, or has not ended at `until`.
pub fn wait<T>(
    slot: &mut Option<LookUp<T>>,
    until: Instant,
    is_wanted: &dyn Fn() -> bool,
) -> Result<Option<Ended<T>>, Unresolved> {
    let Some(look_up) = slot.take() else { return Ok(None) };
    loop {
        let answer = look_up.answer.recv_deadline(until.min(Instant::now() + TICK));
        let (at, result) = match answer {
            Ok(answer) => answer,
            Err(RecvTimeoutError::Disconnected) => {
                (Instant::now(), Err("the look-up ended without an answer: the log says why".to_owned()))
            }
            Err(RecvTimeoutError::Timeout) => {
                let why = if !is_wanted() {
                    Unresolved::Abandoned
                } else if Instant::now() >= until {
                    Unresolved::Failed("the name server does not answer".to_owned())
                } else {
                    continue;
                };
                *slot = Some(look_up);
                return Err(why);
            }
        };
        return Ok(Some(Ended { name: look_up.name, at, result }));
    }
}
