//! How FreeSWITCH loads and unloads the module.
#![allow(unsafe_code)]

use super::application::{Application, flags, on_application};
use super::command::{Command, on_command};
use crate::panics::guard;
use freeswitch_sys as sys;
use std::ffi::CStr;
use std::ptr::NonNull;

pub use sys::switch_loadable_module_function_table_t as FunctionTable;

/// A FreeSWITCH module.
pub trait Module: 'static {
    /// Its name, the file's without `.so`.
    const NAME: &'static CStr;

    /// Loads it. If this fails nothing may be left behind: the core does not call [`Module::unload`] then.
    ///
    /// # Errors
    /// The reason has been logged.
    fn load(registrar: &Registrar) -> Result<(), NotLoaded>;

    /// Unloads it.
    fn unload() -> Unload;
}

/// The module cannot be loaded; why has been logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotLoaded;

/// What came of unloading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unload {
    /// Everything has ended.
    Done,
    /// A thread goes on: the module must stay mapped.
    KeepMapped,
}

/// What the module may add to the core while it is loaded. It lives as long as the load.
#[derive(Debug)]
pub struct Registrar(NonNull<sys::switch_loadable_module_interface_t>);

impl Registrar {
    /// Adds an API command. The core takes it away before it unloads the module.
    ///
    /// # Errors
    /// The core has no memory.
    pub fn command<C: Command>(&self) -> Result<(), NotLoaded> {
        // SAFETY: a module interface that the core has just made; for this kind it answers with a
        // switch_api_interface_t of its own, or null. The strings are static.
        unsafe {
            let made =
                sys::switch_loadable_module_create_interface(self.0.as_ptr(), sys::SWITCH_API_INTERFACE);
            let api = made.cast::<sys::switch_api_interface_t>().as_mut().ok_or(NotLoaded)?;
            api.interface_name = C::NAME.as_ptr();
            api.desc = C::DESCRIPTION.as_ptr();
            api.syntax = C::SYNTAX.as_ptr();
            api.function = Some(on_command::<C>);
        }
        Ok(())
    }

    /// Adds a dialplan application. The core takes it away before it unloads the module, which it refuses while a call
    /// runs it, unless it is forced or ends.
    ///
    /// # Errors
    /// The core has no memory.
    pub fn application<A: Application>(&self) -> Result<(), NotLoaded> {
        // SAFETY: as above; for this kind it answers with a switch_application_interface_t of its own, or null.
        unsafe {
            let kind = sys::SWITCH_APPLICATION_INTERFACE;
            let made = sys::switch_loadable_module_create_interface(self.0.as_ptr(), kind);
            let application = made.cast::<sys::switch_application_interface_t>().as_mut().ok_or(NotLoaded)?;
            application.interface_name = A::NAME.as_ptr();
            application.application_function = Some(on_application::<A>);
            application.long_desc = A::DESCRIPTION.as_ptr();
            application.short_desc = A::DESCRIPTION.as_ptr();
            application.syntax = A::SYNTAX.as_ptr();
            application.flags = flags::<A>();
        }
        Ok(())
    }
}

/// The table that the core looks for in the module.
pub const fn function_table<M: Module>() -> FunctionTable {
    FunctionTable {
        switch_api_version: sys::SWITCH_API_VERSION,
        load: Some(on_load::<M>),
        shutdown: Some(on_shutdown::<M>),
        runtime: None,
        flags: 0,
    }
}

/// Exports the function table of a [`Module`] under the name for which the core looks.
#[macro_export]
macro_rules! export_module {
    ($symbol:ident, $module:ty) => {
        /// What FreeSWITCH looks for in the file.
        #[allow(unsafe_code)]
        #[allow(non_upper_case_globals)]
        #[unsafe(no_mangle)]
        pub static $symbol: $crate::switch::FunctionTable = $crate::switch::function_table::<$module>();
    };
}

unsafe extern "C" fn on_load<M: Module>(
    interface: *mut *mut sys::switch_loadable_module_interface_t,
    pool: *mut sys::switch_memory_pool_t,
) -> sys::switch_status_t {
    guard("loading the module", sys::SWITCH_STATUS_GENERR, || {
        // SAFETY: the core gives the module's pool and a place for the result; the name is copied.
        let made = unsafe { sys::switch_loadable_module_create_module_interface(pool, M::NAME.as_ptr()) };
        let Some(made) = NonNull::new(made) else { return sys::SWITCH_STATUS_MEMERR };
        if M::load(&Registrar(made)).is_err() {
            return sys::SWITCH_STATUS_GENERR;
        }
        // SAFETY: as above.
        unsafe { *interface = made.as_ptr() };
        sys::SWITCH_STATUS_SUCCESS
    })
}

unsafe extern "C" fn on_shutdown<M: Module>() -> sys::switch_status_t {
    guard("unloading the module", sys::SWITCH_STATUS_NOUNLOAD, || match M::unload() {
        Unload::Done => sys::SWITCH_STATUS_SUCCESS,
        Unload::KeepMapped => sys::SWITCH_STATUS_NOUNLOAD,
    })
}
