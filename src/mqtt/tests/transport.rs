//! The ways to a broker that are neither TLS nor a proxy.

use super::broker::Broker;
use super::*;
use std::os::unix::net::UnixStream;

#[test]
fn a_unix_socket() {
    let broker = Broker::start("listener 0 @FOLDER@/socket");
    let path = broker.folder().join("socket").display().to_string();
    let begun = Instant::now();
    // It listens there after it listens at its port.
    while UnixStream::connect(&path).is_err() {
        assert!(begun.elapsed() < PATIENCE, "the broker does not listen at {path}");
        std::thread::yield_now();
    }
    let (record, client) = client(&options());
    let target = Target { address: text(path.clone()), port: 1883, name: text(path) };
    attempt(&record, &client, &target, PATIENCE).expect("an orderly end");
    assert!(record.is_accepted());
    // There is no TCP_NODELAY to set, which the library would warn of.
    assert!(!record.said().iter().any(|line| line.starts_with("trouble")), "{:?}", record.said());
    let nowhere = Target { address: text("/no/socket"), ..target };
    assert_eq!(attempt(&record, &client, &nowhere, PATIENCE), Err(Error::System(libc::ENOENT)));
}

#[test]
fn a_message_can_be_published_in_the_connect_callback() {
    let broker = Broker::start("");
    let (record, client) = client(&options());
    *record.greeting.lock() = Some(c"greeting");
    let target = target("localhost", broker.port);
    client.connect(&target, 60, None).expect("a beginning");
    std::thread::scope(|scope| {
        scope.spawn(|| client.run(Instant::now() + PATIENCE, &|| record.is_accepted()));
        let _ending = Ending(&client);
        record.wait_for("message hello");
        record.wait_for("published None");
    });
}
