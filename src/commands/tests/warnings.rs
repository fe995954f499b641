//! Patterns that allow more than they seem to.

use super::*;
use crate::config::EventSelector;

#[test]
fn a_pattern_that_allows_everything_is_known() {
    for (pattern, command) in [
        ("expand", "expand"),
        ("EXPAND status", "expand"),
        ("system ls", "system"),
        ("lua", "lua"),
        ("lua *", "lua"),
        ("lua x*.lua", "lua"),
        ("lua ~print", "lua"),
        ("uuid_setvar", "uuid_setvar"),
        ("uuid_setvar *", "uuid_setvar"),
        ("uuid_transfer * -both", "uuid_transfer"),
        ("uuid_*", "uuid_setvar"),
        ("*", "system"),
        ("*eval", "eval"),
    ] {
        assert_eq!(allows_everything(pattern), Some(command), "{pattern}");
    }
    for pattern in [
        "",
        "status",
        "uuid_kill",
        "show *",
        "lua hello.lua",
        "uuid_setvar * my_variable",
        "bgapi",
        "sched_api",
    ] {
        assert_eq!(allows_everything(pattern), None, "{pattern}");
    }
}

#[test]
fn the_operator_is_told_which_list_does_not_hold() {
    let closed = "{}user/* 9196 XML default";
    assert_eq!(warnings(&SubscriberTopic::new("t")), Vec::<String>::new());
    assert_eq!(warnings(&topic(&[], &["system"], &[])), Vec::<String>::new());
    assert_eq!(warnings(&topic(&["status", "originate"], &[], &[closed])), Vec::<String>::new());
    assert_eq!(
        warnings(&topic(&["lua", "originate"], &[], &[])),
        [
            "bgapi_allow \"lua\" allows everything: lua can be made to run any command",
            "bgapi_allow \"originate\" allows everything: originate can be made to run any command",
        ]
    );
    assert_eq!(
        warnings(&topic(&["bgapi status"], &[], &[])),
        ["bgapi_allow \"bgapi status\" allows \"bgapi bgapi status\": write \"status\" without bgapi"]
    );
    let open = "says whom to call, not what the call does: its variables or the application it goes to may run \
                any command; write \"{}<call url> <destination> <dialplan> <context>\"";
    for pattern in
        ["user/*", "{}user/*", "{}user/* 9196", "{}user/* * inline x", "{}user/* &*", "user/* &park()"]
    {
        let expected = [format!("originate_allow \"{pattern}\" {open}")];
        assert_eq!(warnings(&topic(&["status"], &[], &[pattern])), expected);
    }
    assert_eq!(
        warnings(&topic(&["status"], &[], &["{a"])),
        ["originate_allow \"{a\" allows nothing: write [{variables}]<call url>"]
    );
    assert_eq!(
        warnings(&topic(&[], &[], &[closed])),
        ["originate_allow does not hold where bgapi runs everything: set bgapi_allow as well"]
    );
}

#[test]
fn the_operator_is_told_which_list_has_no_effect() {
    let topic = SubscriberTopic {
        bgapi_authorized: false,
        originate_authorized: false,
        ..topic(&["status"], &[], &["user/*"])
    };
    assert_eq!(
        warnings(&topic),
        [
            "bgapi_allow and bgapi_deny have no effect while bgapi_authorized is false",
            "originate_allow has no effect while originate_authorized is false",
        ]
    );
}

#[test]
fn what_the_json_api_events_and_answers_open_is_said() {
    let opened = SubscriberTopic {
        json_api_authorized: true,
        json_api_allow: ["status", "fsapi", "exec*", "store"].map(str::to_owned).to_vec(),
        sendevent_allow: vec![
            EventSelector::All,
            EventSelector::Named("TALK"),
            EventSelector::Custom { subclass: None },
            EventSelector::Custom { subclass: Some("my::*".to_owned()) },
        ],
        response_allow: ["#", "+/#", "answers/#"].map(str::to_owned).to_vec(),
        ..SubscriberTopic::new("t")
    };
    assert_eq!(
        warnings(&opened),
        [
            "json_api_allow \"fsapi\" allows fsapi, which runs nothing while bgapi_authorized is false",
            "json_api_allow \"exec*\" allows everything: execute can be made to run any command",
            "json_api_allow \"store\" allows everything: store can be made to run any command",
            "sendevent_allow \"ALL\" lets senders forge the events of every module: name those that are needed",
            "sendevent_allow \"CUSTOM\" lets senders forge the events of every module: name those that are needed",
            "response_allow \"#\" lets senders have answers published to any topic: name where answers go",
            "response_allow \"+/#\" lets senders have answers published to any topic: name where answers go",
        ]
    );
    let idle = SubscriberTopic { json_api_authorized: false, ..opened };
    assert_eq!(warnings(&idle)[0], "json_api_allow has no effect while json_api_authorized is false");
}
