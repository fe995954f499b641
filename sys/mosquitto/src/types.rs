//! Handles and structures of `mosquitto.h`.

use core::ffi::{c_char, c_int, c_uint, c_void};
use core::marker::{PhantomData, PhantomPinned};

/// A client. Only the library looks into it.
#[repr(C)]
pub struct mosquitto {
    _private: [u8; 0],
    _neither_send_nor_unpin: PhantomData<(*mut u8, PhantomPinned)>,
}

/// A list of MQTT 5 properties; a null pointer is the empty list. Only the library looks into it.
#[repr(C)]
pub struct mosquitto_property {
    _private: [u8; 0],
    _neither_send_nor_unpin: PhantomData<(*mut u8, PhantomPinned)>,
}

/// Which option to set: one of the `MOSQ_OPT_` constants.
pub type mosq_opt_t = c_uint;

/// A message that arrived. In a callback it is the library's, and gone when the callback returns.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct mosquitto_message {
    /// The message id; 0 with QoS 0.
    pub mid: c_int,
    /// The topic, ended by a zero byte.
    pub topic: *mut c_char,
    /// The payload: `payloadlen` bytes, or null if there are none.
    pub payload: *mut c_void,
    /// How many bytes the payload has.
    pub payloadlen: c_int,
    /// The QoS: 0, 1 or 2.
    pub qos: c_int,
    /// Whether the broker kept it from before the subscription.
    pub retain: bool,
}

/// The will for [`mosquitto_subscribe_simple`](crate::mosquitto_subscribe_simple) and its sibling.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct libmosquitto_will {
    /// Where the broker publishes it.
    pub topic: *mut c_char,
    /// Its payload: `payloadlen` bytes, or null if there are none.
    pub payload: *mut c_void,
    /// How many bytes the payload has.
    pub payloadlen: c_int,
    /// Its QoS: 0, 1 or 2.
    pub qos: c_int,
    /// Whether the broker keeps it as the topic's retained message.
    pub retain: bool,
}

/// A name and a password; the header has it, but no function of 2.0 takes it.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct libmosquitto_auth {
    /// The user's name.
    pub username: *mut c_char,
    /// The password, or null.
    pub password: *mut c_char,
}

/// TLS for [`mosquitto_subscribe_simple`](crate::mosquitto_subscribe_simple) and its sibling.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct libmosquitto_tls {
    /// A file of CA certificates, PEM; or null.
    pub cafile: *mut c_char,
    /// A directory of CA certificates, prepared by `openssl rehash`; or null.
    pub capath: *mut c_char,
    /// The client's certificate, PEM; or null.
    pub certfile: *mut c_char,
    /// The client's key, PEM; or null.
    pub keyfile: *mut c_char,
    /// The ciphers, as OpenSSL writes them; or null for its defaults.
    pub ciphers: *mut c_char,
    /// The TLS version, such as `tlsv1.2`; or null for the library's default.
    pub tls_version: *mut c_char,
    /// Asks for the key's passphrase: a [`mosquitto_pw_callback`](crate::mosquitto_pw_callback).
    pub pw_callback: Option<
        unsafe extern "C" fn(buf: *mut c_char, size: c_int, rwflag: c_int, userdata: *mut c_void) -> c_int,
    >,
    /// `SSL_VERIFY_NONE` (0) or `SSL_VERIFY_PEER` (1).
    pub cert_reqs: c_int,
}
