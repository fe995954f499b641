//! `<xml-bindings>`.

use super::*;

/// The bindings of a profile that has the connection "c", and what is said about binding "b".
fn bound(list: &[(&str, &str)]) -> (Vec<XmlBinding>, Vec<String>) {
    let (profile, problems) =
        with_bindings(&format!(r#"<xml-binding name="b">{}</xml-binding>"#, params(list)));
    let place = r#"profile "p", xml-binding "b": "#;
    let text = |problem: String| problem.strip_prefix(place).expect(&problem).to_owned();
    (profile.xml_bindings, problems.into_iter().map(text).collect())
}

fn with_bindings(bindings: &str) -> (Profile, Vec<String>) {
    let connection = format!(r#"<connection name="c">{}</connection>"#, param("host", "h"));
    with_profile(&format!("<connections>{connection}</connections><xml-bindings>{bindings}</xml-bindings>"))
}

const USABLE: [(&str, &str); 4] = [
    ("sections", "directory"),
    ("connection_name", "c"),
    ("request_topic", "xml/request"),
    ("response_topic", "xml/answer"),
];

fn usable_with(name: &'static str, value: &'static str) -> (Vec<XmlBinding>, Vec<String>) {
    let mut list: Vec<_> = USABLE.into_iter().filter(|(other, _)| *other != name).collect();
    list.push((name, value));
    bound(&list)
}

#[test]
fn every_parameter_of_a_binding_is_read() {
    let (bindings, problems) = bound(&[
        ("enable", "true"),
        ("sections", "Directory|dialplan"),
        ("sections", "configuration, chatplan, directory"),
        ("connection_name", "c"),
        ("request_topic", "xml/request"),
        ("response_topic", "xml/answer"),
        ("timeout", "500"),
        ("cache_time", "60"),
        ("qos", "1"),
    ]);
    assert_eq!(problems, NONE);
    let binding = XmlBinding {
        name: "b".to_owned(),
        enable: true,
        sections: vec![
            XmlSection::Directory,
            XmlSection::Dialplan,
            XmlSection::Configuration,
            XmlSection::Chatplan,
        ],
        connection_name: "c".to_owned(),
        request_topic: "xml/request".to_owned(),
        response_topic: "xml/answer".to_owned(),
        timeout: 500,
        cache_time: 60,
        qos: QoS::AtLeastOnce,
    };
    assert_eq!(bindings, [binding]);
}

#[test]
fn a_binding_that_says_no_more_than_it_must_is_off_waits_two_seconds_and_keeps_nothing() {
    let (bindings, problems) = bound(&USABLE);
    assert_eq!(problems, NONE);
    let [binding] = bindings.as_slice() else { panic!("{bindings:?}") };
    assert_eq!((binding.enable, binding.timeout, binding.cache_time), (false, 2000, 0));
}

#[test]
fn a_binding_that_cannot_work_is_left_out_and_said_why() {
    for (name, value, said) in [
        ("sections", "", "names no section, the binding is left out: set sections"),
        ("connection_name", "", "connection_name is not set, the binding is left out: set it"),
        (
            "connection_name",
            "d",
            "connection_name \"d\" is not a connection of this profile, the binding is left out: add that connection or \
             name another",
        ),
        ("request_topic", "", "request_topic is not set, the binding is left out: set it"),
        (
            "request_topic",
            "a/#",
            "request_topic \"a/#\" holds a wildcard (+ or #), which only a subscription may, the binding is left out",
        ),
        (
            "response_topic",
            "a+",
            "response_topic \"a+\" holds a wildcard (+ or #), which only a subscription may, the binding is left out",
        ),
        (
            "response_topic",
            "xml",
            "response_topic \"xml\" is above request_topic, so that requests would come as answers, the binding is left out",
        ),
    ] {
        let (bindings, problems) = usable_with(name, value);
        assert_eq!(bindings, []);
        assert_eq!(problems, [said], "{name}={value}");
    }
    let long: &'static str = "x".repeat(65_500).leak();
    let (bindings, problems) = usable_with("response_topic", long);
    assert!(
        bindings.is_empty() && problems[0].contains("...\" is longer than 65535 bytes with an id"),
        "{problems:?}"
    );
}

#[test]
fn what_is_wrong_with_a_number_or_a_section_leaves_the_rest_as_it_is() {
    let (bindings, problems) = usable_with("timeout", "9");
    assert_eq!(bindings[0].timeout, 2000);
    assert_eq!(problems, ["timeout \"9\" is not between 10 and 60000: using 2000"]);
    let (bindings, problems) = usable_with("cache_time", "-1");
    assert_eq!(bindings[0].cache_time, 0);
    assert_eq!(problems, ["cache_time \"-1\" is not between 0 and 604800: using 0"]);
    let (bindings, problems) = usable_with("sections", "directory|phrases");
    assert_eq!(bindings[0].sections, [XmlSection::Directory]);
    assert_eq!(
        problems,
        ["sections \"phrases\" is not configuration, directory, dialplan or chatplan: ignored"]
    );
}

#[test]
fn two_bindings_do_not_wait_for_each_others_answers() {
    let one = |name| format!(r#"<xml-binding name="{name}">{}</xml-binding>"#, params(&USABLE));
    let (profile, problems) = with_bindings(&(one("b") + &one("d")));
    assert_eq!(profile.xml_bindings.len(), 1);
    assert_eq!(
        problems,
        [
            "profile \"p\", xml-binding \"d\": response_topic \"xml/answer\" is that of xml-binding \"b\", the binding \
          is left out: give it one of its own"
        ]
    );
}
