//! mini-switch: a small FreeSWITCH core for tests and the demo, which loads the real module.
//!
//! This library exports the `switch_` functions that the module imports; the program of the same name opens it
//! globally, as FreeSWITCH is opened by its own program, and calls [`mini_switch_main`]. Options and commands are
//! in `src/help.txt`, which is what `--help` prints.
//!
//! Threads: the main thread reads commands and runs them; one thread dispatches events and one shows log lines to
//! loggers, as in the core; each bgapi job and each command with `&` has one of its own. There is one `Core` for each process, owned by
//! a static; modules are owned by it, events by the queue.
//!
//! What it is for: to hold a module to the core's rules. What would crash, hang or be silently wrong in the real
//! core (a format string from outside, a binding made inside a callback, a list of completions that the core never
//! started) ends the program with a line that says so.
//!
//! Where it differs from the core: one dispatch thread always; only API and application interfaces; no runtime functions and no
//! module flags; no timer and no HEARTBEAT; configurations are read at each request and parsed strictly; a call
//! is one application that runs; the allocator is the process's own, and a module's pool holds its interfaces only.

mod api;
mod application;
mod builtin;
mod complete;
mod console;
mod core;
mod cstr;
mod dispatch;
mod documents;
mod dso;
mod event;
mod exports;
mod jobs;
mod json;
mod json_api;
mod loggers;
mod measure;
mod modules;
mod names;
mod options;
mod output;
mod play;
mod pool;
mod proc;
mod search;
mod session;
mod stream;
mod time;
mod timed;
mod uuid;
mod vars;
mod xml;

use libc::{c_char, c_int};

/// Runs the program: parses the options, loads modules, obeys standard input, and returns the exit code.
///
/// # Safety
/// `argv` holds `argc` C strings; called once, on the main thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mini_switch_main(argc: c_int, argv: *const *const c_char) -> c_int {
    let count = usize::try_from(argc).unwrap_or(0);
    // SAFETY: the caller's promise.
    let args: Vec<String> = (1..count).map(|i| unsafe { cstr::text(*argv.add(i)) }).collect();
    let options = match options::Options::parse(args) {
        Ok(Some(options)) => options,
        Ok(None) => {
            print!("{}", options::HELP);
            return 0;
        }
        Err(error) => {
            eprintln!("mini-switch: {error}");
            return 2;
        }
    };
    // SAFETY: no handler is installed; the core ignores this signal too.
    unsafe { libc::signal(libc::SIGPIPE, libc::SIG_IGN) };
    match core::Core::init(options) {
        Ok(core) => run(core),
        Err(error) => {
            eprintln!("mini-switch: {error}");
            2
        }
    }
}

/// From the first load to the last unload. Jobs go on until the modules are down, as calls do in a real switch.
fn run(core: &'static core::Core) -> c_int {
    let loaded = core.options.load.iter().all(|module| core.modules.load(core, module).is_ok());
    if loaded {
        if core.options.marker {
            core.output.answer(b"", Some("--- ready"));
        }
        console::run(core);
    }
    core.modules.shutdown(core);
    core.jobs.stop();
    core.jobs.wait(std::time::Duration::from_secs(2));
    if loaded { 0 } else { 1 }
}
