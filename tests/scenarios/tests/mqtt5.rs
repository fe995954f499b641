//! What MQTT 5 adds, as the broker, a subscriber and the operator see it.

use scenarios::{
    Broker, Config, Mode, Proxy, Scripted, Setup, Subscriber, Subscriber5, Switch, eventually, refused_port,
};
use std::time::{Duration, Instant};

const V5: (&str, &str) = ("protocol_version", "V5");

/// A connection, and a topic with these parameters for HEARTBEAT.
fn config(port: u16, connection: &[(&str, &str)], topic: &[(&str, &str)]) -> Config {
    let mut all =
        vec![("connection_name", "broker1"), ("event", "HEARTBEAT"), ("pattern", "test/properties")];
    all.extend(topic);
    Config::default().connection("broker1", port, connection).raw_topic("properties", &all)
}

#[test]
fn a_subscriber_sees_what_the_topic_says_of_its_messages() {
    let broker = Broker::start();
    let subscriber = Subscriber5::start(broker.port(), "test/#");
    let properties = [
        ("content_type", "application/vnd.site+json"),
        ("payload_format", "utf-8"),
        ("message_expiry", "600"),
        ("user_property", "site=berlin"),
        ("user_property", "note=a=b"),
        ("qos", "1"),
    ];
    let mut switch = Switch::load(&config(broker.port(), &[V5], &properties));
    switch.command("fire HEARTBEAT Tag=all");
    let message = subscriber.next();
    assert_eq!(message.content_type.as_deref(), Some("application/vnd.site+json"));
    assert_eq!(message.payload_format, Some(1));
    assert!(message.expiry.is_some_and(|left| (590..=600).contains(&left)), "{:?}", message.expiry);
    let property = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(message.user_properties, [property("site", "berlin"), property("note", "a=b")]);
    assert_eq!(switch.complaints(), [""; 0]);
}

#[test]
fn a_topic_that_says_nothing_of_its_messages_says_that_they_are_json_in_utf_8() {
    let broker = Broker::start();
    let subscriber = Subscriber5::start(broker.port(), "test/#");
    let none = [("content_type", "none"), ("payload_format", "none")];
    for (topic, expected) in
        [(&[][..], (Some("application/json".to_owned()), Some(1), None)), (&none, (None, None, None))]
    {
        let mut switch = Switch::load(&config(broker.port(), &[V5], topic));
        switch.command("fire HEARTBEAT");
        let message = subscriber.next();
        assert_eq!((message.content_type, message.payload_format, message.expiry), expected);
        assert_eq!(message.user_properties, []);
    }
}

#[test]
fn a_message_that_waited_longer_than_its_expiry_is_not_sent_any_more() {
    for version in ["V311", "V5"] {
        let broker = Broker::start();
        let subscriber = Subscriber::start(broker.port(), "test/#");
        let proxy = Proxy::start(broker.port());
        proxy.set(Mode::Refuse);
        let params = [("protocol_version", version)];
        let mut switch = Switch::load(&config(proxy.port(), &params, &[("message_expiry", "2")]));
        switch.wait_state("broker1", &["waiting: Connection refused"]);
        switch.command("fire HEARTBEAT Tag=old");
        let fired = Instant::now();
        eventually("the message is too old", || fired.elapsed() > Duration::from_secs(2));
        switch.command("fire HEARTBEAT Tag=new");
        proxy.set(Mode::Pass);
        assert_eq!(subscriber.take(1)[0].header("Tag"), "new", "{version}");
        eventually("nothing waits any more", || switch.account().waiting == 0);
        let account = switch.account();
        assert_eq!((account.accepted, account.published, account.dropped), (2, 1, 1), "{version}");
    }
}

/// Commands that were published while the module was away: with a session the broker has kept them.
#[test]
fn session_expiry_keeps_the_session_over_a_disconnect_and_over_a_loss() {
    let broker = Broker::start();
    let publisher = Subscriber::start(broker.port(), "test/#");
    let proxy = Proxy::start(broker.port());
    for (id, expiry, kept) in [("kept", Some("60"), true), ("forgotten", None, false)] {
        let pattern = format!("command/{id}");
        let mut params = vec![V5, ("client_id", id), ("clean_session", "false")];
        params.extend(expiry.map(|expiry| ("session_expiry", expiry)));
        let topic = [("bgapi_authorized", "true"), ("qos", "1"), ("pattern", pattern.as_str())];
        let config = Config::default()
            .connection("broker1", proxy.port(), &params)
            .subscriber("sub", &[("cmd", &topic)])
            .profile_param("log-details", "true");
        let mut switch = Switch::load(&config);
        switch.wait_status("subscription: subscribed, QoS 1");
        let publish = |command: &str| {
            publisher.publish(&pattern, &format!("bgapi echo {command}"));
            publisher.take_all_read();
        };

        switch.command("mosquitto disconnect profile default connection broker1");
        switch.wait_state("broker1", &["disconnected"]);
        broker.wait_log(&format!("Received DISCONNECT from {id}"));
        publish("while away");
        switch.command("mosquitto connect profile default connection broker1");
        switch.wait_connected("broker1");
        switch.wait_status("subscription: subscribed, QoS 1");

        proxy.set(Mode::Refuse);
        switch.wait_state("broker1", &["waiting: Connection refused"]);
        publish("while lost");
        proxy.set(Mode::Pass);
        switch.wait_connected("broker1");
        switch.wait_status("subscription: subscribed, QoS 1");
        publish("at last");
        switch.wait_log("echo at last");
        for command in ["echo while away", "echo while lost"] {
            let came = switch.log().iter().any(|line| line.contains(command));
            assert_eq!(came, kept, "{id}: {command}");
        }
        switch.unload_module();
    }
}

#[test]
fn a_refused_connect_says_why_and_is_tried_again() {
    for (version, connack, why) in [
        ("V311", &[0x20, 2, 0, 3][..], "broker unavailable (3)"),
        ("V311", &[0x20, 2, 0, 4], "bad user name or password (4)"),
        ("V5", &[0x20, 3, 0, 0x86, 0], "Bad User Name or Password (134)"),
        ("V5", &[0x20, 3, 0, 0x88, 0], "Server unavailable (136)"),
        ("V5", &[0x20, 3, 0, 0x89, 0], "Server busy (137)"),
        ("V5", &[0x20, 3, 0, 0x9D, 0], "Server moved (157)"),
    ] {
        let broker = Scripted::start(connack);
        let params = [("protocol_version", version)];
        let config = Config::default().connection("broker1", broker.port(), &params);
        let mut switch = Switch::load(&config);
        let why = format!("the broker refused the connection: {why}");
        switch.wait_state("broker1", &[&format!("waiting: {why}")]);
        assert!(switch.wait_log(&format!("{why}: next attempt in 1 s")).starts_with("[WARNING] "));
        eventually("another attempt", || broker.answered() > 1);
    }
}

#[test]
fn a_broker_that_disconnects_says_why_and_is_tried_again() {
    for (disconnect, why) in [
        (&[0xE0, 2, 0x8B, 0][..], "server shutting down (139)"),
        (&[0xE0, 1, 0x98], "administrative action (152)"),
        (&[0xE0, 1, 0x9C], "use another server (156)"),
    ] {
        let answer = [&[0x20, 3, 0, 0, 0], disconnect].concat();
        let broker = Scripted::start(&answer);
        let mut switch = Switch::load(&Config::default().connection("broker1", broker.port(), &[V5]));
        let why = format!("the broker disconnected: {why}");
        switch.wait_state("broker1", &[&format!("waiting: {why}")]);
        assert!(switch.wait_log(&format!("{why}: next attempt in 1 s")).starts_with("[WARNING] "));
        eventually("another attempt", || broker.answered() > 1);
    }
}

#[test]
fn a_message_that_the_broker_does_not_allow_is_counted_and_the_next_one_goes_on() {
    let broker = Broker::start_as(Setup::open().acl("topic read #\ntopic write test/allowed"));
    let subscriber = Subscriber::start(broker.port(), "test/#");
    let topic =
        |name, pattern| [("connection_name", "broker1"), ("event", name), ("pattern", pattern), ("qos", "1")];
    let config = Config::default()
        .connection("broker1", broker.port(), &[V5])
        .raw_topic("denied", &topic("HEARTBEAT", "test/denied"))
        .raw_topic("allowed", &topic("RE_SCHEDULE", "test/allowed"));
    let mut switch = Switch::load(&config);
    switch.command("fire HEARTBEAT");
    switch.command("fire RE_SCHEDULE Tag=goes");
    assert_eq!(subscriber.take(1)[0].header("Tag"), "goes");
    switch.wait_status("dropped: 1 (full 0, refused 1, ");
    switch.wait_status("published: 1\n");
    switch.wait_log("the broker refused it: not authorized (135)");
    let account = switch.account();
    assert_eq!((account.accepted, account.published, account.waiting), (2, 1, 0));
}

#[test]
fn what_only_mqtt_5_has_is_said_to_have_no_effect_with_an_earlier_version() {
    let params = [("protocol_version", "V311"), ("session_expiry", "60")];
    let switch = Switch::load(&Config::default().connection("broker1", refused_port(), &params));
    switch.wait_log("session_expiry has no effect with protocol_version V311: set protocol_version to V5");
}
