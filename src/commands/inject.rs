//! `sendevent`: an event that a sender wants fired. Which headers it may have, and which events it may not be.
//!
//! Plain: `sendevent <event>`, headers as lines `<name>: <value>`, an empty line, the body. The lines end in LF or CR LF.

use crate::config::{self, EventSelector};
use crate::host::NewEvent;
use std::fmt;

use super::glob::{self, Case};

/// The most headers.
const MOST_HEADERS: usize = 200;
/// The longest header name and the longest subclass, in bytes.
const LONGEST_NAME: usize = 128;
/// The subclasses of this module's own events begin like that.
const OWN: &str = "mosquitto::";

/// Why an event cannot be fired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unfit {
    /// It has no name, or one that FreeSWITCH does not know.
    Name,
    /// There is no subclass where there has to be one, one where there must not be, or one of other characters.
    Subclass,
    /// It is an event of this module's own.
    Own,
    /// A header has no name, or one of other characters.
    HeaderName,
    /// A header is one that only FreeSWITCH writes.
    Reserved,
    /// There is a control character in a header, or it begins like a list.
    HeaderValue,
    /// There are too many headers.
    TooMany,
    /// There is a control character in the body, other than tabs and line ends.
    Body,
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name => f.write_str("sendevent names no event of FreeSWITCH's"),
            Self::Subclass => write!(
                f,
                "CUSTOM has a subclass of 1 to {LONGEST_NAME} bytes without blanks, other events have none"
            ),
            Self::Own => f.write_str("events mosquitto::* are fired by this module alone"),
            Self::HeaderName => write!(
                f,
                "a header's name is not 1 to {LONGEST_NAME} letters, digits, \"-\", \".\" and \"_\""
            ),
            Self::Reserved => f.write_str("a header is one that only FreeSWITCH writes"),
            Self::HeaderValue => f.write_str("a control character is in a header, or it begins with ARRAY::"),
            Self::TooMany => write!(f, "there are more than {MOST_HEADERS} headers"),
            Self::Body => f.write_str("a control character is in the body"),
        }
    }
}

/// Reads the plain form, what follows the word `sendevent`.
pub(super) fn plain(text: &str) -> Result<NewEvent, Unfit> {
    let mut rest = text;
    let mut line = || {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        rest = after;
        line.strip_suffix('\r').unwrap_or(line)
    };
    let name = line().trim_matches(' ').to_owned();
    let (mut subclass, mut headers) = (None, Vec::new());
    loop {
        let line = line();
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').ok_or(Unfit::HeaderName)?;
        let (name, value) = (name.trim_matches(' '), value.trim_matches(' ').to_owned());
        if !name.eq_ignore_ascii_case("Event-Subclass") {
            headers.push((name.to_owned(), value));
        } else if subclass.replace(value).is_some() {
            return Err(Unfit::Subclass);
        }
    }
    let body = Some(rest).filter(|body| !body.is_empty()).map(ToOwned::to_owned);
    event(&name, subclass, headers, body)
}

/// Checks all that an event is made of.
pub(super) fn event(
    name: &str,
    subclass: Option<String>,
    headers: Vec<(String, String)>,
    body: Option<String>,
) -> Result<NewEvent, Unfit> {
    let known = config::event_names().find(|known| known.eq_ignore_ascii_case(name));
    let name = known.ok_or(Unfit::Name)?.to_owned();
    let blank = |c: char| c.is_control() || c.is_whitespace();
    let fits = |subclass: &String| (1..=LONGEST_NAME).contains(&subclass.len()) && !subclass.contains(blank);
    if (name == "CUSTOM") != subclass.is_some() || !subclass.iter().all(fits) {
        return Err(Unfit::Subclass);
    }
    let own =
        |subclass: &String| subclass.get(..OWN.len()).is_some_and(|start| start.eq_ignore_ascii_case(OWN));
    if subclass.iter().any(own) {
        return Err(Unfit::Own);
    }
    if headers.len() > MOST_HEADERS {
        return Err(Unfit::TooMany);
    }
    headers.iter().try_for_each(|(name, value)| header(name, value))?;
    let foreign = |c: char| c.is_control() && !matches!(c, '\t' | '\r' | '\n');
    if body.iter().any(|body| body.contains(foreign)) {
        return Err(Unfit::Body);
    }
    Ok(NewEvent { name, subclass, headers, body })
}

/// Brackets in a name would change another header, and a value that begins like a list would become one.
fn header(name: &str, value: &str) -> Result<(), Unfit> {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    if !(1..=LONGEST_NAME).contains(&name.len()) || !name.bytes().all(known) {
        return Err(Unfit::HeaderName);
    }
    let name = name.to_ascii_lowercase();
    let reserved = ["core-uuid", "content-length", "_body"].contains(&name.as_str())
        || ["event-", "freeswitch-"].iter().any(|start| name.starts_with(start));
    if reserved {
        return Err(Unfit::Reserved);
    }
    if value.contains(char::is_control) || value.starts_with("ARRAY::") {
        return Err(Unfit::HeaderValue);
    }
    Ok(())
}

/// Whether a `sendevent_allow` is about this event: `*` in its subclass is any part of it.
pub(super) fn allows(selector: &EventSelector, event: &NewEvent) -> bool {
    match selector {
        EventSelector::All => true,
        EventSelector::Named(name) => *name == event.name,
        EventSelector::Custom { subclass: None } => event.name == "CUSTOM",
        EventSelector::Custom { subclass: Some(pattern) } => {
            event.subclass.as_ref().is_some_and(|subclass| glob::matches(pattern, subclass, Case::Exact))
        }
    }
}
