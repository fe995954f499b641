//! JSON from strangers, RFC 8259, read strictly: no key twice, not too deep, no NUL in any string.
//!
//! Readers differ in which of two equal keys they take, and what is judged has to be what runs.

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::cell::Cell;
use std::fmt;

/// The most objects and arrays within each other.
const MOST_DEPTH: usize = 16;

/// What is wrong with a JSON command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// It is no JSON.
    Syntax,
    /// An object has a key twice.
    Twice,
    /// There are more than 16 objects and arrays within each other.
    TooDeep,
    /// There is a NUL in a string.
    Nul,
    /// This member is missing.
    Missing(&'static str),
    /// This member is something else than it should be.
    Wrong(&'static str),
    /// There is a member that such a command does not have.
    Unknown,
    /// The command is none of this module's, and has no `data` for FreeSWITCH's JSON API.
    NoCommand,
    /// The name of a JSON API command is not 1 to 64 letters, digits, `-`, `.` and `_`.
    Name,
    /// The `data` of `fsapi` are not a command without blanks, and perhaps its arguments, on one line.
    Gateway,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax => f.write_str("it is no JSON"),
            Self::Twice => f.write_str("a key is in it twice"),
            Self::TooDeep => write!(f, "more than {MOST_DEPTH} objects and arrays are within each other"),
            Self::Nul => f.write_str("a NUL is in it"),
            Self::Missing(member) => write!(f, "\"{member}\" is missing"),
            Self::Wrong(member) => write!(f, "\"{member}\" is not what it should be"),
            Self::Unknown => f.write_str("a member is in it that such a command does not have"),
            Self::NoCommand => f.write_str(
                "\"command\" is not bgapi, originate or sendevent, and there is no \"data\" for the JSON API",
            ),
            Self::Name => {
                f.write_str("the JSON API command is not 1 to 64 letters, digits, \"-\", \".\" and \"_\"")
            }
            Self::Gateway => f.write_str(
                "the data of fsapi are not {\"cmd\": a word} or {\"cmd\": a word, \"arg\": one line}",
            ),
        }
    }
}

/// Reads an object.
pub(super) fn object(text: &str) -> Result<Map<String, Value>, Fault> {
    let fault = Cell::new(Fault::Syntax);
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = Strict { depth: 0, fault: &fault }.deserialize(&mut reader);
    match read.and_then(|value| reader.end().map(|()| value)) {
        Ok(Value::Object(object)) => Ok(object),
        _ => Err(fault.get()),
    }
}

/// A value as one line, without any control character: JSON leaves some of them as they are.
pub(super) fn line(value: &Value) -> String {
    let text = value.to_string();
    if !text.contains(char::is_control) {
        return text;
    }
    let escaped = |c: char| match c.is_control() {
        true => format!("\\u{:04x}", c as u32),
        false => c.to_string(),
    };
    text.chars().map(escaped).collect()
}

#[derive(Clone, Copy)]
struct Strict<'a> {
    depth: usize,
    fault: &'a Cell<Fault>,
}

impl Strict<'_> {
    fn refuse<E: Error>(&self, fault: Fault) -> E {
        self.fault.set(fault);
        E::custom("refused")
    }

    fn deeper<E: Error>(self) -> Result<Self, E> {
        if self.depth == MOST_DEPTH {
            return Err(self.refuse(Fault::TooDeep));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }

    fn text<E: Error>(&self, text: String) -> Result<String, E> {
        if text.contains('\0') { Err(self.refuse(Fault::Nul)) } else { Ok(text) }
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.text(value.to_owned()).map(Value::String)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let inside = self.deeper()?;
        let mut values = Vec::new();
        while let Some(value) = seq.next_element_seed(inside)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let inside = self.deeper()?;
        let mut object = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            let key = self.text(key)?;
            if object.contains_key(&key) {
                return Err(self.refuse(Fault::Twice));
            }
            let value = map.next_value_seed(inside)?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}
