//! The module's state as plain data, for the console.

use super::feed::Feed;
use super::subscription::{Grant, Subscription};
use super::tree::{Connection, Profile, Publisher, Subscriber};
use super::{Account, State};
use crate::config;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;

/// A profile and everything in it.
#[derive(Debug, Clone)]
pub struct ProfileView {
    /// As configured.
    pub config: config::Profile,
    /// In the order of the configuration.
    pub connections: Vec<ConnectionView>,
    /// In the order of the configuration.
    pub publishers: Vec<PublisherView>,
    /// In the order of the configuration.
    pub subscribers: Vec<SubscriberView>,
}

/// A connection.
#[derive(Debug, Clone)]
pub struct ConnectionView {
    /// As configured.
    pub config: config::Connection,
    /// What the broker is told.
    pub client_id: String,
    /// Where it is in its life.
    pub state: State,
    /// Its accounts.
    pub account: Account,
}

/// A publisher.
#[derive(Debug, Clone)]
pub struct PublisherView {
    /// As configured.
    pub config: config::Publisher,
    /// Messages sent, for each of its topics.
    pub sent: Vec<u64>,
    /// Events that its throttle held back, for each of its topics; `None`: it has none.
    pub throttled: Vec<Option<u64>>,
}

/// A subscriber.
#[derive(Debug, Clone)]
pub struct SubscriberView {
    /// As configured; `enable` as it is now.
    pub config: config::Subscriber,
    /// For each of its topics: what the broker said, commands allowed, commands refused.
    pub topics: Vec<(Grant, u64, u64)>,
}

impl Profile {
    pub(super) fn view(&self) -> ProfileView {
        ProfileView {
            config: self.config.clone(),
            connections: self.connections.iter().map(|connection| connection.view()).collect(),
            publishers: self.publishers.iter().map(Publisher::view).collect(),
            subscribers: self.subscribers.iter().map(Subscriber::view).collect(),
        }
    }
}

impl Connection {
    fn view(&self) -> ConnectionView {
        ConnectionView {
            config: config::Connection { enable: self.enabled.load(SeqCst), ..self.config.clone() },
            client_id: self.client_id.clone(),
            state: match (self.client.is_some(), self.enabled.load(SeqCst)) {
                (false, false) => State::Disabled,
                _ => self.shared.lifecycle.state(),
            },
            account: self.shared.ledger.read(),
        }
    }
}

impl Publisher {
    fn view(&self) -> PublisherView {
        let topics =
            |feed: &Option<Feed>| feed.iter().flat_map(|feed| &feed.topics).map(|topic| topic.sent()).sum();
        let sent = self.topics.iter().map(topics);
        let throttled = |feed: &Option<Feed>| feed.as_ref()?.shape.as_ref()?.throttled();
        PublisherView {
            config: self.config.clone(),
            sent: sent.collect(),
            throttled: self.topics.iter().map(throttled).collect(),
        }
    }
}

impl Subscriber {
    fn view(&self) -> SubscriberView {
        let topic = |topic: &Option<_>| {
            topic.as_ref().map_or((Grant::None, 0, 0), |topic: &Arc<Subscription>| {
                let (allowed, refused) = topic.counts();
                (topic.grant(), allowed, refused)
            })
        };
        SubscriberView { config: self.config.clone(), topics: self.topics.iter().map(topic).collect() }
    }
}
