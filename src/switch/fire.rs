//! Firing events.
#![allow(unsafe_code)]

use crate::host::NewEvent;
use freeswitch_sys as sys;
use std::ffi::CString;
use std::ptr;

/// What the core says about where an event was made.
const MADE_IN: &std::ffi::CStr = c"mod_mosquitto";

/// An event that is being made, and destroyed if it is not fired.
struct Unfired(*mut sys::switch_event_t);

impl Drop for Unfired {
    fn drop(&mut self) {
        if !self.0.is_null() {
            // SAFETY: made by the core and still ours.
            unsafe { sys::switch_event_destroy(&mut self.0) };
        }
    }
}

/// Fires an event; see [`crate::host::Host::fire`].
pub fn fire(event: &NewEvent) -> Result<(), String> {
    let text = |what: &str, text: &str| CString::new(text).map_err(|_| format!("{what} holds a NUL"));
    let name = text("the event's name", &event.name)?;
    let subclass = event.subclass.as_deref().map(|name| text("the subclass", name)).transpose()?;
    let subclass = subclass.as_ref().map_or(ptr::null(), |name| name.as_ptr());
    let mut number = 0;
    // SAFETY: the name and the number live for the call.
    if unsafe { sys::switch_name_event(name.as_ptr(), &mut number) } != sys::SWITCH_STATUS_SUCCESS {
        return Err(format!("this FreeSWITCH has no event {}", event.name));
    }
    let mut made = Unfired(ptr::null_mut());
    let refused = |what: &str| format!("FreeSWITCH refused {what}");
    // SAFETY: every text lives for its call and is copied by the core; the event is ours until it is fired, which takes it
    // and sets the pointer to null. The body is an argument of "%s", never a format.
    unsafe {
        let place = MADE_IN.as_ptr();
        let status =
            sys::switch_event_create_subclass_detailed(place, place, 0, &mut made.0, number, subclass);
        if status != sys::SWITCH_STATUS_SUCCESS || made.0.is_null() {
            return Err(refused("to make the event: a subclass belongs to CUSTOM"));
        }
        for (name, value) in &event.headers {
            let (name, value) = (text("a header's name", name)?, text("a header", value)?);
            let bottom = sys::SWITCH_STACK_BOTTOM;
            sys::switch_event_add_header_string(made.0, bottom, name.as_ptr(), value.as_ptr());
        }
        if let Some(body) = &event.body {
            let body = text("the body", body)?;
            sys::switch_event_add_body(made.0, c"%s".as_ptr(), body.as_ptr());
        }
        let status = sys::switch_event_fire_detailed(place, place, 0, &mut made.0, ptr::null_mut());
        if status == sys::SWITCH_STATUS_SUCCESS { Ok(()) } else { Err(refused("the event")) }
    }
}
