//! How much of a publisher's topic goes out, and by which connections.

use super::*;

/// The topics of a profile with the connections "c" and "d", and what is said about topic "t".
fn topics(list: &[(&str, &str)]) -> (Vec<PublisherTopic>, Vec<String>) {
    let host = param("host", "h");
    let all = [&[("event", "ALL"), ("pattern", "x")], list].concat();
    let (profile, problems) = with_profile(&format!(
        r#"<connections><connection name="c">{host}</connection><connection name="d">{host}</connection></connections>
        <publishers><publisher name="x"><topics><topic name="t">{}</topic></topics></publisher></publishers>"#,
        params(&all)
    ));
    let place = r#"profile "p", publisher "x", topic "t": "#;
    let text = |problem: String| problem.strip_prefix(place).expect(&problem).to_owned();
    let topics = profile.publishers.into_iter().next().unwrap().topics;
    (topics, problems.into_iter().map(text).collect())
}

#[test]
fn a_topic_may_have_several_connections() {
    let list = [("connection_name", "d"), ("connection_name", "c"), ("connection_mode", "First")];
    let (topics, problems) = topics(&list);
    assert_eq!(
        (topics[0].connection_names.as_slice(), problems),
        (&["d".to_owned(), "c".to_owned()][..], vec![])
    );
    assert_eq!(topics[0].connection_mode, ConnectionMode::First);

    let list = [
        ("connection_name", "d"),
        ("connection_name", "e"),
        ("connection_name", "d"),
        ("connection_mode", "2"),
    ];
    let (topics, problems) = self::topics(&list);
    assert_eq!(topics[0].connection_names, ["d"]);
    assert_eq!(
        problems,
        [
            "connection_mode \"2\" is not all or first: using all",
            "connection_name \"e\" is not a connection of this profile and ignored: add that connection or name \
             another",
            "connection_name \"d\" is there more than once: it is used once",
        ]
    );
    let (none, problems) = self::topics(&[("connection_name", "e"), ("connection_name", "f")]);
    assert_eq!(none, []);
    assert_eq!(problems[2..], ["has no connection, the topic is left out: set connection_name"]);
}

#[test]
fn a_throttle_has_a_rate_and_a_key() {
    const C: (&str, &str) = ("connection_name", "c");
    let (topics, problems) = topics(&[C, ("throttle", "1/min"), ("throttle_key", "${Unique-ID}")]);
    assert_eq!(topics[0].throttle.map(|rate| rate.to_string()).as_deref(), Some("1/min/1"));
    assert_eq!((topics[0].throttle_key.as_deref(), problems), (Some("${Unique-ID}"), vec![]));
    let (topics, problems) = self::topics(&[C, ("throttle", "0"), ("throttle_key", "")]);
    assert_eq!((topics[0].throttle, topics[0].throttle_key.as_deref(), problems), (None, None, vec![]));
}

#[test]
fn a_throttle_that_cannot_be_read_leaves_its_topic_out() {
    const C: (&str, &str) = ("connection_name", "c");
    let said = "throttle \"1/day\" is not messages a second or a unit, as in 10 or 1/min, perhaps with a burst, as in \
                10/20 or 1/min/5, the topic is left out";
    assert_eq!(topics(&[C, ("throttle", "1/day")]), (vec![], vec![said.to_owned()]));
    let (none, problems) = topics(&[C, ("throttle", "1"), ("throttle_key", "${Unique-ID")]);
    let said =
        "throttle_key \"${Unique-ID\" has a ${ that is not closed at character 1, the topic is left out";
    assert_eq!((none, problems), (vec![], vec![said.to_owned()]));
    let (_, problems) = topics(&[C, ("throttle_key", "${A}")]);
    assert_eq!(problems, ["throttle_key has no effect without a throttle: set throttle"]);
    let (_, problems) = topics(&[C, ("throttle", "1"), ("throttle_key", "Unique-ID")]);
    let said = "throttle_key \"Unique-ID\" is the same for every event: name a header, as in ${Unique-ID}";
    assert_eq!(problems, [said]);
}
