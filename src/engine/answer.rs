//! One answer to a command, and where it goes.

use super::sender::{Outgoing, Sender};
use super::subscription::Subscription;
use crate::commands::Command;
use crate::mqtt::{PublishProperties, QoS};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use std::ffi::{CStr, CString};
use std::fmt;
use std::sync::Arc;

/// The longest response topic and the longest correlation data, in bytes: many may wait.
pub const LONGEST: usize = 1_024;

/// Why a command gets no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAnswer {
    /// The response topic is none; why, continuing a sentence that begins with it.
    NoTopic(&'static str),
    /// The response topic or the correlation data are longer than [`LONGEST`].
    TooLong,
    /// No `response_allow` matches.
    NotAllowed,
    /// The module listens there itself.
    Loop,
    /// The connection has been removed meanwhile.
    NoConnection,
}

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoTopic(why) => write!(f, "the response topic {why}"),
            Self::TooLong => {
                write!(f, "the response topic or the correlation data are longer than {LONGEST} bytes")
            }
            Self::NotAllowed => f.write_str("no response_allow matches the response topic"),
            Self::Loop => f.write_str("the module itself is subscribed to the response topic"),
            Self::NoConnection => f.write_str("the connection is gone"),
        }
    }
}

/// Where an answer goes, and what it looks like there.
#[derive(Debug)]
pub struct Address {
    /// The connection that the command came by.
    pub sender: Sender,
    /// The response topic.
    pub topic: String,
    /// The QoS with which the command was delivered.
    pub qos: QoS,
    /// What the sender wants to see again (MQTT 5).
    pub correlation_data: Option<Vec<u8>>,
    /// What the payload is.
    pub form: Form,
    /// The topic that allowed the command; it counts.
    pub owner: Arc<Subscription>,
}

/// What the payload of an answer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// What FreeSWITCH said, as it is.
    Plain,
    /// An object that says what it is about.
    Json {
        /// `command` of the question.
        command: String,
        /// `correlation` of the question.
        correlation: Option<String>,
        /// Whether FreeSWITCH answers in JSON.
        is_json_api: bool,
    },
}

impl Form {
    /// That of the answer to this command.
    pub fn new(command: Option<&Command>) -> Self {
        let Some((command, reply)) = command.and_then(|command| Some((command, command.reply()?))) else {
            return Self::Plain;
        };
        let name = command.json_api().unwrap_or(command.kind().as_str());
        Self::Json {
            command: name.to_owned(),
            correlation: reply.correlation.clone(),
            is_json_api: command.json_api().is_some(),
        }
    }
}

/// What came of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer<'a> {
    /// What names the id: `Job-UUID`.
    pub id_name: &'static CStr,
    /// The id of the job, or of the event.
    pub id: &'a str,
    /// Whether it worked, as far as the answer says.
    pub ok: bool,
    /// What FreeSWITCH said.
    pub text: &'a [u8],
}

impl<'a> Answer<'a> {
    /// The result of a job.
    pub fn of_job(id: &'a str, command: &[u8], text: &'a [u8]) -> Self {
        let unknown = text.strip_prefix(command).is_some_and(|rest| rest == b": Command not found!\n");
        let failed = text.starts_with(b"-ERR") || text.starts_with(b"-USAGE") || unknown;
        Self { id_name: c"Job-UUID", id, ok: !failed, text }
    }

    /// What became of an event that was to be fired.
    pub fn of_event(id: &'a str, ok: bool, text: &'a [u8]) -> Self {
        Self { id_name: c"Event-UUID", id, ok, text }
    }
}

/// What `status` is.
fn status(ok: bool) -> &'static str {
    if ok { "ok" } else { "error" }
}

impl Address {
    /// Sends the answer. Never blocks.
    pub fn send(self, answer: &Answer<'_>) {
        let sent = self.outgoing(answer).is_some_and(|message| self.sender.publish(message).is_ok());
        if sent { self.count_sent() } else { self.count_lost() }
    }

    fn outgoing(&self, answer: &Answer<'_>) -> Option<Outgoing> {
        let (ok, payload, content_type) = match &self.form {
            Form::Plain => (answer.ok, answer.text.to_vec(), c"text/plain"),
            Form::Json { command, correlation, is_json_api } => {
                let api = if *is_json_api { api_answer(answer.text) } else { None };
                let ok = api.map_or(answer.ok, |(success, _)| success);
                let response = match api {
                    Some((_, text)) => text.to_owned(),
                    None => quoted(&String::from_utf8_lossy(answer.text)),
                };
                let correlation =
                    correlation.as_ref().map(|text| format!("\"correlation\":{},", quoted(text)));
                let text = format!(
                    "{{\"id\":{},{}\"status\":\"{}\",\"command\":{},\"response\":{response}}}",
                    quoted(answer.id),
                    correlation.unwrap_or_default(),
                    status(ok),
                    quoted(command),
                );
                (ok, text.into_bytes(), c"application/json")
            }
        };
        let (id, status) = (CString::new(answer.id).ok()?, CString::new(status(ok)).ok()?);
        let properties = PublishProperties {
            payload_format: std::str::from_utf8(&payload).is_ok(),
            content_type: Some(content_type.to_owned()),
            correlation_data: self.correlation_data.clone(),
            user: vec![(answer.id_name.to_owned(), id), (c"Status".to_owned(), status)],
            ..PublishProperties::default()
        };
        Some(Outgoing { topic: self.topic.clone(), payload, qos: self.qos, retain: false, properties })
    }

    /// There will be no answer.
    pub fn count_lost(&self) {
        if let Some(commands) = self.owner.commands() {
            commands.count_unanswered();
        }
    }

    fn count_sent(&self) {
        if let Some(commands) = self.owner.commands() {
            commands.count_answered();
        }
    }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// What the JSON API answered, and whether it says that it worked; `None`: that is not its answer.
fn api_answer(text: &[u8]) -> Option<(bool, &str)> {
    let text = std::str::from_utf8(text).ok()?.trim_end();
    let answer: ApiAnswer = serde_json::from_str(text).ok()?;
    Some((answer.success?, text))
}

/// An object of which only `status` is looked at. Runs on the core's event thread: nothing else is kept.
struct ApiAnswer {
    success: Option<bool>,
}

impl<'de> Deserialize<'de> for ApiAnswer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Status;
        impl<'de> Visitor<'de> for Status {
            type Value = ApiAnswer;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ApiAnswer, A::Error> {
                let mut success = None;
                while let Some(key) = map.next_key::<String>()? {
                    if key == "status" {
                        success = Some(map.next_value::<String>()? == "success");
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(ApiAnswer { success })
            }
        }
        deserializer.deserialize_map(Status)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_that_it_failed_is_an_error() {
        for (command, text, ok) in [
            ("echo", "x", true),
            ("originate", "+OK 1\n", true),
            ("originate", "-ERR NO_ANSWER\n", false),
            ("uuid_kill", "-USAGE: <uuid> [cause]\n", false),
            ("nonsense", "nonsense: Command not found!\n", false),
            ("echo", "nonsense: Command not found!\n", true),
            ("echo", "", true),
        ] {
            let answer = Answer::of_job("1", command.as_bytes(), text.as_bytes());
            assert_eq!(answer.ok, ok, "{command}: {text}");
        }
    }

    #[test]
    fn the_json_api_says_itself_whether_it_worked() {
        let good =
            "{\"command\":\"status\",\"data\":{},\"status\":\"success\",\"response\":{\"status\":\"error\"}}";
        assert_eq!(api_answer(format!("{good}\n").as_bytes()), Some((true, good)));
        let bad = "{\"status\":\"error\",\"response\":null}";
        assert_eq!(api_answer(bad.as_bytes()), Some((false, bad)));
        for other in [
            "-ERR Parse error.\n",
            "json: Command not found!\n",
            "{}",
            "[]",
            "{\"status\":1}",
            "{\"status\":\"success\"} x",
        ] {
            assert_eq!(api_answer(other.as_bytes()), None, "{other}");
        }
        assert_eq!(api_answer(b"{\"status\":\"success\",\"x\":\"\xff\"}"), None);
    }
}
