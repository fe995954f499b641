//! Why a call failed, why there is no connection: libmosquitto's numbers as words.
#![allow(unsafe_code)]

use super::reason::{reason_words, text};
use mosquitto_client_sys as sys;
use std::ffi::c_int;
use std::fmt;

/// What a call of libmosquitto answered when it did not answer `MOSQ_ERR_SUCCESS`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error {
    /// There is no connection (`MOSQ_ERR_NO_CONN`).
    NotConnected,
    /// An argument, or the state of the client, was not what the call wants (`MOSQ_ERR_INVAL`).
    Invalid,
    /// The message is larger than MQTT or the broker allows (`MOSQ_ERR_PAYLOAD_SIZE`, `MOSQ_ERR_OVERSIZE_PACKET`).
    TooLarge,
    /// A system call failed; the number is errno (`MOSQ_ERR_ERRNO`).
    System(i32),
    /// The name could not be resolved; the number is one of getaddrinfo(3) (`MOSQ_ERR_EAI`).
    Resolve(i32),
    /// The connection was lost (`MOSQ_ERR_CONN_LOST`).
    Lost,
    /// The broker refused the connection (`MOSQ_ERR_CONN_REFUSED`).
    Refused,
    /// The broker did not answer within the keepalive (`MOSQ_ERR_KEEPALIVE`).
    Keepalive,
    /// The broker did not accept the connection in time.
    Timeout,
    /// TLS cannot be set up for the attempt: [`Client::take_reason`](super::Client::take_reason) says why.
    Tls,
    /// The SOCKS5 proxy gives no connection, for this reason.
    Proxy(&'static str),
    /// Any other number of `enum mosq_err_t`.
    Other(i32),
}

impl Error {
    /// The meaning of a return code; errno must still be that of the call.
    pub(super) fn from_code(code: c_int) -> Result<(), Self> {
        let errno = || std::io::Error::last_os_error().raw_os_error().unwrap_or(0);
        Err(match code {
            sys::MOSQ_ERR_SUCCESS => return Ok(()),
            sys::MOSQ_ERR_NO_CONN => Self::NotConnected,
            sys::MOSQ_ERR_INVAL => Self::Invalid,
            sys::MOSQ_ERR_PAYLOAD_SIZE | sys::MOSQ_ERR_OVERSIZE_PACKET => Self::TooLarge,
            sys::MOSQ_ERR_ERRNO => Self::System(errno()),
            sys::MOSQ_ERR_EAI => Self::Resolve(errno()),
            sys::MOSQ_ERR_CONN_LOST => Self::Lost,
            sys::MOSQ_ERR_CONN_REFUSED => Self::Refused,
            sys::MOSQ_ERR_KEEPALIVE => Self::Keepalive,
            other => Self::Other(other),
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NotConnected => f.write_str("there is no connection"),
            Self::Invalid => f.write_str("an argument is not valid"),
            Self::TooLarge => f.write_str("the message is too large"),
            Self::System(0 | libc::EPIPE) | Self::Lost => f.write_str("the connection was lost"),
            Self::System(errno) => {
                let text = std::io::Error::from_raw_os_error(errno).to_string();
                f.write_str(text.split(" (os error").next().unwrap_or(&text))
            }
            Self::Resolve(code) => {
                // SAFETY: gai_strerror returns a static string for every number.
                let words = text(unsafe { libc::gai_strerror(code) });
                write!(f, "the host name does not resolve: {words}")
            }
            Self::Refused => f.write_str("the broker refused the connection"),
            Self::Keepalive => f.write_str("the broker did not answer within the keepalive"),
            Self::Timeout => f.write_str("the broker did not answer in time (connect_timeout)"),
            Self::Tls => f.write_str("TLS failed"),
            Self::Proxy(why) => write!(f, "the SOCKS5 proxy gives no connection: {why}"),
            // SAFETY: mosquitto_strerror returns a static string for every number.
            Self::Other(code) => f.write_str(&text(unsafe { sys::mosquitto_strerror(code) })),
        }
    }
}

impl std::error::Error for Error {}

/// What the broker's CONNACK says: a return code of MQTT 3.1.1 (section 3.2.2.3) or a reason code of MQTT 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnackCode(pub i32);

impl ConnackCode {
    /// Whether the connection was accepted.
    pub fn accepted(self) -> bool {
        self.0 == 0
    }
}

impl fmt::Display for ConnackCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // SAFETY: both return a static string for every number.
        let words = unsafe {
            if self.0 < 0x80 {
                sys::mosquitto_connack_string(self.0)
            } else {
                sys::mosquitto_reason_string(self.0)
            }
        };
        let words = text(words);
        let words = words.trim_end_matches('.').trim_start_matches("Connection Refused: ");
        write!(f, "the broker refused the connection: {words} ({})", self.0)
    }
}

/// Why a connection ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LossReason {
    /// This side said DISCONNECT.
    Asked,
    /// The library gives an error.
    Error(Error),
    /// The broker sent an MQTT 5 DISCONNECT.
    Broker {
        /// Its reason code, section 3.14.2.1.
        code: u8,
        /// What it says in words of its own, section 3.14.2.2.3, fit for a log line. libmosquitto up to 2.0.20 does not
        /// pass it on.
        words: Option<String>,
    },
}

impl LossReason {
    pub(super) fn from_code(code: c_int) -> Self {
        match u8::try_from(code) {
            Ok(code) if code >= 0x80 => Self::Broker { code, words: None },
            _ => Error::from_code(code).map_or_else(Self::Error, |()| Self::Asked),
        }
    }

    /// Adds what the broker says, if it is the broker's reason.
    pub(super) fn with_words(self, words: Option<String>) -> Self {
        match self {
            Self::Broker { code, .. } => Self::Broker { code, words },
            other => other,
        }
    }
}

impl fmt::Display for LossReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Asked => f.write_str("disconnected"),
            Self::Error(error) => error.fmt(f),
            Self::Broker { code, words } => {
                write!(f, "the broker disconnected: {}", reason_words(c_int::from(*code)))?;
                words.as_ref().map_or(Ok(()), |words| write!(f, ": {words}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_said_in_words() {
        assert_eq!(
            Error::Resolve(libc::EAI_NONAME).to_string(),
            "the host name does not resolve: Name or service not known"
        );
        assert_eq!(Error::System(libc::ECONNREFUSED).to_string(), "Connection refused");
        assert_eq!(ConnackCode(5).to_string(), "the broker refused the connection: not authorised (5)");
        assert_eq!(ConnackCode(0x87).to_string(), "the broker refused the connection: Not authorized (135)");
        assert_eq!(
            LossReason::from_code(0x8E).to_string(),
            "the broker disconnected: session taken over (142)"
        );
        assert_eq!(
            LossReason::from_code(0x8B).with_words(Some("back at noon".into())).to_string(),
            "the broker disconnected: server shutting down (139): back at noon"
        );
        assert_eq!(Error::Timeout.to_string(), "the broker did not answer in time (connect_timeout)");
        assert_eq!(LossReason::from_code(0), LossReason::Asked);
    }
}
