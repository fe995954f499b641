//! Answers to commands: where MQTT 5 clients want them, and nowhere else.

use scenarios::{Broker, Config, Subscriber, Subscriber5, Switch, eventually};

const BGAPI: (&str, &str) = ("bgapi_authorized", "true");
const ORIGINATE: (&str, &str) = ("originate_authorized", "true");
const ANSWERS: (&str, &str) = ("response_allow", "answers/#");

/// A broker, someone who asks and listens on `answers/#`, someone who listens to BACKGROUND_JOB, and the module with these
/// subscriber's topics.
fn start(topics: &[(&str, &[(&str, &str)])], options: &[&str]) -> (Broker, Subscriber5, Subscriber, Switch) {
    let broker = Broker::start();
    let asker = Subscriber5::start(broker.port(), "answers/#");
    let events = Subscriber::start(broker.port(), "test/#");
    let beats = scenarios::Topic {
        connection: "broker1",
        events: &["BACKGROUND_JOB"],
        pattern: "test/events",
        qos: 0,
    };
    let config = Config::default()
        .connection("broker1", broker.port(), &[("protocol_version", "V5")])
        .topic(&beats)
        .subscriber("sub", topics);
    let mut switch = Switch::load_xml(&config.xml(), options);
    eventually("the module is subscribed", || {
        switch.command("mosquitto status").matches("subscription: subscribed, QoS ").count() == topics.len()
    });
    (broker, asker, events, switch)
}

fn text(payload: &[u8]) -> String {
    String::from_utf8_lossy(payload).into_owned()
}

/// `answers:` of a topic, as status shows it.
fn answers(switch: &mut Switch, numbers: &str) {
    switch.wait_status(&format!("answers: {numbers}\n"));
}

#[test]
fn a_command_with_a_response_topic_is_answered_there_with_its_correlation_data() {
    let (_broker, asker, events, mut switch) = start(&[("cmd", &[BGAPI, ORIGINATE, ANSWERS])], &[]);
    asker.ask("cmd", "bgapi uuid:abc echo \u{e4} one", "answers/me", b"7\0x");
    let answer = asker.next();
    assert_eq!((answer.topic.as_str(), text(&answer.payload)), ("answers/me", "\u{e4} one".to_owned()));
    assert_eq!(answer.correlation.as_deref(), Some(b"7\0x".as_slice()));
    assert_eq!((answer.user("Job-UUID"), answer.user("Status")), (Some("abc"), Some("ok")));
    assert_eq!((answer.content_type.as_deref(), answer.payload_format), (Some("text/plain"), Some(1)));
    assert!(!answer.retain);
    assert_eq!(events.take(1)[0].header("Job-UUID"), "abc", "the event goes out as well");

    asker.ask("cmd", "originate user/1000 &park()", "answers/call", b"");
    let answer = asker.next();
    assert!(answer.topic == "answers/call" && answer.payload.starts_with(b"+OK "), "{answer:?}");
    let id = events.take(1)[0].header("Job-UUID");
    assert_eq!(answer.user("Job-UUID"), Some(id.as_str()));

    asker.ask("cmd", "bgapi nonsense", "answers/me", b"8");
    let answer = asker.next();
    assert_eq!(text(&answer.payload), "nonsense: Command not found!\n");
    assert_eq!(
        (answer.user("Status"), answer.correlation.as_deref()),
        (Some("error"), Some(b"8".as_slice()))
    );
    answers(&mut switch, "published 3, not published 0");
    let line = switch.wait_log("Job-UUID abc");
    assert!(line.ends_with("Job-UUID abc, answer to \"answers/me\""), "{line}");
}

#[test]
fn an_answer_comes_though_nobody_publishes_background_job() {
    let broker = Broker::start();
    let asker = Subscriber5::start(broker.port(), "answers/#");
    let config = Config::default()
        .connection("broker1", broker.port(), &[("protocol_version", "V5")])
        .subscriber("sub", &[("cmd", &[BGAPI, ANSWERS])]);
    let mut switch = Switch::load(&config);
    switch.wait_status("subscription: subscribed, QoS ");
    asker.ask("cmd", "bgapi echo x", "answers/me", b"1");
    assert_eq!(text(&asker.next().payload), "x");
    assert_eq!(switch.account().accepted, 1, "the answer alone");
}

#[test]
fn an_answer_goes_to_no_topic_that_is_not_allowed_and_to_none_that_the_module_listens_to() {
    let topics: [(&str, &[_]); 4] = [
        ("none", &[BGAPI]),
        ("some", &[BGAPI, ANSWERS]),
        ("all", &[BGAPI, ("response_allow", "#")]),
        ("answers/+/cmd", &[BGAPI]),
    ];
    let (_broker, asker, events, mut switch) = start(&topics, &[]);
    let not_allowed = "no response_allow matches the response topic";
    let listens = "the module itself is subscribed to the response topic";
    for (topic, response, why) in [
        ("none", "answers/me", not_allowed),
        ("some", "answer/me", not_allowed),
        ("some", "answers/x/cmd", listens),
        ("all", "all", listens),
        ("all", "some", listens),
        ("all", &"x".repeat(1025), "longer than 1024 bytes"),
    ] {
        asker.ask(topic, "bgapi echo bgapi echo y", response, b"1");
        assert_eq!(events.take(1)[0].header("_body"), "bgapi echo y", "it runs");
        switch.wait_log(why);
    }
    asker.ask("some", "bgapi echo last", "answers/me", &[b'x'; 1025]);
    asker.ask("some", "bgapi echo last", "answers/me", b"1");
    assert_eq!(text(&asker.next().payload), "last");
    assert_eq!(asker.rest(), []);
    assert_eq!(switch.commands("some"), (4, 0));
    let total: u64 = ["none", "some", "all"].iter().map(|topic| switch.commands(topic).0).sum();
    assert_eq!(total, 8, "no answer was taken for a command");
}

#[test]
fn a_refused_command_is_answered_only_where_the_topic_says_so_and_not_with_the_reason() {
    let topics: [(&str, &[_]); 2] =
        [("quiet", &[ANSWERS]), ("telling", &[ANSWERS, ("response_errors", "true")])];
    let (_broker, asker, _events, mut switch) = start(&topics, &[]);
    asker.ask("quiet", "bgapi version", "answers/me", b"1");
    switch.wait_commands("quiet", (0, 1));
    asker.ask("telling", "bgapi version", "elsewhere", b"2");
    asker.ask("telling", "bgapi version", "answers/me", b"3");
    let answer = asker.next();
    assert_eq!((text(&answer.payload), answer.user("Status")), ("-ERR refused\n".to_owned(), Some("error")));
    assert_eq!(answer.correlation.as_deref(), Some(b"3".as_slice()));
    assert_eq!(asker.rest(), []);
}

#[test]
fn a_command_that_the_core_does_not_run_is_answered() {
    let (_broker, asker, _events, _switch) = start(&[("cmd", &[BGAPI, ANSWERS])], &["--without", "bgapi"]);
    asker.ask("cmd", "bgapi version", "answers/me", b"1");
    let answer = asker.next();
    assert!(text(&answer.payload).starts_with("-ERR FreeSWITCH has no API command bgapi"), "{answer:?}");
    assert_eq!(answer.user("Status"), Some("error"));
}

#[test]
fn the_job_of_another_one_with_the_same_id_is_no_answer() {
    let (_broker, asker, events, mut switch) = start(&[("cmd", &[BGAPI, ANSWERS])], &[]);
    switch.command("bgapi uuid:same msleep 300");
    asker.ask("cmd", "bgapi uuid:same msleep 600", "answers/me", b"1");
    assert_eq!(events.take(1)[0].header("Job-Command-Arg"), "300");
    assert_eq!(events.take(1)[0].header("Job-Command-Arg"), "600");
    assert_eq!(text(&asker.next().payload), "+OK\n");
    answers(&mut switch, "published 1, not published 0");
}

#[test]
fn an_unload_with_answers_that_are_waited_for_gives_them_up() {
    let (_broker, asker, _events, mut switch) = start(&[("cmd", &[BGAPI, ANSWERS])], &[]);
    asker.ask("cmd", "bgapi msleep 2000", "answers/me", b"1");
    switch.wait_commands("cmd", (1, 0));
    assert!(switch.unload_module().starts_with("+OK"));
    switch.wait_log("1 answers to commands are given up");
    switch.command("wait-jobs");
    assert_eq!(asker.rest(), []);
}
