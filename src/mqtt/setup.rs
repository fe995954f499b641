//! Options, from Rust into libmosquitto.
#![allow(unsafe_code)]

use super::error::Error;
use super::library::Protocol;
use super::options::Options;
use super::properties::Properties;
use super::tls::Context;
use mosquitto_client_sys as sys;
use std::ffi::c_int;

/// Sets everything but the callbacks.
///
/// # Errors
/// What the library refuses.
///
/// # Safety
/// `raw` is a client that nobody else uses yet; the context is destroyed after it.
pub(super) unsafe fn apply(
    raw: *mut sys::mosquitto,
    options: &Options,
    tls: Option<&Context>,
) -> Result<(), Error> {
    // SAFETY: by this function's promise; every pointer is null or lives for its call, and the library copies what it
    // is given.
    unsafe {
        Error::from_code(sys::mosquitto_threaded_set(raw, true))?;
        set_number(raw, sys::MOSQ_OPT_PROTOCOL_VERSION, options.protocol as c_int)?;
        set_number(raw, sys::MOSQ_OPT_SEND_MAXIMUM, options.send_maximum.into())?;
        if let Some(maximum) = options.receive_maximum {
            set_number(raw, sys::MOSQ_OPT_RECEIVE_MAXIMUM, maximum.into())?;
        }
        if let Some((username, password)) = &options.credentials {
            let password = password.as_ref().map_or(std::ptr::null(), |password| password.as_ptr());
            Error::from_code(sys::mosquitto_username_pw_set(raw, username.as_ptr(), password))?;
        }
        if let Some(will) = &options.will {
            let length = c_int::try_from(will.payload.len()).map_err(|_| Error::TooLarge)?;
            let payload = if length == 0 { std::ptr::null() } else { will.payload.as_ptr().cast() };
            let (qos, topic) = (will.qos as c_int, will.topic.as_ptr());
            Error::from_code(sys::mosquitto_will_set(raw, topic, length, payload, qos, will.retain))?;
        }
        if let Some(tls) = tls {
            set_tls(raw, tls)?;
        }
        let wanted = options.session_expiry.is_some() || !options.user_properties.is_empty();
        if options.protocol == Protocol::V5 && wanted {
            let list = Properties::for_connect(options.session_expiry, &options.user_properties)?;
            keep_for_connect(raw, &list)?;
        }
    }
    Ok(())
}

/// # Safety
/// `raw` is a live client that is not connected.
pub(super) unsafe fn set_number(
    raw: *mut sys::mosquitto,
    option: sys::mosq_opt_t,
    value: c_int,
) -> Result<(), Error> {
    // SAFETY: by the caller's promise.
    Error::from_code(unsafe { sys::mosquitto_int_option(raw, option, value) })
}

/// Has the library make its connections from this context, as it stands.
///
/// # Safety
/// `raw` is a client that nobody else uses yet; the context is destroyed after it.
unsafe fn set_tls(raw: *mut sys::mosquitto, tls: &Context) -> Result<(), Error> {
    // SAFETY: by the caller's promise; the pointer is an SSL_CTX, of which the library takes a reference of its own.
    unsafe {
        Error::from_code(sys::mosquitto_void_option(raw, sys::MOSQ_OPT_SSL_CTX, tls.as_ptr()))?;
        // The library's own settings would replace the verification with one that a context of the caller's never
        // passes: it needs a number that only a context of the library's brings about.
        set_number(raw, sys::MOSQ_OPT_SSL_CTX_WITH_DEFAULTS, 0)?;
        set_number(raw, sys::MOSQ_OPT_TLS_OCSP_REQUIRED, tls.is_ocsp_required().into())
    }
}

/// Has the library send these properties with each CONNECT.
///
/// # Safety
/// `raw` is a client that nobody else uses yet.
unsafe fn keep_for_connect(raw: *mut sys::mosquitto, list: &Properties) -> Result<(), Error> {
    // There is no call for it that does not connect: mosquitto_connect_bind_async takes no properties, but sends those
    // of the last mosquitto_connect_bind_v5. That one keeps them before it looks at the port, and refuses a port that
    // cannot be: nothing reaches the network. The list was checked, so that INVAL can only mean the port.
    // SAFETY: by the caller's promise; the strings are static, and the list is copied.
    let code = unsafe {
        let (nowhere, any) = (c"127.0.0.1".as_ptr(), std::ptr::null());
        sys::mosquitto_connect_bind_v5(raw, nowhere, -1, 0, any, list.as_ptr())
    };
    match Error::from_code(code) {
        Err(Error::Invalid) => Ok(()),
        Err(error) => Err(error),
        Ok(()) => Err(Error::Other(sys::MOSQ_ERR_UNKNOWN)),
    }
}
