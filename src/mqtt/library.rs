//! What belongs to the library as a whole: its initialisation, its version, and the small types of its calls.
#![allow(unsafe_code)]

use super::error::Error;
use mosquitto_client_sys as sys;
use std::ffi::CStr;

/// Keeps libmosquitto initialised. The library counts, so that several of these can live at once.
#[derive(Debug)]
pub struct Library(());

impl Library {
    /// Initialises libmosquitto, mosquitto_lib_init(3).
    pub fn init() -> Self {
        // SAFETY: may be called at any time and counts its calls; it always succeeds on POSIX systems.
        unsafe { sys::mosquitto_lib_init() };
        Self(())
    }
}

impl Drop for Library {
    fn drop(&mut self) {
        // SAFETY: matches the mosquitto_lib_init of `init`; every client is gone, since each holds an Arc of this.
        unsafe { sys::mosquitto_lib_cleanup() };
    }
}

/// The version of the libmosquitto that is in use, not of the one that was compiled against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// 2 in 2.0.11
    pub major: i32,
    /// 0 in 2.0.11
    pub minor: i32,
    /// 11 in 2.0.11
    pub revision: i32,
}

impl Version {
    /// The version as one number, as in `LIBMOSQUITTO_VERSION_NUMBER`: 2000011.
    pub fn number(self) -> i32 {
        self.major * 1_000_000 + self.minor * 1_000 + self.revision
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.revision)
    }
}

/// Asks libmosquitto for its version, mosquitto_lib_version(3).
pub fn version() -> Version {
    let mut version = Version { major: 0, minor: 0, revision: 0 };
    // SAFETY: writes three ints through pointers that are valid for the call.
    unsafe { sys::mosquitto_lib_version(&mut version.major, &mut version.minor, &mut version.revision) };
    version
}

/// The id of a message in flight: 16 bits that come round again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MessageId(pub i32);

/// Quality of service, MQTT 3.1.1 section 4.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum QoS {
    /// 0: at most once.
    AtMostOnce = 0,
    /// 1: at least once.
    AtLeastOnce = 1,
    /// 2: exactly once.
    ExactlyOnce = 2,
}

impl QoS {
    /// The QoS of a message that was delivered.
    pub fn delivered(qos: i32) -> Self {
        match qos {
            0 => Self::AtMostOnce,
            1 => Self::AtLeastOnce,
            _ => Self::ExactlyOnce,
        }
    }
}

/// Whether a topic matches a topic filter, MQTT 3.1.1 section 4.7, mosquitto_topic_matches_sub(3).
pub fn matches(filter: &CStr, topic: &CStr) -> bool {
    let mut result = false;
    // SAFETY: both strings and the result live for the call.
    let code = unsafe { sys::mosquitto_topic_matches_sub(filter.as_ptr(), topic.as_ptr(), &mut result) };
    code == sys::MOSQ_ERR_SUCCESS && result
}

/// The version of MQTT, as in the CONNECT packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// MQTT 3.1
    V31 = sys::MQTT_PROTOCOL_V31 as isize,
    /// MQTT 3.1.1
    V311 = sys::MQTT_PROTOCOL_V311 as isize,
    /// MQTT 5
    V5 = sys::MQTT_PROTOCOL_V5 as isize,
}

/// What became of a message that was handed to the library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handed {
    /// The library has it, and will confirm it under this id.
    Taken(MessageId),
    /// There was no connection. At QoS 0 the library threw it away; at QoS 1 and 2 it has it all the same.
    NotConnected(MessageId),
    /// The library refused the message for itself.
    Refused(Error),
}

impl Handed {
    /// The id of a message that the library has taken while there was a connection.
    ///
    /// # Errors
    /// Why it has not.
    pub fn taken(self) -> Result<MessageId, Error> {
        match self {
            Self::Taken(id) => Ok(id),
            Self::NotConnected(_) => Err(Error::NotConnected),
            Self::Refused(error) => Err(error),
        }
    }
}
