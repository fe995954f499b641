//! What a binding gets, and when unbind returns.

use super::*;
use crate::cstr;
use crate::names::CoreVersion;
use freeswitch_sys::switch_event_t;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

fn system(queue: usize) -> Arc<EventSystem> {
    EventSystem::start(EventNames::new(CoreVersion::V1_11), queue)
}

/// What a callback of these tests leaves in its user data.
#[derive(Default)]
struct Seen(Mutex<Vec<String>>);

impl Seen {
    fn data(&self) -> *mut c_void {
        (&raw const *self).cast_mut().cast()
    }

    fn take(&self, system: &EventSystem) -> Vec<String> {
        assert!(system.wait_delivered(Duration::from_secs(10)));
        std::mem::take(&mut *self.0.lock())
    }
}

unsafe extern "C" fn note(event: *mut switch_event_t) {
    // SAFETY: the event is alive during the callback; its user data is a Seen that outlives the binding.
    let (seen, subclass) =
        unsafe { (&*(*event).bind_user_data.cast::<Seen>(), cstr::text((*event).subclass_name)) };
    seen.0.lock().push(subclass);
}

fn custom(system: &EventSystem, subclass: &str) -> Event {
    let mut event = Event::new(system.names.number("CUSTOM").unwrap());
    event.set_subclass(subclass.as_bytes());
    event
}

#[test]
fn bound_to_x_and_to_all_an_event_arrives_twice() {
    let (system, x, all) = (system(10), Seen::default(), Seen::default());
    let number = system.names.number("CODEC").unwrap();
    system.bind(number, None, note, x.data()).unwrap();
    system.bind(system.names.all(), None, note, all.data()).unwrap();
    system.fire(Event::new(number));
    system.fire(Event::new(number + 1));
    assert_eq!(x.take(&system).len(), 1);
    assert_eq!(all.take(&system).len(), 2);
}

#[test]
fn a_subclass_is_matched_exactly_and_no_subclass_takes_every_one() {
    let (system, any, one, all_one) = (system(10), Seen::default(), Seen::default(), Seen::default());
    let number = system.names.number("CUSTOM").unwrap();
    system.bind(number, None, note, any.data()).unwrap();
    system.bind(number, Some(b"conference::maintenance"), note, one.data()).unwrap();
    system.bind(system.names.all(), Some(b"conference::maintenance"), note, all_one.data()).unwrap();
    system.fire(custom(&system, "conference::maintenance"));
    system.fire(custom(&system, "Conference::Maintenance"));
    system.fire(Event::new(number));
    system.fire(Event::new(system.names.number("CODEC").unwrap()));
    assert_eq!(any.take(&system).len(), 3);
    assert_eq!(one.take(&system), ["conference::maintenance"]);
    assert_eq!(all_one.take(&system), ["conference::maintenance"]);
}

#[test]
fn events_arrive_in_the_order_in_which_they_were_fired() {
    let (system, seen) = (system(4), Seen::default());
    system.bind(system.names.all(), None, note, seen.data()).unwrap();
    for i in 0..100 {
        system.fire(custom(&system, &i.to_string()));
    }
    assert_eq!(seen.take(&system), (0..100).map(|i| i.to_string()).collect::<Vec<_>>());
}

#[test]
fn after_unbind_nothing_arrives() {
    let (system, seen) = (system(10), Seen::default());
    let node = system.bind(system.names.all(), None, note, seen.data()).unwrap();
    assert!(system.unbind(node));
    assert!(!system.unbind(node));
    system.fire(Event::new(3));
    assert!(seen.take(&system).is_empty());
    assert_eq!(system.bind(system.names.all() + 1, None, note, seen.data()), None);
}

/// A callback that runs until it is let go.
#[derive(Default)]
struct Gate {
    entered: AtomicBool,
    open: AtomicBool,
}

unsafe extern "C" fn hold(event: *mut switch_event_t) {
    // SAFETY: the event is alive during the callback; its user data is a Gate that outlives the binding.
    let gate = unsafe { &*(*event).bind_user_data.cast::<Gate>() };
    gate.entered.store(true, SeqCst);
    while !gate.open.load(SeqCst) {
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn wait_for(flag: &AtomicBool) {
    while !flag.load(SeqCst) {
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn unbind_waits_for_a_running_callback() {
    let (system, gate) = (system(10), Gate::default());
    let node = system.bind(3, None, hold, (&raw const gate).cast_mut().cast()).unwrap();
    let (address, unbound) = (node.addr(), AtomicBool::new(false));
    system.fire(Event::new(3));
    wait_for(&gate.entered);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            assert!(system.unbind(std::ptr::without_provenance(address)));
            unbound.store(true, SeqCst);
        });
        std::thread::sleep(Duration::from_millis(50));
        assert!(!unbound.load(SeqCst), "unbind returned while the callback was running");
        gate.open.store(true, SeqCst);
        wait_for(&unbound);
    });
}

#[test]
fn firing_blocks_while_the_queue_is_full() {
    let (system, gate) = (system(2), Gate::default());
    system.bind(3, None, hold, (&raw const gate).cast_mut().cast()).unwrap();
    system.fire(Event::new(3));
    wait_for(&gate.entered);
    let fired = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            (0..3).for_each(|_| system.fire(Event::new(3)));
            fired.store(true, SeqCst);
        });
        std::thread::sleep(Duration::from_millis(50));
        assert!(!fired.load(SeqCst), "the third event fitted in a queue of two");
        gate.open.store(true, SeqCst);
        wait_for(&fired);
    });
    assert!(system.wait_delivered(Duration::from_secs(10)));
    assert_eq!(system.counts(), (4, 4));
}
