//! A publisher's topic as the event callback sees it, and what becomes of an event there.
//!
//! Runs on the core's event threads: one pass over the headers for all topics of a route, no allocation but for what goes
//! into the queue.

use super::form::Form;
use super::json::Payload;
use super::ledger::HeldBack;
use super::message::{Delivery, Taken, Topic, Topics};
use super::shape::Shape;
use crate::header_names::{Found, HeaderNames};
use crate::host::Event;
use std::cell::RefCell;
use std::ffi::CStr;
use std::sync::Arc;

/// A publisher's topic: on each of its connections, and what it asks of an event.
#[derive(Debug, Clone)]
pub struct Feed {
    /// One for each connection, at least one.
    pub topics: Vec<Arc<Topic>>,
    /// `connection_mode`: only the first that is up gets an event.
    pub first: bool,
    /// `None`: it takes every event as it is.
    pub shape: Option<Arc<Shape>>,
}

impl Feed {
    /// Whether it takes every event of its route in the usual form to the same topics.
    pub fn is_plain(&self) -> bool {
        let chooses = self.first && self.topics.len() > 1;
        let breaks = self.topics.iter().any(|topic| topic.connection.breaker.is_there());
        self.shape.is_none() && !chooses && !breaks
    }

    /// Those that get an event now. With `first`, it is for the first one to wait if none is up.
    fn topics_now(&self) -> &[Arc<Topic>] {
        if !self.first {
            return &self.topics;
        }
        let takes = |topic: &Arc<Topic>| topic.connection.is_up_now() && !topic.connection.breaker.is_open();
        let chosen = self.topics.iter().position(takes).unwrap_or(0);
        &self.topics[chosen..=chosen]
    }
}

/// All topics that want one kind of event.
#[derive(Debug)]
pub enum Route {
    /// Every event, as JSON, to the same topics.
    Plain(Topics),
    /// Each event is looked at.
    Shaped(Box<Shaped>),
}

impl Route {
    /// The route of these.
    pub fn new(feeds: Vec<Feed>) -> Self {
        if feeds.iter().all(Feed::is_plain) {
            return Self::Plain(feeds.into_iter().flat_map(|feed| feed.topics).collect());
        }
        Self::Shaped(Box::new(Shaped::new(feeds)))
    }

    /// The topics in it.
    pub fn topics(&self) -> impl Iterator<Item = &Arc<Topic>> {
        let (plain, shaped) = match self {
            Self::Plain(topics) => (Some(topics), None),
            Self::Shaped(shaped) => (None, Some(shaped)),
        };
        let shaped = shaped.into_iter().flat_map(|shaped| shaped.plans.iter());
        plain.into_iter().flat_map(|topics| topics.iter()).chain(shaped.flat_map(|plan| &plan.feed.topics))
    }
}

/// A route with topics that look at the event.
#[derive(Debug)]
pub struct Shaped {
    /// The headers that they look at.
    names: HeaderNames,
    /// The forms in which they want it.
    forms: Vec<Form>,
    plans: Vec<Plan>,
    /// How many topics there are.
    count: usize,
}

#[derive(Debug)]
struct Plan {
    feed: Feed,
    /// Where among the route's names those of the shape are.
    slots: Box<[usize]>,
    /// Which of the route's forms is its own.
    form: usize,
}

/// How many values are found without an allocation.
const FEW: usize = 32;
/// How many forms are.
const FEW_FORMS: usize = 4;

thread_local! {
    static TOPIC: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

impl Shaped {
    fn new(feeds: Vec<Feed>) -> Self {
        let mut names = HeaderNames::default();
        let mut forms = Vec::new();
        let count = feeds.iter().map(|feed| feed.topics.len()).sum();
        let plans = feeds.into_iter().map(|feed| {
            let own = feed.shape.iter().flat_map(|shape| shape.names.iter());
            let slots = own.map(|name| names.add(name)).collect();
            let form = feed.shape.as_ref().map(|shape| shape.form.clone()).unwrap_or_default();
            let known = forms.iter().position(|known| *known == form);
            let form = known.unwrap_or_else(|| {
                forms.push(form);
                forms.len() - 1
            });
            Plan { feed, slots, form }
        });
        let plans = plans.collect();
        Self { names, forms, plans, count }
    }

    /// What goes out of an event; nothing may.
    pub fn take<E: Event>(&self, event: &E) -> Taken {
        let (mut few, mut many);
        let found: &mut Found<'_> = if self.names.len() <= FEW {
            few = [None; FEW];
            &mut few[..self.names.len()]
        } else {
            many = vec![None; self.names.len()];
            &mut many
        };
        if !found.is_empty() {
            event.find(&self.names, found);
        }
        let mut taken = Taken::NOTHING;
        let (mut few, mut many);
        let payloads: &mut [Option<Payload>] = if self.forms.len() <= FEW_FORMS {
            few = [const { None }; FEW_FORMS];
            &mut few
        } else {
            many = vec![None; self.forms.len()];
            &mut many
        };
        for plan in &self.plans {
            let shape = plan.feed.shape.as_deref();
            if shape.is_some_and(|shape| !shape.wants(found, &plan.slots)) {
                continue;
            }
            let topics = plan.feed.topics_now();
            let takes = |topic: &&Arc<Topic>| !topic.connection.breaker.is_open();
            for topic in topics.iter().filter(|topic| !takes(topic)) {
                topic.connection.breaker.count_refused();
                topic.connection.ledger.hold_back(HeldBack::CircuitBreaker);
            }
            // What nobody takes uses up nothing of the throttle.
            if !topics.iter().any(|topic| takes(&topic)) {
                continue;
            }
            if shape.is_some_and(|shape| !shape.admits_here(found, &plan.slots)) {
                for topic in topics.iter().filter(takes) {
                    topic.connection.ledger.hold_back(HeldBack::Throttled);
                }
                continue;
            }
            let name = shape.and_then(|shape| shape.topic(found, &plan.slots));
            let form = &self.forms[plan.form];
            let payload = payloads[plan.form].get_or_insert_with(|| form.payload(event));
            for topic in topics.iter().filter(takes) {
                let delivery =
                    Delivery { topic: Arc::clone(topic), payload: Arc::clone(payload), name: name.clone() };
                taken.add(delivery, self.count);
            }
        }
        taken
    }
}

impl Shape {
    fn admits_here(&self, found: &Found<'_>, slots: &[usize]) -> bool {
        TOPIC.with_borrow_mut(|scratch| self.admits(found, slots, scratch))
    }

    /// The topic that this event goes to, if that depends on the event.
    fn topic(&self, found: &Found<'_>, slots: &[usize]) -> Option<Arc<CStr>> {
        let pattern = self.pattern.as_ref()?;
        TOPIC.with_borrow_mut(|topic| {
            topic.clear();
            pattern.write(found, slots, topic);
            topic.push(0);
            // A template makes no NUL.
            CStr::from_bytes_with_nul(topic).ok().map(Arc::from)
        })
    }
}
