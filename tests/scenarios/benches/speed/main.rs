//! How fast the module is, each figure against something that was measured in the same run.
//!
//! Run by `scripts/bench`, which says what the options are. Everything is measured in the real module in mini-switch,
//! with a broker of its own, but for the serialiser, which runs here. What a ratio is made of takes turns; a row is the
//! median of its rounds, with the lowest and the highest.

mod bare;
mod callback;
mod commands;
mod events;
mod idle;
mod memory;
mod row;
mod serialiser;
mod throughput;

use row::{Row, table, to_json};
use std::path::PathBuf;

/// How much is measured.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// Rounds of what takes long.
    pub rounds: usize,
    /// What counts are divided by.
    pub divide: usize,
}

type Measure = fn(Effort) -> Vec<Row>;

/// What can be measured alone.
const PARTS: [(&str, Measure); 9] = [
    ("callback", callback::rows),
    ("shaped", callback::shaped),
    ("unwanted", callback::unwanted),
    ("serialiser", serialiser::rows),
    ("throughput", throughput::rows),
    ("connections", throughput::connections),
    ("memory", memory::rows),
    ("idle", idle::rows),
    ("commands", commands::rows),
];

fn main() -> std::process::ExitCode {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench").peekable();
    if arguments.peek().is_some_and(|first| first == "bare") {
        return bare::main(arguments.skip(1));
    }
    let (mut only, mut quick, mut file) = (None, false, None);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--quick" => quick = true,
            "--only" => only = arguments.next(),
            _ => file = Some(PathBuf::from(argument)),
        }
    }
    let known = |name: &String| PARTS.iter().any(|(part, _)| part == name);
    if only.as_ref().is_some_and(|only| !known(only)) {
        let names: Vec<&str> = PARTS.iter().map(|(part, _)| *part).collect();
        eprintln!("--only takes one of {}", names.join(", "));
        return 2.into();
    }
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or_default().to_owned();
    let effort = if quick { Effort { rounds: 3, divide: 10 } } else { Effort { rounds: 5, divide: 1 } };
    let mut rows = Vec::new();
    for (name, measure) in PARTS.iter().filter(|(name, _)| only.as_ref().is_none_or(|only| only == name)) {
        eprintln!("-- {name}");
        rows.extend(measure(effort));
    }
    print!("{}", table(&rows));
    println!(
        "load average at the beginning: {load}{}",
        if quick { "; quick: counts divided by 10" } else { "" }
    );
    if let Some(file) = file {
        std::fs::write(&file, to_json(&rows, &load, quick)).expect("the file can be written");
    }
    0.into()
}
