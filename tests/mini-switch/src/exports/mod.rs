//! The `switch_` functions that modules import, with the core's signatures: each converts and calls safe code.
//!
//! They are called by modules from any thread. Variadic functions cannot be defined in Rust; the one such function
//! here, and the stream's write function, take one argument after the format, which must be `%s`.

mod core;
mod events;
mod fire;
mod modules;
mod session;
mod xml;
