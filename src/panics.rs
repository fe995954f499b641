//! Nothing may unwind into C: a panic becomes a CRIT line and an error code.
//!
//! Every `extern "C"` function and every thread body goes through [`guard`].

use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

// With `panic = "abort"` a panic would take the whole switch down, whatever is done here.
#[cfg(not(panic = "unwind"))]
compile_error!("mod_mosquitto must be built with panic = \"unwind\": a panic would take FreeSWITCH down");

thread_local! {
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs `body`; if it panics, says so in a CRIT line that names `place`, and returns `fallback`.
pub fn guard<T>(place: &str, fallback: T, body: impl FnOnce() -> T) -> T {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(value) => value,
        Err(payload) => {
            let what = LAST.take().unwrap_or_else(|| message(&*payload).to_owned());
            // A panic's payload may panic when it is dropped; a string cannot, and anything else is let go.
            std::mem::forget(payload);
            let said = || crate::logging::critical(format_args!("{place} panicked: {what}"));
            let _nothing_left_to_say = catch_unwind(AssertUnwindSafe(said));
            fallback
        }
    }
}

/// Keeps what a panic says, and where, for the CRIT line, instead of writing it to standard error. Other Rust modules
/// in the process have a standard library, and a hook, of their own.
pub fn install_hook() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        let text = format!("{} at {place}", message(info.payload()));
        LAST.set(Some(text));
    }));
}

/// Puts the default hook back.
pub fn remove_hook() {
    drop(std::panic::take_hook());
}

fn message(payload: &(dyn Any + Send)) -> &str {
    if let Some(text) = payload.downcast_ref::<&str>() {
        text
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text
    } else {
        "no message"
    }
}

/// Panics if the tests asked for it at this place, with the environment variable `MOD_MOSQUITTO_PANIC`.
#[cfg(feature = "fault-injection")]
pub fn provoke(place: &str) {
    if std::env::var("MOD_MOSQUITTO_PANIC").is_ok_and(|wanted| wanted == place) {
        panic!("provoked in {place}");
    }
}

/// Panics if the tests asked for it; in a release, nothing.
#[cfg(not(feature = "fault-injection"))]
pub fn provoke(_place: &str) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_the_fallback() {
        assert_eq!(guard("a test", 7, || panic!("on purpose")), 7);
        assert_eq!(guard("a test", 7, || 3), 3);
    }
}
