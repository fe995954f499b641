//! Names of headers that someone asks for, so that all of them are found in one pass over an event.
//!
//! Pure, and of the bottom layer: it depends on nothing.

/// Names of headers, each once, in any case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderNames {
    names: Vec<Box<[u8]>>,
    /// With which bytes a name may begin: most headers are told apart by that.
    first: [bool; 256],
    /// A bit for each length of a name; the last one is for all that are longer.
    lengths: u64,
}

/// The values that were found, by the place of their names; `None`: there is no such header.
pub type Found<'a> = [Option<&'a [u8]>];

impl Default for HeaderNames {
    fn default() -> Self {
        Self { names: Vec::new(), first: [false; 256], lengths: 0 }
    }
}

impl HeaderNames {
    /// The name of the body, for whoever asks for it as for a header: FreeSWITCH's own.
    pub const BODY: &'static str = "_body";

    /// The place of a name, which is added if it is not there yet.
    pub fn add(&mut self, name: &[u8]) -> usize {
        if let Some(place) = self.position(name) {
            return place;
        }
        if let Some(byte) = name.first() {
            self.first[usize::from(byte.to_ascii_lowercase())] = true;
            self.first[usize::from(byte.to_ascii_uppercase())] = true;
        }
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

    /// Whether one of them begins with this byte: if not, no need to look at the rest.
    #[inline]
    pub fn may_begin_with(&self, byte: u8) -> bool {
        self.first[usize::from(byte)]
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
        assert!(names.may_begin_with(b'u') && names.may_begin_with(b'U') && !names.may_begin_with(b'v'));
    }
}
