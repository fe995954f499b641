//! A message on its way out, and the topic that it belongs to.

use super::connection::Shared;
use super::json::Payload;
use super::properties::TopicProperties;
use crate::mqtt::QoS;
use std::ffi::{CStr, CString};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// A publisher's topic at work: where the events that it wants go.
#[derive(Debug)]
pub struct Topic {
    /// The connection that carries it.
    pub connection: Arc<Shared>,
    /// The MQTT topic; of a template, its text, and each message has a topic of its own.
    pub pattern: CString,
    /// Its QoS.
    pub qos: QoS,
    /// Whether the broker keeps the last message.
    pub retain: bool,
    /// What goes with each message, if the connection speaks MQTT 5.
    pub properties: Option<TopicProperties>,
    /// message_expiry: what has waited for longer is not sent any more.
    pub expiry: Option<Duration>,
    sent: AtomicU64,
}

impl Topic {
    /// A topic that has sent nothing yet.
    pub fn new(connection: Arc<Shared>, pattern: CString, qos: QoS, retain: bool) -> Self {
        let sent = AtomicU64::new(0);
        Self { connection, pattern, qos, retain, properties: None, expiry: None, sent }
    }

    /// How many of its messages went out.
    pub fn sent(&self) -> u64 {
        self.sent.load(Relaxed)
    }

    /// One more went out.
    pub fn count_sent(&self) {
        self.sent.fetch_add(1, Relaxed);
    }
}

/// Topics that get the same.
pub type Topics = Arc<[Arc<Topic>]>;

/// How many messages of a route that is nobody's but the caller's are on their way: what waits, or is in flight, holds
/// its topic. One that another thread has in its hands may count twice.
pub fn unsettled(topics: &Topics) -> usize {
    let queued = Arc::strong_count(topics) - 1;
    queued + topics.iter().map(|topic| Arc::strong_count(topic) - 1).sum::<usize>()
}

/// What goes to one topic.
#[derive(Debug)]
pub struct Delivery {
    /// Where it goes.
    pub topic: Arc<Topic>,
    /// What is sent.
    pub payload: Payload,
    /// The MQTT topic, if it is not the topic's own pattern.
    pub name: Option<Arc<CStr>>,
}

/// What is in the queue: an event, or anything else that is to be published.
#[derive(Debug)]
pub enum Taken {
    /// The same for all topics of a route.
    Same {
        /// Who wants it.
        topics: Topics,
        /// What is sent.
        payload: Payload,
    },
    /// To one topic what it gets: most often it is one alone that looks at an event.
    One(Delivery),
    /// To each topic what it gets.
    Each(Vec<Delivery>),
}

impl Taken {
    /// What nobody gets.
    pub const NOTHING: Self = Self::Each(Vec::new());

    /// Adds one more to [`Taken::NOTHING`], or to what was added to it. There will be `most` at most.
    pub fn add(&mut self, delivery: Delivery, most: usize) {
        match self {
            Self::Each(each) if most > 1 => {
                if each.is_empty() {
                    each.reserve_exact(most);
                }
                each.push(delivery);
            }
            _ => *self = Self::One(delivery),
        }
    }

    /// Whether nobody gets it.
    pub fn is_nothing(&self) -> bool {
        matches!(self, Self::Each(each) if each.is_empty())
    }

    /// The same without what would go by one of these connections.
    pub fn without(self, connections: &[Arc<Shared>]) -> Self {
        let stays = |topic: &Arc<Topic>| !connections.iter().any(|one| Arc::ptr_eq(one, &topic.connection));
        match self {
            Self::Same { topics, payload } => {
                let left: Topics = topics.iter().filter(|topic| stays(topic)).map(Arc::clone).collect();
                if left.is_empty() { Self::NOTHING } else { Self::Same { topics: left, payload } }
            }
            Self::One(delivery) if stays(&delivery.topic) => Self::One(delivery),
            Self::One(_) => Self::NOTHING,
            Self::Each(mut deliveries) => {
                deliveries.retain(|delivery| stays(&delivery.topic));
                Self::Each(deliveries)
            }
        }
    }

    /// The topics that it goes to.
    pub fn topics(&self) -> impl Iterator<Item = &Arc<Topic>> {
        let (same, each) = match self {
            Self::Same { topics, .. } => (&**topics, &[][..]),
            Self::One(one) => (&[][..], std::slice::from_ref(one)),
            Self::Each(each) => (&[][..], &**each),
        };
        same.iter().chain(each.iter().map(|delivery| &delivery.topic))
    }
}

/// One message for one topic.
#[derive(Debug, Clone)]
pub struct Message {
    /// Its place in the order of all messages: the smaller, the older.
    pub sequence: u64,
    /// Where it goes.
    pub topic: Arc<Topic>,
    /// What it says.
    pub payload: Payload,
    /// The MQTT topic, if it is not the topic's own pattern.
    pub name: Option<Arc<CStr>>,
    /// When it is too old to be sent; `None`: never.
    pub expires: Option<Instant>,
}

impl Message {
    /// A message that begins to wait now.
    pub fn new(sequence: u64, topic: Arc<Topic>, payload: Payload) -> Self {
        let expires = topic.expiry.and_then(|expiry| Instant::now().checked_add(expiry));
        Self { sequence, topic, payload, name: None, expires }
    }

    /// The MQTT topic that it goes to.
    pub fn topic_name(&self) -> &CStr {
        self.name.as_deref().unwrap_or(&self.topic.pattern)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::testing;

    #[test]
    fn a_message_is_unsettled_until_nobody_has_it_any_more() {
        let topic = Topic::new(testing::connection("c"), c"t".to_owned(), QoS::AtMostOnce, false);
        let topics: Topics = Arc::new([Arc::new(topic)]);
        assert_eq!(unsettled(&topics), 0);
        let queued = Taken::Same { topics: Arc::clone(&topics), payload: vec![].into() };
        assert_eq!(unsettled(&topics), 1);
        let waiting = Message::new(1, Arc::clone(&topics[0]), vec![].into());
        assert_eq!(unsettled(&topics), 2);
        drop(queued);
        assert_eq!(unsettled(&topics), 1);
        drop(waiting);
        assert_eq!(unsettled(&topics), 0);
    }
}
