//! A FreeSWITCH that does nothing but remember what it was asked to run.

use mod_mosquitto::host::{Binder, EventNumber, Host, Interest, NewEvent, Turn};
use std::sync::Mutex;

/// The host of the console.
#[derive(Default)]
pub struct Switch {
    ran: Mutex<Vec<(String, String)>>,
}

impl Switch {
    /// What it answers to every command.
    pub const ANSWER: &str = "+OK Job-UUID: 1\n";

    /// What was run since the last time, with its arguments.
    pub fn ran(&self) -> Vec<(String, String)> {
        std::mem::take(&mut *self.ran.lock().expect("no panic before"))
    }
}

impl Host for Switch {
    fn event_number(&self, name: &str) -> Option<EventNumber> {
        (name != "CERT_RELOAD").then_some(EventNumber(1))
    }

    fn hostname(&self) -> String {
        "host".to_owned()
    }

    fn switchname(&self) -> String {
        "switch".to_owned()
    }

    fn log_dir(&self) -> String {
        "/nowhere".to_owned()
    }

    fn configuration(&self) -> Result<String, String> {
        Ok(include_str!("command_line.xml").to_owned())
    }

    fn execute(&self, command: &str, arguments: &str) -> Result<String, String> {
        self.ran.lock().expect("no panic before").push((command.to_owned(), arguments.to_owned()));
        Ok(Self::ANSWER.to_owned())
    }

    fn fire(&self, event: &NewEvent) -> Result<(), String> {
        Err(format!("no {}", event.name))
    }

    fn thread_started(&self, _: Turn) {}
}

/// Binds nothing.
pub struct NoEvents;

impl Binder for NoEvents {
    fn bind(&mut self, _interests: &[Interest]) -> Vec<Interest> {
        Vec::new()
    }
}
