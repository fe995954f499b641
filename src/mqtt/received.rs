//! MQTT 5 properties that came with a packet: borrowed from libmosquitto for the length of a callback.
#![allow(unsafe_code)]

use mosquitto_client_sys as sys;
use std::ffi::{CStr, c_char, c_int};
use std::fmt;
use std::marker::PhantomData;
use std::ptr::null_mut;

/// The properties of a message, MQTT 5 section 3.3.2.3; none with an older version. Each is copied when it is asked for.
#[derive(Clone, Copy)]
pub struct Received<'a>(*const sys::mosquitto_property, PhantomData<&'a sys::mosquitto_property>);

impl Received<'_> {
    /// # Safety
    /// The list is null, or lives for as long as the result.
    pub(super) unsafe fn new(list: *const sys::mosquitto_property) -> Self {
        Self(list, PhantomData)
    }

    /// The MIME type of the payload.
    pub fn content_type(&self) -> Option<String> {
        // SAFETY: by the promise of `new`.
        unsafe { read_text(self.0, sys::MQTT_PROP_CONTENT_TYPE) }
    }

    /// Where the sender wants the answer.
    pub fn response_topic(&self) -> Option<String> {
        // SAFETY: by the promise of `new`.
        unsafe { read_text(self.0, sys::MQTT_PROP_RESPONSE_TOPIC) }
    }

    /// What the answer is to carry.
    pub fn correlation_data(&self) -> Option<Vec<u8>> {
        let (mut value, mut length) = (null_mut(), 0);
        let identifier = sys::MQTT_PROP_CORRELATION_DATA;
        // SAFETY: by the promise of `new`; what is written is a copy of `length` bytes that is ours to free.
        unsafe {
            let found =
                sys::mosquitto_property_read_binary(self.0, identifier, &mut value, &mut length, false);
            if found.is_null() {
                return None;
            }
            if value.is_null() {
                return Some(Vec::new());
            }
            let bytes = std::slice::from_raw_parts(value.cast::<u8>(), usize::from(length)).to_vec();
            libc::free(value);
            Some(bytes)
        }
    }

    /// Names and values of the sender's own, in their order.
    pub fn user(&self) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        let (mut list, identifier) = (self.0, sys::MQTT_PROP_USER_PROPERTY);
        loop {
            let (mut name, mut value) = (null_mut(), null_mut());
            // SAFETY: by the promise of `new`; `list` is it, or an element of it at which the last search ended, and which
            // this one skips. What is written are copies that are ours to free.
            unsafe {
                let skip = !pairs.is_empty();
                list =
                    sys::mosquitto_property_read_string_pair(list, identifier, &mut name, &mut value, skip);
                if list.is_null() {
                    return pairs;
                }
                pairs.push((take(name), take(value)));
            }
        }
    }
}

impl fmt::Debug for Received<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received")
            .field("content_type", &self.content_type())
            .field("response_topic", &self.response_topic())
            .finish_non_exhaustive()
    }
}

/// A property of text among those that a callback was given.
///
/// # Safety
/// The list is null or lives for the call.
pub(super) unsafe fn read_text(list: *const sys::mosquitto_property, identifier: c_int) -> Option<String> {
    let mut value = null_mut();
    // SAFETY: by the caller's promise; the value is written only if there is one. It is then a copy that is the
    // caller's to free.
    unsafe {
        let found = sys::mosquitto_property_read_string(list, identifier, &mut value, false);
        (!found.is_null() && !value.is_null()).then(|| take(value))
    }
}

/// # Safety
/// A string from malloc that nobody else frees, or null.
unsafe fn take(text: *mut c_char) -> String {
    if text.is_null() {
        return String::new();
    }
    // SAFETY: by the caller's promise.
    unsafe {
        let copy = CStr::from_ptr(text).to_string_lossy().into_owned();
        libc::free(text.cast());
        copy
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mqtt::{Properties, PublishProperties};

    #[test]
    fn what_was_sent_is_what_is_read() {
        let wanted = PublishProperties {
            content_type: Some(c"text/plain".to_owned()),
            response_topic: Some(c"answers/1".to_owned()),
            correlation_data: Some(b"a\0b".to_vec()),
            user: vec![(c"a".to_owned(), c"1".to_owned()), (c"b".to_owned(), c"".to_owned())],
            ..PublishProperties::default()
        };
        let list = Properties::for_publish(&wanted).expect("properties");
        // SAFETY: the list lives for longer.
        let received = unsafe { Received::new(list.as_ptr()) };
        assert_eq!(received.content_type().as_deref(), Some("text/plain"));
        assert_eq!(received.response_topic().as_deref(), Some("answers/1"));
        assert_eq!(received.correlation_data(), Some(b"a\0b".to_vec()));
        let user = [("a", "1"), ("b", "")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(received.user(), user);
    }

    #[test]
    fn without_properties_there_is_nothing_to_read() {
        // SAFETY: null is an empty list.
        let received = unsafe { Received::new(std::ptr::null()) };
        assert_eq!((received.content_type(), received.response_topic()), (None, None));
        assert_eq!((received.correlation_data(), received.user()), (None, Vec::new()));
    }
}
