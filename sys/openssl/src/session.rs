//! `SSL`: ssl(7), "SSL".

use crate::types::{BIO, SSL, SSL_CTX};
use core::ffi::{c_char, c_int, c_long, c_void};

unsafe extern "C" {
    /// What the connection was made from; no reference is taken.
    pub fn SSL_get_SSL_CTX(ssl: *const SSL) -> *mut SSL_CTX;

    /// Many settings: the `SSL_CTRL_` constants.
    pub fn SSL_ctrl(ssl: *mut SSL, cmd: c_int, larg: c_long, parg: *mut c_void) -> c_long;

    /// What became of verifying the peer's certificate: an `X509_V_` constant.
    pub fn SSL_get_verify_result(ssl: *const SSL) -> c_long;

    /// What an alert means, in English; never to be freed. Only the low byte of the value counts.
    pub fn SSL_alert_desc_string_long(value: c_int) -> *const c_char;

    /// Whether the handshake is not complete.
    pub fn SSL_in_init(s: *const SSL) -> c_int;

    /// What the last call that could not go on waits for: [`SSL_NOTHING`](crate::SSL_NOTHING) and its siblings.
    pub fn SSL_want(s: *const SSL) -> c_int;

    /// Where the connection writes to; no reference is taken.
    pub fn SSL_get_wbio(s: *const SSL) -> *mut BIO;

    /// Replaces it; the BIO becomes the connection's.
    pub fn SSL_set0_wbio(s: *mut SSL, wbio: *mut BIO);
}
