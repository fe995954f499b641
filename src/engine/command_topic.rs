//! What the commands of a subscriber's topic may do, and what became of them.

use crate::commands::{Limits, Reason, Rules};
use parking_lot::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;

/// See the module's text.
#[derive(Debug)]
pub struct CommandTopic {
    rules: Rules,
    limits: Mutex<Limits>,
    counts_jobs: bool,
    allowed: AtomicU64,
    refused: AtomicU64,
}

impl CommandTopic {
    /// A topic to which no command has come yet.
    pub fn new(rules: Rules, limits: Limits) -> Self {
        let counts_jobs = limits.in_flight().is_some();
        let (allowed, refused) = (AtomicU64::new(0), AtomicU64::new(0));
        Self { rules, limits: Mutex::new(limits), counts_jobs, allowed, refused }
    }

    /// Whether the ends of its jobs are to be reported with [`CommandTopic::job_ended`].
    pub fn counts_jobs(&self) -> bool {
        self.counts_jobs
    }

    /// A job has ended; false: it is none of this topic's.
    pub fn job_ended(&self, id: &str) -> bool {
        self.limits.lock().finished(id)
    }

    /// What its commands may do.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Takes the room that a command needs, in its limits.
    ///
    /// # Errors
    /// There is none.
    pub fn admit(&self, job_id: &str, now: Instant) -> Result<(), Reason> {
        self.limits.lock().admit(job_id, now)
    }

    /// A command was allowed.
    pub fn count_allowed(&self) {
        self.allowed.fetch_add(1, Relaxed);
    }

    /// A command was refused.
    pub fn count_refused(&self) {
        self.refused.fetch_add(1, Relaxed);
    }

    /// Commands that were allowed, and that were refused.
    pub fn counts(&self) -> (u64, u64) {
        (self.allowed.load(Relaxed), self.refused.load(Relaxed))
    }
}
