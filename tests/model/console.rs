//! What is typed on the console, what is answered, and what it means for the model.

use crate::model::{Account, Connection, Model, Profile};
use crate::operations::{Operation, Target};
use crate::world::{LINES, WORLD};

const NOBODY: &str = "none";

fn profile_name(place: usize) -> &'static str {
    WORLD.get(place).map_or(NOBODY, |profile| profile.name)
}

impl Target {
    /// How the console calls it; `None`: the profile itself.
    fn noun(self) -> Option<(&'static str, &'static str)> {
        // Both profiles have the same names.
        let world = &WORLD[0];
        match self {
            Self::Profile => None,
            Self::Connection(at) => {
                Some(("connection", world.connections.get(at).map_or(NOBODY, |one| one.0)))
            }
            Self::Publisher(at) => Some(("publisher", world.publishers.get(at).map_or(NOBODY, |one| one.0))),
            Self::Subscriber(at) => {
                Some(("subscriber", world.subscribers.get(at).map_or(NOBODY, |one| one.0)))
            }
        }
    }
}

/// The command's word, its profile and what it is about; `None`: no command about a profile.
fn command(operation: Operation) -> Option<(&'static str, &'static str, Target)> {
    let (word, profile, target) = match operation {
        Operation::Enable(true, profile, target) => ("enable", profile, target),
        Operation::Enable(false, profile, target) => ("disable", profile, target),
        Operation::Remove(profile, target) => ("remove", profile, target),
        Operation::Connect(profile, connection) => ("connect", profile, Target::Connection(connection)),
        Operation::Disconnect(profile, connection, _) => {
            ("disconnect", profile, Target::Connection(connection))
        }
        Operation::Line(_) | Operation::Fire(_) | Operation::Broker(..) | Operation::Message(..) => {
            return None;
        }
    };
    Some((word, profile_name(profile), target))
}

/// What is typed after `mosquitto`.
pub fn line(operation: Operation) -> String {
    let Some((word, profile, target)) = command(operation) else {
        let Operation::Line(line) = operation else { panic!("{operation:?} is not typed") };
        return LINES[line].0.to_owned();
    };
    let target = target.noun().map(|(noun, name)| format!(" {noun} {name}")).unwrap_or_default();
    let last = match operation {
        Operation::Disconnect(_, _, Some(true)) => " enable",
        Operation::Disconnect(_, _, Some(false)) => " disable",
        _ => "",
    };
    format!("{word} profile {profile}{target}{last}")
}

impl Model {
    /// Does what the line says; the answer.
    pub fn console(&mut self, operation: Operation) -> String {
        let Some((word, profile, target)) = command(operation) else {
            let Operation::Line(line) = operation else { panic!("{operation:?} is not typed") };
            return LINES[line].1.to_owned();
        };
        let start = format!("mosquitto {word} profile {profile}");
        let subject = match target.noun() {
            None => start.clone(),
            Some((noun, name)) if word == "remove" => format!("{start} {noun}: {name}"),
            Some((noun, name)) => format!("{start} {noun} {name}"),
        };
        let Some(at) = self.profiles.iter().position(|one| one.name == profile) else {
            let subject = if word == "remove" { subject } else { start };
            return format!("{subject} failed: profile not found\n");
        };
        let result = match operation {
            Operation::Enable(on, ..) => self.profiles[at].enable(target, on),
            Operation::Connect(..) => self.profiles[at].connect(target),
            Operation::Disconnect(_, _, on) => self.profiles[at].disconnect(target, on),
            _ => self.remove(at, target),
        };
        match result {
            Ok(()) if word == "remove" && target != Target::Profile => format!("{subject} completed\n"),
            Ok(()) => format!("{subject} successful\n"),
            Err(why) => format!("{subject} failed: {why}\n"),
        }
    }

    fn remove(&mut self, at: usize, target: Target) -> Result<(), String> {
        let profile = &mut self.profiles[at];
        let gone = match target {
            Target::Profile => self.profiles.remove(at).connections,
            Target::Connection(_) => {
                let at = place(&profile.connections, |one| one.name, target)?;
                vec![profile.connections.remove(at)]
            }
            Target::Publisher(_) => {
                profile.publishers.remove(place(&profile.publishers, |one| one.name, target)?);
                Vec::new()
            }
            Target::Subscriber(_) => {
                profile.subscribers.remove(place(&profile.subscribers, |one| one.name, target)?);
                Vec::new()
            }
        };
        for Connection { account, waiting, .. } in gone {
            let removed = account.removed + waiting.len() as u64;
            self.retired = self.retired.plus(Account { removed, ..account });
        }
        Ok(())
    }
}

impl Profile {
    fn connection(&mut self, target: Target) -> Result<&mut Connection, String> {
        let at = place(&self.connections, |one| one.name, target)?;
        Ok(&mut self.connections[at])
    }

    fn enable(&mut self, target: Target, on: bool) -> Result<(), String> {
        match target {
            Target::Profile => self.enabled = on,
            Target::Connection(_) => {
                let connection = self.connection(target)?;
                connection.enabled = on;
                connection.disconnected &= !on;
            }
            Target::Publisher(_) => {
                let at = place(&self.publishers, |one| one.name, target)?;
                self.publishers[at].enabled = on;
            }
            Target::Subscriber(_) => {
                let at = place(&self.subscribers, |one| one.name, target)?;
                self.subscribers[at].enabled = on;
            }
        }
        Ok(())
    }

    fn connect(&mut self, target: Target) -> Result<(), String> {
        let enabled = self.enabled;
        let connection = self.connection(target)?;
        if !enabled || !connection.enabled {
            return Err("it is disabled: enable it first".to_owned());
        }
        connection.disconnected = false;
        Ok(())
    }

    fn disconnect(&mut self, target: Target, on: Option<bool>) -> Result<(), String> {
        let connection = self.connection(target)?;
        connection.disconnected = true;
        connection.enabled = on.unwrap_or(connection.enabled);
        Ok(())
    }
}

/// Where the target is among these, or that it is not.
fn place<T>(all: &[T], name_of: impl Fn(&T) -> &str, target: Target) -> Result<usize, String> {
    let (noun, name) = target.noun().expect("something in a profile");
    all.iter().position(|one| name_of(one) == name).ok_or_else(|| format!("{noun} not found"))
}
