//! Calls that publish and ask, and scripts that subscribe, inside an installed FreeSWITCH.
//!
//! These run when `scripts/test --freeswitch PREFIX` says where one is. The dialplan is in src/freeswitch.xml.

use scenarios::{Broker, Config, EventSocket, FreeSwitch, Service, Subscriber};
use std::time::{Duration, Instant};

fn config(port: u16) -> Config {
    let params = [("protocol_version", "V5"), ("client_id", "fs")];
    Config::default().connection("broker1", port, &params)
}

fn text(payload: &[u8]) -> String {
    String::from_utf8_lossy(payload).into_owned()
}

/// The next event of this subclass.
fn custom(events: &mut EventSocket, subclass: &str) -> serde_json::Value {
    loop {
        let event: serde_json::Value = serde_json::from_slice(&events.event()).expect("JSON");
        if event["Event-Subclass"] == subclass {
            return event;
        }
    }
}

#[test]
#[ignore = "needs an installed FreeSWITCH: scripts/test --freeswitch PREFIX runs it"]
fn a_call_publishes_from_the_dialplan() {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "test/#");
    let mut switch = FreeSwitch::load(&config(broker.port()));
    switch.wait_connected("broker1");
    switch.command("bgapi originate loopback/publish/default &park()");
    let messages: Vec<_> =
        subscriber.take(4).iter().map(|one| (one.topic.clone(), text(&one.payload))).collect();
    println!("{messages:#?}");
    let uuid = &messages[0].1;
    let result = |result: &str| ("test/result".to_owned(), result.to_owned());
    let expected = [
        ("test/routed".to_owned(), uuid.clone()),
        ("test/publish".to_owned(), format!("{{\"uuid\": \"{uuid}\", \"said\": \"it's \"publish\"\"}}")),
        result("+OK"),
        result("-ERR profile not found"),
    ];
    assert_eq!((uuid.len(), messages), (36, expected.to_vec()));
    switch.shutdown();
}

#[test]
#[ignore = "needs an installed FreeSWITCH: scripts/test --freeswitch PREFIX runs it"]
fn a_call_asks_a_service_and_does_what_it_says() {
    let broker = Broker::start();
    let answer = r#"PUB -t "$topic" -D publish correlation-data "$data" \
                    -m "{\"to\": \"park\", \"ring\": 20, \"for\": \"$payload\"}""#;
    let _service = Service::start(broker.port(), answer);
    let subscriber = Subscriber::start(broker.port(), "test/#");
    let mut switch = FreeSwitch::load(&config(broker.port()));
    switch.wait_connected("broker1");
    for _call in 0..2 {
        switch.command("bgapi originate loopback/ask/default &park()");
        let told = text(&subscriber.take(1)[0].payload);
        println!("{told}");
        assert_eq!(told, "+OK|park|20|{\"to\": \"park\", \"ring\": 20, \"for\": \"ask\"}");
    }
    let mut events = switch.events();
    switch.command("bgapi originate loopback/ask/default &park()");
    let parked = |event: &serde_json::Value| {
        event["Event-Name"] == "CHANNEL_PARK" && event["Caller-Destination-Number"] == "park"
    };
    while !parked(&serde_json::from_slice(&events.event()).expect("JSON")) {}
    switch.wait_status("runtime_subscription: mosquitto/response/fs/+ qos 1: subscribed, QoS 1\n");
    switch.command("hupall");
    switch.shutdown();
}

#[test]
#[ignore = "needs an installed FreeSWITCH: scripts/test --freeswitch PREFIX runs it"]
fn a_hang_up_or_a_forced_unload_ends_a_calls_wait() {
    const LIMIT: Duration = Duration::from_secs(5);
    let broker = Broker::start();
    let asked = Subscriber::start(broker.port(), "nobody");
    let mut switch = FreeSwitch::load(&config(broker.port()));
    switch.wait_connected("broker1");
    let mut events = switch.events();
    let mut wait_gone = |uuid: &str| loop {
        let event: serde_json::Value = serde_json::from_slice(&events.event()).expect("JSON");
        if event["Event-Name"] == "CHANNEL_DESTROY" && event["Unique-ID"] == uuid {
            return;
        }
    };
    switch.command("bgapi originate loopback/wait/default &park()");
    let uuid = text(&asked.take(1)[0].payload);
    let begin = Instant::now();
    assert_eq!(switch.command(&format!("uuid_kill {uuid}")), "+OK\n");
    wait_gone(&uuid);
    println!("a hang-up: {:?}", begin.elapsed());
    assert!(begin.elapsed() < LIMIT, "{:?}", begin.elapsed());

    switch.command("bgapi originate loopback/wait/default &park()");
    let uuid = text(&asked.take(1)[0].payload);
    let refused = switch.unload_module();
    println!("{refused}");
    assert!(refused.contains("-ERR"), "{refused}");
    assert_eq!(switch.command(&format!("uuid_exists {uuid}")), "true");
    let begin = Instant::now();
    let unloaded = switch.command("unload -f mod_mosquitto");
    println!("{unloaded}");
    assert!(unloaded.starts_with("+OK"), "{unloaded}");
    // FreeSWITCH hangs up the calls that run an application of the module, and looks every half second whether they have
    // let go.
    wait_gone(&uuid);
    println!("a forced unload: {:?}", begin.elapsed());
    assert!(begin.elapsed() < LIMIT, "{:?}", begin.elapsed());
    switch.command("hupall");
    assert_eq!(switch.load_module(), "+OK Reloading XML\n+OK\n");
    switch.shutdown();
}

#[test]
#[ignore = "needs an installed FreeSWITCH: scripts/test --freeswitch PREFIX runs it"]
fn scripts_publish_and_subscribe_and_events_tell_what_comes() {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "test/#");
    let config = config(broker.port()).profile_param("event_connected", "true");
    let mut switch = FreeSwitch::start(&config.profile_param("event_disconnected", "true").xml());
    let mut events = switch.events();
    assert_eq!(switch.load_module(), "+OK Reloading XML\n+OK\n");
    let connected = custom(&mut events, "mosquitto::connected");
    assert_eq!((&connected["Profile"], &connected["Connection"]), (&"default".into(), &"broker1".into()));
    for payload in ["plain", "{\"a\": \"it's\", \"b\":  [1]}"] {
        let answer = switch.command(&format!("mosquitto publish default broker1 test/a -- {payload}"));
        assert_eq!(answer, "+OK\n");
        assert_eq!(text(&subscriber.take(1)[0].payload), payload);
    }
    assert_eq!(switch.command("mosquitto subscribe default broker1 in/# qos=1"), "+OK the broker is asked\n");
    switch.wait_status("runtime_subscription: in/# qos 1: subscribed, QoS 1\n");
    subscriber.publish("in/one", "hello");
    let message = custom(&mut events, "mosquitto::message");
    println!("{message}");
    assert_eq!((&message["Topic"], &message["_body"]), (&"in/one".into(), &"hello".into()));
    assert_eq!((&message["QoS"], &message["Retain"]), (&"1".into(), &"false".into()));
    assert_eq!(switch.command("mosquitto unsubscribe default broker1 in/#"), "+OK\n");
    switch.command("mosquitto disconnect profile default connection broker1");
    let disconnected = custom(&mut events, "mosquitto::disconnected");
    assert_eq!(disconnected["Reason"], "disconnected from here");
    switch.shutdown();
}
