//! Events a second through the whole module, from the callback until all are published.

use crate::events::{BROKER, copies, file, flood, line};
use crate::row::{Goal, Row};
use crate::{Effort, bare};
use scenarios::{Broker, Config, Switch, Topic};
use serde_json::json;

/// The library's own window of QoS 1 and 2 messages, and the module's when send_maximum is not set.
const SEND_MAXIMUM: u16 = 20;
const ROUNDS: usize = 7;
/// A hundred threads on a few processors take turns in another way each time.
const ROUNDS_OF_MANY: usize = 11;

/// QoS 0, 1 and 2, 1 kB and 7 kB, against bare libmosquitto with the same window and the same broker.
pub fn rows(effort: Effort) -> Vec<Row> {
    let cases = [(0, 1000, 200_000), (0, 7000, 100_000), (1, 1000, 60_000), (1, 7000, 40_000)];
    let cases = cases.into_iter().chain([(2, 1000, 30_000), (2, 7000, 20_000)]);
    cases.map(|(qos, bytes, count)| against_bare(qos, bytes, count / effort.divide)).collect()
}

fn against_bare(qos: u8, bytes: usize, count: usize) -> Row {
    let broker = Broker::start_with(BROKER);
    let events = copies(&line("\"Event-Name\":\"HEARTBEAT\"", bytes));
    let config = Config::events(broker.port(), &["HEARTBEAT"], qos).setting("event-queue-size", "50000");
    let mut switch = Switch::load(&config);
    switch.wait_connected("broker1");
    flood(&mut switch, &events, count / 10, 4000);
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        theirs.push(count as f64 * 1e6 / bare::run(broker.port(), count, bytes, qos, SEND_MAXIMUM));
        ours.push(count as f64 * 1e6 / flood(&mut switch, &events, count, 4000));
    }
    Row {
        what: format!("events a second, QoS {qos}, {} kB", bytes / 1000),
        against: "bare libmosquitto",
        goal: Goal::AtLeast(0.9),
        values: ours.iter().zip(&theirs).map(|(ours, theirs)| ours / theirs).collect(),
        parts: json!({ "count": count, "module_per_second": ours, "bare_per_second": theirs }),
    }
}

/// Events in turn for each of a hundred connections, against the same events for one connection.
pub fn connections(effort: Effort) -> Vec<Row> {
    let cases = [(0, 200_000), (1, 60_000)];
    cases.into_iter().map(|(qos, count)| hundred(qos, count / effort.divide)).collect()
}

fn hundred(qos: u8, count: usize) -> Row {
    let broker = Broker::start_with(BROKER);
    let custom = |number| format!("\"Event-Name\":\"CUSTOM\",\"Event-Subclass\":\"test::{number}\"");
    let events = file((0..100).map(|number| line(&custom(number), 1000)));
    let load = |connections: usize| {
        let mut config = Config::default().setting("event-queue-size", "50000");
        for number in 0..connections {
            config = config.connection(&format!("c{number}"), broker.port(), &[]);
        }
        for number in 0..100 {
            let (connection, event) =
                (format!("c{}", number % connections), format!("CUSTOM test::{number}"));
            let pattern = format!("test/{number}");
            let topic = Topic { connection: &connection, events: &[&event], pattern: &pattern, qos };
            config = config.topic(&topic);
        }
        let mut switch = Switch::load(&config);
        (0..connections).for_each(|number| switch.wait_connected(&format!("c{number}")));
        flood(&mut switch, &events, count / 10, 20_000);
        switch
    };
    let (mut one, mut many) = (load(1), load(100));
    let (mut ones, mut manys) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS_OF_MANY {
        ones.push(count as f64 * 1e6 / flood(&mut one, &events, count, 20_000));
        manys.push(count as f64 * 1e6 / flood(&mut many, &events, count, 20_000));
    }
    Row {
        what: format!("events a second, 100 connections, QoS {qos}, 1 kB"),
        against: "one connection",
        goal: Goal::AtLeast(0.7),
        values: manys.iter().zip(&ones).map(|(many, one)| many / one).collect(),
        parts: json!({ "count": count, "hundred_per_second": manys, "one_per_second": ones }),
    }
}
