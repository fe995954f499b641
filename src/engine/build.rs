//! From the configuration to what will work: clients, topics, publishers. Nothing is connected here.

use super::announce::{Announcements, Announcer};
use super::breaker::Breaker;
use super::carrier;
use super::command_topic::{CommandTopic, Responses};
use super::connection::Shared;
use super::feed::Feed;
use super::held::Held;
use super::identity;
use super::inbox::Inbox;
use super::jobs::Jobs;
use super::lifecycle::{Down, Wanted};
use super::logs::Logger;
use super::message::Topic;
use super::options::{self, qos};
use super::outbox::Window;
use super::place::Place;
use super::presence::Presence;
use super::properties::TopicProperties;
use super::requests::Requests;
use super::sender::{Outgoing, Sender};
use super::shape::Shape;
use super::subscription::{Purpose, Subscription};
use super::supervise;
use super::tap::Tap;
use super::thread::Thread;
use super::tree::{Connection, Profile, Publisher, Subscriber};
use super::xml::{Room, XmlBinding};
use crate::commands::{self, Limits, Rules};
use crate::config;
use crate::host::{Host, Turn};
use crate::logging;
use crate::mqtt::{Client, Library, PublishProperties};
use crate::panics::guard;
use parking_lot::Mutex;
use std::ffi::CString;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// What everything is made from.
pub struct Parts<'a> {
    pub settings: &'a config::Settings,
    pub host: &'a Arc<dyn Host>,
    pub held: &'a Arc<Held>,
    pub wake: &'a crossbeam_channel::Sender<()>,
    pub jobs: &'a Arc<Jobs>,
    pub announcements: &'a Arc<Announcements>,
    pub library: &'a Arc<Library>,
    pub tap: &'a Tap,
    pub room: &'a Arc<Room>,
}

impl Parts<'_> {
    /// A profile with everything in it.
    pub fn profile(&self, config: &config::Profile) -> Profile {
        let connections: Vec<Arc<Connection>> = config
            .connections
            .iter()
            .map(|connection| Arc::new(self.connection(config, connection)))
            .collect();
        let publisher = |publisher| self.publisher(&config.name, publisher, &connections);
        let publishers = config.publishers.iter().map(publisher).collect();
        let subscribers =
            config.subscribers.iter().map(|subscriber| self.subscriber(config, subscriber)).collect();
        let xml_bindings = config.xml_bindings.iter();
        let xml_bindings =
            xml_bindings.map(|binding| Arc::new(self.xml_binding(config, binding, &connections))).collect();
        let loggers = config.loggers.iter();
        let loggers = loggers.map(|logger| Arc::new(self.logger(config, logger, &connections))).collect();
        Profile { config: config.clone(), connections, publishers, subscribers, xml_bindings, loggers }
    }

    fn connection(&self, profile: &config::Profile, config: &config::Connection) -> Connection {
        let place = place(profile, "connection", &config.name);
        let mut inbox = Inbox::new(place.clone(), Arc::clone(self.jobs));
        inbox.announcer =
            Announcer::new(&profile.name, &config.name, profile.custom_events, self.announcements);
        let requests = Requests::new(&place.text, &place.target);
        // `apply` brings it to where it is wanted.
        let wanted = Wanted::Down(Down::Disabled);
        let (presence, unsayable) = match options::presence(config) {
            Ok(presence) => (presence, None),
            Err(why) => (Presence::default(), Some(why)),
        };
        let window = Window::new(options::send_maximum(config), presence.reserve());
        let (held, wake) = (Arc::clone(self.held), self.wake.clone());
        let mut shared = Shared::new(place, wanted, inbox, presence, window, held, wake);
        shared.breaker = Breaker::new(config.circuit_breaker_ms);
        let mut connection = Connection {
            client_id: identity::client_id(
                &config.client_id,
                self.settings.unique_string_length,
                &**self.host,
            ),
            shared: Arc::new(shared),
            client: None,
            thread: Mutex::new(None),
            enabled: AtomicBool::new(config.enable),
            disconnected: AtomicBool::new(false),
            was_wanted: AtomicBool::new(false),
            listening: Mutex::default(),
            requests: Arc::new(requests),
            config: config.clone(),
        };
        if let Some(why) = &config.refused {
            connection.shared.lifecycle.set_failed(why.clone());
            return connection;
        }
        match unsayable.map_or_else(|| self.client(&connection), Err) {
            Ok(client) => connection.client = Some(Arc::new(client)),
            Err(why) => {
                let shared = &connection.shared;
                log::error!(target: &shared.target, "{}: {why}: the connection is not made", shared.place);
                shared.lifecycle.set_failed(why);
            }
        }
        connection
    }

    fn client(&self, connection: &Connection) -> Result<Client<Shared>, String> {
        let (options, warnings) = options::options(&connection.config, &connection.client_id)?;
        for warning in warnings {
            log::warn!(target: &connection.shared.target, "{}: {warning}", connection.shared.place);
        }
        Client::new(&options, Arc::clone(&connection.shared), Arc::clone(self.library))
    }

    fn publisher(
        &self,
        profile: &str,
        config: &config::Publisher,
        connections: &[Arc<Connection>],
    ) -> Publisher {
        let feed = |topic: &config::PublisherTopic| {
            let connection = |name: &String| connections.iter().find(|one| one.config.name == *name);
            let connections = topic.connection_names.iter().filter_map(connection);
            let topics: Vec<_> =
                connections.filter_map(|connection| Self::topic(topic, connection)).collect();
            if topics.is_empty() {
                return None;
            }
            let first = topic.connection_mode == config::ConnectionMode::First;
            match Shape::new(topic) {
                Ok(shape) => Some(Feed { topics, first, shape: shape.map(Arc::new) }),
                Err(why) => {
                    let place = format!("profile \"{profile}\", publisher \"{}\"", config.name);
                    let target = logging::target(profile);
                    log::error!(target: &target, "{place}, topic \"{}\": {why}: it is not published", topic.name);
                    None
                }
            }
        };
        Publisher { config: config.clone(), topics: config.topics.iter().map(feed).collect() }
    }

    /// A topic on one of its connections; `None`: that one cannot be used.
    fn topic(config: &config::PublisherTopic, connection: &Connection) -> Option<Arc<Topic>> {
        connection.client.as_ref()?;
        let pattern = CString::new(config.pattern.as_str()).ok()?;
        let mut topic = Topic::new(Arc::clone(&connection.shared), pattern, qos(config.qos), config.retain);
        topic.expiry = config.message_expiry.map(|seconds| Duration::from_secs(seconds.into()));
        if connection.config.protocol_version == config::ProtocolVersion::V5 {
            match TopicProperties::new(config) {
                Ok(properties) => topic.properties = Some(properties),
                Err(why) => log::error!(
                    target: &connection.shared.target,
                    "{}, topic \"{}\": {why}: its messages go without properties",
                    connection.shared.place,
                    config.name,
                ),
            }
        }
        Some(Arc::new(topic))
    }

    fn logger(
        &self,
        profile: &config::Profile,
        config: &config::Logger,
        connections: &[Arc<Connection>],
    ) -> Logger {
        let route = |sender: &Sender| {
            let properties = PublishProperties {
                payload_format: true,
                content_type: Some(c"application/json".to_owned()),
                ..PublishProperties::default()
            };
            let (topic, qos) = (config.topic.clone(), qos(config.qos));
            sender.route(&Outgoing { topic, payload: Vec::new(), qos, retain: false, properties })
        };
        let sender = self.sender(&config.connection_name, connections);
        let out = sender.and_then(|sender| match route(&sender) {
            Ok(route) => Some((sender, route)),
            Err(why) => {
                let place = place(profile, "logger", &config.name);
                log::error!(target: &place.target, "{}: {why}: it publishes nothing", place.text);
                None
            }
        });
        Logger::new(config, out)
    }

    fn sender(&self, connection: &str, connections: &[Arc<Connection>]) -> Option<Sender> {
        let connection = connections.iter().find(|one| one.config.name == connection)?;
        connection.client.as_ref().map(|_| self.tap.sender(connection))
    }

    fn xml_binding(
        &self,
        profile: &config::Profile,
        config: &config::XmlBinding,
        connections: &[Arc<Connection>],
    ) -> XmlBinding {
        let sender = self.sender(&config.connection_name, connections);
        let place = place(profile, "xml-binding", &config.name);
        XmlBinding::new(config, place, self.host.switchname(), sender, self.room)
    }

    fn subscriber(&self, profile: &config::Profile, config: &config::Subscriber) -> Subscriber {
        let topic = |topic: &config::SubscriberTopic| {
            let profile_name = &profile.name;
            let place = format!(
                "profile \"{profile_name}\", subscriber \"{}\", topic \"{}\"",
                config.name, topic.name
            );
            for warning in commands::warnings(topic) {
                log::warn!(target: &logging::target(profile_name), "{place}: {warning}");
            }
            let filter = CString::new(topic.pattern.as_str()).ok()?;
            let (rules, limits) = (Rules::new(topic), Limits::new(topic, Instant::now()));
            let commands = CommandTopic::new(rules, limits, Responses::new(topic));
            let purpose = Purpose::Commands(Box::new(commands));
            let mut made = Subscription::new(place, filter, qos(topic.qos), purpose);
            made.events = topic.events.unwrap_or(profile.custom_events.message == Some(true));
            Some(Arc::new(made))
        };
        Subscriber { config: config.clone(), topics: config.topics.iter().map(topic).collect() }
    }
}

/// The place of something named in a profile.
fn place(profile: &config::Profile, what: &str, name: &str) -> Place {
    let text = format!("profile \"{}\", {what} \"{name}\"", profile.name);
    Place { text, target: logging::target(&profile.name), details: profile.log.details }
}

impl Connection {
    /// Starts the connection's thread, if there is something to connect, and no thread yet.
    ///
    /// # Errors
    /// What pthread_create(3) gives.
    pub fn start(&self, profile: &str, host: &Arc<dyn Host>) -> std::io::Result<()> {
        let mut thread = self.thread.lock();
        let (None, Some(client)) = (thread.as_ref(), self.client.clone()) else { return Ok(()) };
        let (shared, config, host) = (Arc::clone(&self.shared), self.config.clone(), Arc::clone(host));
        let name = format!("mqtt:{profile}/{}", config.name);
        let body = move || {
            // A hundred connections that each take the processor for one message spend more on that than on messages.
            host.thread_started(Turn::Later);
            carrier::mark();
            let place = format!("the thread of {}", shared.place);
            let ended = guard(&place, false, || {
                match options::bind_address(&config) {
                    Ok(bind) => supervise::run(&shared, &client, &config, bind.as_ref()),
                    Err(why) => shared.lifecycle.set_failed(why),
                }
                true
            });
            if !ended {
                shared.lifecycle.set_failed("its thread panicked: see the log".to_owned());
            }
        };
        *thread = Some(Thread::start(name, body)?);
        Ok(())
    }
}
