//! A handler that remembers what it is told.

use super::super::{ConnackCode, Handler, Incoming, LossReason, MessageId, QoS, Session, Weight};
use super::PATIENCE;
use parking_lot::{Condvar, Mutex};
use std::ffi::CStr;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

/// A handler that remembers what it is told.
#[derive(Default)]
pub struct Record {
    accepted: AtomicBool,
    /// What is subscribed, and published to, in the connect callback.
    pub greeting: Mutex<Option<&'static CStr>>,
    /// What has happened since the attempt began.
    said: Mutex<Vec<String>>,
    changed: Condvar,
}

impl Record {
    /// A new attempt begins.
    pub fn begin(&self) {
        self.accepted.store(false, SeqCst);
        self.said.lock().clear();
    }

    /// Whether the broker has accepted the connection.
    pub fn is_accepted(&self) -> bool {
        self.accepted.load(SeqCst)
    }

    /// What has happened since the attempt began.
    pub fn said(&self) -> Vec<String> {
        self.said.lock().clone()
    }

    /// Waits until this has happened.
    pub fn wait_for(&self, what: &str) {
        let mut said = self.said.lock();
        while !said.iter().any(|line| line.contains(what)) {
            if self.changed.wait_for(&mut said, PATIENCE).timed_out() {
                let said = said.clone();
                panic!("no {what:?}, but {said:?}");
            }
        }
    }

    fn say(&self, line: String) {
        self.said.lock().push(line);
        self.changed.notify_all();
    }
}

impl Handler for Record {
    fn connected(&self, session: &Session, code: ConnackCode) {
        self.say(format!("connack {} {:?}", code.0, session.reason_string()));
        if let Some(topic) = *self.greeting.lock() {
            session.subscribe(topic, QoS::AtLeastOnce).expect("a subscription");
            session.publish(topic, b"hello", QoS::AtLeastOnce, false, None).taken().expect("a message");
        }
        self.accepted.store(code.accepted(), SeqCst);
    }

    fn disconnected(&self, reason: LossReason) {
        self.say(format!("disconnected: {reason}"));
    }

    fn published(&self, _session: &Session, _id: MessageId, refused: Option<u8>) {
        self.say(format!("published {refused:?}"));
    }

    fn subscribed(&self, _id: MessageId, granted: &[i32]) {
        self.say(format!("subscribed {granted:?}"));
    }

    fn message(&self, message: &Incoming<'_>) {
        let payload = String::from_utf8_lossy(message.payload);
        self.say(format!("message {}", payload));
    }

    fn listens(&self) -> bool {
        true
    }

    fn log(&self, weight: Weight, text: &CStr) {
        if weight == Weight::Trouble {
            self.say(format!("trouble: {}", text.to_string_lossy()));
        }
    }
}
