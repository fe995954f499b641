//! Commands at work: handed to the core's `bgapi`, and, where their number is limited or their answer is wanted, waited
//! for.

use super::answers::Answers;
use super::subscription::Subscription;
use crate::commands::Command;
use crate::host::{Event, EventVisitor, Host, NewEvent};
use parking_lot::RwLock;
use rand::Rng;
use std::sync::Arc;

/// Hands commands to the core, and learns when they have ended.
pub struct Jobs {
    host: Arc<dyn Host>,
    /// Who waits for results.
    pub answers: Answers,
    /// Whose commands are counted. The lock is held for as long as it takes to copy or to exchange a pointer.
    counted: RwLock<Arc<[Arc<Subscription>]>>,
}

impl std::fmt::Debug for Jobs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Jobs").finish_non_exhaustive()
    }
}

impl Jobs {
    /// Nothing runs yet.
    pub fn new(host: Arc<dyn Host>) -> Self {
        Self { host, answers: Answers::default(), counted: RwLock::new(Arc::new([])) }
    }

    /// Replaces the topics whose commands are counted (command_max_in_flight).
    pub fn set_counted(&self, topics: Arc<[Arc<Subscription>]>) {
        *self.counted.write() = topics;
    }

    /// Hands a command to the core, which runs it on a thread of its own and fires BACKGROUND_JOB with this id.
    ///
    /// # Errors
    /// What the core answered.
    pub fn start(&self, command: &Command, id: &str) -> Result<(), String> {
        let answer = self.host.execute("bgapi", &command.bgapi_arguments(id))?;
        if answer.starts_with("+OK") { Ok(()) } else { Err(answer.trim_end().to_owned()) }
    }

    /// Fires an event that someone sent, under this id. It may wait for room in the core's event queue.
    ///
    /// # Errors
    /// What the core has against it.
    pub fn fire(&self, event: &NewEvent, id: &str) -> Result<(), String> {
        let mut event = event.clone();
        event.headers.insert(0, ("Event-UUID".to_owned(), id.to_owned()));
        self.host.fire(&event)
    }

    /// A command that [`Jobs::start`] could not hand over: whoever waits for it is told.
    pub fn not_begun(&self, command: &Command, id: &str, why: &str) {
        let (name, arguments) = (command.name().as_bytes(), command.arguments().as_bytes());
        let begins = if why.starts_with('-') { "" } else { "-ERR " };
        self.answers.ended(id, name, arguments, || format!("{begins}{why}\n").into_bytes());
    }

    /// A BACKGROUND_JOB event. Runs on the core's event threads.
    pub fn ended<E: Event>(&self, event: &E) {
        let mut find = FindJob::default();
        event.visit(&mut find);
        let Some(id) = find.id else { return };
        if self.answers.is_waiting() {
            self.answers.ended(&id, &find.command, &find.arguments, || body(event));
        }
        let counted = Arc::clone(&self.counted.read());
        // An id belongs to the topic whose command it was: the first that knows it.
        let _whose = counted.iter().filter_map(|topic| topic.commands()).find(|topic| topic.job_ended(&id));
    }
}

/// A random UUID, RFC 9562 version 4.
pub fn job_id() -> String {
    let mut bytes: [u8; 16] = rand::rng().random();
    bytes[6] = bytes[6] & 0x0F | 0x40;
    bytes[8] = bytes[8] & 0x3F | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

fn body<E: Event>(event: &E) -> Vec<u8> {
    let mut find = FindBody(Vec::new());
    event.visit(&mut find);
    find.0
}

#[derive(Default)]
struct FindJob {
    id: Option<String>,
    command: Vec<u8>,
    arguments: Vec<u8>,
}

impl EventVisitor for FindJob {
    fn header(&mut self, name: &[u8], value: &[u8]) {
        if name.eq_ignore_ascii_case(b"Job-UUID") {
            self.id = Some(String::from_utf8_lossy(value).into_owned());
        } else if name.eq_ignore_ascii_case(b"Job-Command") {
            self.command = value.to_vec();
        } else if name.eq_ignore_ascii_case(b"Job-Command-Arg") {
            self.arguments = value.to_vec();
        }
    }

    fn list<'a>(&mut self, _name: &[u8], _values: impl Iterator<Item = &'a [u8]>) {}

    fn body(&mut self, _body: &[u8]) {}
}

struct FindBody(Vec<u8>);

impl EventVisitor for FindBody {
    fn header(&mut self, _name: &[u8], _value: &[u8]) {}

    fn list<'a>(&mut self, _name: &[u8], _values: impl Iterator<Item = &'a [u8]>) {}

    fn body(&mut self, body: &[u8]) {
        self.0 = body.to_vec();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_id_is_a_uuid() {
        let id = job_id();
        let parts: Vec<usize> = id.split('-').map(str::len).collect();
        assert_eq!(parts, [8, 4, 4, 4, 12], "{id}");
        assert_eq!(&id[14..15], "4");
        assert_ne!(id, job_id());
    }
}
