//! The event-dispatch thread: from the queue to the outboxes, from the outboxes to libmosquitto.
//!
//! It waits for the queue and for a wake-up (a connection that came up, more than one batch to go, the end), and for
//! nothing else, and holds no lock while it publishes.

use super::connection::Shared;
use super::handover::{AT_ONCE, hand_over};
use super::held::Held;
use super::ledger::DropReason;
use super::message::{Delivery, Message, Taken};
use super::throttle::Throttle;
use crate::mqtt::Client;
use crossbeam_channel::{Receiver, select_biased};
use parking_lot::RwLock;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::time::Duration;

/// How many events are spread over the outboxes before publishing goes on. Larger than [`AT_ONCE`], so that
/// the queue, which the core's event threads fill, is always emptied faster than the outboxes.
const TAKE_AT_ONCE: usize = 1024;
/// While a line about dropped messages is still to be said.
const SAY_WITHIN: Duration = Duration::from_millis(250);
/// The longest that an event of a series waits in the queue. The first one is taken at once.
const LINGER: Duration = Duration::from_micros(200);
/// Otherwise.
const IDLE: Duration = Duration::from_secs(3600);

/// A connection that the dispatch thread may publish on.
#[derive(Clone)]
pub struct Outlet {
    /// What is shared with the connection's thread.
    pub shared: Arc<Shared>,
    /// The client.
    pub client: Arc<Client<Shared>>,
}

/// How long the dispatch thread leaves a queue alone in which it has found something. Meanwhile no event thread has to
/// wake it up, which costs more than all the rest of the callback and often the processor as well. As long as there are
/// less than a million events a second, the queue does not fill meanwhile.
fn linger(capacity: Option<usize>) -> Duration {
    Duration::from_micros(capacity.map_or(0, |capacity| capacity as u64)).min(LINGER)
}

/// What the dispatch thread works on.
pub struct Dispatch {
    queue: Receiver<Taken>,
    wake: Receiver<()>,
    outlets: RwLock<Arc<[Outlet]>>,
    held: Arc<Held>,
    overflow: Arc<AtomicU64>,
    stop: AtomicBool,
    drops: Throttle,
}

impl Dispatch {
    /// `overflow` counts the messages for which the callback found the queue full.
    pub fn new(
        queue: Receiver<Taken>,
        wake: Receiver<()>,
        held: Arc<Held>,
        overflow: Arc<AtomicU64>,
    ) -> Self {
        Self {
            queue,
            wake,
            outlets: RwLock::new(Arc::new([])),
            held,
            overflow,
            stop: AtomicBool::new(false),
            drops: Throttle::default(),
        }
    }

    /// Replaces the connections that may be published on.
    pub fn set_outlets(&self, outlets: Arc<[Outlet]>) {
        *self.outlets.write() = outlets;
    }

    /// Spreads what is left in the queue, after the thread has ended.
    pub fn spread_the_rest(&self) {
        for taken in self.queue.try_iter() {
            self.spread(taken, &mut 0);
        }
    }

    /// Whether the queue is empty.
    pub fn is_queue_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Tells the thread to end; it must be woken up after that.
    pub fn stop(&self) {
        self.stop.store(true, SeqCst);
    }

    /// The body of the thread.
    pub fn run(&self) {
        let mut sequence = 0;
        let (mut busy, mut lingers) = (false, false);
        let linger = linger(self.queue.capacity());
        let mut breakers = IDLE;
        while !self.stop.load(SeqCst) {
            let before = sequence;
            if lingers && !busy {
                // A wake-up, or the time is over: either way there is something to look at.
                let _woken = self.wake.recv_timeout(linger);
                lingers = false;
            } else if !busy {
                let patience = if self.drops.is_pending() { SAY_WITHIN } else { IDLE }.min(breakers);
                select_biased! {
                    recv(self.queue) -> taken => if let Ok(taken) = taken {
                        self.spread(taken, &mut sequence);
                    },
                    recv(self.wake) -> _ => {}
                    default(patience) => {}
                }
            }
            for taken in self.queue.try_iter().take(TAKE_AT_ONCE) {
                self.spread(taken, &mut sequence);
            }
            lingers |= sequence != before;
            let outlets = Arc::clone(&self.outlets.read());
            self.keep_within_bounds(&outlets);
            self.say_drops();
            let again = outlets.iter().filter_map(|outlet| outlet.shared.report_breaker());
            breakers = again.min().unwrap_or(IDLE);
            busy = false;
            for outlet in outlets.iter().filter(|outlet| outlet.shared.take_ready()) {
                busy |= outlet.publish();
            }
        }
    }

    /// To the outboxes of all topics that it is for.
    fn spread(&self, taken: Taken, sequence: &mut u64) {
        let mut next = || {
            *sequence += 1;
            *sequence
        };
        match taken {
            Taken::Same { topics, payload } => {
                for topic in topics.iter() {
                    let message = Message::new(next(), Arc::clone(topic), Arc::clone(&payload));
                    topic.connection.push(message);
                }
            }
            Taken::One(one) => deliver(one, next()),
            Taken::Each(deliveries) => deliveries.into_iter().for_each(|one| deliver(one, next())),
        }
    }

    /// All outboxes together hold at most event-queue-size messages: the oldest of all go.
    fn keep_within_bounds(&self, outlets: &[Outlet]) {
        let mut dropped = self.overflow.swap(0, SeqCst);
        while self.held.is_over() {
            let oldest = outlets
                .iter()
                .filter_map(|outlet| outlet.shared.oldest().map(|sequence| (sequence, outlet)))
                .min_by_key(|(sequence, _)| *sequence);
            let Some((_, outlet)) = oldest else { break };
            outlet.shared.drop_oldest(DropReason::Full);
            dropped += 1;
        }
        if dropped > 0 {
            self.report(dropped);
        }
    }

    fn say_drops(&self) {
        if self.drops.is_pending() {
            self.report(0);
        }
    }

    fn report(&self, dropped: u64) {
        if let Some(count) = self.drops.count(dropped) {
            log::warn!(
                "{count} messages dropped: {} are waiting for their brokers already (event-queue-size)",
                self.held.capacity(),
            );
        }
    }
}

/// To the outbox of the topic's connection.
fn deliver(Delivery { topic, payload, name }: Delivery, sequence: u64) {
    let message = Message { name, ..Message::new(sequence, topic, payload) };
    Arc::clone(&message.topic).connection.push(message);
}

impl Outlet {
    /// Publishes what may go now, a batch at most; true: there may be more.
    fn publish(&self) -> bool {
        let batch = self.shared.begin(AT_ONCE);
        if batch.is_empty() {
            return false;
        }
        let batch = hand_over(batch, |name, payload, qos, retain, properties| {
            self.client.publish(name, payload, qos, retain, properties)
        });
        // This thread goes on anyway, whoever has asked for it meanwhile.
        self.shared.finish(batch);
        self.shared.set_ready();
        true
    }
}
