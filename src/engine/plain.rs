//! An event as FreeSWITCH's `switch_event_serialize` writes it with URL encoding on, and an event socket with
//! `event plain`: a line for each header, an empty line, the body.

use super::json::{Payload, shared};
use crate::host::{Event, EventVisitor};

/// Writes an event in this form.
pub fn payload<E: Event>(event: &E) -> Payload {
    shared(|buffer| {
        buffer.clear();
        let mut writer = Writer { buffer, ended: false };
        event.visit(&mut writer);
        writer.end();
        buffer.len()
    })
}

/// The body of an event, byte for byte; nothing if it has none.
pub fn body<E: Event>(event: &E) -> Payload {
    shared(|buffer| {
        buffer.clear();
        event.visit(&mut Body(buffer));
        buffer.len()
    })
}

struct Body<'a>(&'a mut Vec<u8>);

impl EventVisitor for Body<'_> {
    fn header(&mut self, _name: &[u8], _value: &[u8]) {}

    fn list<'a>(&mut self, _name: &[u8], _values: impl Iterator<Item = &'a [u8]>) {}

    fn body(&mut self, body: &[u8]) {
        self.0.extend_from_slice(body);
    }
}

struct Writer<'a> {
    buffer: &'a mut Vec<u8>,
    ended: bool,
}

impl Writer<'_> {
    fn encode(&mut self, text: &[u8]) {
        const HEX: &[u8; 16] = b"0123456789ABCDEF";
        for byte in text {
            match SAFE[usize::from(*byte)] {
                true => self.buffer.push(*byte),
                false => {
                    let (high, low) = (HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]);
                    self.buffer.extend_from_slice(&[b'%', high, low]);
                }
            }
        }
    }

    /// The line of one header; the core has a word for no value.
    fn line(&mut self, name: &[u8], value: impl FnOnce(&mut Self)) {
        self.buffer.extend_from_slice(name);
        self.buffer.extend_from_slice(b": ");
        let begin = self.buffer.len();
        value(self);
        if self.buffer.len() == begin {
            self.buffer.extend_from_slice(b"_undef_");
        }
        self.buffer.push(b'\n');
    }

    /// The line after the headers.
    fn end(&mut self) {
        if !std::mem::replace(&mut self.ended, true) {
            self.buffer.push(b'\n');
        }
    }
}

impl EventVisitor for Writer<'_> {
    fn header(&mut self, name: &[u8], value: &[u8]) {
        self.line(name, |writer| writer.encode(value));
    }

    fn list<'a>(&mut self, name: &[u8], values: impl Iterator<Item = &'a [u8]>) {
        self.line(name, |writer| {
            let mut values = values.peekable();
            let first = values.next().unwrap_or_default();
            // A list of one is that one's value, as in the core.
            if values.peek().is_some() {
                writer.encode(b"ARRAY::");
            }
            writer.encode(first);
            for value in values {
                writer.encode(b"|:");
                writer.encode(value);
            }
        });
    }

    fn body(&mut self, body: &[u8]) {
        if !body.is_empty() {
            self.buffer.extend_from_slice(format!("Content-Length: {}\n", body.len()).as_bytes());
        }
        self.end();
        self.buffer.extend_from_slice(body);
    }
}

/// Bytes that `switch_url_encode` leaves as they are.
const SAFE: [bool; 256] = {
    const UNSAFE: &[u8] = b" \"#%&+:;<=>?@[\\]^`{|}";
    let mut table = [false; 256];
    let mut byte = b' ';
    while byte <= b'~' {
        table[byte as usize] = true;
        byte += 1;
    }
    let mut at = 0;
    while at < UNSAFE.len() {
        table[UNSAFE[at] as usize] = false;
        at += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::testing::{TestEvent, vectors};

    fn text(event: &TestEvent) -> String {
        String::from_utf8(payload(event).to_vec()).expect("ASCII")
    }

    #[test]
    fn a_header_is_a_line_with_its_value_as_in_a_url() {
        let event = TestEvent::new(1).with("Event-Name", "HEARTBEAT").with("Up", "0 years: 1+1=2%\n~!é");
        assert_eq!(text(&event), "Event-Name: HEARTBEAT\nUp: 0%20years%3A%201%2B1%3D2%25%0A~!%C3%A9\n\n");
        assert_eq!(text(&TestEvent::new(1).with("Empty", "")), "Empty: _undef_\n\n");
        assert_eq!(text(&TestEvent::new(1)), "\n");
    }

    #[test]
    fn a_body_follows_the_empty_line_and_its_length_is_the_last_header() {
        for vector in vectors() {
            let plain = payload(&vector.event);
            let body = body(&vector.event);
            let length = format!("Content-Length: {}\n\n", body.len());
            let end = if body.is_empty() { b"\n".to_vec() } else { [length.as_bytes(), &body].concat() };
            assert!(plain.ends_with(&end), "{}: {}", vector.case, String::from_utf8_lossy(&plain));
        }
    }

    #[test]
    fn a_list_is_written_as_the_core_keeps_it() {
        let list = |values: &[&str]| text(&TestEvent::new(1).with_list("L", values));
        assert_eq!(list(&["a", "b c"]), "L: ARRAY%3A%3Aa%7C%3Ab%20c\n\n");
        assert_eq!(list(&["a"]), "L: a\n\n");
    }
}
