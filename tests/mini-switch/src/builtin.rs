//! The API commands that the stand-in brings along; their answers are those of the core's mod_commands.
//!
//! They run on whichever thread calls: the console's, a job's, or a module's.

use crate::api;
use crate::core::Core;
use crate::documents;
use crate::json_api;
use crate::loggers::Line;
use crate::output::LEVELS;
use crate::pool;
use crate::search;
use crate::uuid;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

/// The names, for completions and `show api`.
pub const NAMES: [&str; 20] = [
    "bgapi",
    "create_uuid",
    "echo",
    "global_getvar",
    "global_setvar",
    "hostname",
    "json",
    "load",
    "log",
    "msleep",
    "originate",
    "reload",
    "reloadxml",
    "show",
    "status",
    "switchname",
    "unload",
    "uptime",
    "version",
    "xml_locate",
];

/// Runs a command; `None` if there is none of that name.
pub fn run(core: &'static Core, name: &str, arg: &str) -> Option<String> {
    if core.options.without.iter().any(|missing| missing.eq_ignore_ascii_case(name)) {
        return None;
    }
    Some(match name.to_ascii_lowercase().as_str() {
        "bgapi" => bgapi(core, arg),
        "create_uuid" => uuid::new(),
        "echo" => arg.to_owned(),
        "global_getvar" if arg.is_empty() => core.vars.dump(),
        "global_getvar" => core.vars.get(arg).unwrap_or_default(),
        "global_setvar" => set_variable(core, arg),
        "hostname" => core.hostname.to_string_lossy().into_owned(),
        "json" => json_api::answer(core, arg),
        "load" => load(core, arg),
        "log" => log(core, arg),
        "msleep" => sleep(core, arg),
        "originate" => originate(core, arg),
        "reload" => reload(core, arg),
        "reloadxml" => {
            reloaded(core);
            "+OK [Success]\n".to_owned()
        }
        "show" => show(core, arg),
        "status" => status(core),
        "switchname" => core.switchname.to_string_lossy().into_owned(),
        "unload" => unload(core, arg),
        "uptime" => core.started.elapsed().as_secs().to_string(),
        "version" => version(core, arg),
        "xml_locate" => xml_locate(core, arg),
        _ => return None,
    })
}

fn version(core: &Core, arg: &str) -> String {
    let full = core.version.to_string_lossy();
    if arg.contains("short") {
        format!("{}\n", full.trim_end_matches("-mini"))
    } else {
        format!("FreeSWITCH Version {full} (mini-switch)\n")
    }
}

fn status(core: &Core) -> String {
    let (fired, delivered) = core.events.counts();
    format!(
        "UP {} s\nevents fired={fired} delivered={delivered}\nbindings={} modules={} pools={} jobs={} bgapi={} \
         searches={} documents={} loggers={}\n",
        core.started.elapsed().as_secs(),
        core.events.bindings(),
        core.modules.describe().len(),
        pool::live(),
        core.jobs.running(),
        core.jobs.bgapi(),
        core.searches.count(),
        documents::count(),
        core.output.loggers.count(),
    )
}

/// A log line of the core's own.
fn log(core: &Core, arg: &str) -> String {
    let (level, text) = arg.split_once(' ').unwrap_or((arg, ""));
    let level = LEVELS.iter().position(|known| known.eq_ignore_ascii_case(level)).unwrap_or(LEVELS.len() - 1);
    core.output
        .log_line(&Line::new("mod_commands.c", "log_function", level, text.as_bytes()), Some("mod_commands"));
    "+OK\n".to_owned()
}

fn xml_locate(core: &Core, arg: &str) -> String {
    let words: Vec<&str> = arg.split(' ').collect();
    let [section, tag, name, value] = words[..] else { return "-ERR bad args\n".to_owned() };
    let mut params = core.new_event("REQUEST_PARAMS", "xml_locate_function");
    for (header, text) in
        [("section", section), ("tag", tag), ("tag_attr_name", name), ("tag_attr_val", value)]
    {
        params.add(header, text);
    }
    match search::locate(core, [section, tag, name, value], Some(&params)) {
        Some(document) => document.node,
        None => "can't find anything\n".to_owned(),
    }
}

fn show(core: &Core, arg: &str) -> String {
    let (title, rows) = match arg {
        "api" => {
            let own = NAMES.iter().map(|name| format!("{name},,,mini-switch"));
            ("name,description,syntax,ikey", own.chain(core.apis.describe()).collect::<Vec<_>>())
        }
        "modules" => ("name,filename", core.modules.describe()),
        _ => return "-USAGE: api|modules\n".to_owned(),
    };
    let lines: String = rows.iter().map(|row| format!("{row}\n")).collect();
    format!("{title}\n{lines}\n{} total.\n", rows.len())
}

fn set_variable(core: &Core, arg: &str) -> String {
    match arg.split_once('=') {
        Some((name, value)) if !name.is_empty() => {
            core.vars.set(name, value);
            "+OK".to_owned()
        }
        _ => "-USAGE: <var>=<value>\n".to_owned(),
    }
}

fn reloaded(core: &Core) {
    if core.options.noisy {
        core.events.fire(core.new_event("RELOADXML", "switch_xml_open_root"));
    }
}

fn load(core: &Core, arg: &str) -> String {
    if arg.is_empty() {
        return "-USAGE: <mod_name>\n".to_owned();
    }
    reloaded(core);
    let answer = match core.modules.load(core, arg) {
        Ok(()) => "+OK\n".to_owned(),
        Err(why) => format!("-ERR [{why}]\n"),
    };
    format!("+OK Reloading XML\n{answer}")
}

/// `-f name` or `name`.
fn forced(arg: &str) -> (bool, &str) {
    arg.strip_prefix("-f").map_or((false, arg), |rest| (true, rest.trim()))
}

fn unload(core: &Core, arg: &str) -> String {
    let (force, name) = forced(arg);
    if name.is_empty() {
        return "-USAGE: [-f] <mod_name>\n".to_owned();
    }
    match core.modules.unload(core, name, force) {
        Ok(()) => "+OK\n".to_owned(),
        Err(why) => format!("-ERR [{why}]\n"),
    }
}

fn reload(core: &Core, arg: &str) -> String {
    let (force, name) = forced(arg);
    if name.is_empty() {
        return "-USAGE: [-f] <mod_name>\n".to_owned();
    }
    reloaded(core);
    let unloaded = match core.modules.unload(core, name, force) {
        Ok(()) => "+OK module unloaded".to_owned(),
        Err(why) => format!("-ERR unloading module [{why}]"),
    };
    let loaded = match core.modules.load(core, name) {
        Ok(()) => "+OK module loaded".to_owned(),
        Err(why) => format!("-ERR loading module [{why}]"),
    };
    format!("+OK Reloading XML\n{unloaded}\n{loaded}\n")
}

/// Waits, but not beyond the end of the core.
fn nap(core: &Core, time: Duration) {
    let end = std::time::Instant::now() + time;
    while let Some(left) = end.checked_duration_since(std::time::Instant::now()) {
        if core.jobs.stopping() || left.is_zero() {
            return;
        }
        std::thread::sleep(left.min(Duration::from_millis(20)));
    }
}

fn sleep(core: &Core, arg: &str) -> String {
    match arg.parse() {
        Ok(ms) => {
            nap(core, Duration::from_millis(ms));
            "+OK\n".to_owned()
        }
        Err(_) => "-USAGE: <milliseconds>\n".to_owned(),
    }
}

fn originate(core: &Core, arg: &str) -> String {
    if arg.is_empty() {
        return "-USAGE: <call url> <exten>|&<application_name>(<app_args>)\n".to_owned();
    }
    let uuid = uuid::new();
    let fire = |name: &str, state: &str| {
        let mut event = core.new_event(name, "originate");
        event.add("Channel-State", state);
        event.add("Channel-Name", arg.split(' ').next().unwrap_or_default());
        event.add("Unique-ID", &uuid);
        event.add("Call-Direction", "outbound");
        event.add("variable_originate_args", arg);
        core.events.fire(event);
    };
    fire("CHANNEL_CREATE", "CS_INIT");
    nap(core, Duration::from_millis(core.originate_ms.load(SeqCst)));
    fire("CHANNEL_ANSWER", "CS_EXECUTE");
    format!("+OK {uuid}\n")
}

/// Runs a command on a thread of its own and fires BACKGROUND_JOB with its answer.
fn bgapi(core: &'static Core, arg: &str) -> String {
    let (id, line) = match arg.get(..5).filter(|p| p.eq_ignore_ascii_case("uuid:")) {
        Some(_) => arg[5..].split_once(' ').unwrap_or((&arg[5..], "")),
        None => ("", arg),
    };
    let line = line.trim().to_owned();
    if line.is_empty() {
        return "-ERR Invalid syntax\n".to_owned();
    }
    let id = if id.is_empty() { uuid::new() } else { id.to_owned() };
    let answer = format!("+OK Job-UUID: {id}\n");
    core.jobs.spawn_bgapi(move || {
        let reply = api::run(core, line.as_bytes());
        let (command, arg) = line.split_once(' ').unwrap_or((&line, ""));
        let reply = reply.unwrap_or_else(|| format!("{command}: Command not found!\n").into_bytes());
        let mut event = core.new_event("BACKGROUND_JOB", "bgapi_exec");
        event.add("Job-UUID", &id);
        event.add("Job-Command", command);
        event.add("Job-Command-Arg", arg);
        event.set_body(&reply);
        core.events.fire(event);
    });
    answer
}
