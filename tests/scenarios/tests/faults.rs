//! Everything that can go wrong between the module and a broker, without and with TLS.
//!
//! What holds in every row is in `Fault::run`: the reason in `mosquitto status`, another connection that does not
//! notice, a processor that rests, recovery in time, accounts that add up, every event delivered, an unload in time.

use scenarios::{Certificates, Fault, Ground, Intruder, Mode, Setup};
use std::time::Duration;

const LOST: &str = "the connection was lost";
const TIMEOUT: &str = "the broker did not answer in time (connect_timeout)";

/// A connection that nothing has happened to yet.
fn fault<'a>() -> Fault<'a> {
    Fault {
        setup: Setup::open(),
        params: &[],
        tls: None,
        strike: &|_| {},
        mend: &|ground| ground.proxy.set(Mode::Pass),
        why: &[],
        attempt: Duration::ZERO,
    }
}

/// Runs each without and with TLS, all of them side by side.
fn run_both(faults: &[Fault<'_>]) {
    let certificates = Certificates::get();
    let ca = certificates.path("ca.pem");
    let tls = [("enable", "true"), ("support", "certificate"), ("cafile", ca.as_str())];
    let secure = faults.iter().map(|fault| Fault { tls: Some(&tls), ..fault.clone() });
    Fault::run_all(&faults.iter().cloned().chain(secure).collect::<Vec<_>>());
}

#[test]
fn refused() {
    let strike = |ground: &mut Ground| ground.proxy.set(Mode::Refuse);
    run_both(&[Fault { strike: &strike, why: &["Connection refused"], ..fault() }]);
}

#[test]
fn syns_dropped() {
    run_both(&[Fault {
        params: &[("connect_timeout", "2")],
        strike: &|ground| ground.proxy.set(Mode::DropSyns),
        why: &[TIMEOUT],
        attempt: Duration::from_secs(2),
        ..fault()
    }]);
}

#[test]
fn accepted_and_never_answered() {
    run_both(&[Fault {
        params: &[("connect_timeout", "2")],
        strike: &|ground| ground.proxy.set(Mode::Silent),
        why: &[TIMEOUT],
        attempt: Duration::from_secs(2),
        ..fault()
    }]);
}

#[test]
fn reset_in_the_middle_of_a_packet() {
    run_both(&[Fault {
        // The CONNECT passes, the first event does not.
        strike: &|ground| ground.proxy.set(Mode::Cut(1500)),
        why: &[LOST],
        ..fault()
    }]);
}

#[test]
fn killed_and_started_again() {
    run_both(&[Fault {
        strike: &|ground| ground.broker.kill(),
        mend: &Ground::restart,
        // There is a proxy in between, which accepts and closes: with TLS that is in the handshake.
        why: &[LOST, "the connection was lost in the TLS handshake: is TLS spoken at this port?"],
        ..fault()
    }]);
}

#[test]
fn stopped_for_longer_than_the_keepalive() {
    run_both(&[Fault {
        strike: &|ground| ground.broker.pause(),
        mend: &|ground| ground.broker.resume(),
        why: &["the broker did not answer within the keepalive"],
        ..fault()
    }]);
}

/// The broker's password, or the client ids that it lets in, are other ones for a while.
fn refused_by_the_broker(version: &str, why: &str) {
    let params = [("protocol_version", version), ("username", "me"), ("password", "right")];
    let why = [why];
    let password = Fault {
        setup: Setup::open().user("me", "right"),
        params: &params,
        strike: &|ground| ground.restart_as(Setup::open().user("me", "changed")),
        mend: &|ground| ground.restart_as(Setup::open().user("me", "right")),
        why: &why,
        ..fault()
    };
    let client_id = Fault {
        strike: &|ground| ground.restart_as(Setup::open().line("clientid_prefixes scenario")),
        mend: &|ground| ground.restart_as(Setup::open()),
        ..password.clone()
    };
    run_both(&[password, client_id]);
}

#[test]
fn refused_by_the_broker_in_mqtt_3_1_1() {
    refused_by_the_broker("V311", "the broker refused the connection: not authorised (5)");
}

#[test]
fn refused_by_the_broker_in_mqtt_5() {
    refused_by_the_broker("V5", "the broker refused the connection: Not authorized (135)");
}

/// Another client connects with this one's client id whenever it has lost it. Not every version of mosquitto says so
/// before it closes an MQTT 5 connection.
#[test]
fn taken_over() {
    let row = |params, why| Fault {
        params,
        strike: &|ground: &mut Ground| {
            ground.intruder = Some(Intruder::start(ground.broker.port(), "freeswitch"));
        },
        mend: &|ground: &mut Ground| ground.intruder = None,
        why,
        ..fault()
    };
    let id = ("client_id", "freeswitch");
    run_both(&[
        row(&[id, ("protocol_version", "V311")], &[LOST]),
        row(&[id, ("protocol_version", "V5")], &[LOST, "the broker disconnected: session taken over (142)"]),
    ]);
}
