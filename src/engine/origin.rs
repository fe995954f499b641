//! Where an event of subclass `mosquitto::message` came from, so that it is never published back there.
//!
//! A message that became an event, was published and came back would go round for ever. It is kept off every connection to
//! its broker, not only off its own: the two may have the same topics. Two brokers are the same if a host and its port are.

use super::connection::Shared;
use super::custom_events::MESSAGE;
use crate::config;
use crate::host::{Event, EventVisitor};
use std::collections::HashMap;
use std::sync::Arc;

/// For each connection, by its profile and its name: those that lead to the same broker, itself among them.
#[derive(Debug, Default)]
pub struct Origins(HashMap<Names, Vec<Arc<Shared>>>);

/// A profile's name and a connection's, as they stand in an event.
type Names = (Vec<u8>, Vec<u8>);

/// A connection and where it leads.
pub struct Origin<'a> {
    /// Its profile.
    pub profile: &'a str,
    /// Its configuration.
    pub config: &'a config::Connection,
    /// What is at work.
    pub shared: &'a Arc<Shared>,
}

impl Origins {
    /// The connections that there are.
    pub fn new(all: &[Origin<'_>]) -> Self {
        let entry = |one: &Origin<'_>| {
            let here = brokers(one.config);
            let same = |other: &&Origin<'_>| {
                Arc::ptr_eq(one.shared, other.shared)
                    || brokers(other.config).iter().any(|broker| here.contains(broker))
            };
            let same = all.iter().filter(same).map(|other| Arc::clone(other.shared)).collect();
            ((one.profile.into(), one.config.name.as_str().into()), same)
        };
        Self(all.iter().map(entry).collect())
    }

    /// The connections by which an event must not go out, as it came from their broker. Runs in the event callback; for any
    /// other event there are none.
    pub fn of<E: Event>(&self, event: &E) -> &[Arc<Shared>] {
        if event.subclass() != Some(MESSAGE.as_bytes()) {
            return &[];
        }
        let mut find = Find::default();
        event.visit(&mut find);
        let Find { profile: Some(profile), connection: Some(connection) } = find else { return &[] };
        self.0.get(&(profile, connection)).map_or(&[], Vec::as_slice)
    }
}

/// The hosts and ports of a connection.
fn brokers(config: &config::Connection) -> Vec<(String, u16)> {
    let port = config.tls.port.filter(|_| config.tls.enable).unwrap_or(config.port);
    let broker = |host: &config::Host| (host.name.to_ascii_lowercase(), host.port.unwrap_or(port));
    config.hosts.iter().map(broker).collect()
}

/// The first header of each name is the module's own: those that follow have other names.
#[derive(Default)]
struct Find {
    profile: Option<Vec<u8>>,
    connection: Option<Vec<u8>>,
}

impl EventVisitor for Find {
    fn header(&mut self, name: &[u8], value: &[u8]) {
        match name {
            b"Profile" => drop(self.profile.get_or_insert_with(|| value.to_vec())),
            b"Connection" => drop(self.connection.get_or_insert_with(|| value.to_vec())),
            _ => {}
        }
    }

    fn list<'a>(&mut self, _name: &[u8], _values: impl Iterator<Item = &'a [u8]>) {}

    fn body(&mut self, _body: &[u8]) {}
}

#[cfg(test)]
mod tests {
    use super::super::json::Payload;
    use super::super::message::{Delivery, Taken, Topic, Topics};
    use super::super::testing::{TestEvent, connection};
    use super::*;
    use crate::mqtt::QoS;

    fn at(name: &str, host: &str, port: u16) -> config::Connection {
        let hosts = vec![config::Host { name: host.to_owned(), port: None }];
        config::Connection { hosts, port, ..config::Connection::new(name) }
    }

    #[test]
    fn a_message_does_not_go_back_to_its_broker_by_any_connection() {
        let configs =
            [at("a", "one", 1883), at("b", "ONE", 1883), at("c", "one", 1884), at("d", "two", 1883)];
        let shared = ["a", "b", "c", "d"].map(connection);
        let connections: Vec<Origin<'_>> = configs
            .iter()
            .zip(&shared)
            .map(|(config, shared)| Origin { profile: "p", config, shared })
            .collect();
        let origins = Origins::new(&connections);
        let topic = |shared: &Arc<Shared>| {
            let name = std::ffi::CString::new(shared.place.as_str()).expect("no NUL");
            Arc::new(Topic::new(Arc::clone(shared), name, QoS::AtMostOnce, false))
        };
        let all: Topics = shared.iter().map(topic).collect();
        let payload = Payload::from(&b"{}"[..]);
        let names = |taken: &Taken| -> Vec<String> {
            taken.topics().map(|topic| topic.pattern.to_string_lossy().into_owned()).collect()
        };
        // In all forms that an event may have in the queue.
        let left = |event: &TestEvent, topics: &Topics| -> Vec<String> {
            let same = Taken::Same { topics: Arc::clone(topics), payload: Arc::clone(&payload) };
            let each = topics.iter().map(|topic| Delivery {
                topic: Arc::clone(topic),
                payload: Arc::clone(&payload),
                name: None,
            });
            let each = Taken::Each(each.collect());
            let left = names(&same.without(origins.of(event)));
            assert_eq!(left, names(&each.without(origins.of(event))));
            let alone = |topic: &Arc<Topic>| {
                let one = Delivery { topic: Arc::clone(topic), payload: Arc::clone(&payload), name: None };
                names(&Taken::One(one).without(origins.of(event)))
            };
            assert_eq!(left, topics.iter().flat_map(alone).collect::<Vec<_>>());
            left
        };
        let message = |profile, connection| {
            let event = TestEvent::custom(MESSAGE).with("Profile", profile).with("Connection", connection);
            event.with("User-Property-Connection", "d").with("Connection", "d")
        };
        assert_eq!(left(&message("p", "a"), &all), ["c", "d"]);
        assert_eq!(left(&message("p", "d"), &all), ["a", "b", "c"]);
        assert!(left(&message("p", "a"), &all[..2].into()).is_empty());
        assert_eq!(left(&message("other", "a"), &all).len(), 4, "nobody here listens on that connection");
        assert_eq!(left(&TestEvent::custom("x::y").with("Connection", "a"), &all).len(), 4);
    }
}
