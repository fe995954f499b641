//! How long a command takes from its publisher to the subscriber that sees its result: `bgapi version` over a real
//! broker on loopback, one after the other, against the same way through the broker and back without the module.

use crate::Effort;
use crate::events::BROKER;
use crate::row::{Goal, Row};
use scenarios::{Broker, Config, Subscriber, Switch, Topic};
use serde_json::json;
use std::time::{Duration, Instant};

/// One row. Without `set_tcp_nodelay` in the broker it holds small packets back until the last one is acknowledged
/// (Nagle), and TCP's delayed acknowledgement, 40 ms, would be all that is measured.
pub fn rows(effort: Effort) -> Vec<Row> {
    let broker = Broker::start_with(BROKER);
    let jobs = Topic { connection: "broker1", events: &["BACKGROUND_JOB"], pattern: "test/jobs", qos: 0 };
    let config = Config::default().connection("broker1", broker.port(), &[]).topic(&jobs);
    let config = config.subscriber("commands", &[("test/commands", &[("bgapi_authorized", "true")])]);
    let client = Subscriber::start(broker.port(), "test/+");
    let mut switch = Switch::load(&config);
    switch.wait_status("subscription: subscribed");

    let times = 500 / effort.divide;
    let rounds = (0..3).map(|_| {
        let echo = measure(&client, times, "test/echo", "test/echo");
        (echo, measure(&client, times, "test/commands", "test/jobs"))
    });
    let (echo, command): (Vec<_>, Vec<_>) = rounds.unzip();
    let micros = |rounds: &[Vec<Duration>], per_cent: usize| -> Vec<f64> {
        rounds.iter().map(|times| times[times.len() * per_cent / 100].as_nanos() as f64 / 1000.0).collect()
    };
    let (echo_us, command_us) = (micros(&echo, 50), micros(&command, 50));
    vec![Row {
        what: "a command and its result".to_owned(),
        against: "a message through the broker",
        goal: Goal::None,
        values: command_us.iter().zip(&echo_us).map(|(command, echo)| command / echo).collect(),
        parts: json!({
            "echo_median_us": echo_us,
            "echo_p99_us": micros(&echo, 99),
            "command_median_us": command_us,
            "command_p99_us": micros(&command, 99),
        }),
    }]
}

/// The times, sorted, from a publish on one topic to a message on another.
fn measure(client: &Subscriber, times: usize, to: &str, from: &str) -> Vec<Duration> {
    let mut times: Vec<Duration> = (0..times)
        .map(|_| {
            let begin = Instant::now();
            client.publish(to, "bgapi version");
            while client.take(1)[0].topic != from {}
            begin.elapsed()
        })
        .collect();
    times.sort();
    times
}
