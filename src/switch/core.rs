//! Names, numbers and folders of the core.
#![allow(unsafe_code)]

use super::text::{take_text, text};
use crate::host::{EventNumber, Host, NewEvent, Turn};
use freeswitch_sys as sys;
use std::ffi::{CStr, CString};

/// The FreeSWITCH that has loaded the module.
#[derive(Debug, Clone, Copy, Default)]
pub struct Core;

impl Core {
    /// The version, as `1.10.12-release`.
    pub fn version(self) -> String {
        // SAFETY: returns a static string.
        text(unsafe { sys::switch_version_full() })
    }

    /// The version of the module interface, as in `SWITCH_API_VERSION`.
    pub fn api_version(self) -> i32 {
        sys::SWITCH_API_VERSION
    }

    fn variable(self, name: &CStr) -> Option<String> {
        // SAFETY: the name lives for the call; the result is null or a string from malloc that is ours.
        unsafe { take_text(sys::switch_core_get_variable_dup(name.as_ptr())) }
    }
}

impl Host for Core {
    fn event_number(&self, name: &str) -> Option<EventNumber> {
        let name = CString::new(name).ok()?;
        let mut number = 0;
        // SAFETY: the name and the number live for the call.
        let status = unsafe { sys::switch_name_event(name.as_ptr(), &mut number) };
        (status == sys::SWITCH_STATUS_SUCCESS).then_some(EventNumber(number))
    }

    fn hostname(&self) -> String {
        // SAFETY: returns a string that lives as long as the core.
        text(unsafe { sys::switch_core_get_hostname() })
    }

    fn switchname(&self) -> String {
        // SAFETY: returns a string that lives as long as the core.
        text(unsafe { sys::switch_core_get_switchname() })
    }

    fn log_dir(&self) -> String {
        self.variable(c"log_dir").unwrap_or_else(|| "/var/log/freeswitch".to_owned())
    }

    fn configuration(&self) -> Result<String, String> {
        super::configuration(c"mosquitto.conf").map_err(|error| error.to_string())
    }

    fn execute(&self, command: &str, arguments: &str) -> Result<String, String> {
        super::execute::execute(command, arguments)
    }

    fn fire(&self, event: &NewEvent) -> Result<(), String> {
        super::fire::fire(event)
    }

    fn thread_started(&self, turn: Turn) {
        // FreeSWITCH runs its media at real-time priority, and a thread inherits that: events can wait, media cannot.
        let ordinary = libc::sched_param { sched_priority: 0 };
        // sched(7): a batch thread has its share as any other, but preempts nobody when it wakes up.
        let policy = match turn {
            Turn::Soon => libc::SCHED_OTHER,
            Turn::Later => libc::SCHED_BATCH,
        };
        // SAFETY: changes the calling thread only. Where it is not allowed, the thread stays as it is.
        unsafe { libc::pthread_setschedparam(libc::pthread_self(), policy, &ordinary) };
    }
}
