//! Raw bindings to OpenSSL 1.1.1 and 3: the few functions that a client needs which makes an `SSL_CTX` for
//! libmosquitto. Declarations, nothing else.
//!
//! Names, types and values are those of OpenSSL's headers, so that its manual applies as it stands; macros of
//! the headers are what they stand for: `SSL_ctrl`, `SSL_CTX_ctrl`. The package `openssl-client-sys-check`
//! proves each of them against the installed headers.
//!
//! Threads: different threads may use different objects at the same time, and the same `SSL_CTX` for reading.
//! The queue of errors is each thread's own.
#![no_std]
#![allow(non_camel_case_types, non_upper_case_globals)]

mod bio;
mod constants;
mod context;
mod error;
mod session;
mod types;
mod verify;

pub use bio::*;
pub use constants::*;
pub use context::*;
pub use error::*;
pub use session::*;
pub use types::*;
pub use verify::*;
