//! Running API commands.
#![allow(unsafe_code)]

use super::text::take_text;
use freeswitch_sys as sys;
use std::ffi::CString;
use std::ptr;

/// The stream's first allocation and each further one, bytes: the core's own `SWITCH_CMD_CHUNK_LEN`.
const CHUNK: usize = 1024;

/// Runs an API command on the calling thread; an originate can take a minute, `bgapi` takes no time.
///
/// # Errors
/// There is no such command, or it holds a NUL, or there is no memory.
pub fn execute(command: &str, arguments: &str) -> Result<String, String> {
    let name = CString::new(command).map_err(|_| "the command holds a NUL".to_owned())?;
    let arguments = CString::new(arguments).map_err(|_| "the arguments hold a NUL".to_owned())?;
    // SAFETY: plain calloc; the core's write functions grow it with realloc.
    let data = unsafe { libc::calloc(1, CHUNK) };
    if data.is_null() {
        return Err("out of memory".to_owned());
    }
    let mut stream = sys::switch_stream_handle_t {
        read_function: None,
        write_function: Some(sys::switch_console_stream_write),
        raw_write_function: Some(sys::switch_console_stream_raw_write),
        data,
        end: data,
        data_size: CHUNK,
        data_len: 0,
        alloc_len: CHUNK,
        alloc_chunk: CHUNK,
        param_event: ptr::null_mut(),
    };
    // SAFETY: the strings and the stream live for the call; the stream is made as SWITCH_STANDARD_STREAM makes one.
    let status =
        unsafe { sys::switch_api_execute(name.as_ptr(), arguments.as_ptr(), ptr::null_mut(), &mut stream) };
    // SAFETY: what the core has written is a NUL-terminated string in the stream's buffer, which is ours.
    let answer = unsafe { take_text(stream.data.cast()) }.unwrap_or_default();
    if status == sys::SWITCH_STATUS_SUCCESS {
        Ok(answer)
    } else {
        Err(format!("FreeSWITCH has no API command {command} (is its module loaded?)"))
    }
}
