//! Callbacks and how to set them: libmosquitto(3), "Callbacks".
//!
//! They run on the thread that runs the client's loop, with a lock of the library held that does not nest:
//! set no callback inside one. Each gets the client and its user data first. `None` takes a callback away. A
//! callback without `_v5` is called for MQTT 5 connections too; both are called if both are set. Nothing may
//! unwind out.

use crate::types::{mosquitto, mosquitto_message, mosquitto_property};
use core::ffi::{c_char, c_int, c_void};

/// Writes the key's passphrase into `buf` (`size` bytes) and returns its length. `userdata` is the client.
pub type mosquitto_pw_callback =
    unsafe extern "C" fn(buf: *mut c_char, size: c_int, rwflag: c_int, userdata: *mut c_void) -> c_int;

/// A CONNACK came; `rc` is its code, 0 if the broker accepts.
pub type mosquitto_on_connect = unsafe extern "C" fn(mosq: *mut mosquitto, obj: *mut c_void, rc: c_int);

/// A CONNACK came, with its flags: bit 0 says that the session is still there.
pub type mosquitto_on_connect_with_flags =
    unsafe extern "C" fn(mosq: *mut mosquitto, obj: *mut c_void, rc: c_int, flags: c_int);

/// A CONNACK came, with flags and properties.
pub type mosquitto_on_connect_v5 = unsafe extern "C" fn(
    mosq: *mut mosquitto,
    obj: *mut c_void,
    rc: c_int,
    flags: c_int,
    props: *const mosquitto_property,
);

/// The connection ended; `rc` is 0 if the client asked for it.
pub type mosquitto_on_disconnect = unsafe extern "C" fn(mosq: *mut mosquitto, obj: *mut c_void, rc: c_int);

/// The connection ended, with the properties of the broker's DISCONNECT if there was one.
pub type mosquitto_on_disconnect_v5 =
    unsafe extern "C" fn(mosq: *mut mosquitto, obj: *mut c_void, rc: c_int, props: *const mosquitto_property);

/// A message is out: written (QoS 0), or confirmed by the broker (QoS 1 and 2).
pub type mosquitto_on_publish = unsafe extern "C" fn(mosq: *mut mosquitto, obj: *mut c_void, mid: c_int);

/// A message is out or refused: reasons of 128 and above are refusals.
pub type mosquitto_on_publish_v5 = unsafe extern "C" fn(
    mosq: *mut mosquitto,
    obj: *mut c_void,
    mid: c_int,
    reason_code: c_int,
    props: *const mosquitto_property,
);

/// A message came. It is gone when the callback returns.
pub type mosquitto_on_message =
    unsafe extern "C" fn(mosq: *mut mosquitto, obj: *mut c_void, message: *const mosquitto_message);

/// A message came, with properties. Both are gone when the callback returns.
pub type mosquitto_on_message_v5 = unsafe extern "C" fn(
    mosq: *mut mosquitto,
    obj: *mut c_void,
    message: *const mosquitto_message,
    props: *const mosquitto_property,
);

/// The broker answered a SUBSCRIBE: `qos_count` granted QoS, or 128 and above where it refused.
pub type mosquitto_on_subscribe = unsafe extern "C" fn(
    mosq: *mut mosquitto,
    obj: *mut c_void,
    mid: c_int,
    qos_count: c_int,
    granted_qos: *const c_int,
);

/// The broker answered a SUBSCRIBE, with properties.
pub type mosquitto_on_subscribe_v5 = unsafe extern "C" fn(
    mosq: *mut mosquitto,
    obj: *mut c_void,
    mid: c_int,
    qos_count: c_int,
    granted_qos: *const c_int,
    props: *const mosquitto_property,
);

/// The broker answered an UNSUBSCRIBE.
pub type mosquitto_on_unsubscribe = unsafe extern "C" fn(mosq: *mut mosquitto, obj: *mut c_void, mid: c_int);

/// The broker answered an UNSUBSCRIBE, with properties.
pub type mosquitto_on_unsubscribe_v5 = unsafe extern "C" fn(
    mosq: *mut mosquitto,
    obj: *mut c_void,
    mid: c_int,
    props: *const mosquitto_property,
);

/// The library has a line for the log; `level` is a `MOSQ_LOG_` bit. It may come on any thread that calls in.
pub type mosquitto_on_log =
    unsafe extern "C" fn(mosq: *mut mosquitto, obj: *mut c_void, level: c_int, text: *const c_char);

/// A message came to [`mosquitto_subscribe_callback`](crate::mosquitto_subscribe_callback); other than 0 ends
/// it.
pub type mosquitto_on_message_until =
    unsafe extern "C" fn(mosq: *mut mosquitto, obj: *mut c_void, message: *const mosquitto_message) -> c_int;

unsafe extern "C" {
    /// Sets what is called for a CONNACK.
    pub fn mosquitto_connect_callback_set(mosq: *mut mosquitto, on_connect: Option<mosquitto_on_connect>);

    /// Sets what is called for a CONNACK, with its flags.
    pub fn mosquitto_connect_with_flags_callback_set(
        mosq: *mut mosquitto,
        on_connect: Option<mosquitto_on_connect_with_flags>,
    );

    /// Sets what is called for a CONNACK, with flags and properties.
    pub fn mosquitto_connect_v5_callback_set(
        mosq: *mut mosquitto,
        on_connect: Option<mosquitto_on_connect_v5>,
    );

    /// Sets what is called when a connection ends.
    pub fn mosquitto_disconnect_callback_set(
        mosq: *mut mosquitto,
        on_disconnect: Option<mosquitto_on_disconnect>,
    );

    /// Sets what is called when a connection ends, with properties.
    pub fn mosquitto_disconnect_v5_callback_set(
        mosq: *mut mosquitto,
        on_disconnect: Option<mosquitto_on_disconnect_v5>,
    );

    /// Sets what is called when a message is out.
    pub fn mosquitto_publish_callback_set(mosq: *mut mosquitto, on_publish: Option<mosquitto_on_publish>);

    /// Sets what is called when a message is out or refused; only this one hears of refusals.
    pub fn mosquitto_publish_v5_callback_set(
        mosq: *mut mosquitto,
        on_publish: Option<mosquitto_on_publish_v5>,
    );

    /// Sets what is called for a message.
    pub fn mosquitto_message_callback_set(mosq: *mut mosquitto, on_message: Option<mosquitto_on_message>);

    /// Sets what is called for a message, with properties.
    pub fn mosquitto_message_v5_callback_set(
        mosq: *mut mosquitto,
        on_message: Option<mosquitto_on_message_v5>,
    );

    /// Sets what is called for a SUBACK.
    pub fn mosquitto_subscribe_callback_set(
        mosq: *mut mosquitto,
        on_subscribe: Option<mosquitto_on_subscribe>,
    );

    /// Sets what is called for a SUBACK, with properties.
    pub fn mosquitto_subscribe_v5_callback_set(
        mosq: *mut mosquitto,
        on_subscribe: Option<mosquitto_on_subscribe_v5>,
    );

    /// Sets what is called for an UNSUBACK.
    pub fn mosquitto_unsubscribe_callback_set(
        mosq: *mut mosquitto,
        on_unsubscribe: Option<mosquitto_on_unsubscribe>,
    );

    /// Sets what is called for an UNSUBACK, with properties.
    pub fn mosquitto_unsubscribe_v5_callback_set(
        mosq: *mut mosquitto,
        on_unsubscribe: Option<mosquitto_on_unsubscribe_v5>,
    );

    /// Sets what is called for a line of the log.
    pub fn mosquitto_log_callback_set(mosq: *mut mosquitto, on_log: Option<mosquitto_on_log>);
}
