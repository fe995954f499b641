//! The threads that carry messages, the connections' and the dispatch thread: what waits for a message must not run on
//! them, since nobody else would bring it.

use std::cell::Cell;

thread_local! {
    static CARRIES: Cell<bool> = const { Cell::new(false) };
}

/// The calling thread carries messages from now on.
pub fn mark() {
    CARRIES.set(true);
}

/// Whether the calling thread carries messages.
pub fn is_here() -> bool {
    CARRIES.get()
}
