//! The event callback: filter, serialise once, put in the queue, return.
//!
//! Runs on the core's event threads, whose time is taken from the whole switch: no I/O, no log line, no waiting, and
//! no lock that another thread holds while it works.

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
        let Some(route) = routes.origins.without(event, route) else { return };
        crate::panics::provoke("callback");
        let taken = Taken { route: Arc::clone(&route), payload: json::payload(event) };
        for same in route.chunk_by(|a, b| Arc::ptr_eq(&a.connection, &b.connection)) {
            same[0].connection.ledger.accept(same.len() as u64);
        }
        match self.queue.try_send(taken) {
            Ok(()) => {}
            Err(TrySendError::Full(taken) | TrySendError::Disconnected(taken)) => {
                self.overflow.fetch_add(taken.route.len() as u64, Relaxed);
                for topic in taken.route.iter() {
                    topic.connection.ledger.drop(DropReason::Full, 1);
                }
            }
        }
    }
}
