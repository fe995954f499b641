//! C strings on the C heap: everything that a module may free, or that lies in an event, is made here.

use libc::{c_char, c_void};
use std::ffi::CStr;

/// A copy on the C heap, ended at the first NUL as C would see it.
pub fn dup(text: &[u8]) -> *mut c_char {
    let len = text.iter().position(|&b| b == 0).unwrap_or(text.len());
    // SAFETY: malloc has no preconditions; the block has room for the text and its NUL.
    unsafe {
        let copy = libc::malloc(len + 1).cast::<u8>();
        assert!(!copy.is_null(), "out of memory");
        std::ptr::copy_nonoverlapping(text.as_ptr(), copy, len);
        copy.add(len).write(0);
        copy.cast()
    }
}

/// Frees what [`dup`] made; null is allowed.
///
/// # Safety
/// `text` is null or was made by [`dup`] and is not used again.
pub unsafe fn free(text: *mut c_char) {
    // SAFETY: the caller's promise; dup allocates with malloc.
    unsafe { libc::free(text.cast::<c_void>()) }
}

/// The bytes of a C string; `None` for null.
///
/// # Safety
/// `text` is null or a C string that outlives `'a`.
pub unsafe fn bytes<'a>(text: *const c_char) -> Option<&'a [u8]> {
    // SAFETY: not null, so the caller's promise holds.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_bytes())
}

/// A C string as text, whatever its encoding; empty for null.
///
/// # Safety
/// `text` is null or a C string.
pub unsafe fn text(text: *const c_char) -> String {
    // SAFETY: the caller's promise; the copy is made before returning.
    unsafe { bytes(text) }.map(|b| String::from_utf8_lossy(b).into_owned()).unwrap_or_default()
}
