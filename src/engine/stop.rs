//! Stopping: one connection, some of them, or everything.

use super::ledger::DropReason;
use super::lifecycle::Wanted;
use super::tree::Connection;
use super::{Account, Engine};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long an unload goes on sending what waits, if a broker takes it.
const FLUSH: Duration = Duration::from_millis(400);
/// How long a broker gets to acknowledge the farewells, and then once more to take the DISCONNECT.
const FAREWELL: Duration = Duration::from_millis(150);
/// How long all threads together get to end after that.
const JOIN: Duration = Duration::from_millis(850);

/// What an [`Engine::stop`] came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopped {
    /// The accounts at the end.
    pub account: Account,
    /// The threads that did not end in time, and were left behind.
    pub left_behind: Vec<String>,
}

impl Engine {
    /// Stops everything, in every state of the brokers within about one second and the time that the flush takes. A
    /// thread that does not end is left behind.
    pub fn stop(&self) -> Stopped {
        let _one_at_a_time = self.admin.lock();
        // Calls that wait for answers go on at once.
        for connection in self.connections() {
            connection.requests.end();
        }
        self.binder.lock().bind(&[]);
        self.jobs.answers.close();
        self.flush();
        let connections = self.connections();
        self.end(&connections);
        self.dispatch.stop();
        // Full: the thread is going to wake up anyway.
        let _already_awake = self.wake.try_send(());
        let mut left_behind = Vec::new();
        // After the connections, whose ends are events.
        left_behind.extend(self.announcements.stop(FAREWELL).err());
        if let Some(thread) = self.dispatch_thread.lock().take() {
            left_behind.extend(thread.join(JOIN).err());
        }
        self.dispatch.spread_the_rest();
        for connection in &connections {
            connection.shared.close(DropReason::Unload);
        }
        let retired = self.retired.lock();
        for connection in connections.iter().chain(&*retired) {
            // What is still here has had its time.
            let thread = connection.thread.lock().take();
            let ended = thread.map(|thread| thread.join_until(Instant::now()));
            left_behind.extend(ended.and_then(Result::err).map(|thread| thread.name().to_owned()));
        }
        drop(retired);
        Stopped { account: self.account(), left_behind }
    }

    /// Waits while messages go out, but not for long.
    fn flush(&self) {
        let end = Instant::now() + FLUSH;
        let connections = self.connections();
        let up = || connections.iter().any(|connection| connection.shared.is_up());
        let drained = || {
            self.dispatch.is_queue_empty()
                && connections.iter().all(|connection| connection.shared.is_drained())
        };
        while up() && !drained() && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Ends connections for good, and joins their threads. One that does not end stays in its connection.
    pub(super) fn end(&self, connections: &[Arc<Connection>]) {
        let connections: Vec<&Connection> = connections.iter().map(|connection| &**connection).collect();
        for connection in &connections {
            connection.requests.end();
            connection.shared.lifecycle.want(Wanted::Gone);
        }
        disconnect(&connections);
        let end = Instant::now() + JOIN;
        for connection in connections {
            let Some(thread) = connection.thread.lock().take() else { continue };
            *connection.thread.lock() = thread.join_until(end).err();
        }
    }
}

/// Disconnects, in whatever state the connections are: says DISCONNECT where there is a broker to take it, and cuts the
/// connection where there is none, or where it does not.
pub fn disconnect(connections: &[&Connection]) {
    let clients =
        || connections.iter().filter_map(|connection| Some((*connection, connection.client.as_ref()?)));
    let accepted = |connection: &Connection| connection.shared.lifecycle.is_accepted();
    for (connection, client) in clients().filter(|(connection, _)| accepted(connection)) {
        connection.shared.presence.say_farewell(client);
    }
    wait_while(|| clients().any(|(one, _)| accepted(one) && one.shared.presence.is_saying_farewell()));
    for (_, client) in clients() {
        client.disconnect();
    }
    wait_while(|| clients().any(|(connection, _)| accepted(connection)));
    for (_, client) in clients() {
        client.abort();
    }
}

/// Waits for the broker, but not for long.
fn wait_while(condition: impl Fn() -> bool) {
    let end = Instant::now() + FAREWELL;
    while condition() && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(1));
    }
}
