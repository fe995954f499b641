//! TLS with brokers that can be trusted.

use super::broker::Broker;
use super::certificates::Certificates;
use super::*;
use crate::mqtt::TlsVersion;

fn ca() -> String {
    Certificates::get().path("ca.pem")
}

#[test]
fn a_name_is_verified_although_the_address_is_numeric() {
    let broker = Broker::with_certificate("localhost", "");
    let options = with_tls(trusting(&ca()));
    for name in ["localhost", "localhost.", "127.0.0.1"] {
        accepted(&options, &target(name, broker.port)).expect(name);
    }
}

#[test]
fn one_client_verifies_each_name_of_a_list() {
    let broker = Broker::with_certificate("localhost", "");
    let (record, client) = client(&with_tls(trusting(&ca())));
    for (name, accepted) in
        [("elsewhere.test", false), ("127.0.0.1", true), ("10.9.8.7", false), ("localhost", true)]
    {
        let _ended = attempt(&record, &client, &target(name, broker.port), PATIENCE);
        assert_eq!(record.is_accepted(), accepted, "{name}: {:?}", client.take_reason());
    }
}

#[test]
fn the_name_does_not_matter_if_it_is_not_to_be_verified() {
    let broker = Broker::with_certificate("localhost", "");
    let tls = TlsOptions { verify_name: false, ..trusting(&ca()) };
    accepted(&with_tls(tls), &target("elsewhere.test", broker.port)).expect("any name");
}

#[test]
fn nothing_is_verified_if_it_is_not_to_be() {
    let broker = Broker::with_certificate("expired", "");
    let mut tls = trusting(&Certificates::get().path("other-ca.pem"));
    let TlsIdentity::Certificate { verify, .. } = &mut tls.identity else { panic!() };
    *verify = false;
    accepted(&with_tls(tls), &target("elsewhere.test", broker.port)).expect("any certificate");
}

#[test]
fn both_versions_are_spoken() {
    let old = Broker::with_certificate("localhost", "tls_version tlsv1.2");
    let new = Broker::with_certificate("localhost", "");
    for (version, port) in
        [(None, new.port), (Some(TlsVersion::V12), new.port), (Some(TlsVersion::V13), new.port)]
    {
        let tls = TlsOptions { version, ..trusting(&ca()) };
        accepted(&with_tls(tls), &target("localhost", port)).expect("a version that both have");
    }
    accepted(&with_tls(trusting(&ca())), &target("localhost", old.port)).expect("TLS 1.2 at least");
}

#[test]
fn a_client_shows_its_certificate() {
    let broker = Broker::with_certificate("localhost", "require_certificate true");
    let made = Certificates::get();
    for (key, password) in [("client.key", None), ("locked.key", Some("sesame"))] {
        let mut tls = trusting(&ca());
        let TlsIdentity::Certificate { certfile, keyfile, keyfile_password, .. } = &mut tls.identity else {
            panic!()
        };
        *certfile = Some(text(made.path("client.pem")));
        *keyfile = Some(text(made.path(key)));
        *keyfile_password = password.map(text);
        accepted(&with_tls(tls), &target("localhost", broker.port)).expect(key);
    }
}

#[test]
fn a_pre_shared_key_is_enough() {
    let made = tempfile::tempdir().expect("a folder");
    let keys = made.path().join("keys");
    std::fs::write(&keys, "client:00a1b2c3\n").expect("a file");
    let broker = Broker::start(&format!("psk_hint test\npsk_file {}", keys.display()));
    let with_key = |key: &str| TlsOptions {
        identity: TlsIdentity::Psk { key: text(key), identity: text("client") },
        ..trusting("")
    };
    accepted(&with_tls(with_key("00A1b2c3")), &target("elsewhere.test", broker.port)).expect("the key");
    let reason = tls_reason(&with_tls(with_key("00a1b2c4")), &target("elsewhere.test", broker.port));
    assert!(reason.starts_with("the broker ended TLS: "), "{reason}");
}

#[test]
fn a_handshake_that_failed_does_not_spoil_the_next() {
    let broker = Broker::with_certificate("localhost", "");
    let (record, client) = client(&with_tls(trusting(&ca())));
    for _ in 0..3 {
        let refused = attempt(&record, &client, &target("elsewhere.test", broker.port), PATIENCE);
        assert!(refused.is_err() && !record.is_accepted());
        attempt(&record, &client, &target("localhost", broker.port), PATIENCE).expect("an orderly end");
        assert!(record.is_accepted(), "{:?}", client.take_reason());
    }
}
