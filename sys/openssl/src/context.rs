//! `SSL_CTX`: ssl(7), "SSL_CTX". Functions that return an int return 1 if they succeed unless they say
//! otherwise, and leave the reason in the queue of errors.

use crate::types::{
    SSL_CTX, SSL_METHOD, SSL_psk_client_cb_func, SSL_verify_cb, X509_STORE, X509_VERIFY_PARAM, info_cb,
    pem_password_cb,
};
use core::ffi::{c_char, c_int, c_long, c_uchar, c_uint, c_void};

unsafe extern "C" {
    /// A client of any version of TLS; static.
    pub fn TLS_client_method() -> *const SSL_METHOD;

    /// Makes one, with one reference; null if there is no memory.
    pub fn SSL_CTX_new(meth: *const SSL_METHOD) -> *mut SSL_CTX;

    /// Gives a reference back.
    pub fn SSL_CTX_free(ctx: *mut SSL_CTX);

    /// Many settings: the `SSL_CTRL_` constants.
    pub fn SSL_CTX_ctrl(ctx: *mut SSL_CTX, cmd: c_int, larg: c_long, parg: *mut c_void) -> c_long;

    /// Whether the peer's certificate is verified: an `SSL_VERIFY_` constant, and a callback or null.
    pub fn SSL_CTX_set_verify(ctx: *mut SSL_CTX, mode: c_int, callback: Option<SSL_verify_cb>);

    /// Replaces the trusted certificates; the store becomes the context's.
    pub fn SSL_CTX_set_cert_store(ctx: *mut SSL_CTX, store: *mut X509_STORE);

    /// Trusts the certificates of a file and of a directory, each of which may be null.
    pub fn SSL_CTX_load_verify_locations(
        ctx: *mut SSL_CTX,
        cafile: *const c_char,
        capath: *const c_char,
    ) -> c_int;

    /// Trusts the certificates of the system.
    pub fn SSL_CTX_set_default_verify_paths(ctx: *mut SSL_CTX) -> c_int;

    /// Loads the own certificate and those above it, PEM.
    pub fn SSL_CTX_use_certificate_chain_file(ctx: *mut SSL_CTX, file: *const c_char) -> c_int;

    /// Loads the own key. It fails if it is not that of the certificate.
    pub fn SSL_CTX_use_PrivateKey_file(ctx: *mut SSL_CTX, file: *const c_char, type_: c_int) -> c_int;

    /// Whether the key is that of the certificate.
    pub fn SSL_CTX_check_private_key(ctx: *const SSL_CTX) -> c_int;

    /// Who is asked for the passphrase of a key. Without one it is asked for on the terminal.
    pub fn SSL_CTX_set_default_passwd_cb(ctx: *mut SSL_CTX, cb: Option<pem_password_cb>);

    /// What that function is given.
    pub fn SSL_CTX_set_default_passwd_cb_userdata(ctx: *mut SSL_CTX, u: *mut c_void);

    /// The ciphers of TLS 1.2 and below. It fails if none of them is known.
    pub fn SSL_CTX_set_cipher_list(ctx: *mut SSL_CTX, str: *const c_char) -> c_int;

    /// The protocols to ask for, each with its length before it. Returns 0 if it succeeds.
    pub fn SSL_CTX_set_alpn_protos(ctx: *mut SSL_CTX, protos: *const c_uchar, protos_len: c_uint) -> c_int;

    /// Who is asked for the pre-shared key.
    pub fn SSL_CTX_set_psk_client_callback(ctx: *mut SSL_CTX, cb: Option<SSL_psk_client_cb_func>);

    /// Who is told what happens to the connections.
    pub fn SSL_CTX_set_info_callback(ctx: *mut SSL_CTX, cb: Option<info_cb>);

    /// Keeps a pointer of the program's own; index 0 is free for that.
    pub fn SSL_CTX_set_ex_data(ctx: *mut SSL_CTX, idx: c_int, data: *mut c_void) -> c_int;

    /// The pointer again; null if there is none.
    pub fn SSL_CTX_get_ex_data(ctx: *const SSL_CTX, idx: c_int) -> *mut c_void;

    /// What certificates are verified for, of connections that are made from now on; the context's.
    pub fn SSL_CTX_get0_param(ctx: *mut SSL_CTX) -> *mut X509_VERIFY_PARAM;
}
