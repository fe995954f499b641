//! The only owner of an `SSL_CTX`.
#![allow(unsafe_code)]

use super::callbacks::register;
use super::files;
use super::reason::clear_errors;
use super::state::{HOLD_NOT, HOLD_WANTED, State};
use super::{TlsIdentity, TlsOptions, TlsVersion};
use openssl_client_sys as sys;
use std::ffi::{CStr, CString, c_int, c_long, c_uint, c_void};
use std::net::IpAddr;
use std::ptr::NonNull;
use std::sync::atomic::Ordering::SeqCst;

const NO_MEMORY: &str = "OpenSSL has no memory";

/// What the TLS connections of a client are made from.
pub(in crate::mqtt) struct Context {
    pub(super) raw: NonNull<sys::SSL_CTX>,
    options: TlsOptions,
    // Dropped after the context is given back; the client ends its connections before that.
    state: Box<State>,
}

// SAFETY: the pointer is used by one thread at a time: the one that makes the client, then the one that drives it. What
// other threads may call looks at `state` alone, which is Sync.
unsafe impl Send for Context {}
// SAFETY: as above.
unsafe impl Sync for Context {}

impl Context {
    /// Makes a context, and loads all files, so that what is wrong with them is known at once.
    ///
    /// # Errors
    /// What is wrong, in words for the operator.
    pub fn new(options: &TlsOptions) -> Result<Self, String> {
        let state = Box::new(State::new(&options.identity)?);
        clear_errors();
        // SAFETY: the method is static; the result is null or a reference that is this one's alone.
        let raw = NonNull::new(unsafe { sys::SSL_CTX_new(sys::TLS_client_method()) }).ok_or(NO_MEMORY)?;
        let context = Self { raw, options: options.clone(), state };
        // SAFETY: nobody else knows the context; the state is dropped after it.
        if !unsafe { register(raw.as_ptr(), &raw const *context.state) } {
            return Err(NO_MEMORY.to_owned());
        }
        context.set()?;
        context.load()?;
        Ok(context)
    }

    fn set(&self) -> Result<(), String> {
        let raw = self.raw.as_ptr();
        let oldest = match self.options.version {
            None | Some(TlsVersion::V12) => sys::TLS1_2_VERSION,
            Some(TlsVersion::V13) => sys::TLS1_3_VERSION,
        };
        let verify = if self.state.verify { sys::SSL_VERIFY_PEER } else { sys::SSL_VERIFY_NONE };
        // SAFETY: a live context; commands and their arguments are those of SSL_CTX_ctrl(3), which takes no pointer here.
        unsafe {
            let (command, none) = (sys::SSL_CTRL_SET_MIN_PROTO_VERSION, std::ptr::null_mut());
            if sys::SSL_CTX_ctrl(raw, command, oldest.into(), none) != 1 {
                return Err("version: this OpenSSL does not have it".to_owned());
            }
            sys::SSL_CTX_ctrl(raw, sys::SSL_CTRL_MODE, c_long::from(sys::SSL_MODE_RELEASE_BUFFERS), none);
            sys::SSL_CTX_set_verify(raw, verify, None);
        }
        if let Some(ciphers) = &self.options.ciphers {
            // SAFETY: a live context and a string, which is copied.
            if unsafe { sys::SSL_CTX_set_cipher_list(raw, ciphers.as_ptr()) } != 1 {
                let parameter = if self.state.psk.is_some() { "psk_ciphers" } else { "opts_ciphers" };
                return Err(format!("{parameter} \"{}\": no cipher matches", ciphers.to_string_lossy()));
            }
        }
        if let Some(protocol) = &self.options.alpn {
            let bytes = protocol.as_bytes();
            let length = u8::try_from(bytes.len()).ok().filter(|length| *length > 0);
            let length = length.ok_or("alpn must have 1 to 255 bytes")?;
            let list = [&[length], bytes].concat();
            // SAFETY: a live context, and a list of at most 256 bytes, which is copied. 0 is success here.
            if unsafe { sys::SSL_CTX_set_alpn_protos(raw, list.as_ptr(), c_uint::from(length) + 1) } != 0 {
                return Err(NO_MEMORY.to_owned());
            }
        }
        Ok(())
    }

    /// Loads the files, again before each attempt: certificates are renewed while a client lives.
    fn load(&self) -> Result<(), String> {
        let TlsIdentity::Certificate { cafile, capath, certfile, keyfile, .. } = &self.options.identity
        else {
            return Ok(());
        };
        clear_errors();
        files::trust(self, cafile.as_deref(), capath.as_deref())?;
        let loaded = match (certfile, keyfile) {
            (Some(certfile), Some(keyfile)) => files::identify(self, certfile, keyfile),
            (None, None) => Ok(()),
            (Some(_), None) => Err("certfile needs keyfile".to_owned()),
            (None, Some(_)) => Err("keyfile needs certfile".to_owned()),
        };
        clear_errors();
        loaded
    }

    /// Prepares the next attempt. `name` is what the certificate is verified for and what is sent as the server's name;
    /// `None`: neither. `hold` keeps the first packet back until [`Handshake::release`](super::Handshake::release).
    ///
    /// # Errors
    /// A file that cannot be loaded any more, a name that cannot be verified.
    pub fn prepare(&self, name: Option<&CStr>, hold: bool) -> Result<(), String> {
        self.state.clear();
        self.state.hold.store(if hold { HOLD_WANTED } else { HOLD_NOT }, SeqCst);
        self.load()?;
        let name = name.map(CStr::to_string_lossy);
        // A name may be written with the dot of the root; certificates have none.
        let name = name.as_deref().map(|name| name.strip_suffix('.').unwrap_or(name));
        // Of an address with a zone (fe80::1%eth0) the certificate has the address alone.
        let address = name.and_then(|name| name.split('%').next()?.parse::<IpAddr>().ok());
        let host = name.filter(|_| address.is_none());
        *self.state.expected.lock() = name.unwrap_or_default().to_owned();
        let server_name = host.and_then(|host| CString::new(host).ok());
        if self.options.verify_name && name.is_some() && address.is_none() && host.is_none_or(str::is_empty) {
            return Err("there is no name to verify the broker's certificate for".to_owned());
        }
        let verified = self.options.verify_name;
        self.verify_for(server_name.as_deref().filter(|_| verified), address.filter(|_| verified))?;
        *self.state.server_name.lock() = server_name;
        Ok(())
    }

    /// Certificates of connections that are made from now on must be for this host or address.
    fn verify_for(&self, host: Option<&CStr>, address: Option<IpAddr>) -> Result<(), String> {
        let (host, host_length) =
            host.map_or((std::ptr::null(), 0), |host| (host.as_ptr(), host.to_bytes().len()));
        let bytes = match address {
            Some(IpAddr::V4(address)) => address.octets().to_vec(),
            Some(IpAddr::V6(address)) => address.octets().to_vec(),
            None => Vec::new(),
        };
        let address = if bytes.is_empty() { std::ptr::null() } else { bytes.as_ptr() };
        // SAFETY: a live context, whose own the parameters are; null and 0 take away what was set before, and all else
        // is copied.
        let set = unsafe {
            let parameters = sys::SSL_CTX_get0_param(self.raw.as_ptr());
            let flags = sys::X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS.unsigned_abs();
            sys::X509_VERIFY_PARAM_set_hostflags(parameters, flags);
            (
                sys::X509_VERIFY_PARAM_set1_host(parameters, host, host_length),
                sys::X509_VERIFY_PARAM_set1_ip(parameters, address, bytes.len()),
            )
        };
        if set == (1, 1) { Ok(()) } else { Err(NO_MEMORY.to_owned()) }
    }

    /// Whether the broker must staple an OCSP answer.
    pub fn is_ocsp_required(&self) -> bool {
        self.options.ocsp_required
    }

    /// What TLS says about the attempt that has ended.
    pub fn take_reason(&self) -> Option<String> {
        self.state.take_reason()
    }

    /// The attempt failed for this reason, unless TLS has given another one before.
    pub fn blame(&self, reason: String) {
        self.state.blame(reason);
    }

    /// The errno with which the socket failed in the handshake.
    pub fn io_error(&self) -> Option<c_int> {
        Some(self.state.io_error.load(SeqCst)).filter(|errno| *errno != 0)
    }

    /// What mosquitto_void_option(3) takes; libmosquitto takes a reference of its own.
    pub fn as_ptr(&self) -> *mut c_void {
        self.raw.as_ptr().cast()
    }

    pub(super) fn state(&self) -> &State {
        &self.state
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: gives back the reference of `new`. libmosquitto's, and its connections, are gone: the client is
        // destroyed before its context.
        unsafe { sys::SSL_CTX_free(self.raw.as_ptr()) };
    }
}
