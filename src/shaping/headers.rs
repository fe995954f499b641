//! `headers`, `headers_exclude`: which headers of an event are sent.

use crate::commands::glob::{Case, matches};
use crate::header_names::{Found, HeaderNames};
use crate::host::{Event, EventNumber, EventVisitor};

/// Which headers are sent. Names are patterns in any case, with `*` as any number of characters; the body is a header
/// named [`HeaderNames::BODY`] here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HeaderChoice {
    /// `headers`: only these; none: all.
    pub only: Vec<String>,
    /// `headers_exclude`: not these.
    pub except: Vec<String>,
}

impl HeaderChoice {
    /// Whether all of them are.
    pub fn is_all(&self) -> bool {
        self.only.is_empty() && self.except.is_empty()
    }

    /// Whether this one is.
    pub fn has(&self, name: &[u8]) -> bool {
        let in_one = |patterns: &[String]| patterns.iter().any(|pattern| matches(pattern, name, Case::Any));
        (self.only.is_empty() || in_one(&self.only)) && !in_one(&self.except)
    }

    /// The event without the others.
    pub fn of<'a, E: Event>(&'a self, event: &'a E) -> Chosen<'a, E> {
        Chosen { choice: self, event }
    }
}

/// An event of which only some headers are shown.
#[derive(Debug)]
pub struct Chosen<'a, E> {
    choice: &'a HeaderChoice,
    event: &'a E,
}

impl<E: Event> Event for Chosen<'_, E> {
    fn number(&self) -> EventNumber {
        self.event.number()
    }

    fn subclass(&self) -> Option<&[u8]> {
        self.event.subclass()
    }

    fn visit<V: EventVisitor>(&self, visitor: &mut V) {
        self.event.visit(&mut Choosing { choice: self.choice, visitor });
    }

    fn find<'a>(&'a self, names: &HeaderNames, found: &mut Found<'a>) {
        self.event.find(names, found);
        for (name, value) in names.iter().zip(found) {
            if !self.choice.has(name) {
                *value = None;
            }
        }
    }
}

struct Choosing<'a, V> {
    choice: &'a HeaderChoice,
    visitor: &'a mut V,
}

impl<V: EventVisitor> EventVisitor for Choosing<'_, V> {
    fn header(&mut self, name: &[u8], value: &[u8]) {
        if self.choice.has(name) {
            self.visitor.header(name, value);
        }
    }

    fn list<'a>(&mut self, name: &[u8], values: impl Iterator<Item = &'a [u8]>) {
        if self.choice.has(name) {
            self.visitor.list(name, values);
        }
    }

    fn body(&mut self, body: &[u8]) {
        if self.choice.has(HeaderNames::BODY.as_bytes()) {
            self.visitor.body(body);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_chosen_by_patterns_in_any_case() {
        let choice = |only: &[&str], except: &[&str]| HeaderChoice {
            only: only.iter().map(ToString::to_string).collect(),
            except: except.iter().map(ToString::to_string).collect(),
        };
        assert!(choice(&[], &[]).is_all() && choice(&[], &[]).has(b"Any"));
        let only = choice(&["event-*", "Unique-ID"], &["*-File"]);
        assert!(only.has(b"Event-Name") && only.has(b"unique-id") && !only.is_all());
        assert!(!only.has(b"Event-Calling-File") && !only.has(b"Channel-Name") && !only.has(b"_body"));
        let except = choice(&[], &["variable_*", "_body"]);
        assert!(except.has(b"Event-Name") && !except.has(b"variable_x") && !except.has(b"_body"));
    }
}
