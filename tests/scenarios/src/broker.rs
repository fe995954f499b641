//! The mosquitto broker that Debian ships, on free ports of its own.

use crate::process::signal;
use crate::setup::{OPENSSL_CONF, Setup};
use crate::wait::{eventually, free_port};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// A running broker; it ends with this.
pub struct Broker {
    port: u16,
    tls_port: u16,
    setup: Setup,
    folder: TempDir,
    child: Option<Child>,
}

impl Broker {
    /// Starts a broker that lets everyone in and forgets everything when it ends.
    pub fn start() -> Self {
        Self::start_as(Setup::open())
    }

    /// Starts a broker that lets in nobody but this user with this password.
    pub fn start_private(username: &str, password: &str) -> Self {
        Self::start_as(Setup::private(username, password))
    }

    /// Starts a broker with these lines in its mosquitto.conf(5); `@FOLDER@` is a folder of its own.
    pub fn start_with(lines: &str) -> Self {
        Self::start_as(Setup::with_lines(lines))
    }

    /// Starts a broker that refuses every subscription, with a plugin of its own.
    pub fn start_refusing() -> Self {
        let plugin = ["x86_64-linux-gnu", "aarch64-linux-gnu", "."]
            .map(|folder| format!("/usr/lib/{folder}/mosquitto_dynamic_security.so"));
        let plugin =
            plugin.iter().find(|path| Path::new(path).exists()).expect("a plugin of Debian's mosquitto");
        let mut broker = Self::prepare(Setup::with_lines(&format!(
            "allow_anonymous true\nplugin {plugin}\nplugin_opt_config_file @FOLDER@/dynamic.json"
        )));
        let rules = r#"{"defaultACLAccess": {"publishClientSend": true, "publishClientReceive": true,
            "subscribe": false, "unsubscribe": true}, "clients": [], "groups": [], "roles": []}"#;
        std::fs::write(broker.folder.path().join("dynamic.json"), rules).expect("dynamic.json");
        broker.restart();
        broker
    }

    /// Starts a broker with this configuration.
    pub fn start_as(setup: Setup) -> Self {
        let mut broker = Self::prepare(setup);
        broker.restart();
        broker
    }

    fn prepare(setup: Setup) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self { port: free_port(), tls_port: free_port(), setup, folder, child: None }
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The port of its listener with TLS.
    ///
    /// # Panics
    /// If it has none.
    pub fn tls_port(&self) -> u16 {
        assert!(self.setup.has_tls(), "a broker without TLS");
        self.tls_port
    }

    /// The broker's folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Starts it again on the same ports, with another configuration.
    pub fn restart_as(&mut self, setup: Setup) {
        self.setup = setup;
        self.restart();
    }

    /// Starts it again on the same ports.
    pub fn restart(&mut self) {
        self.kill();
        self.setup.write(self.folder.path(), self.port, self.tls_port);
        let program = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto"].map(PathBuf::from);
        let program = program.iter().find(|path| path.exists()).expect("mosquitto: scripts/test installs it");
        let mut command = Command::new(program);
        command.arg("-c").arg(self.folder.path().join("mosquitto.conf"));
        let openssl = self.folder.path().join(OPENSSL_CONF);
        if openssl.exists() {
            command.env("OPENSSL_CONF", openssl);
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        self.child = Some(command.spawn().expect("mosquitto starts"));
        // The plain listener comes last in the file, and so it is the last that listens.
        eventually("the broker listens", || TcpStream::connect(("127.0.0.1", self.port)).is_ok());
    }

    /// Stops it where it is: connections stay, and nobody answers.
    pub fn pause(&self) {
        let child = self.child.as_ref().expect("a running broker");
        signal(child.id(), libc::SIGSTOP);
    }

    /// Lets it go on.
    pub fn resume(&self) {
        let child = self.child.as_ref().expect("a running broker");
        signal(child.id(), libc::SIGCONT);
    }

    /// Kills it with SIGKILL.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("a running broker");
            child.wait().expect("its end");
        }
    }

    /// Waits for a line of its log that contains this, and returns it.
    pub fn wait_log(&self, part: &str) -> String {
        let mut found = None;
        eventually(&format!("a line with {part:?} in the broker's log"), || {
            found = self.log().lines().find(|line| line.contains(part)).map(str::to_owned);
            found.is_some()
        });
        found.expect("just found")
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        let bytes = std::fs::read(self.folder.path().join("log")).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.kill();
    }
}
