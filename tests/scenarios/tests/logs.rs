//! FreeSWITCH's log lines at a subscriber.

use scenarios::{Broker, Config, SLOWNESS, Subscriber, Switch, eventually};
use serde_json::Value;
use std::ops::Range;
use std::time::{Duration, Instant};

const TOPIC: (&str, &str) = ("topic", "test/log");

/// A broker, someone who listens, and the module with a logger that has these parameters besides.
fn start(more: &[(&str, &str)]) -> (Broker, Subscriber, Switch) {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "test/#");
    let parameters: Vec<_> = [TOPIC].into_iter().chain(more.iter().copied()).collect();
    let config = Config::default().connection("broker1", broker.port(), &[]).logger("l", &parameters);
    let mut switch = Switch::load(&config);
    switch.wait_connected("broker1");
    (broker, subscriber, switch)
}

fn line(payload: &[u8]) -> Value {
    serde_json::from_slice(payload)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(payload)))
}

/// The next line that is not one of mini-switch's own, which says what it loads.
fn next(subscriber: &Subscriber) -> Value {
    loop {
        let next = line(&subscriber.take(1)[0].payload);
        if next["file"] != "mini_switch.rs" {
            return next;
        }
    }
}

/// Lines published and suppressed.
fn lines(switch: &mut Switch) -> (u64, u64) {
    let status = switch.command("mosquitto status");
    let counts =
        status.lines().find_map(|line| line.trim().strip_prefix("lines: published ")).expect("its lines");
    let (published, suppressed) = counts.split_once(", suppressed ").expect("two numbers");
    (published.parse().expect("a number"), suppressed.parse().expect("a number"))
}

/// FreeSWITCH logs one warning for each number.
fn log(switch: &mut Switch, numbers: Range<usize>) {
    for number in numbers {
        switch.command(&format!("log WARNING line {number}"));
    }
}

/// Of 1,100 lines the rest is left out, once all have been looked at.
fn assert_a_thousand_wait(switch: &mut Switch) {
    eventually("the rest is left out", || lines(switch).1 >= 100);
    switch.command("wait-logged");
    let waiting = switch.account().waiting;
    assert!((990..=1000).contains(&waiting), "{waiting}");
}

#[test]
fn a_line_says_when_where_and_how_severe_and_lesser_ones_stay_at_home() {
    let (_broker, subscriber, mut switch) = start(&[("qos", "1")]);
    switch.command("log NOTICE too little");
    switch.command("log WARNING the \"line\" itself");
    switch.command("log CRIT and another");
    let first = next(&subscriber);
    assert_eq!(first["level"], "warning");
    assert_eq!((&first["file"], &first["function"]), (&"mod_commands.c".into(), &"log_function".into()));
    assert_eq!((&first["line"], &first["text"]), (&1.into(), &"the \"line\" itself".into()));
    assert!(first.get("uuid").is_none() && first.get("suppressed").is_none(), "{first}");
    let time = first["time"].as_str().expect("text");
    assert!(time.len() == "2026-11-22T19:12:32.619+01:00".len() && &time[10..11] == "T", "{time}");
    assert_eq!(next(&subscriber)["text"], "and another");
    // With the one of mini-switch's.
    eventually("all are counted", || lines(&mut switch) == (3, 0));
    let account = switch.account();
    assert!(account.adds_up() && account.accepted == 3, "{account:?}");
}

#[test]
fn the_modules_own_lines_do_not_go_round_in_circles() {
    let (_broker, subscriber, mut switch) = start(&[("level", "debug"), ("rate", "1000000")]);
    // Connecting was in the log, at INFO; so is this, at WARNING.
    switch.wait_log("connection \"broker1\": connected");
    switch.command("mosquitto loglevel debug");
    switch.command("log DEBUG end");
    while next(&subscriber)["text"] != "end" {}
    let more = subscriber.take_all_read();
    assert!(more.is_empty(), "{more:?}");
    let (published, _) = lines(&mut switch);
    assert!(published < 10, "{published} lines, and none of the module's");
}

#[test]
fn more_than_the_rate_is_left_out_and_said_in_the_next_line() {
    let (_broker, subscriber, mut switch) = start(&[("rate", "1/5")]);
    for _ in 0..50 {
        switch.command("log WARNING flood");
    }
    let mut suppressed = 0;
    eventually("a line says how many were left out", || {
        switch.command("log WARNING later");
        let lines = subscriber.take_all_read();
        suppressed += lines.iter().filter_map(|one| line(&one.payload)["suppressed"].as_u64()).sum::<u64>();
        suppressed > 0
    });
    let (_, left_out) = lines(&mut switch);
    assert!(left_out >= suppressed && suppressed >= 10, "{left_out} {suppressed}");
}

#[test]
fn lines_wait_for_a_broker_that_is_away_but_not_more_than_a_thousand() {
    let (mut broker, subscriber, mut switch) = start(&[("rate", "1000000")]);
    broker.kill();
    // Not only is the connection lost: its thread knows that it is.
    switch.wait_status("state: waiting");
    log(&mut switch, 0..1100);
    assert_a_thousand_wait(&mut switch);
    // The subscriber has to be there before the module.
    switch.pause();
    broker.restart();
    subscriber.wait_subscribed(2);
    switch.resume();
    switch.wait_connected("broker1");
    switch.command("log WARNING after");
    let mut texts = Vec::new();
    loop {
        let next = next(&subscriber);
        if next["text"] == "after" {
            assert!(next["suppressed"].as_u64().is_some_and(|count| count >= 100), "{next}");
            break;
        }
        texts.push(next["text"].as_str().expect("text").to_owned());
    }
    // In order; one that was on its way when the broker went is lost or there, as QoS 0 goes.
    let expected: Vec<String> = (0..1100).map(|number| format!("line {number}")).collect();
    assert!(texts.len() >= 900 && expected.windows(texts.len()).any(|part| part == texts), "{texts:?}");
}

#[test]
fn lines_that_were_on_their_way_when_the_broker_went_are_among_those_that_wait() {
    let (mut broker, _subscriber, mut switch) = start(&[("rate", "1000000"), ("qos", "1")]);
    broker.pause();
    log(&mut switch, 0..500);
    eventually("they wait for the broker", || switch.account().waiting >= 500);
    broker.kill();
    switch.wait_status("state: waiting");
    log(&mut switch, 500..1100);
    assert_a_thousand_wait(&mut switch);
}

#[test]
fn a_disabled_profile_publishes_no_line_and_an_unload_leaves_no_logger() {
    let (_broker, subscriber, mut switch) = start(&[]);
    switch.command("mosquitto disable profile default");
    switch.command("log WARNING unheard");
    switch.command("wait-logged");
    switch.command("mosquitto enable profile default");
    switch.wait_connected("broker1");
    switch.command("log WARNING heard");
    assert_eq!(next(&subscriber)["text"], "heard");
    assert!(switch.command("status").contains("loggers=1"));
    let begin = Instant::now();
    assert!(switch.unload_module().starts_with("+OK"));
    assert!(begin.elapsed() < SLOWNESS * Duration::from_millis(1500), "{:?}", begin.elapsed());
    assert!(switch.command("status").contains("loggers=0"));
    switch.command("log WARNING nobody");

    assert!(switch.load_module().contains("+OK"));
    switch.wait_connected("broker1");
    switch.command("mosquitto remove profile default");
    switch.command("log WARNING removed");
    switch.command("wait-logged");
    assert!(subscriber.take_all_read().iter().all(|one| line(&one.payload)["text"] != "removed"));
    switch.shutdown();
}

#[test]
fn an_unload_in_a_flood_of_lines_is_safe() {
    let (_broker, _subscriber, mut switch) = start(&[("level", "debug"), ("rate", "1000000")]);
    for _ in 0..5 {
        switch.wait_connected("broker1");
        for _ in 0..200 {
            switch.command("log DEBUG flood &");
        }
        let begin = Instant::now();
        assert!(switch.unload_module().starts_with("+OK"));
        assert!(begin.elapsed() < SLOWNESS * Duration::from_millis(1500), "{:?}", begin.elapsed());
        assert!(switch.load_module().contains("+OK"));
    }
    switch.shutdown();
}

#[test]
fn without_a_logger_nothing_is_bound() {
    let broker = Broker::start();
    let mut switch = Switch::load(&Config::all_events(broker.port()));
    assert!(switch.command("status").contains("searches=0 documents=0 loggers=0"));
    let status = switch.command("mosquitto status");
    assert!(!status.contains("logger") && !status.contains("xml-binding"), "{status}");
}
