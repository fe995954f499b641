//! Bindings of an event sink in the core.
#![allow(unsafe_code)]

use super::event::CoreEvent;
use crate::host::{Binder, EventNumber, EventSink, Interest};
use crate::panics::guard;
use freeswitch_sys as sys;
use std::ffi::CString;
use std::ptr;
use std::sync::Arc;

/// The bindings of one sink. The sink is dropped after the last of them is gone.
pub struct Bindings<S: EventSink> {
    bound: Vec<(Interest, Node)>,
    sink: Arc<S>,
}

struct Node(*mut sys::switch_event_node_t);

// SAFETY: a handle of the core, whose functions may be called with it on any thread.
unsafe impl Send for Node {}

impl<S: EventSink> Bindings<S> {
    /// No bindings yet.
    pub fn new(sink: Arc<S>) -> Self {
        Self { bound: Vec::new(), sink }
    }

    fn bind_one(&self, interest: &Interest) -> Option<Node> {
        let subclass = interest.subclass.as_deref().map(CString::new).transpose().ok()?;
        let EventNumber(number) = interest.number;
        let mut node = ptr::null_mut();
        // SAFETY: the strings live for the call and are copied; the sink behind the user data lives until the binding is
        // gone, and unbinding waits for callbacks that are running.
        let status = unsafe {
            sys::switch_event_bind_removable(
                c"mod_mosquitto".as_ptr(),
                number,
                subclass.as_ref().map_or(ptr::null(), |subclass| subclass.as_ptr()),
                on_event::<S>,
                Arc::as_ptr(&self.sink).cast_mut().cast(),
                &mut node,
            )
        };
        (status == sys::SWITCH_STATUS_SUCCESS).then_some(Node(node))
    }
}

impl Node {
    fn unbind(mut self) {
        // SAFETY: a binding that is still there, and is forgotten here. The only way to fail is that the core has lost it
        // already, at its own shutdown.
        unsafe { sys::switch_event_unbind(&mut self.0) };
    }
}

impl<S: EventSink> Binder for Bindings<S> {
    fn bind(&mut self, interests: &[Interest]) -> Vec<Interest> {
        let (kept, gone): (Vec<_>, Vec<_>) =
            self.bound.drain(..).partition(|(interest, _)| interests.contains(interest));
        self.bound = kept;
        for (_, node) in gone {
            node.unbind();
        }
        let mut refused = Vec::new();
        for interest in interests {
            if self.bound.iter().any(|(bound, _)| bound == interest) {
                continue;
            }
            match self.bind_one(interest) {
                Some(node) => self.bound.push((interest.clone(), node)),
                None => refused.push(interest.clone()),
            }
        }
        refused
    }
}

impl<S: EventSink> Drop for Bindings<S> {
    fn drop(&mut self) {
        self.bind(&[]);
    }
}

unsafe extern "C" fn on_event<S: EventSink>(raw: *mut sys::switch_event_t) {
    guard("the event callback", (), || {
        // SAFETY: the core lends the event for the length of the callback, with the user data of the binding.
        let (event, sink) = unsafe { (&*raw, &*(*raw).bind_user_data.cast::<S>()) };
        sink.event(&CoreEvent::new(event));
    });
}
