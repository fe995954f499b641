//! API commands: the registry of those that modules offer, and how a command is run.
//!
//! A command runs on the calling thread and holds its module's lock for reading meanwhile, which is what makes
//! an unload refuse.

use crate::builtin;
use crate::core::Core;
use crate::cstr;
use crate::pool::Interface;
use crate::stream::{self, Stream};
use freeswitch_sys::{
    SWITCH_STATUS_FALSE, SWITCH_STATUS_SUCCESS, switch_api_interface_t, switch_core_session_t,
    switch_status_t, switch_stream_handle_t,
};
use parking_lot::{Mutex, RwLock};
use std::collections::BTreeMap;
use std::ffi::CString;
use std::ptr::null;
use std::sync::Arc;

/// One command. The interface belongs to the module's pool and is valid while it is registered or in use.
#[derive(Clone, Debug)]
struct Entry {
    api: *const switch_api_interface_t,
    module: String,
    in_use: Arc<RwLock<()>>,
}

// SAFETY: the interface is only read, under the registry's lock or while in_use is held; the module that filled
// it does not change it after load.
unsafe impl Send for Entry {}

/// The commands of modules, by name in lower case.
#[derive(Debug, Default)]
pub struct Registry(Mutex<BTreeMap<String, Entry>>);

impl Registry {
    /// Adds the commands of a module that has just been loaded; answers which ones.
    pub fn add(&self, module: &str, interface: &Interface) -> Vec<String> {
        let mut added = Vec::new();
        for api in interface.apis() {
            // SAFETY: the interface is alive; load filled the name with a C string that lives as long.
            let name = unsafe { cstr::text((*api).interface_name) };
            // SAFETY: as above.
            if name.is_empty() || unsafe { (*api).function }.is_none() {
                continue;
            }
            let entry = Entry { api, module: module.to_owned(), in_use: Arc::clone(&interface.in_use) };
            self.0.lock().insert(name.to_ascii_lowercase(), entry);
            added.push(name);
        }
        added
    }

    /// Takes a module's commands away.
    pub fn remove(&self, module: &str) {
        self.0.lock().retain(|_, entry| entry.module != module);
    }

    /// The names of all commands of modules, sorted.
    pub fn names(&self) -> Vec<String> {
        self.0.lock().keys().cloned().collect()
    }

    /// The names of one module's commands, sorted.
    pub fn names_of(&self, module: &str) -> Vec<String> {
        self.0
            .lock()
            .iter()
            .filter(|(_, entry)| entry.module == module)
            .map(|(name, _)| name.clone())
            .collect()
    }

    /// `name,description,syntax,module`, one a line, of the modules' commands.
    pub fn describe(&self) -> Vec<String> {
        let line = |(name, entry): (&String, &Entry)| {
            // SAFETY: registered, so the interface is alive and its strings are.
            let (desc, syntax) = unsafe { (cstr::text((*entry.api).desc), cstr::text((*entry.api).syntax)) };
            format!("{name},{desc},{syntax},{}", entry.module)
        };
        self.0.lock().iter().map(line).collect()
    }

    fn find(&self, name: &str) -> Option<Entry> {
        self.0.lock().get(&name.to_ascii_lowercase()).cloned()
    }
}

/// Runs a command with its answer going to `stream`.
///
/// # Safety
/// `stream` is a stream of the core's layout and belongs to this thread during the call.
pub unsafe fn execute(
    core: &'static Core,
    name: &str,
    arg: &[u8],
    session: *mut switch_core_session_t,
    stream: *mut switch_stream_handle_t,
) -> switch_status_t {
    let (name, arg) = (name.trim(), arg.trim_ascii());
    // SAFETY: the caller's promise.
    let status = match unsafe { call_module(core, name, arg, session, stream) } {
        Some(status) => status,
        // SAFETY: the caller's promise.
        None => unsafe { call_builtin(core, name, arg, stream) },
    };
    if core.options.noisy {
        let mut event = core.new_event("API", "switch_api_execute");
        event.add("API-Command", name);
        event.add("API-Command-Argument", arg);
        core.events.fire(event);
    }
    status
}

/// # Safety
/// As for [`execute`].
unsafe fn call_module(
    core: &Core,
    name: &str,
    arg: &[u8],
    session: *mut switch_core_session_t,
    stream: *mut switch_stream_handle_t,
) -> Option<switch_status_t> {
    let entry = core.apis.find(name)?;
    // Locked for writing: the module is being unloaded, its commands are as good as gone.
    let _in_use = entry.in_use.try_read()?;
    // It may have been unloaded between the two lines above; while the lock is held it cannot be.
    if !core.apis.find(name).is_some_and(|now| Arc::ptr_eq(&now.in_use, &entry.in_use)) {
        return None;
    }
    let c_arg = (!arg.is_empty()).then(|| CString::new(arg).ok()).flatten();
    let cmd = c_arg.as_ref().map_or(null(), |a| a.as_ptr());
    // SAFETY: in_use is held and the command is registered, so the module is mapped and the interface alive; the
    // stream is the caller's.
    let status = unsafe { ((*entry.api).function?)(cmd, session, stream) };
    if status != SWITCH_STATUS_SUCCESS {
        // SAFETY: as above.
        unsafe { stream::append(stream, b"COMMAND RETURNED ERROR!\n") };
    }
    Some(status)
}

/// # Safety
/// As for [`execute`].
unsafe fn call_builtin(
    core: &'static Core,
    name: &str,
    arg: &[u8],
    stream: *mut switch_stream_handle_t,
) -> switch_status_t {
    let found = builtin::run(core, name, &String::from_utf8_lossy(arg));
    let status = if found.is_some() { SWITCH_STATUS_SUCCESS } else { SWITCH_STATUS_FALSE };
    let text = found.unwrap_or_else(|| "INVALID COMMAND!\n".to_owned());
    // SAFETY: the caller's promise.
    unsafe { stream::append(stream, text.as_bytes()) };
    status
}

/// The answer to a command line: `None` if there is no such command or the command returned an error, which the
/// real core does not tell apart either.
pub fn run(core: &'static Core, line: &[u8]) -> Option<Vec<u8>> {
    let line = line.trim_ascii();
    let end = line.iter().position(|b| *b == b' ').unwrap_or(line.len());
    let name = String::from_utf8_lossy(&line[..end]);
    let mut stream = Stream::new();
    // SAFETY: the stream is made here and used by nobody else.
    let status = unsafe { execute(core, &name, &line[end..], std::ptr::null_mut(), stream.as_ptr()) };
    (status == SWITCH_STATUS_SUCCESS).then(|| stream.bytes().to_vec())
}
