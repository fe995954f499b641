//! Events for the unit tests: made by hand, or from the vectors and the recording in `tests/data`.

use super::connection::Shared;
use super::held::Held;
use super::inbox::Inbox;
use super::jobs::Jobs;
use super::lifecycle::Wanted;
use super::outbox::Window;
use super::place::Place;
use super::presence::Presence;
use crate::header_names::{Found, HeaderNames};
use crate::host::{Event, EventNumber, EventVisitor, Host, NewEvent, Turn};
use serde_json::Value;
use std::sync::Arc;

/// An event that is plain data.
#[derive(Debug, Clone, Default)]
pub struct TestEvent {
    number: i32,
    subclass: Option<String>,
    headers: Vec<(Vec<u8>, Vec<Vec<u8>>, bool)>,
    body: Option<Vec<u8>>,
}

impl TestEvent {
    pub fn new(number: i32) -> Self {
        Self { number, ..Self::default() }
    }

    /// A CUSTOM event of this subclass.
    pub fn custom(subclass: &str) -> Self {
        Self { subclass: Some(subclass.to_owned()), ..Self::default() }
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), vec![value.into()], false));
        self
    }

    pub fn with_list(mut self, name: &str, values: &[&str]) -> Self {
        let values = values.iter().map(|value| value.as_bytes().to_vec()).collect();
        self.headers.push((name.into(), values, true));
        self
    }

    pub fn with_body(mut self, body: &str) -> Self {
        self.body = Some(body.into());
        self
    }
}

impl Event for TestEvent {
    fn number(&self) -> EventNumber {
        EventNumber(self.number)
    }

    fn subclass(&self) -> Option<&[u8]> {
        self.subclass.as_deref().map(str::as_bytes)
    }

    fn visit<V: EventVisitor>(&self, visitor: &mut V) {
        for (name, values, list) in &self.headers {
            if *list {
                visitor.list(name, values.iter().map(Vec::as_slice));
            } else {
                visitor.header(name, &values[0]);
            }
        }
        if let Some(body) = &self.body {
            visitor.body(body);
        }
    }

    fn find<'a>(&'a self, names: &HeaderNames, found: &mut Found<'a>) {
        for (name, values, _) in &self.headers {
            if let Some(value) = values.first() {
                names.offer(name, value, found);
            }
        }
        if let Some(body) = &self.body {
            names.offer_body(body, found);
        }
    }
}

/// A vector of `event-json.jsonl`.
pub struct Vector {
    pub case: String,
    pub event: TestEvent,
    pub json: Vec<u8>,
}

/// All of them.
pub fn vectors() -> Vec<Vector> {
    include_str!("../../tests/data/event-json.jsonl").lines().map(vector).collect()
}

fn vector(line: &str) -> Vector {
    let vector: Value = serde_json::from_str(line).expect("a vector");
    let headers = vector["headers"].as_array().expect("headers").iter().map(|header| {
        let name = hex(&header["name"]);
        match header["values"].as_array() {
            Some(values) => (name, values.iter().map(hex).collect(), true),
            None => (name, vec![hex(&header["value"])], false),
        }
    });
    let event = TestEvent {
        number: 63,
        subclass: None,
        headers: headers.collect(),
        body: vector["body"].as_str().map(|_| hex(&vector["body"])),
    };
    Vector { case: vector["case"].as_str().expect("a case").to_owned(), event, json: hex(&vector["json"]) }
}

fn hex(value: &Value) -> Vec<u8> {
    let text = value.as_str().expect("hexadecimal text");
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex")).collect()
}

/// A connection that nobody makes.
pub fn connection(name: &str) -> Arc<Shared> {
    let (wake, _) = crossbeam_channel::bounded(1);
    let jobs = Arc::new(Jobs::new(Arc::new(TestHost { is_1_11: true })));
    let place = Place { text: name.to_owned(), target: "test".to_owned(), details: false };
    let inbox = Inbox::new(place.clone(), jobs);
    let held = Arc::new(Held::new(1000));
    Arc::new(Shared::new(place, Wanted::Up, inbox, Presence::default(), Window::new(20, 0), held, wake))
}

/// A core that numbers its events as FreeSWITCH 1.11 or 1.10 does.
pub struct TestHost {
    /// Whether there is CERT_RELOAD, and ALL one higher.
    pub is_1_11: bool,
}

impl Host for TestHost {
    fn event_number(&self, name: &str) -> Option<EventNumber> {
        let abi: Value =
            serde_json::from_str(include_str!("../../tests/data/freeswitch-abi.json")).expect("JSON");
        let number = abi["event_types"][name].as_i64().and_then(|number| i32::try_from(number).ok())?;
        match (name, self.is_1_11) {
            ("CERT_RELOAD", false) => None,
            ("ALL", false) => Some(EventNumber(number - 1)),
            _ => Some(EventNumber(number)),
        }
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

    fn execute(&self, command: &str, _arguments: &str) -> Result<String, String> {
        Err(format!("no {command}"))
    }

    fn fire(&self, event: &NewEvent) -> Result<(), String> {
        Err(format!("no {}", event.name))
    }

    fn thread_started(&self, _: Turn) {}
}
