//! An event of the core, borrowed for the length of a callback.
#![allow(unsafe_code)]

use crate::header_names::{Found, HeaderNames};
use crate::host::{Event, EventNumber, EventVisitor};
use freeswitch_sys as sys;
use std::ffi::{CStr, c_char};

/// The core's event. It cannot outlive the callback that was given it.
#[derive(Debug, Clone, Copy)]
pub struct CoreEvent<'a>(&'a sys::switch_event_t);

impl<'a> CoreEvent<'a> {
    pub(super) fn new(raw: &'a sys::switch_event_t) -> Self {
        Self(raw)
    }
}

impl Event for CoreEvent<'_> {
    fn number(&self) -> EventNumber {
        EventNumber(self.0.event_id)
    }

    fn subclass(&self) -> Option<&[u8]> {
        bytes(self.0.subclass_name)
    }

    fn visit<V: EventVisitor>(&self, visitor: &mut V) {
        let mut next = self.0.headers;
        // SAFETY: null at the end of the list, or a header that belongs to the event and lives as long as it.
        while let Some(header) = unsafe { next.as_ref() } {
            next = header.next;
            let Some(name) = bytes(header.name) else { continue };
            match usize::try_from(header.idx) {
                Ok(count) if count > 0 && !header.array.is_null() => {
                    // SAFETY: `array` holds `idx` pointers, which live as long as the event.
                    let values = unsafe { std::slice::from_raw_parts(header.array, count) };
                    visitor.list(name, values.iter().filter_map(|value| bytes(*value)));
                }
                _ => {
                    if let Some(value) = bytes(header.value) {
                        visitor.header(name, value);
                    }
                }
            }
        }
        if let Some(body) = bytes(self.0.body) {
            visitor.body(body);
        }
    }

    fn find<'a>(&'a self, names: &HeaderNames, found: &mut Found<'a>) {
        let mut missing = names.len();
        let mut next = self.0.headers;
        // SAFETY: as above.
        while let Some(header) = unsafe { next.as_ref() } {
            next = header.next;
            // SAFETY: null, or a string of at least its NUL.
            let Some(first) = (unsafe { header.name.as_ref() }) else { continue };
            if !names.may_begin_with(*first as u8) {
                continue;
            }
            let place = bytes(header.name).and_then(|name| names.position(name));
            if let Some(place) = place.filter(|place| found[*place].is_none()) {
                found[place] = bytes(header.value);
                missing -= usize::from(found[place].is_some());
                if missing == 0 {
                    return;
                }
            }
        }
        if let Some(body) = bytes(self.0.body) {
            names.offer_body(body, found);
        }
    }
}

/// The bytes of a string that belongs to the event, or is lent with it.
pub(super) fn bytes<'a>(pointer: *const c_char) -> Option<&'a [u8]> {
    // SAFETY: the core's strings end with NUL and live as long as the callback; the methods above give the result out with
    // the event's own lifetime.
    (!pointer.is_null()).then(|| unsafe { CStr::from_ptr(pointer) }.to_bytes())
}
