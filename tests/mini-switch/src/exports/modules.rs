//! What a module's load calls to say what it offers.

use crate::pool::{Interface, Pool};
use freeswitch_sys::{
    switch_loadable_module_interface_t, switch_memory_pool_t, switch_module_interface_name_t,
};
use libc::{c_char, c_void};

/// # Safety
/// `pool` is the pool that load was given; `name` is a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn switch_loadable_module_create_module_interface(
    pool: *mut switch_memory_pool_t,
    name: *const c_char,
) -> *mut switch_loadable_module_interface_t {
    // SAFETY: the caller's promise; the pool lives until the module is unloaded.
    unsafe { Pool::create_interface(pool, name) }
}

/// # Safety
/// `module` was made by the function above, in a pool that is alive.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn switch_loadable_module_create_interface(
    module: *mut switch_loadable_module_interface_t,
    kind: switch_module_interface_name_t,
) -> *mut c_void {
    // SAFETY: the caller's promise.
    unsafe { Interface::create(module, kind) }
}
