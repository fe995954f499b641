//! Raw bindings to the client side of libmosquitto 2.0: declarations, nothing else.
//!
//! Names, types and values are those of `mosquitto.h` and `mqtt_protocol.h`, so that libmosquitto(3) and the
//! MQTT specification apply as they stand. The package `mosquitto-client-sys-check` proves each of them
//! against the installed headers. What a broker's plugins use is not here, nor what 2.0 has replaced or made
//! do nothing: that package lists what was left out, and why.
//!
//! Threads: libmosquitto locks for itself, once `mosquitto_threaded_set` or `mosquitto_loop_start` has told
//! it that there are threads; only `mosquitto_lib_init` and `mosquitto_lib_cleanup` must not race with
//! anything. Callbacks run with a lock held.
#![no_std]
#![allow(non_camel_case_types)]

mod callbacks;
mod connection;
mod constants;
mod lifecycle;
mod messages;
mod options;
mod properties;
mod protocol;
mod text;
mod types;

pub use callbacks::*;
pub use connection::*;
pub use constants::*;
pub use lifecycle::*;
pub use messages::*;
pub use options::*;
pub use properties::*;
pub use protocol::*;
pub use text::*;
pub use types::*;
