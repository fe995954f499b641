//! Waiting for conditions.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::time::{Duration, Instant};

/// How many times longer than usual everything may take: valgrind takes its time.
pub const SLOWNESS: u32 = if cfg!(feature = "slow") { 10 } else { 1 };

/// How long a condition may take to come true before the test fails.
pub const PATIENCE: Duration = Duration::from_secs(30 * SLOWNESS as u64);

/// Waits until the condition holds.
///
/// # Panics
/// If it does not within [`PATIENCE`].
pub fn eventually(what: &str, mut condition: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !condition() {
        assert!(Instant::now() < end, "{what}: not within {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Waits until the answer to `mosquitto status` has this part, and returns it.
pub(crate) fn status_with(part: &str, mut command: impl FnMut(&str) -> String) -> String {
    let mut status = String::new();
    eventually(&format!("{part:?} in mosquitto status"), || {
        status = command("mosquitto status");
        status.contains(part)
    });
    status
}

/// A port of 127.0.0.1 on which nobody listens, and that is given out once. The kernel takes none of these ports for
/// anything else by itself: they are below those of ip_local_port_range.
pub fn free_port() -> u16 {
    const FIRST: u32 = 12_000;
    const COUNT: u32 = 20_000;
    static NEXT: AtomicU32 = AtomicU32::new(0);
    // Test programs that run at the same time begin at places of their own.
    let begin = std::process::id().wrapping_mul(7919);
    loop {
        let port = FIRST + begin.wrapping_add(NEXT.fetch_add(1, SeqCst)) % COUNT;
        let port = u16::try_from(port).expect("below 32,000");
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
