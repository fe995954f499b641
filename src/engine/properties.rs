//! What MQTT 5 sends along with a topic's messages: message expiry, content type, payload format, user properties.

use crate::config;
use crate::mqtt::{Error, Properties, PublishProperties};
use std::ffi::CString;
use std::time::{Duration, Instant};

/// The properties of one topic's messages.
#[derive(Debug)]
pub struct TopicProperties {
    /// Those of a message that goes out at once: the same list for all of them.
    fresh: Properties,
    wanted: PublishProperties,
}

impl TopicProperties {
    /// The properties that a topic's configuration asks for.
    ///
    /// # Errors
    /// A text that MQTT cannot carry, or what libmosquitto refuses; for the operator.
    pub fn new(config: &config::PublisherTopic) -> Result<Self, String> {
        let content_type = config.content_type.as_deref().map(CString::new).transpose();
        let content_type = content_type.map_err(|_| "content_type contains a NUL character".to_owned())?;
        Self::of(PublishProperties {
            message_expiry: config.message_expiry,
            payload_format: config.payload_format,
            content_type,
            user: user_properties(&config.user_properties)?,
            ..PublishProperties::default()
        })
    }

    /// These properties.
    ///
    /// # Errors
    /// What libmosquitto refuses; for the operator.
    pub fn of(wanted: PublishProperties) -> Result<Self, String> {
        let fresh = Properties::for_publish(&wanted);
        let fresh = fresh.map_err(|error| format!("libmosquitto refused the properties: {error}"))?;
        Ok(Self { fresh, wanted })
    }

    /// Those of every message that has not waited.
    pub fn fresh(&self) -> &Properties {
        &self.fresh
    }

    /// Those of a message that has waited here, and is too old at `expires`: the broker is told how long it still has.
    /// `None`: it has not waited for as much as a second of its `expiry`.
    ///
    /// # Errors
    /// No memory.
    pub fn waited(
        &self,
        expiry: Duration,
        expires: Instant,
        now: Instant,
    ) -> Result<Option<Properties>, Error> {
        let left = expires.saturating_duration_since(now).as_secs_f64().ceil() as u32;
        if u64::from(left) >= expiry.as_secs() {
            return Ok(None);
        }
        let left = PublishProperties { message_expiry: Some(left), ..self.wanted.clone() };
        Properties::for_publish(&left).map(Some)
    }
}

/// The configuration's user properties, for libmosquitto.
///
/// # Errors
/// One of them contains a NUL character.
pub fn user_properties(list: &[config::UserProperty]) -> Result<Vec<(CString, CString)>, String> {
    let pair = |one: &config::UserProperty| {
        Ok((CString::new(one.name.as_str())?, CString::new(one.value.as_str())?))
    };
    let pairs: Result<Vec<_>, std::ffi::NulError> = list.iter().map(pair).collect();
    pairs.map_err(|_| "a user_property contains a NUL character".to_owned())
}
