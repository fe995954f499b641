//! Dialplan applications: the registry of those that modules offer, and the calls that run them.
//!
//! An application runs on a thread of its own, as in a call, and holds its module's lock for reading meanwhile, which is
//! what makes an unload refuse.

use crate::core::Core;
use crate::cstr;
use crate::pool::Interface;
use crate::session::Session;
use freeswitch_sys::switch_application_interface_t;
use parking_lot::{Mutex, RwLock};
use std::collections::BTreeMap;
use std::ffi::CString;
use std::sync::{Arc, Weak};

/// One application. The interface belongs to the module's pool and is valid while it is registered or in use.
#[derive(Clone, Debug)]
struct Entry {
    application: *const switch_application_interface_t,
    module: String,
    in_use: Arc<RwLock<()>>,
}

// SAFETY: the interface is only read, under the registry's lock or while in_use is held; the module that filled it does not
// change it after load.
unsafe impl Send for Entry {}

/// The applications of modules, by name, and the calls that there are.
#[derive(Debug, Default)]
pub struct Applications {
    entries: Mutex<BTreeMap<String, Entry>>,
    calls: Mutex<Vec<Weak<Session>>>,
}

impl Applications {
    /// Adds the applications of a module that has just been loaded.
    pub fn add(&self, module: &str, interface: &Interface) {
        for application in interface.applications() {
            // SAFETY: the interface is alive; load filled the name with a C string that lives as long.
            let name = unsafe { cstr::text((*application).interface_name) };
            // SAFETY: as above.
            if !name.is_empty() && unsafe { (*application).application_function }.is_some() {
                let (module, in_use) = (module.to_owned(), Arc::clone(&interface.in_use));
                self.entries.lock().insert(name, Entry { application, module, in_use });
            }
        }
    }

    /// Takes a module's applications away.
    pub fn remove(&self, module: &str) {
        self.entries.lock().retain(|_, entry| entry.module != module);
    }

    /// Hangs up every call; how many there were.
    pub fn hang_up(&self) -> usize {
        let calls: Vec<_> = self.calls.lock().iter().filter_map(Weak::upgrade).collect();
        calls.iter().for_each(|call| call.hang_up());
        calls.len()
    }

    fn begin(&self) -> Arc<Session> {
        let session = Arc::new(Session::default());
        let mut calls = self.calls.lock();
        calls.retain(|call| call.strong_count() > 0);
        calls.push(Arc::downgrade(&session));
        session
    }
}

/// `{name=value,...}application arguments`: runs it, and answers with the variables of the call after it.
///
/// # Errors
/// There is no such application.
pub fn run(core: &'static Core, line: &str) -> Result<String, String> {
    let line = line.trim_start();
    let (variables, rest) = match line.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
        Some((variables, rest)) => (variables, rest),
        None => ("", line),
    };
    let (name, arguments) = rest.split_once(' ').unwrap_or((rest, ""));
    let session = core.applications.begin();
    for (name, value) in variables.split(',').filter_map(|pair| pair.split_once('=')) {
        session.set(name.as_bytes(), value.as_bytes());
    }
    let entry = core.applications.entries.lock().get(name).cloned();
    let entry = entry.ok_or_else(|| format!("there is no application {name}"))?;
    let arguments = CString::new(session.expand(arguments)).map_err(|_| "the arguments hold a NUL")?;
    let call = Arc::clone(&session);
    let thread = std::thread::Builder::new().name("call".to_owned());
    let thread =
        thread.spawn(move || execute(&entry, &call, &arguments)).map_err(|error| error.to_string())?;
    thread.join().map_err(|_| "the call's thread panicked")?;
    Ok(format!("+OK\n{}", session.describe()))
}

fn execute(entry: &Entry, session: &Session, arguments: &CString) {
    // Locked for writing: the module is being unloaded, its applications are as good as gone.
    let Some(_in_use) = entry.in_use.try_read() else { return };
    let handle = (&raw const *session).cast_mut().cast();
    // SAFETY: in_use is held, so the module is mapped and the interface alive; the session and the arguments live for the
    // call.
    unsafe {
        if let Some(function) = (*entry.application).application_function {
            function(handle, arguments.as_ptr());
        }
    }
}
