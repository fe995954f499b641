//! Subscriptions that are made while the module runs: for messages that become events, and for answers that calls wait
//! for.
//!
//! They are subscribed again at each connect, as those of the configuration are, until they are ended or the module is
//! unloaded. Runs on the thread of whoever asks, and does not wait for the broker.

use super::Engine;
use super::control::ControlError;
use super::requests::Requests;
use super::subscription::{Listener, Purpose, Subscription};
use super::tree::Connection;
use crate::config;
use crate::mqtt::QoS;
use std::ffi::CString;
use std::sync::Arc;

/// How many there may be on one connection.
const MOST: usize = 1000;

impl Engine {
    /// Subscribes to a topic filter for someone who listens; if the same filter is listened to on this connection already,
    /// that subscription stays as it is.
    ///
    /// # Errors
    /// There is no such connection, its configuration cannot be used, or the filter is not valid.
    pub(super) fn listen_for_answers(
        &self,
        profile: &str,
        connection: &str,
        filter: &str,
        qos: QoS,
        requests: &Arc<Requests>,
    ) -> Result<Arc<Subscription>, ControlError> {
        let listener: Arc<dyn Listener> = Arc::<Requests>::clone(requests);
        self.hear(profile, connection, filter, qos, Purpose::Listener(listener))
    }

    /// Ends it, if `is_over` says so at a moment at which nobody else begins to listen.
    ///
    /// # Errors
    /// There is no such connection, or nobody listens to this filter on it.
    pub(super) fn stop_listening_for_answers(
        &self,
        profile: &str,
        connection: &str,
        filter: &str,
        is_over: impl FnOnce(&Connection) -> bool,
    ) -> Result<(), ControlError> {
        self.change_listening(profile, connection, |connection| {
            if is_over(connection) {
                connection.listening.lock().retain(|one| !one.is_for_answers(filter));
            }
            Ok(())
        })
    }

    /// Subscribes to a topic filter whose messages become events, `mosquitto::message`; whether the connection is up, so
    /// that the broker is asked now.
    ///
    /// # Errors
    /// There is no such connection, its configuration cannot be used, the filter is not valid, or the profile wants no such
    /// events.
    pub fn subscribe(
        &self,
        profile: &str,
        connection: &str,
        filter: &str,
        qos: QoS,
    ) -> Result<bool, ControlError> {
        let wanted = self.change(profile, |profile| Ok(profile.config.custom_events.message))?;
        if wanted == Some(false) {
            let why = "messages are no events in this profile: set event_message";
            return Err(ControlError::Impossible(why.to_owned()));
        }
        self.hear(profile, connection, filter, qos, Purpose::Events)?;
        self.change(profile, |profile| {
            Ok(profile.connection(connection).is_some_and(|one| one.shared.is_up()))
        })
    }

    /// Ends what [`Engine::subscribe`] began.
    ///
    /// # Errors
    /// There is no such connection, or no such subscription on it.
    pub fn unsubscribe(&self, profile: &str, connection: &str, filter: &str) -> Result<(), ControlError> {
        self.change_listening(profile, connection, |connection| {
            let mut listening = connection.listening.lock();
            let before = listening.len();
            let is_one = |one: &Subscription| {
                matches!(one.purpose, Purpose::Events) && one.filter.to_bytes() == filter.as_bytes()
            };
            listening.retain(|one| !is_one(one));
            if listening.len() == before { Err(ControlError::NotFound("subscription")) } else { Ok(()) }
        })
    }

    fn hear(
        &self,
        profile: &str,
        connection: &str,
        filter: &str,
        qos: QoS,
        purpose: Purpose,
    ) -> Result<Arc<Subscription>, ControlError> {
        let invalid = |why: &str| ControlError::Impossible(format!("the filter {why}"));
        config::check_filter(filter).map_err(invalid)?;
        let text = CString::new(filter).map_err(|_| invalid("holds a NUL"))?;
        let place = format!("profile \"{profile}\", connection \"{connection}\", filter \"{filter}\"");
        let made = Arc::new(Subscription::new(place, text, qos, purpose));
        self.change_listening(profile, connection, |connection| {
            if connection.client.is_none() {
                return Err(ControlError::Impossible(connection.shared.lifecycle.why()));
            }
            let mut listening = connection.listening.lock();
            let listens = matches!(made.purpose, Purpose::Listener(_));
            if let Some(same) = listening.iter().find(|one| listens && one.is_like(&made)) {
                return Ok(Arc::clone(same));
            }
            listening.retain(|one| !one.is_like(&made));
            if listening.len() >= MOST {
                let why =
                    format!("{MOST} filters are subscribed on this connection already: unsubscribe some");
                return Err(ControlError::Impossible(why));
            }
            listening.push(Arc::clone(&made));
            Ok(Arc::clone(&made))
        })
    }

    /// Changes what is listened to on one connection, and tells its broker.
    fn change_listening<T>(
        &self,
        profile: &str,
        connection: &str,
        change: impl FnOnce(&Connection) -> Result<T, ControlError>,
    ) -> Result<T, ControlError> {
        let _one_at_a_time = self.admin.lock();
        let (changed, connection, subscriptions) = self.change(profile, |profile| {
            let connection = profile.connection(connection).ok_or(ControlError::NotFound("connection"))?;
            let changed = change(connection)?;
            Ok((changed, Arc::clone(connection), profile.subscriptions(&connection.config.name)))
        })?;
        connection.subscribe_to(subscriptions);
        Ok(changed)
    }
}
