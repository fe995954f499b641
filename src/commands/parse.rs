//! From the payload of a message to the command that it is: bytes in, words out, nothing run.
//!
//! `bgapi [uuid:<id>] <command> [<args>]`
//!
//! `originate <call url> <exten>|&<app>(<args>) [<dialplan>] [<context>] [<cid_name>] [<cid_num>] [<timeout_sec>]`
//!
//! The first word is in any case, and it is the first thing in the payload. Line ends and blanks at the end are
//! cut off, since `echo` and `mosquitto_pub -l` leave them there.

use std::fmt;

use super::{nesting, originate::Unusable};

/// The most characters of a job id. FreeSWITCH copies longer ones past the end of its buffer.
pub const MAX_JOB_ID: usize = 64;

const JOB_ID: &str = "uuid:";

/// The first word of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `bgapi`
    Bgapi,
    /// `originate`
    Originate,
}

/// A command that FreeSWITCH's `bgapi` can be given. Whether it may run is another question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    kind: Kind,
    job_id: Option<String>,
    name: String,
    arguments: String,
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
}

impl Kind {
    const ALL: [Self; 2] = [Self::Bgapi, Self::Originate];

    /// The word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bgapi => "bgapi",
            Self::Originate => "originate",
        }
    }

    /// What the payload begins with; `None`: it is no command. A blank, a control character or the end follows.
    pub fn of(payload: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| {
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
    /// Reads a payload; `None`: it is no command.
    pub fn parse(payload: &[u8]) -> Option<Result<Self, Malformed>> {
        Some(Self::read(Kind::of(payload)?, payload))
    }

    fn read(kind: Kind, payload: &[u8]) -> Result<Self, Malformed> {
        let line = text(payload)?;
        let rest = line[kind.as_str().len()..].trim_start_matches(' ');
        let (job_id, name, arguments) = match kind {
            Kind::Originate => (None, kind.as_str(), rest),
            Kind::Bgapi => {
                let (job_id, rest) = split_job_id(rest)?;
                let (name, arguments) = split_word(rest);
                (job_id, name, arguments)
            }
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
        };
        nesting::calls(&command.name, &command.arguments)?;
        Ok(command)
    }

    /// Its first word.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The id that the sender wants its BACKGROUND_JOB to have.
    pub fn job_id(&self) -> Option<&str> {
        self.job_id.as_deref()
    }

    /// The API command, in the sender's case: one word.
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
fn text(payload: &[u8]) -> Result<&str, Malformed> {
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
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    if blank || id.is_empty() || id.len() > MAX_JOB_ID || !id.bytes().all(known) {
        return Err(Malformed::JobId);
    }
    Ok((Some(id), rest))
}

fn begins_with_job_id(text: &str) -> bool {
    text.get(..JOB_ID.len()).is_some_and(|start| start.eq_ignore_ascii_case(JOB_ID))
}
