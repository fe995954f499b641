//! Engine and console against a simple model: whatever is typed, fired and broken in whatever order, `mosquitto status`
//! must show what the model says, and exactly the right messages must have reached the brokers.
//!
//! After each operation the test waits until that is so. A sequence that fails is made as short as it can be, and
//! printed.

mod broker;
mod console;
mod core;
mod model;
mod operations;
mod status;
mod world;

use broker::Broker;
use core::{Bindings, Core};
use mod_mosquitto::cli::{self, Context, complete};
use mod_mosquitto::config;
use mod_mosquitto::engine::{Account, Engine};
use mod_mosquitto::host::{Binder, Host};
use model::Model;
use operations::{Mood, Operation, Start, operation, start};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::{Duration, Instant};
use world::{EVENTS, MESSAGES, WORLD};

/// How long it may take until everything is as the model says.
const PATIENCE: Duration = Duration::from_secs(30);
/// The same while a failure is being made shorter.
const LESS_PATIENCE: Duration = Duration::from_secs(5);
static FAILED: AtomicBool = AtomicBool::new(false);

/// The module at work, and the model beside it.
struct Both {
    brokers: [Broker; 2],
    core: Arc<Core>,
    engine: Engine,
    settings: config::Settings,
    model: Model,
}

impl Both {
    fn new(start: &Start) -> Self {
        let brokers = start.moods.map(Broker::start);
        let xml = world::xml(start, [brokers[0].port(), brokers[1].port()]);
        let (config, problems) = config::parse(&xml).expect("a configuration");
        assert!(problems.is_empty(), "{problems:?}");
        let core = Arc::new(Core::default());
        let host: Arc<dyn Host> = Arc::<Core>::clone(&core);
        let binder = |tap| -> Box<dyn Binder> { Box::new(Bindings::new(&core, tap)) };
        let engine = Engine::start(&config, &host, binder).expect("threads");
        Self { brokers, engine, settings: config.settings, model: Model::new(start), core }
    }

    fn type_in(&self, line: &str) -> String {
        let context =
            Context { settings: &self.settings, engine: &self.engine, host: &*self.core, api_version: 5 };
        cli::run(line, &context)
    }

    fn perform(&mut self, operation: Operation) {
        match operation {
            Operation::Fire(event) => {
                let (name, subclass) = EVENTS[event];
                self.core.fire(name, subclass, &self.model.next_event());
            }
            Operation::Broker(broker, mood) => self.brokers[broker].set_mood(mood),
            Operation::Message(broker, message) => {
                let broker = &self.brokers[broker];
                for (client, _) in self.clients() {
                    // Every filter that there is matches it.
                    if broker.filters(&client).is_some_and(|filters| !filters.is_empty()) {
                        broker.send(&client, "cmd/x", MESSAGES[message].0);
                    }
                }
            }
            _ => {
                let answer = self.type_in(&console::line(operation));
                assert_eq!(Some(answer), self.model.apply(operation), "the answer to {operation:?}");
                return;
            }
        }
        self.model.apply(operation);
    }

    /// The names of all clients that there may be, and their brokers.
    fn clients(&self) -> Vec<(String, usize)> {
        let all = WORLD.iter().flat_map(|profile| {
            profile.connections.iter().map(|(name, broker)| (world::client_id(profile.name, name), *broker))
        });
        all.collect()
    }

    /// What is not as the model says; empty: all is.
    fn differences(&self) -> Vec<String> {
        let (shown, expected) = (status::read(&self.type_in("status")), status::expect(&self.model));
        let mut found = Vec::new();
        for key in shown.keys().chain(expected.keys().filter(|key| !shown.contains_key(*key))) {
            if shown.get(key) != expected.get(key) {
                found.push(format!("{key}: {:?} and not {:?}", shown.get(key), expected.get(key)));
            }
        }
        let expected = self.subscribed();
        for (client, broker) in self.clients() {
            let there = self.brokers[broker].filters(&client);
            if there.as_ref() != expected.get(&client) {
                found.push(format!("{client} at its broker: {there:?} and not {:?}", expected.get(&client)));
            }
            let published = self.brokers[broker].published(&client);
            let expected = self.model.published.get(&client).cloned().unwrap_or_default();
            if published != expected {
                found.push(format!("{client} published: {published:?} and not {expected:?}"));
            }
        }
        let executed = self.core.executed.load(SeqCst);
        if executed != self.model.executed {
            found.push(format!("{executed} commands ran and not {}", self.model.executed));
        }
        found
    }

    /// The filters of each client that must be there.
    fn subscribed(&self) -> BTreeMap<String, BTreeMap<String, u8>> {
        let up = self.model.profiles.iter().flat_map(|profile| {
            let connections = profile.connections.iter();
            let up = connections.filter(|connection| profile.is_up(connection, self.model.moods));
            up.map(|connection| (connection.client.clone(), profile.filters(connection)))
        });
        up.collect()
    }

    /// Waits until all is as the model says. Who waits for the time of the next attempt is sent there at once.
    fn settle(&self, after: &str) {
        let patience = if FAILED.load(SeqCst) { LESS_PATIENCE } else { PATIENCE };
        let end = Instant::now() + patience;
        loop {
            let differences = self.differences();
            if differences.is_empty() {
                return;
            }
            if Instant::now() > end {
                FAILED.store(true, SeqCst);
                panic!("not within {patience:?} after {after}:\n{}", differences.join("\n"));
            }
            let status = self.type_in("status");
            for profile in &self.model.profiles {
                let up = profile.connections.iter().filter(|one| profile.is_up(one, self.model.moods));
                for connection in up.filter(|one| is_waiting(&status, profile.name, one.name)) {
                    self.type_in(&format!("connect profile {} connection {}", profile.name, connection.name));
                }
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// The tab key offers what there is.
    fn check_completion(&self) {
        let profiles: Vec<_> = self.model.profiles.iter().map(|profile| profile.name).collect();
        assert_eq!(complete::profiles(&self.engine), profiles);
        for profile in &self.model.profiles {
            let line = format!("mosquitto enable profile {} ", profile.name);
            let names: Vec<_> = profile.connections.iter().map(|one| one.name).collect();
            assert_eq!(complete::connections(&line, &self.engine), names);
            let names: Vec<_> = profile.publishers.iter().map(|one| one.name).collect();
            assert_eq!(complete::publishers(&line, &self.engine), names);
            let names: Vec<_> = profile.subscribers.iter().map(|one| one.name).collect();
            assert_eq!(complete::subscribers(&line, &self.engine), names);
        }
    }

    /// Stops, in time, and what waited is counted.
    fn stop(self) {
        let begin = Instant::now();
        let stopped = self.engine.stop();
        assert!(begin.elapsed() < Duration::from_millis(1500), "{:?}", begin.elapsed());
        assert_eq!(stopped.left_behind, Vec::<String>::new());
        let connections = self.model.profiles.iter().flat_map(|profile| &profile.connections);
        let total = connections.map(|one| one.account).fold(self.model.retired, model::Account::plus);
        let model::Account { accepted, published, full, removed } = total;
        let expected =
            Account { accepted, published, full, removed, unload: total.waiting(), ..Account::default() };
        assert_eq!(stopped.account, expected);
    }
}

/// Whether this connection waits for the time of its next attempt.
fn is_waiting(status: &str, profile: &str, connection: &str) -> bool {
    let rest = status.split_once(&format!("  profile name: {profile}\n")).map_or("", |(_, rest)| rest);
    let rest = rest.split_once(&format!("\t  connection name: {connection} ")).map_or("", |(_, rest)| rest);
    rest.lines().nth(1).is_some_and(|line| line.starts_with("\t\tstate: waiting "))
}

/// From the start, one after the other.
fn run(start: &Start, operations: &[Operation]) {
    let mut both = Both::new(start);
    both.settle("the start");
    for operation in operations {
        both.perform(*operation);
        both.settle(&format!("{operation:?}"));
        both.check_completion();
    }
    both.stop();
}

/// As many sequences as `PROPTEST_CASES` says.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").map_or(500, |text| text.parse().expect("PROPTEST_CASES: a number"))
}

#[test]
fn a_connection_that_was_never_wanted_can_be_disconnected_and_then_connected() {
    let start = Start { second_profile: true, second_connections: false, moods: [Mood::Accepts; 2] };
    let operations = [Operation::Disconnect(0, 1, Some(true)), Operation::Connect(0, 1), Operation::Fire(0)];
    run(&start, &operations);
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(),
        max_shrink_iters: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]
    #[test]
    fn status_shows_what_the_model_says(
        start in start(),
        operations in prop::collection::vec(operation(), 1..40),
    ) {
        run(&start, &operations);
    }
}
