//! Names of headers that someone asks for, so that all of them are found in one pass over an event.
//!
//! Pure, and of the bottom layer: it depends on nothing.

use std::sync::OnceLock;

/// Names of headers, each once, in any case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HeaderNames {
    names: Vec<Box<[u8]>>,
    /// A bit for each length of a name; the last one is for all that are longer.
    lengths: u64,
    hashes: OnceLock<Hashes>,
}

/// Hashes of names, of which most that are not among them can be told at a glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hashes(u64);

impl Hashes {
    /// Whether it may be one of them.
    #[inline]
    pub fn may_have(self, hash: u64) -> bool {
        self.0 & Self::bit(hash) != 0
    }

    /// All bits of a hash count, above all in the highest ones of the product (Fibonacci hashing).
    #[inline]
    fn bit(hash: u64) -> u64 {
        1 << (hash.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 58)
    }
}

/// The values that were found, by the place of their names; `None`: there is no such header.
pub type Found<'a> = [Option<&'a [u8]>];

impl HeaderNames {
    /// The name of the body, for whoever asks for it as for a header: FreeSWITCH's own.
    pub const BODY: &'static str = "_body";

    /// The place of a name, which is added if it is not there yet.
    pub fn add(&mut self, name: &[u8]) -> usize {
        if let Some(place) = self.position(name) {
            return place;
        }
        self.hashes.take();
        self.lengths |= length_bit(name);
        self.names.push(name.into());
        self.names.len() - 1
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether nobody asks for anything.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The names, by their places.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.names.iter().map(|name| &**name)
    }

    /// The hashes of the names, made at the first call with a function that must be the same one every time.
    #[inline]
    pub fn hashes(&self, hash: impl Fn(&[u8]) -> u64) -> Hashes {
        let all = || self.names.iter().fold(0, |bits, name| bits | Hashes::bit(hash(name)));
        *self.hashes.get_or_init(|| Hashes(all()))
    }

    /// The place of a name, compared without regard to case, as FreeSWITCH does.
    #[inline]
    pub fn position(&self, name: &[u8]) -> Option<usize> {
        if self.lengths & length_bit(name) == 0 {
            return None;
        }
        self.names.iter().position(|own| own.eq_ignore_ascii_case(name))
    }

    /// Notes a header, the first of its name only.
    #[inline]
    pub fn offer<'a>(&self, name: &[u8], value: &'a [u8], found: &mut Found<'a>) {
        if let Some(place) = self.position(name) {
            found[place].get_or_insert(value);
        }
    }

    /// Notes the body, unless a header has its name.
    pub fn offer_body<'a>(&self, body: &'a [u8], found: &mut Found<'a>) {
        self.offer(Self::BODY.as_bytes(), body, found);
    }
}

#[inline]
fn length_bit(name: &[u8]) -> u64 {
    1 << name.len().min(63)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_any_case_has_one_place_and_the_first_header_of_it_counts() {
        let mut names = HeaderNames::default();
        assert_eq!((names.add(b"Unique-ID"), names.add(b"_BODY"), names.add(b"unique-id")), (0, 1, 0));
        let mut found = vec![None; names.len()];
        names.offer(b"UNIQUE-id", b"first", &mut found);
        names.offer(b"Unique-ID", b"second", &mut found);
        names.offer(b"Unique", b"other", &mut found);
        names.offer_body(b"body", &mut found);
        assert_eq!(found, [Some(&b"first"[..]), Some(&b"body"[..])]);
    }

    #[test]
    fn the_hash_of_each_name_is_known_also_of_one_that_comes_later() {
        let mut names = HeaderNames::default();
        let hash = |name: &[u8]| name.iter().map(|byte| u64::from(*byte)).sum();
        assert!((0..1000).all(|other| !names.hashes(hash).may_have(other)));
        names.add(b"ab");
        assert!(names.hashes(hash).may_have(97 + 98));
        let missed = (0..1000).filter(|other| !names.hashes(hash).may_have(*other)).count();
        assert!(missed > 900, "{missed} of 1000");
        names.add(b"c");
        assert!(names.hashes(hash).may_have(97 + 98) && names.hashes(hash).may_have(99));
    }
}
