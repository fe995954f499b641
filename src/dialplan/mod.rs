//! What the dialplan's applications do: publish, ask, and tell the call what came of it, in channel variables.
//!
//! Runs on the call's own thread. An answer was written by a stranger: it is only ever the value of a variable, and what
//! could be expanded in one is refused.

mod answer;

pub use answer::{forget as forget_answer, set as set_answer};

use crate::cli::message::{self, Line, number, option, qos};
use crate::engine::{Engine, NoAnswer, Pending, Request};
use crate::host::{Call, fit_for_a_variable};
use crate::mqtt::QoS;
use crate::text::escape;
use std::time::Duration;

/// What came of an application: `+OK`, or `-ERR` and why not.
const RESULT: &str = "mosquitto_result";
/// How long an answer may take if nobody says.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest time that may be said, milliseconds.
const LONGEST: u32 = 600_000;

/// Publishes what the arguments of `mosquitto_publish` say.
///
/// # Errors
/// What is wrong with them, for people.
pub fn publish(arguments: &str, engine: &Engine) -> Result<(), String> {
    message::send(arguments, engine).map(drop)
}

/// Asks what the arguments of `mosquitto_request` say.
///
/// # Errors
/// What is wrong with them, for people.
pub fn ask(arguments: &str, engine: &Engine) -> Result<Pending, String> {
    let line = Line::read(arguments).ok_or("no -- before the payload")?;
    let (profile, connection, topic, options) = line.parts()?;
    let mut request = Request {
        topic: topic.to_owned(),
        payload: line.payload.as_bytes().to_vec(),
        qos: QoS::AtMostOnce,
        response: None,
        id: None,
        patience: PATIENCE,
    };
    for word in options {
        match option(word)? {
            ("timeout", value) => {
                let milliseconds = number("timeout", value, 1..=LONGEST)?;
                request.patience = Duration::from_millis(milliseconds.into());
            }
            ("qos", value) => request.qos = qos(value)?,
            ("response", value) => request.response = Some(value.to_owned()),
            ("id", value) => request.id = Some(value.to_owned()),
            (name, _) => {
                return Err(format!("there is no option \"{name}\": timeout, qos, response, id"));
            }
        }
    }
    engine.request(profile, connection, request)
}

/// Waits for the answer for as long as the call goes on.
///
/// # Errors
/// There is none.
pub fn wait(pending: &Pending, call: &dyn Call) -> Result<Vec<u8>, NoAnswer> {
    pending.wait(|| call.is_ready())
}

/// Tells the call what came of it.
pub fn set_result(call: &dyn Call, result: Result<(), String>) {
    let text = match &result {
        Ok(()) => "+OK".to_owned(),
        Err(why) => format!("-ERR {}", escape(why)),
    };
    let text = if fit_for_a_variable(&text) { &text } else { "-ERR wrong arguments" };
    call.set_variable(RESULT, Some(text));
}
