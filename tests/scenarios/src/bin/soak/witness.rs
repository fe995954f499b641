//! Two subscribers that share no code with the module, and remember what came: on each topic of the profile `kept`, how
//! many times each number of each player.

use crate::player;
use crate::stage::PLAYERS;
use crate::world::{CUT, STEADY, World};
use scenarios::{Received, Subscriber};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Whatever the module must not run says this.
pub const FORBIDDEN: &str = "forbidden";

/// See the module's text.
pub struct Witness {
    subscribers: [Subscriber; 2],
    /// How many times each number came, by topic and player.
    came: BTreeMap<(String, usize), Vec<u8>>,
    jobs: BTreeSet<String>,
    /// How much each player had played at each unload that was not in a calm.
    storms: Vec<[u64; PLAYERS]>,
}

impl Witness {
    pub fn start(world: &World) -> Self {
        let subscribers =
            [&world.steady, &world.cut].map(|broker| Subscriber::start(broker.port(), "kept/#"));
        Self { subscribers, came: BTreeMap::new(), jobs: BTreeSet::new(), storms: Vec::new() }
    }

    /// The module is about to be unloaded while events are played. A broker may read what the last connection has left
    /// behind it only after the first messages of the next one.
    pub fn storm(&mut self, played: [u64; PLAYERS]) {
        self.storms.push(played);
    }

    /// Reads what has come.
    ///
    /// # Panics
    /// If something came that must not: twice, later than its successor, or of a command that must not run.
    pub fn read(&mut self) {
        let [steady, cut] = [0, 1].map(|at| self.subscribers[at].rest());
        for message in steady.iter().chain(&cut) {
            if message.topic == "kept/jobs" {
                self.job(message);
            } else {
                self.probe(message);
            }
        }
    }

    fn job(&mut self, message: &Received) {
        let payload = String::from_utf8_lossy(&message.payload);
        assert!(!payload.contains(FORBIDDEN), "a command ran that was not allowed: {payload}");
        let id = message.header("Job-UUID");
        assert!(self.jobs.insert(id), "a command ran twice: {payload}");
    }

    fn probe(&mut self, message: &Received) {
        let number = |name| message.header(name).parse::<usize>().expect("a number");
        let (player, number) = (number("Soak-Player"), number("Soak-Number"));
        let topic = message.topic.as_str();
        let came = self.came.entry((topic.to_owned(), player)).or_default();
        let steady = STEADY.contains(&topic);
        let (once, next) = (steady || topic == CUT[2], came.len());
        if steady && !self.storms.iter().any(|played| around(played[player]).contains(&number)) {
            assert!(number >= next, "{topic}: {number} of player {player} came after {}", next - 1);
        }
        came.resize(next.max(number + 1), 0);
        came[number] = came[number].saturating_add(1);
        assert!(!once || came[number] == 1, "{topic}: {number} of player {player} came twice");
    }

    /// Of these numbers of each player: the first one that has not come, and where.
    pub fn missing(&mut self, numbers: &[Range<u64>; PLAYERS]) -> Option<String> {
        self.read();
        for topic in STEADY.iter().chain(&CUT[1..]) {
            for (player, numbers) in numbers.iter().enumerate() {
                let came = self.came.get(&((*topic).to_owned(), player)).map_or(&[][..], Vec::as_slice);
                let missing =
                    numbers.clone().find(|number| came.get(*number as usize).is_none_or(|times| *times == 0));
                if let Some(missing) = missing {
                    return Some(format!("{topic}: {missing} of player {player}"));
                }
            }
        }
        None
    }
}

/// The numbers that may be under way when so many were played: what is played at that time is not among them yet.
fn around(played: u64) -> Range<usize> {
    let played = played as usize;
    let most = player::MOST as usize;
    played.saturating_sub(most)..played + most
}
