//! Options and TLS: libmosquitto(3), "Client options" and "TLS support". Set them before connecting.

use crate::callbacks::mosquitto_pw_callback;
use crate::types::{mosq_opt_t, mosquitto};
use core::ffi::{c_char, c_int, c_void};

unsafe extern "C" {
    /// Sets an option whose value is a number.
    pub fn mosquitto_int_option(mosq: *mut mosquitto, option: mosq_opt_t, value: c_int) -> c_int;

    /// Sets an option whose value is text, which is copied. Null is for
    /// [`MOSQ_OPT_BIND_ADDRESS`](crate::MOSQ_OPT_BIND_ADDRESS) alone, and takes the address back.
    pub fn mosquitto_string_option(mosq: *mut mosquitto, option: mosq_opt_t, value: *const c_char) -> c_int;

    /// Sets an option whose value is a pointer.
    pub fn mosquitto_void_option(mosq: *mut mosquitto, option: mosq_opt_t, value: *mut c_void) -> c_int;

    /// Turns TLS on with certificates. One of `cafile` and `capath` must be given; `certfile` and `keyfile`
    /// both or neither. The callback is asked for the key's passphrase.
    pub fn mosquitto_tls_set(
        mosq: *mut mosquitto,
        cafile: *const c_char,
        capath: *const c_char,
        certfile: *const c_char,
        keyfile: *const c_char,
        pw_callback: Option<mosquitto_pw_callback>,
    ) -> c_int;

    /// `true` takes a certificate of any name: the connection is then no proof of who is there.
    pub fn mosquitto_tls_insecure_set(mosq: *mut mosquitto, value: bool) -> c_int;

    /// Whether the broker's certificate is checked (0 or 1), and the TLS version and ciphers; null for
    /// defaults.
    pub fn mosquitto_tls_opts_set(
        mosq: *mut mosquitto,
        cert_reqs: c_int,
        tls_version: *const c_char,
        ciphers: *const c_char,
    ) -> c_int;

    /// Turns TLS on with a pre-shared key, in hex, and an identity. Ignored if certificates are set too.
    pub fn mosquitto_tls_psk_set(
        mosq: *mut mosquitto,
        psk: *const c_char,
        identity: *const c_char,
        ciphers: *const c_char,
    ) -> c_int;

    /// The connection's `SSL`, or null without TLS.
    pub fn mosquitto_ssl_get(mosq: *mut mosquitto) -> *mut c_void;
}
