//! What the module must be like after each operation, as simply as it can be said: no threads, no network, everything
//! that can go out has gone out.

use crate::broker::Published;
use crate::operations::{Mood, Operation, Start};
use crate::world::{CAPACITY, EVENTS, MESSAGES, PublisherTopic, SubscriberTopic, WORLD, client_id};
use std::collections::BTreeMap;

/// Everything.
pub struct Model {
    pub profiles: Vec<Profile>,
    /// The accounts of connections that were removed.
    pub retired: Account,
    pub moods: [Mood; 2],
    /// Commands that ran.
    pub executed: u64,
    /// What each client has published.
    pub published: BTreeMap<String, Vec<Published>>,
    fired: u64,
    sequence: u64,
}

pub struct Profile {
    pub name: &'static str,
    pub enabled: bool,
    pub connections: Vec<Connection>,
    pub publishers: Vec<Publisher>,
    pub subscribers: Vec<Subscriber>,
}

pub struct Connection {
    pub name: &'static str,
    pub client: String,
    pub broker: usize,
    pub enabled: bool,
    pub disconnected: bool,
    /// Its events wait for it from the first time on that it is wanted up.
    pub was_wanted: bool,
    pub account: Account,
    pub waiting: Vec<Waiting>,
}

pub struct Publisher {
    pub name: &'static str,
    pub enabled: bool,
    pub topics: Vec<(&'static PublisherTopic, u64)>,
}

pub struct Subscriber {
    pub name: &'static str,
    pub topic: &'static SubscriberTopic,
    pub enabled: bool,
    pub allowed: u64,
    pub refused: u64,
}

/// The accounts of a connection; what waits is what is left.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Account {
    pub accepted: u64,
    pub published: u64,
    pub full: u64,
    pub removed: u64,
}

/// A message that waits for its connection.
pub struct Waiting {
    sequence: u64,
    pattern: &'static str,
    payload: String,
}

impl Account {
    pub fn waiting(&self) -> u64 {
        self.accepted - self.published - self.full - self.removed
    }

    pub fn plus(self, other: Self) -> Self {
        Self {
            accepted: self.accepted + other.accepted,
            published: self.published + other.published,
            full: self.full + other.full,
            removed: self.removed + other.removed,
        }
    }
}

impl Model {
    /// Right after the load.
    pub fn new(start: &Start) -> Self {
        let profiles = WORLD.iter().enumerate().map(|(at, profile)| Profile {
            name: profile.name,
            enabled: at == 0 || start.second_profile,
            connections: (profile.connections.iter().enumerate())
                .map(|(at, (name, broker))| Connection {
                    name,
                    client: client_id(profile.name, name),
                    broker: *broker,
                    enabled: at == 0 || start.second_connections,
                    disconnected: false,
                    was_wanted: false,
                    account: Account::default(),
                    waiting: Vec::new(),
                })
                .collect(),
            publishers: (profile.publishers.iter())
                .map(|(name, topics)| Publisher {
                    name,
                    enabled: true,
                    topics: topics.iter().map(|topic| (topic, 0)).collect(),
                })
                .collect(),
            subscribers: (profile.subscribers.iter())
                .map(|(name, topic)| Subscriber { name, topic, enabled: true, allowed: 0, refused: 0 })
                .collect(),
        });
        let mut model = Self {
            profiles: profiles.collect(),
            retired: Account::default(),
            moods: start.moods,
            executed: 0,
            published: BTreeMap::new(),
            fired: 0,
            sequence: 0,
        };
        model.settle();
        model
    }

    /// The text of the next event.
    pub fn next_event(&self) -> String {
        self.fired.to_string()
    }

    /// Does it; what the console answers, if it was a line on the console.
    pub fn apply(&mut self, operation: Operation) -> Option<String> {
        let answer = match operation {
            Operation::Fire(event) => {
                self.fire(event);
                None
            }
            Operation::Broker(broker, mood) => {
                self.moods[broker] = mood;
                None
            }
            Operation::Message(broker, message) => {
                self.message(broker, MESSAGES[message].1);
                None
            }
            typed => Some(self.console(typed)),
        };
        self.settle();
        answer
    }

    /// To every topic that wants it and is at work; if more wait than may, the oldest of all go.
    fn fire(&mut self, event: usize) {
        let payload = format!("{{\"Sequence\":\"{}\"}}", self.next_event());
        self.fired += 1;
        for profile in self.profiles.iter_mut().filter(|profile| profile.enabled) {
            for publisher in profile.publishers.iter().filter(|publisher| publisher.enabled) {
                for (topic, _) in publisher.topics.iter().filter(|(topic, _)| wants(topic, EVENTS[event])) {
                    let mut connections = profile.connections.iter_mut();
                    let Some(connection) = connections.find(|one| one.name == topic.connection) else {
                        continue;
                    };
                    if connection.was_wanted {
                        let (sequence, payload) = (self.sequence, payload.clone());
                        connection.waiting.push(Waiting { sequence, pattern: topic.pattern, payload });
                        connection.account.accepted += 1;
                        self.sequence += 1;
                    }
                }
            }
        }
        let connections = || self.profiles.iter().flat_map(|profile| &profile.connections);
        let mut over = connections().map(|one| one.waiting.len()).sum::<usize>().saturating_sub(CAPACITY);
        while over > 0 {
            let all = self.profiles.iter_mut().flat_map(|profile| &mut profile.connections);
            let holding = all.filter(|one| !one.waiting.is_empty());
            let oldest = holding.min_by_key(|one| one.waiting[0].sequence).expect("one that holds something");
            oldest.waiting.remove(0);
            oldest.account.full += 1;
            over -= 1;
        }
    }

    /// To every client of the broker that has subscribed to it.
    fn message(&mut self, broker: usize, is_command: bool) {
        let moods = self.moods;
        for profile in &mut self.profiles {
            for at in 0..profile.connections.len() {
                if profile.connections[at].broker != broker || !profile.is_up(&profile.connections[at], moods)
                {
                    continue;
                }
                let (name, enabled) = (profile.connections[at].name, profile.enabled);
                let topics = profile.subscribers.iter_mut();
                let mut topics: Vec<_> =
                    topics.filter(|one| enabled && one.enabled && one.topic.connection == name).collect();
                match topics.iter_mut().find(|one| one.topic.authorised) {
                    _ if !is_command => {}
                    Some(topic) => {
                        topic.allowed += 1;
                        self.executed += 1;
                    }
                    None => topics.iter_mut().for_each(|topic| topic.refused += 1),
                }
            }
        }
    }

    /// Connections come up where they are wanted and let in, and what waits for those goes out.
    fn settle(&mut self) {
        let moods = self.moods;
        for profile in &mut self.profiles {
            for at in 0..profile.connections.len() {
                let connection = &profile.connections[at];
                let (up, wanted) = (profile.is_up(connection, moods), profile.is_wanted(connection));
                let connection = &mut profile.connections[at];
                connection.was_wanted |= wanted;
                let out = if up { std::mem::take(&mut connection.waiting) } else { Vec::new() };
                connection.account.published += out.len() as u64;
                for message in out {
                    let mut topics =
                        profile.publishers.iter_mut().flat_map(|publisher| &mut publisher.topics);
                    if let Some((_, sent)) = topics.find(|(topic, _)| topic.pattern == message.pattern) {
                        *sent += 1;
                    }
                    let published = self.published.entry(connection.client.clone()).or_default();
                    published.push((message.pattern.to_owned(), message.payload));
                }
            }
        }
    }
}

impl Profile {
    /// Whether the connection is wanted up.
    pub fn is_wanted(&self, connection: &Connection) -> bool {
        self.enabled && connection.enabled && !connection.disconnected
    }

    /// Whether it is up.
    pub fn is_up(&self, connection: &Connection, moods: [Mood; 2]) -> bool {
        self.is_wanted(connection) && moods[connection.broker] == Mood::Accepts
    }

    /// The filters that the connection subscribes to, and the QoS: one filter covers another one.
    pub fn filters(&self, connection: &Connection) -> BTreeMap<String, u8> {
        let subscribers = self.subscribers.iter().filter(|one| self.enabled && one.enabled);
        let topics: Vec<_> =
            subscribers.map(|one| one.topic).filter(|topic| topic.connection == connection.name).collect();
        if topics.iter().any(|topic| topic.filter == "cmd/#") {
            let qos = topics.iter().map(|topic| topic.qos).max().expect("one at least");
            return BTreeMap::from([("cmd/#".to_owned(), qos)]);
        }
        topics.iter().map(|topic| (topic.filter.to_owned(), topic.qos)).collect()
    }
}

/// Whether a topic wants an event.
fn wants(topic: &PublisherTopic, (name, subclass): (&str, Option<&str>)) -> bool {
    topic.events.iter().any(|event| match event.split_once(' ') {
        Some((custom, wanted)) => custom == name && subclass == Some(wanted),
        None => *event == "ALL" || *event == name,
    })
}
