//! Events on their way out: what FreeSWITCH fires is what a subscriber gets.

use scenarios::{Broker, Config, Silent, Subscriber, Switch, Topic, data, eventually};
use std::time::Instant;

fn recorded() -> Vec<String> {
    // FreeSWITCH wrote this one event with the length that its body had before it was shortened. Whoever makes an
    // event with a body gets the body's own length, which is what switch_event_serialize_json writes.
    const STALE: (&str, &str) = ("\"Content-Length\":\"25253\"", "\"Content-Length\":\"24251\"");
    let text = std::fs::read_to_string(data("events-recorded.jsonl")).expect("the recorded events");
    assert_eq!(text.matches(STALE.0).count(), 1);
    text.replace(STALE.0, STALE.1).lines().map(str::to_owned).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    let pair = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).expect("hex");
    (0..text.len()).step_by(2).map(pair).collect()
}

fn play(switch: &mut Switch) {
    let answer = switch.command(&format!("play {}", data("events-recorded.jsonl").display()));
    assert!(answer.starts_with("+OK played=301 "), "{answer}");
}

/// The headers `Tag` of the messages on a topic.
fn tags(messages: &[scenarios::Received], topic: &str) -> Vec<String> {
    messages.iter().filter(|message| message.topic == topic).map(|message| message.header("Tag")).collect()
}

#[test]
fn the_recorded_events_arrive_complete_in_order_and_byte_for_byte() {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "test/events");
    let mut switch = Switch::load(&Config::all_events(broker.port()));
    play(&mut switch);
    let expected = recorded();
    assert_eq!(expected.len(), 301);
    for (number, (message, expected)) in subscriber.take(301).iter().zip(&expected).enumerate() {
        assert_eq!(String::from_utf8_lossy(&message.payload), *expected, "event {number}");
    }
    switch.wait_status("accepted: 301\n  published: 301\n  waiting: 0\n  dropped: 0 ");
    switch.shutdown();
    assert_eq!(subscriber.rest(), []);
}

#[test]
fn every_vector_of_freeswitchs_json_arrives_byte_for_byte() {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "test/events");
    let mut switch = Switch::load(&Config::events(broker.port(), &["CHANNEL_DATA"], 0));
    let file = data("event-json.jsonl");
    assert_eq!(switch.command(&format!("fire-hex {} all", file.display())), "+OK fired=22\n");
    let vectors = std::fs::read_to_string(file).expect("the vectors");
    for (message, line) in subscriber.take(22).iter().zip(vectors.lines()) {
        let vector: serde_json::Value = serde_json::from_str(line).expect("a vector");
        let case = vector["case"].as_str().expect("its name");
        let mut expected = unhex(vector["json"].as_str().expect("its JSON"));
        if case == "invalid utf-8" {
            // FreeSWITCH passes such bytes through, and what it writes is not JSON then.
            assert!(std::str::from_utf8(&expected).is_err());
            expected = String::from_utf8_lossy(&expected).into_owned().into_bytes();
        }
        assert_eq!(message.payload, expected, "case {case:?}");
        serde_json::from_slice::<serde_json::Value>(&message.payload).expect("JSON");
    }
}

#[test]
fn an_event_goes_to_every_topic_that_wants_it_on_every_broker() {
    let (here, there) = (Broker::start(), Broker::start());
    let subscribers = [here.port(), there.port()].map(|port| Subscriber::start(port, "#"));
    let topic = |connection, pattern| Topic { connection, events: &["HEARTBEAT"], pattern, qos: 0 };
    let config = Config::default()
        .connection("here", here.port(), &[])
        .connection("there", there.port(), &[])
        .topic(&topic("here", "one"))
        .topic(&topic("here", "two"))
        .topic(&topic("there", "three"));
    let mut switch = Switch::load(&config);
    for tag in ["a", "b"] {
        switch.command(&format!("fire HEARTBEAT Tag={tag}"));
    }
    let [here, there] = [(&subscribers[0], 4), (&subscribers[1], 2)].map(|(from, count)| from.take(count));
    assert_eq!((tags(&here, "one"), tags(&here, "two")), (strings(&["a", "b"]), strings(&["a", "b"])));
    assert_eq!(tags(&there, "three"), ["a", "b"]);
    assert_eq!(switch.account().accepted, 6);
    switch.shutdown();
    assert_eq!(subscribers.map(|subscriber| subscriber.rest()), [[], []]);
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn events_arrive_with_the_qos_of_their_topic() {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "qos/#");
    let mut config = Config::default().connection("broker1", broker.port(), &[]);
    for (pattern, qos) in [("qos/0", 0), ("qos/1", 1), ("qos/2", 2)] {
        config = config.topic(&Topic { connection: "broker1", events: &["HEARTBEAT"], pattern, qos });
    }
    let mut switch = Switch::load(&config);
    switch.wait_connected("broker1");
    switch.command("storm 100 HEARTBEAT 1 8");
    let messages = subscriber.take(300);
    for qos in 0..3_u8 {
        let topic = format!("qos/{qos}");
        let these: Vec<_> = messages.iter().filter(|message| message.topic == topic).collect();
        assert!(these.iter().all(|message| message.qos == qos));
        let order: Vec<_> = these.iter().map(|message| message.header("Probe-Seq")).collect();
        assert_eq!(order, (0..100).map(|number| number.to_string()).collect::<Vec<_>>(), "QoS {qos}");
    }
    switch.wait_status("published: 300\n  waiting: 0\n  dropped: 0 ");
    switch.shutdown();
    assert_eq!(subscriber.rest(), []);
}

#[test]
fn the_broker_keeps_the_last_event_of_a_topic_with_retain_and_none_of_the_others() {
    let broker = Broker::start();
    let parameters = |pattern, retain| {
        [("connection_name", "broker1"), ("event", "HEARTBEAT"), ("pattern", pattern), ("retain", retain)]
    };
    let config = Config::default()
        .connection("broker1", broker.port(), &[])
        .raw_topic("kept", &parameters("state/kept", "true"))
        .raw_topic("passing", &parameters("state/passing", "false"));
    let mut switch = Switch::load(&config);
    switch.command("fire HEARTBEAT Tag=first");
    switch.command("fire HEARTBEAT Tag=last");
    switch.wait_status("published: 4\n");
    switch.shutdown();
    let late = Subscriber::start(broker.port(), "state/#");
    late.publish("state/end", "{}");
    let messages = late.take(2);
    assert_eq!((messages[0].topic.as_str(), messages[0].retain), ("state/kept", true));
    assert_eq!(messages[0].header("Tag"), "last");
    assert_eq!(messages[1].topic, "state/end");
}

#[test]
fn a_custom_event_is_chosen_by_its_subclass_in_either_spelling() {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "#");
    let topic = |events, pattern| Topic { connection: "broker1", events, pattern, qos: 0 };
    let config = Config::default()
        .connection("broker1", broker.port(), &[])
        .topic(&topic(&["CUSTOM sofia::register"], "blank"))
        .topic(&topic(&["CUSTOM^sofia::unregister"], "caret"))
        .topic(&topic(&["CUSTOM sofia::register", "CUSTOM^sofia::unregister"], "both"))
        .topic(&topic(&["HEARTBEAT"], "end"));
    let mut switch = Switch::load(&config);
    for subclass in ["sofia::register", "sofia::unregister", "sofia::reg", "conference::maintenance"] {
        switch.command(&format!("fire CUSTOM Event-Subclass={subclass} Tag={subclass}"));
    }
    switch.command("fire CUSTOM Tag=none");
    switch.command("fire HEARTBEAT Tag=end");
    let messages = subscriber.take(5);
    assert_eq!(tags(&messages, "blank"), ["sofia::register"]);
    assert_eq!(tags(&messages, "caret"), ["sofia::unregister"]);
    assert_eq!(tags(&messages, "both"), ["sofia::register", "sofia::unregister"]);
    assert_eq!(tags(&messages, "end"), ["end"]);
}

#[test]
fn custom_without_a_subclass_is_every_custom_event_once() {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "#");
    let mut switch = Switch::load(&Config::events(broker.port(), &["CUSTOM", "CUSTOM a::b", "HEARTBEAT"], 0));
    for event in [
        "CUSTOM Event-Subclass=a::b Tag=a::b",
        "CUSTOM Event-Subclass=c Tag=c",
        "CUSTOM Tag=none",
        "HEARTBEAT",
    ] {
        switch.command(&format!("fire {event}"));
    }
    assert_eq!(tags(&subscriber.take(4), "test/events"), ["a::b", "c", "none", ""]);
}

#[test]
fn a_topic_with_all_and_with_named_events_gets_one_copy() {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "#");
    let events = ["ALL", "HEARTBEAT", "CUSTOM a::b", "CUSTOM"];
    let mut switch = Switch::load(&Config::events(broker.port(), &events, 0));
    for event in ["HEARTBEAT Tag=1", "CUSTOM Event-Subclass=a::b Tag=2", "CHANNEL_CREATE Tag=3"] {
        switch.command(&format!("fire {event}"));
    }
    assert_eq!(tags(&subscriber.take(3), "test/events"), ["1", "2", "3"]);
    assert_eq!(switch.account().accepted, 3);
}

#[test]
fn the_same_file_serves_freeswitch_1_10() {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "#");
    let config = Config::events(broker.port(), &["CERT_RELOAD", "SHUTDOWN_REQUESTED", "HEARTBEAT"], 0);
    let mut switch = Switch::load_xml(&config.xml(), &["--core", "1.10"]);
    let warning = "profile \"default\", publisher \"pub\", topic \"test/events\": \
                   this FreeSWITCH has no event CERT_RELOAD: it is not published";
    assert_eq!(switch.complaints(), [warning]);
    assert!(switch.command("mosquitto status").contains("event: CERT_RELOAD [not in this FreeSWITCH]\n"));
    for event in ["HEARTBEAT", "SHUTDOWN_REQUESTED"] {
        switch.command(&format!("fire {event} Tag={event}"));
    }
    assert_eq!(tags(&subscriber.take(2), "test/events"), ["HEARTBEAT", "SHUTDOWN_REQUESTED"]);

    // ALL is number 92 here, which is CERT_RELOAD in 1.11.
    switch.unload_module();
    switch.configure(&Config::all_events(broker.port()).xml());
    switch.load_module();
    play(&mut switch);
    assert_eq!(subscriber.take(301).len(), 301);
    switch.shutdown();
    assert_eq!(subscriber.rest(), []);
}

#[test]
fn the_same_file_serves_freeswitch_1_11() {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "#");
    let config = Config::events(broker.port(), &["CERT_RELOAD", "HEARTBEAT"], 0);
    let mut switch = Switch::load_xml(&config.xml(), &["--core", "1.11"]);
    assert_eq!(switch.complaints(), [""; 0]);
    for event in ["CERT_RELOAD", "SHUTDOWN_REQUESTED", "HEARTBEAT"] {
        switch.command(&format!("fire {event} Tag={event}"));
    }
    assert_eq!(tags(&subscriber.take(2), "test/events"), ["CERT_RELOAD", "HEARTBEAT"]);
}

#[test]
fn a_hundred_thousand_events_at_full_speed_arrive_in_order_and_are_accounted_for_at_every_look() {
    const COUNT: usize = 100_000;
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "test/events");
    let config = Config::events(broker.port(), &["HEARTBEAT"], 0).setting("event-queue-size", "200000");
    let mut switch = Switch::load(&config);
    switch.wait_connected("broker1");
    switch.command(&format!("storm {COUNT} HEARTBEAT 10 16 &"));
    let mut accepted = 0;
    eventually("all events are published", || {
        let account = switch.account();
        assert!(account.adds_up() && account.dropped == 0 && account.accepted >= accepted, "{account:?}");
        accepted = account.accepted;
        account.published == COUNT as u64
    });
    assert_eq!(accepted, COUNT as u64);
    for (number, message) in subscriber.take(COUNT).iter().enumerate() {
        assert_eq!(message.header("Probe-Seq"), number.to_string());
    }
    switch.shutdown();
    assert_eq!(subscriber.rest(), []);
}

#[test]
fn a_full_queue_gives_up_the_oldest_counts_them_and_says_so_once_a_second_at_most() {
    let silent = Silent::start();
    let config = Config::events(silent.port(), &["HEARTBEAT"], 0).setting("event-queue-size", "100");
    let mut switch = Switch::load(&config);
    let start = Instant::now();
    switch.command("storm 1500 HEARTBEAT 1 8 600");
    switch.wait_status("accepted: 1500\n  published: 0\n  waiting: 100\n  dropped: 1400 (full 1400,");
    let dropped = |log: &[String]| -> Vec<u64> {
        let part = " messages dropped: 100 are waiting for their brokers already (event-queue-size)";
        let count = |line: &String| line.strip_suffix(part)?.rsplit(' ').next()?.parse().ok();
        log.iter().filter_map(count).collect()
    };
    eventually("every dropped event is in a warning", || {
        dropped(&switch.complaints()).iter().sum::<u64>() == 1400
    });
    let warnings = dropped(&switch.complaints()).len() as u64;
    assert!((2..=start.elapsed().as_secs() + 1).contains(&warnings), "{warnings}");
    let log = switch.shutdown();
    let end = "unloaded: 1500 messages accepted, 0 published, 0 waiting, \
               1500 dropped (full 1400, refused 0, removed 0, unload 100, expired 0)";
    assert!(log.iter().any(|line| line.ends_with(end)), "{}", log.join("\n"));
}

#[test]
fn the_core_is_asked_for_nothing_but_what_some_topic_wants() {
    let broker = Broker::start();
    let bindings = |switch: &mut Switch| {
        let status = switch.command("status");
        status.split_once("bindings=").expect("bindings").1.split(' ').next().expect("a number").to_owned()
    };
    let config = Config::events(broker.port(), &["HEARTBEAT", "CUSTOM a::b"], 0)
        .topic(&Topic { connection: "broker1", events: &["HEARTBEAT"], pattern: "again", qos: 0 })
        .raw_topic(
            "off",
            &[("connection_name", "broker1"), ("event", "CODEC"), ("pattern", "off"), ("enable", "false")],
        );
    let mut switch = Switch::load(&config);
    assert_eq!(bindings(&mut switch), "2");
    switch.command("fire CODEC");
    switch.command("fire CUSTOM Event-Subclass=c::d");
    switch.command("fire HEARTBEAT");
    switch.wait_status("accepted: 2\n");
    switch.unload_module();
    assert_eq!(bindings(&mut switch), "0");

    switch.configure(&Config::events(broker.port(), &["ALL", "HEARTBEAT"], 0).xml());
    switch.load_module();
    assert_eq!(bindings(&mut switch), "1");
}
