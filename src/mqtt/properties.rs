//! MQTT 5 properties: the only owner of a `*mut mosquitto_property`.
#![allow(unsafe_code)]

use super::error::Error;
use mosquitto_client_sys as sys;
use std::ffi::{CStr, CString, c_int, c_void};
use std::fmt;

/// What goes with a message, MQTT 5 section 3.3.2.3.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PublishProperties {
    /// For how many seconds the broker may keep it.
    pub message_expiry: Option<u32>,
    /// Whether it says that its payload is UTF-8.
    pub payload_format: bool,
    /// Its MIME type.
    pub content_type: Option<CString>,
    /// Where the answer is wanted.
    pub response_topic: Option<CString>,
    /// What the answer is to carry, so that it finds its request; 65,535 bytes at most.
    pub correlation_data: Option<Vec<u8>>,
    /// Names and values.
    pub user: Vec<(CString, CString)>,
}

/// A list of properties, checked for the packet that they are for.
///
/// The library reads it at each publish, and copies it at QoS 1 and 2: an allocation for each property, and one or two
/// more for each text. At QoS 0 the properties are written into the packet, without another copy.
pub struct Properties(*mut sys::mosquitto_property);

// SAFETY: nothing in the list belongs to a thread; it is plain memory.
unsafe impl Send for Properties {}
// SAFETY: after it is made, which takes `&mut`, the list is only read: the library takes it as a pointer to const.
unsafe impl Sync for Properties {}

impl Properties {
    /// Properties of PUBLISH.
    ///
    /// # Errors
    /// Text that is not the UTF-8 that MQTT allows, or longer than 65,535 bytes; a response topic with a wildcard.
    pub fn for_publish(wanted: &PublishProperties) -> Result<Self, Error> {
        let mut list = Self(std::ptr::null_mut());
        if wanted.payload_format {
            list.add_byte(sys::MQTT_PROP_PAYLOAD_FORMAT_INDICATOR, 1)?;
        }
        if let Some(seconds) = wanted.message_expiry {
            list.add_int32(sys::MQTT_PROP_MESSAGE_EXPIRY_INTERVAL, seconds)?;
        }
        if let Some(content_type) = &wanted.content_type {
            list.add_text(sys::MQTT_PROP_CONTENT_TYPE, content_type)?;
        }
        if let Some(topic) = &wanted.response_topic {
            list.add_text(sys::MQTT_PROP_RESPONSE_TOPIC, topic)?;
        }
        if let Some(data) = &wanted.correlation_data {
            list.add_binary(sys::MQTT_PROP_CORRELATION_DATA, data)?;
        }
        list.add_user(&wanted.user)?;
        list.checked(sys::CMD_PUBLISH as c_int)
    }

    /// Properties of CONNECT, section 3.1.2.11. `session_expiry` is in seconds.
    ///
    /// # Errors
    /// As above.
    pub(super) fn for_connect(
        session_expiry: Option<u32>,
        user: &[(CString, CString)],
    ) -> Result<Self, Error> {
        let mut list = Self(std::ptr::null_mut());
        if let Some(seconds) = session_expiry {
            list.add_int32(sys::MQTT_PROP_SESSION_EXPIRY_INTERVAL, seconds)?;
        }
        list.add_user(user)?;
        list.checked(sys::CMD_CONNECT as c_int)
    }

    fn add_byte(&mut self, identifier: c_int, value: u8) -> Result<(), Error> {
        // SAFETY: the list is this one's own; adding lengthens it.
        Error::from_code(unsafe { sys::mosquitto_property_add_byte(&mut self.0, identifier, value) })
    }

    fn add_int32(&mut self, identifier: c_int, value: u32) -> Result<(), Error> {
        // SAFETY: as above.
        Error::from_code(unsafe { sys::mosquitto_property_add_int32(&mut self.0, identifier, value) })
    }

    fn add_text(&mut self, identifier: c_int, value: &CStr) -> Result<(), Error> {
        short_enough(value)?;
        // SAFETY: as above; the text lives for the call and is copied.
        let code = unsafe { sys::mosquitto_property_add_string(&mut self.0, identifier, value.as_ptr()) };
        Error::from_code(code)
    }

    fn add_binary(&mut self, identifier: c_int, value: &[u8]) -> Result<(), Error> {
        let length = u16::try_from(value.len()).map_err(|_| Error::TooLarge)?;
        let bytes = value.as_ptr().cast::<c_void>();
        // SAFETY: as above; the bytes live for the call and are copied.
        let code = unsafe { sys::mosquitto_property_add_binary(&mut self.0, identifier, bytes, length) };
        Error::from_code(code)
    }

    fn add_user(&mut self, user: &[(CString, CString)]) -> Result<(), Error> {
        for (name, value) in user {
            short_enough(name)?;
            short_enough(value)?;
            let identifier = sys::MQTT_PROP_USER_PROPERTY;
            let (name, value) = (name.as_ptr(), value.as_ptr());
            // SAFETY: as above; both texts live for the call and are copied.
            let code =
                unsafe { sys::mosquitto_property_add_string_pair(&mut self.0, identifier, name, value) };
            Error::from_code(code)?;
        }
        Ok(())
    }

    fn checked(self, command: c_int) -> Result<Self, Error> {
        // SAFETY: a list that this one owns; null is an empty one.
        Error::from_code(unsafe { sys::mosquitto_property_check_all(command, self.0) })?;
        Ok(self)
    }

    /// The list; null if it is empty.
    pub(super) fn as_ptr(&self) -> *const sys::mosquitto_property {
        self.0
    }
}

impl Drop for Properties {
    fn drop(&mut self) {
        // SAFETY: a list of this one's own, or null; the library has kept no pointer to it.
        unsafe { sys::mosquitto_property_free_all(&mut self.0) };
    }
}

impl fmt::Debug for Properties {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Properties").finish_non_exhaustive()
    }
}

/// The length of text has two bytes in a packet; the library cuts what is longer.
fn short_enough(text: &CStr) -> Result<(), Error> {
    if text.count_bytes() > usize::from(u16::MAX) { Err(Error::TooLarge) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mqtt::received::read_text;

    fn read_int32(list: &Properties, identifier: c_int) -> Option<u32> {
        let mut value = 0;
        // SAFETY: a live list.
        let found =
            unsafe { sys::mosquitto_property_read_int32(list.as_ptr(), identifier, &mut value, false) };
        (!found.is_null()).then_some(value)
    }

    #[test]
    fn a_list_has_what_was_asked_for() {
        let wanted = PublishProperties {
            message_expiry: Some(60),
            content_type: Some(c"application/json".to_owned()),
            payload_format: true,
            user: vec![(c"site".to_owned(), c"a".to_owned()), (c"site".to_owned(), c"".to_owned())],
            ..PublishProperties::default()
        };
        let list = Properties::for_publish(&wanted).unwrap();
        assert_eq!(read_int32(&list, sys::MQTT_PROP_MESSAGE_EXPIRY_INTERVAL), Some(60));
        // SAFETY: a live list.
        let content_type = unsafe { read_text(list.as_ptr(), sys::MQTT_PROP_CONTENT_TYPE) };
        assert_eq!(content_type.as_deref(), Some("application/json"));
        let (mut name, mut value, mut format) = (std::ptr::null_mut(), std::ptr::null_mut(), 0);
        // SAFETY: a live list; what is read as text is a copy, and freed.
        unsafe {
            let identifier = sys::MQTT_PROP_USER_PROPERTY;
            let first = list.as_ptr();
            let found =
                sys::mosquitto_property_read_string_pair(first, identifier, &mut name, &mut value, false);
            assert!(!found.is_null());
            assert_eq!((CStr::from_ptr(name), CStr::from_ptr(value)), (c"site", c"a"));
            libc::free(name.cast());
            libc::free(value.cast());
            let identifier = sys::MQTT_PROP_PAYLOAD_FORMAT_INDICATOR;
            assert!(!sys::mosquitto_property_read_byte(first, identifier, &mut format, false).is_null());
        }
        assert_eq!(format, 1);
    }

    #[test]
    fn an_empty_list_is_null() {
        let list = Properties::for_publish(&PublishProperties::default()).unwrap();
        assert!(list.as_ptr().is_null());
    }

    #[test]
    fn the_longest_session_is_for_ever() {
        let list = Properties::for_connect(Some(u32::MAX), &[]).unwrap();
        assert_eq!(read_int32(&list, sys::MQTT_PROP_SESSION_EXPIRY_INTERVAL), Some(u32::MAX));
    }

    #[test]
    fn text_that_mqtt_does_not_allow_is_refused() {
        let refused = |wanted: PublishProperties| Properties::for_publish(&wanted).unwrap_err();
        let user = vec![(CString::new(vec![0xFF, 0xFE]).unwrap(), c"x".to_owned())];
        let malformed = Error::Other(sys::MOSQ_ERR_MALFORMED_UTF8);
        assert_eq!(refused(PublishProperties { user, ..Default::default() }), malformed);
        let content_type = Some(CString::new(vec![b'x'; 65_536]).unwrap());
        assert_eq!(refused(PublishProperties { content_type, ..Default::default() }), Error::TooLarge);
        let correlation_data = Some(vec![0; 65_536]);
        assert_eq!(refused(PublishProperties { correlation_data, ..Default::default() }), Error::TooLarge);
    }
}
