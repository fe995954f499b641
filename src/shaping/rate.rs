//! `throttle`: how many messages go out in a time, for each key.

use parking_lot::Mutex;
use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

/// Keys that are remembered, at most; of more, the one that was used least lately is forgotten, and may begin anew.
const MOST_KEYS: usize = 16_384;

/// `throttle`: so many messages in a time on average, and at once after a pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// At least 1.
    pub messages: u32,
    /// In this time.
    pub per: Unit,
    /// At least 1.
    pub burst: u32,
}

/// The time of a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// `s`
    Second,
    /// `min`
    Minute,
    /// `h`
    Hour,
}

impl Unit {
    fn from_word(word: &str) -> Option<Self> {
        match word.to_ascii_lowercase().as_str() {
            "s" | "sec" | "second" => Some(Self::Second),
            "m" | "min" | "minute" => Some(Self::Minute),
            "h" | "hour" => Some(Self::Hour),
            _ => None,
        }
    }

    fn seconds(self) -> u64 {
        match self {
            Self::Second => 1,
            Self::Minute => 60,
            Self::Hour => 3600,
        }
    }
}

impl Rate {
    /// Reads `10`, `10/20`, `1/min`, `1/min/5`: messages in a second or in the unit, then the burst, which is as many
    /// unless it is said. `Some(None)`: empty or 0, no limit; `None`: it is none of these.
    pub fn parse(text: &str) -> Option<Option<Self>> {
        let text = text.trim();
        if text.is_empty() {
            return Some(None);
        }
        let whole = |text: &str| {
            let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse::<u32>().ok().filter(|_| is_number)
        };
        let parts: Vec<&str> = text.split('/').map(str::trim).collect();
        let messages = whole(parts[0])?;
        let (per, burst) = match parts[1..] {
            [] => (Unit::Second, messages),
            [word] => match Unit::from_word(word) {
                Some(unit) => (unit, messages),
                None => (Unit::Second, whole(word)?),
            },
            [unit, burst] => (Unit::from_word(unit)?, whole(burst)?),
            _ => return None,
        };
        match (messages, burst) {
            (0, _) => Some(None),
            (_, 0) => None,
            (messages, burst) => Some(Some(Self { messages, per, burst })),
        }
    }

    /// The time that one message stands for, in nanoseconds.
    fn interval(&self) -> u64 {
        self.per.seconds() * 1_000_000_000 / u64::from(self.messages)
    }
}

/// In full: `10/s/20`.
impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.per {
            Unit::Second => "s",
            Unit::Minute => "min",
            Unit::Hour => "h",
        };
        write!(f, "{}/{unit}/{}", self.messages, self.burst)
    }
}

/// Holds messages to a rate. The core's event threads share it, and nobody else; what is done under its lock is to look
/// one number up.
#[derive(Debug)]
pub struct Limiter {
    hasher: RandomState,
    times: Mutex<Times>,
}

impl Limiter {
    /// Nothing has been admitted yet.
    pub fn new(rate: Rate, keyed: bool) -> Self {
        let capacity = if keyed { MOST_KEYS / 2 } else { 1 };
        Self { hasher: RandomState::new(), times: Mutex::new(Times::new(rate, capacity)) }
    }

    /// Whether a message with this key may go out, `now` after some fixed time.
    pub fn admit(&self, key: &[u8], now: Duration) -> bool {
        // Of two keys with the same hash, a chance of 1 to 10^11 among as many as are remembered, one has the other's.
        let key = self.hasher.hash_one(key);
        self.times.lock().admit(key, u64::try_from(now.as_nanos()).unwrap_or(u64::MAX))
    }
}

/// For each key the time from which on all of its burst is there again (the generic cell rate algorithm), in two
/// generations: what was not used for a whole generation is forgotten with it.
#[derive(Debug)]
struct Times {
    interval: u64,
    /// How far ahead of now a key's time may be.
    tolerance: u64,
    capacity: usize,
    young: HashMap<u64, u64>,
    old: HashMap<u64, u64>,
}

impl Times {
    fn new(rate: Rate, capacity: usize) -> Self {
        let interval = rate.interval();
        let tolerance = interval.saturating_mul(u64::from(rate.burst) - 1);
        let map = || HashMap::with_capacity(capacity);
        Self { interval, tolerance, capacity, young: map(), old: map() }
    }

    fn admit(&mut self, key: u64, now: u64) -> bool {
        let known = self.young.get(&key).or_else(|| self.old.get(&key));
        let time = known.copied().unwrap_or(now).max(now);
        let is_admitted = time - now <= self.tolerance;
        if self.young.len() == self.capacity && !self.young.contains_key(&key) {
            std::mem::swap(&mut self.young, &mut self.old);
            self.young.clear();
        }
        // One that is not admitted is remembered as well: it is in use.
        self.young.insert(key, if is_admitted { time.saturating_add(self.interval) } else { time });
        is_admitted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limiter(rate: &str, keyed: bool) -> Limiter {
        Limiter::new(Rate::parse(rate).expect(rate).expect(rate), keyed)
    }

    /// How many of so many messages are admitted at this time.
    fn admitted(limiter: &Limiter, key: &str, count: usize, milliseconds: u64) -> usize {
        let now = Duration::from_millis(milliseconds);
        (0..count).filter(|_| limiter.admit(key.as_bytes(), now)).count()
    }

    #[test]
    fn a_rate_is_messages_a_unit_and_a_burst() {
        let shown = |text| Rate::parse(text).map(|rate| rate.map(|rate| rate.to_string()));
        assert_eq!(shown("10"), Some(Some("10/s/10".to_owned())));
        assert_eq!(shown(" 10 / 20 "), Some(Some("10/s/20".to_owned())));
        assert_eq!(shown("1/Min"), Some(Some("1/min/1".to_owned())));
        assert_eq!(shown("100/hour/5"), Some(Some("100/h/5".to_owned())));
        assert_eq!((shown(""), shown("0"), shown("0/min")), (Some(None), Some(None), Some(None)));
        for text in
            ["ten", "-1", "+1", "1/0", "1/day", "1/min/0", "1/5/min", "1/min/2/3", "/", "1/", "4294967296"]
        {
            assert_eq!(shown(text), None, "{text}");
        }
    }

    #[test]
    fn a_burst_goes_at_once_and_the_rest_at_the_rate() {
        let limiter = limiter("10/20", false);
        assert_eq!(admitted(&limiter, "", 50, 5000), 20);
        assert_eq!(admitted(&limiter, "", 50, 5050), 0);
        assert_eq!(admitted(&limiter, "", 50, 5100), 1);
        assert_eq!(admitted(&limiter, "", 50, 5600), 5);
        assert_eq!(admitted(&limiter, "", 50, 60_000), 20);
    }

    #[test]
    fn one_a_minute_is_one_a_minute() {
        let limiter = limiter("1/min", false);
        let at = |seconds: u64| admitted(&limiter, "", 3, seconds * 1000);
        assert_eq!([at(0), at(20), at(59), at(60), at(119), at(120), at(1000)], [1, 0, 0, 1, 0, 1, 1]);
    }

    #[test]
    fn each_key_has_a_rate_of_its_own() {
        let limiter = limiter("1/2", true);
        assert_eq!((admitted(&limiter, "a", 3, 0), admitted(&limiter, "b", 3, 0)), (2, 2));
        assert_eq!((admitted(&limiter, "a", 3, 1000), admitted(&limiter, "c", 1, 1000)), (1, 1));
    }

    #[test]
    fn so_many_keys_are_remembered_and_those_in_use_are() {
        let limiter = limiter("1/min", true);
        assert_eq!(admitted(&limiter, "busy", 1, 0), 1);
        for key in 0..10 * MOST_KEYS {
            assert_eq!(admitted(&limiter, &key.to_string(), 1, 1), 1);
            if key % 100 == 0 {
                assert_eq!(admitted(&limiter, "busy", 1, 1), 0);
            }
        }
        let times = limiter.times.lock();
        assert!(times.young.len() + times.old.len() <= MOST_KEYS);
        assert!(times.young.capacity() < 2 * MOST_KEYS, "the maps do not grow");
        drop(times);
        assert_eq!(admitted(&limiter, "0", 1, 2), 1, "forgotten long ago");
    }
}
