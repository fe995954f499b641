//! Tab completion in fs_cli.
#![allow(unsafe_code)]

use super::text::text;
use crate::panics::guard;
use freeswitch_sys as sys;
use std::ffi::{CStr, CString, c_char};
use std::ptr;

/// Names that exist right now, for the tab key.
pub trait Completer: 'static {
    /// How a completion refers to it: `::mosquitto::profiles`.
    const NAME: &'static CStr;

    /// What may stand at the end of this line.
    fn complete(line: &str) -> Vec<String>;
}

/// A [`Completer`] that the core knows; it is taken away when this is dropped.
#[derive(Debug)]
pub struct Registered(&'static CStr);

impl Registered {
    /// Makes it known.
    pub fn new<C: Completer>() -> Self {
        // SAFETY: the name is static and copied. It fails only when the core is out of memory, and then nothing can be
        // completed.
        unsafe { sys::switch_console_add_complete_func(C::NAME.as_ptr(), on_complete::<C>) };
        Self(C::NAME)
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        // SAFETY: the name is static. When it returns, the function is not running: both take the core's lock.
        unsafe { sys::switch_console_del_complete_func(self.0.as_ptr()) };
    }
}

unsafe extern "C" fn on_complete<C: Completer>(
    line: *const c_char,
    _cursor: *const c_char,
    matches: *mut *mut sys::switch_console_callback_match_t,
) -> sys::switch_status_t {
    guard("a tab completion", sys::SWITCH_STATUS_FALSE, || {
        let mut list = ptr::null_mut();
        for name in C::complete(&text(line)) {
            let Ok(name) = CString::new(name) else { continue };
            // SAFETY: the list is null, so that the core makes one, or what it made; the name is copied.
            unsafe { sys::switch_console_push_match(&mut list, name.as_ptr()) };
        }
        if list.is_null() {
            return sys::SWITCH_STATUS_FALSE;
        }
        // SAFETY: the core gives a place for the list, and frees the list.
        unsafe { *matches = list };
        sys::SWITCH_STATUS_SUCCESS
    })
}

/// The completions of one command; they are taken away when this is dropped.
#[derive(Debug)]
pub struct Completions {
    delete: CString,
}

impl Completions {
    /// Completions of `command`; each of `lines` is what may follow it.
    pub fn add(command: &CStr, lines: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let command = command.to_string_lossy();
        for line in lines {
            set(&format!("add {command} {}", line.as_ref()));
        }
        let delete = CString::new(format!("del {command}")).unwrap_or_default();
        Self { delete }
    }
}

impl Drop for Completions {
    fn drop(&mut self) {
        // SAFETY: the string lives for the call.
        unsafe { sys::switch_console_set_complete(self.delete.as_ptr()) };
    }
}

/// It fails only where the core runs without its database, and then nothing can be completed anyway.
fn set(line: &str) {
    if let Ok(line) = CString::new(line) {
        // SAFETY: the string lives for the call.
        unsafe { sys::switch_console_set_complete(line.as_ptr()) };
    }
}
