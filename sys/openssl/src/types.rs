//! Handles and callbacks. Only the library looks into the handles.

use core::ffi::{c_char, c_int, c_uchar, c_uint, c_void};
use core::marker::{PhantomData, PhantomPinned};

/// What the connections of a client have in common.
#[repr(C)]
pub struct SSL_CTX {
    _private: [u8; 0],
    _neither_send_nor_unpin: PhantomData<(*mut u8, PhantomPinned)>,
}

/// One connection.
#[repr(C)]
pub struct SSL {
    _private: [u8; 0],
    _neither_send_nor_unpin: PhantomData<(*mut u8, PhantomPinned)>,
}

/// Client or server, and which versions of TLS.
#[repr(C)]
pub struct SSL_METHOD {
    _private: [u8; 0],
    _neither_send_nor_unpin: PhantomData<(*mut u8, PhantomPinned)>,
}

/// The certificates that are trusted.
#[repr(C)]
pub struct X509_STORE {
    _private: [u8; 0],
    _neither_send_nor_unpin: PhantomData<(*mut u8, PhantomPinned)>,
}

/// One certificate being verified.
#[repr(C)]
pub struct X509_STORE_CTX {
    _private: [u8; 0],
    _neither_send_nor_unpin: PhantomData<(*mut u8, PhantomPinned)>,
}

/// What a certificate is verified for.
#[repr(C)]
pub struct X509_VERIFY_PARAM {
    _private: [u8; 0],
    _neither_send_nor_unpin: PhantomData<(*mut u8, PhantomPinned)>,
}

/// Where bytes come from, or go to.
#[repr(C)]
pub struct BIO {
    _private: [u8; 0],
    _neither_send_nor_unpin: PhantomData<(*mut u8, PhantomPinned)>,
}

/// A kind of [`BIO`].
#[repr(C)]
pub struct BIO_METHOD {
    _private: [u8; 0],
    _neither_send_nor_unpin: PhantomData<(*mut u8, PhantomPinned)>,
}

/// Judges a certificate after the library has; returns 0 to refuse it.
pub type SSL_verify_cb = unsafe extern "C" fn(preverify_ok: c_int, x509_ctx: *mut X509_STORE_CTX) -> c_int;

/// Writes a passphrase of at most `size` bytes and returns its length; -1 if there is none.
pub type pem_password_cb =
    unsafe extern "C" fn(buf: *mut c_char, size: c_int, rwflag: c_int, userdata: *mut c_void) -> c_int;

/// Writes the identity, ended by a zero byte, and the key, and returns the key's length; 0 if there is none.
pub type SSL_psk_client_cb_func = unsafe extern "C" fn(
    ssl: *mut SSL,
    hint: *const c_char,
    identity: *mut c_char,
    max_identity_len: c_uint,
    psk: *mut c_uchar,
    max_psk_len: c_uint,
) -> c_uint;

/// Is told what happens to a connection: one of the `SSL_CB_` constants, and a value that goes with it.
pub type info_cb = unsafe extern "C" fn(ssl: *const SSL, type_: c_int, val: c_int);
