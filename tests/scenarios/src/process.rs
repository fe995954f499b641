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
        threads(pid).into_iter().map(|(name, _)| name).collect()
    }

    /// The names of the module's threads among them.
    pub fn module_threads(pid: u32) -> Vec<String> {
        Self::thread_names(pid).into_iter().filter(|name| name.starts_with("mqtt")).collect()
    }

    /// The threads' names, and the scheduling policy of each: sched(7).
    pub fn thread_policies(pid: u32) -> Vec<(String, i32)> {
        let policy = |stat: &str| {
            let after_name = stat.rsplit_once(')').expect("proc(5)").1;
            after_name.split_ascii_whitespace().nth(38).expect("field 41").parse().expect("a number")
        };
        threads(pid).into_iter().map(|(name, stat)| (name, policy(&stat))).collect()
    }
}

/// The threads' names, sorted, with what proc(5) calls `stat`. Those that end meanwhile are not among them.
fn threads(pid: u32) -> Vec<(String, String)> {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).expect("a live process");
    let read = |task: &fs::DirEntry, file| fs::read_to_string(task.path().join(file)).ok();
    let both = |task: fs::DirEntry| Some((read(&task, "comm")?.trim_end().to_owned(), read(&task, "stat")?));
    let mut threads: Vec<_> = tasks.flatten().filter_map(both).collect();
    threads.sort();
    threads
}
