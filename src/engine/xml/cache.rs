//! Answers that count for a while (`cache_time`), bounded in number and in size.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The most answers that are kept for a binding.
const MOST_ANSWERS: usize = 1000;
/// The most bytes of answers and requests that are kept for a binding.
const MOST_BYTES: usize = 16 << 20;

/// See the module's text. All answers count for the same time, so that the oldest is the first to go.
#[derive(Debug)]
pub struct Cache {
    time: Duration,
    answers: HashMap<Arc<[u8]>, Answer>,
    /// By age.
    order: VecDeque<Arc<[u8]>>,
    bytes: usize,
}

#[derive(Debug)]
struct Answer {
    xml: Arc<str>,
    kept: Instant,
}

impl Cache {
    /// An empty one; with no time it stays empty.
    pub fn new(time: Duration) -> Self {
        Self { time, answers: HashMap::new(), order: VecDeque::new(), bytes: 0 }
    }

    /// Whether anything is kept at all.
    pub fn keeps(&self) -> bool {
        !self.time.is_zero()
    }

    /// The answer to this request, if it still counts.
    pub fn get(&self, key: &[u8], now: Instant) -> Option<Arc<str>> {
        let answer = self.answers.get(key)?;
        (now.saturating_duration_since(answer.kept) < self.time).then(|| Arc::clone(&answer.xml))
    }

    /// Keeps an answer, unless there is one already: several may have asked at once.
    pub fn put(&mut self, key: Vec<u8>, xml: &str, now: Instant) {
        let size = key.len() + xml.len();
        if !self.keeps() || size > MOST_BYTES {
            return;
        }
        self.make_room(size, now);
        if self.answers.contains_key(key.as_slice()) {
            return;
        }
        let key: Arc<[u8]> = key.into();
        self.bytes += size;
        self.answers.insert(Arc::clone(&key), Answer { xml: xml.into(), kept: now });
        self.order.push_back(key);
    }

    /// Forgets what counts no more, and the oldest if there is no room for one more of this size.
    fn make_room(&mut self, size: usize, now: Instant) {
        while let Some(oldest) = self.order.front() {
            let kept = self.answers.get(oldest).map(|answer| answer.kept);
            let counts = kept.is_some_and(|kept| now.saturating_duration_since(kept) < self.time);
            if counts && self.answers.len() < MOST_ANSWERS && self.bytes + size <= MOST_BYTES {
                return;
            }
            let removed = self.answers.remove_entry(oldest);
            self.bytes -= removed.map_or(0, |(key, answer)| key.len() + answer.xml.len());
            self.order.pop_front();
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        *self = Self::new(self.time);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn get(cache: &Cache, key: &str, now: Instant) -> Option<String> {
        cache.get(key.as_bytes(), now).map(|xml| xml.to_string())
    }

    #[test]
    fn an_answer_counts_for_its_time_and_then_a_newer_one_does() {
        let (mut cache, begin) = (Cache::new(MINUTE), Instant::now());
        cache.put(b"a".to_vec(), "one", begin);
        cache.put(b"a".to_vec(), "at the same time", begin + MINUTE / 2);
        assert_eq!(get(&cache, "a", begin + MINUTE / 2).as_deref(), Some("one"));
        assert_eq!(get(&cache, "a", begin + MINUTE), None);
        assert_eq!(get(&cache, "b", begin), None);
        cache.put(b"a".to_vec(), "two", begin + MINUTE);
        cache.put(b"b".to_vec(), "other", begin + MINUTE);
        assert_eq!(get(&cache, "a", begin + MINUTE).as_deref(), Some("two"));
        assert_eq!((cache.answers.len(), cache.order.len(), cache.bytes), (2, 2, 10));
        cache.clear();
        assert_eq!((get(&cache, "b", begin + MINUTE), cache.bytes), (None, 0));
    }

    #[test]
    fn without_a_time_nothing_is_kept() {
        let (mut cache, now) = (Cache::new(Duration::ZERO), Instant::now());
        cache.put(b"a".to_vec(), "one", now);
        assert!(!cache.keeps() && cache.answers.is_empty());
    }

    #[test]
    fn it_does_not_grow_without_end() {
        let (mut cache, now) = (Cache::new(MINUTE), Instant::now());
        for number in 0..2 * MOST_ANSWERS {
            cache.put(number.to_string().into_bytes(), "x", now);
        }
        assert_eq!((cache.answers.len(), cache.order.len()), (MOST_ANSWERS, MOST_ANSWERS));
        assert_eq!((get(&cache, "0", now), get(&cache, "1999", now).as_deref()), (None, Some("x")));
        let large = "y".repeat(MOST_BYTES / 3);
        for number in 0..10 {
            cache.put(format!("large {number}").into_bytes(), &large, now);
        }
        assert!(cache.bytes <= MOST_BYTES && cache.answers.len() <= 3, "{}", cache.answers.len());
        cache.put(b"too large".to_vec(), &"z".repeat(MOST_BYTES), now);
        assert_eq!(get(&cache, "too large", now), None);
        for _ in 0..10 {
            cache.put(b"same".to_vec(), "x", now);
        }
        assert_eq!(cache.order.len(), cache.answers.len());
    }
}
