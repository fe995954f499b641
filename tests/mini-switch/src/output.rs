//! Everything the program prints, log lines and answers, from any thread: each piece whole and at once.

use crate::loggers::{Line, Loggers};
use parking_lot::Mutex;
use std::fs::File;
use std::io::Write;
use std::mem::ManuallyDrop;
use std::os::fd::FromRawFd;
use std::path::Path;

/// The core's names of the log levels, by number.
pub const LEVELS: [&str; 8] = ["CONSOLE", "ALERT", "CRIT", "ERR", "WARNING", "NOTICE", "INFO", "DEBUG"];

/// Standard output, and the log file if there is one.
#[derive(Debug)]
pub struct Output {
    /// What modules have bound to log lines.
    pub loggers: Loggers,
    /// Lines above this level are not printed.
    max_level: usize,
    targets: Mutex<(ManuallyDrop<File>, Option<File>)>,
}

impl Output {
    /// # Errors
    /// The log file cannot be opened for appending.
    pub fn new(max_level: usize, log_file: Option<&Path>) -> Result<Self, String> {
        let open = |path: &Path| {
            let file = File::options().create(true).append(true).open(path);
            file.map_err(|e| format!("--log-file {}: {e}", path.display()))
        };
        let file = log_file.map(open).transpose()?;
        // SAFETY: descriptor 1 is open for the life of the process; ManuallyDrop never closes it.
        let stdout = ManuallyDrop::new(unsafe { File::from_raw_fd(1) });
        Ok(Self { loggers: Loggers::start(), max_level, targets: Mutex::new((stdout, file)) })
    }

    /// A log line: `[WARNING] source: text`, or the bare text if there is no source. Level 0 is always printed.
    fn log(&self, level: usize, source: Option<&str>, text: &[u8]) {
        let level = level.min(LEVELS.len() - 1);
        if level > self.max_level {
            return;
        }
        let mut line = source.map(|s| format!("[{}] {s}: ", LEVELS[level]).into_bytes()).unwrap_or_default();
        line.extend_from_slice(text);
        end_line(&mut line);
        let mut targets = self.targets.lock();
        // Nobody may be reading any more; the switch goes on.
        let _ = targets.0.write_all(&line);
        if let Some(file) = &mut targets.1 {
            let _ = file.write_all(&line);
        }
    }

    /// A log line of the stand-in itself.
    pub fn say(&self, level: &str, text: &str) {
        let level = LEVELS.iter().position(|l| *l == level).expect("a level of the core");
        self.log_line(&Line::new("mini_switch.rs", "say", level, text.as_bytes()), Some("mini-switch"));
    }

    /// A log line, for whoever reads and for the loggers.
    pub fn log_line(&self, line: &Line, source: Option<&str>) {
        self.log(line.level, source, &line.text);
        self.loggers.push(line);
    }

    /// An answer and, in the same write, the line that marks its end.
    pub fn answer(&self, text: &[u8], marker: Option<&str>) {
        let mut block = text.to_vec();
        if !block.is_empty() {
            end_line(&mut block);
        }
        if let Some(marker) = marker {
            block.extend_from_slice(marker.as_bytes());
            block.push(b'\n');
        }
        let _ = self.targets.lock().0.write_all(&block);
    }

    /// Text with no line end, for the prompt.
    pub fn prompt(&self, text: &str) {
        let _ = self.targets.lock().0.write_all(text.as_bytes());
    }
}

fn end_line(line: &mut Vec<u8>) {
    if line.last() != Some(&b'\n') {
        line.push(b'\n');
    }
}

/// A module broke a rule of the core that would crash or hang the real one: says so and aborts.
pub fn die(text: &str) -> ! {
    eprintln!("mini-switch: FATAL: {text}");
    std::process::abort();
}
