//! The real module in `mini-switch`.

use crate::artifacts;
use crate::config::Config;
use crate::process::signal;
use crate::wait::{PATIENCE, eventually, status_with};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

const LEVELS: [&str; 8] =
    ["[CONSOLE]", "[ALERT]", "[CRIT]", "[ERR]", "[WARNING]", "[NOTICE]", "[INFO]", "[DEBUG]"];

/// A running mini-switch; it ends with this.
pub struct Switch {
    child: Child,
    input: Option<ChildStdin>,
    answers: Receiver<String>,
    log: Arc<Mutex<Vec<String>>>,
    folder: TempDir,
    module: PathBuf,
}

/// The accounts as `mosquitto status` shows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    /// accepted
    pub accepted: u64,
    /// published
    pub published: u64,
    /// waiting
    pub waiting: u64,
    /// dropped
    pub dropped: u64,
}

impl Account {
    /// The first one in an answer to `mosquitto status`, which is that of the whole module.
    pub fn read(status: &str) -> Option<Self> {
        let number = |name: &str| {
            let line = status.lines().find_map(|line| line.trim().strip_prefix(name))?;
            line.split_whitespace().next()?.parse().ok()
        };
        Some(Self {
            accepted: number("accepted: ")?,
            published: number("published: ")?,
            waiting: number("waiting: ")?,
            dropped: number("dropped: ")?,
        })
    }

    /// Whether the four numbers add up.
    pub fn adds_up(&self) -> bool {
        self.accepted == self.published + self.waiting + self.dropped
    }
}

impl Switch {
    /// Starts mini-switch with this configuration and loads the module.
    pub fn load(config: &Config) -> Self {
        Self::load_xml(&config.xml(), &[])
    }

    /// Starts mini-switch with this text as the configuration and these options, and loads the module.
    pub fn load_xml(xml: &str, options: &[&str]) -> Self {
        let mut switch = Self::start(xml, options);
        let answer = switch.load_module();
        assert_eq!(answer, "+OK Reloading XML\n+OK\n", "{}", switch.log().join("\n"));
        switch
    }

    /// Starts mini-switch without loading anything.
    pub fn start(xml: &str, options: &[&str]) -> Self {
        Self::start_module(artifacts::module(), xml, options, &[])
    }

    /// The same with another build of the module, and with environment variables.
    pub fn start_module(module: PathBuf, xml: &str, options: &[&str], environment: &[(&str, &str)]) -> Self {
        Self::spawn(artifacts::mini_switch_command(), module, xml, options, environment)
    }

    /// The same with so many descriptors open already that whatever the module opens has a number above them.
    pub fn start_with_descriptors(count: u64, xml: &str) -> Self {
        let mut program = Command::new(artifacts::mini_switch());
        let open = move || {
            let limit = libc::rlimit { rlim_cur: count + 500, rlim_max: count + 500 };
            // SAFETY: plain system calls between fork and exec, which are all allowed there.
            let opened = unsafe {
                libc::setrlimit(libc::RLIMIT_NOFILE, &limit) == 0
                    && (0..count).all(|_| libc::open(c"/dev/null".as_ptr(), libc::O_RDONLY) >= 0)
            };
            if opened { Ok(()) } else { Err(std::io::Error::last_os_error()) }
        };
        // SAFETY: the closure allocates nothing and takes no lock.
        unsafe { program.pre_exec(open) };
        Self::spawn(program, artifacts::module(), xml, &[], &[])
    }

    /// The same with a hosts(5) file of its own, in a mount namespace of its own.
    pub fn start_with_hosts(hosts: &Path, xml: &str) -> Self {
        let mut program = Command::new("unshare");
        program.args([
            "--mount",
            "--map-root-user",
            "sh",
            "-c",
            "mount --bind \"$0\" /etc/hosts && exec \"$@\"",
        ]);
        program.arg(hosts).arg(artifacts::mini_switch());
        Self::spawn(program, artifacts::module(), xml, &[], &[])
    }

    fn spawn(
        mut command: Command,
        module: PathBuf,
        xml: &str,
        options: &[&str],
        environment: &[(&str, &str)],
    ) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path();
        std::fs::create_dir_all(path.join("conf/autoload_configs")).expect("a folder");
        std::fs::create_dir_all(path.join("log")).expect("a folder");
        std::fs::create_dir_all(path.join("mod")).expect("a folder");
        let installed = path.join("mod/mod_mosquitto.so");
        std::fs::copy(module, &installed).expect("the module");
        command.args(["--marker", "--no-prompt", "--conf"]).arg(path.join("conf"));
        command.arg("--mod-dir").arg(path.join("mod")).arg("--log-dir").arg(path.join("log")).args(options);
        command.envs(environment.iter().copied());
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("mini-switch starts");
        let output = child.stdout.take().expect("a pipe");
        let log = Arc::new(Mutex::new(Vec::new()));
        let answers = read(output, Arc::clone(&log));
        let input = child.stdin.take();
        let switch = Self { child, input, answers, log, folder, module: installed };
        switch.configure(xml);
        assert_eq!(switch.answer("--- ready"), "");
        switch
    }

    /// Replaces the configuration; it counts from the next load on.
    pub fn configure(&self, xml: &str) {
        let path = self.folder.path().join("conf/autoload_configs/mosquitto.conf.xml");
        std::fs::write(path, xml).expect("the configuration");
    }

    /// Takes the configuration away.
    pub fn unconfigure(&self) {
        let path = self.folder.path().join("conf/autoload_configs/mosquitto.conf.xml");
        std::fs::remove_file(path).expect("the configuration");
    }

    /// `load mod_mosquitto`
    pub fn load_module(&mut self) -> String {
        self.command("load mod_mosquitto")
    }

    /// `unload mod_mosquitto`
    pub fn unload_module(&mut self) -> String {
        self.command("unload mod_mosquitto")
    }

    /// Types a command and waits for its answer.
    pub fn command(&mut self, line: &str) -> String {
        let input = self.input.as_mut().expect("not shut down");
        writeln!(input, "{line}").expect("mini-switch is alive");
        input.flush().expect("mini-switch is alive");
        self.answer(&format!("--- end of: {line}"))
    }

    fn answer(&self, marker: &str) -> String {
        let mut answer = String::new();
        loop {
            // A command may take its time; it is the test's own conditions that are limited.
            match self.answers.recv_timeout(4 * PATIENCE) {
                Ok(line) if line == marker => return answer,
                Ok(line) => answer = answer + &line + "\n",
                Err(error) => {
                    panic!("no {marker:?} from mini-switch: {error}\n{answer}{}", self.log().join("\n"))
                }
            }
        }
    }

    /// Takes the log lines that have come since the last time, for one who looks at all of them while others type:
    /// they are no longer in [`Switch::log`] then.
    pub fn log_taker(&self) -> impl Fn() -> Vec<String> + Send + Sync + use<> {
        let log = Arc::clone(&self.log);
        move || std::mem::take(&mut *log.lock().expect("no panic"))
    }

    /// The log lines so far.
    pub fn log(&self) -> Vec<String> {
        self.log.lock().expect("no panic").clone()
    }

    /// The warnings and errors of the module so far, without what FreeSWITCH puts before them.
    pub fn complaints(&self) -> Vec<String> {
        let text = |line: &String| {
            let line = line.strip_prefix("[WARNING] ").or_else(|| line.strip_prefix("[ERR] "))?;
            let (source, text) = line.split_once(": ")?;
            (source != "mini-switch").then(|| text.to_owned())
        };
        self.log().iter().filter_map(text).collect()
    }

    /// Waits for a log line that contains this, and returns it.
    pub fn wait_log(&self, part: &str) -> String {
        let mut found = None;
        eventually(&format!("a log line with {part:?} in\n{}", self.log().join("\n")), || {
            found = self.log().into_iter().find(|line| line.contains(part));
            found.is_some()
        });
        found.expect("just found")
    }

    /// Waits until `mosquitto status` has this line.
    pub fn wait_status(&mut self, part: &str) -> String {
        status_with(part, |line| self.command(line))
    }

    /// Waits until connection `name` is connected.
    pub fn wait_connected(&mut self, name: &str) {
        self.wait_status(&format!("connection name: {name} connected: True"));
    }

    /// The state of connection `name`, in the words of `mosquitto status`; how long it waits is not part of it.
    pub fn state(&mut self, name: &str) -> String {
        let status = self.command("mosquitto status");
        let start = format!("connection name: {name} connected: ");
        let mut lines = status.lines().map(str::trim);
        let _name =
            lines.find(|line| line.starts_with(&start)).unwrap_or_else(|| panic!("{name} in\n{status}"));
        let state = lines.find_map(|line| line.strip_prefix("state: ")).expect("its state");
        match state.strip_prefix("waiting ").and_then(|rest| rest.split_once(" s: ")) {
            Some((_, why)) => format!("waiting: {why}"),
            None => state.to_owned(),
        }
    }

    /// Waits until the state of connection `name` is one of these.
    pub fn wait_state(&mut self, name: &str, expected: &[&str]) {
        let mut state = String::new();
        let end = std::time::Instant::now() + PATIENCE;
        while !expected.contains(&state.as_str()) {
            let late = std::time::Instant::now() > end;
            assert!(!late, "{name} is {state:?} and not {expected:?}\n{}", self.log().join("\n"));
            state = self.state(name);
        }
    }

    /// The module's accounts.
    pub fn account(&mut self) -> Account {
        let status = self.command("mosquitto status");
        Account::read(&status).unwrap_or_else(|| panic!("no account in\n{status}"))
    }

    /// Commands that the subscribers' topic of this name has allowed and refused.
    pub fn commands(&mut self, topic: &str) -> (u64, u64) {
        let status = self.command("mosquitto status");
        let mut lines = status.lines().map(str::trim);
        let _name = lines.find(|line| *line == format!("topic name: {topic}")).expect("the topic");
        let counts = lines.find_map(|line| line.strip_prefix("commands: allowed ")).expect("its commands");
        let (allowed, refused) = counts.split_once(", refused ").expect("two numbers");
        (allowed.parse().expect("a number"), refused.parse().expect("a number"))
    }

    /// Waits until it has allowed and refused so many.
    pub fn wait_commands(&mut self, topic: &str, counts: (u64, u64)) {
        let mut seen = (0, 0);
        let end = std::time::Instant::now() + PATIENCE;
        while seen != counts {
            let log = || self.log().join("\n");
            assert!(std::time::Instant::now() < end, "{topic}: {seen:?} and not {counts:?}\n{}", log());
            seen = self.commands(topic);
        }
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Its folder: `log` has the log files.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where the module is installed.
    pub fn module(&self) -> &Path {
        &self.module
    }

    /// Kills mini-switch with SIGKILL.
    pub fn kill(&mut self) {
        self.child.kill().expect("a running mini-switch");
        self.child.wait().expect("its end");
    }

    /// Stops the whole process where it is, until [`Switch::resume`].
    pub fn pause(&self) {
        signal(self.pid(), libc::SIGSTOP);
    }

    /// Lets it go on.
    pub fn resume(&self) {
        signal(self.pid(), libc::SIGCONT);
    }

    /// Ends mini-switch, which unloads the module first.
    ///
    /// # Panics
    /// If it does not end well.
    pub fn shutdown(mut self) -> Vec<String> {
        self.input = None;
        let status = self.child.wait().expect("its end");
        assert!(status.success(), "mini-switch ended with {status}\n{}", self.log().join("\n"));
        self.log()
    }
}

impl Drop for Switch {
    fn drop(&mut self) {
        self.input = None;
        if std::thread::panicking() {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

/// Log lines to the log, everything else to whoever waits for an answer.
fn read(output: ChildStdout, log: Arc<Mutex<Vec<String>>>) -> Receiver<String> {
    let (sender, answers) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line).into_owned();
            if LEVELS.iter().any(|level| line.starts_with(level)) {
                log.lock().expect("no panic").push(line);
            } else if sender.send(line).is_err() {
                return;
            }
        }
    });
    answers
}
