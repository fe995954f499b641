//! Brokers that are known by name: name servers that answer, that learn, and that are silent.

use scenarios::{
    Broker, Config, NameServer, Process, Stopwatch, Subscriber, Switch, Topic, eventually, in_own_network,
};
use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

/// A look-up that gets no answer is over after a second.
const QUICK: &str = "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n";
/// A look-up that gets no answer takes a minute.
const SLOW: &str = "nameserver 127.0.0.1\noptions timeout:30 attempts:2\n";
/// The longest that an unload may take while a name server is silent.
const LIMIT: Duration = Duration::from_secs(1);

fn load(switch: &mut Switch) {
    let answer = switch.load_module();
    assert_eq!(answer, "+OK Reloading XML\n+OK\n", "{}", switch.log().join("\n"));
}

fn unload(switch: &mut Switch) {
    let begin = Stopwatch::start();
    assert_eq!(switch.unload_module(), "+OK\n");
    assert!(begin.elapsed() < LIMIT, "{:?}", begin.elapsed());
}

fn look_ups(switch: &Switch) -> usize {
    Process::thread_names(switch.pid()).iter().filter(|name| *name == "mqtt-resolve").count()
}

/// One connection, to a name.
fn named(host: &str, port: u16) -> Config {
    Config::default().connection("named", port, &[("host", host)])
}

#[test]
fn a_name_that_resolves_later_is_connected_to_at_the_next_attempt() {
    in_own_network("a_name_that_resolves_later_is_connected_to_at_the_next_attempt", QUICK, || {
        let names = NameServer::start();
        let broker = Broker::start();
        let mut switch = Switch::load(&named("broker.example", broker.port()));
        let why = "the host name does not resolve: Name or service not known";
        switch.wait_status(&format!("connected: False messages sent: 0\n\t\tstate: waiting 1 s: {why}\n"));
        names.address("broker.example", Ipv4Addr::LOCALHOST);
        let begin = Stopwatch::start();
        switch.wait_connected("named");
        // The back-off is a second, and there is a second for the rest.
        assert!(begin.elapsed() < Duration::from_secs(2), "{:?}", begin.elapsed());
        let complaints = switch.complaints();
        assert_eq!(
            complaints,
            [format!("profile \"default\", connection \"named\": {why}: next attempt in 1 s")]
        );
        switch.shutdown();
    });
}

#[test]
fn every_address_of_a_name_is_tried() {
    in_own_network("every_address_of_a_name_is_tried", QUICK, || {
        let names = NameServer::start();
        let broker = Broker::start();
        // The broker listens on one of them only.
        names.address("broker.example", Ipv4Addr::new(127, 0, 0, 2));
        names.address("broker.example", Ipv4Addr::LOCALHOST);
        names.address("broker.example", Ipv4Addr::new(127, 0, 0, 3));
        let mut switch = Switch::load(&named("broker.example", broker.port()));
        switch.wait_connected("named");
        assert_eq!(switch.complaints(), [] as [&str; 0]);
    });
}

#[test]
fn a_silent_name_server_is_a_reason_to_wait_that_takes_no_processor() {
    in_own_network("a_silent_name_server_is_a_reason_to_wait_that_takes_no_processor", QUICK, || {
        let names = NameServer::start();
        names.silent(true);
        names.address("broker.example", Ipv4Addr::LOCALHOST);
        let broker = Broker::start();
        let mut switch = Switch::load(&named("broker.example", broker.port()));
        let why = "the host name does not resolve: the name server does not answer, or has failed";
        switch.wait_status(&format!("\t\tstate: waiting 1 s: {why}\n"));

        let (asked, used) = (names.questions("broker.example"), Process::cpu_time(switch.pid()));
        let begin = Instant::now();
        // For A and AAAA, at three attempts of a second, with a second in between.
        eventually("more questions", || names.questions("broker.example") >= asked + 6);
        let (used, time) = (Process::cpu_time(switch.pid()) - used, begin.elapsed());
        assert!(used * 20 < time, "{used:?} of {time:?}");

        names.silent(false);
        switch.wait_connected("named");
        switch.shutdown();
    });
}

#[test]
fn a_look_up_that_hangs_holds_up_neither_other_connections_nor_the_console_nor_an_unload() {
    let name = "a_look_up_that_hangs_holds_up_neither_other_connections_nor_the_console_nor_an_unload";
    in_own_network(name, SLOW, || {
        let names = NameServer::start();
        names.silent(true);
        let broker = Broker::start();
        let subscriber = Subscriber::start(broker.port(), "test/#");
        let config = named("broker.example", broker.port()).connection("other", broker.port(), &[]);
        let topic = |connection, pattern| Topic { connection, events: &["HEARTBEAT"], pattern, qos: 0 };
        let config = config.topic(&topic("named", "waits")).topic(&topic("other", "test/events"));
        let mut switch = Switch::load(&config);
        eventually("the question", || names.questions("broker.example") > 0);
        switch.wait_connected("other");
        switch.command("storm 500 HEARTBEAT 10 32");
        assert_eq!(subscriber.take(500).len(), 500);
        let hangs = "connection name: named connected: False messages sent: 0\n\t\tstate: connecting\n";
        switch.wait_status(hangs);

        let begin = Stopwatch::start();
        switch.command("mosquitto disconnect profile default connection named");
        switch.wait_status(
            "connection name: named connected: False messages sent: 0\n\t\tstate: disconnected\n",
        );
        assert!(begin.elapsed() < LIMIT, "{:?}", begin.elapsed());
        // Asked again, the look-up that hangs is waited for, and no other is begun.
        let asked = names.questions("broker.example");
        switch.command("mosquitto connect profile default connection named");
        switch.wait_status(hangs);
        assert_eq!((look_ups(&switch), names.questions("broker.example")), (1, asked));

        assert_eq!(switch.account().waiting, 500);
        unload(&mut switch);
        assert_eq!(look_ups(&switch), 1, "it hangs on, and hurts nobody");
        // The same code is loaded again beside it.
        load(&mut switch);
        switch.wait_connected("other");
        unload(&mut switch);
        switch.shutdown();
    });
}

#[test]
fn twenty_loads_and_unloads_with_a_silent_name_server_leave_nothing_behind() {
    let name = "twenty_loads_and_unloads_with_a_silent_name_server_leave_nothing_behind";
    in_own_network(name, QUICK, || {
        let names = NameServer::start();
        names.silent(true);
        let mut switch = Switch::start(&named("broker.example", 1883).xml(), &[]);
        let mut early = None;
        for round in 0..20 {
            let asked = names.questions("broker.example");
            load(&mut switch);
            eventually("the question", || names.questions("broker.example") > asked);
            assert!(look_ups(&switch) > 0, "round {round}: the look-up hangs");
            unload(&mut switch);
            if round == 0 {
                eventually("the look-up ends", || look_ups(&switch) == 0);
                early = Some(Process::look(switch.pid()));
            }
        }
        let early = early.expect("20 rounds");
        eventually("threads and descriptors are where they were", || {
            let last = Process::look(switch.pid());
            (last.threads, last.descriptors) == (early.threads, early.descriptors)
        });
        assert_eq!(look_ups(&switch), 0);
        assert_eq!(switch.log().iter().filter(|line| line.starts_with("[CRIT]")).count(), 0);

        // Nothing of what went before is in the way of a name server that answers again.
        let broker = Broker::start();
        names.address("broker.example", Ipv4Addr::LOCALHOST);
        names.silent(false);
        switch.configure(&named("broker.example", broker.port()).xml());
        load(&mut switch);
        switch.wait_connected("named");
        switch.shutdown();
    });
}
