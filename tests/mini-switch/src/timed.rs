//! How long something took.

use std::fmt;
use std::time::{Duration, Instant};

/// What a piece of work counted, and the time that it took.
#[derive(Debug, Clone, Copy)]
pub struct Timed {
    /// What it counted.
    pub count: usize,
    /// By the clock on the wall.
    pub wall: Duration,
    /// The calling thread's processor time: without what others did on the same processor meanwhile.
    pub cpu: Duration,
}

impl Timed {
    /// Does it.
    pub fn run(work: impl FnOnce() -> usize) -> Self {
        let (begin, cpu) = (Instant::now(), thread_time());
        let count = work();
        Self { count, cpu: thread_time() - cpu, wall: begin.elapsed() }
    }
}

impl fmt::Display for Timed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ns={} cpu_ns={}", self.wall.as_nanos(), self.cpu.as_nanos())
    }
}

fn thread_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the clock is there on every Linux, and the structure lives for the call.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_is_wall_time_and_no_processor_time() {
        let timed = Timed::run(|| {
            std::thread::sleep(Duration::from_millis(30));
            7
        });
        assert_eq!(timed.count, 7);
        assert!(timed.wall >= Duration::from_millis(30) && timed.cpu < Duration::from_millis(20), "{timed}");
    }
}
