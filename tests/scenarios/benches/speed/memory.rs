//! What the module holds in memory: when its broker has stalled, and after many events.

use crate::Effort;
use crate::events::{BROKER, copies, file, flood, line};
use crate::row::{Goal, Row};
use scenarios::{Broker, Config, Process, Switch, eventually};
use serde_json::json;

/// Bytes of payload.
const PAYLOAD: usize = 2000;
/// At most about so many messages wait while events are fired: what the longest backlog took, the allocator keeps.
const BACKLOG: usize = 2000;
/// event-queue-size.
const QUEUE: usize = 50_000;

/// Both.
pub fn rows(effort: Effort) -> Vec<Row> {
    vec![stalled(), long(effort)]
}

/// A broker that was connected and then stopped: its socket, the library and the queue are full.
fn stalled() -> Row {
    let (mut values, mut kb) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        let broker = Broker::start_with(BROKER);
        let config = Config::default().setting("event-queue-size", &QUEUE.to_string());
        let config = config.connection("broker1", broker.port(), &[("keepalive", "600")]);
        let topic = [("connection_name", "broker1"), ("event", "HEARTBEAT"), ("pattern", "test/stalled")];
        let mut switch = Switch::load(&config.raw_topic("stalled", &topic));
        switch.wait_connected("broker1");
        let events = file((0..500).map(|_| line("\"Event-Name\":\"HEARTBEAT\"", PAYLOAD)));
        flood(&mut switch, &events, 1000, 1000);
        let before = Process::look(switch.pid()).resident_kb;
        broker.pause();
        // Past the full queue: what the window of the connection holds, and some more.
        switch.command(&format!("measure {} {} 2", events.path().display(), (QUEUE + 15_000) / 500));
        eventually("the queue is full", || {
            let account = switch.account();
            account.dropped > 0 && account.waiting >= QUEUE as u64
        });
        let growth = Process::look(switch.pid()).resident_kb - before;
        kb.push(growth);
        values.push(growth as f64 * 1024.0 / (QUEUE * PAYLOAD) as f64);
        switch.kill();
    }
    Row {
        what: "memory, broker stalled, 50,000 events of 2 kB".to_owned(),
        against: "50,000 times 2 kB",
        goal: Goal::AtMost(1.3),
        values,
        parts: json!({ "growth_kb": kb }),
    }
}

/// Resident memory after ten million events, against that after a hundred thousand.
fn long(effort: Effort) -> Row {
    let broker = Broker::start_with(BROKER);
    let config = Config::events(broker.port(), &["HEARTBEAT"], 0).setting("event-queue-size", "50000");
    let mut switch = Switch::load(&config);
    switch.wait_connected("broker1");
    let events = copies(&line("\"Event-Name\":\"HEARTBEAT\"", 300));
    flood(&mut switch, &events, 100_000, BACKLOG);
    let begin = Process::look(switch.pid()).resident_kb;
    let total = 10_000_000 / effort.divide;
    let mut kb = Vec::new();
    for _ in 0..3 {
        flood(&mut switch, &events, (total - 100_000) / 3, BACKLOG);
        kb.push(Process::look(switch.pid()).resident_kb);
    }
    Row {
        what: format!("memory after {} million events", total / 1_000_000),
        against: "after 100,000",
        goal: Goal::AtMost(1.05),
        values: kb.iter().map(|kb| *kb as f64 / begin as f64).collect(),
        parts: json!({ "kb_after_100000": begin, "kb_after_each_third": kb }),
    }
}
