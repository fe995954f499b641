//! What a certificate is verified for, and what came of it: X509_VERIFY_PARAM_set_flags(3).

use crate::types::{X509_STORE, X509_VERIFY_PARAM};
use core::ffi::{c_char, c_int, c_long, c_uchar, c_uint};

unsafe extern "C" {
    /// Makes a store that trusts nobody; null if there is no memory.
    pub fn X509_STORE_new() -> *mut X509_STORE;

    /// The host that the certificate must be for; a null name takes it away. 1 if it succeeds.
    pub fn X509_VERIFY_PARAM_set1_host(
        param: *mut X509_VERIFY_PARAM,
        name: *const c_char,
        namelen: usize,
    ) -> c_int;

    /// The address that it must be for, 4 or 16 bytes; null and 0 take it away. 1 if it succeeds.
    pub fn X509_VERIFY_PARAM_set1_ip(
        param: *mut X509_VERIFY_PARAM,
        ip: *const c_uchar,
        iplen: usize,
    ) -> c_int;

    /// How hosts are compared: `X509_CHECK_FLAG_` bits.
    pub fn X509_VERIFY_PARAM_set_hostflags(param: *mut X509_VERIFY_PARAM, flags: c_uint);

    /// What an `X509_V_` constant means, in English; never to be freed.
    pub fn X509_verify_cert_error_string(n: c_long) -> *const c_char;
}
