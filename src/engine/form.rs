//! What of an event is sent, and how it is written.

use super::json::{self, Payload};
use super::plain;
use crate::config::{self, PayloadForm};
use crate::host::Event;
use crate::shaping::HeaderChoice;

/// The form in which a topic wants its events. An event that several topics want in the same form is written once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Form {
    written: PayloadForm,
    headers: HeaderChoice,
}

impl Form {
    /// The form that a topic's configuration asks for.
    pub fn new(config: &config::PublisherTopic) -> Self {
        Self { written: config.payload, headers: config.headers.clone() }
    }

    /// Writes an event. Runs on the core's event threads.
    pub fn payload<E: Event>(&self, event: &E) -> Payload {
        if self.headers.is_all() { self.write(event) } else { self.write(&self.headers.of(event)) }
    }

    fn write<E: Event>(&self, event: &E) -> Payload {
        match self.written {
            PayloadForm::Json => json::payload(event),
            PayloadForm::JsonTyped => json::typed(event),
            PayloadForm::Plain => plain::payload(event),
            PayloadForm::Body => plain::body(event),
        }
    }
}
