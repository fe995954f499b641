//! Answers to commands: the result of a job goes to the response topic that its sender named.
//!
//! Where an answer may go is decided on the connection's thread, when the command comes. Who waits is kept in a table that
//! does not grow: the oldest goes first. The result is published from the core's event thread, which sees BACKGROUND_JOB:
//! nothing blocks there, and the locks are held for as long as it takes to copy.

use super::answer::{Address, Answer, LONGEST, NoAnswer};
use super::sender::Sender;
use super::subscription::Subscription;
use super::throttle::Throttle;
use crate::config;
use crate::mqtt::matches;
use parking_lot::{Mutex, RwLock};
use std::collections::{HashMap, VecDeque};
use std::ffi::CString;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How many answers may be waited for.
const MOST: usize = 1_000;
/// For how long one is waited for.
const PATIENCE: Duration = Duration::from_secs(600);

/// See the module's text.
#[derive(Debug, Default)]
pub struct Answers {
    known: RwLock<Arc<Known>>,
    waiting: Mutex<VecDeque<Waiting>>,
    hasher: RandomState,
    given_up: Throttle,
}

/// What the tree says; replaced whole when it changes.
#[derive(Debug, Default)]
struct Known {
    /// What publishes on each connection, by its place in the configuration.
    senders: HashMap<String, Sender>,
    /// Everything that this module listens to, on whatever connection: they may all be of one broker.
    subscriptions: Vec<Arc<Subscription>>,
}

/// A job whose result someone wants.
#[derive(Debug)]
struct Waiting {
    id: String,
    /// Ids are chosen by senders: only a job with the same command is this one.
    line: u64,
    since: Instant,
    address: Address,
}

impl Answers {
    /// Replaces what can be published on, and what is listened to.
    pub fn set_known(&self, senders: HashMap<String, Sender>, subscriptions: Vec<Arc<Subscription>>) {
        *self.known.write() = Arc::new(Known { senders, subscriptions });
    }

    /// Gives up all answers; there will be no more.
    pub fn close(&self) {
        *self.known.write() = Arc::default();
        let waiting = std::mem::take(&mut *self.waiting.lock());
        let count = waiting.len();
        waiting.into_iter().for_each(|one| one.address.count_lost());
        if count > 0 {
            log::info!("{count} answers to commands are given up: their jobs have not ended");
        }
    }

    /// What publishes on the connection of this place, if the topic is one that `owner` lets answers go to.
    ///
    /// # Errors
    /// Why there will be no answer.
    pub fn sender(&self, place: &str, owner: &Subscription, topic: &str) -> Result<Sender, NoAnswer> {
        if topic.len() > LONGEST {
            return Err(NoAnswer::TooLong);
        }
        config::check_topic(topic).map_err(NoAnswer::NoTopic)?;
        let text = CString::new(topic).map_err(|_| NoAnswer::NoTopic("holds a NUL"))?;
        let allow = owner.commands().map(|commands| commands.responses().allow.as_slice());
        if !allow.unwrap_or_default().iter().any(|filter| matches(filter, &text)) {
            return Err(NoAnswer::NotAllowed);
        }
        let known = Arc::clone(&self.known.read());
        if owner.matches(&text) || known.subscriptions.iter().any(|one| one.matches(&text)) {
            return Err(NoAnswer::Loop);
        }
        known.senders.get(place).cloned().ok_or(NoAnswer::NoConnection)
    }

    /// Waits for the end of a job. Called before it is begun.
    pub fn expect(&self, id: &str, command: &str, arguments: &str, address: Address) {
        let one = Waiting {
            id: id.to_owned(),
            line: self.line(command.as_bytes(), arguments.as_bytes()),
            since: Instant::now(),
            address,
        };
        let mut waiting = self.waiting.lock();
        let old = waiting.iter().take_while(|one| one.since.elapsed() > PATIENCE).count();
        let full = (waiting.len() - old + 1).saturating_sub(MOST);
        let given_up: Vec<_> = waiting.drain(..old + full).collect();
        waiting.push_back(one);
        drop(waiting);
        given_up.iter().for_each(|one| one.address.count_lost());
        if let Some(count) = self.given_up.count(given_up.len() as u64) {
            log::warn!(
                "{count} answers to commands are given up: at most {MOST} are waited for, for at most {} minutes",
                PATIENCE.as_secs() / 60,
            );
        }
    }

    /// Whether the end of any job is of interest.
    pub fn is_waiting(&self) -> bool {
        !self.waiting.lock().is_empty()
    }

    /// A job has ended, or was not begun: its result goes out, if someone waits for it.
    pub fn ended(&self, id: &str, command: &[u8], arguments: &[u8], result: impl FnOnce() -> Vec<u8>) {
        let line = self.line(command, arguments);
        let mut waiting = self.waiting.lock();
        let at = waiting.iter().position(|one| one.line == line && one.id == id);
        let found = at.and_then(|at| waiting.remove(at));
        drop(waiting);
        let Some(found) = found else { return };
        if found.since.elapsed() > PATIENCE {
            found.address.count_lost();
        } else {
            found.address.send(&Answer::of_job(id, command, &result()));
        }
    }

    fn line(&self, command: &[u8], arguments: &[u8]) -> u64 {
        self.hasher.hash_one((command, arguments))
    }
}
