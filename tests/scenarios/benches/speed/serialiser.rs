//! The serialiser against serde_json, which writes the same object from the same borrowed strings.

use crate::Effort;
use crate::row::{Goal, Row, median};
use mod_mosquitto::engine::json;
use mod_mosquitto::header_names::{Found, HeaderNames};
use mod_mosquitto::host::{Event, EventNumber, EventVisitor};
use scenarios::data;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value};
use std::hint::black_box;
use std::time::Instant;

/// Passes over the recorded events in one round; the round's figure is the ratio of the medians.
const PASSES: usize = 200;

/// The headers of an event in their order.
struct Recorded {
    headers: Vec<(String, String)>,
    body: Option<String>,
}

impl Recorded {
    fn new(line: &str) -> Self {
        let object: Map<String, Value> = serde_json::from_str(line).expect("a recorded event");
        let text = |value: Value| value.as_str().expect("a header with one value").to_owned();
        let mut headers: Vec<_> = object.into_iter().map(|(name, value)| (name, text(value))).collect();
        let body = headers.pop_if(|(name, _)| name == "_body").map(|(_, body)| body);
        if body.is_some() {
            headers.pop_if(|(name, _)| name == "Content-Length");
        }
        Self { headers, body }
    }
}

impl Event for Recorded {
    fn number(&self) -> EventNumber {
        EventNumber(0)
    }

    fn subclass(&self) -> Option<&[u8]> {
        None
    }

    fn visit<V: EventVisitor>(&self, visitor: &mut V) {
        for (name, value) in &self.headers {
            visitor.header(name.as_bytes(), value.as_bytes());
        }
        if let Some(body) = &self.body {
            visitor.body(body.as_bytes());
        }
    }

    fn find<'a>(&'a self, names: &HeaderNames, found: &mut Found<'a>) {
        for (name, value) in &self.headers {
            names.offer(name.as_bytes(), value.as_bytes(), found);
        }
        if let Some(body) = &self.body {
            names.offer_body(body.as_bytes(), found);
        }
    }
}

impl Serialize for Recorded {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in &self.headers {
            map.serialize_entry(name, value)?;
        }
        if let Some(body) = &self.body {
            map.serialize_entry("Content-Length", &body.len().to_string())?;
            map.serialize_entry("_body", body)?;
        }
        map.end()
    }
}

/// One row: our time against serde_json's.
pub fn rows(effort: Effort) -> Vec<Row> {
    let text = std::fs::read_to_string(data("events-recorded.jsonl")).expect("the recorded events");
    let events: Vec<Recorded> = text.lines().map(Recorded::new).collect();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for event in &events {
        let length = json::write(event, &mut ours);
        theirs.clear();
        serde_json::to_writer(&mut theirs, event).expect("memory");
        assert_eq!(ours[..length], theirs);
    }
    let (mut our_ns, mut their_ns) = (Vec::new(), Vec::new());
    for _ in 0..effort.rounds {
        let passes = (0..PASSES).map(|_| {
            let begin = Instant::now();
            for event in &events {
                black_box(json::write(event, &mut ours));
            }
            let middle = Instant::now();
            for event in &events {
                theirs.clear();
                serde_json::to_writer(&mut theirs, event).expect("memory");
                black_box(&theirs);
            }
            ((middle - begin).as_nanos() as f64, middle.elapsed().as_nanos() as f64)
        });
        let (ours, theirs): (Vec<f64>, Vec<f64>) = passes.unzip();
        our_ns.push(median(ours) / events.len() as f64);
        their_ns.push(median(theirs) / events.len() as f64);
    }
    vec![Row {
        what: "serialiser, recorded events".to_owned(),
        against: "serde_json, same object",
        goal: Goal::Below(1.0),
        values: our_ns.iter().zip(&their_ns).map(|(ours, theirs)| ours / theirs).collect(),
        parts: serde_json::json!({ "events": events.len(), "ours_ns": our_ns, "serde_json_ns": their_ns }),
    }]
}
