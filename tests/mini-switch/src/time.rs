//! Dates as the core writes them into its events.

use libc::{time_t, tm};
use std::ffi::CStr;
use std::time::{Duration, SystemTime};

/// Since 1970.
pub fn now() -> Duration {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}

/// `2026-11-22 19:12:32`, in local time.
pub fn local(at: Duration) -> String {
    // SAFETY: localtime_r reads the time and fills the structure, both of which it is given.
    write(at, c"%Y-%m-%d %H:%M:%S", |t, out| unsafe { libc::localtime_r(t, out) })
}

/// `Sun, 22 Nov 2026 19:12:32 GMT`.
pub fn gmt(at: Duration) -> String {
    // SAFETY: gmtime_r reads the time and fills the structure, both of which it is given.
    write(at, c"%a, %d %b %Y %H:%M:%S GMT", |t, out| unsafe { libc::gmtime_r(t, out) })
}

fn write(at: Duration, format: &CStr, split: impl Fn(&time_t, &mut tm) -> *mut tm) -> String {
    // SAFETY: tm is plain data for which all zeros are valid.
    let mut parts: tm = unsafe { std::mem::zeroed() };
    split(&(at.as_secs() as time_t), &mut parts);
    let mut text = [0u8; 80];
    // SAFETY: strftime writes at most text.len() bytes; format is a C string and parts was filled above.
    let len = unsafe { libc::strftime(text.as_mut_ptr().cast(), text.len(), format.as_ptr(), &parts) };
    String::from_utf8_lossy(&text[..len]).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gmt_is_written_like_the_core_does() {
        assert_eq!(gmt(Duration::from_secs(1_795_374_752)), "Sun, 22 Nov 2026 19:12:32 GMT");
        assert_eq!(local(Duration::from_secs(0)).len(), 19);
    }
}
