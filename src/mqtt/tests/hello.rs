//! What goes out first: seen by a peer that only listens.

use super::certificates::Certificates;
use super::*;
use std::io::Read;
use std::net::TcpListener;
use std::thread;

/// The first packet that a client sends to a peer of this name.
fn first_packet(options: &Options, name: &str) -> Vec<u8> {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its number").port();
    let peer = thread::spawn(move || {
        let (mut connection, _) = listener.accept().expect("a connection");
        let mut bytes = vec![0; 4096];
        let length = connection.read(&mut bytes).expect("a packet");
        bytes.truncate(length);
        bytes
    });
    let (record, client) = client(options);
    attempt(&record, &client, &target(name, port), PATIENCE).expect_err("a peer that hangs up");
    peer.join().expect("the peer")
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

fn trusted() -> TlsOptions {
    trusting(&Certificates::get().path("ca.pem"))
}

#[test]
fn the_server_name_is_the_configured_one() {
    let hello = first_packet(&with_tls(trusted()), "broker.test");
    // The extension's type, three lengths and the kind of name are in front of it: RFC 6066, section 3.
    let extension = [&[0, 0, 0, 16, 0, 14, 0, 0, 11], &b"broker.test"[..]].concat();
    assert!(contains(&hello, &extension));
    assert!(!contains(&hello, b"127.0.0.1"));
}

#[test]
fn an_address_is_no_server_name() {
    assert!(!contains(&first_packet(&with_tls(trusted()), "127.0.0.1"), b"127.0.0.1"));
}

#[test]
fn the_server_name_is_sent_even_if_it_is_not_verified() {
    let tls = TlsOptions { verify_name: false, ..trusted() };
    assert!(contains(&first_packet(&with_tls(tls), "broker.test"), b"broker.test"));
}

#[test]
fn the_protocol_is_asked_for() {
    let tls = TlsOptions { alpn: Some(text("x-amzn-mqtt-ca")), ..trusted() };
    assert!(contains(&first_packet(&with_tls(tls), "broker.test"), b"\x0ex-amzn-mqtt-ca"));
}

#[test]
fn a_connect_of_mqtt_5_has_its_properties() {
    let options = Options {
        protocol: Protocol::V5,
        session_expiry: Some(0x1234_5678),
        user_properties: vec![(text("site"), text("berlin"))],
        receive_maximum: Some(7),
        ..options()
    };
    let connect = first_packet(&options, "broker.test");
    assert!(contains(&connect, &[0x11, 0x12, 0x34, 0x56, 0x78]), "{connect:?}");
    assert!(contains(&connect, b"\x26\x00\x04site\x00\x06berlin"), "{connect:?}");
    assert!(contains(&connect, &[0x21, 0, 7]), "{connect:?}");
}
