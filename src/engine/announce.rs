//! Custom events: what a connection tells FreeSWITCH's other modules, and the way there.
//!
//! Firing an event waits while the core's queue is full, and a connection's callbacks run with a lock of libmosquitto held.
//! So the callbacks only put events in a queue, and a thread of their own, `mqtt-events`, fires them; it holds no lock
//! meanwhile. It is started by the first event: who uses none of this has no such thread.
//!
//! The thread does not wait for this module: the core's event threads empty the core's queue, and what they call here, the
//! tap, never blocks, loaded or unloading.

use super::custom_events;
use super::thread::Thread;
use super::throttle::Throttle;
use crate::config::CustomEvents;
use crate::host::{Host, NewEvent, Turn};
use crate::mqtt::Incoming;
use crossbeam_channel::{Receiver, Sender, bounded};
use parking_lot::Mutex;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, Instant};

/// How many events may wait to be fired.
const MOST: usize = 1000;
/// How many bytes of message they may hold together.
const MOST_BYTES: usize = 32 << 20;
/// The longest message that becomes an event, bytes. Every module that takes events gets a copy.
const LONGEST: usize = 1 << 20;
/// How long an unload waits for events that are still to be fired.
const PATIENCE: Duration = Duration::from_millis(150);

/// The way of all custom events to the core.
pub struct Announcements {
    state: Arc<State>,
    way: Mutex<Way>,
}

struct State {
    host: Arc<dyn Host>,
    /// The bytes that wait.
    bytes: AtomicUsize,
    /// What waits is given up.
    abandoned: AtomicBool,
    losses: Throttle,
}

/// The lock is held while an event is put in the queue, which never waits, and while the thread is started.
enum Way {
    Unused,
    Open(Sender<Waiting>, Thread),
    Closed,
}

struct Waiting {
    event: NewEvent,
    bytes: usize,
    counts: Arc<Counts>,
}

/// What became of one connection's events.
#[derive(Debug, Default)]
pub struct Counts {
    fired: AtomicU64,
    dropped: AtomicU64,
}

impl Announcements {
    /// No event yet.
    pub fn new(host: Arc<dyn Host>) -> Self {
        let state = State {
            host,
            bytes: AtomicUsize::new(0),
            abandoned: AtomicBool::new(false),
            losses: Throttle::default(),
        };
        Self { state: Arc::new(state), way: Mutex::new(Way::Unused) }
    }

    /// Takes an event with a message of so many bytes. Never waits.
    fn raise(&self, event: NewEvent, bytes: usize, counts: &Arc<Counts>) {
        if bytes > LONGEST || self.state.bytes.load(SeqCst) + bytes > MOST_BYTES {
            return self.state.lost(counts, "it is too long, or too much waits");
        }
        let waiting = Waiting { event, bytes, counts: Arc::clone(counts) };
        let mut way = self.way.lock();
        if matches!(*way, Way::Unused) {
            *way = self.open().unwrap_or(Way::Unused);
        }
        let Way::Open(queue, _) = &*way else {
            drop(way);
            return self.state.lost(counts, "there is no thread to fire it");
        };
        self.state.bytes.fetch_add(bytes, SeqCst);
        let taken = queue.try_send(waiting);
        drop(way);
        if taken.is_err() {
            self.state.bytes.fetch_sub(bytes, SeqCst);
            self.state.lost(counts, "too many wait");
        }
    }

    fn open(&self) -> std::io::Result<Way> {
        let (queue, events) = bounded(MOST);
        let state = Arc::clone(&self.state);
        let body = move || {
            state.host.thread_started(Turn::Soon);
            state.run(&events);
        };
        Ok(Way::Open(queue, Thread::start("mqtt-events".to_owned(), body)?))
    }

    /// Fires what still waits, but not for long; what is raised after this is lost.
    ///
    /// # Errors
    /// The thread's name, if it does not end: the core takes no events.
    pub fn stop(&self, patience: Duration) -> Result<(), String> {
        let way = std::mem::replace(&mut *self.way.lock(), Way::Closed);
        let Way::Open(queue, thread) = way else { return Ok(()) };
        // Without a sender the thread ends when the queue is empty.
        drop(queue);
        let Err(late) = thread.join_until(Instant::now() + PATIENCE) else { return Ok(()) };
        self.state.abandoned.store(true, SeqCst);
        late.join(patience)
    }
}

impl State {
    /// The body of the thread.
    fn run(&self, events: &Receiver<Waiting>) {
        for Waiting { event, bytes, counts } in events {
            self.bytes.fetch_sub(bytes, SeqCst);
            if self.abandoned.load(SeqCst) {
                self.lost(&counts, "the module is unloaded");
                continue;
            }
            match self.host.fire(&event) {
                Ok(()) => drop(counts.fired.fetch_add(1, SeqCst)),
                Err(why) => self.lost(&counts, &why),
            }
        }
    }

    fn lost(&self, counts: &Counts, why: &str) {
        counts.dropped.fetch_add(1, SeqCst);
        if let Some(count) = self.losses.count(1) {
            log::warn!("{count} events of this module were not fired, the last one because {why}");
        }
    }
}

/// What one connection announces. By default nothing.
#[derive(Default)]
pub struct Announcer(Option<Inner>);

struct Inner {
    profile: String,
    connection: String,
    wanted: CustomEvents,
    counts: Arc<Counts>,
    way: Arc<Announcements>,
}

impl fmt::Debug for Announcer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Announcer").finish_non_exhaustive()
    }
}

impl Announcer {
    /// For a connection of a profile.
    pub fn new(profile: &str, connection: &str, wanted: CustomEvents, way: &Arc<Announcements>) -> Self {
        let (profile, connection) = (profile.to_owned(), connection.to_owned());
        Self(Some(Inner { profile, connection, wanted, counts: Arc::default(), way: Arc::clone(way) }))
    }

    /// The broker has accepted the connection.
    pub fn connected(&self) {
        let Some(inner) = self.0.as_ref().filter(|inner| inner.wanted.connected) else { return };
        inner.raise(custom_events::connected(&inner.profile, &inner.connection), 0);
    }

    /// The connection has ended, for this reason.
    pub fn disconnected(&self, reason: &str) {
        let Some(inner) = self.0.as_ref().filter(|inner| inner.wanted.disconnected) else { return };
        inner.raise(custom_events::disconnected(&inner.profile, &inner.connection, reason), 0);
    }

    /// A message has arrived for which an event is wanted.
    pub fn message(&self, message: &Incoming<'_>) {
        let Some(inner) = &self.0 else { return };
        let bytes = message.payload.len();
        if bytes > LONGEST {
            return inner.way.state.lost(&inner.counts, &format!("a message is longer than {LONGEST} bytes"));
        }
        inner.raise(custom_events::message(&inner.profile, &inner.connection, message), bytes);
    }

    /// Events that were fired, and that were not.
    pub fn counts(&self) -> (u64, u64) {
        let count = |inner: &Inner| (inner.counts.fired.load(SeqCst), inner.counts.dropped.load(SeqCst));
        self.0.as_ref().map_or((0, 0), count)
    }
}

impl Inner {
    fn raise(&self, event: NewEvent, bytes: usize) {
        self.way.raise(event, bytes, &self.counts);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::EventNumber;

    /// A core whose queue is full until it is told otherwise.
    #[derive(Default)]
    struct Full {
        full: Mutex<()>,
        fired: AtomicU64,
    }

    impl Host for Full {
        fn event_number(&self, _name: &str) -> Option<EventNumber> {
            None
        }

        fn hostname(&self) -> String {
            String::new()
        }

        fn switchname(&self) -> String {
            String::new()
        }

        fn log_dir(&self) -> String {
            String::new()
        }

        fn configuration(&self) -> Result<String, String> {
            Err("no configuration".to_owned())
        }

        fn execute(&self, command: &str, _arguments: &str) -> Result<String, String> {
            Err(format!("no {command}"))
        }

        fn fire(&self, _event: &NewEvent) -> Result<(), String> {
            drop(self.full.lock());
            self.fired.fetch_add(1, SeqCst);
            Ok(())
        }

        fn thread_started(&self, _: Turn) {}
    }

    #[test]
    fn while_the_cores_queue_is_full_nobody_waits_and_what_is_too_much_is_counted() {
        let host = Arc::new(Full::default());
        let way = Arc::new(Announcements::new(Arc::<Full>::clone(&host)));
        let wanted = CustomEvents { connected: true, ..CustomEvents::default() };
        let announcer = Announcer::new("p", "c", wanted, &way);
        let full = host.full.lock();
        // One is with the core, MOST wait, and the rest is lost.
        for _ in 0..MOST + 10 {
            announcer.connected();
        }
        announcer.disconnected("not wanted");
        let (fired, dropped) = announcer.counts();
        assert!(fired == 0 && (9..=10).contains(&dropped), "{fired} {dropped}");
        assert_eq!(way.stop(Duration::ZERO), Err("mqtt-events".to_owned()), "it is still with the core");
        drop(full);
        let all = MOST as u64 + 10;
        while announcer.counts().0 + announcer.counts().1 < all {
            std::thread::yield_now();
        }
        assert_eq!(announcer.counts().0, host.fired.load(SeqCst));
        announcer.connected();
        assert_eq!(announcer.counts().1, all - announcer.counts().0 + 1, "after the end nothing is fired");
    }

    #[test]
    fn what_waits_at_the_end_is_still_fired() {
        let host = Arc::new(Full::default());
        let way = Arc::new(Announcements::new(Arc::<Full>::clone(&host)));
        let wanted = CustomEvents { disconnected: true, ..CustomEvents::default() };
        let announcer = Announcer::new("p", "c", wanted, &way);
        for _ in 0..100 {
            announcer.disconnected("the end");
        }
        assert_eq!(way.stop(Duration::from_secs(30)), Ok(()));
        assert_eq!((announcer.counts(), host.fired.load(SeqCst)), ((100, 0), 100));
    }
}
