//! Runs the program with a script and reads what it prints.
#![allow(dead_code, reason = "not every test file uses all of it")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The program that cargo built for this test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_mini-switch");

/// Where the test module is: cargo builds examples with the tests.
pub fn module_folder() -> PathBuf {
    Path::new(PROGRAM).parent().unwrap().join("examples")
}

/// A configuration folder that goes away with the test.
pub struct Conf(pub PathBuf);

impl Conf {
    /// With `sample.conf` of this text.
    pub fn new(test: &str, sample: &str) -> Self {
        let path = std::env::temp_dir().join(format!("mini-switch-program-{test}-{}", std::process::id()));
        std::fs::create_dir_all(path.join("autoload_configs")).unwrap();
        std::fs::write(path.join("autoload_configs/sample.conf.xml"), sample).unwrap();
        Self(path)
    }
}

impl Drop for Conf {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The whole output of a run with these options and commands.
pub fn run(options: &[&str], script: &str) -> Output {
    let mut command = Command::new(PROGRAM);
    command.arg("--marker").arg("--mod-dir").arg(module_folder()).args(options);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// What was printed, after a check that it ended well.
pub fn text(output: &Output) -> String {
    let all = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{all}\n{}", String::from_utf8_lossy(&output.stderr));
    all
}

/// The answer to a command: what stands between the marker before it and its own, without log lines.
pub fn answer(all: &str, command: &str) -> String {
    let marker = format!("--- end of: {command}\n");
    let end = all.find(&marker).unwrap_or_else(|| panic!("no answer to {command}:\n{all}"));
    let start = all[..end].rfind("\n--- ").map_or(0, |at| at + 1);
    let lines = all[start..end].lines().filter(|line| !line.starts_with("--- ") && !line.starts_with('['));
    lines.map(|line| format!("{line}\n")).collect()
}
