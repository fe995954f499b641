//! A server that shows what a TLS client asks for: `openssl s_server`, which speaks no MQTT.

use crate::certificates::{Certificates, Identity};
use crate::wait::{eventually, free_port};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

/// A running server; it ends with this.
pub struct TlsServer {
    port: u16,
    child: Child,
    said: Arc<Mutex<String>>,
}

impl TlsServer {
    /// Shows the right certificate; the arguments are those of openssl-s_server(1).
    pub fn start(certificates: &Certificates, arguments: &[&str]) -> Self {
        let (certificate, key) = certificates.of(Identity::Right);
        let port = free_port();
        let mut command = Command::new("openssl");
        command.args([
            "s_server",
            "-accept",
            &format!("127.0.0.1:{port}"),
            "-cert",
            &certificate,
            "-key",
            &key,
        ]);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("openssl: scripts/test installs it");
        let output = child.stdout.take().expect("a pipe");
        let said = Arc::new(Mutex::new(String::new()));
        let text = Arc::clone(&said);
        std::thread::spawn(move || {
            // What the client sends goes there as well.
            for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
                let mut text = text.lock().expect("no panic");
                text.push_str(&String::from_utf8_lossy(&line));
                text.push('\n');
            }
        });
        let server = Self { port, child, said };
        server.wait_said("ACCEPT");
        server
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Waits until it has said this.
    pub fn wait_said(&self, part: &str) {
        eventually(&format!("{part:?} from openssl s_server"), || {
            self.said.lock().expect("no panic").contains(part)
        });
    }
}

impl Drop for TlsServer {
    fn drop(&mut self) {
        self.child.kill().expect("a running server");
        self.child.wait().expect("its end");
    }
}
