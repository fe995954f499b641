//! Raw bindings to the C library's DNS resolver, as far as it is used: declarations, nothing else.
//!
//! Names, types and values are those of `resolv.h`, `arpa/nameser.h` and `netdb.h`, so that resolver(3) applies as it
//! stands; this crate's test holds them to the installed headers. In glibc the function is plainly named so since 2.34
//! (2021), before which the header renames it.
//!
//! Threads: glibc keeps the resolver's state, `h_errno` with it, for each thread, and frees it when the thread ends.
#![no_std]

use core::ffi::{c_char, c_int, c_uchar};

/// The class of the Internet.
pub const C_IN: c_int = 1;
/// The type of SRV records, RFC 2782.
pub const T_SRV: c_int = 33;

/// `h_errno`: there is no such name.
pub const HOST_NOT_FOUND: c_int = 1;
/// `h_errno`: no name server answered, or none could say.
pub const TRY_AGAIN: c_int = 2;
/// `h_errno`: the question cannot be asked, or a name server refuses it.
pub const NO_RECOVERY: c_int = 3;
/// `h_errno`: there is such a name, without a record of this type.
pub const NO_DATA: c_int = 4;

#[link(name = "resolv")]
unsafe extern "C" {
    /// Asks the name servers of resolv.conf(5) for records of a name, which is taken as it stands, whatever `search`
    /// says. Blocks until an answer has come or the servers' time is over. Returns the answer's length, which may be
    /// more than `anslen`, or -1 with `h_errno` set.
    pub fn res_query(
        dname: *const c_char,
        class: c_int,
        type_: c_int,
        answer: *mut c_uchar,
        anslen: c_int,
    ) -> c_int;
}

unsafe extern "C" {
    /// Where the calling thread's `h_errno` is: the C macro of that name.
    pub fn __h_errno_location() -> *mut c_int;
}
