//! An event as JSON, byte for byte as FreeSWITCH's `switch_event_serialize_json` writes it.
//!
//! Runs on the core's event threads: one pass over the headers into a buffer that the thread keeps, then one
//! allocation of exactly the right size. Where FreeSWITCH would pass bytes on that are not UTF-8, and so write
//! something that is not JSON (RFC 8259, section 8.1), U+FFFD takes the place of each bad sequence.

use crate::host::{Event, EventVisitor};
use crate::shaping::typed::is_literal;
use std::cell::RefCell;
use std::sync::Arc;

/// A payload, shared by all messages that carry it.
pub type Payload = Arc<[u8]>;

thread_local! {
    static SCRATCH: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// A buffer larger than this is not kept for the next event.
const SCRATCH_KEPT: usize = 256 * 1024;

/// Writes an event as JSON.
pub fn payload<E: Event>(event: &E) -> Payload {
    shared(|scratch| write(event, scratch))
}

/// The same with numbers and booleans for texts that are such: see [`is_literal`].
pub fn typed<E: Event>(event: &E) -> Payload {
    shared(|scratch| write_as::<E, true>(event, scratch))
}

/// A payload of what is written at the beginning of the thread's buffer, which may hold anything before.
pub(super) fn shared(write: impl FnOnce(&mut Vec<u8>) -> usize) -> Payload {
    SCRATCH.with_borrow_mut(|scratch| {
        let length = write(scratch);
        let payload = Payload::from(&scratch[..length]);
        if scratch.len() > SCRATCH_KEPT {
            *scratch = Vec::new();
        }
        payload
    })
}

/// Writes an event as JSON at the beginning of a buffer, which grows as needed, and returns the length. What is behind
/// it in the buffer is left from earlier events.
pub fn write<E: Event>(event: &E, buffer: &mut Vec<u8>) -> usize {
    write_as::<E, false>(event, buffer)
}

fn write_as<E: Event, const TYPED: bool>(event: &E, buffer: &mut Vec<u8>) -> usize {
    let mut writer = Writer::<TYPED> { buffer, used: 0 };
    writer.put(b"{");
    event.visit(&mut writer);
    if writer.used > 1 {
        writer.used -= 1; // the comma after the last header
    }
    writer.put(b"}");
    writer.used
}

/// Adds a JSON string to what is in the buffer.
pub fn push_string(buffer: &mut Vec<u8>, text: &[u8]) {
    let used = buffer.len();
    let mut writer = Writer::<false> { buffer, used };
    writer.put(b"\"");
    writer.text(text);
    writer.put(b"\"");
    let used = writer.used;
    buffer.truncate(used);
}

/// Each header is written with a comma after it.
struct Writer<'a, const TYPED: bool> {
    buffer: &'a mut Vec<u8>,
    used: usize,
}

impl<const TYPED: bool> Writer<'_, TYPED> {
    /// Room for so many bytes, which are then used.
    #[inline(always)]
    fn take(&mut self, length: usize) -> &mut [u8] {
        let (begin, end) = (self.used, self.used + length);
        if end > self.buffer.len() {
            self.grow(end);
        }
        self.used = end;
        &mut self.buffer[begin..end]
    }

    #[cold]
    fn grow(&mut self, least: usize) {
        self.buffer.resize(least.next_power_of_two().max(4096), 0);
    }

    #[inline(always)]
    fn put<const N: usize>(&mut self, bytes: &[u8; N]) {
        self.take(N).copy_from_slice(bytes);
    }

    /// The inside of a JSON string. Nearly all of an event needs no change at all.
    #[inline(always)]
    fn text(&mut self, text: &[u8]) {
        let begin = self.used;
        if !copy_plain(text, self.take(text.len())) {
            self.used = begin;
            self.changed(text);
        }
    }

    /// A value: a JSON string, or what it stands for.
    #[inline(always)]
    fn value(&mut self, value: &[u8]) {
        if TYPED && is_literal(value) {
            self.take(value.len()).copy_from_slice(value);
            return;
        }
        self.put(b"\"");
        self.text(value);
        self.put(b"\"");
    }

    /// A text that is not plain: escaped, and with U+FFFD for what is not UTF-8.
    #[cold]
    fn changed(&mut self, text: &[u8]) {
        if let Ok(text) = std::str::from_utf8(text) {
            return self.escape(text.as_bytes());
        }
        for chunk in text.utf8_chunks() {
            self.escape(chunk.valid().as_bytes());
            if !chunk.invalid().is_empty() {
                self.take(3).copy_from_slice("\u{FFFD}".as_bytes());
            }
        }
    }

    /// Text that is UTF-8, with what JSON wants escaped.
    fn escape(&mut self, text: &[u8]) {
        let mut rest = text;
        while let Some(clean) = rest.iter().position(|byte| ESCAPES[usize::from(*byte)] != 0) {
            self.take(clean).copy_from_slice(&rest[..clean]);
            let byte = rest[clean];
            match ESCAPES[usize::from(byte)] {
                b'u' => {
                    const HEX: &[u8; 16] = b"0123456789abcdef";
                    let (high, low) = (HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]);
                    self.put(&[b'\\', b'u', b'0', b'0', high, low]);
                }
                letter => self.put(&[b'\\', letter]),
            }
            rest = &rest[clean + 1..];
        }
        self.take(rest.len()).copy_from_slice(rest);
    }
}

impl<const TYPED: bool> EventVisitor for Writer<'_, TYPED> {
    #[inline]
    fn header(&mut self, name: &[u8], value: &[u8]) {
        self.put(b"\"");
        self.text(name);
        if TYPED {
            self.put(b"\":");
            self.value(value);
            self.put(b",");
            return;
        }
        self.put(b"\":\"");
        self.text(value);
        self.put(b"\",");
    }

    fn list<'a>(&mut self, name: &[u8], values: impl Iterator<Item = &'a [u8]>) {
        self.put(b"\"");
        self.text(name);
        self.put(b"\":[");
        for (index, value) in values.enumerate() {
            if index > 0 {
                self.put(b",");
            }
            self.value(value);
        }
        self.put(b"],");
    }

    fn body(&mut self, body: &[u8]) {
        self.header(b"Content-Length", body.len().to_string().as_bytes());
        // Always a text: its reader knows what is in it, and it is the same for every event.
        self.put(b"\"_body\":\"");
        self.text(body);
        self.put(b"\",");
    }
}

/// Copies a text and says whether it is plain: ASCII with nothing that JSON wants escaped. Both in one pass; `to` is as
/// long as `text`. Nearly all texts are copied in two pieces, which may overlap: a loop whose length differs from text to
/// text costs more than a few bytes twice, as the processor cannot foresee its end.
#[inline(always)]
fn copy_plain(text: &[u8], to: &mut [u8]) -> bool {
    let marks = match text.len() {
        0 => 0,
        length @ 1..=3 => [0, length / 2, length - 1].into_iter().fold(0, |marks, at| {
            to[at] = text[at];
            marks | special(BLANKS ^ u64::from(text[at] ^ b' '))
        }),
        length @ 4..=7 => {
            let half = |at: usize| text[at..].first_chunk::<4>().map_or(0, |half| u32::from_ne_bytes(*half));
            let (first, last) = (half(0), half(length - 4));
            to[..4].copy_from_slice(&first.to_ne_bytes());
            to[length - 4..].copy_from_slice(&last.to_ne_bytes());
            special(u64::from(first) << 32 | u64::from(last))
        }
        8..=16 => copy_ends::<8>(text, to),
        17..=32 => copy_ends::<16>(text, to),
        33..=64 => copy_ends::<32>(text, to),
        _ => {
            let chunks = text.chunks_exact(32).zip(to.chunks_exact_mut(32));
            let marks = chunks.fold(0, |marks, (from, to)| marks | copy_block::<32>(from, to));
            marks | copy_ends::<32>(text, to)
        }
    };
    marks == 0
}

/// The first and the last N bytes of a text that has at least as many.
#[inline(always)]
fn copy_ends<const N: usize>(text: &[u8], to: &mut [u8]) -> u64 {
    let last = text.len() - N;
    copy_block::<N>(text, to) | copy_block::<N>(&text[last..], &mut to[last..])
}

/// The first N bytes, which are whole words; the compiler makes vector instructions of this.
#[inline(always)]
fn copy_block<const N: usize>(from: &[u8], to: &mut [u8]) -> u64 {
    to[..N].copy_from_slice(&from[..N]);
    let words = from[..N]
        .chunks_exact(8)
        .map(|word| word.first_chunk::<8>().map_or(0, |word| u64::from_ne_bytes(*word)));
    words.fold(0, |marks, word| marks | special(word))
}

/// Eight blanks.
const BLANKS: u64 = u64::from_ne_bytes([b' '; 8]);

/// Other than 0 if one of the eight bytes is not plain: not ASCII, below 0x20, a quotation mark or a backslash. A byte
/// less than n sets its highest bit when n is taken from it, or has it anyway; so does a byte that an exclusive-or has
/// made 0, when 1 is taken from it. A borrow can only come from a byte that is marked itself.
#[inline(always)]
fn special(word: u64) -> u64 {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    let quote = word ^ (ONES * b'"' as u64);
    let backslash = word ^ (ONES * b'\\' as u64);
    let marks = word.wrapping_sub(BLANKS) | quote.wrapping_sub(ONES) | backslash.wrapping_sub(ONES) | word;
    marks & (ONES * 0x80)
}

/// What stands for a byte inside a JSON string: 0: itself; `u`: `\u00XX`; any other: a backslash and that.
const ESCAPES: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 0x20 {
        table[byte] = b'u';
        byte += 1;
    }
    table[0x08] = b'b';
    table[0x09] = b't';
    table[0x0A] = b'n';
    table[0x0C] = b'f';
    table[0x0D] = b'r';
    table[b'"' as usize] = b'"';
    table[b'\\' as usize] = b'\\';
    table
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::testing::{TestEvent, vectors};

    #[test]
    fn every_vector_of_freeswitch_is_written_byte_for_byte() {
        let vectors = vectors();
        assert_eq!(vectors.len(), 22);
        for vector in vectors.iter().filter(|vector| vector.case != "invalid utf-8") {
            let written = payload(&vector.event);
            assert_eq!(*written, *vector.json, "case {:?}", vector.case);
        }
    }

    #[test]
    fn bytes_that_are_not_utf_8_become_u_fffd_and_the_payload_parses() {
        let vectors = vectors();
        let vector = vectors.iter().find(|vector| vector.case == "invalid utf-8").expect("the vector");
        let written = payload(&vector.event);
        assert_eq!(*written, *String::from_utf8_lossy(&vector.json).into_owned().into_bytes());
        let parsed: serde_json::Value = serde_json::from_slice(&written).expect("JSON");
        assert_eq!(parsed["Latin1"], "Gr\u{FFFD}\u{FFFD}");
    }

    #[test]
    fn every_byte_at_every_place_of_a_text_is_written_as_serde_json_writes_it() {
        for length in 0..100 {
            for at in 0..length {
                for byte in 0..=127u8 {
                    let mut text = vec![b'x'; length];
                    text[at] = byte;
                    let text = String::from_utf8(text).expect("ASCII");
                    let expected = serde_json::json!({ "Name": text }).to_string();
                    let written = payload(&TestEvent::new(1).with("Name", &text));
                    assert_eq!(String::from_utf8_lossy(&written), expected);
                }
            }
        }
    }

    #[test]
    fn with_types_numbers_and_booleans_are_such_and_the_body_is_a_text() {
        let event = TestEvent::new(1)
            .with("Count", "12")
            .with("Number", "007")
            .with("Load", "0.5")
            .with("On", "true")
            .with_list("List", &["1", "x"])
            .with_body("5");
        let expected = r#"{"Count":12,"Number":"007","Load":0.5,"On":true,"List":[1,"x"],"Content-Length":1,"_body":"5"}"#;
        assert_eq!(String::from_utf8_lossy(&typed(&event)), expected);
        assert_eq!(*typed(&TestEvent::new(1)), *b"{}");
    }

    #[test]
    fn an_event_without_headers_is_an_empty_object_and_nothing_is_left_from_the_one_before() {
        assert_eq!(
            *payload(&TestEvent::new(1).with("Name", "a value that is long")),
            *b"{\"Name\":\"a value that is long\"}"
        );
        assert_eq!(*payload(&TestEvent::new(1)), *b"{}");
    }

    #[test]
    fn a_huge_event_does_not_leave_a_huge_buffer_behind() {
        let huge = TestEvent::new(1).with("Big", &"z".repeat(2 * SCRATCH_KEPT));
        assert!(payload(&huge).len() > 2 * SCRATCH_KEPT);
        SCRATCH.with_borrow(|scratch| assert_eq!(scratch.capacity(), 0));
    }
}
