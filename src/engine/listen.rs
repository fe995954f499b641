//! Subscriptions that are made while the module runs, for someone in the module who listens.
//!
//! They are subscribed again at each connect, as those of the configuration are. Runs on the thread of whoever asks.

use super::Engine;
use super::control::ControlError;
use super::subscription::{Listener, Purpose, Subscription};
use crate::config;
use crate::mqtt::QoS;
use std::ffi::CString;
use std::sync::Arc;

impl Engine {
    /// Subscribes to a topic filter; what listens to the same filter on this connection already is replaced.
    ///
    /// # Errors
    /// There is no such connection, its configuration cannot be used, or the filter is not valid.
    pub fn listen(
        &self,
        profile: &str,
        connection: &str,
        filter: &str,
        qos: QoS,
        listener: Arc<dyn Listener>,
    ) -> Result<(), ControlError> {
        let invalid = |why: &str| ControlError::Impossible(format!("the filter {why}"));
        config::check_filter(filter).map_err(invalid)?;
        let text = CString::new(filter).map_err(|_| invalid("holds a NUL"))?;
        let place = format!("profile \"{profile}\", connection \"{connection}\", filter \"{filter}\"");
        let made = Arc::new(Subscription::new(place, text, qos, Purpose::Listener(listener)));
        let _one_at_a_time = self.admin.lock();
        self.change(profile, |profile| {
            let connection = profile.connection(connection).ok_or(ControlError::NotFound("connection"))?;
            if connection.client.is_none() {
                return Err(ControlError::Impossible(connection.shared.lifecycle.why()));
            }
            let mut listening = connection.listening.lock();
            listening.retain(|one| one.filter != made.filter);
            listening.push(made);
            Ok(())
        })?;
        self.apply();
        Ok(())
    }

    /// Ends what [`Engine::listen`] began.
    ///
    /// # Errors
    /// There is no such connection, or nobody listens to this filter on it.
    pub fn stop_listening(&self, profile: &str, connection: &str, filter: &str) -> Result<(), ControlError> {
        let _one_at_a_time = self.admin.lock();
        self.change(profile, |profile| {
            let connection = profile.connection(connection).ok_or(ControlError::NotFound("connection"))?;
            let mut listening = connection.listening.lock();
            let before = listening.len();
            listening.retain(|one| one.filter.to_bytes() != filter.as_bytes());
            if listening.len() == before { Err(ControlError::NotFound("subscription")) } else { Ok(()) }
        })?;
        self.apply();
        Ok(())
    }
}
