//! Events that a module makes and fires.

use crate::core::core;
use crate::cstr;
use crate::event::Event;
use crate::stream;
use freeswitch_sys::{
    SWITCH_STATUS_GENERR, SWITCH_STATUS_SUCCESS, switch_event_t, switch_event_types_t, switch_stack_t,
    switch_status_t,
};
use libc::{c_char, c_int, c_void};
use std::mem::ManuallyDrop;
use std::ptr::null_mut;

/// As the core: a subclass is for CUSTOM alone.
///
/// # Safety
/// The strings are C strings or null; `event` points to a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn switch_event_create_subclass_detailed(
    _file: *const c_char,
    func: *const c_char,
    _line: c_int,
    event: *mut *mut switch_event_t,
    event_id: switch_event_types_t,
    subclass_name: *const c_char,
) -> switch_status_t {
    // SAFETY: the caller's promise.
    let (func, subclass) = unsafe {
        event.write(null_mut());
        (cstr::text(func), cstr::bytes(subclass_name))
    };
    let names = &core().events.names;
    if subclass.is_some() && names.number("CUSTOM") != Some(event_id) {
        return SWITCH_STATUS_GENERR;
    }
    let mut made = core().new_event(names.name(event_id), &func);
    if let Some(subclass) = subclass {
        made.set_subclass(subclass);
        made.add("Event-Subclass", subclass);
    }
    // SAFETY: the caller's promise.
    unsafe { event.write(made.into_raw()) };
    SWITCH_STATUS_SUCCESS
}

/// # Safety
/// `event` was made above; the strings are C strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn switch_event_add_header_string(
    event: *mut switch_event_t,
    _stack: switch_stack_t,
    header_name: *const c_char,
    data: *const c_char,
) -> switch_status_t {
    // SAFETY: the caller's promise; the event stays the caller's.
    unsafe {
        let (name, data) = (cstr::bytes(header_name), cstr::bytes(data));
        ManuallyDrop::new(Event::from_raw(event)).add(name.unwrap_or_default(), data.unwrap_or_default());
    }
    SWITCH_STATUS_SUCCESS
}

/// # Safety
/// `event` was made above; the format is `%s` and is followed by one C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn switch_event_add_body(
    event: *mut switch_event_t,
    fmt: *const c_char,
    text: *const c_char,
) -> switch_status_t {
    // SAFETY: the caller's promise; see switch_log_printf for what is variadic. The event stays the caller's.
    unsafe {
        stream::check_format("switch_event_add_body", fmt);
        ManuallyDrop::new(Event::from_raw(event)).set_body(cstr::bytes(text).unwrap_or_default());
    }
    SWITCH_STATUS_SUCCESS
}

/// # Safety
/// `event` points to what was made above.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn switch_event_fire_detailed(
    _file: *const c_char,
    _func: *const c_char,
    _line: c_int,
    event: *mut *mut switch_event_t,
    _user_data: *mut c_void,
) -> switch_status_t {
    // SAFETY: the caller's promise; from here on the event is the core's.
    let fired = unsafe {
        let fired = Event::from_raw(*event);
        event.write(null_mut());
        fired
    };
    core().events.fire(fired);
    SWITCH_STATUS_SUCCESS
}

/// # Safety
/// `event` points to null or to what was made above.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn switch_event_destroy(event: *mut *mut switch_event_t) {
    // SAFETY: the caller's promise.
    unsafe {
        if !(*event).is_null() {
            drop(Event::from_raw(*event));
            event.write(null_mut());
        }
    }
}
