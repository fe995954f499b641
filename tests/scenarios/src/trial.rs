//! A fault of the way to a broker, and everything that must hold while it lasts and once it is mended.

use crate::broker::Broker;
use crate::certificates::{Certificates, Identity};
use crate::config::{Config, Topic};
use crate::intruder::Intruder;
use crate::process::Process;
use crate::proxy::Proxy;
use crate::setup::Setup;
use crate::stopwatch::Stopwatch;
use crate::subscriber::Subscriber;
use crate::switch::Switch;
use crate::wait::eventually;
use std::collections::BTreeSet;
use std::time::Duration;

/// The connection that suffers.
const FAULTY: &str = "faulty";
/// The other one of the same profile, to a broker of its own.
const HEALTHY: &str = "healthy";
/// Events of each batch.
const BATCH: u64 = 20;
/// The module waits one second before the next attempt, and may be as much late.
const RECOVERY: Duration = Duration::from_secs(2);
/// The longest that an unload may take.
const UNLOAD: Duration = Duration::from_secs(1);

/// A fault: how it comes and goes, and what the operator is told of it.
#[derive(Clone)]
pub struct Fault<'a> {
    /// The broker that the connection has before.
    pub setup: Setup,
    /// Parameters of the connection, beside those of [`Config::connection`].
    pub params: &'a [(&'a str, &'a str)],
    /// What is in its `<tls>`. The broker has a listener with TLS and the right certificate then, unless its
    /// configuration says what it has.
    pub tls: Option<&'a [(&'a str, &'a str)]>,
    /// Makes it happen.
    pub strike: &'a (dyn Fn(&mut Ground) + Sync),
    /// Mends it.
    pub mend: &'a (dyn Fn(&mut Ground) + Sync),
    /// The words of `mosquitto status` while the module waits for its next attempt: one of these.
    pub why: &'a [&'a str],
    /// How much longer than [`RECOVERY`] an attempt that has begun may last: connect_timeout, say.
    pub attempt: Duration,
}

/// Where faults happen.
pub struct Ground {
    /// The module.
    pub switch: Switch,
    /// The broker of the connection that suffers.
    pub broker: Broker,
    /// What is between the two.
    pub proxy: Proxy,
    /// Somebody who takes the module's client id.
    pub intruder: Option<Intruder>,
    /// A subscriber at that broker, without anything in between.
    subscriber: Subscriber,
    subscriptions: usize,
    /// Whether the module connects with TLS.
    tls: bool,
    beside: Subscriber,
    /// Events fired so far; each has its number.
    fired: u64,
    /// Those that came through the connection that suffers.
    came: BTreeSet<u64>,
    _other: Broker,
}

impl Fault<'_> {
    /// Goes through all of it: connected, struck, mended, struck again and unloaded.
    ///
    /// # Panics
    /// If anything does not hold.
    pub fn run(&self) {
        let mut ground = Ground::prepare(self);
        ground.publish();
        ground.settle();
        (self.strike)(&mut ground);
        ground.publish();
        let why: Vec<_> = self.why.iter().map(|why| format!("waiting: {why}")).collect();
        ground.switch.wait_state(FAULTY, &why.iter().map(String::as_str).collect::<Vec<_>>());
        ground.publish();
        ground.rests();

        (self.mend)(&mut ground);
        let mended = Stopwatch::start();
        ground.switch.wait_connected(FAULTY);
        let time = mended.elapsed();
        assert!(time <= RECOVERY + self.attempt, "{time:?} after it was mended");
        ground.settle();

        (self.strike)(&mut ground);
        ground.publish();
        ground.unload();
    }

    /// Several of them, side by side.
    pub fn run_all(faults: &[Self]) {
        std::thread::scope(|scope| {
            for fault in faults {
                scope.spawn(|| fault.run());
            }
        });
    }
}

impl Ground {
    fn prepare(fault: &Fault<'_>) -> Self {
        let tls = fault.tls.is_some();
        let broker = Broker::start_as(listening(fault.setup.clone(), tls));
        let other = Broker::start();
        let proxy = Proxy::start(if tls { broker.tls_port() } else { broker.port() });
        let inside = fault.tls.map(|tls| ("tls", tls));
        let topic = |connection, pattern, qos| Topic { connection, events: &["HEARTBEAT"], pattern, qos };
        let config = Config::default()
            .connection_with(FAULTY, proxy.port(), fault.params, inside.as_slice())
            .connection(HEALTHY, other.port(), &[])
            .topic(&topic(FAULTY, "test/faulty", 1))
            .topic(&topic(HEALTHY, "test/healthy", 0));
        let subscriber = Subscriber::start(broker.port(), "test/#");
        let beside = Subscriber::start(other.port(), "test/#");
        let mut switch = Switch::load(&config);
        switch.wait_connected(FAULTY);
        switch.wait_connected(HEALTHY);
        Self {
            switch,
            broker,
            proxy,
            intruder: None,
            subscriber,
            subscriptions: 1,
            tls,
            beside,
            fired: 0,
            came: BTreeSet::new(),
            _other: other,
        }
    }

    /// Starts the broker again, such that the subscriber is there before the module.
    pub fn restart(&mut self) {
        self.restarted(Broker::restart);
    }

    /// The same with another configuration.
    pub fn restart_as(&mut self, setup: Setup) {
        let setup = listening(setup, self.tls);
        self.restarted(|broker| broker.restart_as(setup));
    }

    fn restarted(&mut self, restart: impl FnOnce(&mut Broker)) {
        self.switch.pause();
        restart(&mut self.broker);
        self.subscriptions += 1;
        self.subscriber.wait_subscribed(self.subscriptions);
        self.switch.resume();
    }

    /// Fires a batch of events, which go to both brokers: the healthy one has them at once, in order and each once.
    fn publish(&mut self) {
        let filler = "f".repeat(4000);
        let batch = self.fired..self.fired + BATCH;
        for number in batch.clone() {
            self.switch.command(&format!("fire HEARTBEAT Probe-Seq={number} Filler={filler}"));
        }
        self.fired = batch.end;
        let came = self.beside.take(BATCH.try_into().expect("a few"));
        let numbers: Vec<u64> = came.iter().map(|message| number(&message.header("Probe-Seq"))).collect();
        assert_eq!(numbers, batch.collect::<Vec<_>>(), "the other connection is not touched");
    }

    /// A module that waits takes no more than 1 % of a processor; a tick of the kernel's is forgiven.
    fn rests(&self) {
        const LOOK: Duration = Duration::from_millis(1500);
        let before = Process::cpu_time(self.switch.pid());
        std::thread::sleep(LOOK);
        let used = Process::cpu_time(self.switch.pid()) - before;
        assert!(used <= LOOK / 100 + Duration::from_millis(10), "{used:?} of processor time in {LOOK:?}");
    }

    /// Waits until everything that was fired has come, and the accounts say so.
    fn settle(&mut self) {
        let (fired, accepted) = (self.fired, 2 * self.fired);
        eventually("everything comes", || {
            let rest = self.subscriber.rest();
            self.came.extend(rest.iter().map(|message| number(&message.header("Probe-Seq"))));
            self.came == (0..fired).collect()
        });
        eventually("everything is published", || {
            let account = self.switch.account();
            assert!(account.adds_up() && account.dropped == 0, "{account:?}");
            account.accepted == accepted && account.published == accepted
        });
        assert_eq!(self.beside.rest(), [], "and nothing twice");
    }

    /// Unloads the module, in time, and looks at its last words.
    fn unload(&mut self) {
        let begin = Stopwatch::start();
        let answer = self.switch.unload_module();
        let time = begin.elapsed();
        assert!(answer.starts_with("+OK") && time <= UNLOAD, "{time:?}: {answer}");
        let line = self.switch.wait_log("unloaded: ");
        let (_, counts) = line.split_once("unloaded: ").expect("just found");
        let counts: Vec<u64> = counts.split(", ").take(4).map(number).collect();
        assert_eq!(counts[0], 2 * self.fired, "{line}");
        assert_eq!((counts[0], counts[2]), (counts[1] + counts[3], 0), "{line}");
    }
}

fn listening(setup: Setup, tls: bool) -> Setup {
    if tls && !setup.has_tls() { setup.tls(&Certificates::get(), Identity::Right) } else { setup }
}

/// The number that a text begins with.
fn number(text: &str) -> u64 {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().unwrap_or_else(|_| panic!("no number: {text:?}"))
}
