//! Events from files: JSON lines as FreeSWITCH writes them, and hex vectors.
//!
//! A JSON object of an event may have one name several times, and its order counts, so objects are read into a
//! list of pairs.

use crate::event::Event;
use crate::names::EventNames;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

/// A JSON object in its order, with its duplicates.
struct Pairs(Vec<(String, serde_json::Value)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Pairs;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

/// The value of the last pair, taken away if it has that name.
fn take_last(pairs: &mut Vec<(String, serde_json::Value)>, name: &str) -> Option<String> {
    pairs.last().filter(|(last, _)| last == name)?;
    pairs.pop().map(|(_, value)| text(&value))
}

fn text(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The event of one line. A `_body` at the end, and the Content-Length before it, are the body and no headers.
///
/// # Errors
/// Not an object, or without the name of a known event.
pub fn event(names: &EventNames, line: &str) -> Result<Event, String> {
    let Pairs(mut pairs) = serde_json::from_str(line).map_err(|e| e.to_string())?;
    let body = take_last(&mut pairs, "_body");
    if body.is_some() {
        take_last(&mut pairs, "Content-Length");
    }
    let find = |wanted: &str| pairs.iter().find(|(name, _)| name == wanted).map(|(_, value)| text(value));
    let name = find("Event-Name").ok_or("Event-Name is missing")?;
    let mut event = Event::new(names.number(&name).ok_or_else(|| format!("no event {name}"))?);
    if let Some(subclass) = find("Event-Subclass") {
        event.set_subclass(subclass.as_bytes());
    }
    for (name, value) in &pairs {
        match value.as_array() {
            Some(values) => {
                event.add_array(name.as_bytes(), &values.iter().map(text).collect::<Vec<_>>(), None)
            }
            None => event.add(name, text(value)),
        }
    }
    if let Some(body) = body {
        event.set_body(body.as_bytes());
    }
    Ok(event)
}

/// One vector: names, values and body in hex, as text need not be UTF-8.
#[derive(Deserialize)]
struct Vector {
    case: String,
    headers: Vec<VectorHeader>,
    body: Option<String>,
}

#[derive(Deserialize)]
struct VectorHeader {
    name: String,
    value: String,
    #[serde(default)]
    values: Vec<String>,
}

/// The event of one line of vectors, with the name of its case.
///
/// # Errors
/// The line is not a vector.
pub fn vector(line: &str, number: libc::c_int) -> Result<(String, Event), String> {
    let vector: Vector = serde_json::from_str(line).map_err(|e| e.to_string())?;
    let mut event = Event::new(number);
    for header in &vector.headers {
        let (name, value) = (unhex(&header.name)?, unhex(&header.value)?);
        if header.values.is_empty() {
            event.add(name, value);
        } else {
            let values = header.values.iter().map(|v| unhex(v)).collect::<Result<Vec<_>, _>>()?;
            event.add_array(&name, &values, Some(&value));
        }
    }
    if let Some(body) = &vector.body {
        event.set_body(&unhex(body)?);
    }
    Ok((vector.case, event))
}

fn unhex(text: &str) -> Result<Vec<u8>, String> {
    let pair = |i: usize| text.get(i..i + 2).and_then(|byte| u8::from_str_radix(byte, 16).ok());
    let bytes = (0..text.len()).step_by(2).map(|i| pair(i).ok_or_else(|| format!("not hex: {text}")));
    bytes.collect()
}

#[cfg(test)]
#[path = "json_tests.rs"]
mod tests;
