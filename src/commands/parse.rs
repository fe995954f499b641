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

use super::line;
use super::{Command, Kind, Malformed, inject, object};

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
            return Ok(Self::of_event(inject::plain(&text[word..])?));
        }
        Self::of_line(kind, &line::text(payload)?[word..])
    }
}
