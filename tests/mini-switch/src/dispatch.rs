//! The event system: a bounded queue, one dispatch thread, and the bindings.
//!
//! As in the core: firing blocks while the queue is full; callbacks run on the dispatch thread under a read lock;
//! bind and unbind take the write lock, so that unbind returns only when no callback is running; and a binding
//! that is made or taken away from inside a callback is a deadlock, which is reported here instead of hanging.

use crate::event::Event;
use crate::names::EventNames;
use crate::output::die;
use crate::timed::Timed;
use crossbeam_channel::{Receiver, Sender, bounded};
use freeswitch_sys::switch_event_callback_t;
use libc::{c_int, c_void};
use parking_lot::{Condvar, Mutex, RwLock};
use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, Instant};

/// One binding. Its address is the module's handle on it.
#[derive(Debug)]
pub struct Node {
    event_id: c_int,
    subclass: Option<Vec<u8>>,
    callback: switch_event_callback_t,
    user_data: *mut c_void,
}

// SAFETY: user_data is only handed on; the module that gave it knows that callbacks run on the dispatch thread.
unsafe impl Send for Node {}
// SAFETY: as above; nothing in it changes.
unsafe impl Sync for Node {}

impl Node {
    /// Calls it; the read lock on the bindings is held.
    fn call(&self, event: &mut Event) {
        event.set_bind_user_data(self.user_data);
        IN_CALLBACK.set(true);
        // SAFETY: the module promised by binding that the callback may be called until unbind returns; the read lock is
        // held, so it has not. The event outlives the call.
        unsafe { (self.callback)(event.as_ptr()) };
        IN_CALLBACK.set(false);
    }
}

thread_local! {
    static IN_CALLBACK: Cell<bool> = const { Cell::new(false) };
}

/// Events from firing to freeing.
#[derive(Debug)]
pub struct EventSystem {
    /// Names and numbers.
    pub names: EventNames,
    /// By event number, the newest binding first.
    nodes: RwLock<Vec<Vec<Arc<Node>>>>,
    queue: Sender<Event>,
    fired: AtomicU64,
    delivered: AtomicU64,
    waiting: AtomicUsize,
    idle: (Mutex<()>, Condvar),
}

impl EventSystem {
    /// Starts the dispatch thread, which lives as long as the process.
    pub fn start(names: EventNames, queue_size: usize) -> Arc<Self> {
        let (queue, incoming) = bounded(queue_size);
        let nodes = RwLock::new((0..names.len()).map(|_| Vec::new()).collect());
        let system = Arc::new(Self {
            names,
            nodes,
            queue,
            fired: AtomicU64::new(0),
            delivered: AtomicU64::new(0),
            waiting: AtomicUsize::new(0),
            idle: (Mutex::new(()), Condvar::new()),
        });
        let own = Arc::clone(&system);
        std::thread::Builder::new()
            .name("event-dispatch".to_owned())
            .spawn(move || own.dispatch(&incoming))
            .expect("the dispatch thread starts");
        system
    }

    /// Hands an event to the dispatch thread; waits while the queue is full.
    pub fn fire(&self, event: Event) {
        self.fired.fetch_add(1, SeqCst);
        if self.queue.send(event).is_err() {
            die("the dispatch thread is gone");
        }
    }

    fn dispatch(&self, incoming: &Receiver<Event>) {
        for mut event in incoming {
            self.deliver(&mut event);
            drop(event);
            self.delivered.fetch_add(1, SeqCst);
            if self.waiting.load(SeqCst) > 0 {
                let _guard = self.idle.0.lock();
                self.idle.1.notify_all();
            }
        }
    }

    fn deliver(&self, event: &mut Event) {
        let nodes = self.nodes.read();
        for node in self.wanting(&nodes, event) {
            node.call(event);
        }
    }

    /// Calls the bindings that want these events on the calling thread, and counts the calls; the time is that of
    /// the calls alone.
    pub fn call(&self, events: &mut [Event]) -> Timed {
        let nodes = self.nodes.read();
        let wanted = events.iter().enumerate();
        let calls: Vec<(usize, &Node)> = wanted
            .flat_map(|(at, event)| self.wanting(&nodes, event).into_iter().map(move |node| (at, node)))
            .collect();
        Timed::run(|| {
            for (at, node) in &calls {
                node.call(&mut events[*at]);
            }
            calls.len()
        })
    }

    /// The bindings of the event's own number, then those of ALL.
    fn wanting<'a>(&self, nodes: &'a [Vec<Arc<Node>>], event: &Event) -> Vec<&'a Node> {
        let (own, all) = (event.id(), self.names.all());
        let lists = if own == all { vec![all] } else { vec![own, all] };
        let lists = lists.into_iter().filter_map(|number| nodes.get(number as usize));
        lists.flatten().map(AsRef::as_ref).filter(|node| matches(event, node, all)).collect()
    }

    /// Adds a binding and returns its handle; `None` if there is no such event number.
    pub fn bind(
        &self,
        event_id: c_int,
        subclass: Option<&[u8]>,
        callback: switch_event_callback_t,
        user_data: *mut c_void,
    ) -> Option<*const Node> {
        if event_id < 0 || event_id > self.names.all() {
            return None;
        }
        forbid_in_callback("bind");
        let node = Arc::new(Node { event_id, subclass: subclass.map(<[u8]>::to_vec), callback, user_data });
        let handle = Arc::as_ptr(&node);
        self.nodes.write()[event_id as usize].insert(0, node);
        Some(handle)
    }

    /// Takes a binding away, once no callback is running; false if it is not known.
    pub fn unbind(&self, handle: *const Node) -> bool {
        forbid_in_callback("unbind");
        let mut nodes = self.nodes.write();
        for list in nodes.iter_mut() {
            if let Some(i) = list.iter().position(|node| std::ptr::eq(Arc::as_ptr(node), handle)) {
                list.remove(i);
                return true;
            }
        }
        false
    }

    /// How many bindings there are.
    pub fn bindings(&self) -> usize {
        self.nodes.read().iter().map(Vec::len).sum()
    }

    /// Fired and delivered so far.
    pub fn counts(&self) -> (u64, u64) {
        (self.fired.load(SeqCst), self.delivered.load(SeqCst))
    }

    /// Waits until everything fired before the call has been delivered and freed; false when time ran out.
    pub fn wait_delivered(&self, timeout: Duration) -> bool {
        let target = self.fired.load(SeqCst);
        let deadline = Instant::now() + timeout;
        self.waiting.fetch_add(1, SeqCst);
        let mut guard = self.idle.0.lock();
        let mut done = self.delivered.load(SeqCst) >= target;
        while !done && !self.idle.1.wait_until(&mut guard, deadline).timed_out() {
            done = self.delivered.load(SeqCst) >= target;
        }
        drop(guard);
        self.waiting.fetch_sub(1, SeqCst);
        done || self.delivered.load(SeqCst) >= target
    }
}

fn forbid_in_callback(what: &str) {
    if IN_CALLBACK.get() {
        die(&format!("{what} from inside an event callback: in the core this is a deadlock"));
    }
}

/// The core's rule. A binding with no subclass takes the event with any subclass; `file:` and `func:` in place of
/// a subclass look at those headers, and if the header is missing only a binding on ALL matches.
fn matches(event: &Event, node: &Node, all: c_int) -> bool {
    let (on_all, wanted) = (node.event_id == all, node.subclass.as_deref());
    if on_all && wanted.is_none() {
        return true;
    }
    if !on_all && event.id() != node.event_id {
        return false;
    }
    let header_is = |name: &str, rest: &[u8]| event.header(name).map_or(on_all, |value| value == rest);
    match (event.subclass(), wanted) {
        (Some(_), Some(w)) if starts_with(w, "file:") => header_is("file", &w[5..]),
        (Some(_), Some(w)) if starts_with(w, "func:") => header_is("function", &w[5..]),
        (Some(has), Some(w)) => has == w,
        (_, None) => true,
        (None, Some(_)) => false,
    }
}

fn starts_with(text: &[u8], prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix.as_bytes()))
}

#[cfg(test)]
#[path = "dispatch_tests.rs"]
mod tests;
