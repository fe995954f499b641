//! mosquitto publish, subscribe and unsubscribe: MQTT for scripts.

use scenarios::{Broker, Config, Mode, Proxy, Silent, Subscriber, Subscriber5, Switch, refused_port};
use std::time::{Duration, Instant};

fn config(port: u16) -> Config {
    Config::default().connection("broker1", port, &[])
}

#[test]
fn what_is_published_arrives_as_it_was_written() {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "test/#");
    let mut switch = Switch::load(&config(broker.port()));
    switch.wait_connected("broker1");
    for payload in ["plain", "  two  blanks", "{\"a\": \"it's\"}", "'", "-- --", "ü %s %n ${x}"] {
        let answer = switch.command(&format!("mosquitto publish default broker1 test/a -- {payload}"));
        assert_eq!(answer, "+OK\n", "{payload}");
        let message = subscriber.take(1).remove(0);
        let text = String::from_utf8_lossy(&message.payload);
        assert_eq!((message.topic.as_str(), text.as_ref()), ("test/a", payload));
        assert_eq!((message.qos, message.retain), (0, false));
    }
    // Nothing is a payload as well.
    assert_eq!(switch.command("mosquitto publish default broker1 test/a --"), "+OK\n");
    assert_eq!(subscriber.take(1)[0].payload, b"");
    let line = "mosquitto publish default broker1 'test/with blank' qos=2 retain=true -- kept";
    assert_eq!(switch.command(line), "+OK\n");
    assert_eq!(subscriber.take(1)[0].qos, 2);
    let late = Subscriber::start(broker.port(), "test/with blank");
    assert!(late.take(1)[0].retain);
    switch.wait_status("  accepted: 8\n  published: 8\n");
}

#[test]
fn a_message_without_a_connection_waits_for_it_until_it_expires() {
    let broker = Broker::start();
    let subscriber = Subscriber5::start(broker.port(), "test/#");
    let proxy = Proxy::start(broker.port());
    proxy.set(Mode::Refuse);
    let v5 = [("protocol_version", "V5")];
    let mut switch = Switch::load(&Config::default().connection("broker1", proxy.port(), &v5));
    switch.wait_state("broker1", &["waiting: Connection refused"]);
    let waits = "+OK it waits: the connection is not up\n";
    assert_eq!(switch.command("mosquitto publish default broker1 test/a expiry=1 -- old"), waits);
    assert_eq!(switch.command("mosquitto publish default broker1 test/a expiry=600 -- new"), waits);
    std::thread::sleep(Duration::from_millis(1100));
    proxy.set(Mode::Pass);
    let message = subscriber.next();
    assert_eq!(message.payload, b"new");
    assert!(message.expiry.is_some_and(|left| (500..600).contains(&left)), "{:?}", message.expiry);
    switch.wait_status("dropped: 1 (full 0, refused 0, removed 0, unload 0, expired 1)");
}

#[test]
fn what_cannot_be_published_says_why() {
    let config = config(refused_port()).setting("event-queue-size", "10");
    let config = config.raw_connection("<connection name=\"none\"></connection>");
    let off = [("enable", "false")];
    let mut switch = Switch::load(&config.connection("off", refused_port(), &off));
    let written = "publish <profile> <connection> <topic> [qos=0|1|2] [retain=true|false] [expiry=<seconds>] -- <payload>";
    for (arguments, why) in [
        ("default broker1 t payload", format!("no -- before the payload: {written}")),
        ("default broker1 -- x", format!("the profile, the connection or the topic is missing: {written}")),
        ("nobody broker1 t -- x", "profile not found".to_owned()),
        ("default nobody t -- x", "connection not found".to_owned()),
        ("default none t -- x", "host is not set, the connection is not made: set host".to_owned()),
        ("default off t -- x", "it is disabled: enable it first".to_owned()),
        (
            "default broker1 a/# -- x",
            "the topic holds a wildcard (+ or #), which only a subscription may".to_owned(),
        ),
        ("default broker1 t qos=3 -- x", "qos \"3\" is not 0, 1 or 2".to_owned()),
        ("default broker1 t retain=1 -- x", "retain \"1\" is neither true nor false".to_owned()),
        ("default broker1 t expiry=0 -- x", "expiry \"0\" is not between 1 and 4294967295".to_owned()),
        ("default broker1 t color=red -- x", "there is no option \"color\": qos, retain, expiry".to_owned()),
    ] {
        let answer = switch.command(&format!("mosquitto publish {arguments}"));
        assert_eq!(answer, format!("-ERR {why}\n"), "{arguments}");
    }
    assert_eq!(switch.account().accepted, 0);
}

#[test]
fn nothing_of_it_waits_for_a_broker_that_does_not_answer() {
    let silent = Silent::start();
    let mut switch = Switch::load(&config(silent.port()));
    switch.wait_status("state: connecting\n");
    let begin = Instant::now();
    for number in 0..100 {
        switch.command(&format!("mosquitto publish default broker1 t -- {number}"));
        let subscribed = switch.command(&format!("mosquitto subscribe default broker1 f/{number}"));
        assert_eq!(subscribed, "+OK the broker is asked when the connection is up\n");
    }
    assert_eq!(switch.command("mosquitto unsubscribe default broker1 f/7"), "+OK\n");
    assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", begin.elapsed());
    assert_eq!(switch.account().waiting, 100);
}

#[test]
fn a_runtime_subscription_is_there_again_after_a_reconnect_until_it_is_ended() {
    let mut broker = Broker::start();
    let mut switch = Switch::load(&config(broker.port()));
    switch.wait_connected("broker1");
    assert_eq!(switch.command("mosquitto subscribe default broker1 in/+ qos=2"), "+OK the broker is asked\n");
    let granted = "\t\truntime_subscription: in/+ qos 2: subscribed, QoS 2\n";
    switch.wait_status(granted);
    broker.kill();
    switch.wait_status("\t\truntime_subscription: in/+ qos 2: not subscribed\n");
    broker.restart();
    switch.wait_status(granted);
    let publisher = Subscriber::start(broker.port(), "nothing");
    publisher.publish("in/a", "x");
    switch.wait_status("\t\tevents: fired 1, dropped 0\n");
    // It replaces itself.
    switch.command("mosquitto subscribe default broker1 in/+ qos=1");
    switch.wait_status("\t\truntime_subscription: in/+ qos 1: subscribed, QoS 1\n");
    assert_eq!(switch.command("mosquitto unsubscribe default broker1 in/+"), "+OK\n");
    broker.wait_log("UNSUBSCRIBE from");
    assert!(!switch.command("mosquitto status").contains("runtime_subscription"));
    assert_eq!(switch.command("mosquitto unsubscribe default broker1 in/+"), "-ERR subscription not found\n");
}

#[test]
fn a_connection_that_says_it_is_connected_takes_what_it_is_given() {
    let broker = Broker::start();
    let mut switch = Switch::load(&config(broker.port()));
    // With many subscriptions it takes a while until all of them are asked for.
    for number in 0..200 {
        switch.command(&format!("mosquitto subscribe default broker1 f/{number}"));
    }
    for _ in 0..20 {
        switch.wait_connected("broker1");
        assert_eq!(switch.command("mosquitto publish default broker1 t -- x"), "+OK\n");
        switch.command("mosquitto disconnect profile default connection broker1");
        switch.wait_state("broker1", &["disconnected"]);
        switch.command("mosquitto connect profile default connection broker1");
    }
}

#[test]
fn a_subscription_that_the_broker_refuses_says_so() {
    let broker = Broker::start_refusing();
    let v5 = [("protocol_version", "V5")];
    let mut switch = Switch::load(&Config::default().connection("broker1", broker.port(), &v5));
    switch.wait_connected("broker1");
    switch.command("mosquitto subscribe default broker1 secret/#");
    switch.wait_status("runtime_subscription: secret/# qos 0: refused by the broker (0x8");
    assert!(switch.wait_log("subscription to \"secret/#\" refused by the broker (0x8").starts_with("[ERR] "));
}

#[test]
fn what_cannot_be_subscribed_says_why() {
    let config = config(refused_port()).profile_param("event_message", "false");
    let mut switch = Switch::load(&config);
    let written = |word: &str, more: &str| {
        format!("it is written: mosquitto {word} <profile> <connection> <topic-filter>{more}")
    };
    for (line, why) in [
        ("subscribe default broker1", written("subscribe", " [qos=0|1|2]")),
        ("subscribe default broker1 a qos=3", "qos \"3\" is not 0, 1 or 2".to_owned()),
        ("subscribe default broker1 a x=1", "there is no option \"x\": qos".to_owned()),
        (
            "subscribe default broker1 a",
            "messages are no events in this profile: set event_message".to_owned(),
        ),
        ("subscribe nobody broker1 a", "profile not found".to_owned()),
        ("unsubscribe default broker1 a b", written("unsubscribe", "")),
        ("unsubscribe default nobody a", "connection not found".to_owned()),
        ("unsubscribe default broker1 a", "subscription not found".to_owned()),
    ] {
        assert_eq!(switch.command(&format!("mosquitto {line}")), format!("-ERR {why}\n"));
    }
}
