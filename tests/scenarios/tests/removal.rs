//! remove, and everything else that the console changes, while events storm.

use scenarios::{Account, Broker, Config, Process, Subscriber, Switch, Topic, eventually, refused_port};

const BGAPI: (&str, &str) = ("bgapi_authorized", "true");

/// Two connections, and topics of the publisher on both, each with all heartbeats.
fn start() -> (Broker, Subscriber, Switch) {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "test/#");
    let other = Topic { connection: "other", events: &["HEARTBEAT"], pattern: "test/other", qos: 1 };
    let config = Config::events(broker.port(), &["HEARTBEAT"], 0)
        .connection("other", broker.port(), &[])
        .topic(&other)
        .subscriber("sub", &[("cmd", &[BGAPI])]);
    let mut switch = Switch::load(&config.setting("log-level", "error"));
    for connection in ["broker1", "other"] {
        switch.wait_connected(connection);
    }
    (broker, subscriber, switch)
}

fn settled(switch: &mut Switch) -> Account {
    switch.command("wait-jobs");
    switch.command("wait-delivered");
    let mut account = switch.account();
    eventually("nothing waits", || {
        account = switch.account();
        assert!(account.adds_up(), "{account:?}");
        account.waiting == 0
    });
    account
}

fn unloads_cleanly(mut switch: Switch) {
    assert_eq!(switch.unload_module(), "+OK\n");
    assert_eq!(Process::module_threads(switch.pid()), Vec::<String>::new());
    assert_eq!(switch.complaints(), Vec::<String>::new());
    switch.shutdown();
}

#[test]
fn what_waits_for_a_connection_that_is_removed_is_dropped_and_counted() {
    let config = Config::events(refused_port(), &["HEARTBEAT"], 0);
    let mut switch = Switch::load(&config);
    switch.wait_status("Connection refused");
    switch.command("storm 300 HEARTBEAT 10 32");
    eventually("300 wait", || switch.account().waiting == 300);
    let answer = switch.command("mosquitto remove profile default connection broker1");
    assert_eq!(answer, "mosquitto remove profile default connection: broker1 completed\n");
    // Those that were still in the queue go a moment later.
    let status = switch.wait_status("dropped: 300 (full 0, refused 0, removed 300, unload 0, expired 0)");
    assert!(!status.contains("connection name: broker1"), "{status}");
    switch.command("storm 300 HEARTBEAT 10 32");
    assert_eq!(switch.account().accepted, 300);
    let answer = switch.command("mosquitto enable profile default connection broker1");
    assert!(answer.ends_with("failed: connection not found\n"), "{answer}");
}

#[test]
fn everything_can_be_removed_under_full_load() {
    for (target, answer) in [
        ("default publisher pub", "default publisher: pub completed"),
        ("default subscriber sub", "default subscriber: sub completed"),
        ("default connection other", "default connection: other completed"),
        ("default", "default successful"),
    ] {
        let (_broker, subscriber, mut switch) = start();
        switch.command("storm 30000 HEARTBEAT 20 32 &");
        subscriber.take(500);
        let said = switch.command(&format!("mosquitto remove profile {target}"));
        assert_eq!(said, format!("mosquitto remove profile {answer}\n"));
        subscriber.publish("cmd", "bgapi version");
        let account = settled(&mut switch);
        assert!(account.accepted > 500, "{account:?}");
        let gone = switch.command(&format!("mosquitto remove profile {target}"));
        assert!(gone.ends_with(" not found\n"), "{gone}");
        unloads_cleanly(switch);
    }
}

#[test]
fn a_removed_subscriber_or_profile_runs_no_more_commands() {
    for target in ["default subscriber sub", "default"] {
        let (broker, subscriber, mut switch) = start();
        switch.wait_status("subscription: subscribed");
        switch.command(&format!("mosquitto remove profile {target}"));
        broker.wait_log(if target == "default" { "Received DISCONNECT" } else { "UNSUBSCRIBE from" });
        subscriber.publish("cmd", "bgapi global_setvar ran=1");
        subscriber.take_all_read();
        switch.command("wait-jobs");
        assert_eq!(switch.command("global_getvar ran"), "-ERR no reply\n");
    }
}

#[test]
fn fifty_quick_rounds_of_changes_under_load_leave_nothing_behind() {
    let (_broker, subscriber, mut switch) = start();
    switch.command("storm 60000 HEARTBEAT 10 32 6000 &");
    subscriber.take(100);
    let before = Process::look(switch.pid());
    for _ in 0..50 {
        for target in ["publisher pub", "subscriber sub", "connection broker1"] {
            for word in ["disable", "enable"] {
                let command = format!("mosquitto {word} profile default {target}");
                assert_eq!(switch.command(&command), format!("{command} successful\n"));
            }
        }
        let command = "mosquitto disconnect profile default connection other";
        assert_eq!(switch.command(command), format!("{command} successful\n"));
        let command = "mosquitto connect profile default connection other";
        assert_eq!(switch.command(command), format!("{command} successful\n"));
        assert!(switch.account().adds_up());
    }
    for connection in ["broker1", "other"] {
        switch.wait_connected(connection);
    }
    switch.wait_status("subscription: subscribed, QoS 0");
    let account = settled(&mut switch);
    assert_eq!(account.dropped, 0, "{account:?}");
    subscriber.publish("cmd", "bgapi version");
    switch.wait_commands("cmd", (1, 0));
    switch.command("wait-jobs");
    let after = Process::look(switch.pid());
    assert!(
        after.threads <= before.threads && after.descriptors <= before.descriptors,
        "{before:?} {after:?}"
    );
    unloads_cleanly(switch);
}
