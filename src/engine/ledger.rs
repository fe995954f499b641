//! The accounts of a connection: what was accepted for it, and what became of it.
//!
//! Written by the core's event threads, the dispatch thread and the connection's thread; read by anyone at any time.

use std::iter::Sum;
use std::ops::Add;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

/// Why a message was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DropReason {
    /// The queue, or the outboxes together, held event-queue-size messages.
    Full,
    /// The library or the broker refused this message.
    Refused,
    /// Its connection was removed before it could go out.
    Removed,
    /// The module was unloaded before it could go out.
    Unload,
    /// It waited for longer than its topic's message_expiry.
    Expired,
}

/// Why a message was not accepted, although its topic wants the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeldBack {
    /// Its topic's throttle.
    Throttled,
    /// Its connection's circuit breaker.
    CircuitBreaker,
}

/// Counts one connection's messages. A message is counted as accepted before it is put anywhere, and as published or
/// dropped after it has left its last place.
#[derive(Debug, Default)]
pub struct Ledger {
    accepted: Alone,
    published: AtomicU64,
    full: AtomicU64,
    refused: AtomicU64,
    removed: AtomicU64,
    unload: AtomicU64,
    expired: AtomicU64,
    throttled: AtomicU64,
    broken: AtomicU64,
}

/// In cache lines of its own: the core's event threads write it, and would wait for the line at every event if the
/// connection's thread wrote to it as well.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Alone(AtomicU64);

impl Ledger {
    /// Messages were taken for this connection.
    pub fn accept(&self, count: u64) {
        self.accepted.0.fetch_add(count, SeqCst);
    }

    /// A message was not taken for this connection.
    pub fn hold_back(&self, why: HeldBack) {
        let counter = match why {
            HeldBack::Throttled => &self.throttled,
            HeldBack::CircuitBreaker => &self.broken,
        };
        counter.fetch_add(1, SeqCst);
    }

    /// Messages went out.
    pub fn publish(&self, count: u64) {
        self.published.fetch_add(count, SeqCst);
    }

    /// Messages were given up.
    pub fn drop(&self, reason: DropReason, count: u64) {
        let counter = match reason {
            DropReason::Full => &self.full,
            DropReason::Refused => &self.refused,
            DropReason::Removed => &self.removed,
            DropReason::Unload => &self.unload,
            DropReason::Expired => &self.expired,
        };
        counter.fetch_add(count, SeqCst);
    }

    /// The four numbers, such that accepted = published + dropped + waiting. What has left is read before what came
    /// in, so that a message that comes and goes meanwhile is not seen leaving only.
    pub fn read(&self) -> Account {
        let published = self.published.load(SeqCst);
        let full = self.full.load(SeqCst);
        let refused = self.refused.load(SeqCst);
        let removed = self.removed.load(SeqCst);
        let unload = self.unload.load(SeqCst);
        let expired = self.expired.load(SeqCst);
        let accepted = self.accepted.0.load(SeqCst);
        let (throttled, broken) = (self.throttled.load(SeqCst), self.broken.load(SeqCst));
        Account { accepted, published, full, refused, removed, unload, expired, throttled, broken }
    }
}

/// A reading of one ledger, or the sum of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Account {
    /// Messages taken, one for each topic that wanted an event.
    pub accepted: u64,
    /// Messages that went out: at QoS 0 written to the socket, at QoS 1 and 2 acknowledged by the broker.
    pub published: u64,
    /// Dropped because event-queue-size messages were waiting.
    pub full: u64,
    /// Dropped because the library or the broker refused them.
    pub refused: u64,
    /// Dropped because their connection was removed.
    pub removed: u64,
    /// Dropped because the module was unloaded.
    pub unload: u64,
    /// Dropped because they had waited for longer than message_expiry.
    pub expired: u64,
    /// Never accepted because of a topic's throttle.
    pub throttled: u64,
    /// Never accepted because of the connection's circuit breaker.
    pub broken: u64,
}

impl Account {
    /// All that was given up.
    pub fn dropped(&self) -> u64 {
        self.full + self.refused + self.removed + self.unload + self.expired
    }

    /// Why messages were given up, and how many: `full 2, refused 1, removed 0, unload 0, expired 0`.
    pub fn reasons(&self) -> String {
        let Self { full, refused, removed, unload, expired, .. } = self;
        format!("full {full}, refused {refused}, removed {removed}, unload {unload}, expired {expired}")
    }

    /// Why messages were not accepted, and how many: `throttled 2, circuit breaker 0`.
    pub fn held_back(&self) -> String {
        format!("throttled {}, circuit breaker {}", self.throttled, self.broken)
    }

    /// What is in the queue, in an outbox or in flight.
    pub fn waiting(&self) -> u64 {
        self.accepted.saturating_sub(self.published + self.dropped())
    }
}

impl Add for Account {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            accepted: self.accepted + other.accepted,
            published: self.published + other.published,
            full: self.full + other.full,
            refused: self.refused + other.refused,
            removed: self.removed + other.removed,
            unload: self.unload + other.unload,
            expired: self.expired + other.expired,
            throttled: self.throttled + other.throttled,
            broken: self.broken + other.broken,
        }
    }
}

impl Sum for Account {
    fn sum<I: Iterator<Item = Self>>(accounts: I) -> Self {
        accounts.fold(Self::default(), Self::add)
    }
}
