//! Profiles, connections, publishers and the threads between them: the module at work.
//!
//! | thread | what it does |
//! |---|---|
//! | the core's event threads | [`Tap`]: filter, serialise once, put in the queue |
//! | `mqtt-dispatch` | [`dispatch`]: from the queue to the outboxes, from there to libmosquitto |
//! | `mqtt:<profile>/<connection>` | [`supervise`]: connects, drives libmosquitto, waits, connects again |
//! | `mqtt-events` | [`announce`]: fires the module's own events; only if there are any |
//! | `mqtt-resolve` | [`resolve`]: one look-up of a name; it ends when the look-up does, loaded or not |
//!
//! [`Engine`] owns all of it; dropping it stops it.

mod announce;
mod answer;
mod answers;
mod backoff;
mod breaker;
mod build;
mod carrier;
mod command_topic;
mod connection;
mod control;
mod custom_events;
mod dispatch;
mod examine;
mod feed;
mod filters;
mod form;
mod handover;
mod held;
mod identity;
mod inbox;
mod jobs;
pub mod json;
mod ledger;
mod lifecycle;
mod listen;
mod logs;
mod message;
mod options;
mod origin;
mod outbox;
#[cfg(test)]
mod outbox_tests;
mod place;
mod plain;
mod presence;
mod properties;
mod reach;
mod requests;
mod resolve;
mod routes;
#[cfg(test)]
mod routes_tests;
mod secrets;
mod sender;
mod shape;
mod stop;
mod subscription;
mod supervise;
mod tap;
#[cfg(test)]
mod testing;
mod thread;
mod throttle;
mod tree;
mod view;
mod xml;

pub use command_topic::Counts;
pub use control::{ControlError, Target};
pub use examine::examine;
pub use ledger::Account;
pub use lifecycle::State;
pub use logs::LogTap;
pub use requests::{NoAnswer, Pending, Request};
pub use sender::{Outgoing, Sender, Unsent};
pub use stop::Stopped;
pub use subscription::{Grant, Listener};
pub use tap::Tap;
#[cfg(test)]
pub use testing::TestHost;
pub use view::{ConnectionView, LoggerView, ProfileView, PublisherView, SubscriberView, XmlBindingView};
pub use xml::{XmlBinding, XmlCounts};

use crate::config::{Config, LogLevel};
use crate::host::{Binder, Host, Turn};
use crate::logging;
use crate::mqtt::Library;
use announce::Announcements;
use command_topic::CommandTopic;
use dispatch::{Dispatch, Outlet};
use held::Held;
use jobs::Jobs;
use ledger::DropReason;
use lifecycle::Wanted;
use logs::Logger;
use message::Topic;
use origin::{Origin, Origins};
use parking_lot::Mutex;
use routes::{Builder, Routes};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use subscription::Subscription;
use thread::Thread;
use tree::{Connection, Profile};

/// The module at work.
pub struct Engine {
    profiles: Mutex<Vec<Profile>>,
    /// Connections that were removed: their accounts still count, and a thread may not have ended yet.
    retired: Mutex<Vec<Arc<Connection>>>,
    /// Held while something is changed or stopped, even while the core and libmosquitto are called: no callback and no
    /// thread of the module ever takes it.
    admin: Mutex<()>,
    tap: Arc<Tap>,
    logs: Arc<LogTap>,
    dispatch: Arc<Dispatch>,
    dispatch_thread: Mutex<Option<Thread>>,
    wake: crossbeam_channel::Sender<()>,
    binder: Mutex<Box<dyn Binder>>,
    host: Arc<dyn Host>,
    jobs: Arc<Jobs>,
    announcements: Arc<Announcements>,
    _library: Arc<Library>,
}

impl Engine {
    /// Starts everything that is enabled: connections are made on their own threads, and events are taken from now on.
    /// `make_binder` is given what takes them.
    ///
    /// # Errors
    /// The dispatch thread cannot be started.
    pub fn start(
        config: &Config,
        host: &Arc<dyn Host>,
        make_binder: impl FnOnce(Arc<Tap>) -> Box<dyn Binder>,
    ) -> std::io::Result<Self> {
        let capacity = config.settings.event_queue_size;
        let (queue, events) = crossbeam_channel::bounded(capacity);
        let (wake, woken) = crossbeam_channel::bounded(1);
        let held = Arc::new(Held::new(capacity));
        let overflow = Arc::new(AtomicU64::new(0));
        let library = Arc::new(Library::init());
        let jobs = Arc::new(Jobs::new(Arc::clone(host)));
        let announcements = Arc::new(Announcements::new(Arc::clone(host)));

        let tap = Arc::new(Tap::new(queue, Arc::clone(&overflow), Arc::clone(&jobs)));
        let parts = build::Parts {
            settings: &config.settings,
            host,
            held: &held,
            wake: &wake,
            jobs: &jobs,
            announcements: &announcements,
            library: &library,
            tap: &tap,
            room: &Arc::default(),
        };
        let profiles = config.profiles.iter().map(|profile| parts.profile(profile)).collect();
        let engine = Self {
            profiles: Mutex::new(profiles),
            retired: Mutex::default(),
            admin: Mutex::new(()),
            tap: Arc::clone(&tap),
            logs: Arc::default(),
            dispatch: Arc::new(Dispatch::new(events, woken, held, overflow)),
            dispatch_thread: Mutex::new(None),
            wake,
            binder: Mutex::new(make_binder(tap)),
            host: Arc::clone(host),
            jobs,
            announcements,
            _library: library,
        };
        engine.warn_of_unknown_events();
        engine.start_dispatch()?;
        engine.apply();
        Ok(engine)
    }

    fn start_dispatch(&self) -> std::io::Result<()> {
        let (dispatch, host) = (Arc::clone(&self.dispatch), Arc::clone(&self.host));
        let body = move || {
            host.thread_started(Turn::Soon);
            carrier::mark();
            dispatch.run();
        };
        *self.dispatch_thread.lock() = Some(Thread::start("mqtt-dispatch".to_owned(), body)?);
        Ok(())
    }

    /// Makes everything as the tree says: routes, bindings, connections, subscriptions.
    fn apply(&self) {
        let mut outlets = Vec::new();
        let mut wishes = Vec::new();
        let mut counted = Vec::new();
        let mut loggers = Vec::new();
        let mut answers = false;
        let (mut senders, mut listens) = (HashMap::new(), Vec::new());
        let mut builder = Builder::default();
        for profile in &*self.profiles.lock() {
            for connection in &profile.connections {
                let wanted = connection.wanted(profile.config.enable) == Wanted::Up;
                connection.was_wanted.fetch_or(wanted, SeqCst);
            }
            profile.route(&mut builder, &*self.host);
            loggers.extend(profile.loggers_at_work());
            let topics = profile.subscribers.iter().flat_map(|subscriber| subscriber.topics.iter().flatten());
            let counts =
                |topic: &&Arc<_>| Subscription::commands(topic).is_some_and(CommandTopic::counts_jobs);
            answers |= topics.clone().filter_map(|topic| topic.commands()).any(CommandTopic::answers);
            listens.extend(topics.clone().map(Arc::clone));
            counted.extend(topics.filter(counts).map(Arc::clone));
            for connection in &profile.connections {
                outlets.extend(connection.outlet());
                if connection.client.is_some() {
                    senders.insert(connection.shared.place.clone(), self.tap.sender(connection));
                }
                listens.extend(connection.listening.lock().iter().map(Arc::clone));
                let wanted = connection.wanted(profile.config.enable);
                let subscriptions = profile.subscriptions(&connection.config.name);
                wishes.push((profile.config.name.clone(), Arc::clone(connection), wanted, subscriptions));
            }
        }
        if !counted.is_empty() || answers {
            builder.watch_jobs();
        }
        self.jobs.set_counted(counted.into());
        self.jobs.answers.set_known(senders, listens);
        self.dispatch.set_outlets(outlets.into());
        self.logs.set_loggers(loggers.into());
        let mut routes = builder.build(&*self.host);
        routes.origins = self.origins();
        self.take_events(routes);
        for (profile, connection, wanted, subscriptions) in wishes {
            connection.subscribe_to(subscriptions);
            connection.bring(wanted, &profile, &self.host);
        }
        for profile in &*self.profiles.lock() {
            for binding in &profile.xml_bindings {
                binding.set_open(profile.config.enable && binding.config.enable);
            }
        }
    }

    /// Which connections lead to the same broker.
    fn origins(&self) -> Origins {
        let profiles = self.profiles.lock();
        let all = profiles.iter().flat_map(|profile| {
            profile.connections.iter().map(|connection| Origin {
                profile: &profile.config.name,
                config: &connection.config,
                shared: &connection.shared,
            })
        });
        Origins::new(&all.collect::<Vec<_>>())
    }

    fn take_events(&self, routes: Routes) {
        let routes = Arc::new(routes);
        self.tap.set_routes(Arc::clone(&routes));
        for refused in self.binder.lock().bind(routes.interests()) {
            log::error!(
                "FreeSWITCH refused to bind event number {}{}: it is not published",
                refused.number.0,
                refused.subclass.map(|subclass| format!(", subclass {subclass:?}")).unwrap_or_default(),
            );
        }
    }

    fn warn_of_unknown_events(&self) {
        for profile in &*self.profiles.lock() {
            let name = &profile.config.name;
            for publisher in &profile.config.publishers {
                for topic in &publisher.topics {
                    for event in topic.events.iter().filter(|event| !routes::is_known(event, &*self.host)) {
                        log::warn!(
                            target: &logging::target(name),
                            "profile \"{name}\", publisher \"{}\", topic \"{}\": this FreeSWITCH has no event \
                             {event}: it is not published",
                            publisher.name,
                            topic.name,
                        );
                    }
                }
            }
        }
    }

    /// The sum of all accounts.
    pub fn account(&self) -> Account {
        let retired =
            self.retired.lock().iter().map(|connection| connection.shared.ledger.read()).sum::<Account>();
        let live = self.connections().iter().map(|connection| connection.shared.ledger.read()).sum();
        retired + live
    }

    /// What is there, and how it does, for people.
    pub fn view(&self) -> Vec<ProfileView> {
        self.profiles.lock().iter().map(Profile::view).collect()
    }

    /// What is to be asked for XML.
    pub fn xml_bindings(&self) -> Vec<Arc<XmlBinding>> {
        self.profiles.lock().iter().flat_map(|profile| profile.xml_bindings.iter().map(Arc::clone)).collect()
    }

    /// What is to be shown log lines, and down to which level; `None`: there is no logger.
    pub fn log_tap(&self) -> Option<(Arc<LogTap>, LogLevel)> {
        let profiles = self.profiles.lock();
        let levels = profiles.iter().flat_map(|profile| &profile.loggers).map(|logger| logger.config.level);
        levels.max().map(|level| (Arc::clone(&self.logs), level))
    }

    fn connections(&self) -> Vec<Arc<Connection>> {
        self.profiles.lock().iter().flat_map(|profile| profile.connections.iter().map(Arc::clone)).collect()
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Connection {
    fn outlet(&self) -> Option<Outlet> {
        let client = self.client.as_ref()?;
        Some(Outlet { shared: Arc::clone(&self.shared), client: Arc::clone(client) })
    }

    /// Brings the connection to where it is wanted, if it is not there already. It has a thread from the first time on
    /// that it is wanted up.
    fn bring(&self, wanted: Wanted, profile: &str, host: &Arc<dyn Host>) {
        let lifecycle = &self.shared.lifecycle;
        if self.client.is_none() || lifecycle.wanted() == wanted {
            return;
        }
        lifecycle.want(wanted);
        if wanted != Wanted::Up {
            stop::disconnect(&[self]);
        } else if let Err(error) = self.start(profile, host) {
            log::error!(target: &self.shared.target, "{}: no thread for it: {error}", self.shared.place);
            lifecycle.set_failed(format!("no thread for it: {error}"));
        }
    }
}

impl Profile {
    /// The loggers that publish now.
    fn loggers_at_work(&self) -> impl Iterator<Item = Arc<Logger>> {
        let takes = |logger: &&Arc<Logger>| {
            let connection = self.connection(&logger.config.connection_name);
            let taken = connection.is_some_and(|connection| connection.takes_events());
            self.config.enable && logger.config.enable && taken
        };
        self.loggers.iter().filter(takes).map(Arc::clone)
    }

    /// Whether events are taken for the topic's connection: it is still there, and has been wanted.
    fn takes_events(&self, topic: &Topic) -> bool {
        self.connection_of(topic).is_some_and(|connection| connection.takes_events())
    }

    fn is_wanted(&self, topic: &Topic) -> bool {
        let connection = self.connection_of(topic);
        connection.is_some_and(|connection| connection.wanted(self.config.enable) == Wanted::Up)
    }

    fn connection_of(&self, topic: &Topic) -> Option<&Arc<Connection>> {
        self.connections.iter().find(|connection| Arc::ptr_eq(&connection.shared, &topic.connection))
    }

    /// The routes of everything that is enabled.
    fn route(&self, builder: &mut Builder, host: &dyn Host) {
        if !self.config.enable {
            return;
        }
        for publisher in self.publishers.iter().filter(|publisher| publisher.config.enable) {
            for (feed, config) in publisher.topics.iter().zip(&publisher.config.topics) {
                let Some(feed) = feed.as_ref().filter(|_| config.enable) else { continue };
                let mut feed = feed.clone();
                feed.topics.retain(|topic| self.takes_events(topic));
                // Whoever is not wanted up would only make it wait.
                if feed.first && feed.topics.iter().any(|topic| self.is_wanted(topic)) {
                    feed.topics.retain(|topic| self.is_wanted(topic));
                }
                if !feed.topics.is_empty() {
                    builder.add(feed, &config.events, &config.exclude_events, host);
                }
            }
        }
    }
}
