//! Log lines to FreeSWITCH's console and log modules.
#![allow(unsafe_code)]

use crate::config::LogLevel;
use crate::logging::Console;
use freeswitch_sys as sys;
use std::ffi::CString;
use std::ptr;

/// FreeSWITCH's own log.
#[derive(Debug, Clone, Copy, Default)]
pub struct CoreConsole;

impl Console for CoreConsole {
    fn write(&self, level: LogLevel, text: &str) {
        let mut line = text.replace('\0', "\u{FFFD}");
        line.push('\n');
        let Ok(line) = CString::new(line) else { return };
        let name = c"mod_mosquitto".as_ptr();
        // SAFETY: every string lives for the call, and the text is an argument of "%s", never a format.
        unsafe {
            sys::switch_log_printf(
                sys::SWITCH_CHANNEL_ID_LOG,
                name,
                name,
                1,
                ptr::null(),
                number(level),
                c"%s".as_ptr(),
                line.as_ptr(),
            );
        }
    }
}

pub(super) fn number(level: LogLevel) -> sys::switch_log_level_t {
    match level {
        LogLevel::Console => sys::SWITCH_LOG_CONSOLE,
        LogLevel::Alert => sys::SWITCH_LOG_ALERT,
        LogLevel::Critical => sys::SWITCH_LOG_CRIT,
        LogLevel::Error => sys::SWITCH_LOG_ERROR,
        LogLevel::Warning => sys::SWITCH_LOG_WARNING,
        LogLevel::Notice => sys::SWITCH_LOG_NOTICE,
        LogLevel::Info => sys::SWITCH_LOG_INFO,
        LogLevel::Debug => sys::SWITCH_LOG_DEBUG,
    }
}
