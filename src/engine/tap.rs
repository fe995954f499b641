//! The event callback: who wants the event, serialise once, put in the queue, return.
//!
//! Runs on the core's event threads, whose time is taken from the whole switch: no I/O, no log line, no waiting, and
//! no lock that another thread holds while it works.

use super::connection::Shared;
use super::feed::Route;
use super::jobs::Jobs;
use super::json;
use super::ledger::DropReason;
use super::message::Taken;
use super::routes::Routes;
use super::sender::Sender;
use super::tree::Connection;
use crate::host::{Event, EventSink};
use crossbeam_channel::{Sender as Queue, TrySendError};
use parking_lot::RwLock;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Takes the core's events.
#[derive(Debug)]
pub struct Tap {
    /// The lock is held for as long as it takes to copy or to exchange a pointer.
    routes: RwLock<Arc<Routes>>,
    queue: Queue<Taken>,
    overflow: Arc<AtomicU64>,
    jobs: Arc<Jobs>,
}

impl Tap {
    /// A tap without routes: it takes nothing yet. Messages that found the queue full are added to `overflow`.
    pub fn new(queue: Queue<Taken>, overflow: Arc<AtomicU64>, jobs: Arc<Jobs>) -> Self {
        Self { routes: RwLock::default(), queue, overflow, jobs }
    }

    /// What publishes on a connection beside the events.
    pub(super) fn sender(&self, connection: &Connection) -> Sender {
        Sender::new(connection, self.queue.clone(), Arc::clone(&self.overflow))
    }

    /// Replaces the routes.
    pub fn set_routes(&self, routes: Arc<Routes>) {
        *self.routes.write() = routes;
    }

    /// Puts something in the queue, and in the accounts of the connections that it is for. If the queue is full, it is
    /// dropped and counted. Never blocks; may be called on any thread.
    pub fn put(&self, taken: Taken) {
        if taken.is_nothing() {
            return;
        }
        count(&taken, |connection, count| connection.ledger.accept(count));
        match self.queue.try_send(taken) {
            Ok(()) => {}
            Err(TrySendError::Full(taken) | TrySendError::Disconnected(taken)) => {
                count(&taken, |connection, count| {
                    self.overflow.fetch_add(count, Relaxed);
                    connection.ledger.drop(DropReason::Full, count);
                    connection.breaker.trip();
                });
            }
        }
    }
}

/// How many messages are for which connection: topics of the same one are mostly side by side.
fn count(taken: &Taken, mut say: impl FnMut(&Shared, u64)) {
    let mut same: Option<(&Arc<Shared>, u64)> = None;
    for topic in taken.topics() {
        match &mut same {
            Some((connection, count)) if Arc::ptr_eq(connection, &topic.connection) => *count += 1,
            _ => {
                if let Some((connection, count)) = same.replace((&topic.connection, 1)) {
                    say(connection, count);
                }
            }
        }
    }
    if let Some((connection, count)) = same {
        say(connection, count);
    }
}

impl EventSink for Tap {
    fn event<E: Event>(&self, event: &E) {
        let routes = Arc::clone(&self.routes.read());
        if routes.is_job_end(event.number()) {
            self.jobs.ended(event);
        }
        let Some(route) = routes.find(event.number(), event.subclass()) else {
            return;
        };
        crate::panics::provoke("callback");
        let taken = match route {
            Route::Plain(topics) => Taken::Same { topics: Arc::clone(topics), payload: json::payload(event) },
            Route::Shaped(shaped) => shaped.take(event),
        };
        let origin = routes.origins.of(event);
        self.put(if origin.is_empty() { taken } else { taken.without(origin) });
    }
}
