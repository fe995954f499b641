//! The module inside an installed FreeSWITCH: what mini-switch only plays is here what it is.
//!
//! These run when `scripts/test --freeswitch PREFIX` says where one is.

#[path = "freeswitch/answers.rs"]
mod answers;
#[path = "freeswitch/look_ups.rs"]
mod look_ups;

use rumqttc::{Client, Event, Incoming, MqttOptions, QoS};
use scenarios::{
    Broker, Config, FreeSwitch, Process, Received, Silent, Stopwatch, Subscriber, Switch, eventually,
    refused_port,
};
use std::time::{Duration, Instant};

/// The longest that a load or an unload may take.
const LIMIT: Duration = Duration::from_millis(1500);

fn header(json: &[u8], name: &str) -> String {
    let event: serde_json::Value = serde_json::from_slice(json).expect("JSON");
    event[name].as_str().unwrap_or_default().to_owned()
}

/// Whether this is the event of `fire("Mark", value)`.
fn is_mark(json: &[u8], value: &str) -> bool {
    header(json, "Event-Subclass") == "scenario" && header(json, "Mark") == value
}

/// The payloads from the event marked `begin` to the one marked `end`.
fn between_marks(mut next: impl FnMut() -> Vec<u8>) -> Vec<Vec<u8>> {
    let mut payload = next();
    while !is_mark(&payload, "begin") {
        payload = next();
    }
    let mut all = vec![payload];
    while !is_mark(all.last().expect("not empty"), "end") {
        all.push(next());
    }
    all
}

/// The event socket sends a copy, and where FreeSWITCH copies an event of a subclass it puts the subclass first. The
/// module sends the event itself.
fn subclass_first(json: &str) -> String {
    let member = format!("\"Event-Subclass\":\"{}\"", header(json.as_bytes(), "Event-Subclass"));
    match json.split_once(&format!(",{member}")) {
        Some((before, after)) => format!("{{{member},{}{after}", before.trim_start_matches('{')),
        None => json.to_owned(),
    }
}

#[test]
#[ignore = "needs an installed FreeSWITCH: scripts/test --freeswitch PREFIX runs it"]
fn every_event_of_ten_calls_arrives_in_order_as_the_event_socket_shows_it_byte_for_byte() {
    /// Each call is a loopback pair.
    const CHANNELS: usize = 20;
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "test/#");
    let mut switch = FreeSwitch::load(&Config::all_events(broker.port()));
    switch.wait_connected("broker1");

    let (mut events, mut ended) = (switch.events(), switch.events());
    switch.fire("Mark", "begin");
    for _ in 0..10 {
        let answer = switch.command("bgapi originate loopback/answer/default &park()");
        assert!(answer.starts_with("+OK Job-UUID: "), "{answer}");
    }
    let mut left = CHANNELS;
    while left > 0 {
        left -= usize::from(header(&ended.event(), "Event-Name") == "CHANNEL_DESTROY");
    }
    switch.fire("Mark", "end");

    let expected = between_marks(|| events.event());
    let received = between_marks(|| subscriber.take(1).remove(0).payload);
    let text = |all: &[Vec<u8>]| -> Vec<String> {
        all.iter().map(|payload| String::from_utf8_lossy(payload).into_owned()).collect()
    };
    let expected = text(&expected);
    let received: Vec<String> = text(&received).iter().map(|json| subclass_first(json)).collect();
    let sequence = |payload: &String| header(payload.as_bytes(), "Event-Sequence");
    assert_eq!(
        received.iter().map(sequence).collect::<Vec<_>>(),
        expected.iter().map(sequence).collect::<Vec<_>>(),
        "the same events in the same order"
    );
    for (received, expected) in received.iter().zip(&expected) {
        assert_eq!(received, expected);
    }
    assert!(expected.len() > 10 * CHANNELS, "{} events of ten calls", expected.len());
    println!("{} events of ten calls", expected.len());
    let status = switch.command("mosquitto status");
    assert!(status.contains("mosquitto library version") && status.contains("  dropped: 0 "), "{status}");
    switch.shutdown();
}

#[test]
#[ignore = "needs an installed FreeSWITCH: scripts/test --freeswitch PREFIX runs it"]
fn events_while_a_broker_is_away_arrive_when_it_is_back_in_order_and_none_twice() {
    let mut broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "test/#");
    let mut switch = FreeSwitch::load(&Config::events(broker.port(), &["CUSTOM scenario"], 1));
    switch.wait_connected("broker1");
    let fire = |switch: &mut FreeSwitch, numbers: std::ops::Range<usize>| {
        numbers.for_each(|number| switch.fire("Number", &number.to_string()));
    };
    fire(&mut switch, 0..100);
    let mut messages = subscriber.take(100);
    switch.wait_status("  published: 100\n");
    broker.kill();
    switch.wait_status("connected: False");
    fire(&mut switch, 100..400);
    switch.wait_status("  waiting: 300\n");
    // The subscriber has to be there before the module.
    switch.pause();
    broker.restart();
    subscriber.wait_subscribed(2);
    switch.resume();
    switch.wait_connected("broker1");
    fire(&mut switch, 400..500);
    messages.extend(subscriber.take(400));
    let numbers: Vec<String> = messages.iter().map(|message| message.header("Number")).collect();
    assert_eq!(numbers, (0..500).map(|number| number.to_string()).collect::<Vec<_>>());
    switch.wait_status("  published: 500\n");
    assert_eq!(subscriber.rest(), []);
    switch.shutdown();
}

#[test]
#[ignore = "needs an installed FreeSWITCH: scripts/test --freeswitch PREFIX runs it"]
fn twenty_loads_and_unloads_in_every_state_of_the_broker_leave_nothing_behind() {
    /// FreeSWITCH needs a few rounds until it has what it needs.
    const SETTLED: usize = 6;
    let (broker, silent) = (Broker::start(), Silent::start());
    let ports = [broker.port(), refused_port(), silent.port()];
    let mut switch = FreeSwitch::start(&Config::default().xml());
    let (mut early, mut slowest) = (None, [Duration::ZERO; 2]);
    for round in 0..SETTLED + 60 {
        let port = ports[round % ports.len()];
        switch.configure(&Config::all_events(port).xml());
        let begin = Stopwatch::start();
        let answer = switch.load_module();
        let load = begin.elapsed();
        assert_eq!(answer, "+OK Reloading XML\n+OK\n", "round {round}");
        if port == broker.port() {
            switch.wait_connected("broker1");
        } else if port == silent.port() {
            switch.wait_status("state: connecting");
        } else {
            switch.wait_status("Connection refused");
        }
        switch.fire("Round", &round.to_string());
        let begin = Stopwatch::start();
        let answer = switch.unload_module();
        let unload = begin.elapsed();
        assert!(answer.starts_with("+OK"), "round {round}: {answer}");
        assert!(load < LIMIT && unload < LIMIT, "round {round}: load {load:?}, unload {unload:?}");
        slowest = [slowest[0].max(load), slowest[1].max(unload)];
        if round + 1 == SETTLED {
            // A thread that was joined is in /proc for a moment longer.
            eventually("no thread of the module is left", || {
                Process::module_threads(switch.pid()).is_empty()
            });
            early = Some(Process::look(switch.pid()));
        }
    }
    let early = early.expect("all rounds");
    eventually(&format!("threads and descriptors are where they were: {early:?}"), || {
        let last = Process::look(switch.pid());
        (last.threads, last.descriptors) == (early.threads, early.descriptors)
    });
    println!("slowest load and unload: {slowest:?}; {early:?}, then {:?}", Process::look(switch.pid()));
    switch.shutdown();
}

const OPEN: &str = "cmd/open";
const DENYING: &str = "cmd/denying";
const CLOSED: &str = "cmd/closed";

/// BACKGROUND_JOB on `test/events`, commands on three topics that allow all, something, and nothing.
fn commanded(port: u16) -> String {
    let topic = |pattern: &str, more: &str| {
        format!(
            "<topic name=\"{pattern}\"><param name=\"connection_name\" value=\"broker1\"/>\
             <param name=\"pattern\" value=\"{pattern}\"/><param name=\"qos\" value=\"1\"/>{more}</topic>"
        )
    };
    let allow = "<param name=\"bgapi_authorized\" value=\"true\"/>\
                 <param name=\"originate_authorized\" value=\"true\"/>";
    let denying = format!("{allow}<param name=\"bgapi_deny\" value=\"version\"/>");
    let topics = topic(OPEN, allow) + &topic(DENYING, &denying) + &topic(CLOSED, "");
    let subscriber = format!(
        "</publishers>\n<subscribers><subscriber name=\"sub\"><topics>{topics}</topics></subscriber></subscribers>"
    );
    let config = Config::events(port, &["BACKGROUND_JOB", "CUSTOM scenario"], 1);
    let config = config.setting("log-enable", "true").setting("log-level", "debug");
    config.xml().replace("</publishers>", &subscriber)
}

/// Starts FreeSWITCH, and waits until commands can come.
fn start_commanded(broker: &Broker) -> FreeSwitch {
    let mut switch = FreeSwitch::start(&commanded(broker.port()));
    assert_eq!(switch.load_module(), "+OK Reloading XML\n+OK\n");
    eventually("the module has subscribed", || switch.module_log().matches(": subscribed to ").count() == 3);
    switch
}

/// Publishes a message that the broker keeps.
fn publish_retained(port: u16, topic: &str, payload: &str) {
    let (client, mut connection) = Client::new(MqttOptions::new("scenario-keeper", "127.0.0.1", port), 10);
    client.publish(topic, QoS::AtLeastOnce, true, payload).expect("room for a message");
    let done = |event| matches!(event, Ok(Event::Incoming(Incoming::PubAck(_))));
    assert!(connection.iter().any(done), "the broker takes the message");
}

/// What a BACKGROUND_JOB says: the command, its arguments, its result.
fn job(message: &Received) -> [String; 3] {
    assert_eq!(message.header("Event-Name"), "BACKGROUND_JOB");
    [message.header("Job-Command"), message.header("Job-Command-Arg"), message.header("_body")]
}

#[test]
#[ignore = "needs an installed FreeSWITCH: scripts/test --freeswitch PREFIX runs it"]
fn commands_by_mqtt_run_where_they_are_allowed_and_each_has_one_result() {
    let broker = Broker::start();
    publish_retained(broker.port(), OPEN, "bgapi uuid:kept version");
    let subscriber = Subscriber::start(broker.port(), "test/#");
    let mut switch = start_commanded(&broker);

    subscriber.publish(OPEN, "bgapi uuid:job-1 version");
    let answer = &subscriber.take(1)[0];
    assert_eq!(answer.header("Job-UUID"), "job-1");
    let version = switch.command("version");
    assert_eq!(job(answer), ["version".to_owned(), String::new(), version]);

    for destination in ["&park()", "park XML default"] {
        let call = format!("loopback/park/default {destination}");
        subscriber.publish(OPEN, &format!("originate {call}"));
        let answer = &subscriber.take(1)[0];
        let [command, arguments, result] = job(answer);
        assert_eq!((command.as_str(), arguments.as_str()), ("originate", call.as_str()));
        let uuid = result.strip_prefix("+OK ").unwrap_or_else(|| panic!("{result}")).trim_end();
        assert_eq!(switch.command(&format!("uuid_exists {uuid}")), "true");
        switch.command(&format!("uuid_kill {uuid}"));
    }

    // Nothing of this runs. What comes after it does, and its result is the next one.
    subscriber.publish(CLOSED, "bgapi uuid:not-1 version");
    subscriber.publish(CLOSED, "originate loopback/park/default &park()");
    subscriber.publish(DENYING, "bgapi uuid:not-2 version");
    subscriber.publish(DENYING, "bgapi uuid:not-3 VERSION");
    subscriber.publish(OPEN, "status");
    subscriber.publish(DENYING, "bgapi uuid:job-2 hostname");
    assert_eq!(subscriber.take(1)[0].header("Job-UUID"), "job-2");

    // Nor does what the broker had kept, nor is anything answered twice.
    switch.fire("Mark", "end");
    let last = subscriber.take(1).remove(0);
    assert!(is_mark(&last.payload, "end"), "{last:?}");
    let log = switch.module_log();
    let refused = log.lines().filter(|line| line.contains("refused: ")).count();
    assert_eq!(refused, 5, "{log}");
    switch.shutdown();
}

#[test]
#[ignore = "needs an installed FreeSWITCH: scripts/test --freeswitch PREFIX runs it"]
fn a_call_that_rings_for_twelve_seconds_holds_up_neither_events_nor_commands_nor_an_unload() {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "test/#");
    let mut switch = start_commanded(&broker);
    let mut events = switch.events();
    subscriber.publish(OPEN, "originate loopback/ring/default &park()");
    while header(&events.event(), "Event-Name") != "CHANNEL_PROGRESS" {}

    let (ringing, mut longest) = (Instant::now(), Duration::ZERO);
    for number in 0..200 {
        switch.fire("Number", &number.to_string());
        let begin = Stopwatch::start();
        let message = subscriber.take(1).remove(0);
        longest = longest.max(begin.elapsed());
        assert_eq!(message.header("Number"), number.to_string());
        std::thread::sleep(Duration::from_millis(10));
    }
    println!("longest way of an event while the call rings: {longest:?}");
    assert!(longest < Duration::from_secs(1), "{longest:?}");
    subscriber.publish(OPEN, "bgapi uuid:meanwhile hostname");
    assert_eq!(subscriber.take(1)[0].header("Job-UUID"), "meanwhile");

    let begin = Stopwatch::start();
    assert!(switch.unload_module().starts_with("+OK"));
    assert!(begin.elapsed() < LIMIT, "{:?}", begin.elapsed());
    assert!(ringing.elapsed() < Duration::from_secs(11), "it was ringing all the time");
    switch.command("hupall");
    switch.shutdown();
}

/// Commands in an order in which each finds what it is about, or does not.
const COMMANDS: &str = include_str!("freeswitch/console.txt");

#[test]
#[ignore = "needs an installed FreeSWITCH: scripts/test --freeswitch PREFIX runs it"]
fn the_console_answers_as_in_mini_switch() {
    let xml = commanded(refused_port());
    let (mut real, mut mini) = (FreeSwitch::start(&xml), Switch::start(&xml, &[]));
    assert_eq!(real.load_module(), mini.load_module());
    let mut answers = Vec::new();
    for line in COMMANDS.lines() {
        let (answer, expected) = (real.command(line), mini.command(line));
        assert_eq!(answer, expected, "{line}");
        answers.push(answer);
    }
    let successful = answers.iter().filter(|answer| answer.contains(" successful\n")).count();
    assert!(answers.len() > 40 && successful > 15, "{successful} of {}: {answers:#?}", answers.len());
    real.shutdown();
}
