//! `<publisher>`, `<subscriber>` and their topics.

use super::*;
use crate::shaping::HeaderChoice;

/// The topics of a publisher of a profile that has the connection "c", and what is said about topic "t".
fn published(list: &[(&str, &str)]) -> (Vec<PublisherTopic>, Vec<String>) {
    let (profile, problems) = with_topic("publisher", list);
    (profile.publishers.into_iter().next().unwrap().topics, problems)
}

fn subscribed(list: &[(&str, &str)]) -> (Vec<SubscriberTopic>, Vec<String>) {
    let (profile, problems) = with_topic("subscriber", list);
    (profile.subscribers.into_iter().next().unwrap().topics, problems)
}

fn with_topic(kind: &str, list: &[(&str, &str)]) -> (Profile, Vec<String>) {
    let connection = format!(r#"<connection name="c">{}</connection>"#, param("host", "h"));
    let topic = format!(r#"<topic name="t">{}</topic>"#, params(list));
    let (profile, problems) = with_profile(&format!(
        r#"<{kind}s><{kind} name="x"><topics>{topic}</topics></{kind}></{kind}s><connections>{connection}</connections>"#
    ));
    let place = format!(r#"profile "p", {kind} "x", topic "t": "#);
    let text = |problem: String| problem.strip_prefix(&place).expect(&problem).to_owned();
    (profile, problems.into_iter().map(text).collect())
}

#[test]
fn every_parameter_of_a_publishers_topic_is_read() {
    let (topics, problems) = published(&[
        ("enable", "true"),
        ("connection_name", "c"),
        ("event", "HEARTBEAT"),
        ("event", "custom sofia::register"),
        ("pattern", "a/b"),
        ("qos", "1"),
        ("retain", "true"),
        ("message_expiry", "60"),
    ]);
    assert_eq!(problems, NONE);
    let topic = PublisherTopic {
        name: "t".to_owned(),
        enable: true,
        connection_names: vec!["c".to_owned()],
        connection_mode: ConnectionMode::All,
        events: vec![
            EventSelector::Named("HEARTBEAT"),
            EventSelector::Custom { subclass: Some("sofia::register".to_owned()) },
        ],
        exclude_events: vec![],
        filter: vec![],
        filter_any: vec![],
        pattern: "a/b".to_owned(),
        qos: QoS::AtLeastOnce,
        retain: true,
        message_expiry: Some(60),
        payload: PayloadForm::Json,
        headers: HeaderChoice::default(),
        throttle: None,
        throttle_key: None,
        // The connection is none of MQTT 5.
        content_type: None,
        payload_format: false,
        user_properties: vec![],
    };
    assert_eq!(topics, [topic]);
}

#[test]
fn every_parameter_of_a_subscribers_topic_is_read() {
    let (topics, problems) = subscribed(&[
        ("enable", "true"),
        ("connection_name", "c"),
        ("pattern", "a/+/#"),
        ("qos", "2"),
        ("originate_authorized", "true"),
        ("bgapi_authorized", "true"),
        ("bgapi_allow", "status"),
        ("bgapi_deny", "system"),
        ("bgapi_allow", " sofia status * "),
        ("originate_allow", "{}user/*"),
        ("bgapi_deny", "lua*"),
        ("command_rate", "50/100"),
        ("command_max_in_flight", "10"),
        ("command_max_bytes", "268435455"),
        ("command_ignore_retained", "no"),
        ("events", "true"),
        ("response_allow", "answers/#"),
        ("response_allow", " a/+ "),
        ("response_errors", "true"),
        ("json_api_authorized", "true"),
        ("json_api_allow", " status "),
        ("sendevent_allow", "message_waiting"),
        ("sendevent_allow", "CUSTOM my::*"),
    ]);
    assert_eq!(problems, NONE);
    let topic = SubscriberTopic {
        name: "t".to_owned(),
        enable: true,
        connection_name: "c".to_owned(),
        pattern: "a/+/#".to_owned(),
        qos: QoS::ExactlyOnce,
        originate_authorized: true,
        bgapi_authorized: true,
        bgapi_allow: vec!["status".to_owned(), "sofia status *".to_owned()],
        bgapi_deny: vec!["system".to_owned(), "lua*".to_owned()],
        originate_allow: vec!["{}user/*".to_owned()],
        command_rate: Some(CommandRate { per_second: 50, burst: 100 }),
        command_max_in_flight: 10,
        command_max_bytes: 268_435_455,
        command_ignore_retained: false,
        events: Some(true),
        response_allow: vec!["answers/#".to_owned(), "a/+".to_owned()],
        response_errors: true,
        json_api_authorized: true,
        json_api_allow: vec!["status".to_owned()],
        sendevent_allow: vec![
            EventSelector::Named("MESSAGE_WAITING"),
            EventSelector::Custom { subclass: Some("my::*".to_owned()) },
        ],
    };
    assert_eq!(topics, [topic]);
}

/// A subscriber's topic that is fine but for these.
fn with_limits(list: &[(&str, &str)]) -> (Option<SubscriberTopic>, Vec<String>) {
    let usable = [("connection_name", "c"), ("pattern", "x")];
    let (topics, problems) = subscribed(&[&usable, list].concat());
    (topics.into_iter().next(), problems)
}

#[test]
fn a_subscribers_topic_has_the_documented_limits() {
    let (topic, _) = with_limits(&[]);
    let expected = SubscriberTopic {
        connection_name: "c".to_owned(),
        pattern: "x".to_owned(),
        ..SubscriberTopic::new("t")
    };
    assert_eq!(topic.as_ref(), Some(&expected));
    let empty = ["command_rate", "command_max_in_flight", "command_max_bytes", "command_ignore_retained"];
    assert_eq!(with_limits(&empty.map(|name| (name, ""))), (Some(expected.clone()), vec![]));
    let none = [("command_rate", "0"), ("command_max_in_flight", "0"), ("command_max_bytes", "16384")];
    assert_eq!(with_limits(&none), (Some(expected), vec![]));
}

#[test]
fn a_response_allow_that_cannot_be_used_allows_nothing() {
    let (topic, problems) =
        with_limits(&[("response_allow", ""), ("response_allow", "a/#/b"), ("response_allow", "$share/g/a")]);
    assert_eq!(topic.unwrap().response_allow, NONE);
    assert_eq!(
        problems,
        [
            "response_allow \"\" is empty, it allows nothing: write a topic filter, answers/#",
            "response_allow \"a/#/b\" holds a # that is not the whole of the last level, it allows nothing: \
             write a topic filter, answers/#",
            "response_allow \"$share/g/a\" is for subscriptions alone, it allows nothing: \
             write a topic filter, answers/#",
        ]
    );
}

#[test]
fn a_list_of_what_is_allowed_that_expands_to_nothing_allows_nothing() {
    let (topic, problems) = with_limits(&[("bgapi_allow", ""), ("originate_allow", " ")]);
    let topic = topic.unwrap();
    assert_eq!((topic.bgapi_allow, topic.originate_allow), (vec![String::new()], vec![String::new()]));
    assert_eq!(
        problems,
        [
            "bgapi_allow is empty, it allows nothing: name what is allowed",
            "originate_allow is empty, it allows nothing: name what is allowed",
        ]
    );
    let (topic, problems) = with_limits(&[("bgapi_deny", "")]);
    assert_eq!(topic.unwrap().bgapi_deny, NONE);
    assert_eq!(problems, ["bgapi_deny is empty and ignored: name a command"]);
}

#[test]
fn a_rate_is_a_number_or_two() {
    let rate = |value| with_limits(&[("command_rate", value)]).0.unwrap().command_rate;
    assert_eq!(rate("50"), Some(CommandRate { per_second: 50, burst: 50 }));
    assert_eq!(rate(" 1 / 4294967295 "), Some(CommandRate { per_second: 1, burst: u32::MAX }));
    assert_eq!(rate("0/5"), None);
}

#[test]
fn a_limit_that_cannot_be_read_is_no_reason_to_run_commands_without_it() {
    for value in ["fifty", "50/0", "50/", "/", "50/1/2", "-1", "+1", "4294967296", "1.5"] {
        let expected = format!(
            "command_rate \"{value}\" is not commands a second, as in 50, or with a burst, as in 50/100, \
             the topic is left out"
        );
        assert_eq!(with_limits(&[("command_rate", value)]), (None, vec![expected]));
    }
    for value in ["ten", "-1", "4294967296"] {
        let expected =
            format!("command_max_in_flight \"{value}\" is not a number of commands, the topic is left out");
        assert_eq!(with_limits(&[("command_max_in_flight", value)]), (None, vec![expected]));
    }
    for value in ["0", "268435456"] {
        let (topic, problems) = with_limits(&[("command_max_bytes", value)]);
        assert_eq!(topic.unwrap().command_max_bytes, 16_384);
        let said = format!("command_max_bytes \"{value}\" is not between 1 and 268435455: using 16384");
        assert_eq!(problems, [said]);
    }
}

#[test]
fn retained_messages_are_commands_only_where_the_file_says_so() {
    for (value, ignored) in [("false", false), ("0", false), ("off", false), ("true", true), ("1", true)] {
        let (topic, problems) = with_limits(&[("command_ignore_retained", value)]);
        assert_eq!((topic.unwrap().command_ignore_retained, problems), (ignored, vec![]), "{value}");
    }
    let (topic, problems) = with_limits(&[("command_ignore_retained", "flase")]);
    assert!(topic.unwrap().command_ignore_retained);
    assert_eq!(problems, ["command_ignore_retained \"flase\" is neither true nor false: using true"]);
}

#[test]
fn a_subscribers_topic_allows_nothing_unless_it_says_so() {
    let (topics, _) = subscribed(&[("connection_name", "c"), ("pattern", "x")]);
    assert!(!topics[0].originate_authorized && !topics[0].bgapi_authorized && !topics[0].enable);
    let (topics, problems) =
        subscribed(&[("connection_name", "c"), ("pattern", "x"), ("bgapi_authorized", "ture")]);
    assert!(!topics[0].bgapi_authorized);
    assert_eq!(problems, ["bgapi_authorized \"ture\" is neither true nor false: using false"]);
}

#[test]
fn a_topic_needs_a_connection_of_its_profile() {
    let missing = "connection_name is not set, the topic is left out: set it";
    let unknown = "connection_name \"d\" is not a connection of this profile, the topic is left out: \
                   add that connection or name another";
    assert_eq!(published(&[("event", "ALL"), ("pattern", "x")]), (vec![], vec![missing.to_owned()]));
    assert_eq!(subscribed(&[("pattern", "x")]), (vec![], vec![missing.to_owned()]));
    let list = [("connection_name", "d"), ("event", "ALL"), ("pattern", "x")];
    assert_eq!(published(&list), (vec![], vec![unknown.to_owned()]));
    let list = [("connection_name", "d"), ("pattern", "x")];
    assert_eq!(subscribed(&list), (vec![], vec![unknown.to_owned()]));
}

#[test]
fn a_topic_needs_a_pattern() {
    let said = vec!["pattern is not set, the topic is left out: set pattern".to_owned()];
    assert_eq!(published(&[("connection_name", "c"), ("event", "ALL")]), (vec![], said.clone()));
    assert_eq!(subscribed(&[("connection_name", "c"), ("pattern", "")]), (vec![], said));
}

#[test]
fn a_publishers_pattern_has_no_wildcards_and_an_end() {
    let said = |pattern: &str| {
        let (topics, problems) =
            published(&[("connection_name", "c"), ("event", "ALL"), ("pattern", pattern)]);
        assert_eq!(topics, []);
        problems
    };
    for pattern in ["a/#", "+/a"] {
        let expected = format!(
            "pattern \"{pattern}\" holds a wildcard (+ or #), which only a subscription may, the topic is left out"
        );
        assert_eq!(said(pattern), [expected]);
    }
    let shown = "x".repeat(60);
    assert_eq!(
        said(&"x".repeat(65_536)),
        [format!("pattern \"{shown}...\" is longer than 65535 bytes, the topic is left out")]
    );
}

#[test]
fn a_subscribers_pattern_is_a_topic_filter() {
    let said = |pattern: &str| subscribed(&[("connection_name", "c"), ("pattern", pattern)]).1;
    assert_eq!(said("$share/group/a/#"), NONE);
    assert_eq!(
        said("a/#/b"),
        ["pattern \"a/#/b\" holds a # that is not the whole of the last level, the topic is left out"]
    );
    assert_eq!(
        said("a/b+"),
        ["pattern \"a/b+\" holds a + that is not the whole of its level, the topic is left out"]
    );
    assert_eq!(
        said("$share/group"),
        ["pattern \"$share/group\" is not $share/<group>/<filter>, the topic is left out"]
    );
}

#[test]
fn an_unknown_event_is_ignored_and_a_topic_without_any_is_left_out() {
    let list = [("connection_name", "c"), ("pattern", "x"), ("event", "HEARTBEET"), ("event", "TRAP")];
    let unknown =
        "event \"HEARTBEET\" is unknown and ignored: the file EVENT_TYPES lists the names".to_owned();
    let (topics, problems) = published(&list);
    assert_eq!(topics[0].events, [EventSelector::Named("TRAP")]);
    assert_eq!(problems, [unknown.as_str()]);
    let none = "names no event, the topic is left out: set event".to_owned();
    assert_eq!(published(&list[..3]), (vec![], vec![unknown, none.clone()]));
    assert_eq!(published(&list[..2]), (vec![], vec![none]));
}

#[test]
fn an_event_that_is_repeated_is_published_once_and_reported_once() {
    let (topics, problems) = published(&[
        ("connection_name", "c"),
        ("pattern", "x"),
        ("event", "TRAP"),
        ("event", "trap"),
        ("event", "SWITCH_EVENT_TRAP"),
    ]);
    assert_eq!(topics[0].events, [EventSelector::Named("TRAP")]);
    assert_eq!(problems, ["event \"TRAP\" is there more than once: it is published once"]);
}

#[test]
fn everything_wrong_with_a_topic_is_said_at_once() {
    let (topics, problems) = published(&[("qos", "3"), ("pattern", "#")]);
    assert_eq!(topics, []);
    assert_eq!(
        problems,
        [
            "qos \"3\" is not 0, 1 or 2: using 0",
            "connection_name is not set, the topic is left out: set it",
            "pattern \"#\" holds a wildcard (+ or #), which only a subscription may, the topic is left out",
            "names no event, the topic is left out: set event",
        ]
    );
}
