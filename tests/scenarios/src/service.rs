//! A service that answers questions over MQTT 5: a shell script around mosquitto_sub(1) and mosquitto_pub(1).

use crate::subscriber::Subscriber;
use crate::wait::PATIENCE;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running one; it ends with this.
pub struct Service(Child);

impl Service {
    /// Answers what is asked on `ask` by a line of sh(1), which has `$topic` (the response topic), `$data` (the correlation
    /// data) and `$payload`; `PUB` in it publishes.
    pub fn start(port: u16, answer: &str) -> Self {
        let script = format!(
            "mosquitto_sub -p {port} -V 5 -t ask -t ready -F '%t|%R|%D|%p' |
             while IFS='|' read -r on topic data payload; do
                 if [ $on = ready ]; then echo ready; continue; fi
                 {}
             done",
            answer.replace("PUB", &format!("mosquitto_pub -p {port} -V 5"))
        );
        let mut command = Command::new("sh");
        command.args(["-c", &script]).stdin(Stdio::null()).stdout(Stdio::piped()).process_group(0);
        let mut child = command.spawn().expect("sh");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let service = Self(child);
        let (sender, heard) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let _nobody_waits = lines.next().map(|_ready| sender.send(()));
            // The script must not meet a pipe that is closed.
            lines.for_each(drop);
        });
        let knock = Subscriber::start(port, "nothing");
        let end = Instant::now() + PATIENCE;
        while heard.recv_timeout(Duration::from_millis(50)).is_err() {
            assert!(Instant::now() < end, "the service is not ready");
            knock.publish("ready", "");
        }
        service
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let group = i32::try_from(self.0.id()).expect("a process id");
        // SAFETY: plain kill(2); the process group of the shell, which has not been waited for.
        unsafe { libc::kill(-group, libc::SIGKILL) };
        let _ = self.0.wait();
    }
}
