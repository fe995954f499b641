//! What is said of TLS that cannot be.

use super::broker::{Broker, free_port};
use super::certificates::Certificates;
use super::*;
use crate::mqtt::TlsVersion;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

fn trusted() -> Options {
    with_tls(trusting(&Certificates::get().path("ca.pem")))
}

#[test]
fn a_certificate_for_another_name() {
    let broker = Broker::with_certificate("localhost", "");
    assert_eq!(
        tls_reason(&trusted(), &target("elsewhere.test", broker.port)),
        "the broker's certificate is refused: hostname mismatch: it is not for \"elsewhere.test\""
    );
    assert_eq!(
        tls_reason(&trusted(), &target("127.0.0.2", broker.port)),
        "the broker's certificate is refused: IP address mismatch: it is not for \"127.0.0.2\""
    );
}

#[test]
fn a_certificate_that_has_expired() {
    let broker = Broker::with_certificate("expired", "");
    assert_eq!(
        tls_reason(&trusted(), &target("localhost", broker.port)),
        "the broker's certificate is refused: certificate has expired"
    );
}

#[test]
fn a_certificate_of_an_unknown_authority() {
    let broker = Broker::with_certificate("localhost", "");
    let options = with_tls(trusting(&Certificates::get().path("other-ca.pem")));
    // The broker sends its authority's certificate along.
    let reason = tls_reason(&options, &target("localhost", broker.port));
    let words = reason.strip_prefix("the broker's certificate is refused: ").expect("the certificate");
    assert_eq!(words.replace('-', " "), "self signed certificate in certificate chain");
}

#[test]
fn a_client_without_the_certificate_that_the_broker_wants() {
    let broker = Broker::with_certificate("localhost", "require_certificate true");
    let mut options = trusted();
    options.tls.as_mut().expect("TLS").version = Some(TlsVersion::V13);
    assert_eq!(
        tls_reason(&options, &target("localhost", broker.port)),
        "the broker ended TLS: certificate required"
    );
}

#[test]
fn a_broker_that_shows_a_certificate_instead_of_the_key() {
    let broker = Broker::with_certificate("localhost", "");
    let mut options = trusted();
    let identity = TlsIdentity::Psk { key: text("00a1b2c3"), identity: text("client") };
    options.tls.as_mut().expect("TLS").identity = identity;
    assert_eq!(
        tls_reason(&options, &target("localhost", broker.port)),
        "the broker shows a certificate instead of knowing the pre-shared key"
    );
}

#[test]
fn a_broker_without_tls() {
    let broker = Broker::start("");
    assert_eq!(
        tls_reason(&trusted(), &target("localhost", broker.port)),
        "the connection was lost in the TLS handshake: is TLS spoken at this port?"
    );
}

#[test]
fn a_server_of_another_protocol() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its number").port();
    let peer = thread::spawn(move || {
        let (mut connection, _) = listener.accept().expect("a connection");
        connection.write_all(b"220 hello\r\n").expect("a client that listens");
        connection.read_to_end(&mut Vec::new())
    });
    assert_eq!(tls_reason(&trusted(), &target("localhost", port)), "TLS: wrong version number");
    let _however_it_ended = peer.join().expect("the peer");
}

#[test]
fn a_broker_without_an_ocsp_answer() {
    let broker = Broker::with_certificate("localhost", "");
    let mut options = trusted();
    options.tls.as_mut().expect("TLS").ocsp_required = true;
    assert_eq!(
        tls_reason(&options, &target("localhost", broker.port)),
        "the broker gives no valid OCSP answer for its certificate (ocsp_required)"
    );
}

#[test]
fn a_name_that_cannot_be_verified() {
    let (error, reason) = accepted(&trusted(), &target("", free_port())).expect_err("no name");
    assert_eq!(error, Error::Tls);
    assert_eq!(reason.as_deref(), Some("there is no name to verify the broker's certificate for"));
}
