//! mod_mosquitto: connects FreeSWITCH to MQTT.
//!
//! The module's table, load, shutdown and API command; each of them only finds the loaded module and asks it.
//!
//! Who may know whom, from the top down: `module`, `cli`, `engine`, `config`; `switch` and `mqtt` stand beside them
//! and are the only places with unsafe code; `host` says what the others know of FreeSWITCH.
#![deny(unsafe_code)]

mod applications;
pub mod cli;
pub mod commands;
mod completers;
pub mod config;
pub mod dialplan;
pub mod engine;
pub mod header_names;
pub mod host;
pub mod logging;
pub mod module;
pub mod mqtt;
pub mod panics;
pub mod shaping;
pub mod switch;
pub mod text;

use module::Loaded;
use std::ffi::CStr;
use switch::{Command, Module, NotLoaded, Registrar, Unload};

/// The module in FreeSWITCH's eyes.
struct Mosquitto;

export_module!(mod_mosquitto_module_interface, Mosquitto);

impl Module for Mosquitto {
    const NAME: &'static CStr = c"mod_mosquitto";

    fn load(registrar: &Registrar) -> Result<(), NotLoaded> {
        // Whatever an earlier load may have left (a panic in its shutdown), this one begins with nothing.
        drop(module::replace(None));
        registrar.command::<Mosquitto>()?;
        applications::register(registrar)?;
        let loaded = Loaded::load(completers::register())?;
        module::replace(Some(loaded));
        Ok(())
    }

    fn unload() -> Unload {
        let Some(loaded) = module::replace(None) else { return Unload::Done };
        if loaded.unload() { Unload::Done } else { Unload::KeepMapped }
    }
}

impl Command for Mosquitto {
    const NAME: &'static CStr = c"mosquitto";
    const DESCRIPTION: &'static CStr = c"MQTT: status and control of mod_mosquitto";
    const SYNTAX: &'static CStr =
        c"[help|status|loglevel|check|enable|disable|remove|connect|disconnect|bgapi|publish|subscribe|unsubscribe]";

    fn run(arguments: &str) -> String {
        match module::loaded() {
            Some(loaded) => loaded.command(arguments),
            None => "-ERR mod_mosquitto is not loaded\n".to_owned(),
        }
    }
}
