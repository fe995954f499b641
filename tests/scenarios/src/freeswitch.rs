//! The real module in a FreeSWITCH that is installed on this machine, in an instance of its own: its configuration,
//! its modules, its files and its event socket are in a temporary folder and on a free port.

use crate::artifacts;
use crate::config::Config;
use crate::event_socket::EventSocket;
use crate::process::signal;
use crate::wait::{eventually, free_port, status_with};
use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The FreeSWITCH under test.
const VARIABLE: &str = "MOD_MOSQUITTO_FREESWITCH";

/// Those that freeswitch.xml loads.
const MODULES: [&str; 6] =
    ["mod_console", "mod_event_socket", "mod_commands", "mod_dptools", "mod_loopback", "mod_dialplan_xml"];

/// How long FreeSWITCH may take to end; it takes some seconds by itself.
const END: Duration = Duration::from_secs(30);

/// FreeSWITCH says that it is ready a little before its timer thread runs. If it is told to end in between, that thread
/// never hears of it, and FreeSWITCH waits for it for ever (`softtimer_shutdown` in switch_time.c), with any modules.
const TIMER_RUNS: Duration = Duration::from_secs(1);

/// A running FreeSWITCH; it ends with this.
pub struct FreeSwitch {
    child: Child,
    socket: Option<EventSocket>,
    port: u16,
    password: String,
    folder: TempDir,
    started: Instant,
}

impl FreeSwitch {
    /// Starts FreeSWITCH with this configuration and loads the module.
    pub fn load(config: &Config) -> Self {
        let mut switch = Self::start(&config.xml());
        let answer = switch.load_module();
        assert_eq!(answer, "+OK Reloading XML\n+OK\n", "{}", switch.log());
        switch
    }

    /// Starts FreeSWITCH with this text as the module's configuration, without loading the module.
    pub fn start(xml: &str) -> Self {
        let prefix = std::env::var_os(VARIABLE).map(PathBuf::from);
        let prefix = prefix.unwrap_or_else(|| panic!("{VARIABLE} names the folder of a FreeSWITCH"));
        let folder = tempfile::tempdir().expect("a folder");
        let (port, password) = (free_port(), format!("scenario-{}", std::process::id()));
        prepare(folder.path(), &prefix, port, &password);
        let output = File::create(folder.path().join("switch.log")).expect("a log");
        let mut command = Command::new(prefix.join("bin/freeswitch"));
        command.args(["-nonat", "-np", "-nf", "-nc"]);
        for name in ["conf", "log", "db", "run", "mod"] {
            command.arg(format!("-{name}")).arg(folder.path().join(name));
        }
        command.stdin(Stdio::null()).stderr(output.try_clone().expect("a log")).stdout(output);
        let child = command.spawn().expect("FreeSWITCH starts");
        let mut switch = Self { child, socket: None, port, password, folder, started: Instant::now() };
        switch.configure(xml);
        eventually("FreeSWITCH is ready", || {
            let ended = switch.child.try_wait().expect("a child");
            assert_eq!(ended, None, "FreeSWITCH has ended:\n{}", switch.log());
            let Ok(mut socket) = EventSocket::connect(port, &switch.password) else { return false };
            let ready = socket.api("status").is_ok_and(|status| status.contains("is ready"));
            switch.socket = Some(socket);
            ready
        });
        switch.started = Instant::now();
        switch
    }

    /// Replaces the module's configuration; it counts from the next load on.
    pub fn configure(&self, xml: &str) {
        let path = self.folder.path().join("conf/autoload_configs/mosquitto.conf.xml");
        fs::write(path, xml).expect("the configuration");
    }

    /// `load mod_mosquitto`
    pub fn load_module(&mut self) -> String {
        self.command("load mod_mosquitto")
    }

    /// `unload mod_mosquitto`
    pub fn unload_module(&mut self) -> String {
        self.command("unload mod_mosquitto")
    }

    /// Runs an API command and returns its answer.
    pub fn command(&mut self, line: &str) -> String {
        let answer = self.socket.as_mut().expect("connected").api(line);
        answer.unwrap_or_else(|error| panic!("{line}: {error}\n{}", self.log()))
    }

    /// Fires an event of subclass `scenario` with this header.
    pub fn fire(&mut self, name: &str, value: &str) {
        let event = format!("sendevent CUSTOM\nEvent-Subclass: scenario\n{name}: {value}");
        self.socket.as_mut().expect("connected").send(&event).expect("FreeSWITCH fires an event");
    }

    /// A connection of its own on which all events come, as JSON.
    pub fn events(&self) -> EventSocket {
        let mut socket = EventSocket::connect(self.port, &self.password).expect("the event socket");
        socket.send("event json ALL").expect("events");
        socket
    }

    /// Waits until `mosquitto status` has this part.
    pub fn wait_status(&mut self, part: &str) -> String {
        status_with(part, |line| self.command(line))
    }

    /// Waits until connection `name` is connected.
    pub fn wait_connected(&mut self, name: &str) {
        self.wait_status(&format!("connection name: {name} connected: True"));
    }

    /// What FreeSWITCH has written on its standard output.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("switch.log")).unwrap_or_default()
    }

    /// The module's log file.
    pub fn module_log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log/mosquitto.log")).unwrap_or_default()
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Stops the whole process where it is, until [`FreeSwitch::resume`].
    pub fn pause(&self) {
        signal(self.pid(), libc::SIGSTOP);
    }

    /// Lets it go on.
    pub fn resume(&self) {
        signal(self.pid(), libc::SIGCONT);
    }

    /// Ends FreeSWITCH, which unloads the module first.
    ///
    /// # Panics
    /// If it does not end well.
    pub fn shutdown(mut self) {
        std::thread::sleep(TIMER_RUNS.saturating_sub(self.started.elapsed()));
        signal(self.pid(), libc::SIGTERM);
        let status = self.wait_end();
        assert!(status.is_some_and(|status| status.success()), "{status:?}\n{}", self.log());
    }

    fn wait_end(&mut self) -> Option<ExitStatus> {
        let end = Instant::now() + END;
        loop {
            match self.child.try_wait().expect("a child") {
                None if Instant::now() < end => std::thread::sleep(Duration::from_millis(20)),
                status => return status,
            }
        }
    }
}

impl Drop for FreeSwitch {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// Folders, configuration and modules.
fn prepare(folder: &Path, prefix: &Path, port: u16, password: &str) {
    for name in ["conf/autoload_configs", "log", "db", "run", "mod"] {
        fs::create_dir_all(folder.join(name)).expect("a folder");
    }
    let xml = include_str!("freeswitch.xml").replace("@PORT@", &port.to_string());
    fs::write(folder.join("conf/freeswitch.xml"), xml.replace("@PASSWORD@", password))
        .expect("freeswitch.xml");
    let places = ["lib/freeswitch/mod", "lib64/freeswitch/mod", "mod"].map(|place| prefix.join(place));
    for name in MODULES {
        let file = format!("{name}.so");
        let found = places.iter().map(|place| place.join(&file)).find(|path| path.exists());
        let found = found.unwrap_or_else(|| panic!("{file} is in none of {places:?}"));
        symlink(found, folder.join("mod").join(file)).expect("a link");
    }
    fs::copy(artifacts::module(), folder.join("mod/mod_mosquitto.so")).expect("the module");
}
