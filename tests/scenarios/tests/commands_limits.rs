//! How much may run, and whether there is a subscription at all.

use scenarios::{Broker, Config, Subscriber, Switch, Topic, eventually};
use std::time::{Duration, Instant};

const BGAPI: (&str, &str) = ("bgapi_authorized", "true");

fn config(port: u16, topic: &[(&str, &str)]) -> Config {
    Config::events(port, &["BACKGROUND_JOB"], 0).subscriber("sub", &[("cmd", topic)])
}

#[test]
fn a_storm_of_commands_runs_at_command_rate_and_events_keep_flowing() {
    const SECONDS: u32 = 3;
    let broker = Broker::start();
    let (sender, events) =
        (Subscriber::start(broker.port(), "test/events"), Subscriber::start(broker.port(), "test/beats"));
    let beats = Topic { connection: "broker1", events: &["HEARTBEAT"], pattern: "test/beats", qos: 0 };
    let config = config(broker.port(), &[BGAPI, ("command_rate", "50")]).topic(&beats);
    let mut switch = Switch::load(&config.setting("log-level", "error"));
    switch.wait_status("subscription: subscribed, QoS 0");
    switch.command(&format!("storm {} HEARTBEAT 10 32 1000 &", 1000 * SECONDS));
    let begun = Instant::now();
    for number in 0..1000 * SECONDS {
        sender.publish("cmd", "bgapi version");
        let due = begun + Duration::from_millis(u64::from(number));
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
    }
    let sent = begun.elapsed();
    eventually("all are decided", || {
        let (allowed, refused) = switch.commands("cmd");
        allowed + refused == u64::from(1000 * SECONDS)
    });
    let (allowed, _) = switch.commands("cmd");
    let most = 50.0 + 50.0 * begun.elapsed().as_secs_f64() + 1.0;
    assert!((allowed as f64) <= most, "{allowed} in {sent:?}");
    assert!(allowed as f64 >= 50.0 * sent.as_secs_f64(), "{allowed} in {sent:?}");
    assert_eq!(sender.take(allowed as usize).len() as u64, allowed);
    assert_eq!(events.take(1000 * SECONDS as usize).len(), 1000 * SECONDS as usize);
    assert!(begun.elapsed() < Duration::from_secs(u64::from(2 * SECONDS)), "{:?}", begun.elapsed());
}

#[test]
fn no_more_commands_run_at_a_time_than_command_max_in_flight() {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "test/#");
    let mut switch = Switch::load(&config(broker.port(), &[BGAPI, ("command_max_in_flight", "3")]));
    switch.wait_status("subscription: subscribed, QoS 0");
    for round in 1..=3 {
        for _ in 0..10 {
            // One of the ids is used by all of them.
            subscriber.publish("cmd", "bgapi uuid:same msleep 300");
        }
        switch.wait_commands("cmd", (3 * round, 7 * round));
        subscriber.take(3);
        switch.command("wait-jobs");
        switch.command("wait-delivered");
    }
    switch.wait_log("command_max_in_flight 3 are running");
}

#[test]
fn results_are_counted_when_no_topic_publishes_them_too() {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "test/#");
    let topic = [BGAPI, ("command_max_in_flight", "1")];
    let config =
        Config::default().connection("broker1", broker.port(), &[]).subscriber("sub", &[("cmd", &topic)]);
    let mut switch = Switch::load(&config);
    switch.wait_status("subscription: subscribed, QoS 0");
    for number in 1..=5 {
        subscriber.publish("cmd", "bgapi version");
        switch.wait_commands("cmd", (number, 0));
        switch.command("wait-jobs");
        switch.command("wait-delivered");
    }
    assert_eq!(switch.account().accepted, 0);
}

#[test]
fn a_refused_subscription_is_an_error_and_shows_in_status() {
    let broker = Broker::start_refusing();
    for version in ["V311", "V5"] {
        let config = Config::default()
            .connection("broker1", broker.port(), &[("protocol_version", version)])
            .subscriber("sub", &[("cmd", &[BGAPI])]);
        let mut switch = Switch::load(&config);
        switch.wait_status("subscription: refused by the broker (0x8");
        let line = switch.wait_log("subscription to \"cmd\" refused by the broker (0x8");
        assert!(line.starts_with("[ERR]") && line.contains("connection \"broker1\""), "{line}");
    }
}

#[test]
fn subscriptions_are_made_again_when_the_broker_comes_back() {
    for clean in ["true", "false"] {
        let mut broker = Broker::start();
        let subscriber = Subscriber::start(broker.port(), "test/#");
        let config = Config::events(broker.port(), &["BACKGROUND_JOB"], 0)
            .connection("other", broker.port(), &[("clean_session", clean), ("client_id", "the-switch")])
            .subscriber("sub", &[("cmd", &[BGAPI, ("connection_name", "other"), ("qos", "1")])]);
        let mut switch = Switch::load(&config);
        switch.wait_status("subscription: subscribed, QoS 1");
        broker.kill();
        switch.wait_status("subscription: not subscribed");
        broker.restart();
        switch.wait_status("subscription: subscribed, QoS 1");
        switch.wait_connected("broker1");
        subscriber.wait_subscribed(2);
        subscriber.publish("cmd", "bgapi echo x");
        assert_eq!(subscriber.take(1)[0].header("_body"), "x");
    }
}
