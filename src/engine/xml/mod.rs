//! XML that FreeSWITCH looks up, asked for over MQTT: what mod_xml_curl does over HTTP.
//!
//! A look-up runs on whichever thread of FreeSWITCH's wants to know, and may wait there for as long as `timeout` says.
//! Whatever goes wrong, FreeSWITCH asks the next source as if there were none of ours.

mod answer;
mod cache;
mod pending;
mod request;

pub use pending::Room;

use super::carrier;
use super::json;
use super::options::qos;
use super::place::Place;
use super::sender::{Outgoing, Sender, Unsent};
use super::subscription::{Grant, Purpose, Subscription};
use super::throttle::Throttle;
use crate::config;
use crate::host::{Event, XmlQuery, XmlSource};
use crate::mqtt::PublishProperties;
use cache::Cache;
use parking_lot::Mutex;
use pending::{NoAnswer, Pending};
use request::{Request, key};
use std::ffi::CString;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// A `<xml-binding>` at work.
pub struct XmlBinding {
    /// As configured.
    pub config: config::XmlBinding,
    /// What listens to its answers.
    pub subscription: Arc<Subscription>,
    place: Place,
    switchname: String,
    /// `None`: its connection cannot be used.
    sender: Option<Sender>,
    pending: Arc<Pending>,
    cache: Mutex<Cache>,
    counts: Counts,
    trouble: Throttle,
}

#[derive(Default)]
struct Counts {
    requests: AtomicU64,
    answers: AtomicU64,
    timeouts: AtomicU64,
    refused: AtomicU64,
    cached: AtomicU64,
    unasked: AtomicU64,
}

/// What became of a binding's look-ups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct XmlCounts {
    /// Requests that were sent.
    pub requests: u64,
    /// Answers that FreeSWITCH was given.
    pub answers: u64,
    /// Requests whose answer did not come in time.
    pub timeouts: u64,
    /// Answers that were none.
    pub refused: u64,
    /// Look-ups that an earlier answer has answered.
    pub cached: u64,
    /// Look-ups that could not be sent.
    pub unasked: u64,
    /// Answers that nobody waited for any more.
    pub late: u64,
}

/// Why FreeSWITCH is given nothing.
enum Nothing {
    /// The binding is closed, or closes.
    Closed,
    /// The request was not sent.
    Unasked(String),
    /// No answer came in time.
    TimedOut,
    /// What came is no answer.
    Refused(String),
}

impl XmlBinding {
    /// A binding that takes nothing before it is opened. `sender` is none if its connection cannot be used.
    pub fn new(
        config: &config::XmlBinding,
        place: Place,
        switchname: String,
        sender: Option<Sender>,
        room: &Arc<Room>,
    ) -> Self {
        let pending = Arc::new(Pending::new(Arc::clone(room)));
        // The configuration holds no NUL.
        let filter = CString::new(format!("{}/+", config.response_topic)).unwrap_or_default();
        let purpose = Purpose::Listener(Arc::clone(&pending) as Arc<_>);
        let subscription = Subscription::new(place.text.clone(), filter, qos(config.qos), purpose);
        Self {
            config: config.clone(),
            subscription: Arc::new(subscription),
            place,
            switchname,
            sender,
            pending,
            cache: Mutex::new(Cache::new(Duration::from_secs(config.cache_time.into()))),
            counts: Counts::default(),
            trouble: Throttle::default(),
        }
    }

    /// Takes look-ups from now on, or none, and then ends those that wait and forgets what it knows.
    pub fn set_open(&self, open: bool) {
        self.pending.set_open(open && self.sender.is_some());
        if !open {
            self.cache.lock().clear();
        }
    }

    /// Takes no look-up any more, and ends those that wait.
    pub fn end(&self) {
        self.pending.end();
    }

    /// What became of its look-ups.
    pub fn counts(&self) -> XmlCounts {
        let read = |counter: &AtomicU64| counter.load(Relaxed);
        let Counts { requests, answers, timeouts, refused, cached, unasked } = &self.counts;
        XmlCounts {
            answers: read(answers),
            timeouts: read(timeouts),
            refused: read(refused),
            requests: read(requests),
            cached: read(cached),
            unasked: read(unasked),
            late: self.pending.late(),
        }
    }

    fn look_up<E: Event>(&self, query: &XmlQuery<'_>, params: Option<&E>) -> Result<String, Nothing> {
        let Some(sender) = self.sender.as_ref().filter(|_| self.pending.is_open()) else {
            return Err(Nothing::Closed);
        };
        let mut key = if self.cache.lock().keeps() { key(query, params) } else { None };
        if let Some(xml) = key.as_ref().and_then(|key| self.cache.lock().get(key, Instant::now())) {
            self.counts.cached.fetch_add(1, Relaxed);
            return Ok(xml.to_string());
        }
        let payload = self.ask(sender, query, params)?;
        let xml = answer::check(payload).map_err(Nothing::Refused)?;
        self.counts.answers.fetch_add(1, Relaxed);
        if let Some(key) = key.take() {
            self.cache.lock().put(key, &xml, Instant::now());
        }
        Ok(xml)
    }

    /// Sends a request and waits for its answer.
    fn ask<E: Event>(
        &self,
        sender: &Sender,
        query: &XmlQuery<'_>,
        params: Option<&E>,
    ) -> Result<Vec<u8>, Nothing> {
        let unasked = |why: &str| Err(Nothing::Unasked(why.to_owned()));
        if carrier::is_here() {
            return unasked("this thread would have to bring the answer");
        }
        if !sender.is_up() {
            return unasked("there is no connection");
        }
        if let refused @ Grant::Refused(_) = self.subscription.grant() {
            return unasked(&format!("the subscription to its answers is {refused}"));
        }
        let Some(ticket) = self.pending.begin() else {
            if self.pending.is_open() {
                return unasked(&format!("{} look-ups wait already", pending::MOST));
            }
            return Err(Nothing::Closed);
        };
        let message = self.message(&ticket.id, query, params);
        sender.publish(message).map_err(|error: Unsent| Nothing::Unasked(error.to_string()))?;
        self.counts.requests.fetch_add(1, Relaxed);
        let answer = ticket.wait(Duration::from_millis(self.config.timeout.into()));
        answer.map_err(|why| match why {
            NoAnswer::TimedOut => Nothing::TimedOut,
            NoAnswer::Nonsense(why) => Nothing::Refused(why),
            NoAnswer::Ended => Nothing::Closed,
        })
    }

    fn message<E: Event>(&self, id: &str, query: &XmlQuery<'_>, params: Option<&E>) -> Outgoing {
        let response_topic = format!("{}/{id}", self.config.response_topic);
        let switchname = &self.switchname;
        let request = Request { id, response_topic: &response_topic, switchname, query, params };
        Outgoing {
            topic: self.config.request_topic.clone(),
            payload: json::payload(&request).to_vec(),
            qos: qos(self.config.qos),
            retain: false,
            properties: PublishProperties {
                // Nobody waits for longer, so that nobody needs to be asked later.
                message_expiry: Some(self.config.timeout.div_ceil(1000)),
                payload_format: true,
                content_type: Some(c"application/json".to_owned()),
                response_topic: CString::new(response_topic).ok(),
                correlation_data: Some(id.as_bytes().to_vec()),
                user: Vec::new(),
            },
        }
    }

    /// Counts, and says it once a second at most.
    fn note(&self, query: &XmlQuery<'_>, nothing: Nothing) {
        let (counter, why) = match nothing {
            Nothing::Closed => return,
            Nothing::Unasked(why) => (&self.counts.unasked, why),
            Nothing::TimedOut => {
                (&self.counts.timeouts, format!("no answer in {} ms (timeout)", self.config.timeout))
            }
            Nothing::Refused(why) => (&self.counts.refused, format!("the answer {why}")),
        };
        counter.fetch_add(1, Relaxed);
        let Some(count) = self.trouble.count(1) else { return };
        let XmlQuery { section, tag_name, key_name, key_value } = query;
        let key = if self.place.details { format!(" {key_name}={key_value:?}") } else { String::new() };
        log::warn!(
            target: &self.place.target,
            "{}: {count} look-ups left to FreeSWITCH's next source, the last one of section {section:?}, tag \
             {tag_name:?}{key}: {why}",
            self.place.text,
        );
    }
}

impl XmlSource for XmlBinding {
    fn find<E: Event>(&self, query: &XmlQuery<'_>, params: Option<&E>) -> Option<String> {
        // It is read before there is a connection to ask on, and says what that connection is.
        if query.section == "configuration" && query.key_value.eq_ignore_ascii_case("mosquitto.conf") {
            return None;
        }
        crate::panics::provoke("xml");
        match self.look_up(query, params) {
            Ok(xml) => Some(xml),
            Err(nothing) => {
                self.note(query, nothing);
                None
            }
        }
    }
}
