//! A command that was read: what it is, and all that it says.

use super::Malformed;
use super::json_api::JsonApi;
use super::line::{JOB_ID, begins_with_job_id, split_job_id, split_word};
use super::nesting;
use crate::host::NewEvent;
use std::fmt;

/// What a command is: for one that is not JSON, its first word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `bgapi`
    Bgapi,
    /// `originate`
    Originate,
    /// A command of FreeSWITCH's JSON API.
    JsonApi,
    /// `sendevent`
    SendEvent,
    /// It begins with `{`, and cannot be read.
    Json,
}

/// A command that FreeSWITCH's `bgapi` can be given, or an event that can be fired. Whether it may is another question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    kind: Kind,
    job_id: Option<String>,
    name: String,
    arguments: String,
    detail: Detail,
    reply: Option<Reply>,
}

/// What there is to a command beside the line that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Detail {
    /// Nothing.
    Line,
    /// What the JSON API runs.
    JsonApi(JsonApi),
    /// What is fired.
    Event(NewEvent),
}

/// What a JSON command says about its answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reply {
    /// `response_topic`: any text.
    pub topic: Option<String>,
    /// `correlation`, 1,024 bytes at most: comes back with the answer.
    pub correlation: Option<String>,
}

impl Kind {
    const PLAIN: [Self; 3] = [Self::Bgapi, Self::Originate, Self::SendEvent];

    /// The word, or what the configuration calls it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bgapi => "bgapi",
            Self::Originate => "originate",
            Self::JsonApi => "json_api",
            Self::SendEvent => "sendevent",
            Self::Json => "JSON",
        }
    }

    /// The kind of the plain form that a word means, in any case.
    pub(super) fn of_word(word: &str) -> Option<Self> {
        Self::PLAIN.into_iter().find(|kind| kind.as_str().eq_ignore_ascii_case(word))
    }

    /// The word that the payload begins with; `None`: it is no plain command. A blank, a control character or the end follows.
    pub fn of(payload: &[u8]) -> Option<Self> {
        Self::PLAIN.into_iter().find(|kind| {
            let word = kind.as_str().as_bytes();
            let begins = payload.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
            begins && payload.get(word.len()).is_none_or(|next| *next == b' ' || next.is_ascii_control())
        })
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Command {
    /// A `bgapi` or an `originate`; what follows the word.
    pub(super) fn of_line(kind: Kind, line: &str) -> Result<Self, Malformed> {
        let rest = line.trim_start_matches(' ');
        let (job_id, name, arguments) = match kind {
            Kind::Bgapi => {
                let (job_id, rest) = split_job_id(rest)?;
                let (name, arguments) = split_word(rest);
                (job_id, name, arguments)
            }
            _ => (None, kind.as_str(), rest),
        };
        if name.is_empty() {
            return Err(Malformed::NoCommand);
        }
        if begins_with_job_id(name) {
            return Err(Malformed::TwoJobIds);
        }
        let command = Self {
            kind,
            job_id: job_id.map(ToOwned::to_owned),
            name: name.to_owned(),
            arguments: arguments.to_owned(),
            detail: Detail::Line,
            reply: None,
        };
        nesting::calls(&command.name, &command.arguments)?;
        Ok(command)
    }

    /// A command of the JSON API.
    pub(super) fn of_api(api: JsonApi) -> Self {
        let (kind, name, arguments) = (Kind::JsonApi, "json".to_owned(), api.line.clone());
        Self { kind, job_id: None, name, arguments, detail: Detail::JsonApi(api), reply: None }
    }

    /// A `sendevent`.
    pub(super) fn of_event(event: NewEvent) -> Self {
        let (kind, name) = (Kind::SendEvent, Kind::SendEvent.as_str().to_owned());
        let subclass = event.subclass.iter().map(|subclass| format!(" {subclass}"));
        let arguments = event.name.clone() + &subclass.collect::<String>();
        Self { kind, job_id: None, name, arguments, detail: Detail::Event(event), reply: None }
    }

    /// It came as JSON.
    pub(super) fn answer_as(&mut self, reply: Reply, id: Option<String>) -> Result<(), Malformed> {
        if self.job_id.is_some() && id.is_some() {
            return Err(Malformed::TwoJobIds);
        }
        self.reply = Some(reply);
        self.job_id = id.or(self.job_id.take());
        Ok(())
    }

    pub(super) fn detail(&self) -> &Detail {
        &self.detail
    }

    /// The event that is to be fired, if it is a `sendevent`.
    pub fn event(&self) -> Option<&NewEvent> {
        match &self.detail {
            Detail::Event(event) => Some(event),
            _ => None,
        }
    }

    /// The command of the JSON API, if it is one.
    pub fn json_api(&self) -> Option<&str> {
        match &self.detail {
            Detail::JsonApi(api) => Some(&api.name),
            _ => None,
        }
    }

    /// What a JSON command says about its answer; `None`: it did not come as JSON.
    pub fn reply(&self) -> Option<&Reply> {
        self.reply.as_ref()
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The id that the sender wants its BACKGROUND_JOB to have.
    pub fn job_id(&self) -> Option<&str> {
        self.job_id.as_deref()
    }

    /// The API command, in the sender's case: one word; `sendevent`, if it is none.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What follows it; may be empty.
    pub fn arguments(&self) -> &str {
        &self.arguments
    }

    /// The API command and its arguments: what was judged, and what is to run.
    pub fn api_line(&self) -> String {
        match self.arguments.as_str() {
            "" => self.name.clone(),
            arguments => format!("{} {arguments}", self.name),
        }
    }

    /// The arguments of FreeSWITCH's own `bgapi`, for a job of this id.
    pub fn bgapi_arguments(&self, job_id: &str) -> String {
        format!("{JOB_ID}{job_id} {}", self.api_line())
    }
}
