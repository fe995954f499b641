//! What comes in on one connection: subscriptions, and commands.
//!
//! Runs on the connection's own thread, inside libmosquitto's callbacks; the console changes the list of subscriptions.
//! A command is decided about in `commands`, handed to the core, and never waited for.

use super::announce::Announcer;
use super::answer::{Address, Answer, Form, LONGEST, NoAnswer};
use super::command_topic::CommandTopic;
use super::filters::{covers, needed};
use super::jobs::{Jobs, job_id};
use super::place::Place;
use super::subscription::{Grant, Purpose, Subscription};
use crate::commands::{Command, Inbound, Kind, Refusal, Verdict, decide_any};
use crate::logging;
use crate::mqtt::{Error, Incoming, MessageId, QoS};
use parking_lot::{Mutex, RwLock};
use std::cell::OnceCell;
use std::ffi::{CStr, CString};
use std::sync::Arc;
use std::time::Instant;

/// What a new list means for the connection that there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Filters to be subscribed now.
    pub added: Vec<(CString, QoS)>,
    /// Filters to be subscribed no longer.
    pub removed: Vec<CString>,
}

/// See the module's text.
pub struct Inbox {
    place: Place,
    /// The lock is held for as long as it takes to copy or to exchange a pointer.
    active: RwLock<Active>,
    asked: Mutex<Asked>,
    jobs: Arc<Jobs>,
    /// What the connection tells FreeSWITCH's other modules.
    pub announcer: Announcer,
}

/// What is subscribed, or is going to be.
#[derive(Debug, Clone)]
struct Active {
    topics: Arc<[Arc<Subscription>]>,
    /// Whether there is a connection, on which [`Inbox::begin`] has given out the filters.
    open: bool,
}

/// SUBSCRIBEs without an answer, and answers that came before the id of their SUBSCRIBE was known.
#[derive(Debug, Default)]
struct Asked {
    waiting: Vec<(MessageId, CString)>,
    early: Vec<(MessageId, i32)>,
}

impl Inbox {
    /// An inbox that subscribes to nothing.
    pub fn new(place: Place, jobs: Arc<Jobs>) -> Self {
        let active = Active { topics: Arc::new([]), open: false };
        let announcer = Announcer::default();
        Self { place, active: RwLock::new(active), asked: Mutex::default(), jobs, announcer }
    }

    /// Replaces the list. If there is a connection: the filters that are to be subscribed on it now, and those that are
    /// to be subscribed no longer.
    pub fn replace(&self, topics: Vec<Arc<Subscription>>) -> Option<Change> {
        let new: Arc<[_]> = topics.into();
        let mut active = self.active.write();
        let old = std::mem::replace(&mut active.topics, Arc::clone(&new));
        let open = active.open;
        drop(active);
        let (old_topics, new_topics) = (old, new);
        let (old, new) = (needed(&old_topics), needed(&new_topics));
        for one in new_topics.iter() {
            let by = new.iter().find(|(filter, _)| covers(filter, &one.filter));
            // It comes by a filter that is subscribed already, or the answer is still to come.
            let by = by.filter(|by| old.contains(by));
            let mut same = old_topics.iter();
            let same = by.and_then(|(by, _)| same.find(|other| covers(by, &other.filter)));
            one.set_grant(same.map_or(Grant::None, |other| other.grant()));
        }
        for gone in old_topics.iter().filter(|one| !new_topics.iter().any(|other| Arc::ptr_eq(one, other))) {
            gone.set_grant(Grant::None);
        }
        let removed = old.iter().map(|(filter, _)| filter);
        let removed = removed.filter(|filter| !new.iter().any(|(other, _)| other == *filter)).cloned();
        let removed = removed.collect();
        let added = new.into_iter().filter(|one| !old.contains(one)).collect();
        open.then_some(Change { added, removed })
    }

    /// The connection is new: what is to be subscribed on it, no filter that another one covers. What was asked on the
    /// last one gets no answer.
    pub fn begin(&self) -> Vec<(CString, QoS)> {
        *self.asked.lock() = Asked::default();
        let mut active = self.active.write();
        active.open = true;
        let topics = Arc::clone(&active.topics);
        drop(active);
        needed(&topics)
    }

    /// The connection is gone.
    pub fn end(&self) {
        let mut active = self.active.write();
        active.open = false;
        let topics = Arc::clone(&active.topics);
        drop(active);
        for subscription in topics.iter() {
            subscription.set_grant(Grant::None);
        }
    }

    fn topics(&self) -> Arc<[Arc<Subscription>]> {
        Arc::clone(&self.active.read().topics)
    }

    /// A SUBSCRIBE was sent, or could not be.
    pub fn asked(&self, filter: CString, result: Result<MessageId, Error>) {
        let id = match result {
            Ok(id) => id,
            Err(error) => {
                log::error!(target: &self.place.target, "{}: cannot subscribe to {filter:?}: {error}", self.place.text);
                return;
            }
        };
        let mut asked = self.asked.lock();
        let early = asked.early.iter().position(|(other, _)| *other == id);
        match early.map(|at| asked.early.remove(at)) {
            Some((_, granted)) => {
                drop(asked);
                self.answered(&filter, granted);
            }
            None => asked.waiting.push((id, filter)),
        }
    }

    /// The broker answered a SUBSCRIBE.
    pub fn subscribed(&self, id: MessageId, granted: &[i32]) {
        // One filter in a SUBSCRIBE, one number in its answer.
        let Some(granted) = granted.first().copied() else { return };
        let mut asked = self.asked.lock();
        match asked.waiting.iter().position(|(other, _)| *other == id) {
            Some(at) => {
                let (_, filter) = asked.waiting.remove(at);
                drop(asked);
                self.answered(&filter, granted);
            }
            None => asked.early.push((id, granted)),
        }
    }

    fn answered(&self, filter: &CStr, granted: i32) {
        let grant = if granted >= 0x80 { Grant::Refused(granted) } else { Grant::Granted(granted) };
        for subscription in self.topics().iter().filter(|one| covers(filter, &one.filter)) {
            subscription.set_grant(grant);
        }
        match grant {
            Grant::Refused(_) => {
                log::error!(target: &self.place.target, "{}: subscription to {filter:?} {grant}", self.place.text);
            }
            _ => {
                log::info!(target: &self.place.target, "{}: subscribed to {filter:?}, QoS {granted}", self.place.text)
            }
        }
    }

    /// A message arrived: who listens to it? Is it a command, and may it run?
    pub fn message(&self, incoming: &Incoming<'_>) {
        let active = self.topics();
        let (mut topics, mut heard, mut announced) = (Vec::new(), false, false);
        for one in active.iter().filter(|one| one.matches(incoming.topic)) {
            announced |= one.events;
            match &one.purpose {
                Purpose::Commands(commands) => topics.push((one, &**commands)),
                Purpose::Listener(listener) => {
                    listener.message(incoming);
                    heard = true;
                }
                Purpose::Events => heard = true,
            }
        }
        if announced {
            self.announcer.message(incoming);
        }
        if heard && topics.is_empty() {
            return;
        }
        let message = Inbound { payload: incoming.payload, retained: incoming.retained };
        let (now, new_id) = (Instant::now(), OnceCell::new());
        let id_of = |command: &Command| match command.job_id() {
            Some(id) => id.to_owned(),
            None => new_id.get_or_init(job_id).clone(),
        };
        let rules = topics.iter().map(|(_, commands)| commands.rules());
        let verdict =
            decide_any(rules, &message, |topic, command| topics[topic].1.admit(&id_of(command), now));
        match verdict {
            Verdict::NotACommand => log::debug!(
                target: &self.place.target,
                "{}: a message of {} bytes on topic {:?} is no command",
                self.place.text,
                incoming.payload.len(),
                incoming.topic,
            ),
            Verdict::Refused(refusal) => {
                let id = refusal.command.as_ref().map(id_of);
                self.refuse(&refusal, id, &topics, incoming);
            }
            Verdict::Allowed { command, topic } => {
                self.run(&command, &id_of(&command), topics[topic], incoming);
            }
        }
    }

    fn refuse(
        &self,
        refusal: &Refusal,
        id: Option<String>,
        topics: &[(&Arc<Subscription>, &CommandTopic)],
        incoming: &Incoming<'_>,
    ) {
        let line = self.describe(refusal.kind, refusal.command.as_ref(), incoming.topic);
        logging::audit(&self.place.target, log::Level::Warn, format_args!("refused: {line}: {refusal}"));
        for (_, commands) in topics {
            commands.count_refused();
        }
        // Why it was refused is the operator's business.
        let telling = topics.iter().filter(|(_, commands)| commands.responses().errors);
        let command = refusal.command.as_ref();
        let mut addresses = telling.filter_map(|(owner, _)| self.address(command, owner, incoming)?.ok());
        if let Some(address) = addresses.next() {
            let id = id.unwrap_or_else(job_id);
            address.send(&Answer::of_job(&id, b"", b"-ERR refused\n"));
        }
    }

    /// Where the sender of a command wants an answer; `None`: nowhere.
    fn address(
        &self,
        command: Option<&Command>,
        owner: &Arc<Subscription>,
        incoming: &Incoming<'_>,
    ) -> Option<Result<Address, NoAnswer>> {
        let named = command.and_then(Command::reply).and_then(|reply| reply.topic.clone());
        let topic = named.or_else(|| incoming.properties.response_topic())?;
        let correlation_data = incoming.properties.correlation_data();
        if correlation_data.as_ref().is_some_and(|data| data.len() > LONGEST) {
            return Some(Err(NoAnswer::TooLong));
        }
        let sender = self.jobs.answers.sender(&self.place.text, owner, &topic);
        Some(sender.map(|sender| Address {
            sender,
            topic,
            qos: QoS::delivered(incoming.qos),
            correlation_data,
            form: Form::new(command),
            owner: Arc::clone(owner),
        }))
    }

    fn run(
        &self,
        command: &Command,
        id: &str,
        (owner, commands): (&Arc<Subscription>, &CommandTopic),
        incoming: &Incoming<'_>,
    ) {
        commands.count_allowed();
        let line = self.describe(command.kind(), Some(command), incoming.topic);
        let mut answer = String::new();
        let address = match self.address(Some(command), owner, incoming) {
            None => None,
            Some(Ok(address)) => {
                answer = format!(", answer to {}", shown(&address.topic));
                Some(address)
            }
            Some(Err(why)) => {
                answer = format!(", no answer: {why}");
                commands.count_unanswered();
                None
            }
        };
        let done = match command.event() {
            Some(event) => {
                let fired = self.jobs.fire(event, id);
                commands.job_ended(id);
                let text = match &fired {
                    Ok(()) => format!("+OK {id}\n"),
                    Err(why) => format!("-ERR {why}\n"),
                };
                if let Some(address) = address {
                    address.send(&Answer::of_event(id, fired.is_ok(), text.as_bytes()));
                }
                fired.map(|()| "Event-UUID")
            }
            None => {
                if let Some(address) = address {
                    self.jobs.answers.expect(id, command.name(), command.arguments(), address);
                }
                let started = self.jobs.start(command, id);
                if let Err(why) = &started {
                    commands.job_ended(id);
                    self.jobs.not_begun(command, id, why);
                }
                started.map(|()| "Job-UUID")
            }
        };
        match done {
            Ok(id_name) => logging::audit(
                &self.place.target,
                log::Level::Info,
                format_args!("allowed: {line}: by {}, {id_name} {id}{answer}", owner.place),
            ),
            Err(why) => logging::audit(
                &self.place.target,
                log::Level::Error,
                format_args!("failed: {line}: FreeSWITCH does not run it: {why}{answer}"),
            ),
        }
    }

    /// Who wants what: the arguments only with log-details, since they may be private.
    fn describe(&self, kind: Kind, command: Option<&Command>, topic: &CStr) -> String {
        let what = match command {
            Some(command) if kind == Kind::SendEvent => format!(" {}", shortened(command.arguments())),
            Some(command) if self.place.details && kind == Kind::Originate => {
                format!(" {}", command.arguments())
            }
            Some(command) if self.place.details => format!(" {}", command.api_line()),
            Some(command) if kind == Kind::Bgapi => format!(" {}", shortened(command.name())),
            Some(command) if kind == Kind::JsonApi => {
                format!(" {}", command.json_api().unwrap_or_default())
            }
            _ => String::new(),
        };
        format!("{}, topic {topic:?}: {kind}{what}", self.place.text)
    }
}

/// A stranger's topic, as the log shows it.
fn shown(topic: &str) -> String {
    format!("\"{}\"", shortened(topic))
}

/// A stranger's word, no longer than a log line can bear.
fn shortened(word: &str) -> String {
    const LONGEST: usize = 64;
    match word.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &word[..end]),
        None => word.to_owned(),
    }
}
