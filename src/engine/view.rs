//! The module's state as plain data, for the console.

use super::command_topic::{CommandTopic, Counts};
use super::feed::Feed;
use super::logs::Logger;
use super::subscription::{Grant, Subscription};
use super::tree::{Connection, Profile, Publisher, Subscriber};
use super::xml::{XmlBinding, XmlCounts};
use super::{Account, State};
use crate::config;
use crate::mqtt::QoS;
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
    /// In the order of the configuration.
    pub xml_bindings: Vec<XmlBindingView>,
    /// In the order of the configuration.
    pub loggers: Vec<LoggerView>,
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
    /// What was subscribed on it while the module runs: the filter, the QoS that is asked for, what the broker said.
    pub subscriptions: Vec<(String, QoS, Grant)>,
    /// Its custom events that were fired, and that were not.
    pub events: (u64, u64),
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
    /// For each of its topics: what the broker said, and what was done with its commands.
    pub topics: Vec<(Grant, Counts)>,
}

/// A `<logger>`.
#[derive(Debug, Clone)]
pub struct LoggerView {
    /// As configured.
    pub config: config::Logger,
    /// Lines that went out.
    pub published: u64,
    /// Lines that were left out.
    pub suppressed: u64,
}

/// An `<xml-binding>`.
#[derive(Debug, Clone)]
pub struct XmlBindingView {
    /// As configured.
    pub config: config::XmlBinding,
    /// What the broker said to the subscription to its answers.
    pub grant: Grant,
    /// What became of its look-ups.
    pub counts: XmlCounts,
}

impl Profile {
    pub(super) fn view(&self) -> ProfileView {
        ProfileView {
            config: self.config.clone(),
            connections: self.connections.iter().map(|connection| connection.view()).collect(),
            publishers: self.publishers.iter().map(Publisher::view).collect(),
            subscribers: self.subscribers.iter().map(Subscriber::view).collect(),
            xml_bindings: self.xml_bindings.iter().map(|binding| xml_binding(binding)).collect(),
            loggers: self.loggers.iter().map(|one| logger(one)).collect(),
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
            subscriptions: self.listening.lock().iter().map(subscription).collect(),
            events: self.shared.inbox.announcer.counts(),
        }
    }
}

fn subscription(one: &Arc<Subscription>) -> (String, QoS, Grant) {
    (one.filter.to_string_lossy().into_owned(), one.qos, one.grant())
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
            topic.as_ref().map_or((Grant::None, Counts::default()), |topic: &Arc<Subscription>| {
                (topic.grant(), topic.commands().map(CommandTopic::counts).unwrap_or_default())
            })
        };
        SubscriberView { config: self.config.clone(), topics: self.topics.iter().map(topic).collect() }
    }
}

fn xml_binding(binding: &XmlBinding) -> XmlBindingView {
    let (config, grant) = (binding.config.clone(), binding.subscription.grant());
    XmlBindingView { config, grant, counts: binding.counts() }
}

fn logger(logger: &Logger) -> LoggerView {
    let (published, suppressed) = (logger.published(), logger.suppressed());
    LoggerView { config: logger.config.clone(), published, suppressed }
}
