//! Commands in JSON: an object with a member `command`.
//!
//! | `command` (in any case) | members beside it |
//! |---|---|
//! | `bgapi`, `originate` | `args`: what follows the word in the plain form |
//! | `sendevent` | `event`, and perhaps `subclass`, `headers`, `body` |
//! | any other | `data`, an object: a command of FreeSWITCH's JSON API |
//!
//! Each of them may have `response_topic`, `correlation` and `id`. Nothing else may be there.

use super::json::{self, Fault};
use super::line::{is_job_id, text};
use super::{Command, Kind, Malformed, Reply, inject, json_api};
use serde_json::{Map, Value};

/// The longest `correlation`, in bytes.
const MOST_CORRELATION: usize = 1_024;

/// Reads a payload that begins with `{`; `None`: it is no command.
pub(super) fn read(payload: &[u8]) -> Option<(Kind, Result<Command, Malformed>)> {
    let object = match std::str::from_utf8(payload) {
        Ok(text) => json::object(text).map_err(Malformed::Json),
        Err(_) => Err(Malformed::NotUtf8),
    };
    let mut members = match object {
        Ok(object) => Members(object),
        Err(malformed) => return Some((Kind::Json, Err(malformed))),
    };
    let Value::String(word) = members.0.remove("command")? else {
        return Some((Kind::Json, Err(Fault::Wrong("command").into())));
    };
    let kind = match Kind::of_word(&word) {
        Some(kind) => kind,
        None if members.0.contains_key("data") => Kind::JsonApi,
        None => return Some((Kind::Json, Err(Fault::NoCommand.into()))),
    };
    Some((kind, command(kind, &word, members)))
}

fn command(kind: Kind, word: &str, mut members: Members) -> Result<Command, Malformed> {
    let reply = Reply { topic: members.text("response_topic")?, correlation: members.text("correlation")? };
    if reply.correlation.as_ref().is_some_and(|text| text.len() > MOST_CORRELATION) {
        return Err(Fault::Wrong("correlation").into());
    }
    let id = members.text("id")?;
    if id.as_ref().is_some_and(|id| !is_job_id(id)) {
        return Err(Malformed::JobId);
    }
    let mut command = match kind {
        Kind::Bgapi | Kind::Originate => {
            let args = members.text("args")?.ok_or(Fault::Missing("args"))?;
            members.none_left()?;
            Command::of_line(kind, text(args.as_bytes())?)?
        }
        Kind::SendEvent => Command::of_event(members.event()?),
        Kind::JsonApi | Kind::Json => {
            let data = members.0.remove("data");
            members.none_left()?;
            Command::of_api(json_api::read(word, data)?)
        }
    };
    command.answer_as(reply, id)?;
    Ok(command)
}

/// What has not been read yet.
struct Members(Map<String, Value>);

impl Members {
    fn text(&mut self, name: &'static str) -> Result<Option<String>, Fault> {
        match self.0.remove(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Fault::Wrong(name)),
        }
    }

    fn event(mut self) -> Result<crate::host::NewEvent, Malformed> {
        let name = self.text("event")?.ok_or(Fault::Missing("event"))?;
        let (subclass, body) = (self.text("subclass")?, self.text("body")?);
        let headers = match self.0.remove("headers") {
            None => Map::new(),
            Some(Value::Object(headers)) => headers,
            Some(_) => return Err(Fault::Wrong("headers").into()),
        };
        self.none_left()?;
        let header = |(name, value)| match value {
            Value::String(value) => Ok((name, value)),
            _ => Err(Fault::Wrong("headers")),
        };
        let headers = headers.into_iter().map(header).collect::<Result<_, _>>()?;
        Ok(inject::event(&name, subclass, headers, body)?)
    }

    fn none_left(&self) -> Result<(), Fault> {
        if self.0.is_empty() { Ok(()) } else { Err(Fault::Unknown) }
    }
}
