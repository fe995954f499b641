//! Finds libmosquitto through pkg-config and links it, or says what to install.
//!
//! Packages that depend on this one directly get two variables in their build scripts:
//! `DEP_MOSQUITTO_INCLUDE`, the directory that `mosquitto.h` is in, and `DEP_MOSQUITTO_VERSION`, the version
//! of the installed package.

use pkg_config::{Config, Error};

/// The oldest version that this crate declares.
const OLDEST: &str = "2.0";

fn main() {
    match Config::new().atleast_version(OLDEST).probe("libmosquitto") {
        Ok(library) => {
            println!("cargo::metadata=version={}", library.version);
            // Not the probe's include paths: those are what the compiler must be told, which may be nothing.
            if let Ok(include) = pkg_config::get_variable("libmosquitto", "includedir") {
                println!("cargo::metadata=include={include}");
                println!("cargo::rerun-if-changed={include}/mosquitto.h");
            }
            println!("cargo::rerun-if-changed=build.rs");
        }
        Err(error) => {
            eprintln!("error: libmosquitto {OLDEST} or later is needed: {}.", found_instead(&error));
            eprintln!("  On Debian and Ubuntu: apt-get install libmosquitto-dev pkg-config");
            eprintln!("  If it is in a place of its own: PKG_CONFIG_PATH=PREFIX/lib/pkgconfig");
            std::process::exit(1);
        }
    }
}

/// What there is in place of a library that is new enough.
fn found_instead(error: &Error) -> String {
    match error {
        Error::EnvNoPkgConfig(variable) => format!("{variable} forbids asking pkg-config"),
        Error::CrossCompilation => {
            "pkg-config knows this machine's libraries, not the target's; see PKG_CONFIG_ALLOW_CROSS".into()
        }
        Error::Command { cause, .. } => format!("pkg-config did not start ({cause})"),
        _ => match Config::new().cargo_metadata(false).env_metadata(false).probe("libmosquitto") {
            Ok(library) => format!("pkg-config found version {}", library.version),
            Err(_) => "pkg-config does not find it (no libmosquitto.pc: the package libmosquitto-dev)".into(),
        },
    }
}
