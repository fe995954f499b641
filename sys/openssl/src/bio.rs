//! `BIO`: bio(7).

use crate::types::{BIO, BIO_METHOD};
use core::ffi::{c_int, c_void};

unsafe extern "C" {
    /// Makes one, with one reference; null if there is no memory.
    pub fn BIO_new(type_: *const BIO_METHOD) -> *mut BIO;

    /// Memory that grows; static.
    pub fn BIO_s_mem() -> *const BIO_METHOD;

    /// A socket; null if there is no memory. [`BIO_NOCLOSE`](crate::BIO_NOCLOSE) leaves it open at the end.
    pub fn BIO_new_socket(sock: c_int, close_flag: c_int) -> *mut BIO;

    /// Reads up to `dlen` bytes and returns how many; 0 and below if there are none.
    pub fn BIO_read(b: *mut BIO, data: *mut c_void, dlen: c_int) -> c_int;

    /// How many bytes can be read at once.
    pub fn BIO_ctrl_pending(b: *mut BIO) -> usize;
}
