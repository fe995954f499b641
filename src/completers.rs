//! The names that the tab key offers, from the loaded module.

use crate::cli::complete;
use crate::engine::Engine;
use crate::module::loaded;
use crate::switch::{Completer, Registered};
use std::ffi::CStr;

/// Makes all of them known to the core.
pub fn register() -> Vec<Registered> {
    vec![
        Registered::new::<Profiles>(),
        Registered::new::<Connections>(),
        Registered::new::<Publishers>(),
        Registered::new::<Subscribers>(),
    ]
}

struct Profiles;
struct Connections;
struct Publishers;
struct Subscribers;

impl Completer for Profiles {
    const NAME: &'static CStr = c"::mosquitto::profiles";

    fn complete(_line: &str) -> Vec<String> {
        names(complete::profiles)
    }
}

impl Completer for Connections {
    const NAME: &'static CStr = c"::mosquitto::connections";

    fn complete(line: &str) -> Vec<String> {
        names(|engine| complete::connections(line, engine))
    }
}

impl Completer for Publishers {
    const NAME: &'static CStr = c"::mosquitto::publishers";

    fn complete(line: &str) -> Vec<String> {
        names(|engine| complete::publishers(line, engine))
    }
}

impl Completer for Subscribers {
    const NAME: &'static CStr = c"::mosquitto::subscribers";

    fn complete(line: &str) -> Vec<String> {
        names(|engine| complete::subscribers(line, engine))
    }
}

fn names(find: impl FnOnce(&Engine) -> Vec<String>) -> Vec<String> {
    loaded().map(|loaded| find(loaded.engine())).unwrap_or_default()
}
