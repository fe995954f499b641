//! Where the things under test are, and files for them.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The module that cargo has built beside the tests, or the one that `MOD_MOSQUITTO_SO` names.
pub fn module() -> PathBuf {
    named("MOD_MOSQUITTO_SO", "libmod_mosquitto.so")
}

/// The module with the feature `fault-injection`, which `MOD_MOSQUITTO_PANICS_SO` names.
pub fn module_with_panics() -> PathBuf {
    named("MOD_MOSQUITTO_PANICS_SO", "panics/libmod_mosquitto.so")
}

/// The program `mini-switch`.
pub(crate) fn mini_switch() -> PathBuf {
    named("MINI_SWITCH", "mini-switch")
}

/// What starts it: the program itself, or the words of `MINI_SWITCH_UNDER`, a program that runs it and becomes it
/// (valgrind and its options, say).
pub(crate) fn mini_switch_command() -> Command {
    let under = std::env::var("MINI_SWITCH_UNDER").unwrap_or_default();
    let mut words = under.split_whitespace();
    let Some(program) = words.next() else { return Command::new(mini_switch()) };
    let mut command = Command::new(program);
    command.args(words).arg(mini_switch());
    command
}

/// A file of `tests/data`.
pub fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data").join(name)
}

/// Writes a file of this mode, and answers its path.
pub fn file(folder: &Path, name: &str, content: &[u8], mode: u32) -> String {
    let path = folder.join(name);
    std::fs::write(&path, content).expect("a file");
    std::fs::set_permissions(&path, PermissionsExt::from_mode(mode)).expect("its mode");
    path.display().to_string()
}

fn named(variable: &str, file: &str) -> PathBuf {
    let path = match std::env::var_os(variable) {
        Some(path) => PathBuf::from(path),
        None => {
            let own = std::env::current_exe().expect("the program's own path");
            let folder = own.parent().expect("its folder");
            // Tests are in target/<profile>/deps, other programs a folder above.
            let profile = if folder.ends_with("deps") { folder.parent() } else { Some(folder) };
            profile.expect("target/<profile>").join(file)
        }
    };
    assert!(path.exists(), "{} is missing: scripts/test builds it (or set {variable})", path.display());
    path
}
