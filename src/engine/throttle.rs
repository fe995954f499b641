//! A log line that must not come more often than once a second, with the number of times that it stands for.

use parking_lot::Mutex;
use std::time::{Duration, Instant};

/// The least time between two lines.
const EVERY: Duration = Duration::from_secs(1);

/// Counts what has not been said yet.
#[derive(Debug, Default)]
pub struct Throttle(Mutex<Unsaid>);

#[derive(Debug, Default)]
struct Unsaid {
    count: u64,
    said: Option<Instant>,
}

impl Throttle {
    /// It happened `count` times more. `Some`: say it now, for so many times.
    pub fn count(&self, count: u64) -> Option<u64> {
        let mut unsaid = self.0.lock();
        unsaid.count += count;
        if unsaid.count == 0 || unsaid.said.is_some_and(|said| said.elapsed() < EVERY) {
            return None;
        }
        unsaid.said = Some(Instant::now());
        Some(std::mem::take(&mut unsaid.count))
    }

    /// Whether something is still unsaid.
    pub fn is_pending(&self) -> bool {
        self.0.lock().count > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_is_said_at_once_and_the_rest_are_counted() {
        let throttle = Throttle::default();
        assert_eq!(throttle.count(0), None);
        assert_eq!(throttle.count(1), Some(1));
        assert_eq!(throttle.count(2), None);
        assert_eq!(throttle.count(3), None);
        assert!(throttle.is_pending());
        throttle.0.lock().said = None;
        assert_eq!(throttle.count(0), Some(5));
        assert!(!throttle.is_pending());
    }
}
