//! Texts of the core as our own.
#![allow(unsafe_code)]

use std::ffi::{CStr, c_char};

/// The text behind a pointer: null is empty.
pub(super) fn text(pointer: *const c_char) -> String {
    if pointer.is_null() {
        return String::new();
    }
    // SAFETY: not null, and by the callers' promise a NUL-terminated string that lives for the call.
    unsafe { CStr::from_ptr(pointer) }.to_string_lossy().into_owned()
}

/// Takes over a string that the core made with malloc.
///
/// # Safety
/// `pointer` is null or a NUL-terminated string from malloc that nobody else frees.
pub(super) unsafe fn take_text(pointer: *mut c_char) -> Option<String> {
    if pointer.is_null() {
        return None;
    }
    let copy = text(pointer);
    // SAFETY: by the caller's promise.
    unsafe { libc::free(pointer.cast()) };
    Some(copy)
}
