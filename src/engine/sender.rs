//! Messages that are no events: what a console command, a call's dialplan, an answer or a log line publishes.
//!
//! They take the same way out as events do, through the queue and the connection's outbox, and are counted with them. Runs
//! on any thread; nothing here blocks.

use super::connection::Shared;
use super::control::ControlError;
use super::json::Payload;
use super::ledger::DropReason;
use super::message::{Taken, Topic, Topics};
use super::properties::TopicProperties;
use super::tree::Connection;
use super::{Engine, State};
use crate::config::{self, ProtocolVersion};
use crate::mqtt::{PublishProperties, QoS};
use crossbeam_channel::Sender as Queue;
use std::ffi::CString;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// A message that is no event.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// Where it goes: no wildcards, 1 to 65,535 bytes.
    pub topic: String,
    /// What it says: any bytes.
    pub payload: Vec<u8>,
    /// Its QoS.
    pub qos: QoS,
    /// Whether the broker keeps it.
    pub retain: bool,
    /// What goes with it: `message_expiry` with every version of MQTT, the others with MQTT 5 alone.
    pub properties: PublishProperties,
}

/// Why a message was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unsent {
    /// MQTT cannot carry it; why, for people.
    Invalid(String),
    /// The queue is full: event-queue-size messages wait in it.
    Full,
}

impl fmt::Display for Unsent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(why) => f.write_str(why),
            Self::Full => f.write_str("the queue is full (event-queue-size)"),
        }
    }
}

/// Publishes on one connection. It may outlive the connection: what is published after that is dropped, and counted.
#[derive(Clone)]
pub struct Sender {
    shared: Arc<Shared>,
    has_properties: bool,
    queue: Queue<Taken>,
    overflow: Arc<AtomicU64>,
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Sender").field(&self.shared).finish()
    }
}

impl Sender {
    pub(super) fn new(connection: &Connection, queue: Queue<Taken>, overflow: Arc<AtomicU64>) -> Self {
        let has_properties = connection.config.protocol_version == ProtocolVersion::V5;
        Self { shared: Arc::clone(&connection.shared), has_properties, queue, overflow }
    }

    /// One for tests: what it publishes is in the queue.
    #[cfg(test)]
    pub(super) fn to_queue(shared: Arc<Shared>, queue: Queue<Taken>) -> Self {
        Self { shared, has_properties: true, queue, overflow: Arc::default() }
    }

    /// Whether the connection is up at this moment.
    pub fn is_up(&self) -> bool {
        self.shared.is_up()
    }

    /// Whether the broker has accepted the connection. Unlike [`Sender::is_up`] it waits for nobody who works.
    pub(super) fn is_accepted(&self) -> bool {
        self.shared.lifecycle.is_accepted()
    }

    /// Takes a message. It waits for its broker as events do, and is counted as they are.
    ///
    /// # Errors
    /// See [`Unsent`]; the message that found the queue full is counted as accepted, and as dropped.
    pub fn publish(&self, message: Outgoing) -> Result<(), Unsent> {
        let route = self.route(&message)?;
        self.publish_on(&route, Payload::from(message.payload))
    }

    /// Where messages like this one go, to be published on again and again.
    ///
    /// # Errors
    /// [`Unsent::Invalid`].
    pub(super) fn route(&self, message: &Outgoing) -> Result<Topics, Unsent> {
        Ok(Arc::new([Arc::new(self.topic(message)?)]))
    }

    /// Takes a message for what [`Sender::route`] gave.
    ///
    /// # Errors
    /// [`Unsent::Full`]; see [`Sender::publish`].
    pub(super) fn publish_on(&self, topics: &Topics, payload: Payload) -> Result<(), Unsent> {
        let taken = Taken::Same { topics: Arc::clone(topics), payload };
        self.shared.ledger.accept(1);
        self.queue.try_send(taken).map_err(|_| {
            self.overflow.fetch_add(1, Relaxed);
            self.shared.ledger.drop(DropReason::Full, 1);
            Unsent::Full
        })
    }

    fn topic(&self, message: &Outgoing) -> Result<Topic, Unsent> {
        let invalid = |why: &str| Unsent::Invalid(format!("the topic {why}"));
        config::check_topic(&message.topic).map_err(invalid)?;
        let name = CString::new(message.topic.as_str()).map_err(|_| invalid("holds a NUL"))?;
        let mut topic = Topic::new(Arc::clone(&self.shared), name, message.qos, message.retain);
        let expiry = message.properties.message_expiry;
        topic.expiry = expiry.map(|seconds| Duration::from_secs(seconds.into()));
        if self.has_properties && message.properties != PublishProperties::default() {
            let properties = TopicProperties::of(message.properties.clone());
            topic.properties = Some(properties.map_err(Unsent::Invalid)?);
        }
        Ok(topic)
    }
}

impl Engine {
    /// What publishes on this connection.
    ///
    /// # Errors
    /// There is no such connection, or it is disabled and has never been anything else, or its configuration cannot be
    /// used.
    pub fn sender(&self, profile: &str, connection: &str) -> Result<Sender, ControlError> {
        self.change(profile, |profile| {
            let connection = profile.connection(connection).ok_or(ControlError::NotFound("connection"))?;
            if connection.client.is_none() {
                return Err(ControlError::Impossible(connection.shared.lifecycle.why()));
            }
            if !connection.takes_events() && connection.shared.lifecycle.state() == State::Disabled {
                return Err(ControlError::Impossible("it is disabled: enable it first".to_owned()));
            }
            Ok(self.tap.sender(connection))
        })
    }
}
