//! The outbox of one connection: what waits for it, and what is in flight on it.
//!
//! Plain data without a lock and without I/O. The dispatch thread hands messages over (`begin`, then libmosquitto,
//! then `finish`) until the window is full, the connection's thread does so when it is no more, and reports what became
//! of them (`confirmed`, `connected`, `lost`). The two can meet in any order: a confirmation can come before the id is
//! known, and the connection can go while messages are being handed over. Only one of them hands over at a time: it is
//! the order of the messages.

use super::message::Message;
use crate::mqtt::{Error, Handed, MessageId, QoS};
use std::collections::VecDeque;
use std::time::Instant;

/// How much may be in flight on one connection: handed to the library and not yet confirmed.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    /// QoS 0 messages. A few are enough to keep the connection's thread writing, as it is that thread which takes the
    /// next ones; those that wait here take less memory than those that the library has copied.
    pub unacknowledged: usize,
    /// Bytes of payload. A single larger message may go alone.
    pub bytes: usize,
    /// QoS 1 and 2 messages: send_maximum. The library would take more of them, but where its own queue and its own
    /// window meet on two threads it lets a later message overtake an earlier one.
    pub acknowledged: usize,
    /// How many of those are not for events: the connection publishes something of its own.
    pub reserved: usize,
}

impl Window {
    /// The window of a connection with this send_maximum, of which so many are reserved.
    pub fn new(send_maximum: u16, reserved: usize) -> Self {
        let acknowledged = usize::from(send_maximum.max(1));
        Self { unacknowledged: 64, bytes: 8 * 1024 * 1024, acknowledged, reserved }
    }
}

/// What may be handed over now.
#[derive(Debug, Default)]
pub struct Batch {
    /// These, in this order.
    pub messages: Vec<Message>,
    /// How many came to their turn too old, and are gone.
    pub expired: usize,
}

/// What one event in an outbox's life means for the accounts.
#[derive(Debug, Default)]
pub struct Settled {
    /// Messages that went out.
    pub published: Vec<Message>,
    /// Messages that were refused, and why.
    pub refused: Vec<(Message, Refusal)>,
    /// Messages that went back to wait.
    pub returned: usize,
    /// Messages that were given up, since the outbox is closed.
    pub given_up: usize,
    /// Whether someone else wanted to hand over meanwhile, and could not.
    pub wanted: bool,
}

/// How many messages a closed outbox had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GivenUp {
    /// They waited.
    pub waiting: usize,
    /// They were in flight.
    pub in_flight: usize,
}

/// What a confirmation means.
#[derive(Debug)]
pub struct Confirmed {
    /// The message, if it is known by now, and the broker's reason code if it was refused.
    pub message: Option<(Message, Option<u8>)>,
    /// Whether the window has room again for one who found it closed.
    pub room: bool,
}

/// Who refused a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The library, before it was sent.
    Library(Error),
    /// The broker, with an MQTT 5 reason code.
    Broker(u8),
}

#[derive(Debug)]
struct InFlight {
    id: MessageId,
    message: Message,
}

/// See the module's text.
#[derive(Debug)]
pub struct Outbox {
    window: Window,
    waiting: VecDeque<Message>,
    /// QoS 0 in flight, oldest first: thrown away by the library when it connects again, so they go back.
    unacknowledged: VecDeque<InFlight>,
    /// QoS 1 and 2 in flight: the library keeps them and sends them again itself.
    kept_by_library: VecDeque<InFlight>,
    bytes: usize,
    up: bool,
    /// The library is sending QoS 1 and 2 messages of the last connection again: later ones must not overtake them.
    resending: bool,
    /// The broker's own limit of QoS 1 and 2 messages (MQTT 5, Receive Maximum).
    receive_maximum: Option<usize>,
    /// Counts the connections that were lost.
    losses: u64,
    handing: Option<u64>,
    /// Whether someone else wanted to hand over meanwhile.
    wanted: bool,
    /// Confirmations of messages whose ids are not known yet.
    early: VecDeque<(MessageId, Option<u8>)>,
    /// Whether someone found the window closed and waits for room.
    full: bool,
    /// Nothing is taken, and nothing waits, any more.
    closed: bool,
}

impl Outbox {
    /// An empty outbox of a connection that is not up.
    pub fn new(window: Window) -> Self {
        Self {
            window,
            waiting: VecDeque::new(),
            unacknowledged: VecDeque::new(),
            kept_by_library: VecDeque::new(),
            bytes: 0,
            up: false,
            resending: false,
            receive_maximum: None,
            losses: 0,
            handing: None,
            wanted: false,
            early: VecDeque::new(),
            full: false,
            closed: false,
        }
    }

    /// Puts a message at the end; false: the outbox is closed.
    pub fn push(&mut self, message: Message) -> bool {
        if !self.closed {
            self.waiting.push_back(message);
        }
        !self.closed
    }

    /// Gives up everything, for good. Messages that are being handed over right now are given up by `finish`.
    pub fn close(&mut self) -> GivenUp {
        self.closed = true;
        self.up = false;
        self.bytes = 0;
        let in_flight = self.in_flight();
        self.unacknowledged.clear();
        self.kept_by_library.clear();
        GivenUp { waiting: std::mem::take(&mut self.waiting).len(), in_flight }
    }

    /// The sequence of the message that has waited longest.
    pub fn oldest(&self) -> Option<u64> {
        self.waiting.front().map(|message| message.sequence)
    }

    /// Takes out the message that has waited longest.
    pub fn pop_oldest(&mut self) -> Option<Message> {
        self.waiting.pop_front()
    }

    /// How many wait, not counting those in flight.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// How many are in flight.
    pub fn in_flight(&self) -> usize {
        self.unacknowledged.len() + self.kept_by_library.len()
    }

    /// Whether the connection is up.
    pub fn is_up(&self) -> bool {
        self.up
    }

    /// Whether messages are being handed over right now.
    pub fn is_handing(&self) -> bool {
        self.handing.is_some()
    }

    /// The connection is up: messages may be handed over. The broker takes at most `receive_maximum` QoS 1 and 2
    /// messages at once, if it says so.
    pub fn connected(&mut self, receive_maximum: Option<u16>) {
        self.up = !self.closed;
        self.receive_maximum = receive_maximum.map(|maximum| usize::from(maximum.max(1)));
        self.resending = !self.kept_by_library.is_empty();
    }

    /// The connection is gone: QoS 0 messages in flight go back to the head, in order.
    pub fn lost(&mut self) -> Settled {
        self.up = false;
        self.losses += 1;
        let mut settled = Settled::default();
        if self.handing.is_none() {
            settled.returned = self.take_back();
        } // else: `finish` does it, so that the order is kept
        settled
    }

    /// Begins to hand over at most `most` messages, as far as the window has room. `finish` must follow unless there are
    /// none. While someone else hands over there are none, and he is told.
    pub fn begin(&mut self, most: usize) -> Batch {
        let mut batch = Batch::default();
        if self.handing.is_some() {
            self.wanted = true;
            return batch;
        }
        if !self.up {
            return batch;
        }
        let mut load = self.load();
        while batch.messages.len() < most {
            let Some(next) = self.waiting.front() else { break };
            if next.expires.is_some_and(|end| end <= Instant::now()) {
                self.waiting.pop_front();
                batch.expired += 1;
                continue;
            }
            load.add(next);
            if !self.has_room(&load) {
                self.full = true;
                break;
            }
            batch.messages.extend(self.waiting.pop_front());
        }
        if !batch.messages.is_empty() {
            self.handing = Some(self.losses);
            self.early.clear();
        }
        batch
    }

    /// Ends what `begin` began. The batch is in order; `None`: was not handed over after all.
    pub fn finish(&mut self, batch: Vec<(Message, Option<Handed>)>) -> Settled {
        let same_connection = self.handing.take() == Some(self.losses);
        let mut settled = Settled { wanted: std::mem::take(&mut self.wanted), ..Settled::default() };
        let mut back = Vec::new();
        for (message, handed) in batch {
            let (id, connected) = match handed {
                Some(Handed::Refused(error)) => {
                    settled.refused.push((message, Refusal::Library(error)));
                    continue;
                }
                Some(Handed::Taken(id)) => (Some(id), true),
                Some(Handed::NotConnected(id)) => {
                    (Some(id).filter(|_| message.topic.qos != QoS::AtMostOnce), false)
                }
                None => (None, true),
            };
            self.up &= connected;
            match (id, id.and_then(|id| self.take_early(id))) {
                (_, Some(refused)) => settle(&mut settled, message, refused),
                _ if self.closed => settled.given_up += 1,
                (Some(id), None) => self.keep(id, message),
                (None, None) => back.push(message),
            }
        }
        settled.returned = back.len();
        for message in back.into_iter().rev() {
            self.waiting.push_front(message);
        }
        if !same_connection {
            settled.returned += self.take_back();
        }
        self.early.clear();
        settled
    }

    /// The library confirms a message.
    pub fn confirmed(&mut self, id: MessageId, refused: Option<u8>) -> Confirmed {
        let found = take(&mut self.unacknowledged, id).or_else(|| take(&mut self.kept_by_library, id));
        match &found {
            Some(message) => self.bytes -= message.payload.len(),
            None if self.handing.is_some() => self.early.push_back((id, refused)),
            None => {}
        }
        self.resending &= !self.kept_by_library.is_empty();
        let room = self.has_room_again(found.as_ref());
        if room {
            self.full = false;
        }
        Confirmed { message: found.map(|message| (message, refused)), room }
    }

    /// Whether more is to be handed over after this confirmation: at QoS 0 when half of the window is empty; at QoS 1 and
    /// 2, where the broker may be far away and the window is to be nearly full always, when a quarter is.
    fn has_room_again(&self, confirmed: Option<&Message>) -> bool {
        // Whoever hands over right now goes on by himself.
        if !self.full || self.resending || self.handing.is_some() {
            return false;
        }
        let is_acknowledged = confirmed.is_some_and(|message| message.topic.qos != QoS::AtMostOnce);
        if is_acknowledged {
            let window = self.acknowledged_window();
            return self.kept_by_library.len() + window.div_ceil(4) <= window;
        }
        self.unacknowledged.len() <= self.window.unacknowledged / 2 && self.bytes <= self.window.bytes / 2
    }

    fn load(&self) -> Load {
        Load {
            unacknowledged: self.unacknowledged.len(),
            bytes: self.bytes,
            acknowledged: self.kept_by_library.len(),
            adds: None,
        }
    }

    fn acknowledged_window(&self) -> usize {
        let most = self.window.acknowledged.min(self.receive_maximum.unwrap_or(usize::MAX));
        most.saturating_sub(self.window.reserved).max(1)
    }

    /// Whether this much may be in flight.
    fn has_room(&self, load: &Load) -> bool {
        let has_place = match load.adds {
            Some(QoS::AtMostOnce) => load.unacknowledged <= self.window.unacknowledged,
            _ => !self.resending && load.acknowledged <= self.acknowledged_window(),
        };
        let is_alone = load.unacknowledged + load.acknowledged == 1;
        has_place && (is_alone || load.bytes <= self.window.bytes)
    }

    fn keep(&mut self, id: MessageId, message: Message) {
        self.bytes += message.payload.len();
        let list = match message.topic.qos {
            QoS::AtMostOnce => &mut self.unacknowledged,
            _ => &mut self.kept_by_library,
        };
        list.push_back(InFlight { id, message });
    }

    fn take_early(&mut self, id: MessageId) -> Option<Option<u8>> {
        let at = self.early.iter().position(|(early, _)| *early == id)?;
        self.early.remove(at).map(|(_, refused)| refused)
    }

    /// QoS 0 in flight back to the head.
    fn take_back(&mut self) -> usize {
        let count = self.unacknowledged.len();
        while let Some(InFlight { message, .. }) = self.unacknowledged.pop_back() {
            self.bytes -= message.payload.len();
            self.waiting.push_front(message);
        }
        self.full = false;
        count
    }
}

/// What is in flight, or would be.
#[derive(Debug, Clone, Copy)]
struct Load {
    unacknowledged: usize,
    bytes: usize,
    acknowledged: usize,
    /// The QoS of the message that would be added.
    adds: Option<QoS>,
}

impl Load {
    fn add(&mut self, message: &Message) {
        let qos = message.topic.qos;
        match qos {
            QoS::AtMostOnce => self.unacknowledged += 1,
            _ => self.acknowledged += 1,
        }
        self.bytes += message.payload.len();
        self.adds = Some(qos);
    }
}

fn settle(settled: &mut Settled, message: Message, refused: Option<u8>) {
    match refused {
        Some(reason) => settled.refused.push((message, Refusal::Broker(reason))),
        None => settled.published.push(message),
    }
}

/// Confirmations come nearly in order: the front is the first place to look.
fn take(list: &mut VecDeque<InFlight>, id: MessageId) -> Option<Message> {
    let at = list.iter().position(|in_flight| in_flight.id == id)?;
    list.remove(at).map(|in_flight| in_flight.message)
}
