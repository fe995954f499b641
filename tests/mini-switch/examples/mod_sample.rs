//! A module that does a little of everything a module does, so that the stand-in can be proven without the real
//! one: it binds ALL and a subclass, has one command, logs, completes, and reads `sample.conf`.

use freeswitch_sys::*;
use libc::{c_char, c_int, c_void};
use std::ffi::CString;
use std::ptr::{null, null_mut};
use std::sync::atomic::{AtomicPtr, AtomicU64, Ordering::SeqCst};

static ALL: AtomicU64 = AtomicU64::new(0);
static SUB: AtomicU64 = AtomicU64::new(0);
static NODES: [AtomicPtr<switch_event_node_t>; 2] = [const { AtomicPtr::new(null_mut()) }; 2];

/// What FreeSWITCH looks for in `mod_sample.so`.
#[unsafe(no_mangle)]
#[allow(non_upper_case_globals)]
pub static mut mod_sample_module_interface: switch_loadable_module_function_table_t =
    switch_loadable_module_function_table_t {
        switch_api_version: SWITCH_API_VERSION,
        load: Some(load),
        shutdown: Some(shutdown),
        runtime: None,
        flags: 0,
    };

fn log(level: c_int, text: &str) {
    let text = CString::new(text).unwrap_or_default();
    // SAFETY: the strings outlive the call, and the format is %s with one string.
    unsafe {
        let (file, func) = (c"mod_sample.rs".as_ptr(), c"f".as_ptr());
        switch_log_printf(SWITCH_CHANNEL_ID_LOG, file, func, 1, null(), level, c"%s".as_ptr(), text.as_ptr());
    }
}

unsafe extern "C" fn count(event: *mut switch_event_t) {
    // SAFETY: the event is alive during the callback; its user data is one of the counters above.
    unsafe { (*(*event).bind_user_data.cast::<AtomicU64>()).fetch_add(1, SeqCst) };
}

unsafe extern "C" fn offer(
    _line: *const c_char,
    _cursor: *const c_char,
    matches: *mut *mut switch_console_callback_match_t,
) -> switch_status_t {
    let mut list = null_mut();
    // SAFETY: the list is started here with null, as push_match wants it; matches points to the core's pointer.
    unsafe {
        switch_console_push_match(&raw mut list, c"two".as_ptr());
        switch_console_push_match(&raw mut list, c"one".as_ptr());
        matches.write(list);
    }
    SWITCH_STATUS_SUCCESS
}

unsafe extern "C" fn load(
    interface: *mut *mut switch_loadable_module_interface_t,
    pool: *mut switch_memory_pool_t,
) -> switch_status_t {
    // SAFETY: called by the core with its pool and a place for the interface; every string is static, and what is
    // bound is unbound in shutdown.
    unsafe {
        let mut node = null_mut();
        let xml = switch_xml_open_cfg(c"sample.conf".as_ptr(), &raw mut node, null_mut());
        if xml.is_null() {
            log(SWITCH_LOG_ERROR, "no sample.conf");
            return SWITCH_STATUS_FALSE;
        }
        let text = switch_xml_toxml_ex(node, SWITCH_FALSE, SWITCH_TRUE);
        switch_xml_free(xml);
        log(SWITCH_LOG_WARNING, &std::ffi::CStr::from_ptr(text).to_string_lossy());
        libc::free(text.cast());

        let own = switch_loadable_module_create_module_interface(pool, c"mod_sample".as_ptr());
        let api = switch_loadable_module_create_interface(own, SWITCH_API_INTERFACE)
            .cast::<switch_api_interface_t>();
        (*api).interface_name = c"sample".as_ptr();
        (*api).desc = c"counts".as_ptr();
        (*api).syntax = c"all|sub|sleep|fail|silent|raw".as_ptr();
        (*api).function = Some(command);
        interface.write(own);

        let id = c"sample".as_ptr();
        let (mut all, mut custom) = (-1, -1);
        switch_name_event(c"SWITCH_EVENT_ALL".as_ptr(), &raw mut all);
        switch_name_event(c"custom".as_ptr(), &raw mut custom);
        for (i, (number, subclass, counter)) in
            [(all, null(), &ALL), (custom, c"sample::x".as_ptr(), &SUB)].into_iter().enumerate()
        {
            counter.store(0, SeqCst);
            let (mut node, data) = (null_mut(), (&raw const *counter).cast_mut().cast::<c_void>());
            switch_event_bind_removable(id, number, subclass, count, data, &raw mut node);
            NODES[i].store(node, SeqCst);
        }
        switch_console_set_complete(c"add sample all".as_ptr());
        switch_console_set_complete(c"add sample sub ::sample::names".as_ptr());
        switch_console_add_complete_func(c"::sample::names".as_ptr(), offer);
    }
    SWITCH_STATUS_SUCCESS
}

unsafe extern "C" fn shutdown() -> switch_status_t {
    for node in &NODES {
        let mut handle = node.swap(null_mut(), SeqCst);
        // SAFETY: handle is what bind gave.
        unsafe { switch_event_unbind(&raw mut handle) };
    }
    // SAFETY: static C strings.
    unsafe {
        switch_console_del_complete_func(c"::sample::names".as_ptr());
        switch_console_set_complete(c"del sample".as_ptr());
    }
    SWITCH_STATUS_SUCCESS
}

unsafe extern "C" fn command(
    cmd: *const c_char,
    _session: *mut switch_core_session_t,
    stream: *mut switch_stream_handle_t,
) -> switch_status_t {
    let cmd = match cmd {
        none if none.is_null() => "",
        // SAFETY: not null, so a C string that outlives the call.
        some => unsafe { std::ffi::CStr::from_ptr(some) }.to_str().unwrap_or("?"),
    };
    let answer = match cmd {
        "all" => format!("all={}\n", ALL.load(SeqCst)),
        "sub" => format!("sub={}\n", SUB.load(SeqCst)),
        "sleep" => {
            std::thread::sleep(std::time::Duration::from_millis(700));
            "slept\n".to_owned()
        }
        "fail" => return SWITCH_STATUS_FALSE,
        "silent" => return SWITCH_STATUS_SUCCESS,
        other => format!("what is %s {other}\n"),
    };
    let (text, fmt) = (CString::new(answer).unwrap_or_default(), c"%s");
    // "raw" shows what happens to a text that is used as a format.
    let fmt = if cmd == "raw" { text.as_ptr() } else { fmt.as_ptr() };
    // SAFETY: the stream is the core's; the format is %s with one string, except where the core has to notice.
    unsafe { ((*stream).write_function.unwrap())(stream, fmt, text.as_ptr()) }
}
