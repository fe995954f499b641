//! What a module's load allocates from the core: its interface, its API commands and its dialplan applications. Freed as a whole when the
//! module is unloaded or its load fails, as the core's pools are.

use crate::cstr;
use crate::output::die;
use freeswitch_sys::{
    SWITCH_API_INTERFACE, SWITCH_APPLICATION_INTERFACE, switch_api_interface_t,
    switch_application_interface_t, switch_loadable_module_interface_t, switch_memory_pool_t,
    switch_module_interface_name_t,
};
use libc::{c_char, c_void};
use parking_lot::{Mutex, RwLock};
use std::ptr::{null, null_mut};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

static LIVE: AtomicUsize = AtomicUsize::new(0);

/// How many pools exist.
pub fn live() -> usize {
    LIVE.load(SeqCst)
}

/// A module's pool. The module sees its address as a `switch_memory_pool_t`.
#[derive(Debug)]
pub struct Pool {
    interfaces: Mutex<Vec<Arc<Interface>>>,
}

/// What a module offers. The module sees its address as a `switch_loadable_module_interface_t`.
#[derive(Debug)]
pub struct Interface {
    /// The name that the module gave.
    pub name: String,
    /// Held for reading while a command of the module runs.
    pub in_use: Arc<RwLock<()>>,
    apis: Mutex<Vec<*mut switch_api_interface_t>>,
    applications: Mutex<Vec<*mut switch_application_interface_t>>,
}

// SAFETY: the lists of interfaces are under locks; what lies in them is written by the module's load only.
unsafe impl Send for Interface {}
// SAFETY: as above.
unsafe impl Sync for Interface {}

impl Pool {
    /// An empty one.
    pub fn new() -> Box<Self> {
        LIVE.fetch_add(1, SeqCst);
        Box::new(Self { interfaces: Mutex::new(Vec::new()) })
    }

    /// Its address, as the module sees it.
    pub fn handle(&self) -> *mut switch_memory_pool_t {
        (&raw const *self).cast_mut().cast()
    }

    /// # Safety
    /// `pool` came from [`Pool::handle`] of a pool that is alive, and `name` is a C string.
    pub unsafe fn create_interface(
        pool: *mut switch_memory_pool_t,
        name: *const c_char,
    ) -> *mut switch_loadable_module_interface_t {
        if pool.is_null() || name.is_null() {
            die("create_module_interface: the pool or the name is null");
        }
        // SAFETY: the caller's promise.
        let (pool, name) = unsafe { (&*pool.cast::<Self>(), cstr::text(name)) };
        let (apis, applications) = (Mutex::default(), Mutex::default());
        let interface = Arc::new(Interface { name, in_use: Arc::default(), apis, applications });
        let handle = Arc::as_ptr(&interface).cast_mut().cast();
        pool.interfaces.lock().push(interface);
        handle
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        LIVE.fetch_sub(1, SeqCst);
    }
}

impl Interface {
    /// # Safety
    /// `module` came from [`Pool::create_interface`] and its pool is alive.
    pub unsafe fn create(
        module: *mut switch_loadable_module_interface_t,
        kind: switch_module_interface_name_t,
    ) -> *mut c_void {
        if module.is_null() {
            die("create_interface: the module interface is null");
        }
        // SAFETY: the caller's promise.
        let interface = unsafe { &*module.cast::<Self>() };
        match kind {
            SWITCH_API_INTERFACE => interface.create_api(module),
            SWITCH_APPLICATION_INTERFACE => interface.create_application(module),
            _ => die(&format!("create_interface: interfaces of kind {kind} are not played here")),
        }
    }

    fn create_application(&self, module: *mut switch_loadable_module_interface_t) -> *mut c_void {
        let application = Box::into_raw(Box::new(switch_application_interface_t {
            interface_name: null(),
            application_function: None,
            long_desc: null(),
            short_desc: null(),
            syntax: null(),
            flags: 0,
            rwlock: null_mut(),
            refs: 0,
            reflock: null_mut(),
            parent: module,
            next: null_mut(),
        }));
        let mut applications = self.applications.lock();
        if let Some(&last) = applications.last() {
            // SAFETY: made by Box::into_raw above in an earlier call; freed only with the interface.
            unsafe { (*last).next = application };
        }
        applications.push(application);
        application.cast()
    }

    fn create_api(&self, module: *mut switch_loadable_module_interface_t) -> *mut c_void {
        let api = Box::into_raw(Box::new(switch_api_interface_t {
            interface_name: null(),
            desc: null(),
            function: None,
            syntax: null(),
            rwlock: null_mut(),
            refs: 0,
            reflock: null_mut(),
            parent: module,
            next: null_mut(),
        }));
        let mut apis = self.apis.lock();
        if let Some(&last) = apis.last() {
            // SAFETY: made by Box::into_raw above in an earlier call; freed only with the interface.
            unsafe { (*last).next = api };
        }
        apis.push(api);
        api.cast()
    }

    /// The API commands, in the order in which they were made.
    pub fn apis(&self) -> Vec<*const switch_api_interface_t> {
        self.apis.lock().iter().map(|&api| api.cast_const()).collect()
    }

    /// The dialplan applications, in the order in which they were made.
    pub fn applications(&self) -> Vec<*const switch_application_interface_t> {
        self.applications.lock().iter().map(|&application| application.cast_const()).collect()
    }
}

impl Drop for Interface {
    fn drop(&mut self) {
        for api in self.apis.get_mut().drain(..) {
            // SAFETY: made by Box::into_raw in create, and in this list only.
            drop(unsafe { Box::from_raw(api) });
        }
        for application in self.applications.get_mut().drain(..) {
            // SAFETY: as above, in create_application.
            drop(unsafe { Box::from_raw(application) });
        }
    }
}
