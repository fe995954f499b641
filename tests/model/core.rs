//! A core of a few lines: numbers for events, bindings, and commands that are only counted.

use crate::world::NUMBERS;
use mod_mosquitto::engine::Tap;
use mod_mosquitto::header_names::{Found, HeaderNames};
use mod_mosquitto::host::{
    Binder, Event, EventNumber, EventSink, EventVisitor, Host, Interest, NewEvent, Turn,
};
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex, OnceLock};

/// The core.
#[derive(Default)]
pub struct Core {
    bound: Mutex<Vec<Interest>>,
    tap: OnceLock<Arc<Tap>>,
    /// Commands that were handed to `bgapi`.
    pub executed: AtomicU64,
}

impl Host for Core {
    fn event_number(&self, name: &str) -> Option<EventNumber> {
        NUMBERS.iter().find(|(known, _)| *known == name).map(|(_, number)| EventNumber(*number))
    }

    fn hostname(&self) -> String {
        "host".to_owned()
    }

    fn switchname(&self) -> String {
        "switch".to_owned()
    }

    fn log_dir(&self) -> String {
        String::new()
    }

    fn configuration(&self) -> Result<String, String> {
        Err("no configuration".to_owned())
    }

    fn execute(&self, command: &str, arguments: &str) -> Result<String, String> {
        assert_eq!(command, "bgapi");
        assert!(arguments.ends_with(" version"), "{arguments}");
        self.executed.fetch_add(1, SeqCst);
        Ok("+OK Job-UUID: x\n".to_owned())
    }

    fn fire(&self, event: &NewEvent) -> Result<(), String> {
        Err(format!("no {}", event.name))
    }

    fn thread_started(&self, _: Turn) {}
}

/// What the engine binds with.
pub struct Bindings(Arc<Core>);

impl Bindings {
    /// Bindings that lead to this tap.
    pub fn new(core: &Arc<Core>, tap: Arc<Tap>) -> Self {
        assert!(core.tap.set(tap).is_ok(), "one engine for each core");
        Self(Arc::clone(core))
    }
}

impl Binder for Bindings {
    fn bind(&mut self, interests: &[Interest]) -> Vec<Interest> {
        *self.0.bound.lock().expect("no panic") = interests.to_vec();
        Vec::new()
    }
}

struct Fired<'a> {
    number: EventNumber,
    subclass: Option<&'a str>,
    sequence: &'a str,
}

impl Event for Fired<'_> {
    fn number(&self) -> EventNumber {
        self.number
    }

    fn subclass(&self) -> Option<&[u8]> {
        self.subclass.map(str::as_bytes)
    }

    fn visit<V: EventVisitor>(&self, visitor: &mut V) {
        visitor.header(b"Sequence", self.sequence.as_bytes());
    }

    fn find<'a>(&'a self, names: &HeaderNames, found: &mut Found<'a>) {
        names.offer(b"Sequence", self.sequence.as_bytes(), found);
    }
}

impl Core {
    /// Fires an event: it is delivered once for each binding that it matches, and that must be one at most.
    pub fn fire(&self, name: &str, subclass: Option<&str>, sequence: &str) {
        let number = self.event_number(name).expect("an event of the core's");
        let all = self.event_number("ALL").expect("ALL");
        let bound = self.bound.lock().expect("no panic");
        let matching = bound.iter().filter(|interest| {
            interest.number == all
                || interest.number == number
                    && (interest.subclass.is_none() || interest.subclass.as_deref() == subclass)
        });
        match matching.count() {
            0 => {}
            1 => self.tap.get().expect("a tap").event(&Fired { number, subclass, sequence }),
            more => panic!("{name} {subclass:?} would be delivered {more} times: {bound:?}"),
        }
    }
}
