//! The module's configuration, as FreeSWITCH has it.
#![allow(unsafe_code)]

use super::text::take_text;
use freeswitch_sys as sys;
use std::ffi::CStr;
use std::fmt;
use std::ptr;

/// FreeSWITCH has no such configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigurationMissing(String);

impl fmt::Display for ConfigurationMissing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.0;
        write!(
            f,
            "FreeSWITCH has no configuration {name}: put {name}.xml into its autoload_configs folder, or mend it if it \
             is there (reloadxml says what is wrong with it)"
        )
    }
}

impl std::error::Error for ConfigurationMissing {}

/// The configuration of this name as text, after FreeSWITCH has done its pre-processing. It may come from a file, or
/// from a module that makes it.
///
/// # Errors
/// FreeSWITCH does not know it.
pub fn configuration(name: &CStr) -> Result<String, ConfigurationMissing> {
    let mut node = ptr::null_mut();
    // SAFETY: the name and the node live for the call; no parameters.
    let xml = unsafe { sys::switch_xml_open_cfg(name.as_ptr(), &mut node, ptr::null_mut()) };
    let missing = || ConfigurationMissing(name.to_string_lossy().into_owned());
    if xml.is_null() {
        return Err(missing());
    }
    let text = if node.is_null() {
        None
    } else {
        // SAFETY: the node belongs to `xml`, which is still ours; the text comes from malloc and becomes ours.
        unsafe { take_text(sys::switch_xml_toxml_ex(node, sys::SWITCH_FALSE, sys::SWITCH_TRUE)) }
    };
    // SAFETY: what switch_xml_open_cfg gave, and no use of it follows.
    unsafe { sys::switch_xml_free(xml) };
    text.ok_or_else(missing)
}
