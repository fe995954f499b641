//! `pattern` with values of headers in it: `calls/${Unique-ID|Job-UUID|none}`.
//!
//! Between `${` and `}` stand the names of headers, the first of which that has a value counts, and, if there are two or
//! more alternatives, a text as the last one, for events that have none of them. Without that text, [`PLACEHOLDER`]
//! stands there. A value is never more than a part of one level: see [`put_value`].

use crate::header_names::{Found, HeaderNames};
use std::fmt;

/// What stands for a value that is not there, if the template has no text for that.
pub const PLACEHOLDER: &str = "-";
/// The most bytes that a value takes in what is made, escapes included; the rest of it is cut off.
pub const MOST_VALUE: usize = 256;
/// The most bytes of a topic (MQTT 3.1.1, section 1.5.3).
const MOST: usize = 65_535;

/// A text with values of headers in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Value {
        /// Places among the names, the first choice first.
        headers: Vec<usize>,
        otherwise: String,
    },
}

/// What is wrong with a template, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TemplateError {
    /// The rest of a sentence that begins with the template.
    pub what: &'static str,
    /// The character that it is about, from 1.
    pub character: usize,
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at character {}", self.what, self.character)
    }
}

impl Template {
    /// Whether a text is a template, and not just itself.
    pub fn is_one(text: &str) -> bool {
        text.contains("${")
    }

    /// Reads a template; the names in it are added to `names`.
    ///
    /// # Errors
    /// A `${` without its `}`, or something else between the two than names and a text.
    pub fn parse(text: &str, names: &mut HeaderNames) -> Result<Self, TemplateError> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(begin) = rest.find("${") {
            let at = text.len() - rest.len() + begin;
            let inside = &rest[begin + 2..];
            let end = inside.find('}').ok_or_else(|| error(text, at, "has a ${ that is not closed"))?;
            if begin > 0 {
                parts.push(Part::Text(rest[..begin].to_owned()));
            }
            parts.push(value(&inside[..end], names).map_err(|what| error(text, at, what))?);
            rest = &inside[end + 1..];
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Ok(Self { parts })
    }

    /// Reads a template of topics: what it makes is a topic, whatever the values are. That there are no characters in it
    /// that MQTT does not allow is for the caller to know.
    ///
    /// # Errors
    /// As [`Template::parse`]; a wildcard, an empty level, a text that is more than a part of a level, or topics that may
    /// be too long.
    pub fn parse_topic(text: &str, names: &mut HeaderNames) -> Result<Self, TemplateError> {
        let template = Self::parse(text, names)?;
        let mut at = 0;
        let mut longest = 0;
        // Whether the level that is being read has something in it already.
        let mut begun = false;
        for part in &template.parts {
            match part {
                Part::Text(part) => {
                    for c in part.chars() {
                        match c {
                            '+' | '#' => return Err(error(text, at, "holds a wildcard (+ or #)")),
                            '/' if !begun => return Err(error(text, at, "has an empty level")),
                            c => begun = c != '/',
                        }
                        at += c.len_utf8();
                    }
                    longest += part.len();
                }
                Part::Value { otherwise, .. } => {
                    if otherwise.contains(['/', '+', '#']) {
                        return Err(error(text, at, "has a text with a / or a wildcard in ${}"));
                    }
                    at += text[at..].find('}').map_or(0, |end| end + 1);
                    begun = true;
                    longest += MOST_VALUE.max(otherwise.len());
                }
            }
        }
        if !begun {
            return Err(error(text, text.len(), "has an empty level"));
        }
        if longest > MOST {
            return Err(error(text, 0, "makes topics of more than 65535 bytes"));
        }
        Ok(template)
    }

    /// Appends what the template makes of these values. `slots` says where among them each of the names is that the
    /// template was parsed with.
    #[inline]
    pub fn write(&self, found: &Found<'_>, slots: &[usize], out: &mut Vec<u8>) {
        for part in &self.parts {
            match part {
                Part::Text(text) => out.extend_from_slice(text.as_bytes()),
                Part::Value { headers, otherwise } => {
                    let values = headers.iter().filter_map(|place| found[slots[*place]]);
                    match { values }.find(|value| !value.is_empty()) {
                        Some(value) => put_value(value, out),
                        None => out.extend_from_slice(otherwise.as_bytes()),
                    }
                }
            }
        }
    }
}

fn error(text: &str, at: usize, what: &'static str) -> TemplateError {
    TemplateError { what, character: text[..at].chars().count() + 1 }
}

/// What stands between `${` and `}`.
fn value(inside: &str, names: &mut HeaderNames) -> Result<Part, &'static str> {
    let (headers, otherwise) = inside.rsplit_once('|').unwrap_or((inside, PLACEHOLDER));
    if otherwise.is_empty() {
        return Err("has an empty text in ${}");
    }
    let is_strange = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '$' | '{');
    let mut places = Vec::new();
    for name in headers.split('|') {
        if name.is_empty() {
            return Err("has an empty name in ${}");
        }
        if name.contains(is_strange) {
            return Err("has a name that no header has in ${}");
        }
        places.push(names.add(name.as_bytes()));
    }
    Ok(Part::Value { headers: places, otherwise: otherwise.to_owned() })
}

/// Appends a value as a part of one level of a topic. As `%XX` are written: `/`, `+`, `#`, `%`; control characters and
/// code points that are no characters, which MQTT does not want; bytes that are not UTF-8; and `$` at the beginning of a
/// topic, where it would make it one of the broker's own. At most [`MOST_VALUE`] bytes are appended, whole characters and
/// whole escapes.
fn put_value(value: &[u8], out: &mut Vec<u8>) {
    let end = out.len() + MOST_VALUE;
    if value.len() <= MOST_VALUE && value.iter().all(|byte| PLAIN[usize::from(*byte)]) {
        out.extend_from_slice(value);
        return;
    }
    for chunk in value.utf8_chunks() {
        for c in chunk.valid().chars() {
            let mut bytes = [0; 4];
            let bytes = c.encode_utf8(&mut bytes).as_bytes();
            let is_safe = is_safe(c) && !(c == '$' && out.is_empty());
            if out.len() + bytes.len() * if is_safe { 1 } else { 3 } > end {
                return;
            }
            match is_safe {
                true => out.extend_from_slice(bytes),
                false => bytes.iter().for_each(|byte| put_escape(*byte, out)),
            }
        }
        for byte in chunk.invalid() {
            if out.len() + 3 > end {
                return;
            }
            put_escape(*byte, out);
        }
    }
}

fn is_safe(c: char) -> bool {
    let is_noncharacter = matches!(c as u32, 0xFDD0..=0xFDEF) || (c as u32 & 0xFFFE) == 0xFFFE;
    !matches!(c, '/' | '+' | '#' | '%') && !c.is_control() && !is_noncharacter
}

fn put_escape(byte: u8, out: &mut Vec<u8>) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    out.extend_from_slice(&[b'%', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
}

/// Bytes that are written as they are wherever they stand.
const PLAIN: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0x20;
    while byte < 0x7F {
        table[byte] = true;
        byte += 1;
    }
    let mut special = 0;
    while special < b"/+#%$".len() {
        table[b"/+#%$"[special] as usize] = false;
        special += 1;
    }
    table
};
