//! What a process costs, from /proc.

use std::fs;
use std::time::Duration;

/// Sends a signal.
pub(crate) fn signal(pid: u32, signal: i32) {
    let pid = i32::try_from(pid).expect("a process id");
    // SAFETY: a plain system call on a child that has not been waited for.
    assert_eq!(unsafe { libc::kill(pid, signal) }, 0);
}

/// What was counted at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Process {
    /// Threads.
    pub threads: usize,
    /// Open descriptors.
    pub descriptors: usize,
    /// Mappings.
    pub mappings: usize,
    /// Resident memory in kB.
    pub resident_kb: usize,
}

impl Process {
    /// Counts.
    ///
    /// # Panics
    /// If there is no such process.
    pub fn look(pid: u32) -> Self {
        let proc = |name: &str| format!("/proc/{pid}/{name}");
        let entries = |name: &str| fs::read_dir(proc(name)).expect("a live process").count();
        let read = |name: &str| fs::read_to_string(proc(name)).expect("a live process");
        let status = read("status");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("VmRSS");
        Self {
            threads: entries("task"),
            descriptors: entries("fd"),
            mappings: read("maps").lines().count(),
            resident_kb: line.trim().trim_end_matches(" kB").parse().expect("a number"),
        }
    }

    /// The processor time that all its threads have used, those that have ended too: clock_getcpuclockid(3).
    ///
    /// # Panics
    /// If there is no such process.
    pub fn cpu_time(pid: u32) -> Duration {
        let pid = i32::try_from(pid).expect("a process id");
        let (mut clock, mut time) = (0, libc::timespec { tv_sec: 0, tv_nsec: 0 });
        // SAFETY: both write to places that live for the call.
        let well = unsafe {
            libc::clock_getcpuclockid(pid, &mut clock) == 0 && libc::clock_gettime(clock, &mut time) == 0
        };
        assert!(well, "the clock of a live process");
        let part = |number| u64::try_from(number).expect("no negative time");
        Duration::from_secs(part(time.tv_sec)) + Duration::from_nanos(part(time.tv_nsec))
    }

    /// The names of the threads, as the kernel shows them.
    pub fn thread_names(pid: u32) -> Vec<String> {
        let tasks = fs::read_dir(format!("/proc/{pid}/task")).expect("a live process");
        let names = tasks.flatten().filter_map(|task| fs::read_to_string(task.path().join("comm")).ok());
        let mut names: Vec<String> = names.map(|name| name.trim_end().to_owned()).collect();
        names.sort();
        names
    }
}
