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
        let hashes = names.hashes(hash);
        let mut missing = names.len();
        let mut next = self.0.headers;
        // SAFETY: as above.
        while let Some(header) = unsafe { next.as_ref() } {
            next = header.next;
            // Most events that are looked at go out: their texts come while the list is followed, which is all waiting.
            prefetch(header.name);
            prefetch(header.value);
            // As the core does: a header without a hash is compared.
            if header.hash != 0 && !hashes.may_have(header.hash) {
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

/// The core's hash of a header's name, in any case.
fn hash(name: &[u8]) -> u64 {
    // No slice is longer than that.
    let mut length = sys::switch_ssize_t::try_from(name.len()).unwrap_or(0);
    // SAFETY: reads as many bytes as the length says, and writes no more than the length.
    unsafe { sys::switch_ci_hashfunc_default(name.as_ptr().cast(), &mut length) }.into()
}

/// The bytes of a string that belongs to the event, or is lent with it.
pub(super) fn bytes<'a>(pointer: *const c_char) -> Option<&'a [u8]> {
    // SAFETY: the core's strings end with NUL and live as long as the callback; the methods above give the result out with
    // the event's own lifetime.
    (!pointer.is_null()).then(|| unsafe { CStr::from_ptr(pointer) }.to_bytes())
}

/// Asks for the beginning of a text to be in the processor's cache soon.
#[inline(always)]
fn prefetch(text: *const c_char) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a hint; it reads nothing, and any address is allowed.
    unsafe {
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(text)
    };
    #[cfg(not(target_arch = "x86_64"))]
    let _no_such_hint = text;
}
