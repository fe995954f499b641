//! What is asked when FreeSWITCH looks something up in its XML.
#![allow(unsafe_code)]

use super::event::{CoreEvent, bytes};
use crate::config::XmlSection;
use crate::host::{XmlQuery, XmlSource};
use crate::panics::guard;
use freeswitch_sys as sys;
use std::borrow::Cow;
use std::ffi::{CString, c_char, c_void};
use std::ptr;
use std::sync::Arc;

/// A [`XmlSource`] that is asked for some sections. Dropping this ends that, and waits for look-ups that are inside the
/// source; the source is dropped after them.
pub struct XmlSearch<S: XmlSource> {
    binding: *mut sys::switch_xml_binding_t,
    _source: Arc<S>,
}

// SAFETY: a handle of the core, whose functions may be called with it on any thread.
unsafe impl<S: XmlSource> Send for XmlSearch<S> {}

impl<S: XmlSource> XmlSearch<S> {
    /// Has the source asked from now on, after those that are asked already. Never from inside a source: it waits for
    /// them.
    ///
    /// # Errors
    /// The core has no memory.
    pub fn bind(source: Arc<S>, sections: &[XmlSection]) -> Result<Self, String> {
        let sections = sections.iter().fold(0, |all, section| all | bit(*section));
        let mut binding = ptr::null_mut();
        // SAFETY: the source behind the user data lives until the binding is gone, and unbinding waits for look-ups that
        // are inside it.
        let status = unsafe {
            let user_data = Arc::as_ptr(&source).cast_mut().cast();
            sys::switch_xml_bind_search_function_ret(on_search::<S>, sections, user_data, &mut binding)
        };
        if status != sys::SWITCH_STATUS_SUCCESS || binding.is_null() {
            return Err("FreeSWITCH has no memory for it".to_owned());
        }
        Ok(Self { binding, _source: source })
    }
}

impl<S: XmlSource> Drop for XmlSearch<S> {
    fn drop(&mut self) {
        // SAFETY: a binding that is still there, and is forgotten here.
        unsafe { sys::switch_xml_unbind_search_function(&mut self.binding) };
    }
}

fn bit(section: XmlSection) -> sys::switch_xml_section_t {
    match section {
        XmlSection::Configuration => sys::SWITCH_XML_SECTION_CONFIG,
        XmlSection::Directory => sys::SWITCH_XML_SECTION_DIRECTORY,
        XmlSection::Dialplan => sys::SWITCH_XML_SECTION_DIALPLAN,
        XmlSection::Chatplan => sys::SWITCH_XML_SECTION_CHATPLAN,
    }
}

unsafe extern "C" fn on_search<S: XmlSource>(
    section: *const c_char,
    tag_name: *const c_char,
    key_name: *const c_char,
    key_value: *const c_char,
    params: *mut sys::switch_event_t,
    user_data: *mut c_void,
) -> sys::switch_xml_t {
    let found = guard("a look-up in the XML", None, || {
        let text = |pointer| bytes(pointer).map(String::from_utf8_lossy).unwrap_or(Cow::Borrowed(""));
        let query = XmlQuery {
            section: &text(section),
            tag_name: &text(tag_name),
            key_name: &text(key_name),
            key_value: &text(key_value),
        };
        // SAFETY: the core lends the texts and the event, which may be null, for the length of the call, with the user data
        // of the binding.
        let (params, source) = unsafe { (params.as_ref(), &*user_data.cast::<S>()) };
        source.find(&query, params.map(CoreEvent::new).as_ref()).and_then(|xml| CString::new(xml).ok())
    });
    match found {
        // SAFETY: the text lives for the call, and the core parses a copy of it; the tree becomes the core's, errors in it
        // too.
        Some(xml) => unsafe { sys::switch_xml_parse_str_dynamic(xml.as_ptr().cast_mut(), sys::SWITCH_TRUE) },
        None => ptr::null_mut(),
    }
}
