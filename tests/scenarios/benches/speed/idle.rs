//! What the module costs while nothing happens.

use crate::Effort;
use crate::events::BROKER;
use crate::row::{Goal, Row};
use scenarios::{Broker, Config, Switch};
use serde_json::json;
use std::time::{Duration, Instant};

const CONNECTIONS: usize = 100;

/// The processor time of a switch with a hundred connections to which nothing happens, per cent of one core.
pub fn rows(effort: Effort) -> Vec<Row> {
    let broker = Broker::start_with(BROKER);
    let mut config = Config::all_events(broker.port());
    for number in 1..CONNECTIONS {
        config = config.connection(&format!("c{number}"), broker.port(), &[("keepalive", "60")]);
    }
    let mut switch = Switch::load(&config);
    switch.wait_connected("broker1");
    (1..CONNECTIONS).for_each(|number| switch.wait_connected(&format!("c{number}")));
    let seconds = if effort.divide == 1 { 10 } else { 3 };
    let values: Vec<f64> = (0..3)
        .map(|_| {
            let (begin, before) = (Instant::now(), processor_seconds(switch.pid()));
            std::thread::sleep(Duration::from_secs(seconds));
            (processor_seconds(switch.pid()) - before) / begin.elapsed().as_secs_f64() * 100.0
        })
        .collect();
    vec![Row {
        what: "processor while idle, 100 connections".to_owned(),
        against: "per cent of a core",
        goal: Goal::Below(1.0),
        values,
        parts: json!({ "seconds": seconds }),
    }]
}

/// utime and stime of proc(5).
fn processor_seconds(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("a live process");
    let (_, fields) = stat.rsplit_once(") ").expect("the end of its name");
    let ticks: f64 =
        fields.split(' ').skip(11).take(2).map(|field| field.parse::<f64>().expect("a number")).sum();
    // SAFETY: a plain question.
    ticks / unsafe { libc::sysconf(libc::_SC_CLK_TCK) } as f64
}
