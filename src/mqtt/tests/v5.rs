//! MQTT 5: sessions, properties, the broker's reasons.

use super::broker::Broker;
use super::*;
use crate::mqtt::{Handed, Properties, PublishProperties, QoS};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

fn v5() -> Options {
    Options { protocol: Protocol::V5, ..options() }
}

/// Connects, does this while the connection is up, and disconnects.
fn connected(record: &Arc<Record>, client: &Client<Record>, port: u16, body: impl FnOnce()) {
    record.begin();
    client.connect(&target("localhost", port), 60, None).expect("a beginning");
    thread::scope(|scope| {
        let driver = scope.spawn(|| client.run(Instant::now() + PATIENCE, &|| record.is_accepted()));
        {
            let _ending = Ending(client);
            record.wait_for("connack 0");
            body();
        }
        driver.join().expect("the driver").expect("an orderly end");
    });
}

#[test]
fn a_session_is_kept_as_long_as_it_is_asked_for() {
    let broker = Broker::start("");
    for (expiry, kept) in [(Some(3600), true), (None, false)] {
        let options = Options { clean_session: false, session_expiry: expiry, ..v5() };
        let (record, sleeper) = client(&options);
        let (awake, publisher) = client(&v5());
        connected(&record, &sleeper, broker.port, || {
            sleeper.subscribe(c"kept", QoS::AtLeastOnce).expect("a subscription");
            record.wait_for("subscribed");
        });
        connected(&awake, &publisher, broker.port, || {
            let handed = publisher.publish(c"kept", b"while away", QoS::AtLeastOnce, false, None);
            assert!(matches!(handed, Handed::Taken(_)), "{handed:?}");
            awake.wait_for("published None");
        });
        connected(&record, &sleeper, broker.port, || {
            // Comes behind what the broker has kept.
            sleeper.subscribe(c"kept", QoS::AtLeastOnce).expect("a subscription");
            sleeper.publish(c"kept", b"marker", QoS::AtLeastOnce, false, None);
            record.wait_for("message marker");
        });
        let came = record.said().iter().any(|line| line == "message while away");
        assert_eq!(came, kept, "{:?}", record.said());
    }
}

#[test]
fn properties_go_with_a_message() {
    let broker = Broker::start("");
    let (record, client) = client(&v5());
    let wanted = PublishProperties {
        message_expiry: Some(60),
        content_type: Some(text("application/json")),
        payload_format: true,
        user: vec![(text("site"), text("berlin"))],
        ..PublishProperties::default()
    };
    let properties = Properties::for_publish(&wanted).expect("properties");
    connected(&record, &client, broker.port, || {
        client.subscribe(c"t", QoS::AtLeastOnce).expect("a subscription");
        record.wait_for("subscribed");
        for qos in [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce] {
            let payload = format!("{qos:?}");
            let handed = client.publish(c"t", payload.as_bytes(), qos, false, Some(&properties));
            assert!(matches!(handed, Handed::Taken(_)), "{handed:?}");
            record.wait_for(&format!("message {payload}"));
        }
    });
}

#[test]
fn an_older_version_has_no_properties() {
    let broker = Broker::start("");
    let (record, client) = client(&options());
    let wanted = PublishProperties { message_expiry: Some(60), ..PublishProperties::default() };
    let properties = Properties::for_publish(&wanted).expect("properties");
    connected(&record, &client, broker.port, || {
        let handed = client.publish(c"t", b"", QoS::AtMostOnce, false, Some(&properties));
        assert!(matches!(handed, Handed::Refused(_)), "{handed:?}");
    });
}

/// What a client is told that connects to a broker which says this, whatever it hears.
fn told(packets: &'static [&'static [u8]]) -> Vec<String> {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its number").port();
    let peer = thread::spawn(move || {
        let (mut connection, _) = listener.accept().expect("a connection");
        let mut heard = [0; 1024];
        for packet in packets {
            connection.write_all(packet).expect("a client that listens");
        }
        // Until the client goes: it is to end the connection by itself.
        while connection.read(&mut heard).is_ok_and(|length| length > 0) {}
    });
    let (record, client) = client(&v5());
    client.connect(&target("localhost", port), 60, None).expect("a beginning");
    let _reason = client.run(Instant::now() + PATIENCE, &|| record.is_accepted());
    peer.join().expect("the peer");
    record.said()
}

#[test]
fn a_connack_has_a_reason() {
    // Reason code 135; properties: 31, "no way".
    let said = told(&[b"\x20\x0c\x00\x87\x09\x1f\x00\x06no way"]);
    assert_eq!(said[0], "connack 135 Some(\"no way\")");
}

#[test]
fn a_disconnect_has_a_reason() {
    const CONNACK: &[u8] = b"\x20\x03\x00\x00\x00";
    let said = told(&[CONNACK, b"\xe0\x02\x8e\x00"]);
    assert_eq!(said[1], "disconnected: the broker disconnected: session taken over (142)");
    // Properties: 31, "noon". Not every libmosquitto passes them on.
    let said = told(&[CONNACK, b"\xe0\x09\x8b\x07\x1f\x00\x04noon"]);
    let reason = "disconnected: the broker disconnected: server shutting down (139)";
    assert!(said[1] == reason || said[1] == format!("{reason}: noon"), "{said:?}");
}
