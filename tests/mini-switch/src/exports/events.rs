//! Bindings and event names.

use crate::core::core;
use crate::cstr;
use crate::dispatch::Node;
use crate::event::hash;
use freeswitch_sys::{
    SWITCH_STATUS_FALSE, SWITCH_STATUS_MEMERR, SWITCH_STATUS_SUCCESS, switch_event_callback_t,
    switch_event_node_t, switch_event_types_t, switch_ssize_t, switch_status_t,
};
use libc::{c_char, c_uint, c_void};
use std::ptr::null_mut;

/// An unknown subclass is reserved by the core at this point; here it just matches.
///
/// # Safety
/// The strings are C strings or null, `node` is null or points to a pointer; `callback` may be called with
/// `user_data` from the dispatch thread until unbind has returned.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn switch_event_bind_removable(
    _id: *const c_char,
    event: switch_event_types_t,
    subclass_name: *const c_char,
    callback: switch_event_callback_t,
    user_data: *mut c_void,
    node: *mut *mut switch_event_node_t,
) -> switch_status_t {
    // SAFETY: the caller's promise.
    let subclass = unsafe { cstr::bytes(subclass_name) };
    let handle = core().events.bind(event, subclass, callback, user_data);
    if !node.is_null() {
        // SAFETY: the caller's promise.
        unsafe { node.write(handle.map_or(null_mut(), |h| h.cast_mut().cast())) };
    }
    if handle.is_some() { SWITCH_STATUS_SUCCESS } else { SWITCH_STATUS_MEMERR }
}

/// # Safety
/// `node` points to null or to what bind gave.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn switch_event_unbind(node: *mut *mut switch_event_node_t) -> switch_status_t {
    // SAFETY: the caller's promise.
    let handle = unsafe { *node };
    if handle.is_null() || !core().events.unbind(handle.cast_const().cast::<Node>()) {
        return SWITCH_STATUS_FALSE;
    }
    // SAFETY: as above.
    unsafe { node.write(null_mut()) };
    SWITCH_STATUS_SUCCESS
}

/// # Safety
/// `name` is a C string; `event` points to a number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn switch_name_event(
    name: *const c_char,
    event: *mut switch_event_types_t,
) -> switch_status_t {
    // SAFETY: the caller's promise.
    match core().events.names.number(&unsafe { cstr::text(name) }) {
        Some(number) => {
            // SAFETY: the caller's promise.
            unsafe { event.write(number) };
            SWITCH_STATUS_SUCCESS
        }
        None => SWITCH_STATUS_FALSE,
    }
}

/// # Safety
/// `char_key` is a C string, or has `klen` bytes; `klen` points to a number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn switch_ci_hashfunc_default(
    char_key: *const c_char,
    klen: *mut switch_ssize_t,
) -> c_uint {
    // SAFETY: the caller's promise.
    let name = unsafe {
        match usize::try_from(*klen) {
            Ok(length) => std::slice::from_raw_parts(char_key.cast(), length),
            Err(_) => cstr::bytes(char_key).unwrap_or_default(),
        }
    };
    // SAFETY: the caller's promise.
    unsafe { klen.write(name.len() as switch_ssize_t) };
    hash(name)
}
