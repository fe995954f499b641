//! Brokers that go away and come back, and brokers that never answer.

use scenarios::{
    Broker, Config, Received, Silent, Stopwatch, Subscriber, Switch, Topic, eventually, refused_port,
};
use std::time::Duration;

/// The numbers that `storm` gives its events, as they arrived.
fn numbers(messages: &[Received]) -> Vec<u64> {
    messages.iter().map(|message| message.header("Probe-Seq").parse().expect("a number")).collect()
}

fn every(count: u64) -> Vec<u64> {
    (0..count).collect()
}

/// Stops the module at a moment at which the broker has passed on all that it was sent: what it was sent and has not
/// passed on is not the module's to send again.
fn pause_between_events(
    switch: &Switch,
    broker: &Broker,
    subscriber: &Subscriber,
    messages: &mut Vec<Received>,
) {
    loop {
        // One that has just come through: the next one is some milliseconds away, and the module waits for it.
        messages.extend(subscriber.take_all_read());
        messages.extend(subscriber.take(1));
        switch.pause();
        messages.extend(subscriber.take_all_read());
        messages.extend(subscriber.take_all_read());
        // At QoS 2 the broker passes a message on when it has the PUBREL; one that restarts has forgotten it.
        let log = broker.log();
        let is_publish = |line: &&str| line.contains("Received PUBLISH from ") && line.contains(", q2, ");
        let releases = log.lines().filter(|line| line.contains("Received PUBREL from ")).count();
        if log.lines().filter(is_publish).count() == releases {
            return;
        }
        switch.resume();
    }
}

/// Starts the broker again, such that the subscriber is there before the module.
fn bring_back(broker: &mut Broker, subscriber: &Subscriber, switch: &Switch) {
    switch.pause();
    broker.restart();
    subscriber.wait_subscribed(2);
    switch.resume();
}

#[test]
fn a_broker_that_is_killed_for_five_seconds_gets_every_event_in_order_and_none_twice() {
    let mut broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "test/#");
    let mut switch = Switch::load(&Config::events(broker.port(), &["HEARTBEAT"], 0));
    switch.wait_connected("broker1");

    switch.command("storm 2000 HEARTBEAT 10 32 200 &");
    let mut messages = subscriber.take(300);
    pause_between_events(&switch, &broker, &subscriber, &mut messages);
    broker.kill();
    switch.resume();
    switch.wait_status("connected: False");
    std::thread::sleep(Duration::from_secs(5));
    let account = switch.account();
    assert!(account.adds_up() && account.waiting > 500, "{account:?}");
    bring_back(&mut broker, &subscriber, &switch);

    messages.extend(subscriber.take(2000 - messages.len()));
    assert_eq!(numbers(&messages), every(2000));
    eventually("everything is published", || switch.account().published == 2000);
    assert_eq!(subscriber.rest(), []);
    let account = switch.account();
    assert_eq!((account.accepted, account.waiting, account.dropped), (2000, 0, 0));
}

#[test]
fn qos_1_and_2_survive_an_outage_in_order_and_each_once() {
    for qos in [1, 2] {
        let mut broker = Broker::start();
        let subscriber = Subscriber::start(broker.port(), "test/#");
        let mut switch = Switch::load(&Config::events(broker.port(), &["HEARTBEAT"], qos));
        switch.wait_connected("broker1");
        switch.command("storm 1000 HEARTBEAT 10 32 500 &");
        let mut messages = subscriber.take(200);
        pause_between_events(&switch, &broker, &subscriber, &mut messages);
        // What is sent now is in flight, and never acknowledged.
        broker.pause();
        switch.resume();
        eventually("messages are in flight and behind them", || switch.account().waiting > 100);
        broker.kill();
        switch.wait_status("connected: False");
        bring_back(&mut broker, &subscriber, &switch);

        messages.extend(subscriber.take(1000 - messages.len()));
        assert_eq!(numbers(&messages), every(1000), "QoS {qos}");
        eventually("everything is acknowledged", || switch.account().published == 1000);
        assert_eq!(subscriber.rest(), []);
        let account = switch.account();
        assert_eq!((account.accepted, account.waiting, account.dropped), (1000, 0, 0), "QoS {qos}");
    }
}

#[test]
fn events_wait_for_a_broker_that_is_down_when_the_module_is_loaded() {
    let mut broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "test/#");
    broker.kill();
    let mut switch = Switch::load(&Config::events(broker.port(), &["HEARTBEAT"], 0));
    switch.wait_status("Connection refused");
    switch.command("storm 500 HEARTBEAT 10 32");
    assert_eq!(switch.account().waiting, 500);
    bring_back(&mut broker, &subscriber, &switch);
    assert_eq!(numbers(&subscriber.take(500)), every(500));
}

#[test]
fn a_dead_broker_does_not_hold_up_another() {
    let broker = Broker::start();
    let silent = Silent::start();
    let subscriber = Subscriber::start(broker.port(), "test/#");
    let config = Config::events(broker.port(), &["HEARTBEAT"], 0)
        .connection("refusing", refused_port(), &[])
        .connection("silent", silent.port(), &[])
        .topic(&Topic { connection: "refusing", events: &["HEARTBEAT"], pattern: "test/refusing", qos: 0 })
        .topic(&Topic { connection: "silent", events: &["HEARTBEAT"], pattern: "test/silent", qos: 1 });
    let mut switch = Switch::load(&config);
    switch.wait_connected("broker1");
    switch.command("storm 5000 HEARTBEAT 10 32");
    assert_eq!(numbers(&subscriber.take(5000)), every(5000));
    let account = switch.account();
    assert_eq!((account.accepted, account.waiting, account.dropped), (15_000, 10_000, 0));
}

#[test]
fn the_oldest_go_when_event_queue_size_messages_wait_and_all_are_counted() {
    let mut late = Broker::start();
    let last = Subscriber::start(late.port(), "test/#");
    late.kill();
    let config = Config::events(late.port(), &["HEARTBEAT"], 0).setting("event-queue-size", "1000");
    let mut switch = Switch::load(&config);
    switch.wait_status("Connection refused");
    switch.command("storm 4000 HEARTBEAT 10 32 8000");
    eventually("3,000 are dropped and 1,000 wait", || {
        let account = switch.account();
        assert!(account.adds_up(), "{account:?}");
        (account.accepted, account.waiting, account.dropped) == (4000, 1000, 3000)
    });
    switch.wait_log("are waiting for their brokers already (event-queue-size)");
    let warnings = switch.log().iter().filter(|line| line.contains("(event-queue-size)")).count();
    assert!(warnings <= 5, "{warnings} lines for a storm of half a second");
    bring_back(&mut late, &last, &switch);
    assert_eq!(numbers(&last.take(1000)), (3000..4000).collect::<Vec<_>>(), "the newest are kept");
}

#[test]
fn a_connection_is_given_up_after_its_retries_and_says_so() {
    let config = Config::default().connection("broker1", refused_port(), &[("retries", "1")]);
    let mut switch = Switch::load(&config);
    switch.wait_status("state: failed: Connection refused (given up after 1 retries)");
    let line = switch.wait_log("given up after 1 retries (retries)");
    assert!(line.starts_with("[ERR]"), "{line}");
}

#[test]
fn more_descriptors_than_select_can_watch_are_no_hindrance() {
    let mut broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "test/#");
    for qos in [0, 1] {
        let config = Config::events(broker.port(), &["HEARTBEAT"], qos);
        let mut switch = Switch::start_with_descriptors(1500, &config.xml());
        assert_eq!(switch.load_module(), "+OK Reloading XML\n+OK\n");
        switch.wait_connected("broker1");
        switch.command("storm 1000 HEARTBEAT 10 32");
        assert_eq!(numbers(&subscriber.take(1000)), every(1000), "QoS {qos}");

        broker.kill();
        switch.wait_status("connected: False");
        switch.command("storm 100 HEARTBEAT 10 32");
        switch.pause();
        broker.restart();
        subscriber.wait_subscribed(2 + qos as usize);
        switch.resume();
        assert_eq!(numbers(&subscriber.take(100)), every(100), "QoS {qos}");
        eventually("all is published", || switch.account().published == 1100);
        let begin = Stopwatch::start();
        switch.unload_module();
        assert!(begin.elapsed() < Duration::from_millis(1500));
    }
}
