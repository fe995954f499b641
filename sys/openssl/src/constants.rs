//! Constants of OpenSSL's headers.

use core::ffi::{c_int, c_uint};

/// `SSL_CTX_ctrl`: sets the oldest version of TLS that may be used, one of the `TLS1_` constants.
pub const SSL_CTRL_SET_MIN_PROTO_VERSION: c_int = 123;
/// `SSL_CTX_ctrl`: adds `SSL_MODE_` bits.
pub const SSL_CTRL_MODE: c_int = 33;
/// `SSL_ctrl`: sets the name that is sent in the ClientHello; a null pointer takes it away.
pub const SSL_CTRL_SET_TLSEXT_HOSTNAME: c_int = 55;
/// The only kind of name that there is, for [`SSL_CTRL_SET_TLSEXT_HOSTNAME`].
pub const TLSEXT_NAMETYPE_host_name: c_int = 0;
/// TLS 1.2
pub const TLS1_2_VERSION: c_int = 0x0303;
/// TLS 1.3
pub const TLS1_3_VERSION: c_int = 0x0304;
/// Buffers are freed while they are empty.
pub const SSL_MODE_RELEASE_BUFFERS: c_uint = 0x10;
/// The peer's certificate does not matter.
pub const SSL_VERIFY_NONE: c_int = 0;
/// The peer's certificate is verified, and the handshake fails if it is not valid.
pub const SSL_VERIFY_PEER: c_int = 1;
/// A file in PEM format.
pub const SSL_FILETYPE_PEM: c_int = 1;

/// Information: a handshake begins.
pub const SSL_CB_HANDSHAKE_START: c_int = 0x10;
/// Information: a handshake is complete.
pub const SSL_CB_HANDSHAKE_DONE: c_int = 0x20;
/// Information: a step of a client's handshake ends; the value is 1 if it is complete.
pub const SSL_CB_CONNECT_EXIT: c_int = 0x1002;
/// Information: an alert has come; the value is its level and, in the low byte, its description.
pub const SSL_CB_READ_ALERT: c_int = 0x4004;
/// Information: an alert is sent; the value as above.
pub const SSL_CB_WRITE_ALERT: c_int = 0x4008;
/// Alert: the sender has nothing more to say.
pub const SSL_AD_CLOSE_NOTIFY: c_int = 0;
/// Alert: the user has ended the handshake.
pub const SSL_AD_USER_CANCELLED: c_int = 90;

/// `SSL_want`: nothing.
pub const SSL_NOTHING: c_int = 1;
/// `SSL_want`: to write.
pub const SSL_WRITING: c_int = 2;
/// `SSL_want`: to read.
pub const SSL_READING: c_int = 3;

/// `BIO_new_socket`: the socket stays open when the BIO is freed.
pub const BIO_NOCLOSE: c_int = 0;

/// The certificate is valid, or there was none.
pub const X509_V_OK: c_int = 0;
/// The certificate is not for this host.
pub const X509_V_ERR_HOSTNAME_MISMATCH: c_int = 62;
/// The certificate is not for this address.
pub const X509_V_ERR_IP_ADDRESS_MISMATCH: c_int = 64;
/// A `*` in a certificate's name stands for a whole label only.
pub const X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS: c_int = 4;
