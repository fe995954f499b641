//! A call: one application that runs, with variables, until it is hung up. Its address is what the module sees as a
//! `switch_core_session_t`, and as its `switch_channel_t`.

use crate::cstr;
use libc::c_char;
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::ffi::CString;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

/// The name as it was set, and the value.
type Variable = (Vec<u8>, Vec<u8>);

/// See the module's text.
#[derive(Debug, Default)]
pub struct Session {
    /// By the name in lower case.
    variables: Mutex<BTreeMap<Vec<u8>, Variable>>,
    /// What was given out as copies that live as long as the call.
    copies: Mutex<Vec<CString>>,
    hung_up: AtomicBool,
}

impl Session {
    /// Sets a variable; an empty value takes it away.
    pub fn set(&self, name: &[u8], value: &[u8]) {
        let mut variables = self.variables.lock();
        let key = name.to_ascii_lowercase();
        if value.is_empty() {
            variables.remove(&key);
        } else {
            variables.insert(key, (name.to_vec(), value.to_vec()));
        }
    }

    /// The value of a variable.
    pub fn get(&self, name: &[u8]) -> Option<Vec<u8>> {
        self.variables.lock().get(&name.to_ascii_lowercase()).map(|(_, value)| value.clone())
    }

    /// The value as a string that lives as long as the call; null if there is none.
    pub fn copy(&self, name: &[u8]) -> *const c_char {
        let Some(copy) = self.get(name).and_then(|value| CString::new(value).ok()) else {
            return std::ptr::null();
        };
        let mut copies = self.copies.lock();
        copies.push(copy);
        copies.last().expect("just pushed").as_ptr()
    }

    /// Hangs up.
    pub fn hang_up(&self) {
        self.hung_up.store(true, SeqCst);
    }

    /// Whether it has not been hung up.
    pub fn is_ready(&self) -> bool {
        !self.hung_up.load(SeqCst)
    }

    /// `name=value`, one a line, sorted.
    pub fn describe(&self) -> String {
        let line = |(name, value): &Variable| {
            format!("{}={}\n", String::from_utf8_lossy(name), String::from_utf8_lossy(value))
        };
        self.variables.lock().values().map(line).collect()
    }

    /// The text with `${name}` replaced by the value of that variable, or by nothing.
    pub fn expand(&self, text: &str) -> String {
        let mut expanded = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((name, behind)) = after.split_once('}') else { break };
            expanded.push_str(before);
            expanded.push_str(&String::from_utf8_lossy(&self.get(name.as_bytes()).unwrap_or_default()));
            rest = behind;
        }
        expanded + rest
    }
}

/// As the core looks for what could be expanded in a value: a `$`, then perhaps backslashes, then a `{`.
pub fn could_be_expanded(value: &[u8]) -> bool {
    let mut dollar = false;
    for byte in value {
        match byte {
            b'$' => dollar = true,
            b'{' if dollar => return true,
            b'\\' => {}
            _ => dollar = false,
        }
    }
    false
}

/// The bytes of a C string; empty for null.
///
/// # Safety
/// `text` is null or a C string.
pub unsafe fn owned(text: *const c_char) -> Vec<u8> {
    // SAFETY: the caller's promise; the copy is made before returning.
    unsafe { cstr::bytes(text) }.unwrap_or_default().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_found_in_any_case_and_expanded_once() {
        let session = Session::default();
        session.set(b"Who", b"${x}");
        session.set(b"x", b"no");
        assert_eq!(session.expand("a ${who} b ${none} ${"), "a ${x} b  ${");
        session.set(b"WHO", b"");
        assert_eq!(session.describe(), "x=no\n");
    }

    #[test]
    fn what_the_core_refuses_as_a_value_is_refused() {
        for value in [&b"${x}"[..], b"$${x}", b"a$\\{x"] {
            assert!(could_be_expanded(value), "{value:?}");
        }
        for value in [&b"$ {x}"[..], b"{x}$", b""] {
            assert!(!could_be_expanded(value), "{value:?}");
        }
    }
}
