//! The queue of errors, each thread's own: ERR_get_error(3).

use core::ffi::{c_char, c_ulong};

unsafe extern "C" {
    /// The oldest error, which stays; 0 if there is none.
    pub fn ERR_peek_error() -> c_ulong;

    /// The latest error, which stays; 0 if there is none.
    pub fn ERR_peek_last_error() -> c_ulong;

    /// Forgets all of them.
    pub fn ERR_clear_error();

    /// What an error means, in English; null if it is not known, and never to be freed.
    pub fn ERR_reason_error_string(e: c_ulong) -> *const c_char;
}
