//! The module's own events: a connection's life and its messages, for FreeSWITCH's other modules.
//!
//! What is fired is seen where a topic names it: on a second broker, since it never goes back to the first.

use scenarios::{Broker, Config, Received, Subscriber, Switch, eventually};
use std::process::Command;

const OWN: [&str; 3] =
    ["CUSTOM mosquitto::connected", "CUSTOM mosquitto::disconnected", "CUSTOM mosquitto::message"];

/// A profile whose connection `broker1` is watched: its events go by way of `watch` to another broker.
fn watched(port: u16, watch: u16, params: &[(&str, &str)]) -> Config {
    let topic = [("connection_name", "watch"), ("pattern", "test/seen"), ("qos", "1")];
    let topic: Vec<_> = topic.into_iter().chain(OWN.map(|event| ("event", event))).collect();
    Config::default()
        .connection("broker1", port, params)
        .connection("watch", watch, &[])
        .raw_topic("seen", &topic)
}

/// The headers of an event that are the module's own.
fn own(message: &Received) -> Vec<(String, String)> {
    let event: serde_json::Value = serde_json::from_slice(&message.payload).expect("JSON");
    let all = event.as_object().expect("an object").iter();
    let core = |name: &str| {
        name.starts_with("Event-") && name != "Event-Subclass"
            || ["Core-UUID", "Content-Length"].contains(&name)
    };
    let mine = all.filter(|(name, _)| !core(name) && !name.starts_with("FreeSWITCH-"));
    mine.map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned())).collect()
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// mosquitto_pub(1), an independent client that can send every property.
fn publish(port: u16, arguments: &[&str]) {
    let output = Command::new("mosquitto_pub").args(["-p", &port.to_string()]).args(arguments).output();
    let output = output.expect("mosquitto_pub");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_connection_that_comes_and_goes_is_told_if_the_profile_says_so() {
    let (mut broker, other) = (Broker::start(), Broker::start());
    let subscriber = Subscriber::start(other.port(), "test/#");
    let config = watched(broker.port(), other.port(), &[]);
    let config = config.profile_param("event_connected", "true").profile_param("event_disconnected", "true");
    let mut switch = Switch::load(&config);
    switch.wait_connected("broker1");
    switch.wait_connected("watch");
    let told = |count| -> Vec<_> {
        let mut told: Vec<_> = subscriber.take(count).iter().map(own).collect();
        told.sort();
        told
    };
    let event = |subclass: &str, connection: &str, more: &[(&str, &str)]| {
        let all = [("Event-Subclass", subclass), ("Profile", "default"), ("Connection", connection)];
        pairs(&[&all, more].concat())
    };
    let connected = |name| event("mosquitto::connected", name, &[]);
    assert_eq!(told(2), [connected("broker1"), connected("watch")]);
    broker.kill();
    let lost = subscriber.take(1).remove(0);
    assert_eq!(lost.header("Event-Subclass"), "mosquitto::disconnected");
    assert!(lost.header("Reason").contains("connection"), "{lost:?}");
    broker.restart();
    assert_eq!(told(1), [connected("broker1")]);
    switch.command("mosquitto disconnect profile default connection broker1");
    let reason = [("Reason", "disconnected from here")];
    assert_eq!(told(1), [event("mosquitto::disconnected", "broker1", &reason)]);
    switch.wait_status("events: fired 4, dropped 0\n");
    switch.shutdown();
}

#[test]
fn nobody_is_told_of_anything_unless_the_configuration_says_so() {
    let (broker, other) = (Broker::start(), Broker::start());
    let subscriber = Subscriber::start(other.port(), "test/#");
    let config = watched(broker.port(), other.port(), &[]).subscriber("sub", &[("cmd", &[])]);
    let mut switch = Switch::load(&config);
    switch.wait_status("subscription: subscribed, QoS 0");
    switch.wait_connected("watch");
    publish(broker.port(), &["-t", "cmd", "-m", "hello"]);
    switch.wait_log("is no command");
    switch.command("mosquitto disconnect profile default connection broker1");
    switch.command("fire CUSTOM Event-Subclass=mosquitto::message Mark=end");
    assert_eq!(subscriber.take(1)[0].header("Mark"), "end");
    assert!(!switch.command("mosquitto status").contains("events: fired"));
}

#[test]
fn a_message_is_an_event_with_its_properties_and_its_payload() {
    let (broker, other) = (Broker::start(), Broker::start());
    let subscriber = Subscriber::start(other.port(), "test/#");
    let v5 = [("protocol_version", "V5")];
    let mut switch = Switch::load(&watched(broker.port(), other.port(), &v5));
    switch.wait_connected("watch");
    switch.wait_connected("broker1");
    let asked = switch.command("mosquitto subscribe default broker1 in/# qos=1");
    assert_eq!(asked, "+OK the broker is asked\n");
    switch.wait_status("runtime_subscription: in/# qos 1: subscribed, QoS 1\n");

    let properties = "-D publish content-type text/plain -D publish response-topic answers/1 -D publish \
                      correlation-data a:b -D publish user-property trace 7 -D publish user-property x:y z";
    let mut arguments = vec!["-V", "5", "-q", "1", "-t", "in/one", "-m", "say \"hello\"\n to it"];
    arguments.extend(properties.split_whitespace());
    publish(broker.port(), &arguments);
    let expected = [
        ("Event-Subclass", "mosquitto::message"),
        ("Profile", "default"),
        ("Connection", "broker1"),
        ("Topic", "in/one"),
        ("QoS", "1"),
        ("Retain", "false"),
        ("Content-Type", "text/plain"),
        ("Response-Topic", "answers/1"),
        ("Correlation-Data", "613a62"),
        ("User-Property-trace", "7"),
        ("User-Property-x_y", "z"),
        ("_body", "say \"hello\"\n to it"),
    ];
    assert_eq!(own(&subscriber.take(1)[0]), pairs(&expected));

    let sender = Subscriber::start(broker.port(), "nothing");
    for (payload, encoding, body) in [(&b"a\0b"[..], "hex", "610062"), (b"\xff", "hex", "ff"), (b"", "", "")]
    {
        sender.send("in/two", payload, false);
        let event = subscriber.take(1).remove(0);
        assert_eq!(
            (event.header("Payload-Encoding"), event.header("_body")),
            (encoding.to_owned(), body.to_owned())
        );
    }
    sender.send("in/kept", b"old", true);
    assert_eq!(subscriber.take(1)[0].header("Retain"), "false", "it has just come");
}

#[test]
fn a_subscribers_topic_makes_events_besides_commands_if_it_or_its_profile_says_so() {
    let (broker, other) = (Broker::start(), Broker::start());
    let subscriber = Subscriber::start(other.port(), "test/#");
    let config = watched(broker.port(), other.port(), &[]).profile_param("event_message", "true");
    let allowed = ("bgapi_authorized", "true");
    let config =
        config.subscriber("sub", &[("cmd/a", &[allowed]), ("cmd/b", &[allowed, ("events", "false")])]);
    let config = config.topic(&scenarios::Topic {
        connection: "watch",
        events: &["BACKGROUND_JOB"],
        pattern: "test/jobs",
        qos: 1,
    });
    let mut switch = Switch::load(&config);
    switch.wait_connected("watch");
    broker.wait_log("cmd/b (QoS 0)");
    publish(broker.port(), &["-t", "cmd/b", "-m", "bgapi uuid:1 hostname"]);
    assert_eq!(subscriber.take(1)[0].header("Job-UUID"), "1");
    publish(broker.port(), &["-t", "cmd/a", "-m", "bgapi uuid:2 hostname"]);
    let mut names: Vec<_> = subscriber.take(2).iter().map(|message| message.header("Event-Name")).collect();
    names.sort();
    assert_eq!(names, ["BACKGROUND_JOB", "CUSTOM"]);
    publish(broker.port(), &["-t", "cmd/a", "-m", "no command"]);
    assert_eq!(subscriber.take(1)[0].header("_body"), "no command");
}

#[test]
fn a_message_that_became_an_event_is_never_published_back_to_its_broker() {
    let (broker, other) = (Broker::start(), Broker::start());
    let seen = Subscriber::start(other.port(), "test/#");
    let here = Subscriber::start(broker.port(), "test/#");
    let topic = |connection, event, pattern| {
        [("connection_name", connection), ("event", event), ("pattern", pattern), ("qos", "1")]
    };
    // All of these would come round again.
    let config = watched(broker.port(), other.port(), &[])
        .connection("again", broker.port(), &[])
        .raw_topic("all", &topic("broker1", "ALL", "test/all"))
        .raw_topic("custom", &topic("broker1", "CUSTOM", "test/custom"))
        .raw_topic("named", &topic("broker1", "CUSTOM mosquitto::message", "test/named"))
        .raw_topic("again", &topic("again", "CUSTOM mosquitto::message", "test/again"));
    let mut switch = Switch::load(&config);
    for connection in ["broker1", "watch", "again"] {
        switch.wait_connected(connection);
    }
    switch.command("mosquitto subscribe default broker1 test/#");
    switch.wait_status("runtime_subscription: test/# qos 0: subscribed, QoS 0\n");
    publish(broker.port(), &["-t", "test/first", "-m", "round"]);
    assert_eq!(seen.take(1)[0].header("_body"), "round");
    // HEARTBEAT goes to test/all, comes back, and ends there as an event.
    switch.command("fire HEARTBEAT");
    assert_eq!(seen.take(1)[0].header("Topic"), "test/all");
    switch.wait_status("events: fired 2, dropped 0\n");
    let topics: Vec<_> = here.take_all_read().into_iter().map(|message| message.topic).collect();
    assert_eq!(topics, ["test/first", "test/all"]);
    // The marker of take_all_read is a message as well.
    assert_eq!(seen.take(1)[0].header("Topic"), "test/marker");
    eventually("nothing is under way", || switch.account().waiting == 0);
    assert_eq!(seen.rest(), []);
}
