//! enable, disable, remove, connect, disconnect: what they answer, and what they do.

use scenarios::{Broker, Config, Subscriber, Switch, data, eventually, refused_port};
use std::time::{Duration, Instant};

const BGAPI: (&str, &str) = ("bgapi_authorized", "true");
const BROKER1: &str = "profile default connection broker1";

fn config(port: u16) -> Config {
    Config::events(port, &["HEARTBEAT"], 0).subscriber("sub", &[("cmd", &[BGAPI])])
}

fn start() -> (Broker, Subscriber, Switch) {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "test/#");
    let mut switch = Switch::load(&config(broker.port()));
    switch.wait_status("subscription: subscribed, QoS 0");
    (broker, subscriber, switch)
}

fn bindings(switch: &mut Switch) -> usize {
    let status = switch.command("status");
    let (_, rest) = status.split_once("bindings=").expect("bindings");
    rest.split_whitespace().next().expect("a number").parse().expect("a number")
}

/// Types `mosquitto` and this, which must be answered as successful.
fn done(switch: &mut Switch, command: &str) {
    assert_eq!(switch.command(&format!("mosquitto {command}")), format!("mosquitto {command} successful\n"));
}

/// Fires events, and waits until the module has them.
fn storm(switch: &mut Switch, count: u32) {
    let answer = switch.command(&format!("storm {count} HEARTBEAT 10 32"));
    assert!(answer.starts_with("+OK"), "{answer}");
}

/// Lines that the C module answered in a way that is not kept, and what is answered instead.
const DIFFERENT: [(&str, &str); 4] = [
    ("mosquitto enable profile", "mosquitto enable command requires: profile <name>\n"),
    (
        "mosquitto disconnect",
        "mosquitto disconnect command requires: profile <profile-name> connection <connection-name> \
         [enable|disable]\n",
    ),
    // It used the wrong noun.
    (
        "mosquitto remove profile default publisher nope",
        "mosquitto remove profile default publisher: nope failed: publisher not found\n",
    ),
    ("mosquitto bgapi", "mosquitto bgapi command requires: <command> [<arg>]\n"),
];

/// What the C module answered to commands about profiles, without the argument vectors that it printed.
fn recorded() -> Vec<(String, String)> {
    let text = std::fs::read_to_string(data("c-module-cli.txt")).expect("the recorded console");
    let sections = text.strip_prefix("> ").expect("a command").split("\n> ");
    let answer = |section: &str| {
        let (command, answer) = section.split_once('\n').expect("an answer");
        let kept = answer.lines().filter(|line| !line.starts_with("argv[") && !line.starts_with("argc "));
        let kept: String = kept.filter(|line| !line.is_empty()).map(|line| format!("{line}\n")).collect();
        (command.to_owned(), kept)
    };
    let words = ["enable", "disable", "remove", "connect", "disconnect"];
    let about = |(command, _): &(String, String)| {
        words.iter().any(|word| command.starts_with(&format!("mosquitto {word}")))
    };
    sections.map(answer).filter(about).collect()
}

#[test]
fn the_console_is_answered_as_it_was() {
    let (_broker, _subscriber, mut switch) = start();
    let mut compared = 0;
    for (command, theirs) in recorded() {
        let different = DIFFERENT.iter().find(|(other, _)| *other == command);
        let successful = format!("{command} successful\n");
        // It answered nothing when it had connected or disconnected.
        let expected = match different {
            Some((_, expected)) => (*expected).to_owned(),
            None if theirs.is_empty() || theirs == "-ERR no reply\n" => successful,
            None => theirs,
        };
        assert_eq!(switch.command(&command), expected, "{command}");
        compared += 1;
    }
    assert!(compared > 25, "{compared}");
    let (command, expected) = DIFFERENT[3];
    assert_eq!(switch.command(command), expected);
}

#[test]
fn wrong_input_gets_an_answer_that_says_how_it_is_written() {
    let (_broker, _subscriber, mut switch) = start();
    for word in ["enable", "disable", "remove"] {
        let short = format!("mosquitto {word} command requires: profile <name>\n");
        let long = format!(
            "mosquitto {word} command requires: profile <name> [connection|publisher|subscriber] <name>\n"
        );
        for arguments in ["", " profiles default", " default"] {
            assert_eq!(switch.command(&format!("mosquitto {word}{arguments}")), short);
        }
        for arguments in ["connections broker1", "connection broker1 x", "publisher", "topic x"] {
            assert_eq!(switch.command(&format!("mosquitto {word} profile default {arguments}")), long);
        }
        for noun in ["connection", "publisher", "subscriber"] {
            let answer = switch.command(&format!("mosquitto {word} profile default {noun} nope"));
            assert!(answer.ends_with(&format!("failed: {noun} not found\n")), "{answer}");
            let answer = switch.command(&format!("mosquitto {word} profile nope {noun} nope"));
            assert!(answer.ends_with("failed: profile not found\n"), "{answer}");
        }
    }
    for word in ["connect", "disconnect"] {
        for arguments in
            ["profile default", "profile default connection", "profile default publisher pub", "x"]
        {
            let answer = switch.command(&format!("mosquitto {word} {arguments}"));
            assert!(answer.starts_with(&format!("mosquitto {word} command requires: ")), "{answer}");
        }
        let answer = switch.command(&format!("mosquitto {word} profile nope connection broker1"));
        assert_eq!(answer, format!("mosquitto {word} profile nope failed: profile not found\n"));
    }
    done(&mut switch, &format!("disable {BROKER1}"));
    let answer = switch.command(&format!("mosquitto connect {BROKER1}"));
    assert_eq!(answer, format!("mosquitto connect {BROKER1} failed: it is disabled: enable it first\n"));
}

#[test]
fn a_disabled_publishers_events_are_not_taken() {
    let (_broker, subscriber, mut switch) = start();
    let bound = bindings(&mut switch);
    storm(&mut switch, 10);
    subscriber.take(10);
    done(&mut switch, "disable profile default publisher pub");
    assert_eq!(bindings(&mut switch), bound - 1);
    storm(&mut switch, 10);
    assert_eq!(switch.account().accepted, 10);
    done(&mut switch, "enable profile default publisher pub");
    assert_eq!(bindings(&mut switch), bound);
    storm(&mut switch, 10);
    subscriber.take(10);
    assert_eq!(switch.account().accepted, 20);
}

#[test]
fn a_disabled_subscriber_is_unsubscribed_and_enabled_again_takes_commands() {
    let (broker, subscriber, mut switch) = start();
    done(&mut switch, "disable profile default subscriber sub");
    broker.wait_log("UNSUBSCRIBE from");
    switch.wait_status("subscription: not subscribed");
    subscriber.publish("cmd", "bgapi global_setvar ran=1");
    subscriber.take_all_read();
    done(&mut switch, "enable profile default subscriber sub");
    switch.wait_status("subscription: subscribed, QoS 0");
    subscriber.publish("cmd", "bgapi global_setvar other=1");
    eventually("the command ran", || switch.command("global_getvar other") == "1\n");
    assert_eq!(switch.command("global_getvar ran"), "-ERR no reply\n");
}

#[test]
fn topics_of_two_subscribers_with_one_filter_come_and_go_by_themselves() {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "test/#");
    let config = Config::default()
        .connection("broker1", broker.port(), &[("protocol_version", "V5")])
        .subscriber("wide", &[("a/#", &[])])
        .subscriber("narrow", &[("a/b", &[BGAPI])]);
    let mut switch = Switch::load(&config);
    let subscribed = |switch: &mut Switch, count| {
        eventually("subscribed", || {
            switch.command("mosquitto status").matches("subscription: subscribed").count() == count
        });
    };
    subscribed(&mut switch, 2);
    for (round, command) in (1..).zip(["disable", "enable", "disable", "enable"]) {
        done(&mut switch, &format!("{command} profile default subscriber wide"));
        subscribed(&mut switch, if command == "enable" { 2 } else { 1 });
        subscriber.publish("a/b", "bgapi version");
        switch.wait_commands("a/b", (round, 0));
    }
    done(&mut switch, "disable profile default subscriber narrow");
    subscribed(&mut switch, 1);
    done(&mut switch, "enable profile default subscriber narrow");
    subscribed(&mut switch, 2);
}

#[test]
fn a_disabled_connection_says_disconnect_and_its_events_wait_for_it() {
    for (down, state, up) in [("disable", "disabled", "enable"), ("disconnect", "disconnected", "connect")] {
        let broker = Broker::start();
        let subscriber = Subscriber::start(broker.port(), "#");
        let port = broker.port();
        let connection = format!(
            "<connection name=\"broker1\"><param name=\"host\" value=\"127.0.0.1\"/>\
             <param name=\"port\" value=\"{port}\"/><param name=\"client_id\" value=\"the-switch\"/>\
             <will><param name=\"enable\" value=\"true\"/><param name=\"topic\" value=\"will\"/>\
             <param name=\"payload\" value=\"gone\"/></will></connection>"
        );
        let topic = [("connection_name", "broker1"), ("pattern", "test/events"), ("event", "HEARTBEAT")];
        let mut switch = Switch::load(&Config::default().raw_connection(&connection).raw_topic("t", &topic));
        switch.wait_connected("broker1");
        done(&mut switch, &format!("{down} {BROKER1}"));
        broker.wait_log("Received DISCONNECT from the-switch");
        switch.wait_status(&format!("state: {state}\n"));
        storm(&mut switch, 500);
        eventually("500 wait", || switch.account().waiting == 500);
        assert_eq!(subscriber.take_all_read().len(), 0, "no will, no event");
        done(&mut switch, &format!("{up} {BROKER1}"));
        let messages = subscriber.take(500);
        assert!(messages.iter().all(|message| message.topic == "test/events"));
        let numbers = messages.iter().map(|message| message.header("Probe-Seq"));
        assert!(numbers.eq((0..500).map(|number| number.to_string())), "in order");
    }
}

#[test]
fn disconnect_says_whether_the_connection_is_enabled_afterwards() {
    let (_broker, _subscriber, mut switch) = start();
    let successful = format!("mosquitto disconnect {BROKER1} successful\n");
    assert_eq!(switch.command(&format!("mosquitto disconnect {BROKER1} disable")), successful);
    switch.wait_status("state: disabled\n");
    assert_eq!(switch.command(&format!("mosquitto disconnect {BROKER1} enable")), successful);
    switch.wait_status("state: disconnected\n");
    done(&mut switch, &format!("enable {BROKER1}"));
    switch.wait_connected("broker1");
}

#[test]
fn a_disabled_profile_stops_and_an_enabled_one_goes_on() {
    let (broker, subscriber, mut switch) = start();
    let bound = bindings(&mut switch);
    done(&mut switch, "disable profile default");
    std::thread::sleep(Duration::from_secs(1));
    broker.wait_log("Received DISCONNECT from");
    switch.wait_status("state: disabled\n");
    assert_eq!(bindings(&mut switch), bound - 1);
    storm(&mut switch, 10);
    assert_eq!(switch.account().accepted, 0);
    done(&mut switch, "enable profile default");
    switch.wait_status("subscription: subscribed, QoS 0");
    storm(&mut switch, 10);
    subscriber.take(10);
}

#[test]
fn connect_cuts_a_wait_short_and_starts_over_after_the_last_retry() {
    let mut broker = Broker::start();
    broker.kill();
    for options in
        [[("reconnect_delay", "600"), ("retries", "0")], [("reconnect_delay", "1"), ("retries", "1")]]
    {
        let mut switch = Switch::load(&Config::default().connection("broker1", broker.port(), &options));
        let gave_up = options[1].1 == "1";
        switch.wait_status(if gave_up { "state: failed: Connection refused" } else { "state: waiting " });
        broker.restart();
        let begun = Instant::now();
        done(&mut switch, &format!("connect {BROKER1}"));
        switch.wait_connected("broker1");
        assert!(begun.elapsed() < Duration::from_secs(20));
        broker.kill();
    }
}

#[test]
fn the_tab_key_offers_the_names_that_exist() {
    let config = config(refused_port()).connection("other", refused_port(), &[]);
    let mut switch = Switch::load(&config);
    assert_eq!(switch.command("complete mosquitto enable profile "), "default\n");
    for (line, names) in
        [("connection ", "broker1\nother\n"), ("publisher ", "pub\n"), ("subscriber s", "sub\n")]
    {
        for word in ["enable", "disable", "remove"] {
            assert_eq!(switch.command(&format!("complete mosquitto {word} profile default {line}")), names);
        }
    }
    let line = "complete mosquitto connect profile default connection o";
    assert_eq!(switch.command(line), "other\n");
    switch.command("mosquitto remove profile default connection other");
    assert_eq!(switch.command("complete mosquitto connect profile default connection "), "broker1\n");
}
