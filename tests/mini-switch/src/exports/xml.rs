//! Configurations. The handle of a document is the address of its `Document`; that of its node is the address of
//! the field `node` in it.

use crate::core::core;
use crate::cstr;
use crate::output::die;
use crate::xml::{self, Document};
use freeswitch_sys::{SWITCH_FALSE, switch_bool_t, switch_event_t, switch_xml_t};
use libc::c_char;
use parking_lot::Mutex;
use std::ptr::null_mut;
use std::sync::Arc;

/// Documents that are open, by address.
static OPEN: Mutex<Vec<Arc<Document>>> = Mutex::new(Vec::new());

fn address_of<T>(thing: &T) -> switch_xml_t {
    (&raw const *thing).cast_mut().cast()
}

/// # Safety
/// `file_path` is a C string; `node` points to a handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn switch_xml_open_cfg(
    file_path: *const c_char,
    node: *mut switch_xml_t,
    _params: *mut switch_event_t,
) -> switch_xml_t {
    // SAFETY: the caller's promise.
    let name = unsafe {
        node.write(null_mut());
        cstr::text(file_path)
    };
    let Some(document) = xml::open(core(), &name).map(Arc::new) else { return null_mut() };
    let handle = address_of(&*document);
    // SAFETY: the caller's promise.
    unsafe { node.write(address_of(&document.node)) };
    OPEN.lock().push(document);
    handle
}

/// # Safety
/// None: a handle that is not open is noticed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn switch_xml_toxml_ex(
    xml: switch_xml_t,
    header: switch_bool_t,
    _use_utf8_encoding: switch_bool_t,
) -> *mut c_char {
    let open = OPEN.lock();
    let text = open.iter().find_map(|document| {
        if address_of(&**document) == xml {
            Some(&document.root)
        } else {
            (address_of(&document.node) == xml).then_some(&document.node)
        }
    });
    let Some(text) = text else { die("switch_xml_toxml_ex: this is not an open document or its node") };
    let head = if header == SWITCH_FALSE { "" } else { "<?xml version=\"1.0\"?>\n" };
    cstr::dup(format!("{head}{text}").as_bytes())
}

/// # Safety
/// None: a handle that is not open is noticed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn switch_xml_free(xml: switch_xml_t) {
    if xml.is_null() {
        return;
    }
    let mut open = OPEN.lock();
    let at = open.iter().position(|document| address_of(&**document) == xml);
    let Some(at) = at else { die("switch_xml_free: this is not an open document, or it was freed already") };
    open.remove(at);
}
