//! Where an API command writes its answer: the core's stream, growing on the C heap.

use crate::cstr;
use crate::output::die;
use freeswitch_sys::{
    SWITCH_STATUS_FALSE, SWITCH_STATUS_MEMERR, SWITCH_STATUS_SUCCESS, switch_size_t, switch_status_t,
    switch_stream_handle_t,
};
use libc::c_char;
use std::ptr::null_mut;

const CHUNK: usize = 1024;

type FixedWrite =
    unsafe extern "C" fn(*mut switch_stream_handle_t, *const c_char, *const c_char) -> switch_status_t;
type VariadicWrite = unsafe extern "C" fn(*mut switch_stream_handle_t, *const c_char, ...) -> switch_status_t;

/// A stream of the stand-in's own.
#[derive(Debug)]
pub struct Stream(switch_stream_handle_t);

impl Stream {
    /// An empty one.
    pub fn new() -> Self {
        // SAFETY: malloc has no preconditions; the block is as long as data_size says.
        let data = unsafe { libc::malloc(CHUNK) };
        assert!(!data.is_null(), "out of memory");
        // SAFETY: the block is not empty.
        unsafe { data.cast::<u8>().write(0) };
        // SAFETY: callers pass "%s" and one string (checked by switch_console_stream_write). Integer arguments
        // after the named ones travel like named ones on x86-64 (System V) and AArch64 Linux.
        let write = unsafe { std::mem::transmute::<FixedWrite, VariadicWrite>(switch_console_stream_write) };
        Self(switch_stream_handle_t {
            read_function: None,
            write_function: Some(write),
            raw_write_function: Some(switch_console_stream_raw_write),
            data,
            end: data,
            data_size: CHUNK,
            data_len: 0,
            alloc_len: CHUNK,
            alloc_chunk: CHUNK,
            param_event: null_mut(),
        })
    }

    /// What a command is called with.
    pub fn as_ptr(&mut self) -> *mut switch_stream_handle_t {
        &raw mut self.0
    }

    /// The answer so far.
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: data is a block on the C heap of which data_len bytes are written.
        unsafe { std::slice::from_raw_parts(self.0.data.cast::<u8>(), self.0.data_len) }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        // SAFETY: data came from malloc or realloc and is owned by this stream.
        unsafe { libc::free(self.0.data) }
    }
}

/// Appends to any stream, also one that a module made.
///
/// # Safety
/// `handle` is a stream as the core lays it out: `data` on the C heap, `data_len` of `data_size` bytes written.
pub unsafe fn append(handle: *mut switch_stream_handle_t, text: &[u8]) -> switch_status_t {
    // SAFETY: the caller's promise.
    let stream = unsafe { &mut *handle };
    let room = stream.data_size - stream.data_len;
    if room <= text.len() {
        if stream.alloc_len == 0 {
            return SWITCH_STATUS_FALSE;
        }
        let size = stream.data_size + text.len() + 1 + stream.alloc_chunk;
        // SAFETY: data is a block on the C heap, owned by the stream.
        let data = unsafe { libc::realloc(stream.data, size) };
        if data.is_null() {
            return SWITCH_STATUS_MEMERR;
        }
        (stream.data, stream.data_size, stream.alloc_len) = (data, size, size);
    }
    // SAFETY: there is room for the text and its NUL after data_len, see above.
    unsafe {
        let end = stream.data.cast::<u8>().add(stream.data_len);
        std::ptr::copy_nonoverlapping(text.as_ptr(), end, text.len());
        end.add(text.len()).write(0);
        stream.data_len += text.len();
        stream.end = end.add(text.len()).cast();
    }
    SWITCH_STATUS_SUCCESS
}

/// The stream's write function, called as `write("%s", text)` and in no other way.
///
/// # Safety
/// `handle` is a stream of the core's layout; `fmt` is a C string; if it is `%s`, `text` is one as well.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn switch_console_stream_write(
    handle: *mut switch_stream_handle_t,
    fmt: *const c_char,
    text: *const c_char,
) -> switch_status_t {
    // SAFETY: the caller's promise; variadic and fixed calls agree, see Stream::new. text is read only after the
    // format was found to be %s.
    unsafe {
        check_format("stream->write_function", fmt);
        append(handle, cstr::bytes(text).unwrap_or(b"(null)"))
    }
}

/// The stream's raw write function.
///
/// # Safety
/// `handle` is a stream of the core's layout; `data` points to `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn switch_console_stream_raw_write(
    handle: *mut switch_stream_handle_t,
    data: *mut u8,
    len: switch_size_t,
) -> switch_status_t {
    // SAFETY: the caller's promise.
    unsafe { append(handle, std::slice::from_raw_parts(data, len)) }
}

/// Aborts unless the format is exactly `%s`: text from outside must never be a format.
///
/// # Safety
/// `fmt` is null or a C string.
pub unsafe fn check_format(function: &str, fmt: *const c_char) {
    // SAFETY: the caller's promise.
    if unsafe { cstr::bytes(fmt) } != Some(b"%s") {
        // SAFETY: as above.
        let fmt = unsafe { cstr::text(fmt) };
        die(&format!("{function} was called with the format {fmt:?}; the only one allowed is \"%s\""));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_grows_and_keeps_its_bytes() {
        let mut stream = Stream::new();
        let write = stream.0.write_function.unwrap();
        let text = std::ffi::CString::new("0123456789".repeat(50)).unwrap();
        for _ in 0..100 {
            // SAFETY: the stream is alive; the call has the one form that is allowed.
            let status = unsafe { write(stream.as_ptr(), c"%s".as_ptr(), text.as_ptr()) };
            assert_eq!(status, SWITCH_STATUS_SUCCESS);
        }
        assert_eq!(stream.bytes().len(), 50_000);
        assert!(stream.bytes().ends_with(b"6789"));
    }
}
