//! What all actors share: the switch and its console, the clock, what was counted.

use crate::actor::Actor;
use crate::log::Log;
use crate::tally::Tally;
use crate::witness::Witness;
use crate::world::World;
use scenarios::{Account, Process, Switch, eventually};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::{Mutex, RwLock};
use std::time::{Duration, Instant};

/// How many play events.
pub const PLAYERS: usize = 2;
/// How often someone says how it goes.
const REPORT: Duration = Duration::from_secs(30);

/// See the module's text.
pub struct Stage {
    switch: Mutex<Switch>,
    pid: u32,
    folder: std::path::PathBuf,
    /// The configuration.
    pub xml: String,
    pub log: Log,
    /// The brokers that whoever sends commands can always send to: the steady one, and the one that is cut.
    pub ports: [u16; 2],
    pub witness: Mutex<Witness>,
    /// Held for reading while events are played and while a way is broken. Who has it for writing is in a calm.
    pub weather: RwLock<()>,
    /// How many numbered events each player has played; from one run to the next they are counted on.
    pub played: [AtomicU64; PLAYERS],
    pub tally: Tally,
    begun: Instant,
    end: Mutex<Instant>,
    failed: AtomicBool,
}

impl Stage {
    /// A mini-switch without the module.
    pub fn open(world: &World) -> Self {
        let xml = world.xml();
        let witness = Mutex::new(Witness::start(world));
        let switch = Switch::start(&xml, &[]);
        let (pid, folder) = (switch.pid(), switch.folder().to_owned());
        let log = Log::new(switch.log_taker());
        let now = Instant::now();
        Self {
            switch: Mutex::new(switch),
            pid,
            folder,
            xml,
            log,
            ports: [world.steady.port(), world.cut.port()],
            witness,
            weather: RwLock::default(),
            played: Default::default(),
            tally: Tally::default(),
            begun: now,
            end: Mutex::new(now),
            failed: AtomicBool::new(false),
        }
    }

    /// The clock runs from now on.
    pub fn begin(&self, length: Duration) {
        *self.end.lock().expect("no panic") = Instant::now() + length;
    }

    /// Something is wrong: all are to end.
    pub fn fail(&self) {
        if !self.failed.swap(true, SeqCst) {
            self.log.print_recent();
        }
    }

    /// Waits; false: it is time to end.
    pub fn wait(&self, time: Duration) -> bool {
        let end = *self.end.lock().expect("no panic");
        let until = end.min(Instant::now() + time);
        while Instant::now() < until && !self.failed.load(SeqCst) {
            std::thread::sleep(
                until.saturating_duration_since(Instant::now()).min(Duration::from_millis(50)),
            );
        }
        Instant::now() < end && !self.failed.load(SeqCst)
    }

    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// How many numbered events each player has played.
    pub fn all_played(&self) -> [u64; PLAYERS] {
        self.played.each_ref().map(|count| count.load(SeqCst))
    }

    /// A folder for files that the switch reads, where its log files are as well.
    pub fn folder(&self) -> &std::path::Path {
        &self.folder
    }

    /// Types a line, waits for its answer, and for how long that took.
    pub fn time(&self, line: &str) -> (String, Duration) {
        let mut switch = self.switch.lock().expect("the console is well");
        let begin = Instant::now();
        (switch.command(line), begin.elapsed())
    }

    /// Types a line, and waits for its answer.
    pub fn command(&self, line: &str) -> String {
        self.time(line).0
    }

    /// The configuration of the next load.
    pub fn configure(&self, xml: &str) {
        self.switch.lock().expect("the console is well").configure(xml);
    }

    /// Looks again and again at what must always hold, and says how it goes.
    pub fn observe(&self, actor: &mut Actor<'_>) {
        let mut next = Instant::now() + REPORT;
        while actor.pause(100..=400) {
            self.look();
            if Instant::now() > next {
                next += REPORT;
                self.report();
            }
        }
        self.report();
    }

    fn look(&self) {
        self.log.read();
        self.witness.lock().expect("the witness is well").read();
        let status = self.command("mosquitto status");
        match Account::read(&status) {
            Some(account) => assert!(account.adds_up(), "{account:?} in\n{status}"),
            None => assert_eq!(status, "-ERR mosquitto status Command not found!\n"),
        }
        let forbidden = self.command("global_getvar forbidden");
        assert_eq!(forbidden, "-ERR no reply\n", "a command ran that was not allowed");
        self.tally.looks.fetch_add(1, SeqCst);
    }

    fn report(&self) {
        let process = Process::look(self.pid);
        println!(
            "{:5} s: {}; {} threads, {} descriptors, {} kB",
            self.begun.elapsed().as_secs(),
            self.tally,
            process.threads,
            process.descriptors,
            process.resident_kb
        );
    }

    /// Once nothing runs any more: what ran by MQTT, counted by the core, is what the module says that it allowed, and
    /// no more than was sent.
    pub fn check_commands(&self) {
        assert_eq!(self.command("wait-jobs"), "+OK\n");
        let status = self.command("status");
        let ran = status.split_whitespace().find_map(|word| word.strip_prefix("bgapi=")).expect("a count");
        let ran: u64 = ran.parse().expect("a number");
        let audit = std::fs::read_to_string(self.folder.join("log/audit.log")).expect("the audit log");
        let allowed = audit.lines().filter(|line| line.contains(" allowed: ")).count() as u64;
        let [typed, sent] = [&self.tally.typed_jobs, &self.tally.allowed].map(|count| count.load(SeqCst));
        assert_eq!(
            ran,
            allowed + typed,
            "commands that the core ran, and those that were allowed ({allowed}) or typed"
        );
        assert!(allowed <= sent, "{allowed} commands were allowed, {sent} sent");
        println!("commands: {sent} to be allowed were sent by MQTT, {allowed} ran; {typed} typed ones ran");
    }

    /// What the process has once the threads that were joined are gone from /proc, and how many kB are allocated.
    pub fn settled(&self) -> (Process, usize) {
        eventually("no thread of the module is left", || {
            Process::thread_names(self.pid)
                .iter()
                .all(|name| !name.starts_with("mqtt") && !name.starts_with("mosq"))
        });
        self.log.read();
        let line = self.command("trim");
        let heap = line.strip_prefix("heap_kb=").and_then(|rest| rest.split(' ').next());
        (Process::look(self.pid), heap.and_then(|heap| heap.parse().ok()).expect("a number"))
    }

    /// Ends mini-switch.
    pub fn close(self) {
        self.switch.into_inner().expect("the console is well").shutdown();
        self.log.read();
    }
}
