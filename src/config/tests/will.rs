//! `<will>`, and the messages beside it.

use super::*;

fn with_will(list: &[(&str, &str)]) -> (Will, Vec<String>) {
    let (connection, problems) = with_connection(&format!("<will>{}</will>", params(list)));
    (connection.will, problems)
}

#[test]
fn every_parameter_of_a_will_is_read_and_its_payload_may_be_empty() {
    let list = [("enable", "true"), ("topic", "gone"), ("payload", "bye"), ("qos", "2"), ("retain", "true")];
    let (will, problems) = with_will(&list);
    assert_eq!(problems, NONE);
    let expected = Will {
        enable: true,
        topic: "gone".to_owned(),
        payload: "bye".to_owned(),
        qos: QoS::ExactlyOnce,
        retain: true,
        ..Will::default()
    };
    assert_eq!(will, expected);
    let (will, problems) = with_will(&[("enable", "true"), ("topic", "gone")]);
    assert_eq!((will.enable, will.payload.as_str(), problems), (true, "", vec![]));
}

#[test]
fn a_will_that_cannot_be_used_is_left_out() {
    let (will, problems) = with_will(&[("enable", "true"), ("payload", "x")]);
    assert!(!will.enable);
    assert_eq!(problems, ["will: topic is not set, the will is left out: set topic"]);
    let (will, problems) = with_will(&[("enable", "true"), ("topic", "a/#")]);
    assert!(!will.enable);
    let said = "will: topic \"a/#\" holds a wildcard (+ or #), which only a subscription may, the will is left out: \
                choose another";
    assert_eq!(problems, [said]);
    let (will, problems) = with_will(&[("enable", "true"), ("topic", "a"), ("payload", &"x".repeat(65_536))]);
    assert!(!will.enable);
    assert_eq!(problems, ["will: payload is longer than 65535 bytes, the will is left out: say it shorter"]);
    let (_, problems) = with_will(&[("enable", "false"), ("topic", "a/#")]);
    assert_eq!(problems, NONE);
}

#[test]
fn a_qos_that_does_not_exist_is_0() {
    for value in ["3", "-1", "high"] {
        let (will, problems) = with_will(&[("enable", "true"), ("topic", "a"), ("qos", value)]);
        assert_eq!((will.enable, will.qos), (true, QoS::AtMostOnce));
        assert_eq!(problems, [format!("will: qos \"{value}\" is not 0, 1 or 2: using 0")]);
    }
}

/// What goes with a will that can be used.
fn beside(list: &[(&str, &str)]) -> (Option<Announcement>, Option<Announcement>, Vec<String>) {
    let will =
        [("enable", "true"), ("topic", "state"), ("payload", "gone"), ("qos", "1"), ("retain", "true")];
    let (will, problems) = with_will(&[&will, list].concat());
    assert!(will.enable);
    (will.birth, will.farewell, problems)
}

fn announcement(topic: &str, payload: &str, qos: QoS, retain: bool) -> Announcement {
    Announcement { topic: topic.to_owned(), payload: payload.to_owned(), qos, retain }
}

#[test]
fn beside_a_will_there_is_nothing_unless_it_is_set() {
    assert_eq!(beside(&[]), (None, None, vec![]));
    let names = ["birth_topic", "birth_payload", "birth_qos", "birth_retain", "farewell_payload"];
    assert_eq!(beside(&names.map(|name| (name, ""))), (None, None, vec![]));
    assert_eq!(beside(&[("birth_qos", "2"), ("birth_retain", "false")]), (None, None, vec![]));
}

#[test]
fn a_birth_message_is_sent_as_the_will_is_unless_it_says_otherwise() {
    let (birth, _, problems) = beside(&[("birth_payload", "here")]);
    assert_eq!(problems, NONE);
    assert_eq!(birth, Some(announcement("state", "here", QoS::AtLeastOnce, true)));
    let (birth, _, _) = beside(&[("birth_topic", "born")]);
    assert_eq!(birth, Some(announcement("born", "", QoS::AtLeastOnce, true)));
    let (birth, _, problems) = beside(&[
        ("birth_topic", "born"),
        ("birth_payload", "here"),
        ("birth_qos", "2"),
        ("birth_retain", "false"),
    ]);
    assert_eq!(problems, NONE);
    assert_eq!(birth, Some(announcement("born", "here", QoS::ExactlyOnce, false)));
    let (birth, _, problems) = beside(&[("birth_payload", "here"), ("birth_qos", "3")]);
    assert_eq!(birth.map(|birth| birth.qos), Some(QoS::AtMostOnce));
    assert_eq!(problems, ["will: birth_qos \"3\" is not 0, 1 or 2: using 0"]);
}

#[test]
fn a_farewell_goes_where_the_will_goes() {
    let (_, farewell, problems) = beside(&[("farewell_payload", "bye")]);
    assert_eq!(problems, NONE);
    assert_eq!(farewell, Some(announcement("state", "bye", QoS::AtLeastOnce, true)));
}

#[test]
fn without_an_enabled_will_there_is_nothing_beside_it() {
    let list = [("topic", "a"), ("birth_topic", "a/#"), ("birth_payload", "x"), ("farewell_payload", "y")];
    let (will, problems) = with_will(&list);
    assert_eq!((will.birth, will.farewell, problems), (None, None, vec![]));
}

#[test]
fn one_message_that_cannot_be_used_does_not_take_the_others_with_it() {
    let long = "x".repeat(65_536);
    let (birth, farewell, problems) = beside(&[("birth_topic", "a/#"), ("farewell_payload", "bye")]);
    assert_eq!((birth.is_some(), farewell.is_some()), (false, true));
    let wildcard = "holds a wildcard (+ or #), which only a subscription may";
    let said = format!("will: birth_topic \"a/#\" {wildcard}, the birth message is left out: choose another");
    assert_eq!(problems, [said]);
    let (birth, farewell, problems) = beside(&[("birth_payload", &long), ("farewell_payload", "bye")]);
    assert_eq!((birth.is_some(), farewell.is_some()), (false, true));
    let said =
        "will: birth_payload is longer than 65535 bytes, the birth message is left out: say it shorter";
    assert_eq!(problems, [said]);
    let (birth, farewell, problems) = beside(&[("birth_payload", "here"), ("farewell_payload", &long)]);
    assert_eq!((birth.is_some(), farewell.is_some()), (true, false));
    let said = "will: farewell_payload is longer than 65535 bytes, the farewell is left out: say it shorter";
    assert_eq!(problems, [said]);
    let on = [("enable", "true"), ("topic", "a"), ("birth_payload", "here"), ("farewell_payload", "bye")];
    let (will, problems) = with_will(&[&on[..], &[("payload", &long)]].concat());
    assert_eq!((will.enable, will.birth.is_some(), will.farewell.is_some()), (false, true, true));
    assert_eq!(problems, ["will: payload is longer than 65535 bytes, the will is left out: say it shorter"]);
}

#[test]
fn a_birth_message_has_a_topic_of_its_own_or_none() {
    let on = [("enable", "true"), ("birth_payload", "here"), ("farewell_payload", "bye")];
    let (will, problems) = with_will(&on);
    assert_eq!((will.enable, will.birth, will.farewell), (false, None, None));
    assert_eq!(
        problems,
        [
            "will: topic is not set, the will is left out: set topic",
            "will: birth_topic is not set, the birth message is left out: set birth_topic",
            "will: topic is not set, the farewell is left out: set topic",
        ]
    );
    let (will, _) = with_will(&[&on[..], &[("birth_topic", "born")]].concat());
    let expected = announcement("born", "here", QoS::AtMostOnce, false);
    assert_eq!((will.enable, will.birth, will.farewell), (false, Some(expected), None));
}
