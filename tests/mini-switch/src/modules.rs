//! Loading and unloading of modules, in the core's order.
//!
//! Runs on whichever thread asks. One load or unload at a time, as with the core's load, unload and reload
//! commands; a module that loads modules from inside its load would wait for itself here as there.

use crate::core::Core;
use crate::dso::{self, Library};
use crate::pool::{Interface, Pool};
use freeswitch_sys::{
    SWITCH_STATUS_NOUNLOAD, SWITCH_STATUS_SUCCESS, switch_loadable_module_interface_t,
    switch_module_shutdown_t,
};
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::ptr::null_mut;

/// A loaded module. Dropping its pool frees its interface, so the library goes first.
#[derive(Debug)]
struct Module {
    path: PathBuf,
    library: Library,
    pool: Box<Pool>,
    interface: *mut switch_loadable_module_interface_t,
    shutdown: Option<switch_module_shutdown_t>,
    permanent: bool,
}

// SAFETY: the interface lies in the pool, which moves with it; both are used under the lock of Modules or by the
// one thread that unloads.
unsafe impl Send for Module {}

impl Module {
    fn interface(&self) -> &Interface {
        // SAFETY: made by Pool::create_interface in this pool, which is alive.
        unsafe { &*self.interface.cast::<Interface>() }
    }
}

/// Loaded modules by name.
#[derive(Debug, Default)]
pub struct Modules {
    one_at_a_time: Mutex<()>,
    loaded: Mutex<BTreeMap<String, Module>>,
}

impl Modules {
    /// Loads a module. A load that fails is closed without a call to shutdown.
    ///
    /// # Errors
    /// In the words of the core's `load`.
    pub fn load(&self, core: &Core, module: &str) -> Result<(), &'static str> {
        let _turn = self.one_at_a_time.lock();
        let (name, path) = dso::locate(&core.options.mod_dir, module);
        if self.loaded.lock().contains_key(&name) {
            core.output.say("WARNING", &format!("{name} is loaded already"));
            return Err("Module already loaded");
        }
        let loaded = open(&name, path.clone()).map_err(|why| {
            core.output.say("CRIT", &format!("loading {} failed: {why}", path.display()));
            "module load file routine returned an error"
        })?;
        let apis = core.apis.add(&name, loaded.interface());
        core.applications.add(&name, loaded.interface());
        core.output.say("CONSOLE", &format!("loaded {} ({})", loaded.interface().name, apis.join(" ")));
        self.loaded.lock().insert(name.clone(), loaded);
        announce(core, "MODULE_LOAD", &name, &apis);
        Ok(())
    }

    /// Unloads a module: refused while one of its commands runs, unless forced.
    ///
    /// # Errors
    /// In the words of the core's `unload`.
    pub fn unload(&self, core: &Core, module: &str, force: bool) -> Result<(), &'static str> {
        let _turn = self.one_at_a_time.lock();
        let name = dso::locate(&core.options.mod_dir, module).0;
        let module = self.loaded.lock().remove(&name).ok_or("No such module!")?;
        if module.permanent {
            self.loaded.lock().insert(name, module);
            return Err("Module is not unloadable");
        }
        let in_use = std::sync::Arc::clone(&module.interface().in_use);
        let guard = in_use.try_write();
        if guard.is_none() && !force {
            core.output.say("WARNING", &format!("{name} is in use and stays loaded"));
            self.loaded.lock().insert(name, module);
            return Err("Module in use.");
        }
        stop(core, &name, module, true);
        Ok(())
    }

    /// What the end of the core does: every module is shut down, whether in use or not. Nothing is closed while a
    /// job may still be inside it.
    pub fn shutdown(&self, core: &Core) {
        let _turn = self.one_at_a_time.lock();
        while let Some((name, module)) = { self.loaded.lock().pop_first() } {
            stop(core, &name, module, core.jobs.running() == 0);
        }
    }

    /// `name,path` of each module.
    pub fn describe(&self) -> Vec<String> {
        self.loaded.lock().iter().map(|(name, m)| format!("{name},{}", m.path.display())).collect()
    }
}

fn open(name: &str, path: PathBuf) -> Result<Module, String> {
    let library = Library::open(&path)?;
    let pool = Pool::new();
    match call_load(&library, name, &pool) {
        Ok((interface, shutdown, permanent)) => {
            Ok(Module { path, library, pool, interface, shutdown, permanent })
        }
        Err(why) => {
            library.close();
            Err(why)
        }
    }
}

type Loaded = (*mut switch_loadable_module_interface_t, Option<switch_module_shutdown_t>, bool);

fn call_load(library: &Library, name: &str, pool: &Pool) -> Result<Loaded, String> {
    let table = library.table(name)?;
    if table.runtime.is_some() || table.flags != 0 {
        return Err("a runtime function and flags are not played here".to_owned());
    }
    let load = table.load.ok_or("it has no load function")?;
    let mut interface = null_mut();
    // SAFETY: the module's own entry point, called as its table declares it; the pool outlives the module.
    let status = unsafe { load(&raw mut interface, pool.handle()) };
    if status != SWITCH_STATUS_SUCCESS && status != SWITCH_STATUS_NOUNLOAD {
        return Err(format!("its load function returned {status}"));
    }
    if interface.is_null() {
        return Err("its load function made no interface".to_owned());
    }
    Ok((interface, table.shutdown, status == SWITCH_STATUS_NOUNLOAD))
}

/// Interfaces away, shutdown, close, pool: in this order. A module that answers NOUNLOAD keeps its mapping and
/// its pool.
fn stop(core: &Core, name: &str, module: Module, close: bool) {
    let apis: Vec<String> = core.apis.names_of(name);
    core.apis.remove(name);
    core.applications.remove(name);
    announce(core, "MODULE_UNLOAD", name, &apis);
    core.output.say("CONSOLE", &format!("stopping {name}"));
    let status = match module.shutdown {
        // SAFETY: the module's own entry point; its interfaces are gone, and it is called once.
        Some(shutdown) => unsafe { shutdown() },
        None => SWITCH_STATUS_SUCCESS,
    };
    if status == SWITCH_STATUS_NOUNLOAD || !close {
        core.output.say("NOTICE", &format!("{name} stays mapped"));
        std::mem::forget(module);
        return;
    }
    let Module { library, pool, .. } = module;
    library.close();
    drop(pool);
    core.output.say("CONSOLE", &format!("unloaded {name}"));
}

fn announce(core: &Core, event_name: &str, module: &str, apis: &[String]) {
    if !core.options.noisy {
        return;
    }
    for api in apis {
        let mut event = core.new_event(event_name, "modules");
        event.add("type", "api");
        event.add("name", api);
        event.add("key", module);
        event.add("filename", module);
        core.events.fire(event);
    }
}
