//! res_query(3) in safe Rust: the question for SRV records, which the standard library does not ask.
//!
//! It is no part of libmosquitto's, whose own look-up of SRV records waits without an end and knows no priorities.
#![allow(unsafe_code)]

use resolv_sys as sys;
use std::ffi::{CStr, c_int};
use std::fmt;

/// What most answers fit in; a larger one is asked for again.
const USUAL: usize = 4096;
/// The largest DNS message there is, RFC 1035 section 4.2.2.
const MOST: usize = 65_535;

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAnswer {
    /// There is no such name, or no SRV record of it (`HOST_NOT_FOUND`, `NO_DATA`).
    NoRecord,
    /// No name server answered, or none could say (`TRY_AGAIN`).
    TryAgain,
    /// The question cannot be asked, or a name server refuses it (`NO_RECOVERY`).
    Refused,
    /// Any other `h_errno`.
    Other(i32),
}

impl NoAnswer {
    fn from_code(code: c_int) -> Self {
        match code {
            sys::HOST_NOT_FOUND | sys::NO_DATA => Self::NoRecord,
            sys::TRY_AGAIN => Self::TryAgain,
            sys::NO_RECOVERY => Self::Refused,
            other => Self::Other(other),
        }
    }
}

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRecord => f.write_str("no SRV record"),
            Self::TryAgain => f.write_str("the name server does not answer, or has failed"),
            Self::Refused => f.write_str("the name server refuses the question, or this is no domain name"),
            Self::Other(code) => write!(f, "the look-up failed (h_errno {code})"),
        }
    }
}

/// The DNS message, RFC 1035 section 4, that answers the question for SRV records of a name. Blocks for as long as
/// resolv.conf(5) says, and cannot be interrupted.
///
/// # Errors
/// There is none, and this is why.
pub fn query_srv(name: &CStr) -> Result<Vec<u8>, NoAnswer> {
    let mut answer = vec![0; USUAL];
    let mut length = query(name, &mut answer)?;
    if length > answer.len() {
        answer.resize(MOST, 0);
        length = query(name, &mut answer)?;
    }
    answer.truncate(length);
    Ok(answer)
}

/// Asks, and returns the answer's length, which may be more than there is room for.
fn query(name: &CStr, answer: &mut [u8]) -> Result<usize, NoAnswer> {
    let room = c_int::try_from(answer.len()).unwrap_or(c_int::MAX);
    // SAFETY: the name is a C string, and `answer` has room for `room` bytes; both live for the call. The state that
    // the call uses is the calling thread's own.
    let length = unsafe { sys::res_query(name.as_ptr(), sys::C_IN, sys::T_SRV, answer.as_mut_ptr(), room) };
    usize::try_from(length).map_err(|_negative| {
        // SAFETY: the address of the calling thread's h_errno is valid for as long as the thread lives.
        NoAnswer::from_code(unsafe { *sys::__h_errno_location() })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_cannot_be_asked_for_is_refused_without_a_question() {
        let long = std::ffi::CString::new(format!("{}.example", "x".repeat(64))).expect("no NUL");
        assert_eq!(query_srv(&long), Err(NoAnswer::Refused));
    }

    #[test]
    fn every_reason_is_said_in_words() {
        let said = |code| NoAnswer::from_code(code).to_string();
        assert_eq!(said(sys::HOST_NOT_FOUND), "no SRV record");
        assert_eq!(said(sys::NO_DATA), "no SRV record");
        assert_eq!(said(sys::TRY_AGAIN), "the name server does not answer, or has failed");
        assert_eq!(said(sys::NO_RECOVERY), "the name server refuses the question, or this is no domain name");
        assert_eq!(said(-1), "the look-up failed (h_errno -1)");
    }
}
