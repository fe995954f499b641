//! What goes with the events of a publisher's topic.

use super::*;
use crate::shaping::Condition;

/// The topic "t" on a connection of that version, and what is said about it.
fn topic(version: &str, list: &[(&str, &str)]) -> (PublisherTopic, Vec<String>) {
    let (mut topics, problems) = topics(version, list);
    (topics.remove(0), problems)
}

/// The same, whether or not it is left out.
fn topics(version: &str, list: &[(&str, &str)]) -> (Vec<PublisherTopic>, Vec<String>) {
    let connection = params(&[("host", "h"), ("protocol_version", version)]);
    let usable = [("connection_name", "c"), ("event", "ALL"), ("pattern", "x")];
    let (profile, problems) = with_profile(&format!(
        r#"<connections><connection name="c">{connection}</connection></connections>
        <publishers><publisher name="x"><topics><topic name="t">{}</topic></topics></publisher></publishers>"#,
        params(&[&usable, list].concat())
    ));
    let place = r#"profile "p", publisher "x", topic "t": "#;
    let text = |problem: String| problem.strip_prefix(place).expect(&problem).to_owned();
    let topics = profile.publishers.into_iter().next().unwrap().topics;
    (topics, problems.into_iter().map(text).collect())
}

#[test]
fn an_event_is_json_in_utf_8_unless_the_file_says_otherwise() {
    for list in [&[][..], &[("content_type", ""), ("payload_format", " ")]] {
        let (topic, problems) = topic("V5", list);
        assert_eq!((topic.content_type.as_deref(), topic.payload_format), (Some("application/json"), true));
        assert_eq!(problems, NONE);
    }
    let (other, problems) = topic("V5", &[("content_type", "text/x-event"), ("payload_format", "UTF-8")]);
    assert_eq!((other.content_type.as_deref(), other.payload_format), (Some("text/x-event"), true));
    assert_eq!(problems, NONE);
    let (neither, problems) = topic("V5", &[("content_type", "None"), ("payload_format", "none")]);
    assert_eq!((neither.content_type, neither.payload_format, problems), (None, false, vec![]));
}

#[test]
fn a_content_type_or_a_format_that_cannot_be_sent_is_replaced() {
    let (topic, problems) = topic("V5", &[("content_type", "a&#xA;b"), ("payload_format", "binary")]);
    assert_eq!((topic.content_type.as_deref(), topic.payload_format), (Some("application/json"), true));
    assert_eq!(
        problems,
        [
            "content_type \"a\\nb\" holds a control character: using application/json",
            "payload_format \"binary\" is not utf-8 or none: using utf-8",
        ]
    );
}

#[test]
fn an_event_may_carry_user_properties() {
    let list = [("user_property", "site=berlin"), ("user_property", "floor=2"), ("user_property", "broken")];
    let (topic, problems) = topic("V5", &list);
    let shown: Vec<_> = topic.user_properties.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["site=berlin", "floor=2"]);
    assert_eq!(problems, ["user_property \"broken\" is not name=value, it is ignored: write name=value"]);
}

#[test]
fn an_event_may_expire_with_every_version() {
    for version in ["V31", "V311", "V5"] {
        let expiry = |value| {
            let (topic, problems) = topic(version, &[("message_expiry", value)]);
            (topic.message_expiry, problems)
        };
        assert_eq!(expiry(""), (None, vec![]));
        assert_eq!(expiry("1"), (Some(1), vec![]));
        assert_eq!(expiry("4294967295"), (Some(u32::MAX), vec![]));
        let said = "message_expiry \"0\" is not between 1 and 4294967295: ignored".to_owned();
        assert_eq!(expiry("0"), (None, vec![said]));
    }
}

#[test]
fn what_only_mqtt_5_has_is_said_once_on_a_connection_of_an_earlier_version() {
    let list = [
        ("content_type", "text/plain"),
        ("user_property", "a=b"),
        ("payload_format", "utf-8"),
        ("user_property", "c=d"),
    ];
    for version in ["V31", "V311"] {
        let (set, problems) = topic(version, &list);
        assert_eq!((set.content_type, set.payload_format, set.user_properties), (None, false, vec![]));
        let said = ["content_type", "user_property", "payload_format"].map(|name| {
            format!(
                "{name} has no effect, connection \"c\" has protocol_version {version}: set its protocol_version \
                 to V5"
            )
        });
        assert_eq!(problems, said);
        // Nobody has asked for the defaults, and "none" asks for nothing.
        for quiet in [&[][..], &[("content_type", "none"), ("payload_format", "none"), ("user_property", "")]]
        {
            let (topic, problems) = topic(version, quiet);
            assert_eq!((topic.content_type, topic.payload_format, problems), (None, false, vec![]));
        }
    }
}

#[test]
fn an_event_may_have_to_meet_conditions() {
    let list =
        [("filter", "A =~ ^1"), ("filter_any", " B exists "), ("filter", "C=d"), ("filter_any", "E != f")];
    let (topic, problems) = topic("V311", &list);
    let shown = |list: &[Condition]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(shown(&topic.filter), ["A =~ ^1", "C = d"]);
    assert_eq!(shown(&topic.filter_any), ["B exists", "E != f"]);
    assert_eq!(problems, NONE);
}

#[test]
fn a_topic_whose_conditions_cannot_be_read_is_left_out() {
    for (name, value, what) in [
        ("filter", "", "begins with no header's name"),
        ("filter_any", "A =~ [", "has an expression that cannot be read (unclosed character class)"),
        ("filter", "A like b", "has none of =, !=, =~, !~, exists and not exists after the name"),
    ] {
        let (topics, problems) = topics("V311", &[(name, value)]);
        assert_eq!(
            (topics.len(), problems),
            (0, vec![format!("{name} \"{value}\" {what}, the topic is left out")])
        );
    }
}

#[test]
fn a_payload_brings_its_own_content_type_wherever_it_stands() {
    for (payload, content_type, is_utf8) in [
        ("json", "application/json", true),
        ("JSON-typed", "application/json", true),
        ("plain", "text/plain", false),
        ("body", "text/plain", false),
    ] {
        let (topic, problems) =
            topic("V5", &[("content_type", ""), ("payload", payload), ("payload_format", "")]);
        assert_eq!((topic.content_type.as_deref(), topic.payload_format), (Some(content_type), is_utf8));
        assert_eq!((topic.payload.as_str(), problems), (payload.to_lowercase().as_str(), vec![]));
        let (topic, _) =
            self::topic("V5", &[("content_type", "a/b"), ("payload_format", "utf-8"), ("payload", payload)]);
        assert_eq!((topic.content_type.as_deref(), topic.payload_format), (Some("a/b"), true));
    }
    let (topic, problems) = topic("V5", &[("payload", "xml")]);
    assert_eq!(topic.payload, PayloadForm::Json);
    assert_eq!(problems, ["payload \"xml\" is not json, json-typed, plain or body: using json"]);
}

#[test]
fn headers_may_be_chosen_and_an_empty_choice_is_none() {
    let list = [("headers", "Event-*"), ("headers", " Unique-ID "), ("headers_exclude", "*-File")];
    let (chosen, problems) = topic("V311", &list);
    assert_eq!((chosen.headers.only, problems), (vec!["Event-*".to_owned(), "Unique-ID".to_owned()], vec![]));
    assert_eq!(chosen.headers.except, ["*-File"]);
    let (empty, problems) = topic("V311", &[("headers", ""), ("headers_exclude", "")]);
    assert!(!empty.headers.has(b"Event-Name"));
    let said = ["headers is empty, it means no header", "headers_exclude is empty, it excludes nothing"];
    assert_eq!(problems, said.map(|said| format!("{said}: name headers")));
    let (_, problems) = topic("V311", &[("headers", "Event-Name, Unique-ID")]);
    let said = "headers \"Event-Name, Unique-ID\" is one name with a comma or a blank in it: give each name a parameter of its own";
    assert_eq!(problems, [said]);
    let (_, problems) = topic("V311", &[("payload", "body"), ("headers", "x")]);
    let said = "headers and headers_exclude have no effect with payload \"body\": set another payload";
    assert_eq!(problems, [said]);
}

#[test]
fn events_may_be_excluded_but_not_all_of_them() {
    let list =
        [("exclude_event", "heartbeat"), ("exclude_event", "CUSTOM a::b"), ("exclude_event", "HEARTBEAT")];
    let (some, problems) = topic("V311", &list);
    let shown: Vec<_> = some.exclude_events.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["HEARTBEAT", "CUSTOM a::b"]);
    assert_eq!(problems, ["exclude_event \"HEARTBEAT\" is there more than once: once is enough"]);
    let (_, problems) = topic("V311", &[("exclude_event", "HEARTBEET")]);
    let said = "exclude_event \"HEARTBEET\" is unknown and ignored: the file EVENT_TYPES lists the names";
    assert_eq!(problems, [said]);
    let (none, problems) = topics("V311", &[("exclude_event", "ALL")]);
    let said = "excludes every event that it names, the topic is left out: set event";
    assert_eq!((none.len(), problems), (0, vec![said.to_owned()]));
}
