//! The documentation says what the code does: whoever adds a parameter, a command, a log line or a reason is told here
//! which line of which page is missing.

mod console;
mod links;
mod log_messages;
mod markdown;
mod parameters;
mod sources;

use std::fs;
use std::path::{Path, PathBuf};

/// The top of the tree.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The text of a file of the tree.
fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All files below a folder of the tree whose names end so, sorted.
fn files(folder: &str, end: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.to_string_lossy().ends_with(end) {
                found.push(entry);
            }
        }
    }
    found.sort();
    found
}

/// Ends the test with everything that is wrong, one thing a line.
fn must_be_empty(wrong: Vec<String>) {
    assert!(wrong.is_empty(), "\n  {}\n", wrong.join("\n  "));
}
