//! Reads the declarations of `mosquitto-client-sys`, has the C compiler judge them against the installed
//! headers, and generates what the tests need.

mod c_types;
mod declarations;
mod layouts;
mod signatures;

use declarations::Declarations;
use std::path::{Path, PathBuf};

/// The headers that are installed, and where.
pub struct Installed {
    include: PathBuf,
    version: String,
}

impl Installed {
    /// Whether it is the release that the crate declares in full. Later ones keep what it has, and add to it.
    fn is_2_0(&self) -> bool {
        self.version.starts_with("2.0.")
    }

    /// What a program includes. From 2.1 on `mosquitto.h` has everything, and the other one warns.
    fn headers(&self) -> &'static [&'static str] {
        if self.is_2_0() { &["mosquitto.h", "mqtt_protocol.h"] } else { &["mosquitto.h"] }
    }
}

fn main() {
    if let Err(message) = run() {
        eprintln!("error: {message}");
        std::process::exit(1);
    }
}

fn run() -> Result<(), String> {
    let variable = |name| std::env::var(name).map_err(|_| format!("{name} is not set"));
    let sources = Path::new(&variable("CARGO_MANIFEST_DIR")?).join("../mosquitto/src");
    let out = PathBuf::from(variable("OUT_DIR")?);
    let installed = Installed {
        include: variable("DEP_MOSQUITTO_INCLUDE")?.into(),
        version: variable("DEP_MOSQUITTO_VERSION")?,
    };

    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed={}", sources.display());
    for header in installed.headers() {
        println!("cargo::rerun-if-changed={}", installed.include.join(header).display());
    }
    println!("cargo::rustc-env=MOSQUITTO_INCLUDE={}", installed.include.display());
    println!("cargo::rustc-env=MOSQUITTO_VERSION={}", installed.version);

    let declarations = Declarations::read(&sources)?;
    let lists = out.join("declared.rs");
    std::fs::write(&lists, declarations.lists()).map_err(|e| format!("{}: {e}", lists.display()))?;
    signatures::check(&declarations, &installed, &out)?;
    layouts::generate(&declarations, &sources.join("lib.rs"), &installed)
}
