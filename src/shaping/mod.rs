//! What a publisher's topic makes of an event: where it goes, whether it goes, what is sent of it, and how often.
//!
//! Pure: no files, no threads, no FreeSWITCH, no MQTT. `config` reads the parameters with the parsers in here, so that
//! what is wrong in them is said at load; the event callback runs what they make, which therefore neither fails, nor
//! waits, nor takes longer than its input is long.

pub mod condition;
pub mod headers;
pub mod rate;
pub mod template;
pub mod typed;

#[cfg(test)]
mod template_tests;

pub use condition::{Check, Condition};
pub use headers::HeaderChoice;
pub use rate::{Limiter, Rate};
pub use template::{Template, TemplateError};
