//! What the commands of a subscriber's topic may do, and what became of them.

use crate::commands::{Limits, Reason, Rules};
use crate::config::SubscriberTopic;
use parking_lot::Mutex;
use std::ffi::CString;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;

/// See the module's text.
#[derive(Debug)]
pub struct CommandTopic {
    rules: Rules,
    limits: Mutex<Limits>,
    counts_jobs: bool,
    responses: Responses,
    allowed: AtomicU64,
    refused: AtomicU64,
    answered: AtomicU64,
    unanswered: AtomicU64,
}

/// What was done with a topic's commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Commands that were allowed.
    pub allowed: u64,
    /// Commands that were refused.
    pub refused: u64,
    /// Answers that were published.
    pub answered: u64,
    /// Answers that were wanted, and were not published.
    pub unanswered: u64,
}

/// Where answers may go.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Responses {
    /// `response_allow`
    pub allow: Vec<CString>,
    /// `response_errors`
    pub errors: bool,
}

impl Responses {
    /// As configured.
    pub fn new(topic: &SubscriberTopic) -> Self {
        let allow = topic.response_allow.iter().filter_map(|filter| CString::new(filter.as_str()).ok());
        Self { allow: allow.collect(), errors: topic.response_errors }
    }
}

impl CommandTopic {
    /// A topic to which no command has come yet.
    pub fn new(rules: Rules, limits: Limits, responses: Responses) -> Self {
        let counts_jobs = limits.in_flight().is_some();
        let [allowed, refused, answered, unanswered] = std::array::from_fn(|_| AtomicU64::new(0));
        let limits = Mutex::new(limits);
        Self { rules, limits, counts_jobs, responses, allowed, refused, answered, unanswered }
    }

    /// Whether the ends of its jobs are to be reported with [`CommandTopic::job_ended`].
    pub fn counts_jobs(&self) -> bool {
        self.counts_jobs
    }

    /// Whether its commands may be answered.
    pub fn answers(&self) -> bool {
        !self.responses.allow.is_empty()
    }

    /// Where answers may go.
    pub fn responses(&self) -> &Responses {
        &self.responses
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

    /// An answer was published.
    pub fn count_answered(&self) {
        self.answered.fetch_add(1, Relaxed);
    }

    /// An answer was wanted, and was not published.
    pub fn count_unanswered(&self) {
        self.unanswered.fetch_add(1, Relaxed);
    }

    /// What was done so far.
    pub fn counts(&self) -> Counts {
        Counts {
            allowed: self.allowed.load(Relaxed),
            refused: self.refused.load(Relaxed),
            answered: self.answered.load(Relaxed),
            unanswered: self.unanswered.load(Relaxed),
        }
    }
}
