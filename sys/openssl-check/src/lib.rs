//! Proves `openssl-client-sys` against the installed headers of OpenSSL. For development only: it needs a C
//! compiler, and a newer Rust than the module does.
//!
//! - Signatures of functions, types of callbacks and constants: the C compiler judges them, in
//!   `build/signatures.rs`. If one is wrong, this package does not build.
//! - Values of constants and addresses of functions: ctest, in `tests/ctest.rs`.
//!
//! What reads the declarations is shared with the package that proves those of libmosquitto.

// The C code that ctest generated is linked through this crate, and calls for OpenSSL.
use openssl_client_sys as _;
