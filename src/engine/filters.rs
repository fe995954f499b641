//! Which topic filters a connection subscribes to: none that another one of them covers.
//!
//! A broker may pass a message on once for each filter that matches it (MQTT 3.1.1 and 5, section 3.3.5), and mosquitto
//! does with MQTT 5: a command would run more than once.

use super::subscription::Subscription;
use crate::mqtt::QoS;
use std::ffi::{CStr, CString};
use std::sync::Arc;

/// The filters to subscribe to, each with the highest QoS that is asked for under it.
pub fn needed(subscriptions: &[Arc<Subscription>]) -> Vec<(CString, QoS)> {
    let mut filters: Vec<(CString, QoS)> = Vec::new();
    for one in subscriptions {
        let mut qos = one.qos;
        if let Some((_, wider)) = filters.iter_mut().find(|(filter, _)| covers(filter, &one.filter)) {
            *wider = qos.max(*wider);
            continue;
        }
        filters.retain(|(filter, narrower)| {
            let covered = covers(&one.filter, filter);
            qos = if covered { qos.max(*narrower) } else { qos };
            !covered
        });
        filters.push((one.filter.clone(), qos));
    }
    filters
}

/// Whether every message that comes by `narrow` comes by `wide`. A shared subscription is covered only by one of the
/// same group.
pub fn covers(wide: &CStr, narrow: &CStr) -> bool {
    let (wide, narrow) = (wide.to_bytes(), narrow.to_bytes());
    // A wildcard at the beginning does not match what begins with "$" (MQTT 5, section 4.7.2).
    if narrow.starts_with(b"$") && !wide.starts_with(b"$") {
        return false;
    }
    let mut narrow = narrow.split(|byte| *byte == b'/');
    for level in wide.split(|byte| *byte == b'/') {
        // "a/#" matches "a" as well.
        if level == b"#" {
            return true;
        }
        match narrow.next() {
            Some(other) if level == other || level == b"+" && other != b"#" => {}
            _ => return false,
        }
    }
    narrow.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_covers_those_whose_topics_are_all_among_its_own() {
        for (wide, narrow) in [
            (c"a", c"a"),
            (c"#", c"a/+/c"),
            (c"a/#", c"a"),
            (c"a/#", c"a/b/#"),
            (c"a/+", c"a/b"),
            (c"+/+", c"a/+"),
            (c"$share/g/a/#", c"$share/g/a/b"),
        ] {
            assert!(covers(wide, narrow), "{wide:?} {narrow:?}");
        }
        for (wide, narrow) in [
            (c"a/b", c"a/#"),
            (c"a/+", c"a/#"),
            (c"a/+", c"a"),
            (c"a", c"a/b"),
            (c"a/+/c", c"a/b/+"),
            (c"#", c"$SYS/#"),
            (c"+/x", c"$SYS/x"),
            (c"#", c"$share/g/a"),
            (c"a", c"$share/g/a"),
            (c"$share/g/a", c"$share/h/a"),
        ] {
            assert!(!covers(wide, narrow), "{wide:?} {narrow:?}");
        }
    }
}
