//! Questions that calls ask over MQTT, and the answers that come.
//!
//! A question goes out with a topic for its answer, and with MQTT 5 with correlation data as well. The call's own thread
//! waits; the connection's thread, in libmosquitto's callback, hands an answer to whoever waits for it, and drops what
//! comes too late. There is one standing subscription for the answers of a connection, made by its first question; a
//! question with a response topic of its own has a subscription for as long as it waits.

use super::control::ControlError;
use super::jobs::job_id;
use super::sender::Outgoing;
use super::subscription::{Grant, Listener, Subscription};
use super::tree::Connection;
use super::{Engine, Unsent};
use crate::config::{self, ProtocolVersion};
use crate::mqtt::{Incoming, PublishProperties, QoS};
use parking_lot::{Condvar, Mutex};
use std::collections::HashMap;
use std::ffi::CString;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How often a call that waits is looked at: it may have been hung up.
const LOOK: Duration = Duration::from_millis(100);
/// The longest answer, bytes.
const LONGEST: usize = 65_536;
/// The longest id, bytes.
const LONGEST_ID: usize = 128;

/// A question.
#[derive(Debug, Clone)]
pub struct Request {
    /// Where it goes.
    pub topic: String,
    /// What is asked.
    pub payload: Vec<u8>,
    /// Its QoS, and that of the answer's subscription.
    pub qos: QoS,
    /// Where the answer is wanted; `None`: `mosquitto/response/<client id>/<id>`.
    pub response: Option<String>,
    /// What the answer is to carry, and its topic's last level; `None`: a random one.
    pub id: Option<String>,
    /// How long the answer may take.
    pub patience: Duration,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAnswer {
    /// None came in time.
    Timeout,
    /// The call was hung up, or taken elsewhere.
    HungUp,
    /// The module is unloaded, or the connection removed.
    Ended,
    /// The broker does not let this client subscribe to the response topic.
    Refused(Grant),
    /// It is longer than 65,536 bytes.
    TooLong,
}

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Timeout => f.write_str("timeout"),
            Self::HungUp => f.write_str("hangup"),
            Self::Ended => f.write_str("the module is unloaded, or the connection removed"),
            Self::Refused(grant) => write!(f, "the response topic's subscription is {grant}: set response"),
            Self::TooLong => write!(f, "the answer is longer than {LONGEST} bytes"),
        }
    }
}

/// Those who wait for answers on one connection.
#[derive(Debug)]
pub struct Requests {
    place: String,
    target: String,
    asked: Mutex<Asked>,
}

/// The lock is held for as long as it takes to look something up.
#[derive(Debug, Default)]
struct Asked {
    by_topic: HashMap<CString, Vec<Arc<Waiter>>>,
    ended: bool,
}

/// Someone who waits.
#[derive(Debug)]
struct Waiter {
    id: String,
    topic: CString,
    answer: Mutex<Option<Result<Vec<u8>, NoAnswer>>>,
    changed: Condvar,
}

impl Waiter {
    /// The first answer counts.
    fn tell(&self, answer: Result<Vec<u8>, NoAnswer>) {
        self.answer.lock().get_or_insert(answer);
        self.changed.notify_all();
    }
}

impl Requests {
    /// Nobody waits. The place and the log target are the connection's.
    pub fn new(place: &str, target: &str) -> Self {
        Self { place: place.to_owned(), target: target.to_owned(), asked: Mutex::default() }
    }

    /// Ends all waits, and those that are still to come.
    pub fn end(&self) {
        let waiting = {
            let mut asked = self.asked.lock();
            asked.ended = true;
            std::mem::take(&mut asked.by_topic)
        };
        for waiter in waiting.values().flatten() {
            waiter.tell(Err(NoAnswer::Ended));
        }
    }

    /// Someone waits from now on. Without correlation data, each needs a topic of its own.
    fn wait_on(&self, topic: CString, id: String, correlated: bool) -> Result<Arc<Waiter>, String> {
        let mut asked = self.asked.lock();
        if asked.ended {
            return Err(NoAnswer::Ended.to_string());
        }
        let others = asked.by_topic.entry(topic.clone()).or_default();
        if others.iter().any(|other| !correlated || other.id == id) {
            let topic = topic.to_string_lossy();
            return Err(format!(
                "another call waits for its answer on {topic}: use a topic of its own for each call"
            ));
        }
        let waiter = Arc::new(Waiter { id, topic, answer: Mutex::new(None), changed: Condvar::new() });
        others.push(Arc::clone(&waiter));
        Ok(waiter)
    }

    fn forget(&self, waiter: &Arc<Waiter>) {
        let mut asked = self.asked.lock();
        if let Some(others) = asked.by_topic.get_mut(&waiter.topic) {
            others.retain(|other| !Arc::ptr_eq(other, waiter));
            if others.is_empty() {
                asked.by_topic.remove(&waiter.topic);
            }
        }
    }

    fn is_awaited(&self, topic: &str) -> bool {
        self.asked.lock().by_topic.keys().any(|other| other.to_bytes() == topic.as_bytes())
    }

    /// Whose answer it is: by its topic, and by its correlation data if it has any. Without, only if one waits on the topic.
    fn whose(&self, message: &Incoming<'_>) -> Option<Arc<Waiter>> {
        let data = message.properties.correlation_data();
        let asked = self.asked.lock();
        let waiting = asked.by_topic.get(message.topic)?;
        match (data, waiting.as_slice()) {
            (Some(data), waiting) => {
                waiting.iter().find(|waiter| waiter.id.as_bytes() == data).map(Arc::clone)
            }
            (None, [one]) => Some(Arc::clone(one)),
            (None, _) => None,
        }
    }
}

impl Listener for Requests {
    fn message(&self, message: &Incoming<'_>) {
        // What the broker had kept answers an older question.
        let whose = self.whose(message).filter(|_| !message.retained);
        match whose {
            Some(_) if message.payload.len() > LONGEST => {
                whose.iter().for_each(|one| one.tell(Err(NoAnswer::TooLong)))
            }
            Some(waiter) => waiter.tell(Ok(message.payload.to_vec())),
            None => log::debug!(
                target: &self.target,
                "{}: nobody waits for an answer of {} bytes on topic {:?}: it is dropped",
                self.place,
                message.payload.len(),
                message.topic,
            ),
        }
    }
}

/// A question that was asked. It is over when this is dropped; [`Engine::end_request`] ends its subscription as well.
#[derive(Debug)]
pub struct Pending {
    waiter: Arc<Waiter>,
    requests: Arc<Requests>,
    subscription: Arc<Subscription>,
    until: Instant,
    /// Profile and connection, if there is a subscription for this question's topic alone.
    own: Option<(String, String)>,
}

impl Pending {
    /// Waits for the answer, on the call's thread. `is_ready` is asked at least every 100 ms whether the call goes on.
    ///
    /// # Errors
    /// There is none.
    pub fn wait(&self, is_ready: impl Fn() -> bool) -> Result<Vec<u8>, NoAnswer> {
        loop {
            let look = self.until.min(Instant::now() + LOOK);
            {
                let mut answer = self.waiter.answer.lock();
                if answer.is_none() {
                    self.waiter.changed.wait_until(&mut answer, look);
                }
                if let Some(answer) = answer.take() {
                    return answer;
                }
            }
            let grant = self.subscription.grant();
            if matches!(grant, Grant::Refused(_)) {
                return Err(NoAnswer::Refused(grant));
            }
            if !is_ready() {
                return Err(NoAnswer::HungUp);
            }
            if Instant::now() >= self.until {
                return Err(NoAnswer::Timeout);
            }
        }
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        self.requests.forget(&self.waiter);
    }
}

impl Engine {
    /// Asks a question on a connection. Does not wait for the broker; the question expires when nobody waits any more.
    ///
    /// # Errors
    /// Why it cannot be asked, for people.
    pub fn request(&self, profile: &str, connection: &str, request: Request) -> Result<Pending, String> {
        let words = |error: ControlError| error.to_string();
        let sender = self.sender(profile, connection).map_err(words)?;
        let find = |profile: &mut super::tree::Profile| {
            profile.connection(connection).map(Arc::clone).ok_or(ControlError::NotFound("connection"))
        };
        let found = self.change(profile, find).map_err(words)?;
        let id = checked_id(request.id)?;
        let base = format!("mosquitto/response/{}", level(&found.client_id));
        let topic = request.response.clone().unwrap_or_else(|| format!("{base}/{id}"));
        let invalid = |why: &str| format!("the response topic {why}");
        config::check_topic(&topic).map_err(invalid)?;
        let response = CString::new(topic.as_str()).map_err(|_| invalid("holds a NUL"))?;
        let correlated = found.config.protocol_version == ProtocolVersion::V5;
        let until = Instant::now() + request.patience;
        // Whoever waits is known before the question can be answered.
        let waiter = found.requests.wait_on(response.clone(), id.clone(), correlated)?;
        let filter = request.response.clone().unwrap_or_else(|| format!("{base}/+"));
        let requests = Arc::clone(&found.requests);
        let subscription = match request.response.is_none().then(|| found.standing(&filter)).flatten() {
            Some(subscription) => Ok(subscription),
            None => self.listen_for_answers(profile, connection, &filter, request.qos, &requests),
        };
        let subscription = subscription.inspect_err(|_| requests.forget(&waiter)).map_err(words)?;
        let own = request.response.is_some().then(|| (profile.to_owned(), connection.to_owned()));
        let pending = Pending { waiter, requests, subscription, until, own };
        let seconds = request.patience.as_secs_f64().ceil() as u32;
        let properties = PublishProperties {
            message_expiry: Some(seconds.max(1)),
            response_topic: Some(response),
            correlation_data: Some(id.into_bytes()),
            ..PublishProperties::default()
        };
        let Request { topic, payload, qos, .. } = request;
        let asked = sender.publish(Outgoing { topic, payload, qos, retain: false, properties });
        match asked {
            Ok(()) => Ok(pending),
            Err(why) => {
                self.end_request(pending);
                Err(Unsent::to_string(&why))
            }
        }
    }

    /// Ends a question, and its subscription if nobody else waits on its topic.
    pub fn end_request(&self, mut pending: Pending) {
        let (own, topic) = (pending.own.take(), pending.waiter.topic.to_string_lossy().into_owned());
        drop(pending);
        if let Some((profile, connection)) = own {
            // It may be gone with its connection.
            let _gone = self.stop_listening_for_answers(&profile, &connection, &topic, |connection| {
                !connection.requests.is_awaited(&topic)
            });
        }
    }
}

impl Connection {
    /// The subscription that is there for all answers, if it is.
    fn standing(&self, filter: &str) -> Option<Arc<Subscription>> {
        let listening = self.listening.lock();
        let mut same = listening.iter().filter(|one| one.is_for_answers(filter));
        same.next().map(Arc::clone)
    }
}

/// The id that was given, or a random one.
fn checked_id(given: Option<String>) -> Result<String, String> {
    match given {
        None => Ok(job_id()),
        Some(id) if id.is_empty() || id.len() > LONGEST_ID => {
            Err(format!("id is not of 1 to {LONGEST_ID} bytes"))
        }
        Some(id) if id.contains('/') => Err(format!("id \"{id}\" holds a /: it is one level of a topic")),
        Some(id) => Ok(id),
    }
}

/// A client id as one level of a topic.
fn level(client_id: &str) -> String {
    let one = |c: char| if c.is_control() || matches!(c, '/' | '+' | '#') { '_' } else { c };
    client_id.chars().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn requests() -> Requests {
        Requests::new("profile \"p\", connection \"c\"", "test")
    }

    fn wait_on(requests: &Requests, id: &str, correlated: bool) -> Result<Arc<Waiter>, String> {
        requests.wait_on(c"answers".to_owned(), id.to_owned(), correlated)
    }

    #[test]
    fn without_correlation_data_each_has_a_topic_of_its_own() {
        let requests = requests();
        let first = wait_on(&requests, "1", false).expect("nobody else waits");
        let busy = wait_on(&requests, "2", false).expect_err("the topic is taken");
        assert!(busy.contains("another call waits for its answer on answers"), "{busy}");
        requests.forget(&first);
        assert!(!requests.is_awaited("answers"));
        wait_on(&requests, "2", false).expect("it is free again");
    }

    #[test]
    fn with_correlation_data_several_wait_on_one_topic_but_not_with_one_id() {
        let requests = requests();
        let _first = wait_on(&requests, "1", true).expect("nobody else waits");
        let second = wait_on(&requests, "2", true).expect("another id");
        wait_on(&requests, "2", true).expect_err("the same id");
        requests.forget(&second);
        assert!(requests.is_awaited("answers"));
    }

    #[test]
    fn the_end_ends_all_waits() {
        let requests = requests();
        let waiter = wait_on(&requests, "1", true).expect("nobody else waits");
        requests.end();
        assert_eq!(*waiter.answer.lock(), Some(Err(NoAnswer::Ended)));
        wait_on(&requests, "2", true).expect_err("nobody waits any more");
    }

    #[test]
    fn an_id_is_one_level_of_a_topic() {
        assert_eq!(checked_id(None).expect("a random one").len(), 36);
        assert_eq!(checked_id(Some("a-1".to_owned())), Ok("a-1".to_owned()));
        for id in [String::new(), "x".repeat(129), "a/b".to_owned()] {
            checked_id(Some(id)).expect_err("no id");
        }
        assert_eq!(level("office/fs+1#"), "office_fs_1_");
    }
}
