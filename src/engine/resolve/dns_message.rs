//! The SRV records of a DNS message, RFC 1035 section 4.
//!
//! The message comes from the network: no length and no pointer in it is believed before it was checked.

use std::fmt::Write;

/// An SRV record, RFC 2782.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Lower ones are tried first.
    pub priority: u16,
    /// The share among those of the same priority.
    pub weight: u16,
    /// The server's port.
    pub port: u16,
    /// The server's name without the dot at its end; empty: there is no such service.
    pub target: String,
}

const HEADER: usize = 12;
const TYPE_SRV: u16 = 33;
const CLASS_IN: u16 = 1;
/// The longest name on the wire, the lengths of its labels included.
const LONGEST_NAME: usize = 255;

/// The SRV records in the answer section, in the order of the message. Other records, CNAME among them, are skipped.
///
/// # Errors
/// The message is no answer, or is not what it says of itself.
pub fn srv_records(message: &[u8]) -> Result<Vec<Record>, &'static str> {
    let mut reader = Reader { message, at: 0 };
    let header = reader.take(HEADER)?;
    if header[2] & 0x80 == 0 {
        return Err("the name server's answer is a question");
    }
    if header[2] & 0x02 != 0 {
        return Err("the name server's answer is cut short");
    }
    if header[3] & 0x0f != 0 {
        return Err("the name server's answer is an error");
    }
    let count = |at: usize| u16::from_be_bytes([header[at], header[at + 1]]);
    for _ in 0..count(4) {
        reader.name()?;
        reader.take(4)?;
    }
    let mut records = Vec::new();
    for _ in 0..count(6) {
        reader.name()?;
        let (kind, class) = (reader.number()?, reader.number()?);
        let _time_to_live = reader.take(4)?;
        let length = usize::from(reader.number()?);
        let begin = reader.at;
        reader.take(length)?;
        if (kind, class) == (TYPE_SRV, CLASS_IN) {
            // Names in it may point anywhere before, but it must end where it says.
            let mut data = Reader { message: &message[..reader.at], at: begin };
            let record = data.record()?;
            if data.at != reader.at {
                return Err(MALFORMED);
            }
            records.push(record);
        }
    }
    Ok(records)
}

const MALFORMED: &str = "the name server's answer is malformed";

struct Reader<'a> {
    message: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], &'static str> {
        let rest = self.message.get(self.at..).ok_or(MALFORMED)?;
        let taken = rest.get(..count).ok_or(MALFORMED)?;
        self.at += count;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, &'static str> {
        Ok(self.take(1)?[0])
    }

    fn number(&mut self) -> Result<u16, &'static str> {
        let bytes = self.take(2)?;
        Ok(u16::from_be_bytes([bytes[0], bytes[1]]))
    }

    fn record(&mut self) -> Result<Record, &'static str> {
        let (priority, weight, port) = (self.number()?, self.number()?, self.number()?);
        Ok(Record { priority, weight, port, target: self.name()? })
    }

    /// A name as text, RFC 1035 section 4.1.4. A pointer leads to what comes before the part that it ends, and to
    /// nothing else: there is an end to it.
    fn name(&mut self) -> Result<String, &'static str> {
        let mut text = String::new();
        let mut length = 1;
        let mut begin = self.at;
        let mut behind = None;
        loop {
            let first = self.byte()?;
            match first {
                0 => break,
                1..=63 => {
                    let label = self.take(usize::from(first))?;
                    length += 1 + label.len();
                    if length > LONGEST_NAME {
                        return Err(MALFORMED);
                    }
                    if !text.is_empty() {
                        text.push('.');
                    }
                    push_label(&mut text, label);
                }
                0xc0.. => {
                    let target = usize::from(first & 0x3f) << 8 | usize::from(self.byte()?);
                    if target >= begin {
                        return Err(MALFORMED);
                    }
                    behind.get_or_insert(self.at);
                    (begin, self.at) = (target, target);
                }
                _ => return Err(MALFORMED),
            }
        }
        self.at = behind.unwrap_or(self.at);
        Ok(text)
    }
}

/// A label as text; what is no letter, digit or sign, or would be taken for a dot between labels, is escaped as in
/// RFC 1035 section 5.1. No such name resolves, but it may be logged.
fn push_label(text: &mut String, label: &[u8]) {
    for &byte in label {
        match byte {
            b'.' | b'\\' => text.extend(['\\', char::from(byte)]),
            b'!'..=b'~' => text.push(char::from(byte)),
            // Writing to a string does not fail.
            _ => drop(write!(text, "\\{byte:03}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::rngs::StdRng;
    use rand::{Rng, SeedableRng};

    /// A name without compression.
    fn name(text: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        for label in text.split('.').filter(|label| !label.is_empty()) {
            bytes.push(u8::try_from(label.len()).expect("a short label"));
            bytes.extend(label.as_bytes());
        }
        bytes.push(0);
        bytes
    }

    /// A record of class IN.
    fn record(owner: &[u8], kind: u16, data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(data.len()).expect("a short record");
        [owner, &kind.to_be_bytes(), &[0, 1, 0, 0, 0, 60], &length.to_be_bytes(), data].concat()
    }

    fn srv(priority: u16, weight: u16, port: u16, target: &[u8]) -> Vec<u8> {
        [&priority.to_be_bytes()[..], &weight.to_be_bytes(), &port.to_be_bytes(), target].concat()
    }

    /// An answer to the question for `_mqtt._tcp.example.com`, whose name is at byte 12.
    fn answer(records: &[Vec<u8>]) -> Vec<u8> {
        let count = u8::try_from(records.len()).expect("a few records");
        let header = [0x12, 0x34, 0x81, 0x80, 0, 1, 0, count, 0, 0, 0, 0];
        [&header[..], &name("_mqtt._tcp.example.com"), &[0, 33, 0, 1], &records.concat()].concat()
    }

    /// A pointer to a place of the message.
    fn pointer(place: u8) -> Vec<u8> {
        vec![0xc0, place]
    }

    /// `b` in the domain of the question, which begins behind `_mqtt` and `_tcp`.
    fn compressed() -> Vec<u8> {
        [&b"\x01b"[..], &pointer(12 + 6 + 5)].concat()
    }

    fn found(priority: u16, weight: u16, port: u16, target: &str) -> Record {
        Record { priority, weight, port, target: target.to_owned() }
    }

    fn example() -> Vec<u8> {
        answer(&[
            record(&pointer(12), 5, &name("elsewhere.example.com")),
            record(&name("elsewhere.example.com"), 33, &srv(1, 2, 1883, &name("a.example.com"))),
            record(&pointer(12), 33, &srv(65_535, 0, 8883, &compressed())),
            record(&pointer(12), 33, &srv(0, 0, 0, &name(""))),
        ])
    }

    #[test]
    fn srv_records_are_read_and_others_skipped() {
        let expected =
            [found(1, 2, 1883, "a.example.com"), found(65_535, 0, 8883, "b.example.com"), found(0, 0, 0, "")];
        assert_eq!(srv_records(&example()), Ok(expected.to_vec()));
        assert_eq!(srv_records(&answer(&[])), Ok(vec![]));
    }

    #[test]
    fn a_message_that_ends_too_early_is_refused_wherever_it_ends() {
        let message = example();
        for length in 0..message.len() {
            assert_eq!(srv_records(&message[..length]), Err(MALFORMED), "{length} bytes");
        }
    }

    #[test]
    fn what_is_no_whole_answer_is_refused() {
        let with = |at: usize, byte: u8| {
            let mut message = example();
            message[at] = byte;
            srv_records(&message)
        };
        assert_eq!(with(2, 0x01), Err("the name server's answer is a question"));
        assert_eq!(with(2, 0x83), Err("the name server's answer is cut short"));
        assert_eq!(with(3, 0x83), Err("the name server's answer is an error"));
        assert_eq!(with(7, 200), Err(MALFORMED), "more answers than there are");
    }

    #[test]
    fn a_record_that_is_longer_or_shorter_than_it_says_is_refused() {
        let whole = srv(1, 2, 1883, &name("a.example.com"));
        for length in 0..whole.len() {
            assert_eq!(srv_records(&answer(&[record(&pointer(12), 33, &whole[..length])])), Err(MALFORMED));
        }
        let longer = [&whole[..], &[0]].concat();
        assert_eq!(srv_records(&answer(&[record(&pointer(12), 33, &longer)])), Err(MALFORMED));
    }

    #[test]
    fn pointers_that_lead_round_in_circles_forwards_or_nowhere_are_refused() {
        let place = answer(&[]).len();
        let here = u8::try_from(place).expect("a short message");
        for owner in
            [pointer(here), pointer(here + 2), vec![0xff, 0xff], vec![0xc0], vec![0x40, 0], vec![0x80]]
        {
            let message = answer(&[record(&owner, 33, &srv(1, 2, 1883, &name("a")))]);
            assert_eq!(srv_records(&message), Err(MALFORMED), "{owner:?}");
        }
        // One label, and back to it, for ever.
        let owner = [&b"\x01a"[..], &pointer(here)].concat();
        let message = answer(&[record(&owner, 33, &srv(1, 2, 1883, &name("a")))]);
        assert_eq!(srv_records(&message), Err(MALFORMED));
    }

    #[test]
    fn a_name_has_255_bytes_at_most() {
        let labels = |last: usize| {
            let long = "x".repeat(63);
            format!("{long}.{long}.{long}.{}", "y".repeat(last))
        };
        let with =
            |target: &str| srv_records(&answer(&[record(&pointer(12), 33, &srv(0, 0, 1, &name(target)))]));
        assert_eq!(with(&labels(61)), Ok(vec![found(0, 0, 1, &labels(61))]));
        assert_eq!(with(&labels(62)), Err(MALFORMED));
    }

    #[test]
    fn a_strange_name_is_escaped() {
        let target = [&[6][..], b"a.\\\n\0\xff", &[0]].concat();
        let message = answer(&[record(&pointer(12), 33, &srv(0, 0, 1, &target))]);
        assert_eq!(srv_records(&message), Ok(vec![found(0, 0, 1, "a\\.\\\\\\010\\000\\255")]));
    }

    #[test]
    fn no_message_makes_it_panic_or_loop() {
        let mut random = StdRng::seed_from_u64(1035);
        for _ in 0..100_000 {
            let mut message = example();
            for _ in 0..random.random_range(1..6) {
                let at = random.random_range(2..message.len());
                message[at] = random.random();
            }
            message.truncate(random.random_range(0..=2 * message.len()));
            // Whatever it says, names are not longer than they may be.
            for record in srv_records(&message).unwrap_or_default() {
                assert!(record.target.len() <= 4 * LONGEST_NAME);
            }
        }
    }
}
