//! `bgapi_allow` and `bgapi_deny`, and `*`.

use super::*;
use crate::commands::glob::{self, Case};

fn allowed(pattern: &str, line: &str) -> bool {
    runs(&topic(&[pattern], &[], &[]), &format!("bgapi {line}"))
}

fn denied(pattern: &str, line: &str) -> bool {
    !runs(&topic(&[], &[pattern], &[]), &format!("bgapi {line}"))
}

#[test]
fn a_star_is_any_part_of_a_word() {
    for (pattern, text) in [
        ("", ""),
        ("*", ""),
        ("*", "abc"),
        ("a*", "a"),
        ("a*c", "abbc"),
        ("*c", "abc"),
        ("**", "x"),
        ("a*b*c", "aXbXbXc"),
        ("*ab*", "aab"),
        ("\u{e4}*", "\u{e4}\u{f6}"),
    ] {
        assert!(glob::matches(pattern, text, Case::Exact), "{pattern} {text}");
    }
    for (pattern, text) in [
        ("", "a"),
        ("a", ""),
        ("a*", "ba"),
        ("a*c", "ab"),
        ("*a", "ab"),
        ("?", "a"),
        ("a.c", "abc"),
        ("A", "a"),
    ] {
        assert!(!glob::matches(pattern, text, Case::Exact), "{pattern} {text}");
    }
    assert!(glob::matches("A*c", "abC", Case::Any) && !glob::matches("\u{c4}", "\u{e4}", Case::Any));
}

#[test]
fn many_stars_take_no_time() {
    let text = "a".repeat(100_000);
    assert!(!glob::matches(&format!("{}b", "a*".repeat(50)), &text, Case::Exact));
}

#[test]
fn a_command_is_allowed_with_any_arguments_and_in_any_case() {
    for line in ["status", "STATUS", "status x y", "status 'x"] {
        assert!(allowed("status", line), "{line}");
        assert!(allowed("Status", line), "{line}");
    }
    for line in ["statuses", "stat", "show status", "status2 x", "'status'", "\u{2003}status"] {
        assert!(!allowed("status", line), "{line}");
    }
}

#[test]
fn a_command_and_the_start_of_its_arguments_allow_no_other_start() {
    for line in ["sofia status", "SOFIA  status", "sofia status profile x"] {
        assert!(allowed("sofia status", line), "{line}");
    }
    for line in ["sofia", "sofia statuses", "sofia profile x status", "sofia STATUS", "sofia 'status'"] {
        assert!(!allowed("sofia status", line), "{line}");
    }
    assert!(allowed("uuid_* * x*", "uuid_setvar 1 xyz 2") && !allowed("uuid_* * x*", "uuid_setvar 1"));
    assert!(!allowed("status *", "status") && allowed("status *", "status x"));
}

#[test]
fn an_empty_pattern_and_a_pattern_of_blanks_allow_nothing() {
    for pattern in ["", " "] {
        assert!(!allowed(pattern, "status"));
    }
}

/// FreeSWITCH's commands would see the variable "evil" in each of these.
#[test]
fn quotes_escapes_and_other_delimiters_do_not_pass_for_an_argument() {
    for line in [
        "uuid_setvar 'x foo ' evil v",
        "uuid_setvar x\\ foo evil v",
        "uuid_setvar \"x foo \" evil v",
        "uuid_setvar ^^:1:evil:v foo",
        "uuid_setvar 1 'foo",
        "uuid_setvar 1 ${x}foo",
        "uuid_setvar 1\u{2003}evil foo",
    ] {
        assert!(!allowed("uuid_setvar * foo*", line), "{line}");
        assert!(!allowed("uuid_setvar * *", line), "{line}");
        assert!(denied("uuid_setvar * evil", line), "{line}");
    }
    assert!(allowed("uuid_setvar * foo", "uuid_setvar 1 foo 'a b'"));
    assert!(!denied("uuid_setvar * evil", "uuid_setvar 1 foo 'a evil b'"));
}

#[test]
fn what_is_denied_is_denied_in_any_case_and_whatever_follows() {
    for line in ["system", "SYSTEM ls", "system  ls -l"] {
        assert!(denied("System", line), "{line}");
    }
    for line in ["fsctl shutdown", "FSCTL  ShutDown now", "fsctl 'shutdown'", "fsctl shut\\down"] {
        assert!(denied("fsctl shutdown", line), "{line}");
    }
    for line in ["fsctl", "fsctl pause", "status"] {
        assert!(!denied("fsctl shutdown", line), "{line}");
    }
    assert!(denied("*", "status"));
}

#[test]
fn deny_wins() {
    let topic = topic(&["uuid_*", "status"], &["uuid_broadcast"], &[]);
    assert_eq!(outcome(&topic, "bgapi uuid_kill 1").as_deref(), Ok("uuid_kill 1"));
    let denied = Err("bgapi_deny \"uuid_broadcast\" matches".to_owned());
    assert_eq!(outcome(&topic, "bgapi UUID_Broadcast 1 x"), denied);
    assert_eq!(outcome(&topic, "bgapi version"), Err("no bgapi_allow matches".to_owned()));
}
