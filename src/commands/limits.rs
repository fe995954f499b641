//! How many commands of one topic run: `command_rate`, a token bucket, and `command_max_in_flight`.
//!
//! Shared by the threads that take commands and those that see their results: whoever owns it locks it.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::Reason;
use crate::config::{CommandRate, SubscriberTopic};

/// The limits of one topic, and what is left of them.
#[derive(Debug)]
pub struct Limits {
    rate: Option<Bucket>,
    in_flight: Option<InFlight>,
}

impl Limits {
    /// The limits of a configured topic, all of them unused.
    pub fn new(topic: &SubscriberTopic, now: Instant) -> Self {
        let most = topic.command_max_in_flight;
        Self {
            rate: topic.command_rate.map(|rate| Bucket::full(rate, now)),
            in_flight: (most > 0).then(|| InFlight { most, jobs: HashMap::new(), count: 0 }),
        }
    }

    /// Takes the room that a command of this job id needs, or none at all. [`Self::finished`] gives it back.
    pub fn admit(&mut self, job_id: &str, now: Instant) -> Result<(), Reason> {
        if let Some(in_flight) = self.in_flight.as_ref().filter(|in_flight| in_flight.count >= in_flight.most)
        {
            return Err(Reason::TooManyInFlight { most: in_flight.most });
        }
        if let Some(bucket) = &mut self.rate {
            if !bucket.take(now) {
                return Err(Reason::RateUsedUp { per_second: bucket.rate.per_second });
            }
        }
        if let Some(in_flight) = &mut self.in_flight {
            in_flight.start(job_id);
        }
        Ok(())
    }

    /// A job has ended, or was never begun. False: it is none of this topic's, or nobody counts them.
    pub fn finished(&mut self, job_id: &str) -> bool {
        self.in_flight.as_mut().is_some_and(|in_flight| in_flight.end(job_id))
    }

    /// How many commands run; `None`: nobody counts them.
    pub fn in_flight(&self) -> Option<u32> {
        self.in_flight.as_ref().map(|in_flight| in_flight.count)
    }
}

/// Commands, or whatever else is limited, that may be run now; more of them with time, up to the burst.
#[derive(Debug)]
pub struct Bucket {
    rate: CommandRate,
    /// In billionths of a command, so that a nanosecond adds `per_second` of them.
    credit: u64,
    filled: Instant,
}

impl Bucket {
    const COMMAND: u64 = Duration::from_secs(1).as_nanos() as u64;

    /// A bucket that holds the whole burst.
    pub fn full(rate: CommandRate, now: Instant) -> Self {
        Self { rate, credit: u64::from(rate.burst) * Self::COMMAND, filled: now }
    }

    /// Takes a command; false: there is none. A clock that stands still or goes back adds nothing.
    pub fn take(&mut self, now: Instant) -> bool {
        let passed = u64::try_from(now.saturating_duration_since(self.filled).as_nanos()).unwrap_or(u64::MAX);
        let earned = passed.saturating_mul(u64::from(self.rate.per_second));
        let most = u64::from(self.rate.burst) * Self::COMMAND;
        self.credit = self.credit.saturating_add(earned).min(most);
        self.filled = self.filled.max(now);
        match self.credit.checked_sub(Self::COMMAND) {
            Some(left) => {
                self.credit = left;
                true
            }
            None => false,
        }
    }
}

/// Jobs that have not ended. Senders choose ids: one may be there several times.
#[derive(Debug)]
struct InFlight {
    most: u32,
    count: u32,
    jobs: HashMap<String, u32>,
}

impl InFlight {
    fn start(&mut self, job_id: &str) {
        self.count += 1;
        *self.jobs.entry(job_id.to_owned()).or_default() += 1;
    }

    fn end(&mut self, job_id: &str) -> bool {
        let Some(times) = self.jobs.get_mut(job_id) else { return false };
        *times -= 1;
        if *times == 0 {
            self.jobs.remove(job_id);
        }
        self.count -= 1;
        true
    }
}
