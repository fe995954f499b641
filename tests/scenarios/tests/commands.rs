//! Commands by MQTT: those that are allowed run, once, and answer once.

use scenarios::{Broker, Config, Received, Stopwatch, Subscriber, Switch, Topic, eventually};
use std::time::{Duration, Instant};

const BGAPI: (&str, &str) = ("bgapi_authorized", "true");
const ORIGINATE: (&str, &str) = ("originate_authorized", "true");

/// A broker, someone who listens to results, and the module with these subscriber's topics.
fn start(topics: &[(&str, &[(&str, &str)])], options: &[&str]) -> (Broker, Subscriber, Switch) {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "test/#");
    let config = Config::events(broker.port(), &["BACKGROUND_JOB"], 0).subscriber("sub", topics);
    let mut switch = Switch::load_xml(&config.xml(), options);
    wait_subscribed(&mut switch, topics.len());
    (broker, subscriber, switch)
}

/// Waits until the broker has granted so many topics.
fn wait_subscribed(switch: &mut Switch, topics: usize) {
    eventually("the module is subscribed", || {
        switch.command("mosquitto status").matches("subscription: subscribed, QoS ").count() == topics
    });
}

/// Nothing runs any more, and no result comes that was not taken.
fn assert_no_more(switch: &mut Switch, subscriber: &Subscriber) {
    switch.command("wait-jobs");
    switch.command("wait-delivered");
    eventually("all is published", || switch.account().waiting == 0);
    let more = subscriber.take_all_read().len();
    assert_eq!(more, 0);
}

fn job(result: &Received) -> [String; 4] {
    ["Job-UUID", "Job-Command", "Job-Command-Arg", "_body"].map(|name| result.header(name))
}

#[test]
fn a_bgapi_runs_once_and_answers_once_under_the_id_that_was_asked_for() {
    let (_broker, subscriber, mut switch) = start(&[("cmd", &[BGAPI])], &[]);
    subscriber.publish("cmd", "bgapi uuid:abc echo one  two");
    assert_eq!(job(&subscriber.take(1)[0]), ["abc", "echo", "one  two", "one  two"]);
    let line = switch.wait_log("allowed: ");
    assert!(
        line.starts_with("[INFO]") && line.contains("connection \"broker1\", topic \"cmd\": bgapi echo: by ")
    );
    assert!(line.ends_with("profile \"default\", subscriber \"sub\", topic \"cmd\", Job-UUID abc"), "{line}");
    assert!(!line.contains("two"), "arguments only with log-details: {line}");
    assert_no_more(&mut switch, &subscriber);
    assert_eq!(switch.commands("cmd"), (1, 0));
}

#[test]
fn a_bgapi_without_an_id_gets_one_that_the_log_names() {
    let (_broker, subscriber, mut switch) = start(&[("cmd", &[BGAPI])], &[]);
    for (payload, command) in [("BGAPI version\n", "version"), ("bgapi   nonsense x", "nonsense")] {
        subscriber.publish("cmd", payload);
        let [id, name, _, body] = job(&subscriber.take(1)[0]);
        assert_eq!(name, command);
        assert!(body.contains(if command == "version" { "mini-switch" } else { "not found" }), "{body}");
        switch.wait_log(&format!("Job-UUID {id}"));
    }
    assert_no_more(&mut switch, &subscriber);
}

#[test]
fn an_originate_runs_and_answers_by_a_background_job() {
    let (_broker, subscriber, mut switch) = start(&[("call", &[ORIGINATE])], &[]);
    subscriber.publish("call", "originate user/1000 &park() XML default 'A B' 100 20");
    let [id, command, arguments, body] = job(&subscriber.take(1)[0]);
    assert_eq!(
        (command.as_str(), arguments.as_str()),
        ("originate", "user/1000 &park() XML default 'A B' 100 20")
    );
    assert!(body.starts_with("+OK "), "{body}");
    switch.wait_log(&format!("Job-UUID {id}"));
    assert_no_more(&mut switch, &subscriber);
}

#[test]
fn nothing_runs_unless_the_topic_says_so() {
    let topics: [(&str, &[_]); 3] = [("none", &[]), ("bgapi", &[BGAPI]), ("call", &[ORIGINATE])];
    let (_broker, subscriber, mut switch) = start(&topics, &[]);
    subscriber.publish("none", "bgapi version");
    subscriber.publish("none", "originate user/1000 &park()");
    subscriber.publish("none", "an announcement");
    subscriber.publish("bgapi", "originate user/1000 &park()");
    subscriber.publish("call", "bgapi version");
    switch.wait_commands("none", (0, 2));
    switch.wait_commands("bgapi", (0, 1));
    switch.wait_commands("call", (0, 1));
    let line = switch.wait_log("topic \"none\": bgapi version: bgapi_authorized is false");
    assert!(line.starts_with("[WARNING]") && line.contains("refused: profile \"default\""), "{line}");
    switch.wait_log("topic \"bgapi\": originate: originate_authorized is false");
    assert_no_more(&mut switch, &subscriber);
    assert_eq!(switch.complaints().len(), 4, "{:?}", switch.complaints());
}

#[test]
fn wildcards_take_commands_of_both_kinds_from_every_topic_that_matches() {
    let topics: [(&str, &[_]); 2] = [("one/+/cmd", &[BGAPI, ORIGINATE]), ("all/#", &[BGAPI, ORIGINATE])];
    let (_broker, subscriber, mut switch) = start(&topics, &[]);
    for topic in ["one/a/cmd", "one/b/cmd", "all", "all/x/y/z"] {
        subscriber.publish(topic, "bgapi echo x");
        assert_eq!(subscriber.take(1)[0].header("_body"), "x", "{topic}");
        subscriber.publish(topic, "originate user/1 &park()");
        assert_eq!(subscriber.take(1)[0].header("Job-Command"), "originate", "{topic}");
    }
    subscriber.publish("one/a/b/cmd", "bgapi echo x");
    assert_no_more(&mut switch, &subscriber);
    assert_eq!(switch.commands("one/+/cmd"), (4, 0));
}

#[test]
fn a_shared_subscription_takes_commands() {
    let (_broker, subscriber, mut switch) = start(&[("$share/group/cmd/+", &[BGAPI])], &[]);
    subscriber.publish("cmd/x", "bgapi echo shared");
    assert_eq!(subscriber.take(1)[0].header("_body"), "shared");
    assert_no_more(&mut switch, &subscriber);
}

#[test]
fn several_topics_with_one_filter_run_a_command_once_if_one_of_them_allows_it() {
    let cmd = ("pattern", "cmd");
    let topics: [(&str, &[_]); 3] = [("no", &[cmd]), ("yes", &[cmd, BGAPI]), ("too", &[cmd, BGAPI])];
    let (_broker, subscriber, mut switch) = start(&topics, &[]);
    subscriber.publish("cmd", "bgapi echo x");
    assert_eq!(subscriber.take(1)[0].header("_body"), "x");
    subscriber.publish("cmd", "originate user/1 &park()");
    switch.wait_commands("no", (0, 1));
    assert_no_more(&mut switch, &subscriber);
    assert_eq!([switch.commands("yes"), switch.commands("too")], [(1, 1), (0, 1)]);
}

#[test]
fn filters_of_one_connection_that_cover_each_other_run_a_command_once() {
    let topics: [(&str, &[_]); 3] = [("a/#", &[]), ("a/b", &[BGAPI, ("qos", "2")]), ("a/+", &[BGAPI])];
    // With either, this broker passes a message on once for each filter.
    for (version, broker) in [("V5", ""), ("V311", "allow_duplicate_messages true\n")] {
        let broker = Broker::start_with(&format!("allow_anonymous true\n{broker}"));
        let subscriber = Subscriber::start(broker.port(), "test/#");
        let beats =
            Topic { connection: "broker1", events: &["BACKGROUND_JOB"], pattern: "test/events", qos: 0 };
        let config = Config::default()
            .connection("broker1", broker.port(), &[("protocol_version", version)])
            .topic(&beats)
            .subscriber("sub", &topics);
        let mut switch = Switch::load(&config);
        wait_subscribed(&mut switch, topics.len());
        for _ in 0..20 {
            subscriber.publish("a/b", "bgapi echo once");
        }
        assert_eq!(subscriber.take(20).len(), 20);
        assert_no_more(&mut switch, &subscriber);
        assert_eq!(switch.account().accepted, 20, "{version}");
        assert_eq!(switch.commands("a/b").0 + switch.commands("a/+").0, 20);
    }
}

#[test]
fn events_keep_flowing_while_a_call_rings() {
    let broker = Broker::start();
    let (jobs, events) =
        (Subscriber::start(broker.port(), "test/events"), Subscriber::start(broker.port(), "test/beats"));
    let beats = Topic { connection: "broker1", events: &["HEARTBEAT"], pattern: "test/beats", qos: 0 };
    let config = Config::events(broker.port(), &["BACKGROUND_JOB"], 0)
        .topic(&beats)
        .subscriber("sub", &[("call", &[ORIGINATE])]);
    let mut switch = Switch::load_xml(&config.xml(), &["--originate-ms", "6000"]);
    wait_subscribed(&mut switch, 1);
    switch.command("storm 400 HEARTBEAT 10 32 100 &");
    events.take(20);
    jobs.publish("call", "originate user/1000 &park()");
    switch.wait_log("allowed: ");
    let begun = Instant::now();
    let mut longest = Duration::ZERO;
    for _ in 20..300 {
        let before = Stopwatch::start();
        events.take(1);
        longest = longest.max(before.elapsed());
    }
    assert!(begun.elapsed() < Duration::from_secs(6) && jobs.rest().is_empty(), "it rings meanwhile");
    assert!(longest < Duration::from_millis(400), "a gap of {longest:?}");
    assert!(jobs.take(1)[0].header("_body").starts_with("+OK "));
}

#[test]
fn without_bgapi_in_the_core_a_command_fails_with_a_clear_error() {
    let topics: [(&str, &[_]); 1] = [("cmd", &[BGAPI, ("command_max_in_flight", "1")])];
    let (_broker, subscriber, mut switch) = start(&topics, &["--without", "bgapi"]);
    for _ in 0..3 {
        subscriber.publish("cmd", "bgapi version");
    }
    let why = "FreeSWITCH does not run it: FreeSWITCH has no API command bgapi (is its module loaded?)";
    eventually("three errors", || switch.complaints().iter().filter(|line| line.contains(why)).count() == 3);
    let line = switch.wait_log(why);
    assert!(line.starts_with("[ERR]") && line.contains("failed: profile \"default\""), "{line}");
    assert!(
        switch.command("mosquitto bgapi version").starts_with("-ERR FreeSWITCH has no API command bgapi")
    );
}

#[test]
fn the_console_runs_a_command_with_one_id_and_one_result() {
    let (_broker, subscriber, mut switch) = start(&[], &[]);
    let answer = switch.command("mosquitto bgapi version");
    let [id, command, _, _] = job(&subscriber.take(1)[0]);
    assert_eq!((answer, command.as_str()), (format!("+OK Job-UUID: {id}\n"), "version"));
    assert_eq!(switch.command("mosquitto bgapi uuid:abc status"), "+OK Job-UUID: abc\n");
    assert_eq!(subscriber.take(1)[0].header("Job-UUID"), "abc");
    assert_eq!(switch.command("mosquitto bgapi"), "mosquitto bgapi command requires: <command> [<arg>]\n");
    assert_no_more(&mut switch, &subscriber);
}
