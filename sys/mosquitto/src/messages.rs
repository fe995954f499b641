//! Publishing, subscribing and unsubscribing: libmosquitto(3), "Publish" and "Subscribe/unsubscribe".
//!
//! `mid` takes the message id that the callback will name, and may be null. Topics, filters and payloads are
//! copied, properties too.

use crate::callbacks::mosquitto_on_message_until;
use crate::types::{libmosquitto_tls, libmosquitto_will, mosquitto, mosquitto_message, mosquitto_property};
use core::ffi::{c_char, c_int, c_void};

unsafe extern "C" {
    /// Publishes a message: hands it to the library, or to the socket. The publish callback is the receipt.
    pub fn mosquitto_publish(
        mosq: *mut mosquitto,
        mid: *mut c_int,
        topic: *const c_char,
        payloadlen: c_int,
        payload: *const c_void,
        qos: c_int,
        retain: bool,
    ) -> c_int;

    /// [`mosquitto_publish`] with properties.
    pub fn mosquitto_publish_v5(
        mosq: *mut mosquitto,
        mid: *mut c_int,
        topic: *const c_char,
        payloadlen: c_int,
        payload: *const c_void,
        qos: c_int,
        retain: bool,
        properties: *const mosquitto_property,
    ) -> c_int;

    /// Subscribes to a topic filter.
    pub fn mosquitto_subscribe(
        mosq: *mut mosquitto,
        mid: *mut c_int,
        sub: *const c_char,
        qos: c_int,
    ) -> c_int;

    /// [`mosquitto_subscribe`] with options (`MQTT_SUB_OPT_`, or-ed) and properties.
    pub fn mosquitto_subscribe_v5(
        mosq: *mut mosquitto,
        mid: *mut c_int,
        sub: *const c_char,
        qos: c_int,
        options: c_int,
        properties: *const mosquitto_property,
    ) -> c_int;

    /// Subscribes to `sub_count` filters in one packet.
    pub fn mosquitto_subscribe_multiple(
        mosq: *mut mosquitto,
        mid: *mut c_int,
        sub_count: c_int,
        sub: *const *mut c_char,
        qos: c_int,
        options: c_int,
        properties: *const mosquitto_property,
    ) -> c_int;

    /// Ends a subscription.
    pub fn mosquitto_unsubscribe(mosq: *mut mosquitto, mid: *mut c_int, sub: *const c_char) -> c_int;

    /// [`mosquitto_unsubscribe`] with properties.
    pub fn mosquitto_unsubscribe_v5(
        mosq: *mut mosquitto,
        mid: *mut c_int,
        sub: *const c_char,
        properties: *const mosquitto_property,
    ) -> c_int;

    /// Ends `sub_count` subscriptions in one packet.
    pub fn mosquitto_unsubscribe_multiple(
        mosq: *mut mosquitto,
        mid: *mut c_int,
        sub_count: c_int,
        sub: *const *mut c_char,
        properties: *const mosquitto_property,
    ) -> c_int;

    /// Copies a message into `dst`, which [`mosquitto_message_free_contents`] empties again.
    pub fn mosquitto_message_copy(dst: *mut mosquitto_message, src: *const mosquitto_message) -> c_int;

    /// Frees a message and what it holds; the pointer keeps its value.
    pub fn mosquitto_message_free(message: *mut *mut mosquitto_message);

    /// Frees what a message holds, not the message.
    pub fn mosquitto_message_free_contents(message: *mut mosquitto_message);

    /// Makes a client, waits for `msg_count` messages, and ends it. `messages` becomes an array, of which
    /// each element wants [`mosquitto_message_free_contents`], and the whole `free`.
    pub fn mosquitto_subscribe_simple(
        messages: *mut *mut mosquitto_message,
        msg_count: c_int,
        want_retained: bool,
        topic: *const c_char,
        qos: c_int,
        host: *const c_char,
        port: c_int,
        client_id: *const c_char,
        keepalive: c_int,
        clean_session: bool,
        username: *const c_char,
        password: *const c_char,
        will: *const libmosquitto_will,
        tls: *const libmosquitto_tls,
    ) -> c_int;

    /// Makes a client, gives each message to the callback until that returns something else than 0, and ends
    /// it.
    pub fn mosquitto_subscribe_callback(
        callback: Option<mosquitto_on_message_until>,
        userdata: *mut c_void,
        topic: *const c_char,
        qos: c_int,
        host: *const c_char,
        port: c_int,
        client_id: *const c_char,
        keepalive: c_int,
        clean_session: bool,
        username: *const c_char,
        password: *const c_char,
        will: *const libmosquitto_will,
        tls: *const libmosquitto_tls,
    ) -> c_int;
}
