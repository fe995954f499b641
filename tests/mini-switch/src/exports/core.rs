//! Log, console, variables, names, commands.

use crate::api;
use crate::complete;
use crate::core::core;
use crate::cstr;
use crate::loggers::Line;
use crate::stream;
use crate::uuid;
use freeswitch_sys::{
    SWITCH_CHANNEL_ID_LOG_CLEAN, SWITCH_STATUS_FALSE, SWITCH_STATUS_SUCCESS, switch_bool_t,
    switch_console_callback_match_t, switch_console_complete_callback_t, switch_core_session_t,
    switch_log_function_t, switch_log_level_t, switch_size_t, switch_status_t, switch_stream_handle_t,
    switch_text_channel_t,
};
use libc::{c_char, c_int};
use std::ffi::OsStr;
use std::path::Path;

/// # Safety
/// The strings are C strings or null; the format is `%s` and is followed by one C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn switch_log_printf(
    channel: switch_text_channel_t,
    file: *const c_char,
    func: *const c_char,
    line: c_int,
    userdata: *const c_char,
    level: switch_log_level_t,
    fmt: *const c_char,
    text: *const c_char,
) {
    // SAFETY: the caller's promise. Callers see a variadic function: on x86-64 (System V) and AArch64 Linux an
    // integer argument after the named ones travels as the next named one would. It is read only once the format
    // is known to be %s.
    let (file, func, uuid, text) = unsafe {
        stream::check_format("switch_log_printf", fmt);
        (cstr::text(file), cstr::text(func), cstr::bytes(userdata), cstr::bytes(text).unwrap_or(b"(null)"))
    };
    let name = |part: Option<&OsStr>| part.map(|name| name.to_string_lossy().into_owned());
    let source = name(Path::new(&file).file_stem()).filter(|_| channel != SWITCH_CHANNEL_ID_LOG_CLEAN);
    let file = name(Path::new(&file).file_name()).unwrap_or_default();
    let mut logged = Line::new(&file, &func, usize::try_from(level).unwrap_or(0), text);
    logged.line = line.unsigned_abs();
    logged.uuid = uuid.map(<[u8]>::to_vec);
    core().output.log_line(&logged, source.as_deref());
}

/// # Safety
/// `function` may be called by the log thread until unbind has returned.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn switch_log_bind_logger(
    function: switch_log_function_t,
    level: switch_log_level_t,
    _is_console: switch_bool_t,
) -> switch_status_t {
    core().output.loggers.bind(function, level);
    SWITCH_STATUS_SUCCESS
}

#[unsafe(no_mangle)]
extern "C" fn switch_log_unbind_logger(function: switch_log_function_t) -> switch_status_t {
    status(core().output.loggers.unbind(function))
}

/// # Safety
/// `string` is a C string or null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn switch_console_set_complete(string: *const c_char) -> switch_status_t {
    // SAFETY: the caller's promise.
    let line = unsafe { cstr::text(string) };
    status(core().completions.set(&line))
}

/// # Safety
/// `name` is a C string; `cb` may be called until the name is taken away.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn switch_console_add_complete_func(
    name: *const c_char,
    cb: switch_console_complete_callback_t,
) -> switch_status_t {
    // SAFETY: the caller's promise.
    core().completions.add_function(unsafe { cstr::text(name) }, cb);
    SWITCH_STATUS_SUCCESS
}

/// # Safety
/// `name` is a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn switch_console_del_complete_func(name: *const c_char) -> switch_status_t {
    // SAFETY: the caller's promise.
    core().completions.del_function(&unsafe { cstr::text(name) });
    SWITCH_STATUS_SUCCESS
}

/// # Safety
/// `matches` points to null or to a list that this function made; `new_val` is a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn switch_console_push_match(
    matches: *mut *mut switch_console_callback_match_t,
    new_val: *const c_char,
) {
    // SAFETY: the caller's promise.
    unsafe { complete::push_match(matches, new_val) }
}

/// # Safety
/// `varname` is a C string or null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn switch_core_get_variable_dup(varname: *const c_char) -> *mut c_char {
    // SAFETY: the caller's promise.
    let value = core().vars.get(&unsafe { cstr::text(varname) });
    value.map_or(std::ptr::null_mut(), |v| cstr::dup(v.as_bytes()))
}

#[unsafe(no_mangle)]
extern "C" fn switch_core_get_hostname() -> *const c_char {
    core().hostname.as_ptr()
}

#[unsafe(no_mangle)]
extern "C" fn switch_core_get_switchname() -> *const c_char {
    core().switchname.as_ptr()
}

#[unsafe(no_mangle)]
extern "C" fn switch_version_full() -> *const c_char {
    core().version.as_ptr()
}

/// # Safety
/// `cmd` is a C string, `arg` is one or null, and `stream` is a stream of the core's layout.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn switch_api_execute(
    cmd: *const c_char,
    arg: *const c_char,
    session: *mut switch_core_session_t,
    stream: *mut switch_stream_handle_t,
) -> switch_status_t {
    // SAFETY: the caller's promise.
    unsafe { api::execute(core(), &cstr::text(cmd), cstr::bytes(arg).unwrap_or_default(), session, stream) }
}

/// # Safety
/// `buf` has room for `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn switch_uuid_str(buf: *mut c_char, len: switch_size_t) -> *mut c_char {
    let uuid = uuid::new();
    let count = uuid.len().min(len.saturating_sub(1));
    if len > 0 {
        // SAFETY: count and the NUL after it are within len, for which the caller has room.
        unsafe {
            std::ptr::copy_nonoverlapping(uuid.as_ptr(), buf.cast::<u8>(), count);
            buf.add(count).write(0);
        }
    }
    buf
}

fn status(ok: bool) -> switch_status_t {
    if ok { SWITCH_STATUS_SUCCESS } else { SWITCH_STATUS_FALSE }
}
