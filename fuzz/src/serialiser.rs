//! An event as JSON: another parser reads the same event back, header by header, in order.

use arbitrary::{Arbitrary, Result, Unstructured};
use mod_mosquitto::engine::json;
use mod_mosquitto::header_names::{Found, HeaderNames};
use mod_mosquitto::host::{self, EventNumber, EventVisitor};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use std::fmt;

/// An event of arbitrary parts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Event {
    /// Names and values.
    pub headers: Vec<(Vec<u8>, Values)>,
    /// The body.
    pub body: Option<Vec<u8>>,
}

/// What a header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Values {
    /// One value.
    One(Vec<u8>),
    /// A list, perhaps an empty one.
    List(Vec<Vec<u8>>),
}

const BODY: u8 = 1;
const LIST: u8 = 0;
const KINDS: u8 = 8;

/// Tags, lengths and bytes, all read from the front, so that an event can be written down as well.
impl<'a> Arbitrary<'a> for Event {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut event = Self::default();
        while !u.is_empty() {
            let tag = u.arbitrary::<u8>()?;
            if tag % KINDS == BODY {
                event.body = Some(text(u)?);
                break;
            }
            let name = text(u)?;
            let values = match tag % KINDS {
                LIST => Values::List((0..tag / KINDS).map(|_| text(u)).collect::<Result<_>>()?),
                _ => Values::One(text(u)?),
            };
            event.headers.push((name, values));
        }
        Ok(event)
    }
}

fn text(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let length = usize::from(u.arbitrary::<u16>()?).min(u.len());
    Ok(u.bytes(length)?.to_vec())
}

impl Event {
    /// The bytes that this event is read from, if its parts are not longer than 65,535 bytes and its lists than 31.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let put = |out: &mut Vec<u8>, text: &[u8]| {
            out.extend_from_slice(&u16::try_from(text.len()).expect("a short text").to_le_bytes());
            out.extend_from_slice(text);
        };
        for (name, values) in &self.headers {
            let (tag, values) = match values {
                Values::One(value) => (2, std::slice::from_ref(value)),
                Values::List(values) => {
                    (KINDS * u8::try_from(values.len()).expect("a short list"), &**values)
                }
            };
            out.push(tag);
            put(&mut out, name);
            for value in values {
                put(&mut out, value);
            }
        }
        if let Some(body) = &self.body {
            out.push(BODY);
            put(&mut out, body);
        }
        out
    }
}

impl host::Event for Event {
    fn number(&self) -> EventNumber {
        EventNumber(0)
    }

    fn subclass(&self) -> Option<&[u8]> {
        None
    }

    fn visit<V: EventVisitor>(&self, visitor: &mut V) {
        for (name, values) in &self.headers {
            match values {
                Values::One(value) => visitor.header(name, value),
                Values::List(values) => visitor.list(name, values.iter().map(Vec::as_slice)),
            }
        }
        if let Some(body) = &self.body {
            visitor.body(body);
        }
    }

    fn find<'a>(&'a self, names: &HeaderNames, found: &mut Found<'a>) {
        for (name, values) in &self.headers {
            match values {
                Values::One(value) => names.offer(name, value, found),
                Values::List(values) => {
                    if let Some(value) = values.first() {
                        names.offer(name, value, found);
                    }
                }
            }
        }
        if let Some(body) = &self.body {
            names.offer_body(body, found);
        }
    }
}

/// The members of a JSON object in their order, those of the same name, too.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

/// U+FFFD in place of each bad sequence: as long as it could have become a character, at least one byte.
fn readable(mut bytes: &[u8]) -> String {
    let mut text = String::new();
    loop {
        let error = match std::str::from_utf8(bytes) {
            Ok(rest) => return text + rest,
            Err(error) => error,
        };
        let (good, bad) = bytes.split_at(error.valid_up_to());
        text.extend(std::str::from_utf8(good));
        text.push('\u{FFFD}');
        match error.error_len() {
            Some(length) => bytes = &bad[length..],
            None => return text,
        }
    }
}

/// What the payload has to say.
fn expected(event: &Event) -> Vec<(String, Value)> {
    let mut members: Vec<_> = event
        .headers
        .iter()
        .map(|(name, values)| {
            let values = match values {
                Values::One(value) => Value::String(readable(value)),
                Values::List(values) => values.iter().map(|value| readable(value)).collect(),
            };
            (readable(name), values)
        })
        .collect();
    if let Some(body) = &event.body {
        members.push(("Content-Length".to_owned(), body.len().to_string().into()));
        members.push(("_body".to_owned(), readable(body).into()));
    }
    members
}

/// The same as serde_json writes it.
fn written(members: &[(String, Value)]) -> String {
    let members: Vec<_> =
        members.iter().map(|(name, value)| format!("{}:{value}", Value::from(name.as_str()))).collect();
    format!("{{{}}}", members.join(","))
}

/// Runs the target.
///
/// # Panics
/// The payload is not what it should be.
pub fn run(data: &[u8]) {
    let Ok(event) = Event::arbitrary(&mut Unstructured::new(data)) else { return };
    let payload = json::payload(&event);
    let Members(members) = serde_json::from_slice(&payload).expect("the payload is JSON");
    let expected = expected(&event);
    assert_eq!(members, expected);
    assert_eq!(std::str::from_utf8(&payload), Ok(written(&expected).as_str()));
}
