//! The mosquitto broker, on a free port of its own.

use super::PATIENCE;
use super::certificates::Certificates;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::time::Instant;
use tempfile::TempDir;

/// A running broker; it ends with this.
pub struct Broker {
    /// Its port at 127.0.0.1.
    pub port: u16,
    folder: TempDir,
    child: Child,
}

impl Broker {
    /// Starts a broker with these lines in its mosquitto.conf(5); `@FOLDER@` is a folder of its own.
    pub fn start(lines: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let place = folder.path().display().to_string();
        let port = free_port();
        // As root the broker would become user mosquitto, who may not enter the folder.
        let text = format!(
            "listener {port} 127.0.0.1\nuser root\nallow_anonymous true\n{}\n",
            lines.replace("@FOLDER@", &place)
        );
        let file = folder.path().join("mosquitto.conf");
        std::fs::write(&file, text).expect("mosquitto.conf");
        let program = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto"].map(PathBuf::from);
        let program = program.iter().find(|path| path.exists()).expect("mosquitto: scripts/test installs it");
        let mut command = Command::new(program);
        command.arg("-c").arg(file).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let broker = Self { port, folder, child: command.spawn().expect("mosquitto starts") };
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begun.elapsed() < PATIENCE, "the broker does not listen");
            std::thread::yield_now();
        }
        broker
    }

    /// Starts a broker that shows this certificate.
    pub fn with_certificate(name: &str, more: &str) -> Self {
        let made = Certificates::get();
        let (certificate, key) = (made.path(&format!("{name}.pem")), made.path(&format!("{name}.key")));
        let ca = made.path("ca.pem");
        Self::start(&format!("certfile {certificate}\nkeyfile {key}\ncafile {ca}\n{more}"))
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.child.kill().expect("a running broker");
        self.child.wait().expect("its end");
    }
}

/// A port at which nobody listens, and that is given out once. It is below those that the kernel gives to others by
/// itself (ip_local_port_range).
pub fn free_port() -> u16 {
    const FIRST: u32 = 12_000;
    const COUNT: u32 = 20_000;
    static NEXT: AtomicU32 = AtomicU32::new(0);
    // Test programs that run at the same time begin at places of their own.
    let begin = std::process::id().wrapping_mul(7919);
    loop {
        let number = FIRST + begin.wrapping_add(NEXT.fetch_add(1, SeqCst)) % COUNT;
        let port = u16::try_from(number).expect("below 32,000");
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
