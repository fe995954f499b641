//! The TLS connection that libmosquitto has made, while its handshake lasts.
#![allow(unsafe_code)]

use super::super::error::Error;
use super::context::Context;
use super::state::{HOLD_ENGAGED, HOLD_NOT};
use openssl_client_sys as sys;
use std::ffi::{c_int, c_void};
use std::os::fd::RawFd;
use std::sync::atomic::Ordering::SeqCst;

/// What the handshake waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::mqtt) enum Step {
    /// That something can be read.
    Read,
    /// That something can be written.
    Write,
}

/// A connection of libmosquitto's, for the length of a few calls on the thread that drives the client.
pub(in crate::mqtt) struct Handshake<'a> {
    raw: *mut sys::SSL,
    context: &'a Context,
}

impl<'a> Handshake<'a> {
    /// # Safety
    /// `raw` is null or what mosquitto_ssl_get(3) has just given on the thread that drives the client, and libmosquitto
    /// is not called while this lives. It was made from the context.
    pub unsafe fn new(raw: *mut c_void, context: &'a Context) -> Option<Self> {
        (!raw.is_null()).then(|| Self { raw: raw.cast(), context })
    }

    /// What the handshake waits for; `None`: it is complete.
    pub fn step(&self) -> Option<Step> {
        // SAFETY: a live connection, by the promise that `new` was given.
        unsafe {
            match (sys::SSL_in_init(self.raw), sys::SSL_want(self.raw)) {
                (0, _) => None,
                (_, sys::SSL_READING) => Some(Step::Read),
                // Nothing yet: it begins with writing.
                _ => Some(Step::Write),
            }
        }
    }

    /// From now on packets go to the socket. Returns those that were kept back, which go there first.
    ///
    /// # Errors
    /// There is no memory.
    pub fn release(&self, socket: RawFd) -> Result<Vec<u8>, Error> {
        if self.context.state().hold.swap(HOLD_NOT, SeqCst) != HOLD_ENGAGED {
            return Ok(Vec::new());
        }
        // SAFETY: a live connection, by the promise that `new` was given; it writes to the memory that the callback has
        // given it, and takes the new BIO over, which leaves the socket open. The buffer has room for what is read.
        unsafe {
            let memory = sys::SSL_get_wbio(self.raw);
            let mut kept = vec![0u8; sys::BIO_ctrl_pending(memory)];
            let room = c_int::try_from(kept.len()).map_err(|_| Error::TooLarge)?;
            let read = sys::BIO_read(memory, kept.as_mut_ptr().cast(), room);
            kept.truncate(usize::try_from(read).unwrap_or(0));
            let bio = sys::BIO_new_socket(socket, sys::BIO_NOCLOSE);
            if bio.is_null() {
                return Err(Error::System(libc::ENOMEM));
            }
            sys::SSL_set0_wbio(self.raw, bio);
            Ok(kept)
        }
    }
}
