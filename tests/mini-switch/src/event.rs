//! Events as the C structures that a module sees: made here, on the C heap, and freed after delivery.
//!
//! An [`Event`] is owned by whoever fires it, then by the queue, then by the dispatch thread; never by two.

use crate::cstr;
use freeswitch_sys::{switch_event_header_t, switch_event_t};
use libc::{c_char, c_int, c_uint, c_void};
use std::ptr::null_mut;

/// One event and everything in it.
#[derive(Debug)]
pub struct Event(*mut switch_event_t);

// SAFETY: an event has one owner and no thread of its own; moving the owner moves everything in it.
unsafe impl Send for Event {}

impl Event {
    /// An event with no headers.
    pub fn new(event_id: c_int) -> Self {
        Self(Box::into_raw(Box::new(switch_event_t {
            event_id,
            priority: 0,
            owner: null_mut(),
            subclass_name: null_mut(),
            headers: null_mut(),
            last_header: null_mut(),
            body: null_mut(),
            bind_user_data: null_mut(),
            event_user_data: null_mut(),
            key: 0,
            next: null_mut(),
            flags: 0,
        })))
    }

    /// Gives the event to a module, which owes it to [`Event::from_raw`].
    pub fn into_raw(self) -> *mut switch_event_t {
        std::mem::ManuallyDrop::new(self).0
    }

    /// Takes it back.
    ///
    /// # Safety
    /// What `into_raw` gave, and nobody uses it any more.
    pub unsafe fn from_raw(raw: *mut switch_event_t) -> Self {
        Self(raw)
    }

    fn get(&self) -> &switch_event_t {
        // SAFETY: made by Box::into_raw in new, freed only in drop.
        unsafe { &*self.0 }
    }

    fn get_mut(&mut self) -> &mut switch_event_t {
        // SAFETY: as in get; &mut self keeps others away.
        unsafe { &mut *self.0 }
    }

    /// What a callback is called with.
    pub fn as_ptr(&self) -> *mut switch_event_t {
        self.0
    }

    /// Its number.
    pub fn id(&self) -> c_int {
        self.get().event_id
    }

    /// The subclass of a CUSTOM event.
    pub fn subclass(&self) -> Option<&[u8]> {
        // SAFETY: null or made by cstr::dup, and lives as long as the event.
        unsafe { cstr::bytes(self.get().subclass_name) }
    }

    /// Sets the subclass; the header Event-Subclass is the caller's.
    pub fn set_subclass(&mut self, name: &[u8]) {
        let event = self.get_mut();
        // SAFETY: null or made by cstr::dup; replaced at once.
        unsafe { cstr::free(event.subclass_name) };
        event.subclass_name = cstr::dup(name);
    }

    /// Sets the body.
    pub fn set_body(&mut self, body: &[u8]) {
        let event = self.get_mut();
        // SAFETY: null or made by cstr::dup; replaced at once.
        unsafe { cstr::free(event.body) };
        event.body = cstr::dup(body);
    }

    /// Sets what the callback finds as its user data.
    pub fn set_bind_user_data(&mut self, data: *mut c_void) {
        self.get_mut().bind_user_data = data;
    }

    /// Adds a header at the end, whether or not there is one of that name already. Empty values are left out, as
    /// the core does.
    pub fn add(&mut self, name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) {
        if !value.as_ref().is_empty() {
            self.append(name.as_ref(), value.as_ref(), null_mut(), 0);
        }
    }

    /// Adds a list; `text` is its value in the core's form, or is made from the values.
    pub fn add_array<V: AsRef<[u8]>>(&mut self, name: &[u8], values: &[V], text: Option<&[u8]>) {
        if values.is_empty() {
            return;
        }
        let made = match values {
            [only] => only.as_ref().to_vec(),
            many => [&b"ARRAY::"[..], &many.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(&b"|:"[..])]
                .concat(),
        };
        // SAFETY: calloc has no preconditions; the block holds values.len() pointers, each set below.
        let array = unsafe { libc::calloc(values.len(), size_of::<*mut c_char>()) }.cast::<*mut c_char>();
        assert!(!array.is_null(), "out of memory");
        for (i, value) in values.iter().enumerate() {
            // SAFETY: i is below the number of pointers that the block holds.
            unsafe { array.add(i).write(cstr::dup(value.as_ref())) };
        }
        self.append(name, text.unwrap_or(&made), array, values.len() as c_int);
    }

    fn append(&mut self, name: &[u8], value: &[u8], array: *mut *mut c_char, idx: c_int) {
        let header = Box::into_raw(Box::new(switch_event_header_t {
            name: cstr::dup(name),
            value: cstr::dup(value),
            array,
            idx,
            hash: hash(name).into(),
            next: null_mut(),
        }));
        let event = self.get_mut();
        if event.last_header.is_null() {
            event.headers = header;
        } else {
            // SAFETY: last_header is the last of this event's own headers.
            unsafe { (*event.last_header).next = header };
        }
        event.last_header = header;
    }

    /// The value of the first header of that name, in any case.
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        let mut next = self.get().headers;
        // SAFETY: the list consists of headers made by append; name and value were made by cstr::dup.
        while let Some(header) = unsafe { next.as_ref() } {
            // SAFETY: as above.
            let (key, value) = unsafe { (cstr::bytes(header.name), cstr::bytes(header.value)) };
            if key.is_some_and(|k| k.eq_ignore_ascii_case(name.as_bytes())) {
                return value;
            }
            next = header.next;
        }
        None
    }
}

impl Drop for Event {
    fn drop(&mut self) {
        // SAFETY: made by Box::into_raw in new; this is the only owner, and callbacks are not running any more.
        let event = unsafe { Box::from_raw(self.0) };
        let mut next = event.headers;
        while !next.is_null() {
            // SAFETY: each header was made by Box::into_raw in append and is in one list only.
            let header = unsafe { Box::from_raw(next) };
            next = header.next;
            for i in 0..header.idx as usize {
                // SAFETY: array holds idx strings made by cstr::dup.
                unsafe { cstr::free(*header.array.add(i)) };
            }
            // SAFETY: array came from calloc or is null; name and value were made by cstr::dup.
            unsafe {
                libc::free(header.array.cast());
                cstr::free(header.name);
                cstr::free(header.value);
            }
        }
        // SAFETY: null or made by cstr::dup.
        unsafe {
            cstr::free(event.body);
            cstr::free(event.subclass_name);
        }
    }
}

/// The core's hash of a header's name: times 33, any case, 32 bits.
pub fn hash(name: &[u8]) -> c_uint {
    name.iter()
        .fold(0, |hash: c_uint, byte| hash.wrapping_mul(33).wrapping_add(byte.to_ascii_lowercase().into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(event: &Event) -> Vec<String> {
        let mut list = Vec::new();
        // SAFETY: the event is alive while its headers are read.
        unsafe {
            let mut next = (*event.as_ptr()).headers;
            while let Some(header) = next.as_ref() {
                list.push(cstr::text(header.name));
                next = header.next;
            }
        }
        list
    }

    #[test]
    fn headers_keep_their_order_and_duplicates() {
        let mut event = Event::new(3);
        event.add("B", "1");
        event.add("A", "2");
        event.add("B", "3");
        event.add("Empty", "");
        assert_eq!(names(&event), ["B", "A", "B"]);
        assert_eq!(event.header("b"), Some(&b"1"[..]));
        assert_eq!(event.header("Empty"), None);
    }

    #[test]
    fn a_list_has_its_values_and_its_text() {
        let mut event = Event::new(3);
        event.add_array(b"List", &["a", "b"], None);
        event.add_array(b"One", &["only"], None);
        assert_eq!(event.header("List"), Some(&b"ARRAY::a|:b"[..]));
        assert_eq!(event.header("One"), Some(&b"only"[..]));
        // SAFETY: the event is alive; List is its first header and has two values.
        let (idx, second) = unsafe {
            let header = &*(*event.as_ptr()).headers;
            (header.idx, cstr::text(*header.array.add(1)))
        };
        assert_eq!((idx, second.as_str()), (2, "b"));
    }

    #[test]
    fn the_hash_ignores_case() {
        assert_eq!(hash(b"Event-Name"), hash(b"EVENT-name"));
        assert_eq!(hash(b"ab"), 97 * 33 + 98);
    }
}
