//! Time limits that hold the module to its word, and not the machine that it is tested on.

use std::time::{Duration, Instant};

/// Measures how long something takes, less the time in which somebody on this machine waited for a processor. For upper
/// limits alone: on a machine that is busy with something else it says too little, never too much.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch {
    begin: Instant,
    held_up: Duration,
}

impl Stopwatch {
    /// Begins.
    pub fn start() -> Self {
        Self { begin: Instant::now(), held_up: held_up() }
    }

    /// The time since then.
    pub fn elapsed(&self) -> Duration {
        self.begin.elapsed().saturating_sub(held_up().saturating_sub(self.held_up))
    }
}

/// How long somebody has waited for a processor since the machine was started: pressure stall information of the kernel
/// (Documentation/accounting/psi.rst). Nothing where the kernel does not count it.
fn held_up() -> Duration {
    let text = std::fs::read_to_string("/proc/pressure/cpu").unwrap_or_default();
    let some = text.lines().find_map(|line| line.strip_prefix("some ")?.split_once("total="));
    let micros = some.and_then(|(_, total)| total.trim().parse().ok());
    Duration::from_micros(micros.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_runs_no_faster_than_the_clock() {
        let (clock, watch) = (Instant::now(), Stopwatch::start());
        std::thread::sleep(Duration::from_millis(20));
        assert!(watch.elapsed() <= clock.elapsed());
    }
}
