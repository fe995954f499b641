//! OpenSSL's errors, alerts and verdicts in words.
#![allow(unsafe_code)]

use super::super::reason::text;
use super::state::State;
use openssl_client_sys as sys;
use std::ffi::{c_int, c_long, c_ulong};
use std::sync::atomic::Ordering::SeqCst;

const NO_GOODBYE: &str = "unexpected eof while reading";

/// What is said of a connection that is lost before TLS has begun.
pub(in crate::mqtt) const LOST_IN_HANDSHAKE: &str =
    "the connection was lost in the TLS handshake: is TLS spoken at this port?";

/// OpenSSL's reason as a whole sentence.
fn in_words(reason: &str) -> String {
    match reason {
        // OpenSSL 3 says so of every connection that ends without a goodbye.
        NO_GOODBYE => "the connection was lost".to_owned(),
        _ => format!("TLS: {reason}"),
    }
}

/// The latest error of this thread, in OpenSSL's words.
pub(super) fn last_error() -> String {
    // SAFETY: looks at this thread's own queue of errors.
    error(unsafe { sys::ERR_peek_last_error() })
}

/// The oldest error of this thread, in OpenSSL's words.
pub(super) fn first_error() -> String {
    // SAFETY: looks at this thread's own queue of errors.
    error(unsafe { sys::ERR_peek_error() })
}

/// Forgets this thread's errors.
pub(super) fn clear_errors() {
    // SAFETY: empties this thread's own queue of errors.
    unsafe { sys::ERR_clear_error() };
}

fn error(number: c_ulong) -> String {
    // SAFETY: answers every number with a static string or null.
    let words = text(unsafe { sys::ERR_reason_error_string(number) });
    if words.is_empty() { format!("OpenSSL's error {number:#x}") } else { words }
}

/// An alert that the broker sent.
pub(super) fn alert_read(alert: c_int) -> String {
    format!("the broker ended TLS: {}", alert_words(alert & 0xFF))
}

/// What made this side send a fatal alert, in the handshake or after it.
pub(super) fn alert_written(state: &State, alert: c_int, verdict: c_long) -> String {
    if state.verify && verdict != c_long::from(sys::X509_V_OK) {
        return refused_certificate(state, verdict);
    }
    if alert & 0xFF == BAD_CERTIFICATE_STATUS {
        return "the broker gives no valid OCSP answer for its certificate (ocsp_required)".to_owned();
    }
    failure(!state.established.load(SeqCst))
}

/// What this thread's latest error makes of the connection.
fn failure(in_handshake: bool) -> String {
    match &*last_error() {
        NO_GOODBYE if in_handshake => LOST_IN_HANDSHAKE.to_owned(),
        error => in_words(error),
    }
}

/// Why a step of the handshake has failed; `None`: it has not, or the socket has.
pub(super) fn handshake_failure() -> Option<String> {
    // SAFETY: looks at this thread's own queue of errors.
    (unsafe { sys::ERR_peek_last_error() } != 0).then(|| failure(true))
}

/// `bad_certificate_status_response`, RFC 6066: the OCSP answer is missing or not valid.
const BAD_CERTIFICATE_STATUS: c_int = 113;

fn refused_certificate(state: &State, verdict: c_long) -> String {
    if state.psk.is_some() {
        return "the broker shows a certificate instead of knowing the pre-shared key".to_owned();
    }
    // SAFETY: answers every number with a static string.
    let words = text(unsafe { sys::X509_verify_cert_error_string(verdict) });
    let of_name = [sys::X509_V_ERR_HOSTNAME_MISMATCH, sys::X509_V_ERR_IP_ADDRESS_MISMATCH];
    if of_name.iter().any(|code| c_long::from(*code) == verdict) {
        let expected = state.expected.lock();
        return format!("the broker's certificate is refused: {words}: it is not for \"{expected}\"");
    }
    format!("the broker's certificate is refused: {words}")
}

fn alert_words(alert: c_int) -> String {
    // Newer than OpenSSL's own list: RFC 8446, section 6.
    match alert {
        109 => "missing extension".to_owned(),
        116 => "certificate required".to_owned(),
        120 => "no application protocol".to_owned(),
        _ => {
            // SAFETY: answers every number with a static string.
            let words = text(unsafe { sys::SSL_alert_desc_string_long(alert) });
            format!("{words} ({alert})")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alerts_are_said_in_words() {
        assert_eq!(alert_read(0x22D), "the broker ended TLS: certificate expired (45)");
        assert_eq!(alert_read(0x274), "the broker ended TLS: certificate required");
    }
}
