//! The circuit breaker of a connection: for a while after its messages had to be dropped because too many waited, its
//! events are refused where they come in, and cost nothing.
//!
//! Asked by the core's event threads without a lock; tripped by whoever drops; the log lines are the dispatch thread's.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::time::{Duration, Instant};

/// See the module's text.
#[derive(Debug)]
pub struct Breaker {
    /// How long it stays open, in milliseconds; 0: there is none.
    span: u64,
    begin: Instant,
    /// Until when it is open, in milliseconds from `begin` on; 0: it is closed.
    until: AtomicU64,
    /// Events that were refused since it opened.
    refused: AtomicU64,
    /// Whether the log says that it is open.
    said: AtomicBool,
}

/// What the log is to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// It has opened.
    Opened,
    /// It has closed after so many events were refused.
    Closed(u64),
}

impl Breaker {
    /// A closed one; `milliseconds` is circuit_breaker_ms.
    pub fn new(milliseconds: u32) -> Self {
        Self {
            span: milliseconds.into(),
            begin: Instant::now(),
            until: AtomicU64::new(0),
            refused: AtomicU64::new(0),
            said: AtomicBool::new(false),
        }
    }

    /// Whether there is one.
    pub fn is_there(&self) -> bool {
        self.span > 0
    }

    /// Whether events are refused now.
    pub fn is_open(&self) -> bool {
        match self.until.load(SeqCst) {
            0 => false,
            until => self.now() < until,
        }
    }

    /// An event was refused.
    pub fn count_refused(&self) {
        self.refused.fetch_add(1, SeqCst);
    }

    /// Messages were dropped because too many waited. While it is open already, this changes nothing.
    pub fn trip(&self) {
        if self.is_there() && !self.is_open() {
            self.until.store((self.now() + self.span).max(1), SeqCst);
        }
    }

    /// What is to be said now, if anything, and after what time this is to be asked again, if it must be.
    pub fn report(&self) -> (Option<Said>, Option<Duration>) {
        self.report_at(self.now())
    }

    fn report_at(&self, now: u64) -> (Option<Said>, Option<Duration>) {
        let until = self.until.load(SeqCst);
        if until == 0 {
            return (None, None);
        }
        if !self.said.swap(true, SeqCst) {
            // Its end is a line of its own, even if it is over already.
            return (Some(Said::Opened), Some(Duration::from_millis(until.saturating_sub(now).max(1))));
        }
        if now < until {
            return (None, Some(Duration::from_millis(until - now)));
        }
        // Tripped again in this moment: it just stays open.
        if self.until.compare_exchange(until, 0, SeqCst, SeqCst).is_err() {
            return (None, Some(Duration::from_millis(1)));
        }
        self.said.store(false, SeqCst);
        (Some(Said::Closed(self.refused.swap(0, SeqCst))), None)
    }

    fn now(&self) -> u64 {
        u64::try_from(self.begin.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_opens_when_it_is_tripped_and_each_end_is_said_once() {
        let breaker = Breaker::new(3_600_000);
        assert_eq!((breaker.is_open(), breaker.report()), (false, (None, None)));
        breaker.trip();
        assert!(breaker.is_open());
        assert_eq!(breaker.report().0, Some(Said::Opened));
        breaker.count_refused();
        breaker.trip();
        let (said, again) = breaker.report();
        assert!(said.is_none() && again.is_some_and(|again| again <= Duration::from_secs(3600)));
        let end = breaker.until.load(SeqCst);
        assert_eq!(breaker.report_at(end), (Some(Said::Closed(1)), None));
        assert_eq!((breaker.is_open(), breaker.report()), (false, (None, None)));
    }

    #[test]
    fn there_is_none_unless_it_has_a_time() {
        let breaker = Breaker::new(0);
        breaker.trip();
        assert!(!breaker.is_there() && !breaker.is_open());
    }
}
