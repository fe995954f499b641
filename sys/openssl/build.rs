//! Finds OpenSSL's libssl and libcrypto through pkg-config and links them, or says what to install.
//!
//! Packages that depend on this one directly get a variable in their build scripts: `DEP_SSL_INCLUDE`, the
//! directory that `openssl/ssl.h` is in.

use pkg_config::{Config, Error};

/// The oldest version that this crate declares.
const OLDEST: &str = "1.1.1";

fn main() {
    for library in ["libssl", "libcrypto"] {
        if let Err(error) = Config::new().atleast_version(OLDEST).probe(library) {
            eprintln!("error: OpenSSL {OLDEST} or later is needed: {}.", found_instead(library, &error));
            eprintln!("  On Debian and Ubuntu: apt-get install libssl-dev pkg-config");
            eprintln!("  If it is in a place of its own: PKG_CONFIG_PATH=PREFIX/lib/pkgconfig");
            std::process::exit(1);
        }
    }
    // Not the probe's include paths: those are what the compiler must be told, which may be nothing.
    if let Ok(include) = pkg_config::get_variable("libssl", "includedir") {
        println!("cargo::metadata=include={include}");
        println!("cargo::rerun-if-changed={include}/openssl/ssl.h");
    }
    println!("cargo::rerun-if-changed=build.rs");
}

/// What there is in place of a library that is new enough.
fn found_instead(library: &str, error: &Error) -> String {
    match error {
        Error::EnvNoPkgConfig(variable) => format!("{variable} forbids asking pkg-config"),
        Error::CrossCompilation => {
            "pkg-config knows this machine's libraries, not the target's; see PKG_CONFIG_ALLOW_CROSS".into()
        }
        Error::Command { cause, .. } => format!("pkg-config did not start ({cause})"),
        _ => match Config::new().cargo_metadata(false).env_metadata(false).probe(library) {
            Ok(found) => format!("pkg-config found version {} of {library}", found.version),
            Err(_) => format!("pkg-config does not find it (no {library}.pc: the package libssl-dev)"),
        },
    }
}
