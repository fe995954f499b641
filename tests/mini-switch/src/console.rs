//! The console: one command a line from standard input, run in order on the main thread.

use crate::api;
use crate::application;
use crate::core::Core;
use crate::dso::{self, Library};
use crate::{measure, play, proc};
use std::io::BufRead;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

/// Reads and runs commands until shutdown or the end of the input.
pub fn run(core: &'static Core) {
    // SAFETY: isatty only looks at the descriptor.
    let terminal = unsafe { libc::isatty(0) } == 1;
    let prompt = terminal && !core.options.no_prompt;
    let mut lines = std::io::stdin().lock().split(b'\n');
    loop {
        if prompt {
            core.output.prompt("mini-switch> ");
        }
        let Some(Ok(line)) = lines.next() else { return };
        let line = trimmed(&line);
        if line.is_empty() || line.starts_with(b"#") {
            continue;
        }
        if line == b"..." || line == b"shutdown" {
            return;
        }
        let mut answer = command(core, line);
        if answer.is_empty() {
            answer = b"-ERR no reply\n".to_vec();
        }
        let marker = core.options.marker.then(|| format!("--- end of: {}", String::from_utf8_lossy(line)));
        core.output.answer(&answer, marker.as_deref());
    }
}

/// Without blanks at either end; but for `complete`, a blank at the end means that the next word is asked for, and for
/// `app` it is the application's.
fn trimmed(line: &[u8]) -> &[u8] {
    let line = line.trim_ascii_start();
    if line.starts_with(b"complete ") || line.starts_with(b"app ") {
        line.strip_suffix(b"\r").unwrap_or(line)
    } else {
        line.trim_ascii_end()
    }
}

/// The answer to a line; with `&` at its end, the command goes on by itself.
fn command(core: &'static Core, line: &[u8]) -> Vec<u8> {
    let Some(line) = line.strip_suffix(b"&") else { return foreground(core, line) };
    let line = line.trim_ascii().to_vec();
    core.jobs.spawn("background", move || {
        let answer = foreground(core, &line);
        let text = [&line[..], b": ", answer.trim_ascii()].concat();
        // One line, which nobody takes for a part of another command's answer.
        core.output.say("CONSOLE", &String::from_utf8_lossy(&text).replace('\n', "; "));
    });
    b"+OK started\n".to_vec()
}

fn foreground(core: &'static Core, line: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(line);
    let (name, args) = text.split_once(' ').unwrap_or((&text, ""));
    let args_trimmed = args.trim();
    let own = match name {
        "play" => play::play(core, args_trimmed),
        "storm" => play::storm(core, args_trimmed),
        "fire" => play::fire(core, args_trimmed),
        "measure" => measure::measure(core, args_trimmed),
        "flood" => measure::flood(core, args_trimmed),
        "fire-hex" => play::fire_hex(core, args_trimmed),
        "wait-delivered" => waited(args_trimmed, |time| core.events.wait_delivered(time)),
        "wait-logged" => waited(args_trimmed, |time| core.output.loggers.wait(time)),
        "wait-jobs" => waited(args_trimmed, |time| core.jobs.wait(time)),
        "set" => set(core, args_trimmed),
        "complete" => Ok(core.completions.offers(core, args).iter().map(|m| format!("{m}\n")).collect()),
        "dlopen-check" => dlopen_check(core, args_trimmed),
        "app" => application::run(core, args),
        "hangup" => Ok(format!("+OK {} calls\n", core.applications.hang_up())),
        "threads" | "fds" | "maps" => Ok(proc::counts()),
        "trim" => Ok(proc::trim()),
        "sleep" => milliseconds(args_trimmed, 0).map(|time| {
            std::thread::sleep(time);
            "+OK\n".to_owned()
        }),
        _ => {
            // The event socket, and with it fs_cli, gives the whole line back.
            let missing = || format!("-ERR {text} Command not found!\n").into_bytes();
            return api::run(core, line).unwrap_or_else(missing);
        }
    };
    own.unwrap_or_else(|why| format!("-ERR {name}: {why}\n")).into_bytes()
}

fn milliseconds(text: &str, default: u64) -> Result<Duration, String> {
    let number = if text.is_empty() { Ok(default) } else { text.parse() };
    number.map(Duration::from_millis).map_err(|_| format!("{text} is not a number of milliseconds"))
}

fn waited(args: &str, wait: impl Fn(Duration) -> bool) -> Result<String, String> {
    let time = milliseconds(args, 60_000)?;
    if wait(time) { Ok("+OK\n".to_owned()) } else { Err(format!("not in {} ms", time.as_millis())) }
}

fn set(core: &Core, args: &str) -> Result<String, String> {
    let value = args.strip_prefix("originate_ms ").ok_or("originate_ms N")?;
    core.originate_ms.store(value.trim().parse().map_err(|_| format!("{value} is not a number"))?, SeqCst);
    Ok("+OK\n".to_owned())
}

fn dlopen_check(core: &Core, module: &str) -> Result<String, String> {
    let (name, path) = dso::locate(&core.options.mod_dir, module);
    let library = Library::open(&path)?;
    let table = library.table(&name).map(|t| {
        let yes = |there: bool| if there { "yes" } else { "no" };
        format!(
            "+OK api_version={} load={} shutdown={} runtime={} flags={}",
            t.switch_api_version,
            yes(t.load.is_some()),
            yes(t.shutdown.is_some()),
            yes(t.runtime.is_some()),
            t.flags
        )
    });
    library.close();
    Ok(format!("{} mapped_after={}\n", table?, if dso::mapped(&path) { "yes" } else { "no" }))
}
