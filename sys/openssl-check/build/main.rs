//! Reads the declarations of `openssl-client-sys`, has the C compiler judge them against the installed headers,
//! and generates what the tests need.

#[path = "../../mosquitto-check/build/c_types.rs"]
mod c_types;
#[allow(dead_code)] // libmosquitto has structures that can be looked into, and is checked for completeness
#[path = "../../mosquitto-check/build/declarations.rs"]
mod declarations;
mod layouts;
mod signatures;

use declarations::Declarations;
use std::path::{Path, PathBuf};

/// What a program includes.
pub const HEADERS: [&str; 5] =
    ["openssl/ssl.h", "openssl/err.h", "openssl/bio.h", "openssl/x509.h", "openssl/x509v3.h"];

fn main() {
    if let Err(message) = run() {
        eprintln!("error: {message}");
        std::process::exit(1);
    }
}

fn run() -> Result<(), String> {
    let variable = |name| std::env::var(name).map_err(|_| format!("{name} is not set"));
    let here = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let sources = here.join("../openssl/src");
    let shared = here.join("../mosquitto-check/build");
    let out = PathBuf::from(variable("OUT_DIR")?);
    let include = PathBuf::from(variable("DEP_SSL_INCLUDE")?);

    println!("cargo::rerun-if-changed=build");
    for file in [&sources, &shared.join("c_types.rs"), &shared.join("declarations.rs")] {
        println!("cargo::rerun-if-changed={}", file.display());
    }
    for header in HEADERS {
        println!("cargo::rerun-if-changed={}", include.join(header).display());
    }

    let declarations = Declarations::read(Path::new(&sources))?;
    signatures::check(&declarations, &include, &out)?;
    layouts::generate(&declarations, &sources.join("lib.rs"), &include)
}
