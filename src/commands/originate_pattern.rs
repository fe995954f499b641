//! `originate_allow`: which calls may be placed.
//!
//! `[{<variable>,...}]<call url> [<destination> [<dialplan> [<context> ...]]]`, `*` being any part of a word.
//!
//! | pattern | allows |
//! |---|---|
//! | `user/*` | any call to users, with any variables, to any destination |
//! | `{}user/*` | without variables |
//! | `{origination_*,ignore_early_media}user/*` | with no other variables than these |
//! | `{}user/* 9196 XML default` | without variables, to that extension |
//! | `{}user/* &park()` | without variables, to be parked |
//!
//! The URL is compared without its variables, leg by leg: each has to match. A destination can be any application
//! (`&system(...)`), and variables can run commands (`api_hangup_hook`) and redirect the call (`sip_route_uri`):
//! a pattern that says nothing about them allows that.

use super::dial_string::{DialString, variable_names};
use super::glob::{self, Case};
use super::originate::Originate;

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OriginatePattern {
    /// The names that variables may have; `None`: any.
    variables: Option<Vec<String>>,
    /// What each leg has to be; `None`: nothing is.
    address: Option<String>,
    /// What the arguments after the URL have to be, as far as it goes.
    rest: Vec<String>,
}

impl OriginatePattern {
    pub fn new(text: &str) -> Self {
        let mut words = text.split_whitespace().map(ToOwned::to_owned);
        let url = words.next().unwrap_or_default();
        let (variables, address) = match url.strip_prefix('{').map(|rest| rest.split_once('}')) {
            None => (None, url),
            Some(None) => (None, String::new()),
            Some(Some((names, address))) => {
                let names = names.split(',').filter(|name| !name.is_empty()).map(ToOwned::to_owned);
                (Some(names.collect()), address.to_owned())
            }
        };
        let address = Some(address).filter(|address| !address.is_empty());
        Self { variables, address, rest: words.collect() }
    }

    /// Whether it matches no call at all.
    pub fn is_void(&self) -> bool {
        self.address.is_none()
    }

    /// Whether it says what the call does: which variables it has, and where it goes, dialplan included (or an
    /// application, which no dialplan touches).
    pub fn is_closed(&self) -> bool {
        let fixed = |word: &String| !word.contains('*');
        let destination = match self.rest.as_slice() {
            [application, ..] if application.starts_with('&') => fixed(application),
            [_, dialplan, _, ..] => fixed(dialplan) && !dialplan.eq_ignore_ascii_case("inline"),
            _ => false,
        };
        self.variables.is_some() && destination
    }

    /// Whether it allows this call. What is not clear is not allowed.
    pub fn allows(&self, call: &Originate) -> bool {
        let Some(address) = &self.address else { return false };
        let Some(url) = DialString::read(&call.url) else { return false };
        url.addresses.iter().all(|leg| glob::matches(address, leg, Case::Exact))
            && url.variables.iter().all(|group| self.allows_variables(group))
            && self.allows_rest(&call.rest)
    }

    fn allows_variables(&self, group: &str) -> bool {
        let Some(allowed) = &self.variables else { return true };
        let fits = |name: &str| allowed.iter().any(|known| glob::matches(known, name, Case::Exact));
        variable_names(group).is_some_and(|names| names.into_iter().all(fits))
    }

    fn allows_rest(&self, arguments: &[String]) -> bool {
        // "$" would be expanded when the application runs.
        let clear = |text: &str| !text.contains('$') && !text.chars().any(char::is_control);
        let fits = |(wanted, argument): (&String, &String)| {
            clear(argument) && glob::matches(wanted, argument, Case::Exact)
        };
        self.rest.len() <= arguments.len() && self.rest.iter().zip(arguments).all(fits)
    }
}
