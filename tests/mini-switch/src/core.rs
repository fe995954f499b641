//! The one core of the process: what is shared by the console, the modules and the exported functions.
//!
//! Made once by `mini_switch_main`, used from every thread, never freed.

use crate::api::Registry;
use crate::application::Applications;
use crate::complete::Completions;
use crate::dispatch::EventSystem;
use crate::event::Event;
use crate::jobs::Jobs;
use crate::modules::Modules;
use crate::names::{CoreVersion, EventNames};
use crate::options::Options;
use crate::output::{Output, die};
use crate::search::Searches;
use crate::time;
use crate::uuid;
use crate::vars::Vars;
use std::ffi::CString;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

static CORE: OnceLock<Core> = OnceLock::new();

/// The core. Aborts if `mini_switch_main` has not made it.
pub fn core() -> &'static Core {
    CORE.get().unwrap_or_else(|| die("a function of the core was called before the core was made"))
}

/// Everything that lives as long as the process.
#[derive(Debug)]
pub struct Core {
    /// The command line.
    pub options: Options,
    /// What is printed.
    pub output: Output,
    /// Events and bindings.
    pub events: Arc<EventSystem>,
    /// What modules have bound to look-ups in the XML.
    pub searches: Searches,
    /// Global variables.
    pub vars: Vars,
    /// Loaded modules.
    pub modules: Modules,
    /// API commands of modules.
    pub apis: Registry,
    /// Dialplan applications of modules, and the calls that run them.
    pub applications: Applications,
    /// Tab completions.
    pub completions: Completions,
    /// Threads of bgapi and of commands with `&`.
    pub jobs: Jobs,
    /// How long an originate takes.
    pub originate_ms: AtomicU64,
    /// When the core was made.
    pub started: Instant,
    /// The core's UUID.
    pub uuid: String,
    /// The host's name, for C.
    pub hostname: CString,
    /// The switch's name, for C.
    pub switchname: CString,
    /// The version in full, for C.
    pub version: CString,
    sequence: AtomicU64,
}

impl Core {
    /// Makes the core and starts the dispatch thread.
    ///
    /// # Errors
    /// The log file cannot be opened.
    pub fn init(options: Options) -> Result<&'static Self, String> {
        let output = Output::new(options.log_level, options.log_file.as_deref())?;
        let hostname = options.hostname.clone().unwrap_or_else(own_hostname);
        let version = match options.core {
            CoreVersion::V1_10 => c"1.10.12-mini",
            CoreVersion::V1_11 => c"1.11.3-mini",
        };
        let vars = Vars::default();
        let uuid = uuid::new();
        for (name, value) in [
            ("hostname", hostname.clone()),
            ("local_ip_v4", "127.0.0.1".to_owned()),
            ("switchname", options.switchname.clone()),
            ("core_uuid", uuid.clone()),
            ("log_dir", options.log_dir.display().to_string()),
            ("mod_dir", options.mod_dir.display().to_string()),
            ("conf_dir", options.conf.as_deref().unwrap_or(".".as_ref()).display().to_string()),
        ]
        .into_iter()
        .chain(options.vars.iter().map(|(n, v)| (n.as_str(), v.clone())))
        {
            vars.set(name, &value);
        }
        let core = Self {
            output,
            events: EventSystem::start(EventNames::new(options.core), options.queue),
            searches: Searches::default(),
            vars,
            modules: Modules::default(),
            apis: Registry::default(),
            applications: Applications::default(),
            completions: Completions::default(),
            jobs: Jobs::default(),
            originate_ms: AtomicU64::new(options.originate_ms),
            started: Instant::now(),
            uuid,
            hostname: c_text(&hostname),
            switchname: c_text(&options.switchname),
            version: version.to_owned(),
            sequence: AtomicU64::new(0),
            options,
        };
        CORE.set(core).map_err(|_| "the core was made twice".to_owned())?;
        Ok(self::core())
    }

    /// The next Event-Sequence.
    pub fn next_sequence(&self) -> String {
        (self.sequence.fetch_add(1, SeqCst) + 1).to_string()
    }

    /// An event with the headers that the core gives to each of its own.
    pub fn new_event(&self, name: &str, function: &str) -> Event {
        let number = self.events.names.number(name).unwrap_or_else(|| die(&format!("no event {name}")));
        let mut event = Event::new(number);
        let now = time::now();
        event.add("Event-Name", name);
        event.add("Core-UUID", &self.uuid);
        event.add("FreeSWITCH-Hostname", self.hostname.as_bytes());
        event.add("FreeSWITCH-Switchname", self.switchname.as_bytes());
        event.add("FreeSWITCH-IPv4", "127.0.0.1");
        event.add("FreeSWITCH-IPv6", "::1");
        event.add("Event-Date-Local", time::local(now));
        event.add("Event-Date-GMT", time::gmt(now));
        event.add("Event-Date-Timestamp", now.as_micros().to_string());
        event.add("Event-Calling-File", "mini_switch.rs");
        event.add("Event-Calling-Function", function);
        event.add("Event-Calling-Line-Number", "1");
        event.add("Event-Sequence", self.next_sequence());
        event
    }
}

fn c_text(text: &str) -> CString {
    CString::new(text.replace('\0', "")).expect("NULs are taken out")
}

fn own_hostname() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    if name.trim().is_empty() { "localhost".to_owned() } else { name.trim().to_owned() }
}
