//! How much goes out, and by which connections: throttles, circuit breakers, several connections for one topic.

use scenarios::{Broker, Config, Silent, Subscriber, Switch, eventually};

fn fire(switch: &mut Switch, what: &str) {
    assert_eq!(switch.command(&format!("fire {what}")), "+OK\n", "{what}");
}

/// The headers `Tag` of everything that comes, so many messages.
fn tags(subscriber: &Subscriber, count: usize) -> Vec<String> {
    subscriber.take(count).iter().map(|message| message.header("Tag")).collect()
}

/// A topic `t` of HEARTBEAT with these parameters.
fn topic<'a>(parameters: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    [&[("event", "HEARTBEAT"), ("pattern", "t")], parameters].concat()
}

#[test]
fn each_key_has_its_throttle_and_what_is_held_back_is_counted() {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "#");
    let key = ("throttle_key", "${Unique-ID|none}");
    let parameters = topic(&[("connection_name", "broker1"), ("throttle", "2/h"), key]);
    let config = Config::default().connection("broker1", broker.port(), &[]).raw_topic("t", &parameters);
    let mut switch = Switch::load(&config);
    for tag in ["a1", "a2", "a3", "b1", "a4", "none"] {
        let id = if tag == "none" { String::new() } else { format!(" Unique-ID={}", &tag[..1]) };
        fire(&mut switch, &format!("HEARTBEAT Tag={tag}{id}"));
    }
    assert_eq!(tags(&subscriber, 4), ["a1", "a2", "b1", "none"]);
    switch.wait_status("throttle: 2/h/2 (throttled 2)\n\t\t  throttle_key: ${Unique-ID|none}\n");
    switch.wait_status("accepted: 4\n  published: 4\n  waiting: 0\n  dropped: 0 ");
    switch.wait_status("not accepted: throttled 2, circuit breaker 0\n");
    switch.shutdown();
    assert_eq!(subscriber.rest(), []);
}

#[test]
fn a_connection_whose_messages_are_dropped_refuses_events_for_a_while() {
    let silent = Silent::start();
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "#");
    let config = Config::default()
        .setting("event-queue-size", "10")
        .connection("dead", silent.port(), &[("circuit_breaker_ms", "1500")])
        .connection("alive", broker.port(), &[])
        .raw_topic("t", &topic(&[("connection_name", "dead")]))
        .raw_topic("u", &topic(&[("connection_name", "alive")]));
    let mut switch = Switch::load(&config);
    switch.wait_connected("alive");
    let mut fired = 0;
    let place = "profile \"default\", connection \"dead\": ";
    let opened =
        format!("{place}too many messages wait: its events are refused for a while (circuit_breaker_ms)");
    eventually("it opens", || {
        fire(&mut switch, "HEARTBEAT Tag=x");
        fired += 1;
        // One at a time: the queue itself is not to be full.
        subscriber.take(1);
        switch.complaints().contains(&opened)
    });
    assert!(fired >= 10);
    for _ in 0..5 {
        fire(&mut switch, "HEARTBEAT Tag=x");
    }
    // The other connection has them all.
    subscriber.take(5);
    switch.wait_log(&format!("{place}its events are taken again; "));
    let status = switch.command("mosquitto status");
    let refused =
        status.split("circuit breaker ").nth(1).and_then(|rest| rest.lines().next()).expect("a number");
    let refused: u64 = refused.parse().expect("a number");
    assert!(refused >= 5, "{status}");
    let account = switch.account();
    assert!(account.adds_up() && account.accepted + refused == 2 * (fired + 5), "{account:?}");
    assert!(switch.wait_log("its events are taken again").ends_with("were refused (circuit_breaker_ms)"));
    assert_eq!(switch.complaints().iter().filter(|line| **line == opened).count(), 1);
}

#[test]
fn a_topic_goes_by_all_of_its_connections() {
    let (one, two) = (Broker::start(), Broker::start());
    let subscribers = [one.port(), two.port()].map(|port| Subscriber::start(port, "#"));
    let config = Config::default()
        .connection("one", one.port(), &[])
        .connection("two", two.port(), &[])
        .raw_topic("t", &topic(&[("connection_name", "one"), ("connection_name", "two")]));
    let mut switch = Switch::load(&config);
    fire(&mut switch, "HEARTBEAT Tag=a");
    for subscriber in &subscribers {
        assert_eq!(tags(subscriber, 1), ["a"]);
    }
    switch.wait_status("connection_name: one\n\t\t  connection_name: two\n\t\t  connection_mode: all\n");
    switch.wait_status("accepted: 2\n  published: 2\n  waiting: 0\n  dropped: 0 ");
    switch.command("mosquitto remove profile default connection one");
    fire(&mut switch, "HEARTBEAT Tag=b");
    assert_eq!(tags(&subscribers[1], 1), ["b"]);
    switch.shutdown();
    assert_eq!(subscribers.map(|subscriber| subscriber.rest()), [[], []]);
}

#[test]
fn a_topic_goes_by_the_first_of_its_connections_that_is_up() {
    let (mut one, two) = (Broker::start(), Broker::start());
    let first = Subscriber::start(one.port(), "#");
    let second = Subscriber::start(two.port(), "#");
    let mode = ("connection_mode", "first");
    let config =
        Config::default().connection("one", one.port(), &[]).connection("two", two.port(), &[]).raw_topic(
            "t",
            &topic(&[("connection_name", "one"), ("connection_name", "two"), mode, ("qos", "1")]),
        );
    let mut switch = Switch::load(&config);
    switch.wait_connected("one");
    switch.wait_connected("two");
    fire(&mut switch, "HEARTBEAT Tag=a");
    assert_eq!(tags(&first, 1), ["a"]);
    // Else it would be sent again.
    switch.wait_status("  published: 1\n");

    one.kill();
    switch.wait_status("connection name: one connected: False");
    fire(&mut switch, "HEARTBEAT Tag=b");
    assert_eq!(tags(&second, 1), ["b"]);
    switch.wait_status("  published: 2\n");

    // With none up, the first one waits.
    switch.command("mosquitto disconnect profile default connection two");
    fire(&mut switch, "HEARTBEAT Tag=c");
    switch.pause();
    one.restart();
    first.wait_subscribed(2);
    switch.resume();
    assert_eq!(tags(&first, 1), ["c"]);
    switch.wait_status("  published: 3\n");

    // One that is disconnected is none to wait for.
    switch.command("mosquitto connect profile default connection two");
    switch.wait_connected("two");
    switch.command("mosquitto disconnect profile default connection one");
    fire(&mut switch, "HEARTBEAT Tag=d");
    assert_eq!(tags(&second, 1), ["d"]);
    switch.wait_status("accepted: 4\n  published: 4\n  waiting: 0\n  dropped: 0 ");
    switch.shutdown();
    assert_eq!((first.rest(), second.rest()), (vec![], vec![]));
}
