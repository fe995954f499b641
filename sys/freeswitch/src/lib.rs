//! The part of the FreeSWITCH core's ABI that the module touches: declarations, nothing else.
//!
//! The symbols are resolved by the dynamic linker when FreeSWITCH opens the module; nothing is linked here.
//! The layouts are the same in FreeSWITCH 1.10.7 to 1.11 and are checked against the compiler's own numbers by
//! this crate's tests. Event numbers differ between those versions and are therefore not declared: ask
//! [`switch_name_event`] for them.
//!
//! Names are the core's own, so that its documentation applies.
#![no_std]
#![allow(non_camel_case_types)]

mod functions;
mod types;

pub use functions::*;
pub use types::*;
