//! What was done, for those who watch.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

/// Counts.
#[derive(Debug, Default)]
pub struct Tally {
    /// Events played.
    pub events: AtomicU64,
    /// Messages sent to topics that take commands.
    pub commands: AtomicU64,
    /// Those that are allowed.
    pub allowed: AtomicU64,
    /// Lines typed on the console.
    pub lines: AtomicU64,
    /// Those that ran a job.
    pub typed_jobs: AtomicU64,
    /// Loads of the module.
    pub loads: AtomicU64,
    /// Calms in which everything was counted.
    pub calms: AtomicU64,
    /// Faults.
    pub faults: AtomicU64,
    /// Looks at what must always hold.
    pub looks: AtomicU64,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = [
            (&self.events, "events"),
            (&self.commands, "commands"),
            (&self.lines, "lines typed"),
            (&self.loads, "loads"),
            (&self.calms, "counted exactly"),
            (&self.faults, "faults"),
            (&self.looks, "looks"),
        ];
        let counts = counts.map(|(count, name)| format!("{} {name}", count.load(SeqCst)));
        f.write_str(&counts.join(", "))
    }
}
