//! What is wrong with a certificate, and what TLS adds to the faults in `faults.rs`.
//!
//! The certificates go wrong while the connection is up: the broker is started again with other ones. That a
//! connection is refused at load for the same reasons is in `tls.rs`.

use scenarios::{
    Broker, Certificates, Config, Fault, Ground, Identity, Setup, Stopwatch, Subscriber, Switch, eventually,
};
use std::time::Duration;

/// Runs it for TLS 1.3 and, with true, for TLS 1.2, side by side.
fn each_version(row: impl Fn(bool) + Sync) {
    std::thread::scope(|scope| {
        scope.spawn(|| row(false));
        scope.spawn(|| row(true));
    });
}

/// The right broker, one that is `changed`, and the right one again.
fn changes(host: &str, changed: impl Fn(&Certificates) -> Setup + Sync, why: [&str; 2]) {
    let certificates = Certificates::get();
    let ca = certificates.path("ca.pem");
    let tls = [("enable", "true"), ("support", "certificate"), ("cafile", ca.as_str())];
    each_version(|old| {
        let limit = |setup: Setup| if old { setup.tls_1_2_at_most() } else { setup };
        let right = limit(Setup::open().tls(&certificates, Identity::Right));
        let wrong = limit(changed(&certificates));
        Fault {
            setup: right.clone(),
            params: &[("host", host)],
            tls: Some(&tls),
            strike: &|ground: &mut Ground| ground.restart_as(wrong.clone()),
            mend: &|ground: &mut Ground| ground.restart_as(right.clone()),
            why: &[why[usize::from(old)]],
            attempt: Duration::ZERO,
        }
        .run();
    });
}

/// The broker shows another certificate.
fn shows(identity: Identity, why: &str) {
    let changed = |certificates: &Certificates| Setup::open().tls(certificates, identity);
    let why = format!("the broker's certificate is refused: {why}");
    changes("localhost", changed, [&why, &why]);
}

#[test]
fn a_certificate_that_has_expired() {
    shows(Identity::Expired, "certificate has expired");
}

#[test]
fn a_certificate_of_an_unknown_ca() {
    shows(Identity::Stranger, "unable to get local issuer certificate");
}

#[test]
fn a_certificate_of_an_unknown_ca_that_is_sent_along() {
    shows(Identity::StrangerWithChain, "self-signed certificate in certificate chain");
}

#[test]
fn a_certificate_for_another_name() {
    shows(Identity::WrongName, "hostname mismatch: it is not for \"localhost\"");
}

#[test]
fn a_certificate_for_another_address() {
    let changed = |certificates: &Certificates| Setup::open().tls(certificates, Identity::WrongName);
    let why = "the broker's certificate is refused: IP address mismatch: it is not for \"127.0.0.1\"";
    changes("127.0.0.1", changed, [why, why]);
}

#[test]
fn no_client_certificate_where_one_is_asked_for() {
    let changed =
        |certificates: &Certificates| Setup::open().tls(certificates, Identity::Right).require_certificate();
    let why = ["the broker ended TLS: certificate required", "the broker ended TLS: handshake failure (40)"];
    changes("localhost", changed, why);
}

#[test]
fn more_descriptors_than_select_can_watch_are_no_hindrance_to_tls() {
    let certificates = Certificates::get();
    let mut broker = Broker::start_as(Setup::open().tls(&certificates, Identity::Right));
    let subscriber = Subscriber::start(broker.port(), "test/#");
    let ca = certificates.path("ca.pem");
    let tls = [("enable", "true"), ("support", "certificate"), ("cafile", ca.as_str())];
    let config = Config::default()
        .connection_with("broker1", broker.tls_port(), &[("host", "localhost")], &[("tls", &tls)])
        .raw_topic(
            "test/events",
            &[
                ("connection_name", "broker1"),
                ("event", "HEARTBEAT"),
                ("pattern", "test/events"),
                ("qos", "1"),
            ],
        );
    let mut switch = Switch::start_with_descriptors(1500, &config.xml());
    assert_eq!(switch.load_module(), "+OK Reloading XML\n+OK\n");
    switch.wait_connected("broker1");
    switch.command("storm 1000 HEARTBEAT 10 32");
    let order = |count: usize| -> Vec<String> {
        subscriber.take(count).iter().map(|message| message.header("Probe-Seq")).collect()
    };
    let every = |count: usize| -> Vec<String> { (0..count).map(|number| number.to_string()).collect() };
    assert_eq!(order(1000), every(1000));

    broker.kill();
    switch.wait_status("connected: False");
    switch.command("storm 100 HEARTBEAT 10 32");
    switch.pause();
    broker.restart();
    subscriber.wait_subscribed(2);
    switch.resume();
    assert_eq!(order(100), every(100));
    eventually("all is published", || switch.account().published == 1100);
    let begin = Stopwatch::start();
    switch.unload_module();
    assert!(begin.elapsed() <= Duration::from_secs(1), "{:?}", begin.elapsed());
}
