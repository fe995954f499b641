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
#[derive(Debug)]
pub struct Answers {
    known: RwLock<Arc<Known>>,
    waiting: Mutex<VecDeque<Waiting>>,
    hasher: RandomState,
    given_up: Throttle,
    patience: Duration,
}

impl Default for Answers {
    fn default() -> Self {
        Self {
            known: RwLock::default(),
            waiting: Mutex::default(),
            hasher: RandomState::new(),
            given_up: Throttle::default(),
            patience: PATIENCE,
        }
    }
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
        let old = waiting.iter().take_while(|one| one.since.elapsed() > self.patience).count();
        let full = (waiting.len() - old + 1).saturating_sub(MOST);
        let given_up: Vec<_> = waiting.drain(..old + full).collect();
        waiting.push_back(one);
        drop(waiting);
        given_up.iter().for_each(|one| one.address.count_lost());
        if let Some(count) = self.given_up.count(given_up.len() as u64) {
            log::warn!(
                "{count} answers to commands are given up: at most {MOST} are waited for, for at most {} minutes",
                self.patience.as_secs() / 60,
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
        if found.since.elapsed() > self.patience {
            found.address.count_lost();
        } else {
            found.address.send(&Answer::of_job(id, command, &result()));
        }
    }

    fn line(&self, command: &[u8], arguments: &[u8]) -> u64 {
        self.hasher.hash_one((command, arguments))
    }
}

#[cfg(test)]
mod tests {
    use super::super::answer::Form;
    use super::super::command_topic::{CommandTopic, Counts, Responses};
    use super::super::message::Taken;
    use super::super::subscription::Purpose;
    use super::super::testing::connection;
    use super::*;
    use crate::commands::{Limits, Rules};
    use crate::config::SubscriberTopic;
    use crate::mqtt::QoS;
    use crossbeam_channel::{Receiver, unbounded};

    struct Asked {
        owner: Arc<Subscription>,
        sender: Sender,
        queue: Receiver<Taken>,
    }

    impl Asked {
        fn new(allow: &[&str]) -> Self {
            let allow = allow.iter().map(|text| (*text).to_owned()).collect();
            let topic = SubscriberTopic { response_allow: allow, ..SubscriberTopic::new("t") };
            let limits = Limits::new(&topic, Instant::now());
            let commands = CommandTopic::new(Rules::new(&topic), limits, Responses::new(&topic));
            let purpose = Purpose::Commands(Box::new(commands));
            let owner = Subscription::new("t".to_owned(), c"cmd".to_owned(), QoS::AtMostOnce, purpose);
            let (queued, queue) = unbounded();
            let sender = Sender::to_queue(connection("c"), queued);
            Self { owner: Arc::new(owner), sender, queue }
        }

        fn address(&self) -> Address {
            Address {
                sender: self.sender.clone(),
                topic: "answers/1".to_owned(),
                qos: QoS::AtMostOnce,
                correlation_data: None,
                form: Form::Plain,
                owner: Arc::clone(&self.owner),
            }
        }

        /// Answers that were published, and that were given up.
        fn counts(&self) -> (u64, u64) {
            let Counts { answered, unanswered, .. } = self.owner.commands().expect("commands").counts();
            (answered, unanswered)
        }

        fn payloads(&self) -> Vec<String> {
            let text = |taken: Taken| match taken {
                Taken::Same { payload, .. } => String::from_utf8_lossy(&payload).into_owned(),
                Taken::One(_) | Taken::Each(_) => panic!("an answer is for one topic"),
            };
            self.queue.try_iter().map(text).collect()
        }
    }

    #[test]
    fn of_more_answers_than_may_wait_the_oldest_is_given_up() {
        let (answers, asked) = (Answers::default(), Asked::new(&[]));
        for number in 0..=MOST {
            answers.expect(&number.to_string(), "echo", "x", asked.address());
        }
        assert_eq!((answers.waiting.lock().len(), asked.counts()), (MOST, (0, 1)));
        for number in 0..=MOST {
            answers.ended(&number.to_string(), b"echo", b"x", || number.to_string().into_bytes());
        }
        let expected: Vec<String> = (1..=MOST).map(|number| number.to_string()).collect();
        assert_eq!((asked.payloads(), asked.counts()), (expected, (MOST as u64, 1)));
        assert!(!answers.is_waiting());
    }

    #[test]
    fn what_has_waited_for_too_long_is_given_up() {
        let (answers, asked) = (Answers { patience: Duration::ZERO, ..Answers::default() }, Asked::new(&[]));
        answers.expect("1", "echo", "x", asked.address());
        answers.expect("2", "echo", "x", asked.address());
        assert_eq!((answers.waiting.lock().len(), asked.counts()), (1, (0, 1)));
        answers.ended("2", b"echo", b"x", || b"late".to_vec());
        assert_eq!((asked.payloads(), asked.counts()), (vec![], (0, 2)));
    }

    #[test]
    fn an_id_that_is_asked_for_twice_is_answered_twice_and_only_by_its_own_command() {
        let (answers, asked) = (Answers::default(), Asked::new(&[]));
        answers.expect("1", "echo", "x", asked.address());
        answers.expect("1", "echo", "x", asked.address());
        answers.ended("1", b"echo", b"y", || b"another's".to_vec());
        answers.ended("1", b"status", b"x", || b"another's".to_vec());
        for _ in 0..3 {
            answers.ended("1", b"echo", b"x", || b"x".to_vec());
        }
        assert_eq!((asked.payloads(), asked.counts()), (vec!["x".to_owned(), "x".to_owned()], (2, 0)));
    }

    #[test]
    fn an_answer_goes_only_where_it_may() {
        let answers = Answers::default();
        let asked = Asked::new(&["answers/+", "+", "listened/#"]);
        let listened = Asked::new(&[]).owner;
        let listened = Subscription::new(
            listened.place.clone(),
            c"$share/group/listened/+".to_owned(),
            QoS::AtMostOnce,
            Purpose::Commands(Box::new(CommandTopic::new(
                Rules::new(&SubscriberTopic::new("t")),
                Limits::new(&SubscriberTopic::new("t"), Instant::now()),
                Responses::default(),
            ))),
        );
        let senders = HashMap::from([("c".to_owned(), asked.sender.clone())]);
        answers.set_known(senders, vec![Arc::clone(&asked.owner), Arc::new(listened)]);
        let said = |topic: &str| answers.sender("c", &asked.owner, topic).map(|_| ());
        for topic in ["answers/1", "answers", "listened", "listened/a/b"] {
            assert_eq!(said(topic), Ok(()), "{topic}");
        }
        for (topic, why) in [
            ("", NoAnswer::NoTopic("is empty")),
            ("answers/#", NoAnswer::NoTopic("holds a wildcard (+ or #), which only a subscription may")),
            ("answers/\n", NoAnswer::NoTopic("holds a control character")),
            (&"x".repeat(LONGEST + 1), NoAnswer::TooLong),
            ("answers/1/2", NoAnswer::NotAllowed),
            ("$SYS", NoAnswer::NotAllowed),
            ("cmd", NoAnswer::Loop),
            ("listened/a", NoAnswer::Loop),
        ] {
            assert_eq!(said(topic), Err(why), "{topic}");
        }
        assert_eq!(answers.sender("d", &asked.owner, "answers/1").map(|_| ()), Err(NoAnswer::NoConnection));
        answers.close();
        assert_eq!(said("answers/1"), Err(NoAnswer::NoConnection));
    }
}
