//! Proves `mosquitto-client-sys` against the installed `mosquitto.h` and `mqtt_protocol.h`. For development
//! only: it needs a C compiler, and a newer Rust than the module does.
//!
//! - Signatures of functions, types of callbacks and constants: the C compiler judges them, in
//!   `build/signatures.rs`. If one is wrong, this package does not build.
//! - Values of constants, layouts of structures, addresses of functions: ctest, in `tests/ctest.rs`. Its C
//!   code has the types of fields; if one is wrong, this package does not build.
//! - That nothing was forgotten: `tests/completeness.rs`, with the exceptions and reasons in [`left_out`].

pub mod header;
pub mod left_out;

// The C code that ctest generated is linked through this crate, and calls for libmosquitto.
use mosquitto_client_sys as _;

/// What `mosquitto-client-sys` declares, read from its sources.
pub mod declared {
    include!(concat!(env!("OUT_DIR"), "/declared.rs"));
}
