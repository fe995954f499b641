//! The dialplan's applications, in mini-switch's calls: mosquitto_publish and mosquitto_request.

use scenarios::{Broker, Config, Mode, Proxy, Service, Subscriber, Switch, eventually, refused_port};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

fn config(port: u16, version: &str) -> Config {
    let params = [("protocol_version", version), ("client_id", "fs")];
    Config::default().setting("log-level", "debug").connection("broker1", port, &params)
}

/// Runs an application in a call: the variables that the call has after it.
fn call(switch: &mut Switch, line: &str) -> BTreeMap<String, String> {
    let answer = switch.command(&format!("app {line}"));
    let variables = answer.strip_prefix("+OK\n").unwrap_or_else(|| panic!("{line}: {answer}"));
    let pair = |line: &str| line.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
    variables.lines().filter_map(pair).collect()
}

fn result(switch: &mut Switch, line: &str) -> String {
    call(switch, line).remove("mosquitto_result").unwrap_or_default()
}

#[test]
fn a_call_publishes_with_its_variables() {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "test/#");
    let mut switch = Switch::load(&config(broker.port(), "V311"));
    switch.wait_connected("broker1");
    let line = "{caller=0123,who=it's \"me\"}mosquitto_publish default broker1 test/${caller} qos=1 -- ${who}  says ";
    assert_eq!(result(&mut switch, line), "+OK");
    let message = subscriber.take(1).remove(0);
    assert_eq!((message.topic.as_str(), message.qos), ("test/0123", 1));
    assert_eq!(String::from_utf8_lossy(&message.payload), "it's \"me\"  says ");
    switch.wait_status("  accepted: 1\n  published: 1\n");
}

#[test]
fn what_cannot_be_published_or_asked_says_why_in_a_variable() {
    let mut switch = Switch::load(&config(refused_port(), "V311"));
    for (line, why) in [
        ("mosquitto_publish nobody broker1 t -- x", "profile not found"),
        (
            "mosquitto_publish default broker1 a/+ -- x",
            "the topic holds a wildcard (+ or #), which only a subscription may",
        ),
        (
            "mosquitto_publish default broker1 t color=red -- x",
            "there is no option \"color\": qos, retain, expiry",
        ),
        ("mosquitto_publish default broker1 t $x{=1 -- x", "there is no option \"$x{\": qos, retain, expiry"),
        ("mosquitto_request", "no -- before the payload"),
        ("mosquitto_request default broker1 -- x", "the profile, the connection or the topic is missing"),
        ("mosquitto_request default nobody t -- x", "connection not found"),
        (
            "mosquitto_request default broker1 a/# -- x",
            "the topic holds a wildcard (+ or #), which only a subscription may",
        ),
        ("mosquitto_request default broker1 t timeout=0 -- x", "timeout \"0\" is not between 1 and 600000"),
        (
            "mosquitto_request default broker1 t color=red -- x",
            "there is no option \"color\": timeout, qos, response, id",
        ),
        (
            "mosquitto_request default broker1 t id=a/b -- x",
            "id \"a/b\" holds a /: it is one level of a topic",
        ),
        (
            "mosquitto_request default broker1 t response=a/# -- x",
            "the response topic holds a wildcard (+ or #), which only a subscription may",
        ),
    ] {
        assert_eq!(result(&mut switch, line), format!("-ERR {why}"), "{line}");
    }
    let begin = Instant::now();
    assert_eq!(result(&mut switch, "mosquitto_request default broker1 t timeout=200 -- x"), "-ERR timeout");
    assert!(begin.elapsed() >= Duration::from_millis(200));
}

#[test]
fn a_call_asks_a_service_what_to_do() {
    let broker = Broker::start();
    // mosquitto_sub shows correlation data as it is.
    let answer = r#"PUB -t "$topic" -D publish correlation-data "$data" -m "{\"action\": \"bridge\", \"to\": \"$payload\", \"ring\": 20}""#;
    let _service = Service::start(broker.port(), answer);
    let mut switch = Switch::load(&config(broker.port(), "V5"));
    switch.wait_connected("broker1");
    for number in ["100", "200"] {
        let line = format!(
            "{{caller={number}}}mosquitto_request default broker1 ask timeout=20000 qos=1 -- ${{caller}}"
        );
        let variables = call(&mut switch, &line);
        let expected = [
            ("caller", number),
            (
                "mosquitto_response",
                &format!("{{\"action\": \"bridge\", \"to\": \"{number}\", \"ring\": 20}}"),
            ),
            ("mosquitto_response_action", "bridge"),
            ("mosquitto_response_keys", "action,ring,to"),
            ("mosquitto_response_ring", "20"),
            ("mosquitto_response_to", number),
            ("mosquitto_result", "+OK"),
        ];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(variables.into_iter().collect::<Vec<_>>(), expected);
    }
    // One subscription for all of them.
    switch.wait_status("runtime_subscription: mosquitto/response/fs/+ qos 1: subscribed, QoS 1\n");
    assert_eq!(broker.log().matches("SUBSCRIBE from fs").count(), 1, "{}", broker.log());
}

#[test]
fn many_calls_ask_at_once_and_each_gets_its_own_answer() {
    const CALLS: usize = 40;
    let broker = Broker::start();
    let asked = Subscriber::start(broker.port(), "ask");
    let mut switch = Switch::load(&config(broker.port(), "V311"));
    switch.wait_connected("broker1");
    for number in 0..CALLS {
        let line =
            format!("mosquitto_request default broker1 ask timeout=30000 qos=1 id=c{number} -- c{number}");
        assert_eq!(switch.command(&format!("app {line} &")), "+OK started\n");
    }
    let mut questions = asked.take(CALLS);
    questions.reverse();
    for question in questions {
        let id = String::from_utf8(question.payload).expect("text");
        let topic = format!("mosquitto/response/fs/{id}");
        asked.publish(&topic, &format!("answer to {id}"));
        asked.publish(&topic, "one more");
    }
    assert_eq!(switch.command("wait-jobs 30000"), "+OK\n");
    let log = switch.log().join("\n");
    for number in 0..CALLS {
        let expected =
            format!("-- c{number}: +OK; mosquitto_response=answer to c{number}; mosquitto_result=+OK");
        assert!(log.lines().any(|line| line.ends_with(&expected)), "{expected}\n{log}");
    }
    asked.publish("mosquitto/response/fs/c0", "too late");
    switch.wait_log("nobody waits for an answer of 8 bytes");
}

#[test]
fn a_response_topic_of_its_own_is_subscribed_while_the_call_waits() {
    let broker = Broker::start();
    let asked = Subscriber::start(broker.port(), "ask");
    let mut switch = Switch::load(&config(broker.port(), "V311"));
    switch.wait_connected("broker1");
    let line = "mosquitto_request default broker1 ask timeout=30000 response=mine/7 -- 7";
    switch.command(&format!("app {line} &"));
    asked.take(1);
    let busy = result(&mut switch, line);
    assert!(busy.starts_with("-ERR another call waits for its answer on mine/7"), "{busy}");
    asked.publish("mine/7", "answer");
    assert_eq!(switch.command("wait-jobs 30000"), "+OK\n");
    switch.wait_log("-- 7: +OK; mosquitto_response=answer; mosquitto_result=+OK");
    broker.wait_log("UNSUBSCRIBE from fs");
    assert!(!switch.command("mosquitto status").contains("runtime_subscription"));
    // What is kept there is older than the question.
    asked.send("mine/8", b"old", true);
    assert_eq!(Subscriber::start(broker.port(), "mine/8").take(1)[0].payload, b"old");
    let line = "mosquitto_request default broker1 ask timeout=300 response=mine/8 -- 8";
    assert_eq!(result(&mut switch, line), "-ERR timeout");
}

#[test]
fn a_hang_up_ends_the_wait() {
    let broker = Broker::start();
    let asked = Subscriber::start(broker.port(), "ask");
    let mut switch = Switch::load(&config(broker.port(), "V5"));
    switch.wait_connected("broker1");
    switch.command("app mosquitto_request default broker1 ask timeout=600000 -- x &");
    asked.take(1);
    assert_eq!(switch.command("hangup"), "+OK 1 calls\n");
    let begin = Instant::now();
    assert_eq!(switch.command("wait-jobs 30000"), "+OK\n");
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
    switch.wait_log("-- x: +OK; mosquitto_result=-ERR hangup");
}

#[test]
fn an_unload_is_refused_while_a_call_waits_and_a_forced_one_ends_the_wait_at_once() {
    let broker = Broker::start();
    let asked = Subscriber::start(broker.port(), "ask");
    let mut switch = Switch::load(&config(broker.port(), "V5"));
    for _round in 0..3 {
        switch.wait_connected("broker1");
        switch.command("app mosquitto_request default broker1 ask timeout=600000 -- x &");
        asked.take(1);
        assert_eq!(switch.unload_module(), "-ERR [Module in use.]\n");
        let begin = Instant::now();
        assert_eq!(switch.command("unload -f mod_mosquitto"), "+OK\n");
        assert_eq!(switch.command("wait-jobs 30000"), "+OK\n");
        assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
        switch.wait_log("mosquitto_result=-ERR the module is unloaded, or the connection removed");
        assert_eq!(switch.load_module(), "+OK Reloading XML\n+OK\n");
    }
    switch.command("mosquitto remove profile default connection broker1");
    switch.shutdown();
}

#[test]
fn a_question_outlives_neither_its_patience_nor_its_connection() {
    let broker = Broker::start();
    let asked = Subscriber::start(broker.port(), "ask");
    let proxy = Proxy::start(broker.port());
    proxy.set(Mode::Refuse);
    let mut switch = Switch::load(&config(proxy.port(), "V311"));
    switch.wait_state("broker1", &["waiting: Connection refused"]);
    assert_eq!(
        result(&mut switch, "mosquitto_request default broker1 ask timeout=900 -- old"),
        "-ERR timeout"
    );
    std::thread::sleep(Duration::from_millis(200));
    switch.command("app mosquitto_request default broker1 ask timeout=600000 -- new &");
    proxy.set(Mode::Pass);
    assert_eq!(String::from_utf8_lossy(&asked.take(1)[0].payload), "new");
    let begin = Instant::now();
    switch.command("mosquitto remove profile default connection broker1");
    assert_eq!(switch.command("wait-jobs 30000"), "+OK\n");
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
    eventually("the removed connection counts", || switch.account().adds_up());
}

#[test]
fn a_response_topic_that_the_broker_refuses_says_so_at_once() {
    let broker = Broker::start_refusing();
    let mut switch = Switch::load(&config(broker.port(), "V5"));
    switch.wait_connected("broker1");
    let begin = Instant::now();
    let refused = result(&mut switch, "mosquitto_request default broker1 ask timeout=30000 -- x");
    assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", begin.elapsed());
    assert!(
        refused.starts_with("-ERR the response topic's subscription is refused by the broker (0x8"),
        "{refused}"
    );
}

#[test]
fn an_answer_that_could_run_a_command_is_no_variable() {
    let broker = Broker::start();
    let asked = Subscriber::start(broker.port(), "ask");
    let mut switch = Switch::load(&config(broker.port(), "V311"));
    switch.wait_connected("broker1");
    for (id, answer) in [("a", "${system(reboot)}"), ("b", "{\"a\": \"\\u0024{system(reboot)}\"}")] {
        switch.command(&format!("app mosquitto_request default broker1 ask timeout=30000 id={id} -- {id} &"));
        asked.take(1);
        asked.publish(&format!("mosquitto/response/fs/{id}"), answer);
        assert_eq!(switch.command("wait-jobs 30000"), "+OK\n");
    }
    // mini-switch ends if such a value is set.
    switch.wait_log(
        "-- a: +OK; mosquitto_result=-ERR the answer holds what a variable must not ($ before {, or a NUL)",
    );
    switch
        .wait_log("-- b: +OK; mosquitto_response={\"a\": \"\\u0024{system(reboot)}\"}; mosquitto_result=+OK");
}
