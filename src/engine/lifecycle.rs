//! Where a connection is in its life, and where it is wanted to be.
//!
//! The connection's thread and libmosquitto's callbacks report the one; the console and the unload say the other. The
//! thread's waits end when either changes.

use parking_lot::{Condvar, Mutex};
use std::fmt;
use std::time::{Duration, Instant};

/// Where a connection is in its life, as `mosquitto status` shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// `enable` is false, or its profile's is.
    Disabled,
    /// `mosquitto disconnect` took it down.
    Disconnected,
    /// The connection is being made, or the broker has not answered the CONNECT yet.
    Connecting,
    /// The broker accepted the connection, and it takes messages.
    Connected,
    /// The connection was lost or refused; the next attempt is at this time.
    Waiting {
        /// The time of the next attempt.
        until: Instant,
        /// Why there is no connection.
        why: String,
    },
    /// It is not tried any more.
    Failed {
        /// Why not.
        why: String,
    },
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Disabled => f.write_str("disabled"),
            Self::Disconnected => f.write_str("disconnected"),
            Self::Connecting => f.write_str("connecting"),
            Self::Connected => f.write_str("connected"),
            Self::Waiting { until, why } => {
                let seconds = until.saturating_duration_since(Instant::now()).as_secs_f64().ceil();
                write!(f, "waiting {seconds:.0} s: {why}")
            }
            Self::Failed { why } => write!(f, "failed: {why}"),
        }
    }
}

/// Where a connection is wanted to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Connected.
    Up,
    /// Not connected, and this is why.
    Down(Down),
    /// Its thread is to end.
    Gone,
}

/// Why a connection is wanted to be down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Down {
    /// It is disabled.
    Disabled,
    /// It was disconnected.
    Disconnected,
}

/// See the module's text.
#[derive(Debug)]
pub struct Lifecycle {
    life: Mutex<Life>,
    changed: Condvar,
}

#[derive(Debug)]
struct Life {
    state: State,
    wanted: Wanted,
    /// Counts the calls of [`Lifecycle::want`]: a wait ends when it has moved on.
    wishes: u64,
    /// Why the connection that is ending ended, as far as it is known.
    why: Option<String>,
    /// Whether the broker has accepted the connection, which has not ended yet.
    accepted: bool,
}

impl Lifecycle {
    /// A connection that is wanted there.
    pub fn new(wanted: Wanted) -> Self {
        let state = resting(wanted);
        let life = Life { state, wanted, wishes: 0, why: None, accepted: false };
        Self { life: Mutex::new(life), changed: Condvar::new() }
    }

    /// Its state, for people.
    pub fn state(&self) -> State {
        self.life.lock().state.clone()
    }

    /// Where it is wanted.
    pub fn wanted(&self) -> Wanted {
        self.life.lock().wanted
    }

    /// Whether the connection is wanted to be up.
    pub fn is_wanted(&self) -> bool {
        self.life.lock().wanted == Wanted::Up
    }

    /// Says where it is wanted. A wait of the thread ends, even if that is where it is wanted already: whoever asks for
    /// the connection again wants it now.
    pub fn want(&self, wanted: Wanted) {
        let mut life = self.life.lock();
        // It may have no thread yet that would say so.
        if matches!(life.state, State::Disabled | State::Disconnected) {
            life.state = resting(wanted);
        }
        life.wanted = wanted;
        life.wishes += 1;
        self.changed.notify_all();
    }

    /// Why it has failed, or its state in words.
    pub fn why(&self) -> String {
        match self.state() {
            State::Failed { why } => why,
            state => state.to_string(),
        }
    }

    /// There is nothing that could be connected.
    pub fn set_failed(&self, why: String) {
        self.life.lock().state = State::Failed { why };
    }

    /// The thread waits until the connection is wanted up, and an attempt begins; false: it is wanted gone.
    pub fn attempt(&self) -> bool {
        let mut life = self.life.lock();
        loop {
            match life.wanted {
                Wanted::Gone => return false,
                Wanted::Down(_) => {
                    life.state = resting(life.wanted);
                    self.changed.wait(&mut life);
                }
                Wanted::Up => {
                    life.state = State::Connecting;
                    life.why = None;
                    life.accepted = false;
                    return true;
                }
            }
        }
    }

    /// The broker accepted the connection.
    pub fn accepted(&self) {
        self.life.lock().accepted = true;
    }

    /// The connection, which the broker has accepted, takes messages from now on: only then it is shown as connected.
    pub fn connected(&self) {
        self.life.lock().state = State::Connected;
    }

    /// The attempt or the connection ended for this reason; the first reason counts.
    pub fn blame(&self, why: String) {
        self.life.lock().why.get_or_insert(why);
    }

    /// The attempt, or the connection, is over: whether the broker had accepted it, and why it ended as far as a callback
    /// has said so.
    pub fn ended(&self) -> (bool, Option<String>) {
        let mut life = self.life.lock();
        (std::mem::take(&mut life.accepted), life.why.take())
    }

    /// Whether there is a broker that has accepted the connection, from then on until it has ended.
    pub fn is_accepted(&self) -> bool {
        self.life.lock().accepted
    }

    /// The thread waits before the next attempt. False: someone wants something, and the wait was cut short.
    pub fn wait(&self, delay: Duration, why: String) -> bool {
        let until = Instant::now() + delay;
        self.rest(State::Waiting { until, why }, Some(until))
    }

    /// The thread gives up, and waits until someone wants something.
    pub fn fail(&self, why: String) {
        self.rest(State::Failed { why }, None);
    }

    fn rest(&self, state: State, until: Option<Instant>) -> bool {
        let mut life = self.life.lock();
        if life.wanted != Wanted::Up {
            return false;
        }
        life.state = state;
        let wishes = life.wishes;
        while life.wishes == wishes {
            match until {
                Some(until) if self.changed.wait_until(&mut life, until).timed_out() => return true,
                Some(_) => {}
                None => self.changed.wait(&mut life),
            }
        }
        false
    }
}

fn resting(wanted: Wanted) -> State {
    match wanted {
        Wanted::Up => State::Connecting,
        Wanted::Down(Down::Disabled) => State::Disabled,
        Wanted::Down(Down::Disconnected) | Wanted::Gone => State::Disconnected,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn a_thread_waits_until_its_connection_is_wanted() {
        let lifecycle = Arc::new(Lifecycle::new(Wanted::Down(Down::Disabled)));
        assert_eq!(lifecycle.state(), State::Disabled);
        let same = Arc::clone(&lifecycle);
        let thread = std::thread::spawn(move || same.attempt());
        lifecycle.want(Wanted::Up);
        assert_eq!(lifecycle.state(), State::Connecting, "at once, not when the thread comes to it");
        assert!(thread.join().expect("no panic"));
        lifecycle.want(Wanted::Gone);
        assert!(!lifecycle.attempt());
    }

    #[test]
    fn a_connection_that_rests_shows_why_at_once() {
        let lifecycle = Lifecycle::new(Wanted::Down(Down::Disabled));
        lifecycle.want(Wanted::Down(Down::Disconnected));
        assert_eq!(lifecycle.state(), State::Disconnected);
        lifecycle.want(Wanted::Down(Down::Disabled));
        assert_eq!(lifecycle.state(), State::Disabled);
    }

    #[test]
    fn whoever_asks_again_cuts_the_wait_short() {
        let lifecycle = Arc::new(Lifecycle::new(Wanted::Up));
        let same = Arc::clone(&lifecycle);
        let thread = std::thread::spawn(move || same.wait(Duration::from_secs(3600), "test".to_owned()));
        while lifecycle.state() == State::Connecting {
            std::thread::yield_now();
        }
        lifecycle.want(Wanted::Up);
        assert!(!thread.join().expect("no panic"));
    }

    #[test]
    fn nobody_waits_for_a_connection_that_is_not_wanted() {
        let lifecycle = Lifecycle::new(Wanted::Up);
        lifecycle.want(Wanted::Gone);
        assert!(!lifecycle.wait(Duration::from_secs(3600), "test".to_owned()));
        lifecycle.fail("test".to_owned());
    }

    #[test]
    fn the_first_reason_counts() {
        let lifecycle = Lifecycle::new(Wanted::Up);
        lifecycle.blame("bad user name or password".to_owned());
        lifecycle.blame("the connection was lost".to_owned());
        assert_eq!(lifecycle.ended(), (false, Some("bad user name or password".to_owned())));
    }
}
