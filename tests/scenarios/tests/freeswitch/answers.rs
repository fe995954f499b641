//! Answers, the JSON API and injected events: what the real mod_commands and the real core make of them.

use scenarios::{Broker, Config, FreeSwitch, Received5, Subscriber, Subscriber5, Topic};
use serde_json::{Value, json};

const OPEN: &str = "cmd/open";

#[test]
#[ignore = "needs an installed FreeSWITCH: scripts/test --freeswitch PREFIX runs it"]
fn commands_are_answered_the_json_api_answers_and_events_are_injected() {
    let broker = Broker::start();
    let (asker, events) =
        (Subscriber5::start(broker.port(), "answers/#"), Subscriber::start(broker.port(), "test/#"));
    let wanted = ["CUSTOM my::x", "TALK"];
    let topic = Topic { connection: "broker1", events: &wanted, pattern: "test/events", qos: 1 };
    let lists = [
        ("qos", "1"),
        ("bgapi_authorized", "true"),
        ("bgapi_allow", "hostname"),
        ("bgapi_allow", "echo"),
        ("json_api_authorized", "true"),
        ("json_api_allow", "status"),
        ("json_api_allow", "fsapi"),
        ("sendevent_allow", "CUSTOM my::*"),
        ("response_allow", "answers/#"),
    ];
    let config = Config::default()
        .connection("broker1", broker.port(), &[("protocol_version", "V5")])
        .topic(&topic)
        .subscriber("sub", &[(OPEN, &lists)]);
    let mut switch = FreeSwitch::load(&config);
    switch.wait_status("subscription: subscribed, QoS ");
    let ask = |payload: &str, correlation: &[u8]| {
        asker.ask(OPEN, payload, "answers/me", correlation);
        let answer = asker.next();
        println!("{payload}\n  -> {}", String::from_utf8_lossy(&answer.payload));
        println!("     {:?} {:?}", answer.content_type, answer.user_properties);
        assert_eq!(answer.correlation.as_deref(), Some(correlation));
        answer
    };
    let hostname = switch.command("hostname");
    let answer = ask("bgapi uuid:plain-1 hostname", b"1");
    assert_eq!(String::from_utf8_lossy(&answer.payload), hostname);
    assert_eq!((answer.user("Job-UUID"), answer.user("Status")), (Some("plain-1"), Some("ok")));

    let json = |answer: &Received5| serde_json::from_slice::<Value>(&answer.payload).expect("JSON");
    let answer =
        json(&ask(r#"{"command":"bgapi","args":"echo  a  \"b\" ","id":"json-1","correlation":"c"}"#, b"2"));
    assert_eq!(
        answer,
        json!({ "id": "json-1", "correlation": "c", "status": "ok", "command": "bgapi", "response": "a  \"b\"" })
    );

    let answer = json(&ask(r#"{"command":"status","data":{"x":"\u00e4\u007f\n"}}"#, b"3"));
    let response = &answer["response"];
    assert_eq!((&answer["status"], &response["status"]), (&json!("ok"), &json!("success")));
    assert_eq!(response["data"], json!({ "x": "\u{e4}\u{7f}\n" }));
    assert_eq!(response["response"]["systemStatus"], "ready");
    let answer = json(&ask(r#"{"command":"FsApi","data":{"cmd":"hostname"}}"#, b"4"));
    assert_eq!(answer["response"]["response"]["message"], hostname);

    // FreeSWITCH finds keys in any case, and takes the first.
    for refused in [
        r#"{"command":"fsapi","data":{"cmd":"version"}}"#,
        r#"{"command":"fsapi","data":{"cmd":"hostname","CMD":"version"}}"#,
        r#"{"command":"execute","data":{"uuid":"1","app":"system"}}"#,
        "sendevent TALK",
    ] {
        asker.ask(OPEN, refused, "answers/me", b"never");
    }
    let event = r#"{"command":"sendevent","event":"CUSTOM","subclass":"my::x","id":"e-1",
        "headers":{"A-Header":"one","Other":"\u00e4 %s"},"body":"two\nlines %n"}"#;
    assert_eq!(json(&ask(event, b"5"))["response"], "+OK e-1\n");
    let fired = &events.take(1)[0];
    println!("{}", String::from_utf8_lossy(&fired.payload));
    for (name, value) in [
        ("Event-Name", "CUSTOM"),
        ("Event-Subclass", "my::x"),
        ("Event-UUID", "e-1"),
        ("A-Header", "one"),
        ("Other", "\u{e4} %s"),
        ("_body", "two\nlines %n"),
    ] {
        assert_eq!(fired.header(name), value);
    }
    switch.wait_status("commands: allowed 5, refused 4\n");
    switch.wait_status("answers: published 5, not published 0\n");
    assert_eq!((asker.rest(), events.rest()), (vec![], vec![]));
    switch.shutdown();
}
