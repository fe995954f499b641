//! One connection at work: what the dispatch thread, the connection's own thread and libmosquitto's callbacks share.
//!
//! No lock of this file is held while libmosquitto is called.

use super::breaker::{Breaker, Said};
use super::handover::{AT_ONCE, HandedOver, hand_over};
use super::held::Held;
use super::inbox::Inbox;
use super::ledger::{DropReason, Ledger};
use super::lifecycle::{Lifecycle, Wanted};
use super::message::Message;
use super::outbox::{Batch, Outbox, Refusal, Settled, Window};
use super::place::Place;
use super::presence::Presence;
use super::throttle::Throttle;
use crate::mqtt::{self, ConnackCode, Handler, Incoming, LossReason, MessageId, Session, Weight};
use crossbeam_channel::Sender;
use parking_lot::{Condvar, Mutex};
use std::ffi::CStr;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::Duration;

/// What the threads of a connection share.
pub struct Shared {
    /// The connection's place in the configuration, `profile "x", connection "y"`, for log lines.
    pub place: String,
    /// The log target of its profile.
    pub target: String,
    /// Its accounts.
    pub ledger: Ledger,
    /// Where it is in its life.
    pub lifecycle: Lifecycle,
    /// What comes in.
    pub inbox: Inbox,
    /// What it says about itself.
    pub presence: Presence,
    /// What refuses its events for a while.
    pub breaker: Breaker,
    /// log-details of its profile.
    details: bool,
    outbox: Mutex<Outbox>,
    handed_over: Condvar,
    held: Arc<Held>,
    wake: Sender<()>,
    ready: AtomicBool,
    /// What `is_up` says, for those who may not wait for a lock.
    up: AtomicBool,
    refusals: Throttle,
    closed_for: Mutex<DropReason>,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("place", &self.place).finish_non_exhaustive()
    }
}

impl Shared {
    /// A connection that is not being made yet.
    pub fn new(
        place: Place,
        wanted: Wanted,
        inbox: Inbox,
        presence: Presence,
        window: Window,
        held: Arc<Held>,
        wake: Sender<()>,
    ) -> Self {
        Self {
            place: place.text,
            target: place.target,
            details: place.details,
            ledger: Ledger::default(),
            lifecycle: Lifecycle::new(wanted),
            inbox,
            presence,
            breaker: Breaker::new(0),
            outbox: Mutex::new(Outbox::new(window)),
            handed_over: Condvar::new(),
            held,
            wake,
            ready: AtomicBool::new(false),
            up: AtomicBool::new(false),
            refusals: Throttle::default(),
            closed_for: Mutex::new(DropReason::Unload),
        }
    }

    // ---- the dispatch thread ----

    /// Puts a message in the outbox.
    pub fn push(&self, message: Message) {
        self.held.add(1);
        if self.outbox.lock().push(message) {
            self.set_ready();
        } else {
            self.held.remove(1);
            self.give_up(1);
        }
    }

    /// There may be something to publish here.
    pub fn set_ready(&self) {
        self.ready.store(true, SeqCst);
    }

    /// Whether something has changed since the last time that this was asked.
    pub fn take_ready(&self) -> bool {
        self.ready.swap(false, SeqCst)
    }

    /// The sequence of the oldest message that waits here.
    pub fn oldest(&self) -> Option<u64> {
        self.outbox.lock().oldest()
    }

    /// Gives up the oldest message that waits here.
    pub fn drop_oldest(&self, reason: DropReason) {
        let dropped = self.outbox.lock().pop_oldest();
        if dropped.is_some() {
            self.held.remove(1);
            self.ledger.drop(reason, 1);
            if reason == DropReason::Full {
                self.breaker.trip();
            }
        }
    }

    /// Says what is new about the circuit breaker, and returns after what time this is to be asked again.
    pub fn report_breaker(&self) -> Option<Duration> {
        let (said, again) = self.breaker.report();
        let (target, place) = (&self.target, &self.place);
        match said {
            Some(Said::Opened) => log::warn!(
                target: target,
                "{place}: too many messages wait: its events are refused for a while (circuit_breaker_ms)",
            ),
            Some(Said::Closed(refused)) => log::info!(
                target: target,
                "{place}: its events are taken again; {refused} were refused (circuit_breaker_ms)",
            ),
            None => {}
        }
        again
    }

    /// Takes messages to be handed over now. [`Shared::finish`] must follow unless there are none.
    pub fn begin(&self, most: usize) -> Vec<Message> {
        let Batch { messages, expired } = self.outbox.lock().begin(most);
        self.held.remove(messages.len() + expired);
        self.ledger.drop(DropReason::Expired, expired as u64);
        messages
    }

    /// Says what the library answered for each of them. True: the other thread wanted to hand over meanwhile.
    pub fn finish(&self, batch: HandedOver) -> bool {
        let settled = self.with_outbox(|outbox| outbox.finish(batch));
        self.handed_over.notify_all();
        let wanted = settled.wanted;
        self.settle(settled);
        wanted
    }

    /// Whether everything that can go out has gone out.
    pub fn is_drained(&self) -> bool {
        let outbox = self.outbox.lock();
        !outbox.is_up() || (outbox.waiting() == 0 && outbox.in_flight() == 0 && !outbox.is_handing())
    }

    /// Gives up everything that is still here, and everything that is still to come, for this reason.
    pub fn close(&self, reason: DropReason) {
        *self.closed_for.lock() = reason;
        let given_up = self.with_outbox(Outbox::close);
        self.held.remove(given_up.waiting);
        self.give_up(given_up.waiting + given_up.in_flight);
    }

    fn give_up(&self, count: usize) {
        let reason = *self.closed_for.lock();
        self.ledger.drop(reason, count as u64);
    }

    // ---- the connection's own thread ----

    /// The attempt, or the connection, is over. Returns whether the broker had accepted it, and why it ended as far as
    /// a callback has said so.
    pub fn ended(&self) -> (bool, Option<String>) {
        self.lost();
        // The library throws QoS 0 away when it connects again: nothing may be half handed over then.
        let mut outbox = self.outbox.lock();
        while outbox.is_handing() {
            self.handed_over.wait(&mut outbox);
        }
        drop(outbox);
        self.lifecycle.ended()
    }

    /// Whether the connection is up, without waiting for anything: it may just have changed.
    pub fn is_up_now(&self) -> bool {
        self.up.load(SeqCst)
    }

    /// Does what may bring it up or down.
    fn with_outbox<T>(&self, change: impl FnOnce(&mut Outbox) -> T) -> T {
        let mut outbox = self.outbox.lock();
        let result = change(&mut outbox);
        self.up.store(outbox.is_up(), SeqCst);
        result
    }

    /// Whether the connection is up.
    pub fn is_up(&self) -> bool {
        self.outbox.lock().is_up()
    }

    fn lost(&self) {
        let settled = self.with_outbox(Outbox::lost);
        self.settle(settled);
    }

    fn settle(&self, settled: Settled) {
        self.held.add(settled.returned);
        if settled.given_up > 0 {
            self.give_up(settled.given_up);
        }
        for message in &settled.published {
            message.topic.count_sent();
        }
        self.ledger.publish(settled.published.len() as u64);
        for (message, refusal) in &settled.refused {
            self.refused(message, *refusal);
        }
    }

    fn refused(&self, message: &Message, refusal: Refusal) {
        self.ledger.drop(DropReason::Refused, 1);
        let why = match refusal {
            Refusal::Library(error) => error.to_string(),
            Refusal::Broker(reason) => {
                format!("the broker refused it: {}", mqtt::reason_words(reason.into()))
            }
        };
        if let Some(count) = self.refusals.count(1) {
            log::warn!(
                target: &self.target,
                "{}: {count} messages refused and dropped, the last one of {} bytes for topic {:?}: {why}",
                self.place,
                message.payload.len(),
                message.topic_name(),
            );
        }
    }

    /// Hands over what may follow a confirmed message, in its callback: no other thread has to wake up for it.
    fn refill(&self, session: &Session) {
        let batch = self.begin(AT_ONCE);
        let more = batch.len() == AT_ONCE;
        let batch = hand_over(batch, |name, payload, qos, retain, properties| {
            session.publish(name, payload, qos, retain, properties)
        });
        if !batch.is_empty() && (self.finish(batch) || more) {
            self.wake();
        }
    }

    fn wake(&self) {
        self.set_ready();
        // Full: the dispatch thread is going to wake up anyway.
        let _already_awake = self.wake.try_send(());
    }
}

impl Handler for Shared {
    fn connected(&self, session: &Session, code: ConnackCode) {
        if !self.lifecycle.is_wanted() {
            session.disconnect();
            return;
        }
        if !code.accepted() {
            let said = session.reason_string().map(|text| format!(": {text}")).unwrap_or_default();
            self.lifecycle.blame(format!("{code}{said}"));
            return;
        }
        self.lifecycle.accepted();
        log::info!(target: &self.target, "{}: connected", self.place);
        self.inbox.announcer.connected();
        for (filter, qos) in self.inbox.begin() {
            let asked = session.subscribe(&filter, qos);
            self.inbox.asked(filter, asked);
        }
        if let Err(error) = self.presence.connected(session) {
            log::warn!(target: &self.target, "{}: the birth message is not published: {error}", self.place);
        }
        self.with_outbox(|outbox| outbox.connected(session.receive_maximum()));
        self.lifecycle.connected();
        self.wake();
    }

    fn subscribed(&self, id: MessageId, granted: &[i32]) {
        self.inbox.subscribed(id, granted);
    }

    fn message(&self, message: &Incoming<'_>) {
        self.inbox.message(message);
    }

    fn disconnected(&self, reason: LossReason) {
        self.lost();
        self.inbox.end();
        if reason != LossReason::Asked {
            self.lifecycle.blame(reason.to_string());
        }
    }

    fn published(&self, session: &Session, id: MessageId, refused: Option<u8>) {
        if self.presence.confirmed(id) {
            return;
        }
        let confirmed = self.outbox.lock().confirmed(id, refused);
        match confirmed.message {
            Some((message, None)) => {
                message.topic.count_sent();
                self.ledger.publish(1);
            }
            Some((message, Some(reason))) => self.refused(&message, Refusal::Broker(reason)),
            None => {}
        }
        if confirmed.room {
            self.refill(session);
        }
    }

    fn listens(&self) -> bool {
        self.details
    }

    fn log(&self, weight: Weight, text: &CStr) {
        let level = match weight {
            // An attempt that fails has its reason, which is said once.
            Weight::Trouble if self.lifecycle.is_accepted() => log::Level::Warn,
            Weight::Trouble | Weight::Packet => log::Level::Debug,
        };
        log::log!(target: &self.target, level, "{}: libmosquitto: {}", self.place, text.to_string_lossy());
    }
}
