//! A whole life of the module, with a bit of everything that it does: `scripts/sanitize` runs it under sanitizers and
//! valgrind.

use scenarios::{
    Broker, Config, Received, SLOWNESS, Silent, Stopwatch, Subscriber, Switch, Topic, data, eventually,
    refused_port,
};
use std::time::Duration;

/// Events of each storm.
const EVENTS: usize = 200;
const LIMIT: Duration = Duration::from_millis(1500 * SLOWNESS as u64);

/// Three topics with all heartbeats, one for each QoS, on two connections, and a topic that takes commands; and two
/// connections to brokers that are none.
fn config(broker: &Broker, silent: &Silent) -> Config {
    let topic = |connection, pattern, qos| Topic { connection, events: &["HEARTBEAT"], pattern, qos };
    let commands = [
        ("bgapi_authorized", "true"),
        ("originate_authorized", "true"),
        ("bgapi_deny", "shutdown"),
        ("originate_allow", "{}user/*"),
        ("command_max_in_flight", "10"),
        ("command_rate", "1000"),
    ];
    Config::default()
        .setting("audit-log", "audit.log")
        .profile_param("log-enable", "true")
        .profile_param("log-details", "true")
        .connection("three", broker.port(), &[])
        .connection("five", broker.port(), &[("protocol_version", "V5"), ("receive_maximum", "10")])
        .connection("refused", refused_port(), &[])
        .connection("silent", silent.port(), &[])
        .topic(&topic("three", "test/0", 0))
        .topic(&topic("three", "test/1", 1))
        .topic(&topic("five", "test/2", 2))
        .topic(&Topic { connection: "five", events: &["BACKGROUND_JOB"], pattern: "test/jobs", qos: 1 })
        .topic(&Topic { connection: "five", events: &["CUSTOM sofia::x"], pattern: "test/x", qos: 0 })
        .subscriber(
            "sub",
            &[("cmd/+", &[("connection_name", "five"), commands[0], commands[1], commands[2]])],
        )
        .subscriber("calls", &[("call", &[&[("connection_name", "three")], &commands[1..]].concat())])
}

fn storm(switch: &mut Switch) {
    let answer = switch.command(&format!("storm {EVENTS} HEARTBEAT 20 32"));
    assert!(answer.starts_with("+OK"), "{answer}");
}

/// What a storm sends: each topic has all its events, in order.
fn assert_storm(messages: &[Received]) {
    for topic in ["test/0", "test/1", "test/2"] {
        let of_topic = messages.iter().filter(|message| message.topic == topic);
        let numbers: Vec<String> = of_topic.map(|message| message.header("Probe-Seq")).collect();
        let all: Vec<String> = (0..EVENTS).map(|number| number.to_string()).collect();
        assert_eq!(numbers, all, "{topic}");
    }
}

fn load(switch: &mut Switch) {
    let answer = switch.load_module();
    assert!(answer.contains("+OK") && !answer.contains("-ERR"), "{answer}");
}

fn unload(switch: &mut Switch) {
    let begin = Stopwatch::start();
    assert_eq!(switch.unload_module(), "+OK\n");
    assert!(begin.elapsed() < LIMIT, "{:?}", begin.elapsed());
}

fn wait_ready(switch: &mut Switch) {
    eventually("both connections are up, and both topics subscribed", || {
        let status = switch.command("mosquitto status");
        status.matches("connected: True").count() == 2
            && status.matches("subscription: subscribed").count() == 2
    });
}

#[test]
fn a_life_with_a_bit_of_everything() {
    let (mut broker, silent) = (Broker::start(), Silent::start());
    let subscriber = Subscriber::start(broker.port(), "test/#");
    let config = config(&broker, &silent);
    let mut switch = Switch::load(&config);
    wait_ready(&mut switch);

    storm(&mut switch);
    assert_storm(&subscriber.take(3 * EVENTS));
    switch.command("fire CUSTOM Event-Subclass=sofia::x List[]=a List[]=b -- a body");
    assert_eq!(subscriber.take(1)[0].topic, "test/x");
    switch.command(&format!("play {}", data("events-recorded.jsonl").display()));
    switch.command("wait-delivered");
    eventually("all is published", || switch.account().waiting == 0);
    subscriber.take_all_read();

    commands(&mut switch, &subscriber);
    console(&mut switch);
    wait_ready(&mut switch);
    changes_under_load(&mut switch);
    subscriber.take_all_read();
    outage(&mut switch, &mut broker, &subscriber);

    for target in ["connection refused", "subscriber sub", "publisher pub"] {
        let answer = switch.command(&format!("mosquitto remove profile default {target}"));
        assert!(answer.contains(" completed"), "{answer}");
    }
    unload(&mut switch);
    load(&mut switch);
    storm(&mut switch);
    unload(&mut switch);
    switch.configure("<configuration name=\"mosquitto.conf\"><settings>");
    assert!(switch.load_module().contains("-ERR"));
    switch.configure(&config.xml());
    load(&mut switch);
    // The end of the core, in the middle of a storm.
    switch.command(&format!("storm {EVENTS} HEARTBEAT 20 32 &"));
    let log = switch.shutdown();
    assert!(!log.iter().any(|line| line.starts_with("[CRIT]") && !line.contains("loading ")), "{log:?}");
}

fn commands(switch: &mut Switch, subscriber: &Subscriber) {
    for (topic, command) in [
        ("cmd/a", "bgapi version"),
        ("cmd/b", "bgapi uuid:abc echo one  two"),
        ("call", "originate user/1000 &park() XML default 'A B' 100 20"),
    ] {
        subscriber.publish(topic, command);
        assert_eq!(subscriber.take(1)[0].topic, "test/jobs", "{command}");
    }
    for (topic, payload) in [
        ("cmd/a", "bgapi shutdown"),
        ("call", "bgapi version"),
        ("call", "originate {a=b}user/1 &park()"),
        ("cmd/a", "bgapi \u{1}"),
    ] {
        subscriber.publish(topic, payload);
    }
    subscriber.send("cmd/a", b"bgapi \xff\xfe", false);
    subscriber.publish("cmd/a", "");
    switch.wait_commands("cmd/+", (2, 3));
    switch.wait_commands("call", (1, 2));
    switch.command("wait-jobs");
}

fn console(switch: &mut Switch) {
    for line in ["", " help", " status", " loglevel", " loglevel debug", " nonsense", " bgapi version"] {
        assert!(!switch.command(&format!("mosquitto{line}")).contains("-ERR"), "{line}");
    }
    for line in ["", "enable profile ", "remove profile default connection f"] {
        assert_ne!(switch.command(&format!("complete mosquitto {line}")), "-ERR no reply\n", "{line}");
    }
    switch.command("wait-jobs");
}

/// Everything is taken down and brought up again while events come.
fn changes_under_load(switch: &mut Switch) {
    switch.command(&format!("storm {EVENTS} HEARTBEAT 20 32 2000 &"));
    for target in ["", " connection five", " connection silent", " publisher pub", " subscriber sub"] {
        for word in ["disable", "enable"] {
            let answer = switch.command(&format!("mosquitto {word} profile default{target}"));
            assert!(answer.ends_with(" successful\n"), "{answer}");
        }
    }
    for connection in ["three", "silent", "refused"] {
        for word in ["disconnect", "connect"] {
            let answer = switch.command(&format!("mosquitto {word} profile default connection {connection}"));
            assert!(answer.ends_with(" successful\n"), "{answer}");
        }
        assert!(switch.account().adds_up());
    }
    switch.command("wait-jobs");
    wait_ready(switch);
    eventually("all is published", || switch.account().waiting == 0);
}

/// The broker is killed, events wait for it, and go out once it is back.
fn outage(switch: &mut Switch, broker: &mut Broker, subscriber: &Subscriber) {
    broker.kill();
    eventually("both connections are down", || {
        !switch.command("mosquitto status").contains("connected: True")
    });
    storm(switch);
    switch.pause();
    broker.restart();
    subscriber.wait_subscribed(2);
    switch.resume();
    assert_storm(&subscriber.take(3 * EVENTS));
    wait_ready(switch);
}
