//! Profiles and what is in them, at work: the configuration's tree with the live parts beside it.

use super::connection::Shared;
use super::feed::Feed;
use super::inbox::Change;
use super::lifecycle::{Down, Wanted};
use super::logs::Logger;
use super::requests::Requests;
use super::subscription::Subscription;
use super::thread::Thread;
use super::xml::XmlBinding;
use crate::config;
use crate::mqtt::Client;
use parking_lot::Mutex;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

/// A profile at work. Its `config.enable`, and those of its publishers and subscribers, are as they are now.
pub struct Profile {
    pub config: config::Profile,
    pub connections: Vec<Arc<Connection>>,
    pub publishers: Vec<Publisher>,
    pub subscribers: Vec<Subscriber>,
    pub xml_bindings: Vec<Arc<XmlBinding>>,
    pub loggers: Vec<Arc<Logger>>,
}

/// A connection at work; no client: its configuration cannot be used.
pub struct Connection {
    pub config: config::Connection,
    pub client_id: String,
    pub shared: Arc<Shared>,
    pub client: Option<Arc<Client<Shared>>>,
    pub thread: Mutex<Option<Thread>>,
    /// Whether it is enabled now.
    pub enabled: AtomicBool,
    /// Whether `mosquitto disconnect` took it down.
    pub disconnected: AtomicBool,
    /// Whether it has been wanted up at some time: its events wait for it from then on. Before that there is nothing to
    /// wait for.
    pub was_wanted: AtomicBool,
    /// What someone in the module listens to on it.
    pub listening: Mutex<Vec<Arc<Subscription>>>,
    /// The calls that wait for answers on it.
    pub requests: Arc<Requests>,
}

/// A publisher at work.
pub struct Publisher {
    pub config: config::Publisher,
    /// The topics at work, by their place in the configuration; `None`: its connection cannot be used.
    pub topics: Vec<Option<Feed>>,
}

/// A subscriber at work.
pub struct Subscriber {
    pub config: config::Subscriber,
    /// The topics at work, by their place in the configuration.
    pub topics: Vec<Option<Arc<Subscription>>>,
}

impl Connection {
    /// Where it is wanted.
    pub fn wanted(&self, profile_enabled: bool) -> Wanted {
        if !profile_enabled || !self.enabled.load(SeqCst) {
            Wanted::Down(Down::Disabled)
        } else if self.disconnected.load(SeqCst) {
            Wanted::Down(Down::Disconnected)
        } else {
            Wanted::Up
        }
    }

    /// Whether events are taken for it.
    pub fn takes_events(&self) -> bool {
        self.client.is_some() && self.was_wanted.load(SeqCst)
    }

    /// Subscribes to exactly these: now, if there is a connection, else when there is one.
    pub fn subscribe_to(&self, subscriptions: Vec<Arc<Subscription>>) {
        let change = self.shared.inbox.replace(subscriptions);
        let (Some(client), Some(Change { added, removed })) = (&self.client, change) else { return };
        for filter in removed {
            if let Err(error) = client.unsubscribe(&filter) {
                log::warn!(
                    target: &self.shared.target,
                    "{}: cannot unsubscribe from {filter:?}: {error}",
                    self.shared.place,
                );
            }
        }
        for (filter, qos) in added {
            let asked = client.subscribe(&filter, qos);
            self.shared.inbox.asked(filter, asked);
        }
    }
}

impl Profile {
    /// What is subscribed on this connection.
    pub fn subscriptions(&self, connection: &str) -> Vec<Arc<Subscription>> {
        let subscribers = self.subscribers.iter().filter(|one| self.config.enable && one.config.enable);
        let topics = subscribers.flat_map(|one| one.topics.iter().zip(&one.config.topics));
        let wanted = topics.filter(|(_, config)| config.enable && config.connection_name == connection);
        let configured = wanted.filter_map(|(topic, _)| topic.as_ref().map(Arc::clone));
        let bindings = self.xml_bindings.iter().filter(|one| self.config.enable && one.config.enable);
        let answers = bindings.filter(|one| one.config.connection_name == connection);
        let answers = answers.map(|one| Arc::clone(&one.subscription));
        let connection = self.connection(connection);
        let listening = connection.map(|connection| connection.listening.lock().clone());
        configured.chain(answers).chain(listening.unwrap_or_default()).collect()
    }

    /// The connection of this name.
    pub fn connection(&self, name: &str) -> Option<&Arc<Connection>> {
        self.connections.iter().find(|connection| connection.config.name == name)
    }
}
