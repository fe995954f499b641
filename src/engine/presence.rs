//! What a connection says about itself: the birth at each connect, the farewell before a clean disconnect.
//!
//! These are no events and are not counted as such. The birth is published in libmosquitto's connect callback; the
//! farewell by whoever ends the connection.

use crate::mqtt::{Client, Error, Handed, Handler, MessageId, QoS, Session};
use parking_lot::Mutex;
use std::ffi::CString;

/// One message of a connection about itself.
#[derive(Debug, Clone)]
pub struct Announcement {
    /// Where it goes.
    pub topic: CString,
    /// What it says.
    pub payload: Vec<u8>,
    /// Its QoS.
    pub qos: QoS,
    /// Whether the broker keeps it.
    pub retain: bool,
}

/// See the module's text.
#[derive(Debug, Default)]
pub struct Presence {
    birth: Option<Announcement>,
    farewell: Option<Announcement>,
    unacknowledged: Mutex<Unacknowledged>,
}

/// Announcements of QoS 1 and 2 that the library has, and sends again by itself at the next connect.
#[derive(Debug, Default)]
struct Unacknowledged {
    birth: Option<MessageId>,
    farewell: Option<MessageId>,
    /// A farewell is being handed over; its confirmation can come before its id is known.
    handing: bool,
    early: Vec<MessageId>,
}

impl Presence {
    /// What is published, if anything, at each connect and before each clean disconnect.
    pub fn new(birth: Option<Announcement>, farewell: Option<Announcement>) -> Self {
        Self { birth, farewell, unacknowledged: Mutex::default() }
    }

    /// How many QoS 1 and 2 messages it may have in flight beside the events.
    pub fn reserve(&self) -> usize {
        usize::from(self.birth.as_ref().is_some_and(|birth| birth.qos != QoS::AtMostOnce))
    }

    /// The connection is up.
    ///
    /// # Errors
    /// What the library refuses of the birth.
    pub fn connected(&self, session: &Session) -> Result<(), Error> {
        let Some(birth) = &self.birth else { return Ok(()) };
        let (sent_again, after_farewell) = {
            let unacknowledged = self.unacknowledged.lock();
            (unacknowledged.birth.is_some(), unacknowledged.farewell.is_some())
        };
        if sent_again {
            return Ok(());
        }
        // The library sends an unacknowledged farewell again: what comes after it has to queue behind it.
        let qos = if after_farewell { birth.qos.max(QoS::AtLeastOnce) } else { birth.qos };
        let id = session.publish(&birth.topic, &birth.payload, qos, birth.retain, None).taken()?;
        if qos != QoS::AtMostOnce {
            // Its confirmation comes on this thread, and so later.
            self.unacknowledged.lock().birth = Some(id);
        }
        Ok(())
    }

    /// Publishes the farewell. It is a QoS of 1 at most: a broker delivers QoS 2 only after it has been answered twice.
    pub fn say_farewell<H: Handler>(&self, client: &Client<H>) {
        let Some(farewell) = &self.farewell else { return };
        let qos = farewell.qos.min(QoS::AtLeastOnce);
        self.unacknowledged.lock().handing = true;
        let handed = client.publish(&farewell.topic, &farewell.payload, qos, farewell.retain, None);
        let mut unacknowledged = self.unacknowledged.lock();
        unacknowledged.handing = false;
        let early = std::mem::take(&mut unacknowledged.early);
        match handed {
            Handed::Taken(id) | Handed::NotConnected(id)
                if qos != QoS::AtMostOnce && !early.contains(&id) =>
            {
                unacknowledged.farewell = Some(id);
            }
            // At QoS 0 the broker gets it before the DISCONNECT or, with the connection gone, not at all: then the will
            // speaks. A refusal was ruled out when the configuration was checked.
            _ => {}
        }
    }

    /// Whether a farewell has not been acknowledged yet.
    pub fn is_saying_farewell(&self) -> bool {
        self.unacknowledged.lock().farewell.is_some()
    }

    /// The library confirms a message. Whether it was one of these.
    pub fn confirmed(&self, id: MessageId) -> bool {
        let mut unacknowledged = self.unacknowledged.lock();
        if unacknowledged.handing {
            unacknowledged.early.push(id);
        }
        if unacknowledged.birth == Some(id) {
            unacknowledged.birth = None;
            true
        } else if unacknowledged.farewell == Some(id) {
            unacknowledged.farewell = None;
            true
        } else {
            false
        }
    }
}
