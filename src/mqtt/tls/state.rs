//! What OpenSSL's callbacks know of a client, and what they say about an attempt.

use super::TlsIdentity;
use parking_lot::Mutex;
use std::ffi::CString;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU8, Ordering::SeqCst};

/// What the callbacks share with the context. It is set before each attempt, and read after it.
pub(super) struct State {
    /// The broker's name, as the ClientHello says it; `None`: none is said.
    pub server_name: Mutex<Option<CString>>,
    /// What the certificate must be for, in words.
    pub expected: Mutex<String>,
    /// Why the attempt failed.
    reason: Mutex<Option<String>>,
    /// Whether the handshake of this attempt has been completed. OpenSSL itself is back in its initial state after an error.
    pub established: AtomicBool,
    /// The errno with which the socket failed in the handshake; 0: it has not.
    pub io_error: AtomicI32,
    /// Whether the first packet is to be kept back.
    pub hold: AtomicU8,
    /// Whether the broker's certificate is verified.
    pub verify: bool,
    /// The pre-shared key and its identity.
    pub psk: Option<(Vec<u8>, CString)>,
    /// The key file's password.
    pub password: Option<CString>,
    /// Whether the password was asked for.
    pub asked_password: AtomicBool,
}

/// [`State::hold`]: packets go to the socket.
pub(super) const HOLD_NOT: u8 = 0;
/// [`State::hold`]: the handshake has not begun; its first packet is to be kept.
pub(super) const HOLD_WANTED: u8 = 1;
/// [`State::hold`]: packets go to memory.
pub(super) const HOLD_ENGAGED: u8 = 2;

impl State {
    /// # Errors
    /// A key that is not hexadecimal.
    pub fn new(identity: &TlsIdentity) -> Result<Self, String> {
        let (verify, psk, password) = match identity {
            TlsIdentity::Certificate { keyfile_password, verify, .. } => {
                (*verify, None, keyfile_password.clone())
            }
            // A broker that shows a certificate does not know the key: it is verified, and nobody is trusted.
            TlsIdentity::Psk { key, identity } => (true, Some((bytes(key)?, identity.clone())), None),
        };
        Ok(Self {
            server_name: Mutex::default(),
            expected: Mutex::default(),
            reason: Mutex::default(),
            established: AtomicBool::new(false),
            io_error: AtomicI32::new(0),
            hold: AtomicU8::new(HOLD_NOT),
            verify,
            psk,
            password,
            asked_password: AtomicBool::new(false),
        })
    }

    /// A new attempt begins.
    pub fn clear(&self) {
        *self.reason.lock() = None;
        self.established.store(false, SeqCst);
        self.io_error.store(0, SeqCst);
    }

    /// The attempt failed for this reason. The first one counts: the others follow from it.
    pub fn blame(&self, reason: String) {
        self.reason.lock().get_or_insert(reason);
    }

    /// Why the attempt failed.
    pub fn take_reason(&self) -> Option<String> {
        self.reason.lock().take()
    }
}

/// The key's bytes. An odd number of digits has a zero in front.
fn bytes(key: &CString) -> Result<Vec<u8>, String> {
    let digits: Option<Vec<u8>> = key
        .to_bytes()
        .iter()
        .map(|digit| char::from(*digit).to_digit(16).and_then(|value| u8::try_from(value).ok()))
        .collect();
    let mut digits = digits.filter(|digits| !digits.is_empty()).ok_or("psk is not hexadecimal")?;
    if digits.len() % 2 == 1 {
        digits.insert(0, 0);
    }
    Ok(digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_hexadecimal() {
        assert_eq!(bytes(&c"00aBfF".to_owned()).unwrap(), [0, 0xAB, 0xFF]);
        assert_eq!(bytes(&c"abc".to_owned()).unwrap(), [0x0A, 0xBC]);
        assert_eq!(bytes(&c"".to_owned()).unwrap_err(), "psk is not hexadecimal");
        assert_eq!(bytes(&c"12x4".to_owned()).unwrap_err(), "psk is not hexadecimal");
    }

    #[test]
    fn the_first_reason_counts_until_the_next_attempt() {
        let identity = TlsIdentity::Psk { key: c"00".to_owned(), identity: c"x".to_owned() };
        let state = State::new(&identity).unwrap();
        state.blame("first".into());
        state.blame("second".into());
        assert_eq!(state.take_reason().as_deref(), Some("first"));
        assert_eq!(state.take_reason(), None);
        state.blame("third".into());
        state.clear();
        assert_eq!(state.take_reason(), None);
    }
}
