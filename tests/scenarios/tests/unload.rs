//! Loading and unloading, in every state of the broker, again and again.

use scenarios::{Broker, Config, Process, Silent, Stopwatch, Subscriber, Switch, eventually, refused_port};
use std::time::Duration;

/// The longest that an unload may take.
const LIMIT: Duration = Duration::from_millis(1500);

fn load(switch: &mut Switch) {
    let answer = switch.load_module();
    assert!(answer.contains("+OK") && !answer.contains("-ERR"), "{answer}");
}

fn unload(switch: &mut Switch) -> Duration {
    let begin = Stopwatch::start();
    let answer = switch.unload_module();
    let time = begin.elapsed();
    assert!(answer.starts_with("+OK"), "{answer}");
    time
}

#[test]
fn two_hundred_loads_and_unloads_leave_nothing_behind() {
    /// The allocator needs a few rounds until it has what it needs.
    const SETTLED: usize = 20;
    let broker = Broker::start();
    let silent = Silent::start();
    let ports = [broker.port(), refused_port(), silent.port()];
    let mut switch = Switch::start(&Config::all_events(ports[0]).xml(), &[]);
    let mut early = None;
    for round in 0..200 {
        let port = ports[round % ports.len()];
        switch.configure(&Config::all_events(port).setting("event-queue-size", "1000").xml());
        load(&mut switch);
        if port == broker.port() {
            switch.wait_connected("broker1");
        }
        switch.command("storm 50 HEARTBEAT 10 32");
        let account = switch.account();
        assert!(account.accepted == 50 && account.adds_up(), "round {round}: {account:?}");
        let time = unload(&mut switch);
        assert!(time < LIMIT, "round {round}: {time:?}");
        if round == SETTLED {
            eventually("no thread of the module is left", || {
                Process::module_threads(switch.pid()).is_empty()
            });
            early = Some(Process::look(switch.pid()));
        }
    }
    let early = early.expect("200 rounds");
    // A thread that was joined is in /proc for a moment longer.
    eventually("threads and descriptors are where they were", || {
        let last = Process::look(switch.pid());
        (last.threads, last.descriptors) == (early.threads, early.descriptors)
    });
    let last = Process::look(switch.pid());
    // What every load left behind would be there 180 times; the C library keeps a few stacks and heaps of ended threads.
    assert!(last.mappings <= early.mappings + 20, "{early:?} {last:?}");
    assert!(last.resident_kb <= early.resident_kb + 1024, "{early:?} {last:?}");
    assert_eq!(switch.log().iter().filter(|line| line.starts_with("[CRIT]")).count(), 0);
    switch.shutdown();
}

#[test]
fn an_unload_sends_what_waits_and_says_what_became_of_everything() {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "test/#");
    let mut switch = Switch::load(&Config::events(broker.port(), &["HEARTBEAT"], 0));
    switch.wait_connected("broker1");
    switch.command("storm 2000 HEARTBEAT 10 32");
    unload(&mut switch);
    assert_eq!(subscriber.take(2000).len(), 2000);
    switch.wait_log(
        "unloaded: 2000 messages accepted, 2000 published, 0 waiting, 0 dropped (full 0, refused 0, removed 0, unload 0, expired 0)",
    );
}

#[test]
fn an_unload_during_a_storm_is_safe() {
    let broker = Broker::start();
    let mut switch = Switch::load(&Config::all_events(broker.port()));
    for _ in 0..5 {
        switch.wait_connected("broker1");
        switch.command("storm 100000 HEARTBEAT 10 32 50000 &");
        let time = unload(&mut switch);
        assert!(time < LIMIT, "{time:?}");
        load(&mut switch);
    }
}

#[test]
fn an_unload_while_the_broker_takes_nothing_drops_what_waits_and_counts_it() {
    let silent = Silent::start();
    let mut switch = Switch::load(&Config::events(silent.port(), &["HEARTBEAT"], 0));
    switch.command("storm 100 HEARTBEAT 10 32");
    let time = unload(&mut switch);
    assert!(time < LIMIT, "{time:?}");
    switch.wait_log(
        "unloaded: 100 messages accepted, 0 published, 0 waiting, 100 dropped (full 0, refused 0, removed 0, unload 100, expired 0)",
    );
}

#[test]
fn a_host_name_that_does_not_resolve_is_a_reason_to_wait_and_no_reason_to_hang() {
    let config = Config::default().connection("broker1", 1883, &[("host", "broker.invalid")]);
    let mut switch = Switch::load(&config);
    switch.wait_status("the host name does not resolve");
    assert!(unload(&mut switch) < LIMIT);
}

#[test]
fn a_load_that_fails_leaves_nothing_behind_and_the_next_one_works() {
    let broker = Broker::start();
    let mut switch = Switch::start("<configuration name=\"mosquitto.conf\"><settings>", &[]);
    let before = Process::look(switch.pid());
    for _ in 0..5 {
        let answer = switch.load_module();
        assert!(answer.contains("-ERR"), "{answer}");
    }
    eventually("threads and descriptors are where they were", || {
        let after = Process::look(switch.pid());
        (after.threads, after.descriptors) == (before.threads, before.descriptors)
    });
    assert!(switch.command("mosquitto status").contains("Command not found"));
    switch.configure(&Config::all_events(broker.port()).xml());
    load(&mut switch);
    switch.wait_connected("broker1");
}

#[test]
fn the_modules_code_stays_mapped_after_an_unload() {
    let mut switch = Switch::load(&Config::default());
    unload(&mut switch);
    let maps = std::fs::read_to_string(format!("/proc/{}/maps", switch.pid())).expect("a live process");
    assert!(maps.contains("mod_mosquitto.so"), "no thread may ever lose the code under its feet");
}
