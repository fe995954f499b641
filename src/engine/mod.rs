//! Profiles, connections, publishers and the threads between them: the module at work.
//!
//! | thread | what it does |
//! |---|---|
//! | the core's event threads | [`Tap`]: filter, serialise once, put in the queue |
//! | `mqtt-dispatch` | [`dispatch`]: from the queue to the outboxes, from there to libmosquitto |
//! | `mqtt:<profile>/<connection>` | [`supervise`]: connects, drives libmosquitto, waits, connects again |
//! | `mqtt-resolve` | [`resolve`]: one look-up of a name; it ends when the look-up does, loaded or not |
//!
//! [`Engine`] owns all of it; dropping it stops it.

mod backoff;
mod breaker;
mod build;
mod connection;
mod control;
mod dispatch;
mod feed;
mod filters;
mod form;
mod held;
mod identity;
mod inbox;
mod jobs;
pub mod json;
mod ledger;
mod lifecycle;
mod message;
mod options;
mod outbox;
#[cfg(test)]
mod outbox_tests;
mod place;
mod plain;
mod presence;
mod properties;
mod reach;
mod resolve;
mod routes;
#[cfg(test)]
mod routes_tests;
mod secrets;
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

pub use control::{ControlError, Target};
pub use ledger::Account;
pub use lifecycle::State;
pub use stop::Stopped;
pub use subscription::Grant;
pub use tap::Tap;
pub use view::{ConnectionView, ProfileView, PublisherView, SubscriberView};

use crate::config::Config;
use crate::host::{Binder, Host};
use crate::logging;
use crate::mqtt::Library;
use dispatch::{Dispatch, Outlet};
use held::Held;
use jobs::Jobs;
use ledger::DropReason;
use lifecycle::Wanted;
use message::Topic;
use parking_lot::Mutex;
use routes::{Builder, Routes};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
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
    dispatch: Arc<Dispatch>,
    dispatch_thread: Mutex<Option<Thread>>,
    wake: crossbeam_channel::Sender<()>,
    binder: Mutex<Box<dyn Binder>>,
    host: Arc<dyn Host>,
    jobs: Arc<Jobs>,
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

        let parts = build::Parts {
            settings: &config.settings,
            host,
            held: &held,
            wake: &wake,
            jobs: &jobs,
            library: &library,
        };
        let profiles = config.profiles.iter().map(|profile| parts.profile(profile)).collect();
        let tap = Arc::new(Tap::new(queue, Arc::clone(&overflow), Arc::clone(&jobs)));
        let engine = Self {
            profiles: Mutex::new(profiles),
            retired: Mutex::default(),
            admin: Mutex::new(()),
            tap: Arc::clone(&tap),
            dispatch: Arc::new(Dispatch::new(events, woken, held, overflow)),
            dispatch_thread: Mutex::new(None),
            wake,
            binder: Mutex::new(make_binder(tap)),
            host: Arc::clone(host),
            jobs,
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
            host.thread_started();
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
        let mut builder = Builder::default();
        for profile in &*self.profiles.lock() {
            for connection in &profile.connections {
                let wanted = connection.wanted(profile.config.enable) == Wanted::Up;
                connection.was_wanted.fetch_or(wanted, SeqCst);
            }
            profile.route(&mut builder, &*self.host);
            let topics = profile.subscribers.iter().flat_map(|subscriber| subscriber.topics.iter().flatten());
            counted.extend(topics.filter(|topic| topic.counts_jobs()).map(Arc::clone));
            for connection in &profile.connections {
                outlets.extend(connection.outlet());
                let wanted = connection.wanted(profile.config.enable);
                let subscriptions = profile.subscriptions(&connection.config.name);
                wishes.push((profile.config.name.clone(), Arc::clone(connection), wanted, subscriptions));
            }
        }
        if !counted.is_empty() {
            builder.watch_jobs();
        }
        self.jobs.set_counted(counted.into());
        self.dispatch.set_outlets(outlets.into());
        self.take_events(builder.build(&*self.host));
        for (profile, connection, wanted, subscriptions) in wishes {
            connection.subscribe_to(subscriptions);
            connection.bring(wanted, &profile, &self.host);
        }
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
