//! Threads that the core starts: bgapi jobs, and console commands with `&`. Counted, so that tests can wait for
//! them, and told to stop at the end.

use parking_lot::{Condvar, Mutex};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::time::{Duration, Instant};

/// How many are running.
#[derive(Debug, Default)]
pub struct Jobs {
    running: Mutex<usize>,
    changed: Condvar,
    stop: AtomicBool,
    bgapi: AtomicU64,
}

impl Jobs {
    /// Runs `work` on a thread of its own.
    pub fn spawn(&'static self, name: &str, work: impl FnOnce() + Send + 'static) {
        *self.running.lock() += 1;
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            work();
            *self.running.lock() -= 1;
            self.changed.notify_all();
        });
        thread.expect("a thread starts");
    }

    /// The same for a command of bgapi, which counts.
    pub fn spawn_bgapi(&'static self, work: impl FnOnce() + Send + 'static) {
        self.bgapi.fetch_add(1, SeqCst);
        self.spawn("bgapi", work);
    }

    /// How many commands bgapi has begun to run.
    pub fn bgapi(&self) -> u64 {
        self.bgapi.load(SeqCst)
    }

    /// How many are running.
    pub fn running(&self) -> usize {
        *self.running.lock()
    }

    /// Waits until none is running; false when time ran out.
    pub fn wait(&self, timeout: Duration) -> bool {
        let deadline = Instant::now() + timeout;
        let mut running = self.running.lock();
        while *running > 0 && !self.changed.wait_until(&mut running, deadline).timed_out() {}
        *running == 0
    }

    /// Asks them to stop.
    pub fn stop(&self) {
        self.stop.store(true, SeqCst);
    }

    /// Whether they were asked to.
    pub fn stopping(&self) -> bool {
        self.stop.load(SeqCst)
    }
}
