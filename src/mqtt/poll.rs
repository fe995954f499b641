//! Waits for a client's socket, and to be woken, with poll(2): it works with sockets of any number.
#![allow(unsafe_code)]

use super::callbacks::Handler;
use super::client::{Client, last_errno};
use super::error::Error;
use std::os::fd::{AsRawFd, RawFd};
use std::time::Duration;

/// The longest that a client sleeps: its keepalive is looked after this often.
pub(super) const TICK: Duration = Duration::from_secs(1);

/// What has happened. Nothing: the time is over.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Ready {
    /// Something can be read, or the connection has ended.
    pub readable: bool,
    /// Something can be written.
    pub writable: bool,
    /// The connection has ended, or its other side has.
    pub ended: bool,
    /// Another thread has handed something over.
    pub woken: bool,
}

impl<H: Handler> Client<H> {
    /// Waits for at most this long, rounded up to milliseconds; a tick at most.
    ///
    /// # Errors
    /// What poll(2) gives.
    pub(super) fn wait(&self, socket: RawFd, write: bool, most: Duration) -> Result<Ready, Error> {
        let wanted = libc::POLLIN | libc::POLLRDHUP | if write { libc::POLLOUT } else { 0 };
        let mut watched = [watch(socket, wanted), watch(self.wake.as_raw_fd(), libc::POLLIN)];
        let milliseconds = most.min(TICK).as_micros().div_ceil(1000);
        let milliseconds = i32::try_from(milliseconds).unwrap_or(i32::MAX);
        // SAFETY: an array of two that lives for the call.
        let count = unsafe { libc::poll(watched.as_mut_ptr(), 2, milliseconds) };
        if count < 0 && last_errno() != libc::EINTR {
            return Err(Error::System(last_errno()));
        }
        if count <= 0 {
            return Ok(Ready::default());
        }
        let [happened, woken] = watched.map(|watched| watched.revents);
        if woken != 0 {
            let mut count: u64 = 0;
            // SAFETY: reads 8 bytes from an eventfd of ours; an empty one answers EAGAIN.
            unsafe { libc::read(self.wake.as_raw_fd(), (&raw mut count).cast(), 8) };
        }
        Ok(Ready {
            readable: happened & !libc::POLLOUT != 0,
            writable: happened & libc::POLLOUT != 0,
            ended: happened & (libc::POLLERR | libc::POLLHUP | libc::POLLRDHUP) != 0,
            woken: woken != 0,
        })
    }
}

/// The error that a socket has, `SO_ERROR`, which is taken from it.
pub(super) fn take_error(socket: RawFd) -> Option<Error> {
    let mut errno: libc::c_int = 0;
    let mut size = libc::socklen_t::try_from(size_of_val(&errno)).unwrap_or(0);
    // SAFETY: writes an int through a pointer that is valid for the call; any descriptor may be asked.
    let code = unsafe {
        let value = (&raw mut errno).cast();
        libc::getsockopt(socket, libc::SOL_SOCKET, libc::SO_ERROR, value, &mut size)
    };
    (code == 0 && errno != 0).then_some(Error::System(errno))
}

/// Whether there is something to read.
pub(super) fn has_data(socket: RawFd) -> bool {
    let mut byte = 0u8;
    // SAFETY: looks at one byte, for which there is room; any descriptor may be asked.
    let count = unsafe { libc::recv(socket, (&raw mut byte).cast(), 1, libc::MSG_PEEK | libc::MSG_DONTWAIT) };
    count > 0
}

fn watch(fd: RawFd, events: i16) -> libc::pollfd {
    libc::pollfd { fd, events, revents: 0 }
}
