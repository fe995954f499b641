//! The log of mini-switch: nothing of it is missed, nothing of it is kept.

use scenarios::eventually;
use std::collections::{BTreeSet, VecDeque};
use std::sync::Mutex;

/// Lines that are kept for whoever wants to know what went wrong.
const RECENT: usize = 60;

/// See the module's text.
pub struct Log {
    take: Box<dyn Fn() -> Vec<String> + Send + Sync>,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    recent: VecDeque<String>,
    played: BTreeSet<String>,
    unloaded: u64,
}

impl Log {
    pub fn new(take: impl Fn() -> Vec<String> + Send + Sync + 'static) -> Self {
        Self { take: Box::new(take), seen: Mutex::default() }
    }

    /// Reads what has come.
    ///
    /// # Panics
    /// If there is something in it that must not be.
    pub fn read(&self) {
        let mut seen = self.seen.lock().expect("the log is well");
        for line in (self.take)() {
            seen.read(&line);
            seen.recent.push_back(line);
        }
        let surplus = seen.recent.len().saturating_sub(RECENT);
        seen.recent.drain(..surplus);
    }

    /// Waits until this file was played.
    pub fn wait_played(&self, path: &str) {
        eventually(&format!("{path} was played"), || {
            self.read();
            self.seen.lock().expect("the log is well").played.remove(path)
        });
    }

    /// How many unloads have given account of themselves.
    pub fn unloaded(&self) -> u64 {
        self.read();
        self.seen.lock().expect("the log is well").unloaded
    }

    /// The last lines to standard error.
    pub fn print_recent(&self) {
        let seen = self.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for line in &seen.recent {
            eprintln!("{line}");
        }
        for line in (self.take)() {
            eprintln!("{line}");
        }
    }
}

impl Seen {
    fn read(&mut self, line: &str) {
        // That of a configuration that cannot be read is mini-switch's own.
        let broken = line.starts_with("[CRIT] mini-switch: loading ");
        assert!(broken || !line.starts_with("[CRIT]"), "{line}");
        assert!(!line.contains("did not end in time"), "{line}");
        if let Some(played) = line.strip_prefix("[CONSOLE] mini-switch: play ") {
            let (path, answer) = played.split_once(' ').expect("a path and an answer");
            assert!(answer.contains(": +OK played="), "{line}");
            self.played.insert(path.to_owned());
        } else if let Some((_, counts)) = line.split_once("unloaded: ").filter(|_| line.starts_with("[INFO]"))
        {
            let number = |text: &str| text.split(' ').next().and_then(|word| word.parse::<u64>().ok());
            let counts: Vec<u64> =
                counts.splitn(5, [',', '(']).filter_map(|text| number(text.trim())).collect();
            let [accepted, published, waiting, dropped, ..] = counts[..] else { panic!("{line}") };
            assert_eq!((waiting, accepted), (0, published + dropped), "{line}");
            self.unloaded += 1;
        }
    }
}
