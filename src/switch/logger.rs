//! FreeSWITCH's log lines, as they are logged.
#![allow(unsafe_code)]

use super::clock::time_of;
use super::console::number;
use super::event::bytes;
use crate::config::LogLevel;
use crate::host::{LogLine, LogSink};
use crate::panics::guard;
use freeswitch_sys as sys;
use parking_lot::RwLock;
use std::ffi::{CStr, c_char};
use std::sync::Arc;

/// Who is shown lines. The core has no user data for loggers. The lock is held for as long as it takes to copy or to
/// exchange a pointer.
static SINK: RwLock<Option<Arc<dyn LogSink>>> = RwLock::new(None);

/// A [`LogSink`] that is shown lines. There is one at a time. Dropping this ends that: when it is done, the sink is in no
/// call any more.
#[derive(Debug)]
pub struct LoggerBinding(());

impl LoggerBinding {
    /// Shows the sink every line of this level and of the more severe ones from now on.
    ///
    /// # Errors
    /// The core has no memory.
    pub fn bind(sink: Arc<dyn LogSink>, level: LogLevel) -> Result<Self, String> {
        *SINK.write() = Some(sink);
        // SAFETY: the function is static; it finds the sink, or none, where this has put it.
        let status = unsafe { sys::switch_log_bind_logger(on_line, number(level), sys::SWITCH_FALSE) };
        if status == sys::SWITCH_STATUS_SUCCESS {
            return Ok(Self(()));
        }
        SINK.write().take();
        Err("FreeSWITCH has no memory for it".to_owned())
    }
}

impl Drop for LoggerBinding {
    fn drop(&mut self) {
        // SAFETY: the function is static. It returns when the function is not running, since both take the core's lock.
        unsafe { sys::switch_log_unbind_logger(on_line) };
        let _dropped_without_the_lock = SINK.write().take();
    }
}

unsafe extern "C" fn on_line(
    node: *const sys::switch_log_node_t,
    level: sys::switch_log_level_t,
) -> sys::switch_status_t {
    guard("a logger", sys::SWITCH_STATUS_SUCCESS, || {
        let sink = SINK.read().clone();
        let Some(sink) = sink else { return sys::SWITCH_STATUS_SUCCESS };
        // SAFETY: the core lends the line for the length of the call; the two names in it are fields that end with NUL.
        let (file, function) = unsafe { (field(&raw const (*node).file), field(&raw const (*node).func)) };
        if !sink.wants(level, file) {
            return sys::SWITCH_STATUS_SUCCESS;
        }
        // SAFETY: as above; the strings are null or end with NUL, and live as long as the line. No reference to the whole
        // is made: its end is not the same in every version of the core.
        unsafe {
            let text = if (*node).content.is_null() { (*node).data } else { (*node).content };
            sink.line(&LogLine {
                time: &time_of((*node).timestamp),
                level,
                file,
                line: (*node).line,
                function,
                uuid: bytes((*node).userdata),
                text: bytes(text).unwrap_or_default(),
            });
        }
        sys::SWITCH_STATUS_SUCCESS
    })
}

/// # Safety
/// The field belongs to a line that lives for `'a`.
unsafe fn field<'a>(field: *const [c_char; 80]) -> &'a [u8] {
    // SAFETY: by the caller's promise; bytes are bytes.
    let bytes = unsafe { &*field.cast::<[u8; 80]>() };
    CStr::from_bytes_until_nul(bytes).map_or(bytes.as_slice(), CStr::to_bytes)
}
