//! Event names and their numbers, which differ between FreeSWITCH 1.10 and 1.11.

use libc::c_int;
use std::collections::BTreeMap;

/// Which core is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoreVersion {
    /// 1.10: no CERT_RELOAD, ALL is 92.
    V1_10,
    /// 1.11: CERT_RELOAD is 92, ALL is 93.
    V1_11,
}

/// The events of one version of the core, by number.
#[derive(Debug)]
pub struct EventNames(Vec<String>);

impl EventNames {
    /// The names of that version; the list comes from the headers of 1.11.
    pub fn new(version: CoreVersion) -> Self {
        let abi: serde_json::Value = serde_json::from_str(include_str!("../../data/freeswitch-abi.json"))
            .expect("the ABI file is JSON");
        let by_number: BTreeMap<i64, &String> = abi["event_types"]
            .as_object()
            .expect("the ABI file has event_types")
            .iter()
            .map(|(name, number)| (number.as_i64().expect("an event has a number"), name))
            .collect();
        let names =
            by_number.into_values().filter(|name| version == CoreVersion::V1_11 || *name != "CERT_RELOAD");
        Self(names.cloned().collect())
    }

    /// The number of ALL, which is the last one.
    pub fn all(&self) -> c_int {
        self.0.len() as c_int - 1
    }

    /// How many numbers there are, ALL included.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The name of an event.
    pub fn name(&self, number: c_int) -> &str {
        usize::try_from(number).ok().and_then(|i| self.0.get(i)).map_or("UNKNOWN", String::as_str)
    }

    /// The number of a name in any case. Like the core, it also takes a name after any 13 characters, which are
    /// meant to be `SWITCH_EVENT_`.
    pub fn number(&self, name: &str) -> Option<c_int> {
        let short = name.as_bytes().get(13..).filter(|rest| !rest.is_empty());
        let same = |known: &String| {
            known.eq_ignore_ascii_case(name)
                || short.is_some_and(|s| s.eq_ignore_ascii_case(known.as_bytes()))
        };
        self.0.iter().position(same).map(|i| i as c_int)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_the_version() {
        let new = EventNames::new(CoreVersion::V1_11);
        let old = EventNames::new(CoreVersion::V1_10);
        assert_eq!((new.number("CERT_RELOAD"), new.number("ALL"), new.all()), (Some(92), Some(93), 93));
        assert_eq!((old.number("CERT_RELOAD"), old.number("ALL"), old.all()), (None, Some(92), 92));
        assert_eq!(new.number("CUSTOM"), Some(0));
        assert_eq!(old.number("SHUTDOWN_REQUESTED"), new.number("SHUTDOWN_REQUESTED"));
    }

    #[test]
    fn a_name_is_found_in_any_case_and_with_its_prefix() {
        let names = EventNames::new(CoreVersion::V1_11);
        assert_eq!(names.number("heartbeat"), names.number("HEARTBEAT"));
        assert_eq!(names.number("SWITCH_EVENT_HEARTBEAT"), names.number("HEARTBEAT"));
        assert_eq!(names.number("switch_event_all"), Some(names.all()));
        assert_eq!(names.number("NO_SUCH"), None);
        assert_eq!(names.name(names.number("CODEC").unwrap()), "CODEC");
    }
}
