//! From the payload of a message to the command that it is: bytes in, words out, nothing run.
//!
//! `bgapi [uuid:<id>] <command> [<args>]`
//!
//! `originate <call url> <exten>|&<app>(<args>) [<dialplan>] [<context>] [<cid_name>] [<cid_num>] [<timeout_sec>]`
//!
//! `sendevent <event>`, with headers and a body: see `inject`. What begins with `{` is JSON: see `object`.
//!
//! The first word is in any case, and it is the first thing in the payload. Line ends and blanks at the end are
//! cut off, since `echo` and `mosquitto_pub -l` leave them there.

use std::fmt;

use super::inject::{self, Unfit};
use super::json::Fault;
use super::json_api::JsonApi;
use super::object::{self, Reply};
use super::{nesting, originate::Unusable};
use crate::host::NewEvent;

/// The most characters of a job id. FreeSWITCH copies longer ones past the end of its buffer.
pub const MAX_JOB_ID: usize = 64;

const JOB_ID: &str = "uuid:";

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

/// Why a payload that begins like a command is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Malformed {
    /// It is not UTF-8.
    NotUtf8,
    /// It holds a NUL.
    Nul,
    /// It holds a line break before its end.
    LineBreak,
    /// It holds another control character.
    ControlCharacter,
    /// It holds a blank that is not the ASCII one, where that makes a difference.
    Blank,
    /// There is no command after `bgapi`.
    NoCommand,
    /// A job id is not 1 to [`MAX_JOB_ID`] letters, digits, `-`, `.` and `_`.
    JobId,
    /// There are two job ids.
    TwoJobIds,
    /// Commands run commands deeper than anybody has a use for.
    TooDeep,
    /// The arguments of an originate cannot be used.
    Originate(Unusable),
    /// It is not JSON, or not that of a command.
    Json(Fault),
    /// The event cannot be fired.
    Event(Unfit),
}

impl From<Fault> for Malformed {
    fn from(fault: Fault) -> Self {
        Self::Json(fault)
    }
}

impl From<Unfit> for Malformed {
    fn from(unfit: Unfit) -> Self {
        Self::Event(unfit)
    }
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
    /// Reads a payload, and says what it is; `None`: it is no command.
    pub fn parse(payload: &[u8]) -> Option<(Kind, Result<Self, Malformed>)> {
        if payload.starts_with(b"{") {
            return object::read(payload);
        }
        let kind = Kind::of(payload)?;
        Some((kind, Self::read(kind, payload)))
    }

    fn read(kind: Kind, payload: &[u8]) -> Result<Self, Malformed> {
        let word = kind.as_str().len();
        if kind == Kind::SendEvent {
            let text = std::str::from_utf8(payload).map_err(|_| Malformed::NotUtf8)?;
            return Ok(Self::of_detail(kind, Detail::Event(inject::plain(&text[word..])?)));
        }
        Self::of_line(kind, &text(payload)?[word..])
    }

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

    /// Any other command.
    pub(super) fn of_detail(kind: Kind, detail: Detail) -> Self {
        let (name, arguments) = match &detail {
            Detail::Line => (String::new(), String::new()),
            Detail::JsonApi(api) => ("json".to_owned(), api.line.clone()),
            Detail::Event(event) => {
                let subclass = event.subclass.iter().map(|subclass| format!(" {subclass}"));
                (kind.as_str().to_owned(), event.name.clone() + &subclass.collect::<String>())
            }
        };
        Self { kind, job_id: None, name, arguments, detail, reply: None }
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

/// The payload as one line of text.
pub(super) fn text(payload: &[u8]) -> Result<&str, Malformed> {
    let text = std::str::from_utf8(payload).map_err(|_| Malformed::NotUtf8)?;
    let line = text.trim_end_matches([' ', '\r', '\n']);
    match line.chars().find(|c| c.is_control()) {
        None => Ok(line),
        Some('\0') => Err(Malformed::Nul),
        Some('\r' | '\n') => Err(Malformed::LineBreak),
        Some(_) => Err(Malformed::ControlCharacter),
    }
}

/// The first word, and what follows it without blanks around it.
pub(super) fn split_word(text: &str) -> (&str, &str) {
    let text = text.trim_matches(' ');
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    (word, rest.trim_start_matches(' '))
}

/// `uuid:<id>`, if it is there, and what follows.
pub(super) fn split_job_id(text: &str) -> Result<(Option<&str>, &str), Malformed> {
    if !begins_with_job_id(text) {
        return Ok((None, text));
    }
    let (id, rest) = split_word(&text[JOB_ID.len()..]);
    let blank = text[JOB_ID.len()..].starts_with(' ');
    if blank || !is_job_id(id) {
        return Err(Malformed::JobId);
    }
    Ok((Some(id), rest))
}

/// Whether it can be the id of a job.
pub(super) fn is_job_id(id: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    (1..=MAX_JOB_ID).contains(&id.len()) && id.bytes().all(known)
}

fn begins_with_job_id(text: &str) -> bool {
    text.get(..JOB_ID.len()).is_some_and(|start| start.eq_ignore_ascii_case(JOB_ID))
}
