//! Commands in JSON, FreeSWITCH's JSON API, and events that are injected: with any version of MQTT.

use scenarios::{Broker, Config, Subscriber, Subscriber5, Switch, Topic, eventually};
use serde_json::{Value, json};

const BGAPI: (&str, &str) = ("bgapi_authorized", "true");
const ORIGINATE: (&str, &str) = ("originate_authorized", "true");
const JSON_API: (&str, &str) = ("json_api_authorized", "true");
const ANSWERS: (&str, &str) = ("response_allow", "test/answers/#");

/// A broker, someone who asks and listens to answers and to the events `BACKGROUND_JOB`, `TALK` and `CUSTOM my::x`, and the
/// module with these subscriber's topics.
fn start(topics: &[(&str, &[(&str, &str)])]) -> (Broker, Subscriber, Switch) {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "test/#");
    let events = Topic {
        connection: "broker1",
        events: &["BACKGROUND_JOB", "TALK", "CUSTOM my::x"],
        pattern: "test/events",
        qos: 0,
    };
    let config = Config::default()
        .connection("broker1", broker.port(), &[("protocol_version", "V311")])
        .topic(&events)
        .subscriber("sub", topics);
    let mut switch = Switch::load(&config);
    eventually("the module is subscribed", || {
        switch.command("mosquitto status").matches("subscription: subscribed, QoS ").count() == topics.len()
    });
    (broker, subscriber, switch)
}

/// The next answer and the next event, in whichever order they come: what they say.
fn answer_and_event(subscriber: &Subscriber) -> (Value, Value) {
    let mut two = subscriber.take(2);
    two.sort_by(|a, b| a.topic.cmp(&b.topic));
    let read = |at: usize| serde_json::from_slice(&two[at].payload).expect("JSON");
    assert_eq!((two[0].topic.as_str(), two[1].topic.as_str()), ("test/answers/me", "test/events"));
    (read(0), read(1))
}

/// Nothing runs any more, and nothing comes that was not taken.
fn assert_no_more(switch: &mut Switch, subscriber: &Subscriber) {
    switch.command("wait-jobs");
    switch.command("wait-delivered");
    eventually("all is published", || switch.account().waiting == 0);
    assert_eq!(subscriber.take_all_read(), []);
}

#[test]
fn a_json_command_is_answered_by_a_json_object_with_mqtt_3_1_1() {
    let (_broker, subscriber, mut switch) = start(&[("cmd", &[BGAPI, ORIGINATE, ANSWERS])]);
    let ask = |mut question: Value| {
        question["response_topic"] = "test/answers/me".into();
        subscriber.publish("cmd", &question.to_string());
        answer_and_event(&subscriber)
    };
    let (answer, event) =
        ask(json!({ "command": "bgapi", "args": "echo a \"b\"", "correlation": "c\u{e4}", "id": "job.1" }));
    let expected = json!({
        "id": "job.1", "correlation": "c\u{e4}", "status": "ok", "command": "bgapi", "response": "a \"b\""
    });
    assert_eq!((answer, &event["Job-UUID"]), (expected, &json!("job.1")));

    let (answer, event) = ask(json!({ "command": "originate", "args": "user/1000 &park()" }));
    assert!(answer["response"].as_str().is_some_and(|text| text.starts_with("+OK ")), "{answer}");
    assert_eq!((&answer["id"], answer.get("correlation")), (&event["Job-UUID"], None));

    let (answer, _) = ask(json!({ "command": "bgapi", "args": "nonsense x" }));
    assert_eq!(
        (&answer["status"], &answer["response"]),
        (&json!("error"), &json!("nonsense: Command not found!\n"))
    );

    // Without a response topic there is an event, and no answer.
    subscriber.publish("cmd", &json!({ "command": "bgapi", "args": "echo x" }).to_string());
    assert_eq!(subscriber.take(1)[0].topic, "test/events");
    switch.wait_log(", answer to \"test/answers/me\"");
    assert_no_more(&mut switch, &subscriber);
    assert_eq!(switch.commands("cmd"), (4, 0));
    switch.wait_status("answers: published 3, not published 0\n");
}

#[test]
fn with_mqtt_5_a_json_command_may_name_its_response_topic_in_either_way() {
    let broker = Broker::start();
    let asker = Subscriber5::start(broker.port(), "test/answers/#");
    let config = Config::default()
        .connection("broker1", broker.port(), &[("protocol_version", "V5")])
        .subscriber("sub", &[("cmd", &[BGAPI, ANSWERS])]);
    let mut switch = Switch::load(&config);
    switch.wait_status("subscription: subscribed, QoS ");
    asker.ask("cmd", r#"{"command":"bgapi","args":"echo x","id":"1"}"#, "test/answers/property", b"7");
    let answer = asker.next();
    assert_eq!(answer.topic, "test/answers/property");
    let payload = String::from_utf8_lossy(&answer.payload).into_owned();
    assert_eq!(payload, r#"{"id":"1","status":"ok","command":"bgapi","response":"x"}"#);
    assert_eq!(
        (answer.content_type.as_deref(), answer.user("Status")),
        (Some("application/json"), Some("ok"))
    );
    let question = r#"{"command":"bgapi","args":"echo x","response_topic":"test/answers/member"}"#;
    asker.ask("cmd", question, "test/answers/property", b"8");
    let answer = asker.next();
    assert_eq!(
        (answer.topic.as_str(), answer.correlation.as_deref()),
        ("test/answers/member", Some(b"8".as_slice()))
    );
}

#[test]
fn the_json_api_answers_what_is_allowed_and_fsapi_is_held_to_the_rules_of_bgapi() {
    let lists = [JSON_API, ("json_api_allow", "status"), ("json_api_allow", "fsapi"), ANSWERS];
    let gateway = [BGAPI, ("bgapi_allow", "echo"), JSON_API, ANSWERS];
    let topics: [(&str, &[_]); 2] = [("api", &lists), ("gate", &gateway)];
    let (_broker, subscriber, mut switch) = start(&topics);
    let ask = |topic: &str, command: &str, data: Value| {
        let question =
            json!({ "command": command, "data": data, "response_topic": "test/answers/me", "id": "q" });
        subscriber.publish(topic, &question.to_string());
    };
    ask("api", "status", json!({ "x": ["\u{1f600}", 1.5, null] }));
    let (answer, event) = answer_and_event(&subscriber);
    assert_eq!((&event["Job-UUID"], &event["Job-Command"]), (&json!("q"), &json!("json")));
    assert_eq!(
        (&answer["id"], &answer["status"], &answer["command"]),
        (&json!("q"), &json!("ok"), &json!("status"))
    );
    let response = &answer["response"];
    assert_eq!(response["data"], json!({ "x": ["\u{1f600}", 1.5, null] }));
    assert_eq!(
        (&response["status"], &response["response"]["systemStatus"]),
        (&json!("success"), &json!("ready"))
    );

    ask("gate", "fsapi", json!({ "cmd": "echo", "arg": "hello" }));
    let (answer, _) = answer_and_event(&subscriber);
    assert_eq!(answer["response"]["response"]["message"], "hello");

    ask("gate", "nothing", json!({}));
    let (answer, _) = answer_and_event(&subscriber);
    assert_eq!((&answer["status"], &answer["response"]["status"]), (&json!("error"), &json!("error")));

    ask("api", "fsapi", json!({ "cmd": "global_setvar", "arg": "ran=1" }));
    ask("api", "execute", json!({ "uuid": "1", "app": "system" }));
    ask("gate", "fsapi", json!({ "cmd": "global_setvar", "arg": "ran=1" }));
    ask(
        "gate",
        "fsapi",
        json!({ "cmd": "json", "arg": "{\"command\":\"fsapi\",\"data\":{\"cmd\":\"global_setvar\",\"arg\":\"ran=1\"}}" }),
    );
    switch.wait_commands("api", (1, 2));
    switch.wait_commands("gate", (2, 2));
    for why in [
        "topic \"api\": json_api fsapi: bgapi_authorized is false",
        "topic \"api\": json_api execute: no json_api_allow matches",
        "topic \"gate\": json_api fsapi: no bgapi_allow matches",
    ] {
        switch.wait_log(why);
    }
    assert_no_more(&mut switch, &subscriber);
    assert_eq!(switch.command("global_getvar ran"), "-ERR no reply\n");
}

#[test]
fn an_event_that_is_sent_is_fired_if_its_name_is_allowed() {
    let lists = [("sendevent_allow", "TALK"), ("sendevent_allow", "CUSTOM my::*"), ANSWERS];
    let (_broker, subscriber, mut switch) = start(&[("cmd", &lists)]);
    let question = json!({
        "command": "sendevent", "event": "custom", "subclass": "my::x", "id": "e1",
        "headers": { "A": "1", "b": "\u{e4}" }, "body": "two\nlines", "response_topic": "test/answers/me"
    });
    subscriber.publish("cmd", &question.to_string());
    let (answer, event) = answer_and_event(&subscriber);
    let expected = json!({ "id": "e1", "status": "ok", "command": "sendevent", "response": "+OK e1\n" });
    assert_eq!(answer, expected);
    for (name, value) in [
        ("Event-Name", "CUSTOM"),
        ("Event-Subclass", "my::x"),
        ("Event-UUID", "e1"),
        ("A", "1"),
        ("b", "\u{e4}"),
        ("_body", "two\nlines"),
    ] {
        assert_eq!(event[name], value, "{name}");
    }
    switch.wait_log("topic \"cmd\": sendevent CUSTOM my::x: by profile");

    subscriber.publish("cmd", "sendevent TALK\nUnique-ID: 7\n\nplain");
    let event = subscriber.take(1).remove(0);
    assert_eq!((event.header("Event-Name"), event.header("Unique-ID")), ("TALK".into(), "7".into()));
    assert_eq!(event.header("_body"), "plain");

    for payload in [
        "sendevent NOTALK",
        "sendevent HEARTBEAT",
        "sendevent CUSTOM\nEvent-Subclass: your::x",
        "sendevent CUSTOM\nEvent-Subclass: mosquitto::connected",
        "sendevent TALK\nEvent-Name: HEARTBEAT",
        "sendevent TALK\nCore-UUID[1]: x",
        r#"{"command":"sendevent","event":"TALK","headers":{"Event-Subclass":"my::x"}}"#,
    ] {
        subscriber.publish("cmd", payload);
    }
    switch.wait_commands("cmd", (2, 7));
    assert_no_more(&mut switch, &subscriber);
}

#[test]
fn limits_hold_for_every_form_of_a_command() {
    let events = [("sendevent_allow", "TALK"), ("command_rate", "1/2"), ("command_max_in_flight", "1")];
    let (_broker, subscriber, mut switch) = start(&[("cmd", &events)]);
    for _ in 0..4 {
        subscriber.publish("cmd", "sendevent TALK");
    }
    subscriber.send("cmd", b"sendevent TALK", true);
    switch.wait_log("command_rate 1 a second is used up");
    assert!(subscriber.take(2).iter().all(|event| event.header("Event-Name") == "TALK"));
    let (allowed, refused) = switch.commands("cmd");
    assert!(allowed >= 2 && refused >= 1 && allowed < 5, "{allowed}, {refused}");
}

#[test]
fn nothing_of_it_runs_unless_the_topic_says_so() {
    let lists =
        [JSON_API, ("json_api_allow", ""), ("sendevent_allow", "nonsense"), ("response_errors", "true")];
    let topics: [(&str, &[_]); 2] = [("none", &[]), ("empty", &lists)];
    let (_broker, subscriber, mut switch) = start(&topics);
    let set = "ran=1";
    let mut shapes = Vec::new();
    for kind in ["bgapi", "BGAPI"] {
        shapes.push(json!({ "command": kind, "args": format!("global_setvar {set}") }).to_string());
        shapes.push(json!({ "command": kind, "args": format!("uuid:x  global_setvar {set}") }).to_string());
        shapes.push(
            json!({ "command": kind, "args": format!("bgapi global_setvar {set}"), "id": "1" }).to_string(),
        );
        shapes.push(json!({ "command": kind, "args": format!("expand global_setvar {set}") }).to_string());
        shapes.push(
            json!({ "command": kind, "args": "originate user/1 &park()", "correlation": "1" }).to_string(),
        );
    }
    for kind in ["originate", "Originate", "ORIGINATE"] {
        for args in
            ["user/1 &park()", "{a=b}user/1 9196 XML default", "user/1 &system(x)", "'user/1' &park()"]
        {
            shapes.push(
                json!({ "command": kind, "args": args, "response_topic": "test/answers/me" }).to_string(),
            );
        }
    }
    for (command, data) in [
        ("status", json!({})),
        ("STATUS", json!({ "a": 1 })),
        ("sofia.status", json!({})),
        ("mediaStats", json!({ "uuid": "1" })),
        ("execute", json!({ "uuid": "1", "app": "system", "arg": "x" })),
        ("fsapi", json!({ "cmd": "global_setvar", "arg": set })),
        ("FsApi", json!({ "cmd": "global_setvar", "arg": set })),
        ("fsapi", json!({ "cmd": "bgapi", "arg": format!("global_setvar {set}") })),
        ("json", json!({ "command": "fsapi" })),
        ("json_api", json!({ "command": "fsapi", "data": { "cmd": "global_setvar", "arg": set } })),
    ] {
        shapes.push(json!({ "command": command, "data": data }).to_string());
    }
    for event in ["TALK", "talk", "HEARTBEAT", "BACKGROUND_JOB", "ALL"] {
        shapes.push(format!("sendevent {event}"));
        shapes.push(json!({ "command": "sendevent", "event": event, "headers": { "a": "b" } }).to_string());
    }
    shapes.push("sendevent CUSTOM\nEvent-Subclass: my::x\n\nbody".to_owned());
    shapes.push(json!({ "command": "sendevent", "event": "CUSTOM", "subclass": "my::x" }).to_string());
    let count = shapes.len() as u64;
    for topic in ["none", "empty"] {
        for shape in &shapes {
            subscriber.publish(topic, shape);
        }
        switch.wait_commands(topic, (0, count));
    }
    assert_no_more(&mut switch, &subscriber);
    assert_eq!(switch.command("global_getvar ran"), "-ERR no reply\n");
}
