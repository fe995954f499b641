//! A thread whose end can be waited for with a time limit, and in which no panic goes unheard.

use crate::panics::guard;
use crossbeam_channel::{Receiver, bounded};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// A running thread. Dropping it leaves the thread running.
pub struct Thread {
    name: String,
    handle: JoinHandle<()>,
    done: Receiver<()>,
}

impl Thread {
    /// Starts a thread. The kernel shows the first 15 characters of its name.
    ///
    /// # Errors
    /// What pthread_create(3) gives.
    pub fn start(name: String, body: impl FnOnce() + Send + 'static) -> std::io::Result<Self> {
        let (ended, done) = bounded::<()>(1);
        let place = format!("thread {name}");
        let handle = std::thread::Builder::new().name(name.clone()).spawn(move || {
            guard(&place, (), body);
            drop(ended);
        })?;
        Ok(Self { name, handle, done })
    }

    /// The full name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Waits for the thread to end; gives it back if it does not end in time.
    ///
    /// # Errors
    /// The thread, still running.
    pub fn join_until(self, end: Instant) -> Result<(), Self> {
        match self.done.recv_deadline(end) {
            Err(crossbeam_channel::RecvTimeoutError::Timeout) => Err(self),
            _ => {
                // It has run its last line of ours; a panic has been dealt with on the thread itself.
                drop(self.handle.join());
                Ok(())
            }
        }
    }

    /// Waits for the thread to end.
    ///
    /// # Errors
    /// Its name, if it does not end in time.
    pub fn join(self, patience: Duration) -> Result<(), String> {
        self.join_until(Instant::now() + patience).map_err(|thread| thread.name)
    }
}
