//! A broker that stops reading while events keep coming.

use scenarios::{
    Broker, Certificates, Config, Identity, Mode, Process, Proxy, Received, Setup, Stopwatch, Subscriber,
    Switch, Topic, eventually,
};
use std::time::{Duration, Instant};

/// Events a second, each of some 5 kB, for so many seconds: 110 MB.
const RATE: u64 = 1000;
const SECONDS: u64 = 20;
/// How much of that may be in memory, in kB: 2,000 that wait, as many in the queue before them if the machine is busy,
/// 8 MB in flight, which the library has a copy of, and what the allocator keeps of all that.
const MOST_KB: usize = 64 * 1024;

fn numbers(messages: &[Received]) -> Vec<u64> {
    messages.iter().map(|message| message.header("Probe-Seq").parse().expect("a number")).collect()
}

/// `messages sent` of a connection.
fn sent(switch: &mut Switch, name: &str) -> usize {
    let status = switch.command("mosquitto status");
    let start = format!("connection name: {name} connected: True messages sent: ");
    let line = status.lines().find_map(|line| line.trim().strip_prefix(&start)).expect("it is connected");
    line.parse().expect("a number")
}

fn twenty_seconds(tls: bool, qos: u8) {
    let certificates = Certificates::get();
    let broker = Broker::start_as(Setup::open().tls(&certificates, Identity::Right));
    let other = Broker::start();
    let proxy = Proxy::start(if tls { broker.tls_port() } else { broker.port() });
    let (subscriber, beside) =
        (Subscriber::start(broker.port(), "test/#"), Subscriber::start(other.port(), "test/#"));
    let ca = certificates.path("ca.pem");
    let section = [("enable", "true"), ("support", "certificate"), ("cafile", ca.as_str())];
    let inside = [("tls", section.as_slice())];
    let events = &["HEARTBEAT"][..];
    let config = Config::default()
        // It is the stall that is looked at, not the keepalive.
        .connection_with("stalled", proxy.port(), &[("keepalive", "60")], &inside[..usize::from(tls)])
        .connection("healthy", other.port(), &[])
        .topic(&Topic { connection: "stalled", events, pattern: "test/stalled", qos })
        .topic(&Topic { connection: "healthy", events, pattern: "test/healthy", qos: 0 })
        .setting("event-queue-size", "2000");
    let mut switch = Switch::load(&config);
    switch.wait_connected("stalled");
    switch.wait_connected("healthy");

    let before = Process::look(switch.pid()).resident_kb;
    proxy.set(Mode::Stall);
    let begin = Instant::now();
    let count = RATE * SECONDS;
    switch.command(&format!("storm {count} HEARTBEAT 100 30 {RATE} &"));
    let came = beside
        .take(usize::try_from(count).expect("a few"))
        .chunks(1000)
        .flat_map(numbers)
        .collect::<Vec<_>>();
    assert_eq!(came, (0..count).collect::<Vec<_>>(), "the other connection is not touched");
    let after = Process::look(switch.pid()).resident_kb;
    assert!(begin.elapsed() >= Duration::from_secs(SECONDS - 1), "it was a storm of {:?}", begin.elapsed());
    assert!(after < before + MOST_KB, "{before} kB and then {after} kB");
    let account = switch.account();
    assert!(account.adds_up() && account.waiting > 0 && account.dropped > 0, "{account:?}");
    assert_eq!(switch.state("stalled"), "connected");

    proxy.set(Mode::Pass);
    eventually("nothing waits any more", || switch.account().waiting == 0);
    let account = switch.account();
    assert_eq!((account.accepted, account.published + account.dropped), (2 * count, 2 * count));
    let published = sent(&mut switch, "stalled");
    let came = numbers(&subscriber.take(published));
    assert!(came.is_sorted(), "in order, and each once");
    assert_eq!(came.last(), Some(&(count - 1)), "the newest are kept");
    assert_eq!(subscriber.rest(), []);

    proxy.set(Mode::Stall);
    switch.command("storm 1000 HEARTBEAT 100 30");
    let begin = Stopwatch::start();
    switch.unload_module();
    assert!(begin.elapsed() <= Duration::from_secs(1), "{:?}", begin.elapsed());
}

#[test]
fn twenty_seconds_of_a_storm_are_bounded_and_counted() {
    std::thread::scope(|scope| {
        scope.spawn(|| twenty_seconds(false, 0));
        scope.spawn(|| twenty_seconds(false, 1));
        scope.spawn(|| twenty_seconds(true, 0));
    });
}
