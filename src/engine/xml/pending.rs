//! Requests that wait for their answers.
//!
//! A request waits on the thread that looks something up; its answer comes on the connection's thread, inside a callback
//! of libmosquitto, and is handed over without waiting. Closing ends all waits at once.

use super::answer;
use crate::engine::jobs::job_id;
use crate::engine::subscription::Listener;
use crate::mqtt::Incoming;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed, Ordering::SeqCst};
use std::time::Duration;

/// The most requests that wait at a time, all bindings together: each holds a thread of FreeSWITCH's.
pub const MOST: usize = 1000;

/// How many requests wait, all bindings together.
#[derive(Debug, Default)]
pub struct Room(AtomicUsize);

/// An answer, or what is wrong with it.
type Answer = Result<Vec<u8>, String>;

/// The requests of one binding that wait.
#[derive(Debug)]
pub struct Pending {
    waiting: Mutex<Waiting>,
    room: Arc<Room>,
    late: AtomicU64,
}

#[derive(Debug)]
struct Waiting {
    gate: Gate,
    by_id: HashMap<String, Sender<Answer>>,
}

/// Whether requests are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gate {
    Closed,
    Open,
    /// Closed, and never opened again.
    Ended,
}

/// Why there is no answer.
#[derive(Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// None came in time.
    TimedOut,
    /// It is no answer; why.
    Nonsense(String),
    /// The wait was ended.
    Ended,
}

/// One request that waits. Dropping it ends that.
#[derive(Debug)]
pub struct Ticket<'a> {
    /// Its id, a UUID: nobody guesses it.
    pub id: String,
    pending: &'a Pending,
    answer: Receiver<Answer>,
}

impl Pending {
    /// Nothing waits, and nothing is taken before it is opened.
    pub fn new(room: Arc<Room>) -> Self {
        let waiting = Waiting { gate: Gate::Closed, by_id: HashMap::new() };
        Self { waiting: Mutex::new(waiting), room, late: AtomicU64::new(0) }
    }

    /// Takes requests from now on, or none, and then ends the waits that there are.
    pub fn set_open(&self, open: bool) {
        let mut waiting = self.waiting.lock();
        if waiting.gate != Gate::Ended {
            waiting.gate = if open { Gate::Open } else { Gate::Closed };
        }
        if !open {
            // A wait ends when nobody can answer any more.
            waiting.by_id.clear();
        }
    }

    /// Closes for good.
    pub fn end(&self) {
        let mut waiting = self.waiting.lock();
        waiting.gate = Gate::Ended;
        waiting.by_id.clear();
    }

    /// Whether requests are taken.
    pub fn is_open(&self) -> bool {
        self.waiting.lock().gate == Gate::Open
    }

    /// Answers that nobody waited for any more.
    pub fn late(&self) -> u64 {
        self.late.load(Relaxed)
    }

    /// A request begins to wait. `None`: it is closed, or [`MOST`] wait already.
    pub fn begin(&self) -> Option<Ticket<'_>> {
        if self.room.0.fetch_add(1, SeqCst) >= MOST {
            self.room.0.fetch_sub(1, SeqCst);
            return None;
        }
        let (sender, answer) = bounded(1);
        let ticket = Ticket { id: job_id(), pending: self, answer };
        let mut waiting = self.waiting.lock();
        let open = waiting.gate == Gate::Open;
        if open {
            waiting.by_id.insert(ticket.id.clone(), sender);
        }
        drop(waiting);
        open.then_some(ticket)
    }
}

impl Ticket<'_> {
    /// Waits for the answer.
    ///
    /// # Errors
    /// There is none.
    pub fn wait(&self, patience: Duration) -> Result<Vec<u8>, NoAnswer> {
        match self.answer.recv_timeout(patience) {
            Ok(answer) => answer.map_err(NoAnswer::Nonsense),
            Err(RecvTimeoutError::Timeout) => Err(NoAnswer::TimedOut),
            Err(RecvTimeoutError::Disconnected) => Err(NoAnswer::Ended),
        }
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        self.pending.waiting.lock().by_id.remove(&self.id);
        self.pending.room.0.fetch_sub(1, SeqCst);
    }
}

impl Listener for Pending {
    fn message(&self, message: &Incoming<'_>) {
        let topic = message.topic.to_bytes();
        let id = topic.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
        let mut waiting = self.waiting.lock();
        let asked = std::str::from_utf8(id).ok().and_then(|id| waiting.by_id.remove(id));
        drop(waiting);
        let Some(asked) = asked else {
            self.late.fetch_add(1, Relaxed);
            return;
        };
        let length = message.payload.len();
        let other = message.properties.correlation_data().filter(|data| data != id);
        let answer = if other.is_some() {
            Err("carries the correlation data of another request".to_owned())
        } else if length > answer::MOST {
            Err(answer::too_long(length))
        } else {
            Ok(message.payload.to_vec())
        };
        // The one who asked may have left in this moment; there is room for one.
        let _in_time = asked.try_send(answer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    fn open() -> Pending {
        let pending = Pending::new(Arc::default());
        pending.set_open(true);
        pending
    }

    #[test]
    fn closing_ends_the_waits_at_once_and_ending_is_for_good() {
        let pending = open();
        std::thread::scope(|scope| {
            let wait = || pending.begin().expect("open").wait(LONG);
            let (one, other) = (scope.spawn(wait), scope.spawn(wait));
            while pending.waiting.lock().by_id.len() < 2 {
                std::thread::yield_now();
            }
            pending.set_open(false);
            assert_eq!(one.join().expect("no panic"), Err(NoAnswer::Ended));
            assert_eq!(other.join().expect("no panic"), Err(NoAnswer::Ended));
        });
        assert!(pending.begin().is_none());
        pending.set_open(true);
        assert!(pending.begin().is_some());
        pending.end();
        pending.set_open(true);
        assert!(!pending.is_open() && pending.begin().is_none());
        assert_eq!(pending.room.0.load(SeqCst), 0);
    }

    #[test]
    fn so_many_wait_and_no_more() {
        let pending = open();
        let tickets: Vec<_> = (0..MOST).map(|_| pending.begin().expect("room")).collect();
        assert!(pending.begin().is_none());
        let ids: std::collections::HashSet<_> = tickets.iter().map(|ticket| ticket.id.clone()).collect();
        assert_eq!(ids.len(), MOST);
        drop(tickets);
        assert!(pending.begin().is_some() && pending.waiting.lock().by_id.is_empty());
    }

    #[test]
    fn who_waits_for_too_long_gets_nothing() {
        let pending = open();
        let ticket = pending.begin().expect("open");
        assert_eq!(ticket.wait(Duration::from_millis(1)), Err(NoAnswer::TimedOut));
    }
}
