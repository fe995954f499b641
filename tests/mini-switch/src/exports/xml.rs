//! Configurations, documents that a module makes, and the functions that it binds to look-ups.

use crate::core::core;
use crate::cstr;
use crate::documents;
use crate::event::Event;
use crate::search::{self, Binding};
use crate::xml::Document;
use freeswitch_sys::{
    SWITCH_FALSE, SWITCH_STATUS_FALSE, SWITCH_STATUS_SUCCESS, switch_bool_t, switch_event_t, switch_status_t,
    switch_xml_binding_t, switch_xml_search_function_t, switch_xml_section_t, switch_xml_t,
};
use libc::{c_char, c_void};
use std::mem::ManuallyDrop;
use std::ptr::null_mut;

/// # Safety
/// `file_path` is a C string; `node` points to a handle; `params` is null or an event.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn switch_xml_open_cfg(
    file_path: *const c_char,
    node: *mut switch_xml_t,
    params: *mut switch_event_t,
) -> switch_xml_t {
    // SAFETY: the caller's promise; the event stays the caller's.
    let (name, params) = unsafe {
        node.write(null_mut());
        let params = (!params.is_null()).then(|| ManuallyDrop::new(Event::from_raw(params)));
        (cstr::text(file_path), params)
    };
    let found = search::locate(core(), ["configuration", "configuration", "name", &name], params.as_deref());
    let Some(document) = found else { return null_mut() };
    let (whole, part) = documents::open(document);
    // SAFETY: the caller's promise.
    unsafe { node.write(part) };
    whole
}

/// # Safety
/// None: a handle that is not open is noticed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn switch_xml_toxml_ex(
    xml: switch_xml_t,
    header: switch_bool_t,
    _use_utf8_encoding: switch_bool_t,
) -> *mut c_char {
    let text = documents::text(xml);
    let head = if header == SWITCH_FALSE { "" } else { "<?xml version=\"1.0\"?>\n" };
    cstr::dup(format!("{head}{text}").as_bytes())
}

/// # Safety
/// None: a handle that is not open is noticed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn switch_xml_free(xml: switch_xml_t) {
    if !xml.is_null() {
        documents::close(xml);
    }
}

/// # Safety
/// `s` is a C string; without `dup` it is from malloc, and nobody else's any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn switch_xml_parse_str_dynamic(s: *mut c_char, dup: switch_bool_t) -> switch_xml_t {
    // SAFETY: the caller's promise.
    let text = unsafe {
        let text = cstr::text(s);
        if dup == SWITCH_FALSE {
            cstr::free(s);
        }
        text
    };
    documents::open(Document { node: text.clone(), root: text }).0
}

/// # Safety
/// `function` may be called with `user_data` by any thread until unbind has returned; `ret_binding` points to a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn switch_xml_bind_search_function_ret(
    function: switch_xml_search_function_t,
    sections: switch_xml_section_t,
    user_data: *mut c_void,
    ret_binding: *mut *mut switch_xml_binding_t,
) -> switch_status_t {
    let handle = core().searches.bind(function, sections, user_data);
    // SAFETY: the caller's promise.
    unsafe { ret_binding.write(handle.cast_mut().cast()) };
    SWITCH_STATUS_SUCCESS
}

/// # Safety
/// `binding` points to what bind gave.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn switch_xml_unbind_search_function(
    binding: *mut *mut switch_xml_binding_t,
) -> switch_status_t {
    // SAFETY: the caller's promise.
    let handle = unsafe { *binding };
    if core().searches.unbind(handle.cast_const().cast::<Binding>()) {
        SWITCH_STATUS_SUCCESS
    } else {
        SWITCH_STATUS_FALSE
    }
}
