//! Counts about this process, for tests of leaks.

use std::fs;

/// `threads=N fds=N maps=N rss_kb=N`.
pub fn counts() -> String {
    let entries = |path: &str| fs::read_dir(path).map_or(0, Iterator::count);
    let maps = fs::read_to_string("/proc/self/maps").map_or(0, |text| text.lines().count());
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let rss = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    let rss = rss.trim().trim_end_matches(" kB");
    // The folder of descriptors is itself open while it is read.
    let fds = entries("/proc/self/fd").saturating_sub(1);
    format!("threads={} fds={fds} maps={maps} rss_kb={rss}\n", entries("/proc/self/task"))
}

/// The same, once the C library has given back to the kernel what it keeps for later, and before it ` heap_kb=N`: what is
/// allocated, which no gaps between allocations blur.
pub fn trim() -> String {
    // SAFETY: malloc_trim(3) and mallinfo2(3) may be called at any time, by any thread.
    let heap = unsafe {
        libc::malloc_trim(0);
        libc::mallinfo2()
    };
    format!("heap_kb={} {}", (heap.uordblks + heap.hblkhd) / 1024, counts())
}
