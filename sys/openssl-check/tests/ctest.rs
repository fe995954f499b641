//! Values of constants and addresses of functions are those of C. The code is ctest's; what it skips, and why,
//! is in `build/layouts.rs`. That every function has an address means that OpenSSL exports it.

// ctest's code uses the names of the crate under test as they stand, and is nobody's style.
#![allow(unused_imports, missing_docs, clippy::all, clippy::undocumented_unsafe_blocks)]

use openssl_client_sys::*;
// The C side of the test is linked through this crate.
use openssl_client_sys_check as _;

include!(concat!(env!("OUT_DIR"), "/layouts.rs"));
