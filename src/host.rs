//! What the rest of the module knows of FreeSWITCH: a few small traits.
//!
//! `switch` implements them on the real core; the unit tests and the benchmarks implement them on data of their
//! own. This file is the bottom layer: it depends on nothing but [`HeaderNames`].

use crate::header_names::{Found, HeaderNames};

/// The number of an event in this core. It is not the same in FreeSWITCH 1.10 and 1.11: ask
/// [`Host::event_number`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventNumber(pub i32);

/// FreeSWITCH, as the engine and the console see it. Every method may be called on any thread.
pub trait Host: Send + Sync {
    /// The number of the event with this name; `None`: this core does not know it.
    fn event_number(&self, name: &str) -> Option<EventNumber>;
    /// The host's name.
    fn hostname(&self) -> String;
    /// The switch's name.
    fn switchname(&self) -> String;
    /// The folder of FreeSWITCH's own log files.
    fn log_dir(&self) -> String;
    /// Runs an API command on the calling thread, and returns its answer.
    ///
    /// # Errors
    /// There is no such command; the text says so.
    fn execute(&self, command: &str, arguments: &str) -> Result<String, String>;
    /// Called first on every thread that the module starts: makes it a good citizen of the process.
    fn thread_started(&self);
}

/// An event of the core, for as long as the core lends it.
pub trait Event {
    /// Which event it is.
    fn number(&self) -> EventNumber;
    /// The subclass of a `CUSTOM` event.
    fn subclass(&self) -> Option<&[u8]>;
    /// Shows every header in order, then the body if there is one.
    fn visit<V: EventVisitor>(&self, visitor: &mut V);
    /// Finds headers in one pass: of each name the first one's value. Of a list it is the text that the core keeps for
    /// it (`ARRAY::a|:b`); [`HeaderNames::BODY`] is the body. `found` has a place for each name, all of them `None`.
    fn find<'a>(&'a self, names: &HeaderNames, found: &mut Found<'a>);
}

/// What is shown the parts of an event, in their order. Names and values are bytes: the core promises no UTF-8.
pub trait EventVisitor {
    /// A header with one value.
    fn header(&mut self, name: &[u8], value: &[u8]);
    /// A header that is a list.
    fn list<'a>(&mut self, name: &[u8], values: impl Iterator<Item = &'a [u8]>);
    /// The body; last.
    fn body(&mut self, body: &[u8]);
}

/// What takes events. It is called on the core's own event threads, perhaps on two of them at once, and must
/// never block: its time is taken from the whole switch.
pub trait EventSink: Send + Sync + 'static {
    /// Takes one event.
    fn event<E: Event>(&self, event: &E);
}

/// One thing to be bound in the core.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Interest {
    /// The event.
    pub number: EventNumber,
    /// Only this subclass of it.
    pub subclass: Option<String>,
}

/// Binds an [`EventSink`] to events.
pub trait Binder: Send {
    /// Makes the bindings exactly these: what is missing is bound, what is no longer wanted is unbound. When it
    /// returns, no callback of a binding that is gone is running any more. Returns what the core refused.
    ///
    /// It takes the write lock of the core's event system: never call it from inside an event callback, or while
    /// holding a lock that such a callback takes.
    fn bind(&mut self, interests: &[Interest]) -> Vec<Interest>;
}
