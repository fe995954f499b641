//! One MQTT client: the only owner of a `*mut mosquitto`.
#![allow(unsafe_code)]

use super::callbacks::{Handler, publish, register, subscribe};
use super::error::Error;
use super::library::{Handed, Library, MessageId, QoS};
use super::options::{Options, Socks5Options, Target};
use super::properties::Properties;
use super::setup::{apply, set_number};
use super::tls::Context;
use mosquitto_client_sys as sys;
use parking_lot::Mutex;
use std::ffi::{CStr, c_void};
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A client. All methods may be called on any thread; `connect` and `run` belong to one thread, the one
/// that drives it.
pub struct Client<H: Handler> {
    pub(super) raw: NonNull<sys::mosquitto>,
    /// The socket once more: libmosquitto's own descriptor may be closed, and its number taken by a call's socket, at
    /// any moment. This one is ours, and `abort` cannot hit a stranger.
    pub(super) socket: Mutex<Option<OwnedFd>>,
    /// Wakes poll(2) in [`Client::run`] when something was handed to the library.
    pub(super) wake: OwnedFd,
    /// Whether the client is driven by poll(2) at the moment.
    pub(super) polling: AtomicBool,
    /// Whether the attempt is to end that is under way: set on any thread, reset by the next one.
    pub(super) ending: AtomicBool,
    /// The broker that the proxy is still to be asked for.
    pub(super) behind_proxy: Mutex<Option<Target>>,
    pub(super) socks5: Option<Socks5Options>,
    // The order matters: the TLS context and the handler outlive the client, the library outlives all.
    pub(super) tls: Option<Context>,
    _handler: Arc<H>,
    _library: Arc<Library>,
}

// SAFETY: libmosquitto is told that it is used from several threads (mosquitto_threaded_set) and then locks by itself;
// the handler is Send and Sync.
unsafe impl<H: Handler> Send for Client<H> {}
// SAFETY: as above.
unsafe impl<H: Handler> Sync for Client<H> {}

impl<H: Handler> Client<H> {
    /// Makes a client; nothing is connected yet. The files of TLS are read here for the first time.
    ///
    /// # Errors
    /// What is wrong with the options, in words for the operator: a file, what libmosquitto refuses, descriptors or
    /// memory that ran out.
    pub fn new(options: &Options, handler: Arc<H>, library: Arc<Library>) -> Result<Self, String> {
        let tls = options.tls.as_ref().map(Context::new).transpose();
        let tls = tls.map_err(|why| format!("tls: {why}"))?;
        // SAFETY: plain eventfd(2); the descriptor is ours alone.
        let wake = unsafe { libc::eventfd(0, libc::EFD_NONBLOCK | libc::EFD_CLOEXEC) };
        if wake < 0 {
            return Err(Error::System(last_errno()).to_string());
        }
        // SAFETY: just made, owned by nobody else.
        let wake = unsafe { OwnedFd::from_raw_fd(wake) };
        let listens = handler.listens();
        let user = Arc::as_ptr(&handler).cast_mut().cast::<c_void>();
        let refused = |error: Error| format!("libmosquitto refused the options: {error}");
        // SAFETY: the id is a string that lives for the call; the library copies it.
        let raw = unsafe { sys::mosquitto_new(options.client_id.as_ptr(), options.clean_session, user) };
        let raw = NonNull::new(raw).ok_or_else(|| refused(Error::System(last_errno())))?;
        let client = Self {
            raw,
            socket: Mutex::new(None),
            wake,
            polling: AtomicBool::new(false),
            ending: AtomicBool::new(false),
            behind_proxy: Mutex::new(None),
            socks5: options.socks5.clone(),
            tls,
            _handler: handler,
            _library: library,
        };
        // SAFETY: nobody else knows the client yet; the user data is the handler, which is dropped after it, as the TLS
        // context is.
        unsafe {
            apply(raw.as_ptr(), options, client.tls.as_ref()).map_err(refused)?;
            register::<H>(raw.as_ptr(), listens);
        }
        Ok(client)
    }

    /// Begins to connect, for the first time or again; the connection is made by [`Client::run`]. QoS 0 messages that
    /// the library still holds are thrown away by it. Does not block: the address is numeric.
    ///
    /// `keepalive` is in seconds: 0, or 5 and more. `bind` is a numeric local address.
    ///
    /// # Errors
    /// A local address that cannot be used, a refusal that is known at once; [`Error::Tls`], of which
    /// [`Client::take_reason`] has the words.
    pub fn connect(&self, target: &Target, keepalive: u16, bind: Option<&CStr>) -> Result<(), Error> {
        self.ending.store(false, Ordering::SeqCst);
        let (raw, unix) = (self.raw.as_ptr(), target.is_unix());
        let proxy = self.socks5.as_ref().filter(|_| !unix);
        if let Some(tls) = &self.tls {
            let name = (!unix).then_some(target.name.as_c_str());
            if let Err(why) = tls.prepare(name, proxy.is_some()) {
                tls.blame(why);
                return Err(Error::Tls);
            }
        }
        *self.behind_proxy.lock() = proxy.map(|_| target.clone());
        let port = if unix { 0 } else { proxy.map_or(target.port, |proxy| proxy.port) };
        let bind = bind.map_or(std::ptr::null(), CStr::as_ptr);
        // SAFETY: a live client, strings that live for the call, and only the driving thread connects.
        let code = unsafe {
            // Events are worth more than a few bytes of header: no Nagle. A unix socket has none to turn off.
            set_number(raw, sys::MOSQ_OPT_TCP_NODELAY, (!unix).into())?;
            let address = target.address.as_ptr();
            sys::mosquitto_connect_bind_async(raw, address, port.into(), keepalive.into(), bind)
        };
        let result = Error::from_code(code);
        self.keep_socket();
        result
    }

    /// What TLS says about the attempt, or the connection, that has just ended. Cleared by this, and by the next
    /// attempt.
    pub fn take_reason(&self) -> Option<String> {
        self.tls.as_ref().and_then(Context::take_reason)
    }

    /// Hands a message to the library, which copies it. Does not block and does not write to the network. Properties
    /// are of MQTT 5 alone: with another version the message is refused.
    pub fn publish(
        &self,
        topic: &CStr,
        payload: &[u8],
        qos: QoS,
        retain: bool,
        properties: Option<&Properties>,
    ) -> Handed {
        // SAFETY: a live client.
        let handed = unsafe { publish(self.raw.as_ptr(), topic, payload, qos, retain, properties) };
        self.wake_poll();
        handed
    }

    /// Subscribes; the answer comes to [`Handler::subscribed`] under the id.
    ///
    /// # Errors
    /// There is no connection, or the library refuses the filter.
    pub fn subscribe(&self, filter: &CStr, qos: QoS) -> Result<MessageId, Error> {
        // SAFETY: a live client.
        let result = unsafe { subscribe(self.raw.as_ptr(), filter, qos) };
        self.wake_poll();
        result
    }

    /// Ends a subscription.
    ///
    /// # Errors
    /// There is no connection, or the library refuses the filter.
    pub fn unsubscribe(&self, filter: &CStr) -> Result<(), Error> {
        let no_id = std::ptr::null_mut();
        // SAFETY: a live client; the filter lives for the call, and a null id is allowed.
        let code = unsafe { sys::mosquitto_unsubscribe(self.raw.as_ptr(), no_id, filter.as_ptr()) };
        self.wake_poll();
        Error::from_code(code)
    }

    /// Says DISCONNECT to the broker, if there is a connection, and makes [`Client::run`] return.
    pub fn disconnect(&self) {
        self.ending.store(true, Ordering::SeqCst);
        // SAFETY: a live client. The answer only says whether there was a connection.
        unsafe { sys::mosquitto_disconnect(self.raw.as_ptr()) };
        self.wake_poll();
    }

    /// Cuts the connection, in whatever state it is: [`Client::run`] returns at once.
    pub fn abort(&self) {
        self.ending.store(true, Ordering::SeqCst);
        if let Some(socket) = &*self.socket.lock() {
            // SAFETY: shutdown(2) on a descriptor that is ours. It fails only if there is nothing to cut any more.
            unsafe { libc::shutdown(socket.as_raw_fd(), libc::SHUT_RDWR) };
        }
        self.wake_poll();
    }

    /// Forgets the socket, so that the kernel can end the connection; cuts it first if the library has not.
    pub(super) fn forget_socket(&self) {
        self.abort();
        *self.socket.lock() = None;
    }

    fn keep_socket(&self) {
        // SAFETY: a live client; -1 if there is no socket.
        let number = unsafe { sys::mosquitto_socket(self.raw.as_ptr()) };
        *self.socket.lock() = if number < 0 {
            None
        } else {
            // SAFETY: the descriptor is open: only this thread connects and drives the client, so that nothing closes it
            // during the call.
            unsafe { BorrowedFd::borrow_raw(number) }.try_clone_to_owned().ok()
        };
    }

    fn wake_poll(&self) {
        if self.polling.load(Ordering::SeqCst) {
            let one: u64 = 1;
            // SAFETY: writes 8 bytes to an eventfd of ours; a full counter (EAGAIN) wakes just as well.
            unsafe { libc::write(self.wake.as_raw_fd(), (&raw const one).cast(), 8) };
        }
    }
}

impl<H: Handler> Drop for Client<H> {
    fn drop(&mut self) {
        // SAFETY: the last use of a client that is driven by no thread any more: whoever drives it holds a reference.
        unsafe { sys::mosquitto_destroy(self.raw.as_ptr()) };
    }
}

pub(super) fn last_errno() -> i32 {
    std::io::Error::last_os_error().raw_os_error().unwrap_or(0)
}
