//! How long to wait before the next attempt: reconnect_delay, reconnect_delay_max, reconnect_exponential_backoff.
//!
//! Every wait is a little shorter than that, by chance: the switches that lost a broker together do not come back to it
//! in the same instant.

use std::time::Duration;

/// The largest part of a wait that chance takes away.
const JITTER: f64 = 0.25;

/// The waits of one connection. mosquitto_reconnect_delay_set(3) describes the same parameters.
#[derive(Debug, Clone)]
pub struct Backoff {
    delay: u64,
    most: u64,
    exponential: bool,
    failures: u32,
}

impl Backoff {
    /// The waits of a connection, in seconds: at least `delay`, at most `most` unless that is less.
    pub fn new(delay: u32, most: u32, exponential: bool) -> Self {
        let delay = u64::from(delay.max(1));
        Self { delay, most: delay.max(u64::from(most)), exponential, failures: 0 }
    }

    /// The broker accepted the connection: begin from the start.
    pub fn reset(&mut self) {
        self.failures = 0;
    }

    /// How many attempts have failed in a row.
    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// One more attempt failed: how long to wait before the next. `chance` is a random number, 0 to 1: with 0 the wait
    /// is as configured, with 1 a quarter shorter.
    pub fn next(&mut self, chance: f64) -> Duration {
        let factor = if self.exponential {
            1_u64.checked_shl(self.failures).unwrap_or(u64::MAX)
        } else {
            u64::from(self.failures) + 1
        };
        self.failures = self.failures.saturating_add(1);
        let wait = Duration::from_secs(self.delay.saturating_mul(factor).min(self.most));
        wait.mul_f64(1.0 - JITTER * chance.clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(mut backoff: Backoff) -> Vec<u64> {
        (0..6).map(|_| backoff.next(0.0).as_secs()).collect()
    }

    #[test]
    fn without_a_maximum_every_wait_is_the_same() {
        assert_eq!(waits(Backoff::new(3, 0, false)), [3, 3, 3, 3, 3, 3]);
        assert_eq!(waits(Backoff::new(3, 0, true)), [3, 3, 3, 3, 3, 3]);
        assert_eq!(waits(Backoff::new(0, 0, false)), [1, 1, 1, 1, 1, 1]);
    }

    #[test]
    fn with_a_maximum_the_wait_grows_by_the_delay_or_doubles() {
        assert_eq!(waits(Backoff::new(2, 9, false)), [2, 4, 6, 8, 9, 9]);
        assert_eq!(waits(Backoff::new(2, 20, true)), [2, 4, 8, 16, 20, 20]);
    }

    #[test]
    fn a_connection_that_was_accepted_begins_from_the_start() {
        let mut backoff = Backoff::new(1, 60, true);
        for _ in 0..100 {
            backoff.next(0.0);
        }
        assert_eq!((backoff.failures(), backoff.next(0.0).as_secs()), (100, 60));
        backoff.reset();
        assert_eq!((backoff.failures(), backoff.next(0.0).as_secs()), (0, 1));
    }

    #[test]
    fn chance_takes_away_a_quarter_at_most() {
        let wait = |chance| Backoff::new(8, 0, false).next(chance);
        assert_eq!((wait(0.0), wait(1.0)), (Duration::from_secs(8), Duration::from_secs(6)));
        assert_eq!((wait(0.5), wait(9.0)), (Duration::from_secs(7), Duration::from_secs(6)));
        let mut long = Backoff::new(u32::MAX, u32::MAX, true);
        long.next(0.0);
        assert_eq!(long.next(0.0).as_secs(), u64::from(u32::MAX));
    }
}
