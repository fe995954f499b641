//! `sendevent`.

use super::*;
use crate::config::EventSelector;

fn events(allow: &[EventSelector]) -> SubscriberTopic {
    SubscriberTopic { sendevent_allow: allow.to_vec(), ..SubscriberTopic::new("t") }
}

fn custom(subclass: &str) -> EventSelector {
    EventSelector::Custom { subclass: Some(subclass.to_owned()) }
}

fn fired(payload: &str) -> crate::host::NewEvent {
    match decide(&Rules::new(&events(&[EventSelector::All])), &message(payload)) {
        Decision::Allowed(command) => command.event().expect("an event").clone(),
        other => panic!("{payload:?}: {other:?}"),
    }
}

#[test]
fn an_event_is_read_from_both_forms() {
    let expected = crate::host::NewEvent {
        name: "CUSTOM".to_owned(),
        subclass: Some("my::x".to_owned()),
        headers: vec![("A".to_owned(), "1: 2".to_owned()), ("b-c_d.e".to_owned(), String::new())],
        body: Some("first\n\nthird\n".to_owned()),
    };
    for plain in [
        "sendevent CUSTOM\nEvent-Subclass: my::x\nA: 1: 2\nb-c_d.e:\n\nfirst\n\nthird\n",
        "SendEvent custom \r\nA:1: 2\r\nEVENT-SUBCLASS:my::x\r\nb-c_d.e: \r\n\r\nfirst\n\nthird\n",
    ] {
        assert_eq!(fired(plain), expected, "{plain:?}");
    }
    let json = r#"{"command":"sendevent","event":"custom","subclass":"my::x",
        "headers":{"A":"1: 2","b-c_d.e":""},"body":"first\n\nthird\n"}"#;
    assert_eq!(fired(json), expected);
    let bare = crate::host::NewEvent { name: "MESSAGE_WAITING".to_owned(), ..Default::default() };
    for payload in [
        "sendevent message_waiting",
        "sendevent MESSAGE_WAITING\n\n",
        r#"{"command":"SENDEVENT","event":"message_waiting"}"#,
    ] {
        assert_eq!(fired(payload), bare, "{payload:?}");
    }
}

#[test]
fn an_event_is_fired_only_if_its_name_is_allowed() {
    let named = EventSelector::Named("MESSAGE_WAITING");
    let waiting = "sendevent MESSAGE_WAITING";
    let subclass = |subclass: &str| format!("sendevent CUSTOM\nEvent-Subclass: {subclass}");
    assert_eq!(outcome(&events(&[]), waiting), Err("there is no sendevent_allow".to_owned()));
    assert_eq!(outcome(&topic(&[], &[], &[]), waiting), Err("there is no sendevent_allow".to_owned()));
    assert_eq!(outcome(&events(&[named]), waiting), Ok("sendevent MESSAGE_WAITING".to_owned()));
    let some = events(&[custom("my::x"), custom("your::*")]);
    assert_eq!(outcome(&some, waiting), Err("no sendevent_allow matches".to_owned()));
    assert_eq!(outcome(&some, &subclass("my::x")), Ok("sendevent CUSTOM my::x".to_owned()));
    assert!(runs(&some, &subclass("your::anything")));
    for other in ["my::y", "MY::x", "my::xx", "your:x"] {
        assert!(!runs(&some, &subclass(other)), "{other}");
    }
    let every = events(&[EventSelector::Custom { subclass: None }]);
    assert!(runs(&every, &subclass("any")) && !runs(&every, waiting));
    assert!(runs(&events(&[EventSelector::All]), &subclass("any")));
}

#[test]
fn events_of_this_module_are_never_fired() {
    for subclass in ["mosquitto::connected", "Mosquitto::x", "mosquitto::"] {
        let topic = events(&[EventSelector::All, custom("*"), custom(subclass)]);
        let expected = Err("events mosquitto::* are fired by this module alone".to_owned());
        assert_eq!(outcome(&topic, &format!("sendevent CUSTOM\nEvent-Subclass: {subclass}")), expected);
    }
}

#[test]
fn what_no_event_can_be_is_refused() {
    let topic = events(&[EventSelector::All]);
    let many = format!("sendevent TALK\n{}", "A: 1\n".repeat(201));
    let long = format!("sendevent TALK\n{}: 1", "x".repeat(129));
    let name = "sendevent names no event of FreeSWITCH's";
    let header = "a header's name is not 1 to 128 letters, digits, \"-\", \".\" and \"_\"";
    let reserved = "a header is one that only FreeSWITCH writes";
    let value = "a control character is in a header, or it begins with ARRAY::";
    let subclass = "CUSTOM has a subclass of 1 to 128 bytes without blanks, other events have none";
    for (payload, expected) in [
        ("sendevent", name),
        ("sendevent \nA: 1", name),
        ("sendevent ALL", name),
        ("sendevent NONSENSE", name),
        ("sendevent TALK TALK", name),
        ("sendevent CUSTOM", subclass),
        ("sendevent CUSTOM\nEvent-Subclass:", subclass),
        ("sendevent CUSTOM\nEvent-Subclass: a b", subclass),
        ("sendevent CUSTOM\nEvent-Subclass: a\nevent-subclass: b", subclass),
        ("sendevent TALK\nEvent-Subclass: a", subclass),
        ("sendevent TALK\nA", header),
        ("sendevent TALK\n: 1", header),
        ("sendevent TALK\nA B: 1", header),
        ("sendevent TALK\nCore-UUID[0]: 1", header),
        (&long, header),
        ("sendevent TALK\nEvent-Name: CUSTOM", reserved),
        ("sendevent TALK\nCORE-UUID: 1", reserved),
        ("sendevent TALK\nFreeSWITCH-Hostname: 1", reserved),
        ("sendevent TALK\nevent-anything: 1", reserved),
        ("sendevent TALK\nContent-Length: 1\n\nx", reserved),
        ("sendevent TALK\n_body: 1", reserved),
        ("sendevent TALK\nA: 1\t2", value),
        ("sendevent TALK\nA: ARRAY::1|:2", value),
        ("sendevent TALK\nA: a\0b", value),
        ("sendevent TALK\n\nx\0y", "a control character is in the body"),
        (&many, "there are more than 200 headers"),
        (r#"{"command":"sendevent"}"#, "\"event\" is missing"),
        (r#"{"command":"sendevent","event":"TALK","headers":[]}"#, "\"headers\" is not what it should be"),
        (
            r#"{"command":"sendevent","event":"TALK","headers":{"a":1}}"#,
            "\"headers\" is not what it should be",
        ),
        (r#"{"command":"sendevent","event":"TALK","headers":{"Event-Subclass":"a"}}"#, reserved),
        (r#"{"command":"sendevent","event":"TALK","body":1}"#, "\"body\" is not what it should be"),
        (
            r#"{"command":"sendevent","event":"TALK","x":""}"#,
            "a member is in it that such a command does not have",
        ),
    ] {
        assert_eq!(outcome(&topic, payload), Err(expected.to_owned()), "{payload:?}");
    }
    assert_eq!(fired("sendevent TALK\n\na\tb\r\n").body.as_deref(), Some("a\tb\r\n"));
}
