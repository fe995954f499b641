//! Checks a configuration without FreeSWITCH. `scripts/check-config` builds and runs it.
//!
//! Links the module, and none of FreeSWITCH's functions: nothing in here leads to them.

use mod_mosquitto::cli::check::{Report, Verdict};
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

const HELP: &str = "\
mod_mosquitto-check: says what a configuration of mod_mosquitto would do, and what is wrong with it

Usage: mod_mosquitto-check [--no-files] FILE

  FILE          mosquitto.conf.xml, as it stands there: what FreeSWITCH would do to it (X-PRE-PROCESS, $${variables})
                is noted and not done
  --no-files    do not read the files that it names (certificates, keys, passwords): this is not their machine
  --help        this text

The first line is the verdict. Run it as the user that FreeSWITCH runs as: what that user may read counts. Nothing is
connected to.

The status is 0 if nothing is wrong; 1 if there are problems: what is wrong would be left out, and the rest would run;
2 if nothing can be made of the file, or of the arguments.
";

fn main() -> ExitCode {
    let mut files = true;
    let mut paths = Vec::new();
    for argument in std::env::args_os().skip(1) {
        match argument.to_str() {
            Some("--help") => return say(HELP, 0),
            Some("--no-files") => files = false,
            Some(option) if option.starts_with('-') => {
                return unusable(&format!("unknown argument {option} (see --help)"));
            }
            _ => paths.push(argument),
        }
    }
    let [path] = paths.as_slice() else { return unusable("name one file (see --help)") };
    let report = Report::of_file(Path::new(path), None, files);
    say(&report.to_string(), report.verdict().status())
}

/// Whoever reads may have gone: the status says the same.
fn say(text: &str, status: u8) -> ExitCode {
    let _closed = std::io::stdout().write_all(text.as_bytes());
    ExitCode::from(status)
}

fn unusable(why: &str) -> ExitCode {
    eprintln!("mod_mosquitto-check: {why}");
    ExitCode::from(Verdict::Unusable.status())
}
