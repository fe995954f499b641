//! The bound on everything that waits: how many messages all outboxes hold together.

use std::sync::atomic::{AtomicI64, Ordering::SeqCst};

/// Counts the messages in all outboxes.
#[derive(Debug)]
pub struct Held {
    /// For a moment less than nothing: what goes back to an outbox can be taken out again before it is counted.
    count: AtomicI64,
    capacity: usize,
}

impl Held {
    /// Nothing is held; `capacity` is event-queue-size.
    pub fn new(capacity: usize) -> Self {
        Self { count: AtomicI64::new(0), capacity }
    }

    /// Messages were put in an outbox.
    pub fn add(&self, count: usize) {
        self.count.fetch_add(count as i64, SeqCst);
    }

    /// Messages were taken out of one.
    pub fn remove(&self, count: usize) {
        self.count.fetch_sub(count as i64, SeqCst);
    }

    /// Whether the outboxes hold more than they may.
    pub fn is_over(&self) -> bool {
        self.count.load(SeqCst) > self.capacity as i64
    }

    /// event-queue-size.
    pub fn capacity(&self) -> usize {
        self.capacity
    }
}
