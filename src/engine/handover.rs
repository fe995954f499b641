//! From an outbox to libmosquitto: a batch of messages, in their order.
//!
//! Runs on the dispatch thread as long as there is room in the connection's window, and on the connection's own when there
//! is room again. No lock of ours is held.

use super::message::Message;
use crate::mqtt::{Handed, Properties, QoS};
use std::ffi::CStr;
use std::time::Instant;

/// How many messages of one connection are handed over before it is the others' turn, or the network's.
pub const AT_ONCE: usize = 128;

/// Messages and what the library answered; `None`: it was not asked, as the connection had gone.
pub type HandedOver = Vec<(Message, Option<Handed>)>;

/// Gives messages to `publish`, with the properties that they have now, until the connection is found gone.
pub fn hand_over(
    batch: Vec<Message>,
    publish: impl Fn(&CStr, &[u8], QoS, bool, Option<&Properties>) -> Handed,
) -> HandedOver {
    let mut up = true;
    let one = |message: Message| {
        let topic = &message.topic;
        let (name, payload) = (message.topic_name(), &message.payload);
        let with = |properties: Option<&_>| publish(name, payload, topic.qos, topic.retain, properties);
        let handed = up.then(|| with_properties(&message, with));
        up &= !matches!(handed, Some(Handed::NotConnected(_)));
        (message, handed)
    };
    batch.into_iter().map(one).collect()
}

fn with_properties(message: &Message, publish: impl Fn(Option<&Properties>) -> Handed) -> Handed {
    let Some(properties) = &message.topic.properties else { return publish(None) };
    let waited = match (message.topic.expiry, message.expires) {
        (Some(expiry), Some(expires)) => properties.waited(expiry, expires, Instant::now()),
        _ => Ok(None),
    };
    match waited {
        Ok(Some(own)) => publish(Some(&own)),
        Ok(None) => publish(Some(properties.fresh())),
        Err(error) => Handed::Refused(error),
    }
}
