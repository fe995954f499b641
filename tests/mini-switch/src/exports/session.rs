//! Calls and their channels, which are one thing here.

use crate::output::die;
use crate::session::{Session, could_be_expanded, owned};
use freeswitch_sys::{
    SWITCH_FALSE, SWITCH_STATUS_FALSE, SWITCH_STATUS_SUCCESS, switch_bool_t, switch_channel_t,
    switch_core_session_t, switch_status_t,
};
use libc::{c_char, c_int};

/// # Safety
/// `channel` is the handle of a call that runs an application.
unsafe fn session<'a>(channel: *mut switch_channel_t) -> &'a Session {
    if channel.is_null() {
        die("a function was called with a channel that is null");
    }
    // SAFETY: the caller's promise.
    unsafe { &*channel.cast::<Session>() }
}

/// # Safety
/// `session` is the handle of a call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn switch_core_session_get_channel(
    session: *mut switch_core_session_t,
) -> *mut switch_channel_t {
    session.cast()
}

/// # Safety
/// `channel` is the handle of a call; the texts are C strings, or null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn switch_channel_set_variable_var_check(
    channel: *mut switch_channel_t,
    varname: *const c_char,
    value: *const c_char,
    var_check: switch_bool_t,
) -> switch_status_t {
    // SAFETY: the caller's promise.
    let (session, name, value) = unsafe { (session(channel), owned(varname), owned(value)) };
    if name.is_empty() {
        return SWITCH_STATUS_FALSE;
    }
    if var_check != SWITCH_FALSE && could_be_expanded(&value) {
        // The core says so in its log, at CRIT: a module has to know better.
        die("switch_channel_set_variable: the value could be expanded");
    }
    session.set(&name, &value);
    SWITCH_STATUS_SUCCESS
}

/// # Safety
/// `channel` is the handle of a call; the name is a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn switch_channel_get_variable_dup(
    channel: *mut switch_channel_t,
    varname: *const c_char,
    dup: switch_bool_t,
    _idx: c_int,
) -> *const c_char {
    if dup == SWITCH_FALSE {
        die("switch_channel_get_variable_dup: a value that is not a copy may be gone at any moment");
    }
    // SAFETY: the caller's promise.
    unsafe { session(channel).copy(&owned(varname)) }
}

/// # Safety
/// `channel` is the handle of a call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn switch_channel_test_ready(
    channel: *mut switch_channel_t,
    _check_ready: switch_bool_t,
    _check_media: switch_bool_t,
) -> c_int {
    // SAFETY: the caller's promise.
    c_int::from(unsafe { session(channel) }.is_ready())
}
