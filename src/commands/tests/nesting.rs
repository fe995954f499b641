//! Commands that run commands.

use super::*;
use crate::commands::nesting::calls;

fn names(line: &str) -> Vec<&str> {
    let (name, arguments) = line.split_once(' ').unwrap_or((line, ""));
    calls(name, arguments).unwrap().iter().map(|call| call.name).collect()
}

#[test]
fn the_command_within_a_command_is_found() {
    for line in [
        "bgapi system x",
        "BGAPI   system x",
        "bgapi uuid:a system x",
        "bgapi uuid:a   system x",
        "expand system x",
        "expand uuid:a system x",
        "xml_wrap system x",
        "xml_wrap encoded system x",
        "xml_wrap ENCODED  system x",
        "sched_api +1 none system x",
        "sched_api +1 none system x&",
        "sched_api @5 none system&",
        "sched_api +1  system x",
        "mosquitto bgapi system x",
        "Mosquitto  BGAPI  uuid:a system x",
    ] {
        assert_eq!(names(line).last(), Some(&"system"), "{line}");
    }
    let deep = "bgapi bgapi uuid:a expand xml_wrap encoded sched_api 1 g mosquitto bgapi system x";
    assert_eq!(names(deep), ["bgapi", "bgapi", "expand", "xml_wrap", "sched_api", "mosquitto", "system"]);
}

#[test]
fn a_command_that_runs_none_is_one_call() {
    for line in
        ["status", "bgapi", "expand", "sched_api +1 none", "mosquitto status", "xml_wrap", "echo bgapi x"]
    {
        assert_eq!(names(line).len(), 1, "{line}");
    }
}

#[test]
fn nesting_has_an_end() {
    assert!(calls("bgapi", "bgapi bgapi bgapi bgapi bgapi bgapi version").is_ok());
    assert_eq!(calls("bgapi", &"bgapi ".repeat(100_000)), Err(Malformed::TooDeep));
}

/// The console splits at them: what is one word here would be two there.
#[test]
fn blanks_that_only_the_console_sees_are_refused() {
    assert_eq!(calls("mosquitto", "bgapi\u{2003}system x"), Err(Malformed::Blank));
    assert_eq!(calls("mosquitto", "bgapi system\u{a0}x"), Err(Malformed::Blank));
}

#[test]
fn nesting_does_not_get_around_a_list() {
    let only_status = topic(&["status"], &[], &[]);
    let no_system = topic(&[], &["system"], &[]);
    let nesting = topic(&["bgapi", "expand", "xml_wrap", "sched_api", "mosquitto", "status"], &[], &[]);
    for outer in [
        "bgapi",
        "bgapi uuid:a",
        "bgapi bgapi",
        "expand",
        "Expand uuid:1",
        "xml_wrap",
        "xml_wrap encoded",
        "sched_api +1 none",
        "sched_api +1 ",
        "mosquitto bgapi",
        "mosquitto BGAPI uuid:1",
    ] {
        let system = format!("bgapi {outer} SYSTEM reboot");
        let status = format!("bgapi {outer} status");
        assert_eq!(outcome(&only_status, &system), Err("no bgapi_allow matches".to_owned()), "{system}");
        assert_eq!(outcome(&only_status, &status), Err("no bgapi_allow matches".to_owned()), "{status}");
        let denied = Err("bgapi_deny \"system\" matches".to_owned());
        assert_eq!(outcome(&no_system, &system), denied, "{system}");
        assert!(runs(&no_system, &status), "{status}");
        assert_eq!(outcome(&nesting, &system), Err("no bgapi_allow matches".to_owned()), "{system}");
        assert!(runs(&nesting, &status), "{status}");
    }
}

#[test]
fn an_originate_that_another_command_runs_is_judged_as_one() {
    let topic = topic(&[], &[], &["user/*"]);
    for outer in ["", "bgapi ", "expand ", "expand uuid:1 bgapi ", "sched_api +1 none ", "xml_wrap encoded "]
    {
        let call = |url: &str| format!("bgapi {outer}Originate {url} &park()");
        assert!(runs(&topic, &call("user/1")), "{outer}");
        let refused = Err("no originate_allow matches".to_owned());
        assert_eq!(outcome(&topic, &call("sofia/gateway/pstn/0900")), refused, "{outer}");
        assert_eq!(outcome(&topic, &call("${dest}")), refused, "{outer}");
    }
}
