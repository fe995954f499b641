//! A module with mistakes in it, each made when its command asks for it: shows that the tools of `scripts/sanitize` see
//! them in a module.

use freeswitch_sys::*;
use libc::{c_char, c_int};
use std::hint::black_box;

use std::sync::Barrier;

/// What FreeSWITCH looks for in `mod_unsound.so`.
#[unsafe(no_mangle)]
#[allow(non_upper_case_globals)]
pub static mut mod_unsound_module_interface: switch_loadable_module_function_table_t =
    switch_loadable_module_function_table_t {
        switch_api_version: SWITCH_API_VERSION,
        load: Some(load),
        shutdown: None,
        runtime: None,
        flags: 0,
    };

unsafe extern "C" fn load(
    interface: *mut *mut switch_loadable_module_interface_t,
    pool: *mut switch_memory_pool_t,
) -> switch_status_t {
    // SAFETY: called by the core with its pool and a place for the interface; every string is static.
    unsafe {
        let own = switch_loadable_module_create_module_interface(pool, c"mod_unsound".as_ptr());
        let api = switch_loadable_module_create_interface(own, SWITCH_API_INTERFACE)
            .cast::<switch_api_interface_t>();
        (*api).interface_name = c"unsound".as_ptr();
        (*api).desc = c"makes a mistake".as_ptr();
        (*api).syntax = c"overflow|freed|leak|race".as_ptr();
        (*api).function = Some(command);
        interface.write(own);
    }
    SWITCH_STATUS_SUCCESS
}

unsafe extern "C" fn command(
    cmd: *const c_char,
    _session: *mut switch_core_session_t,
    stream: *mut switch_stream_handle_t,
) -> switch_status_t {
    // SAFETY: null, or a C string that outlives the call.
    let cmd = (!cmd.is_null()).then(|| unsafe { std::ffi::CStr::from_ptr(cmd) }.to_bytes());
    match cmd {
        Some(b"overflow") => overflow(),
        Some(b"freed") => freed(),
        Some(b"leak") => leak(),
        Some(b"race") => race(),
        _ => return SWITCH_STATUS_FALSE,
    }
    // SAFETY: the stream is the core's; the format is %s with one string.
    unsafe { ((*stream).write_function.unwrap())(stream, c"%s".as_ptr(), c"done\n".as_ptr()) }
}

/// Reads the byte behind a block.
fn overflow() {
    let block = black_box(vec![1_u8; 24]);
    // SAFETY: none. This is the mistake.
    black_box(unsafe { block.as_ptr().add(block.len()).read_volatile() });
}

/// Reads a block that is no longer there.
fn freed() {
    let block = black_box(vec![1_u8; 24]);
    let pointer = block.as_ptr();
    drop(block);
    // SAFETY: none. This is the mistake.
    black_box(unsafe { pointer.read_volatile() });
}

/// Forgets many blocks: one of them might still be seen in a register.
fn leak() {
    for _ in 0..100 {
        std::mem::forget(black_box(vec![1_u8; 24]));
    }
}

/// Two threads write to one place without a word to each other.
fn race() {
    static mut PLACE: c_int = 0;
    let begin = Barrier::new(2);
    let write = |value| {
        begin.wait();
        for _ in 0..1000 {
            // SAFETY: none. This is the mistake.
            unsafe { (&raw mut PLACE).write_volatile(value) };
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(|| write(1));
        scope.spawn(|| write(2));
    });
}
