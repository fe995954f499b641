//! The console: a command line in, an answer out.
//!
//! Runs on the thread of whoever asks (fs_cli, an event socket, a script), and never blocks on a broker. The wording
//! is that of the C module, since people's scripts read it.

pub mod check;
pub mod complete;
mod control;
mod help;
mod loglevel;
pub mod message;
mod status;
mod subscribe;
mod words;

pub use help::{COMPLETIONS, answer as help};

use crate::config::Settings;
use crate::engine::Engine;
use crate::host::Host;

/// What the commands work on.
pub struct Context<'a> {
    /// `<settings>` as configured.
    pub settings: &'a Settings,
    /// The module at work.
    pub engine: &'a Engine,
    /// FreeSWITCH.
    pub host: &'a dyn Host,
    /// The version of the module interface, as in `SWITCH_API_VERSION`.
    pub api_version: i32,
}

/// Answers what follows `mosquitto` on a command line.
pub fn run(line: &str, context: &Context<'_>) -> String {
    crate::panics::provoke("api");
    // What follows bgapi is FreeSWITCH's to read.
    if let Some(command) = bgapi(line) {
        return run_bgapi(command, context.host);
    }
    // What follows publish ends with a payload, which is nobody's to read.
    if let Some(rest) = message::publish(line) {
        return message::answer(rest, context.engine);
    }
    let words = words::split(line);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => help::answer(),
        [command, arguments @ ..] => match (command.to_ascii_lowercase().as_str(), arguments) {
            ("help", _) => help::answer(),
            ("status", _) => status::answer(context),
            ("loglevel", arguments) => loglevel::answer(arguments),
            ("check", arguments) => check::answer(arguments, context.host),
            (word @ ("enable" | "disable"), arguments) => control::enable(word, arguments, context.engine),
            ("remove", arguments) => control::remove(arguments, context.engine),
            ("connect", arguments) => control::connect(arguments, context.engine),
            ("disconnect", arguments) => control::disconnect(arguments, context.engine),
            ("subscribe", arguments) => subscribe::subscribe(arguments, context.engine),
            ("unsubscribe", arguments) => subscribe::unsubscribe(arguments, context.engine),
            _ => format!("Unknown Command [{command}]\n"),
        },
    }
}

/// What follows `bgapi`, if the line begins with it.
fn bgapi(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let word = line.split_whitespace().next()?;
    word.eq_ignore_ascii_case("bgapi").then(|| line[word.len()..].trim())
}

/// `mosquitto bgapi <command>` is `bgapi <command>`: one command, one id, one BACKGROUND_JOB.
fn run_bgapi(command: &str, host: &dyn Host) -> String {
    if command.is_empty() {
        return "mosquitto bgapi command requires: <command> [<arg>]\n".to_owned();
    }
    match host.execute("bgapi", command) {
        Ok(answer) => answer,
        Err(why) => format!("-ERR {why}\n"),
    }
}
