//! A dialplan application: what a call runs, on the call's own thread.
#![allow(unsafe_code)]

use super::text::text;
use crate::host::Call;
use crate::panics::guard;
use freeswitch_sys as sys;
use std::ffi::{CStr, CString, c_char};
use std::marker::PhantomData;
use std::ptr::{self, NonNull};

/// A dialplan application of the module.
pub trait Application: 'static {
    /// Its name.
    const NAME: &'static CStr;
    /// What it does, for `show application`.
    const DESCRIPTION: &'static CStr;
    /// How it is written.
    const SYNTAX: &'static CStr;
    /// Whether it takes no time: it may then run while the call is routed (`inline`), and after it was hung up.
    const AT_ONCE: bool;

    /// Runs it; `arguments` is what follows the name, its variables expanded.
    fn run(session: &Session<'_>, arguments: &str);
}

/// A call, borrowed for as long as an application runs in it.
#[derive(Debug)]
pub struct Session<'a>(NonNull<sys::switch_channel_t>, PhantomData<&'a sys::switch_core_session_t>);

impl Call for Session<'_> {
    fn set_variable(&self, name: &str, value: Option<&str>) {
        let (Ok(name), Ok(value)) = (CString::new(name), value.map(CString::new).transpose()) else { return };
        let value = value.as_ref().map_or(ptr::null(), |value| value.as_ptr());
        // SAFETY: the channel of a call whose application is running; the texts live for the call and are copied. The core
        // refuses what could be expanded.
        unsafe {
            sys::switch_channel_set_variable_var_check(
                self.0.as_ptr(),
                name.as_ptr(),
                value,
                sys::SWITCH_TRUE,
            )
        };
    }

    fn variable(&self, name: &str) -> Option<String> {
        let name = CString::new(name).ok()?;
        // SAFETY: as above; what comes back is null, or a copy in the call's own pool, which lives as long as the call.
        let value = unsafe {
            sys::switch_channel_get_variable_dup(self.0.as_ptr(), name.as_ptr(), sys::SWITCH_TRUE, -1)
        };
        (!value.is_null()).then(|| text(value))
    }

    fn is_ready(&self) -> bool {
        // SAFETY: as above, on the thread of the call.
        unsafe { sys::switch_channel_test_ready(self.0.as_ptr(), sys::SWITCH_TRUE, sys::SWITCH_FALSE) != 0 }
    }
}

pub(super) unsafe extern "C" fn on_application<A: Application>(
    session: *mut sys::switch_core_session_t,
    data: *const c_char,
) {
    guard("a dialplan application", (), || {
        // SAFETY: the core gives the call that runs the application, whose channel lives as long as it.
        let channel = unsafe { sys::switch_core_session_get_channel(session) };
        let Some(channel) = NonNull::new(channel) else { return };
        A::run(&Session(channel, PhantomData), &text(data));
    });
}

/// What the core has to know about when an application may run.
pub(super) const fn flags<A: Application>() -> u32 {
    let always = sys::SAF_SUPPORT_NOMEDIA;
    if A::AT_ONCE { always | sys::SAF_ROUTING_EXEC | sys::SAF_ZOMBIE_EXEC } else { always }
}
