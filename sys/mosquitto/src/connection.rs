//! Connecting and disconnecting, and what goes with a CONNECT packet: libmosquitto(3), "Connect/disconnect".
//!
//! `keepalive` is in seconds: 0, or 5 to 65,535. `bind_address` is a local address, or null for any.

use crate::types::{mosquitto, mosquitto_property};
use core::ffi::{c_char, c_int, c_void};

unsafe extern "C" {
    /// Sets the will, before connecting. The topic and the payload are copied.
    pub fn mosquitto_will_set(
        mosq: *mut mosquitto,
        topic: *const c_char,
        payloadlen: c_int,
        payload: *const c_void,
        qos: c_int,
        retain: bool,
    ) -> c_int;

    /// [`mosquitto_will_set`] with properties. If it succeeds they belong to the library; if not, to the
    /// caller.
    pub fn mosquitto_will_set_v5(
        mosq: *mut mosquitto,
        topic: *const c_char,
        payloadlen: c_int,
        payload: *const c_void,
        qos: c_int,
        retain: bool,
        properties: *mut mosquitto_property,
    ) -> c_int;

    /// Takes the will away, before connecting.
    pub fn mosquitto_will_clear(mosq: *mut mosquitto) -> c_int;

    /// Sets the name and the password, before connecting; both are copied. A null `username` means neither.
    pub fn mosquitto_username_pw_set(
        mosq: *mut mosquitto,
        username: *const c_char,
        password: *const c_char,
    ) -> c_int;

    /// Goes through a SOCKS5 proxy, from the next connection on. A null `username` means no authentication.
    pub fn mosquitto_socks5_set(
        mosq: *mut mosquitto,
        host: *const c_char,
        port: c_int,
        username: *const c_char,
        password: *const c_char,
    ) -> c_int;

    /// Connects: resolves the name and waits for TCP, then sends CONNECT. The answer comes to the callback.
    pub fn mosquitto_connect(
        mosq: *mut mosquitto,
        host: *const c_char,
        port: c_int,
        keepalive: c_int,
    ) -> c_int;

    /// [`mosquitto_connect`] from one local address.
    pub fn mosquitto_connect_bind(
        mosq: *mut mosquitto,
        host: *const c_char,
        port: c_int,
        keepalive: c_int,
        bind_address: *const c_char,
    ) -> c_int;

    /// [`mosquitto_connect_bind`] with properties for CONNECT; the library copies them.
    pub fn mosquitto_connect_bind_v5(
        mosq: *mut mosquitto,
        host: *const c_char,
        port: c_int,
        keepalive: c_int,
        bind_address: *const c_char,
        properties: *const mosquitto_property,
    ) -> c_int;

    /// [`mosquitto_connect`] that does not wait for TCP. Resolving the name still blocks.
    pub fn mosquitto_connect_async(
        mosq: *mut mosquitto,
        host: *const c_char,
        port: c_int,
        keepalive: c_int,
    ) -> c_int;

    /// [`mosquitto_connect_async`] from one local address.
    pub fn mosquitto_connect_bind_async(
        mosq: *mut mosquitto,
        host: *const c_char,
        port: c_int,
        keepalive: c_int,
        bind_address: *const c_char,
    ) -> c_int;

    /// Connects to the broker that the domain's SRV records name.
    /// [`MOSQ_ERR_NOT_SUPPORTED`](crate::MOSQ_ERR_NOT_SUPPORTED) where the library was built without it.
    pub fn mosquitto_connect_srv(
        mosq: *mut mosquitto,
        host: *const c_char,
        keepalive: c_int,
        bind_address: *const c_char,
    ) -> c_int;

    /// Connects again as the last time, waiting as [`mosquitto_connect`] does.
    pub fn mosquitto_reconnect(mosq: *mut mosquitto) -> c_int;

    /// Connects again as the last time, waiting as little as [`mosquitto_connect_async`] does.
    pub fn mosquitto_reconnect_async(mosq: *mut mosquitto) -> c_int;

    /// Sends DISCONNECT, and tells a running loop not to reconnect.
    pub fn mosquitto_disconnect(mosq: *mut mosquitto) -> c_int;

    /// [`mosquitto_disconnect`] with a reason (`MQTT_RC_`) and properties; the library copies them.
    pub fn mosquitto_disconnect_v5(
        mosq: *mut mosquitto,
        reason_code: c_int,
        properties: *const mosquitto_property,
    ) -> c_int;
}
