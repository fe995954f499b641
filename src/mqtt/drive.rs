//! Drives a client until its connection ends: with poll(2) until the broker has accepted it, then with
//! mosquitto_loop_forever(3), or with poll(2) still where the library's select(2) cannot go.
#![allow(unsafe_code)]

use super::callbacks::Handler;
use super::client::Client;
use super::error::Error;
use super::poll::{Ready, TICK, has_data, take_error};
use super::socks5;
use super::tls::{Handshake, LOST_IN_HANDSHAKE, Step};
use mosquitto_client_sys as sys;
use std::net::TcpStream;
use std::os::fd::RawFd;
use std::sync::atomic::Ordering;
use std::time::Instant;

impl<H: Handler> Client<H> {
    /// Drives the client on the calling thread until the connection is lost, refused or ended by
    /// [`Client::disconnect`] or [`Client::abort`]. It never connects again by itself. `is_accepted` says whether the
    /// broker has accepted the connection, which it has to until the given time.
    ///
    /// # Errors
    /// What the library gave as the reason; [`Error::Timeout`].
    pub fn run(&self, until: Instant, is_accepted: &dyn Fn() -> bool) -> Result<(), Error> {
        let accepted = self.polled(|| {
            self.pass_proxy(until)?;
            self.establish(until, is_accepted)
        });
        let result = accepted.and_then(|accepted| if accepted { self.keep_up() } else { Ok(()) });
        self.forget_socket();
        result
    }

    /// The connection is up: drives it until it ends.
    fn keep_up(&self) -> Result<(), Error> {
        let tick = i32::try_from(TICK.as_millis()).unwrap_or(i32::MAX);
        // SAFETY: a live client, driven by this thread alone.
        let code = unsafe { sys::mosquitto_loop_forever(self.raw.as_ptr(), tick, 1) };
        let result = Error::from_code(code);
        if code == sys::MOSQ_ERR_INVAL && self.socket_number().is_some() {
            // The socket, or the library's own socket pair, has a number of FD_SETSIZE (1024) or more.
            return self.polled(|| self.poll_until_end());
        }
        result
    }

    /// Meanwhile other threads wake poll(2) instead of the library's loop.
    fn polled<T>(&self, body: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
        self.polling.store(true, Ordering::SeqCst);
        let result = body();
        self.polling.store(false, Ordering::SeqCst);
        result
    }

    /// Until the broker has accepted the connection. False: there is no connection any more, or there is to be none.
    ///
    /// The library's keepalive is not looked after here: the time limit is.
    fn establish(&self, until: Instant, is_accepted: &dyn Fn() -> bool) -> Result<bool, Error> {
        while let Some(socket) = self.socket_number() {
            if is_accepted() {
                return Ok(true);
            }
            let step = self.handshake().and_then(|handshake| handshake.step());
            if self.is_ending() {
                if step.is_none() {
                    // A broker that is about to accept is told at least.
                    self.write()?;
                }
                return Ok(false);
            }
            // SAFETY: a live client.
            let wants_write = || unsafe { sys::mosquitto_want_write(self.raw.as_ptr()) };
            let write = step.map_or_else(wants_write, |step| step == Step::Write);
            let ready = self.wait_until(socket, write, until)?;
            if let Some(error) = self.socket_error(socket, ready) {
                // The broker may have said why before it cut the connection.
                if has_data(socket) {
                    self.read()?;
                }
                return Err(self.lost(error, step));
            }
            if step.is_some() {
                // Reading goes on with the handshake, whatever it waits for.
                if ready.readable || ready.writable {
                    self.read()?;
                }
                // libmosquitto takes a socket that has ended for one that is not ready yet, and would try for ever.
                let is_stuck = || self.handshake().is_some_and(|handshake| handshake.step().is_some());
                if ready.ended && self.socket_number().is_some() && is_stuck() {
                    return Err(self.lost(Error::System(libc::ECONNRESET), step));
                }
            } else {
                self.read_and_write(ready)?;
            }
        }
        Ok(false)
    }

    /// Asks the proxy for the broker, if there is one. Until then the library has written nothing: packets wait for
    /// its loop, and TLS writes to memory.
    fn pass_proxy(&self, until: Instant) -> Result<(), Error> {
        let (Some(target), Some(proxy)) = (self.behind_proxy.lock().take(), &self.socks5) else {
            return Ok(());
        };
        let Some(number) = self.socket_number() else { return Ok(()) };
        let socket = self.socket.lock().as_ref().and_then(|socket| socket.try_clone().ok());
        // A copy of the descriptor is missing only if there are too many.
        let socket = TcpStream::from(socket.ok_or(Error::System(libc::EMFILE))?);
        let wait = |step| loop {
            if self.is_ending() {
                return Err(Error::Lost);
            }
            let ready = self.wait_until(number, step == Step::Write, until)?;
            match self.socket_error(number, ready) {
                Some(error) => return Err(error),
                None if ready.writable || ready.readable => return Ok(()),
                None => {}
            }
        };
        socks5::ask(&socket, proxy, &target.name, target.port, &wait)?;
        let kept = self.handshake().map_or(Ok(Vec::new()), |handshake| handshake.release(number))?;
        socks5::send(&socket, &kept, &wait)
    }

    fn poll_until_end(&self) -> Result<(), Error> {
        let raw = self.raw.as_ptr();
        let mut woken = true;
        while let Some(socket) = self.socket_number() {
            // SAFETY: a live client.
            let write = woken || unsafe { sys::mosquitto_want_write(raw) };
            let ready = self.wait(socket, write, TICK)?;
            woken = ready.woken;
            self.read_and_write(ready)?;
            // SAFETY: a live client, driven by this thread alone.
            Error::from_code(unsafe { sys::mosquitto_loop_misc(raw) })?;
        }
        Ok(())
    }

    fn read_and_write(&self, ready: Ready) -> Result<(), Error> {
        // First what the broker has to say: writing fails if it has said why it goes, and gone.
        if ready.readable {
            self.read()?;
        }
        if (ready.woken || ready.writable) && self.socket_number().is_some() {
            self.write()?;
        }
        Ok(())
    }

    fn read(&self) -> Result<(), Error> {
        // SAFETY: a live client, driven by this thread alone.
        Error::from_code(unsafe { sys::mosquitto_loop_read(self.raw.as_ptr(), 1) })
    }

    fn write(&self) -> Result<(), Error> {
        // SAFETY: a live client, driven by this thread alone.
        Error::from_code(unsafe { sys::mosquitto_loop_write(self.raw.as_ptr(), 1) })
    }

    fn wait_until(&self, socket: RawFd, write: bool, until: Instant) -> Result<Ready, Error> {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(Error::Timeout) } else { self.wait(socket, write, left) }
    }

    /// What is wrong with a socket that has ended. TLS may have met it first, and taken it.
    fn socket_error(&self, socket: RawFd, ready: Ready) -> Option<Error> {
        let met = || self.tls.as_ref().and_then(|tls| tls.io_error()).map(Error::System);
        if ready.ended { take_error(socket).or_else(met) } else { None }
    }

    /// TLS has nothing to say of a connection that is cut off in its handshake.
    fn lost(&self, error: Error, step: Option<Step>) -> Error {
        let cut = [libc::ECONNRESET, libc::EPIPE].map(Error::System).contains(&error);
        if let (Some(tls), true) = (&self.tls, cut && step.is_some()) {
            tls.blame(LOST_IN_HANDSHAKE.to_owned());
        }
        error
    }

    /// Whether another thread wants the attempt to end.
    fn is_ending(&self) -> bool {
        self.ending.load(Ordering::SeqCst)
    }

    /// The library's TLS connection.
    fn handshake(&self) -> Option<Handshake<'_>> {
        let context = self.tls.as_ref()?;
        self.socket_number()?;
        // SAFETY: a live client, driven by this thread alone; with a socket its connection is live, and made from the
        // context.
        unsafe { Handshake::new(sys::mosquitto_ssl_get(self.raw.as_ptr()), context) }
    }

    fn socket_number(&self) -> Option<RawFd> {
        // SAFETY: a live client; -1 if there is no socket.
        let number = unsafe { sys::mosquitto_socket(self.raw.as_ptr()) };
        (number >= 0).then_some(number)
    }
}
