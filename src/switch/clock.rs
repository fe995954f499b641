//! The time of day as people read it.
#![allow(unsafe_code)]

use std::mem::MaybeUninit;
use std::time::{SystemTime, UNIX_EPOCH};

/// The local time in ISO 8601 with milliseconds and the offset from UTC: `2026-11-22T19:12:32.619+01:00`.
pub fn local_time() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = libc::time_t::try_from(now.as_secs()).unwrap_or(libc::time_t::MAX);
    format(seconds, now.subsec_millis())
}

/// The same of a time in microseconds since 1970.
pub(super) fn time_of(microseconds: i64) -> String {
    let milliseconds = microseconds.div_euclid(1000);
    let rest = u32::try_from(milliseconds.rem_euclid(1000)).unwrap_or_default();
    format(libc::time_t::from(milliseconds.div_euclid(1000)), rest)
}

fn format(seconds: libc::time_t, milliseconds: u32) -> String {
    let mut local = MaybeUninit::<libc::tm>::zeroed();
    // SAFETY: both pointers are valid for the call; an all-zero tm is valid, should the conversion fail.
    let local = unsafe {
        libc::localtime_r(&seconds, local.as_mut_ptr());
        local.assume_init()
    };
    let offset = local.tm_gmtoff / 60;
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{milliseconds:03}{}{:02}:{:02}",
        local.tm_year + 1900,
        local.tm_mon + 1,
        local.tm_mday,
        local.tm_hour,
        local.tm_min,
        local.tm_sec,
        if offset < 0 { '-' } else { '+' },
        offset.abs() / 60,
        offset.abs() % 60,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn microseconds_are_shown_as_milliseconds() {
        assert_eq!(time_of(1_795_374_752_007_999), format(1_795_374_752, 7));
        assert_eq!(time_of(0), format(0, 0));
    }

    #[test]
    fn a_time_is_written_in_iso_8601_with_its_offset() {
        let text = format(1_795_374_752, 7);
        assert_eq!(text.len(), "2026-11-22T19:12:32.007+00:00".len(), "{text}");
        assert!(text.starts_with("2026-11-2") && text[19..].starts_with(".007"), "{text}");
        assert!(matches!(text.as_bytes()[23], b'+' | b'-'), "{text}");
    }
}
