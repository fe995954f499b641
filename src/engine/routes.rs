//! Which topics want which event.
//!
//! The table is built when the module is loaded and replaced whole when something changes. The event callback only
//! looks things up in it.

use super::custom_events::PREFIX;
use super::feed::{Feed, Route};
use super::origin::Origins;
use crate::config::EventSelector;
use crate::host::{EventNumber, Host, Interest};
use std::collections::{BTreeSet, HashMap};

/// Routes by event number, and for `CUSTOM` by subclass.
#[derive(Debug, Default)]
pub struct Routes {
    /// For an event with a number of its own.
    /// `None`: every topic that could want it excludes it.
    by_number: HashMap<EventNumber, Option<Route>>,
    /// For a subclass that is named.
    by_subclass: HashMap<Vec<u8>, Option<Route>>,
    /// For everything else, if someone wants `ALL`.
    all: Option<Route>,
    custom: Option<EventNumber>,
    /// BACKGROUND_JOB, if the ends of jobs are waited for.
    jobs: Option<EventNumber>,
    interests: Vec<Interest>,
    /// Where the module's own events came from.
    pub origins: Origins,
}

impl Routes {
    /// Who wants this event? `None`: nobody.
    pub fn find(&self, number: EventNumber, subclass: Option<&[u8]>) -> Option<&Route> {
        if let (true, Some(subclass)) = (self.custom == Some(number), subclass) {
            if let Some(route) = self.by_subclass.get(subclass) {
                return route.as_ref();
            }
            // The module's own events go to those who name them, and to nobody who wants all or every CUSTOM.
            if is_own(subclass) {
                return None;
            }
        }
        self.by_number.get(&number).unwrap_or(&self.all).as_ref()
    }

    /// Whether it is the end of a job that someone waits for.
    pub fn is_job_end(&self, number: EventNumber) -> bool {
        self.jobs == Some(number)
    }

    /// What must be bound so that no event that someone wants is missed, and none arrives twice.
    pub fn interests(&self) -> &[Interest] {
        &self.interests
    }
}

/// Whether this core knows the event.
pub fn is_known(event: &EventSelector, host: &dyn Host) -> bool {
    Want::new(event, host).is_some()
}

/// Collects who wants what, then makes the table.
#[derive(Debug, Default)]
pub struct Builder {
    wishes: Vec<Wish>,
    watch_jobs: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Want {
    All,
    Number(EventNumber),
    Subclass(Vec<u8>),
}

impl Want {
    fn new(event: &EventSelector, host: &dyn Host) -> Option<Self> {
        match event {
            EventSelector::All => Some(Self::All),
            EventSelector::Named(name) => host.event_number(name).map(Self::Number),
            EventSelector::Custom { subclass: None } => host.event_number("CUSTOM").map(Self::Number),
            EventSelector::Custom { subclass: Some(subclass) } => {
                Some(Self::Subclass(subclass.clone().into()))
            }
        }
    }

    /// Whether this event is one of those that are meant.
    fn has(&self, event: &Self, custom: Option<EventNumber>) -> bool {
        match (self, event) {
            // The module's own events go to those who name them.
            (Self::All, Self::Subclass(subclass)) => !is_own(subclass),
            (Self::All, _) => true,
            (Self::Number(number), Self::Subclass(subclass)) => Some(*number) == custom && !is_own(subclass),
            (own, event) => own == event,
        }
    }
}

/// A topic, the events that it wants, and those of them that it does not.
#[derive(Debug)]
struct Wish {
    feed: Feed,
    wants: Vec<Want>,
    excluded: Vec<Want>,
}

impl Wish {
    fn is_for(&self, event: &Want, custom: Option<EventNumber>) -> bool {
        let in_one = |list: &[Want]| list.iter().any(|want| want.has(event, custom));
        in_one(&self.wants) && !in_one(&self.excluded)
    }
}

impl Builder {
    /// Adds a topic, the events that it wants, and those of them that it does not. What this core does not know is left
    /// out.
    pub fn add(&mut self, feed: Feed, events: &[EventSelector], excluded: &[EventSelector], host: &dyn Host) {
        let wants = |list: &[EventSelector]| list.iter().filter_map(|event| Want::new(event, host)).collect();
        self.wishes.push(Wish { feed, wants: wants(events), excluded: wants(excluded) });
    }

    /// The ends of jobs are to be taken as well, whether or not a topic wants them.
    pub fn watch_jobs(&mut self) {
        self.watch_jobs = true;
    }

    /// Makes the table. A topic that wants an event for two reasons gets it once.
    pub fn build(self, host: &dyn Host) -> Routes {
        let custom = host.event_number("CUSTOM");
        let route = |event: &Want| {
            let feeds = self.wishes.iter().filter(|wish| wish.is_for(event, custom));
            let feeds: Vec<Feed> = feeds.map(|wish| wish.feed.clone()).collect();
            (!feeds.is_empty()).then(|| Route::new(feeds))
        };
        let mut by_number = HashMap::new();
        let mut by_subclass = HashMap::new();
        for event in self.wishes.iter().flat_map(|wish| wish.wants.iter().chain(&wish.excluded)) {
            match event {
                Want::All => {}
                Want::Number(number) => {
                    by_number.entry(*number).or_insert_with(|| route(event));
                }
                Want::Subclass(subclass) => {
                    by_subclass.entry(subclass.clone()).or_insert_with(|| route(event));
                }
            }
        }
        let all = route(&Want::All);
        let jobs = if self.watch_jobs { host.event_number("BACKGROUND_JOB") } else { None };
        let wanted = by_number.iter().filter(|(_, route)| route.is_some());
        let mut numbers: BTreeSet<EventNumber> = wanted.map(|(number, _)| *number).collect();
        numbers.extend(jobs);
        let interests = interests(host, all.is_some(), custom, &numbers, &by_subclass);
        Routes { by_number, by_subclass, all, custom, jobs, interests, origins: Origins::default() }
    }
}

/// Whether it is a subclass of the module's own events.
fn is_own(subclass: &[u8]) -> bool {
    subclass.starts_with(PREFIX.as_bytes())
}

/// A binding on `ALL` gets everything, and a binding on `CUSTOM` every subclass: with one of those, a narrower one
/// beside it would deliver an event twice.
fn interests(
    host: &dyn Host,
    everything: bool,
    custom: Option<EventNumber>,
    numbers: &BTreeSet<EventNumber>,
    by_subclass: &HashMap<Vec<u8>, Option<Route>>,
) -> Vec<Interest> {
    if let (true, Some(number)) = (everything, host.event_number("ALL")) {
        return vec![Interest { number, subclass: None }];
    }
    let mut interests: Vec<Interest> =
        numbers.iter().map(|number| Interest { number: *number, subclass: None }).collect();
    if let Some(number) = custom.filter(|number| !numbers.contains(number)) {
        let wanted = by_subclass.iter().filter(|(_, route)| route.is_some());
        interests.extend(wanted.map(|(subclass, _)| Interest {
            number,
            subclass: Some(String::from_utf8_lossy(subclass).into_owned()),
        }));
    }
    interests.sort_by(|a, b| (a.number, &a.subclass).cmp(&(b.number, &b.subclass)));
    interests
}
