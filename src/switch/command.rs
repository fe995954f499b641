//! An API command: what is typed in fs_cli, and what event sockets and scripts call.
#![allow(unsafe_code)]

use crate::panics::guard;
use freeswitch_sys as sys;
use std::ffi::{CStr, CString, c_char};

/// An API command of the module.
pub trait Command: 'static {
    /// Its name.
    const NAME: &'static CStr;
    /// What it does, for `show api`.
    const DESCRIPTION: &'static CStr;
    /// How it is written, for `show api`.
    const SYNTAX: &'static CStr;

    /// Runs it on the thread of whoever asks; `arguments` is what follows the name.
    fn run(arguments: &str) -> String;
}

pub(super) unsafe extern "C" fn on_command<C: Command>(
    arguments: *const c_char,
    _session: *mut sys::switch_core_session_t,
    stream: *mut sys::switch_stream_handle_t,
) -> sys::switch_status_t {
    guard("an API command", sys::SWITCH_STATUS_GENERR, || {
        let arguments = super::text::text(arguments);
        let failed = || "-ERR the command failed: see the log for its CRIT line\n".to_owned();
        let answer = guard("an API command", None, || Some(C::run(&arguments)));
        // SAFETY: the core lends the stream for the length of the call.
        unsafe { write(stream, answer.unwrap_or_else(failed)) };
        sys::SWITCH_STATUS_SUCCESS
    })
}

/// Writes an answer.
///
/// # Safety
/// `stream` is a stream of the core.
unsafe fn write(stream: *mut sys::switch_stream_handle_t, answer: String) {
    let Ok(answer) = CString::new(answer.replace('\0', "\u{FFFD}")) else { return };
    // SAFETY: by the caller's promise; the text is an argument of "%s", never a format, and lives for the call.
    unsafe {
        if let Some(function) = (*stream).write_function {
            function(stream, c"%s".as_ptr(), answer.as_ptr());
        }
    }
}
