//! FreeSWITCH in safe Rust: the core's functions that the module uses, and the trampolines through which the core calls.
//!
//! With `mqtt` the only place of the module with unsafe code. Raw handles of the core never leave this folder. The
//! facts that it leans on are those of FreeSWITCH's headers, the same in 1.10.7 to 1.11.

mod application;
mod bind;
mod clock;
mod command;
mod completion;
mod console;
mod core;
mod event;
mod execute;
mod fire;
mod logger;
mod module;
mod text;
mod xml;
mod xml_search;

pub use application::{Application, Session};
pub use bind::Bindings;
pub use clock::local_time;
pub use command::Command;
pub use completion::{Completer, Completions, Registered};
pub use console::CoreConsole;
pub use core::Core;
pub use logger::LoggerBinding;
pub use module::{FunctionTable, Module, NotLoaded, Registrar, Unload, function_table};
pub use xml::{ConfigurationMissing, configuration};
pub use xml_search::XmlSearch;
