//! What the console changes while the module runs: enable, disable, remove, connect, disconnect.
//!
//! Runs on the thread of whoever asks, one change at a time. The tree is changed under its lock; what follows from the
//! change (routes, bindings, connections, subscriptions) is done after the lock has been let go, since it calls the core
//! and libmosquitto.

use super::lifecycle::Wanted;
use super::tree::{Connection, Profile};
use super::{DropReason, Engine};
use crate::logging;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;

/// What a command is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target<'a> {
    /// The profile as a whole.
    Profile,
    /// One of its connections.
    Connection(&'a str),
    /// One of its publishers.
    Publisher(&'a str),
    /// One of its subscribers.
    Subscriber(&'a str),
}

/// Why a command did nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ControlError {
    /// There is no such profile.
    NoProfile,
    /// There is no such connection, publisher or subscriber; the word says which.
    NotFound(&'static str),
    /// It cannot be done now.
    Impossible(String),
}

impl fmt::Display for ControlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoProfile => f.write_str("profile not found"),
            Self::NotFound(what) => write!(f, "{what} not found"),
            Self::Impossible(why) => f.write_str(why),
        }
    }
}

impl Engine {
    /// Enables or disables.
    ///
    /// # Errors
    /// There is no such thing.
    pub fn set_enabled(&self, profile: &str, target: Target<'_>, enable: bool) -> Result<(), ControlError> {
        let _one_at_a_time = self.admin.lock();
        self.change(profile, |profile| match target {
            Target::Profile => {
                profile.config.enable = enable;
                Ok(())
            }
            Target::Connection(name) => {
                let connection = profile.connection(name).ok_or(ControlError::NotFound("connection"))?;
                if enable && connection.client.is_none() {
                    return Err(ControlError::Impossible(connection.shared.lifecycle.why()));
                }
                connection.enabled.store(enable, SeqCst);
                connection.disconnected.fetch_and(!enable, SeqCst);
                Ok(())
            }
            Target::Publisher(name) => {
                let mut publishers = profile.publishers.iter_mut();
                let publisher = publishers.find(|publisher| publisher.config.name == name);
                publisher.ok_or(ControlError::NotFound("publisher"))?.config.enable = enable;
                Ok(())
            }
            Target::Subscriber(name) => {
                let mut subscribers = profile.subscribers.iter_mut();
                let subscriber = subscribers.find(|subscriber| subscriber.config.name == name);
                subscriber.ok_or(ControlError::NotFound("subscriber"))?.config.enable = enable;
                Ok(())
            }
        })?;
        self.apply();
        Ok(())
    }

    /// Connects now: ends a wait, starts over after the last retry, undoes a disconnect.
    ///
    /// # Errors
    /// There is no such connection, or it is disabled, or its configuration cannot be used.
    pub fn connect(&self, profile: &str, name: &str) -> Result<(), ControlError> {
        let _one_at_a_time = self.admin.lock();
        let connection = self.change(profile, |profile| {
            let connection = profile.connection(name).ok_or(ControlError::NotFound("connection"))?;
            if connection.client.is_none() {
                return Err(ControlError::Impossible(connection.shared.lifecycle.why()));
            }
            if !profile.config.enable || !connection.enabled.load(SeqCst) {
                return Err(ControlError::Impossible("it is disabled: enable it first".to_owned()));
            }
            connection.disconnected.store(false, SeqCst);
            Ok(Arc::clone(connection))
        })?;
        // The first time, there is no thread yet, and no route to it.
        self.apply();
        connection.shared.lifecycle.want(Wanted::Up);
        Ok(())
    }

    /// Disconnects until `connect` or `enable`, and says whether the connection is enabled then.
    ///
    /// # Errors
    /// There is no such connection.
    pub fn disconnect(&self, profile: &str, name: &str, enable: Option<bool>) -> Result<(), ControlError> {
        let _one_at_a_time = self.admin.lock();
        self.change(profile, |profile| {
            let connection = profile.connection(name).ok_or(ControlError::NotFound("connection"))?;
            connection.disconnected.store(true, SeqCst);
            if let Some(enable) = enable {
                connection.enabled.store(enable, SeqCst);
            }
            Ok(())
        })?;
        self.apply();
        Ok(())
    }

    /// Removes. What waits for a connection that goes is dropped and counted.
    ///
    /// # Errors
    /// There is no such thing.
    pub fn remove(&self, profile: &str, target: Target<'_>) -> Result<(), ControlError> {
        let _one_at_a_time = self.admin.lock();
        let gone = self.detach(profile, target)?;
        self.apply();
        self.end(&gone);
        for connection in &gone {
            connection.shared.close(DropReason::Removed);
        }
        self.retired.lock().extend(gone);
        Ok(())
    }

    /// Takes the target out of the tree; what comes back are the connections that go with it.
    fn detach(&self, name: &str, target: Target<'_>) -> Result<Vec<Arc<Connection>>, ControlError> {
        if target == Target::Profile {
            logging::remove_profile(name);
            let mut profiles = self.profiles.lock();
            let at = profiles.iter().position(|profile| profile.config.name == name);
            let removed = profiles.remove(at.ok_or(ControlError::NoProfile)?);
            drop(profiles);
            removed.xml_bindings.iter().for_each(|binding| binding.end());
            return Ok(removed.connections);
        }
        self.change(name, |profile| match target {
            Target::Profile => Ok(Vec::new()),
            Target::Connection(name) => {
                let mut connections = profile.connections.iter();
                let at = connections.position(|connection| connection.config.name == name);
                Ok(vec![profile.connections.remove(at.ok_or(ControlError::NotFound("connection"))?)])
            }
            Target::Publisher(name) => {
                let at = profile.publishers.iter().position(|publisher| publisher.config.name == name);
                profile.publishers.remove(at.ok_or(ControlError::NotFound("publisher"))?);
                Ok(Vec::new())
            }
            Target::Subscriber(name) => {
                let at = profile.subscribers.iter().position(|subscriber| subscriber.config.name == name);
                profile.subscribers.remove(at.ok_or(ControlError::NotFound("subscriber"))?);
                Ok(Vec::new())
            }
        })
    }

    pub(super) fn change<T>(
        &self,
        name: &str,
        change: impl FnOnce(&mut Profile) -> Result<T, ControlError>,
    ) -> Result<T, ControlError> {
        let mut profiles = self.profiles.lock();
        let profile = profiles.iter_mut().find(|profile| profile.config.name == name);
        change(profile.ok_or(ControlError::NoProfile)?)
    }
}
