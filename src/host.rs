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
    /// The text of the configuration `mosquitto.conf`, pre-processed, as FreeSWITCH has it now. It may come from a file,
    /// or from a module that makes it.
    ///
    /// # Errors
    /// FreeSWITCH does not have it; for the operator.
    fn configuration(&self) -> Result<String, String>;
    /// Runs an API command on the calling thread, and returns its answer.
    ///
    /// # Errors
    /// There is no such command; the text says so.
    fn execute(&self, command: &str, arguments: &str) -> Result<String, String>;
    /// Fires an event. Every module that is bound to it gets it, this one too. It may wait for room in the core's event
    /// queue, but not for those who take the event.
    ///
    /// # Errors
    /// This core does not know the event, or a text holds a NUL, or there is no memory; the text says so.
    fn fire(&self, event: &NewEvent) -> Result<(), String>;
    /// Called first on every thread that the module starts: makes it a good citizen of the process.
    fn thread_started(&self, turn: Turn);
}

/// When a thread that has been woken up wants the processor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// As every thread: soon, also from one that is running.
    Soon,
    /// When whoever is running has had his time. Meanwhile more of what it does can come together.
    Later,
}

/// A call, for as long as an application of the module runs in it, on the call's own thread.
pub trait Call {
    /// Sets a variable of the channel; `None` takes it away. The value must be fit for a variable: see
    /// [`fit_for_a_variable`].
    fn set_variable(&self, name: &str, value: Option<&str>);
    /// The value of a variable of the channel.
    fn variable(&self, name: &str) -> Option<String>;
    /// Whether the application may go on: the call is not hung up, nor taken elsewhere.
    fn is_ready(&self) -> bool;
}

/// Whether a text may be the value of a variable. With `${` in it, it could be expanded wherever the variable is used, and
/// run any command: the core refuses that as well. NUL ends it.
pub fn fit_for_a_variable(text: &str) -> bool {
    let mut after_dollar = false;
    for character in text.chars() {
        match character {
            '\0' => return false,
            '{' if after_dollar => return false,
            '$' => after_dollar = true,
            '\\' => {}
            _ => after_dollar = false,
        }
    }
    true
}

/// An event that the module fires.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewEvent {
    /// Its name: `CUSTOM`, `MESSAGE_WAITING`.
    pub name: String,
    /// The subclass of a `CUSTOM` event.
    pub subclass: Option<String>,
    /// Names and values, after those that the core adds to every event; an empty value is left out by the core.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Option<String>,
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

/// What FreeSWITCH looks up in its XML: the tag in a section whose attribute has this value. Empty: it does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct XmlQuery<'a> {
    /// `directory`, `dialplan`, ...
    pub section: &'a str,
    /// The tag.
    pub tag_name: &'a str,
    /// Its attribute.
    pub key_name: &'a str,
    /// The attribute's value.
    pub key_value: &'a str,
}

/// What FreeSWITCH asks for XML before it looks into its own. It is called on whichever thread looks something up, on
/// several at once.
pub trait XmlSource: Send + Sync + 'static {
    /// A document that may have what is looked for in it; `None`: ask elsewhere. `params` is what else FreeSWITCH says. It
    /// may wait, and holds up that thread, and whoever wants to bind or unbind a source, for as long.
    fn find<E: Event>(&self, query: &XmlQuery<'_>, params: Option<&E>) -> Option<String>;
}

/// A line of FreeSWITCH's log, for as long as the core lends it. Texts are bytes: the core promises no UTF-8.
#[derive(Debug, Clone, Copy)]
pub struct LogLine<'a> {
    /// When it was logged, in ISO 8601 with the offset from UTC.
    pub time: &'a str,
    /// Its level, 0 (console) to 7 (debug).
    pub level: i32,
    /// The source file.
    pub file: &'a [u8],
    /// The line in it.
    pub line: u32,
    /// The function.
    pub function: &'a [u8],
    /// The call that it is about.
    pub uuid: Option<&'a [u8]>,
    /// The message.
    pub text: &'a [u8],
}

/// What is shown FreeSWITCH's log lines, on the core's log thread, which holds a lock meanwhile: it must neither block
/// nor log.
pub trait LogSink: Send + Sync + 'static {
    /// Whether a line of this level and of this source file would be of use.
    fn wants(&self, level: i32, file: &[u8]) -> bool;
    /// Takes a line that is.
    fn line(&self, line: &LogLine<'_>);
}
