//! Tab completion: the table that `switch_console_set_complete` fills, the named functions, and what the tab key
//! would offer. Follows the queries that the core runs over its table.

use crate::builtin;
use crate::core::Core;
use crate::cstr;
use crate::output::die;
use freeswitch_sys::{
    SWITCH_STATUS_SUCCESS, switch_console_callback_match_t, switch_console_complete_callback_t,
};
use libc::c_char;
use parking_lot::Mutex;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::CString;
use std::ptr::null;

const WORDS: usize = 10;

/// Rows of up to ten words, and functions by name.
#[derive(Debug, Default)]
pub struct Completions {
    rows: Mutex<Vec<Vec<String>>>,
    functions: Mutex<BTreeMap<String, switch_console_complete_callback_t>>,
}

/// The list that a callback fills; opaque to it.
#[derive(Debug, Default)]
struct Matches(Vec<Vec<u8>>);

impl Completions {
    /// `add a b c`, `stickyadd a b c`, `del a b` or `del *`; false if it is none of these.
    pub fn set(&self, line: &str) -> bool {
        let mut words = line.split_ascii_whitespace();
        let verb = words.next().unwrap_or_default().to_ascii_lowercase();
        let row: Vec<String> = words.take(WORDS).map(str::to_owned).collect();
        let mut rows = self.rows.lock();
        match (verb.as_str(), row.first().map(String::as_str)) {
            ("add" | "stickyadd", _) => rows.push(row),
            ("del", None) => return false,
            ("del", Some("*")) => rows.clear(),
            ("del", Some(_)) => rows.retain(|known| !known.starts_with(&row)),
            _ => return false,
        }
        true
    }

    /// Names a function.
    pub fn add_function(&self, name: String, function: switch_console_complete_callback_t) {
        self.functions.lock().insert(name, function);
    }

    /// Takes the name away.
    pub fn del_function(&self, name: &str) {
        self.functions.lock().remove(name);
    }

    /// What the tab key would offer after `line`.
    pub fn offers(&self, core: &Core, line: &str) -> BTreeSet<String> {
        let line = line.trim_start();
        let typed: Vec<&str> = line.split_ascii_whitespace().collect();
        let at_blank = line.ends_with(' ') || line.is_empty();
        let (before, word) =
            if at_blank { (&typed[..], "") } else { (&typed[..typed.len() - 1], typed[typed.len() - 1]) };
        let mut found = BTreeSet::new();
        if before.is_empty() {
            let names = builtin::NAMES.iter().map(|n| (*n).to_owned()).chain(core.apis.names());
            found.extend(names.filter(|name| has_prefix(name, word)));
        }
        let rows = self.rows.lock().clone();
        for row in rows.iter().filter(|row| fits(row, before)) {
            let target = row.get(before.len()).map_or("", String::as_str);
            match target.strip_prefix("::") {
                _ if target.is_empty() || target.eq_ignore_ascii_case("_any_") => {}
                Some(list) if list.starts_with('[') => {
                    let items = list[1..].trim_end_matches(']').split(':');
                    found.extend(items.filter(|item| item.starts_with(word)).map(str::to_owned));
                }
                Some(_) => {
                    found.extend(self.call(target, line, word).into_iter().filter(|m| m.starts_with(word)))
                }
                None if has_prefix(target, word) => {
                    found.insert(target.to_owned());
                }
                None => {}
            }
        }
        found
    }

    /// Calls a named function, under the lock that keeps the name from going away, as the core does.
    fn call(&self, name: &str, line: &str, word: &str) -> Vec<String> {
        let functions = self.functions.lock();
        let Some(function) = functions.get(name) else { return Vec::new() };
        let (Ok(line), Ok(cursor)) = (CString::new(line), CString::new(word)) else { return Vec::new() };
        let cursor = if word.is_empty() { null() } else { cursor.as_ptr() };
        // The core leaves this uninitialised: a function has to start its own list and put it here.
        let mut list = not_started();
        // SAFETY: the module promised by naming the function that it may be called until the name is taken away;
        // the strings outlive the call.
        let status = unsafe { function(line.as_ptr(), cursor, &raw mut list) };
        if status != SWITCH_STATUS_SUCCESS {
            return Vec::new();
        }
        if list == not_started() || list.is_null() {
            die(&format!("{name} returned success without a list of matches"));
        }
        // SAFETY: set by the function to a list that push_match made, which nobody else frees.
        let list = unsafe { Box::from_raw(list.cast::<Matches>()) };
        list.0.iter().map(|m| String::from_utf8_lossy(m).into_owned()).collect()
    }
}

/// Stands for the value of an uninitialised pointer; no list is ever there.
fn not_started() -> *mut switch_console_callback_match_t {
    std::ptr::without_provenance_mut(1)
}

/// Adds to a list, making it if the pointer is null.
///
/// # Safety
/// `matches` points to null or to a list that this function made; `text` is a C string.
pub unsafe fn push_match(matches: *mut *mut switch_console_callback_match_t, text: *const c_char) {
    // SAFETY: the caller's promise.
    let (list, text) = unsafe { (&mut *matches, cstr::bytes(text).unwrap_or_default()) };
    if *list == not_started() {
        die(
            "push_match on the list that the core gave: the core leaves it uninitialised, start with a null one",
        );
    }
    if list.is_null() {
        *list = Box::into_raw(Box::<Matches>::default()).cast();
    }
    // SAFETY: not null, so made above, now or earlier, and still owned by the one who holds the pointer.
    unsafe { (*list.cast::<Matches>()).0.push(text.to_vec()) };
}

fn fits(row: &[String], before: &[&str]) -> bool {
    before.iter().enumerate().all(|(i, typed)| {
        let known = row.get(i).map_or("", String::as_str);
        known.is_empty() || known.eq_ignore_ascii_case("_any_") || known.starts_with("::") || known == *typed
    })
}

fn has_prefix(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(completions: &Completions) -> usize {
        completions.rows.lock().len()
    }

    #[test]
    fn del_takes_away_every_row_that_begins_with_its_words() {
        let completions = Completions::default();
        for line in ["add mosquitto status", "add mosquitto log level", "add other status"] {
            assert!(completions.set(line));
        }
        assert!(completions.set("del mosquitto log"));
        assert_eq!(rows(&completions), 2);
        assert!(completions.set("del mosquitto"));
        assert_eq!(rows(&completions), 1);
        assert!(!completions.set("del") && !completions.set("what ever"));
        assert!(completions.set("del *"));
        assert_eq!(rows(&completions), 0);
    }

    #[test]
    fn rows_fit_what_was_typed_before() {
        let row = ["mosquitto".to_owned(), "::names".to_owned(), "_any_".to_owned(), "end".to_owned()];
        assert!(fits(&row, &["mosquitto", "x", "y"]));
        assert!(!fits(&row, &["mosq"]));
        assert!(!fits(&row, &["mosquitto", "x", "y", "z"]));
    }
}
