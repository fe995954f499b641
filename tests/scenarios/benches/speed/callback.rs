//! What an event costs on the core's event thread.

use crate::Effort;
use crate::events::{BROKER, file, line, number};
use crate::row::{Goal, Row, median};
use scenarios::{Broker, Config, Switch, Topic, data};
use serde_json::json;
use std::path::Path;

/// Passes over the recorded events in one round; the round's figure is their median.
const PASSES: usize = 40;

/// Nanoseconds for all recorded events, the median of the passes of one round.
struct Cost {
    /// The processor time of a callback, against that of a walk: the median of the passes' own ratios. Callbacks of two
    /// processes are compared by it, as each walk is as fast as its process and its moment are.
    ratio: f64,
    /// The same with the clock on the wall.
    ratio_wall: f64,
    walk: f64,
    callback: f64,
    callback_wall: f64,
}

/// The callback against a bare walk over the same headers, and with ten topics against one.
pub fn rows(effort: Effort) -> Vec<Row> {
    let broker = Broker::start_with(BROKER);
    let switch = |topics: usize| {
        let config = Config::default().connection("broker1", broker.port(), &[]);
        let config = (0..topics).fold(config.setting("event-queue-size", "100000"), |config, number| {
            let pattern = format!("test/{number}");
            config.topic(&Topic { connection: "broker1", events: &["ALL"], pattern: &pattern, qos: 0 })
        });
        let mut switch = Switch::load(&config);
        switch.wait_connected("broker1");
        switch
    };
    let (mut one, mut ten) = (switch(1), switch(10));
    let costs: Vec<(Cost, Cost)> =
        (0..effort.rounds).map(|_| (measure(&mut one, 15), measure(&mut ten, 50))).collect();
    for switch in [&mut one, &mut ten] {
        let account = switch.account();
        assert!(account.dropped == 0, "the queue was full: {account:?}");
    }
    let row = |what: &str, against, most, value: &dyn Fn(&(Cost, Cost)) -> f64| Row {
        what: what.to_owned(),
        against,
        goal: Goal::AtMost(most),
        values: costs.iter().map(value).collect(),
        parts: json!({
            "events": 301,
            "walk_cpu_ns": costs.iter().map(|(one, _)| one.walk / 301.0).collect::<Vec<_>>(),
            "one_topic_cpu_ns": costs.iter().map(|(one, _)| one.callback / 301.0).collect::<Vec<_>>(),
            "one_topic_wall_ns": costs.iter().map(|(one, _)| one.callback_wall / 301.0).collect::<Vec<_>>(),
            "ten_topics_cpu_ns": costs.iter().map(|(_, ten)| ten.callback / 301.0).collect::<Vec<_>>(),
        }),
    };
    vec![
        row("callback, recorded events, processor time", "copying names and values", 2.0, &|cost| {
            cost.0.ratio
        }),
        row("the same by the clock", "copying names and values", 2.0, &|cost| cost.0.ratio_wall),
        row("callback, ten topics, processor time", "one topic", 1.2, &|cost| cost.1.ratio / cost.0.ratio),
    ]
}

/// The queue is emptied in the pauses.
fn measure(switch: &mut Switch, pause_ms: u32) -> Cost {
    let recorded = data("events-recorded.jsonl");
    let answer = switch.command(&format!("measure {} {PASSES} {pause_ms}", recorded.display()));
    assert!(answer.ends_with(" calls=301\n"), "{answer}");
    let passes: Vec<[f64; 4]> = answer.lines().filter_map(pass).collect();
    assert_eq!(passes.len(), PASSES);
    let of = |value: &dyn Fn(&[f64; 4]) -> f64| median(passes.iter().map(value).collect());
    Cost {
        ratio: of(&|[_, walk, _, callback]| callback / walk),
        ratio_wall: of(&|[walk, _, callback, _]| callback / walk),
        walk: of(&|pass| pass[1]),
        callback: of(&|pass| pass[3]),
        callback_wall: of(&|pass| pass[2]),
    }
}

/// `round walk ns=N cpu_ns=N callback ns=N cpu_ns=N`
fn pass(line: &str) -> Option<[f64; 4]> {
    let (walk, callback) = line.strip_prefix("round walk ")?.split_once(" callback ")?;
    let [walk, callback] = [walk, callback].map(|text| (number(text, "ns"), number(text, "cpu_ns")));
    Some([walk.0, walk.1, callback.0, callback.1])
}

/// A topic with a template and filters that hold against one without.
pub fn shaped(effort: Effort) -> Vec<Row> {
    let broker = Broker::start_with(BROKER);
    let mut switches = [
        vec![("pattern", "test/plain")],
        vec![
            ("pattern", "test/${FreeSWITCH-Switchname}/${Event-Name}/${Unique-ID|Job-UUID|none}"),
            ("filter", "Event-Name =~ ^[A-Z_]+$"),
            ("filter", "variable_not_there not exists"),
        ],
    ]
    .map(|parameters| {
        let all = [&[("connection_name", "broker1"), ("event", "ALL")], &*parameters].concat();
        let config = Config::default().connection("broker1", broker.port(), &[]);
        let mut switch = Switch::load(&config.setting("event-queue-size", "100000").raw_topic("t", &all));
        switch.wait_connected("broker1");
        switch
    });
    let costs: Vec<[Cost; 2]> =
        (0..effort.rounds).map(|_| switches.each_mut().map(|switch| measure(switch, 15))).collect();
    for switch in &mut switches {
        let account = switch.account();
        assert!(account.dropped == 0, "the queue was full: {account:?}");
    }
    vec![Row {
        what: "callback, template and filters, processor time".to_owned(),
        against: "one topic without",
        goal: Goal::AtMost(1.5),
        values: costs.iter().map(|[plain, shaped]| shaped.ratio / plain.ratio).collect(),
        parts: json!({
            "events": 301,
            "plain_cpu_ns": costs.iter().map(|[plain, _]| plain.callback / 301.0).collect::<Vec<_>>(),
            "shaped_cpu_ns": costs.iter().map(|[_, shaped]| shaped.callback / 301.0).collect::<Vec<_>>(),
        }),
    }]
}

/// Events that no topic wants are not delivered to the module: the core has no binding for them.
pub fn unwanted(_: Effort) -> Vec<Row> {
    let broker = Broker::start_with(BROKER);
    let mut switch = Switch::load(&Config::events(broker.port(), &["HEARTBEAT", "CUSTOM a::b"], 0));
    let events = |heads: [&str; 2]| file((0..200).map(|number| line(heads[number % 2], 500)));
    let custom = |subclass: &str| format!("\"Event-Name\":\"CUSTOM\",\"Event-Subclass\":\"{subclass}\"");
    let wanted = events(["\"Event-Name\":\"HEARTBEAT\"", &custom("a::b")]);
    let unwanted = events(["\"Event-Name\":\"CODEC\"", &custom("c::d")]);
    let mut calls = |path: &Path| {
        let answer = switch.command(&format!("measure {} 1", path.display()));
        number(answer.lines().last().expect("a line"), "calls")
    };
    let (wanted, unwanted) = (calls(wanted.path()), calls(unwanted.path()));
    vec![Row {
        what: "calls for events that no topic wants".to_owned(),
        against: "calls for wanted events",
        goal: Goal::Below(0.01),
        values: vec![unwanted / wanted],
        parts: json!({ "events": 200, "calls_wanted": wanted, "calls_unwanted": unwanted }),
    }]
}
