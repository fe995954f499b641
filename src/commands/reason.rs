//! Why a command does not run, in the words of the configuration.

use std::fmt;

use super::{Kind, MAX_JOB_ID, Malformed};

/// Why a command does not run.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The topic does not run commands of this kind at all.
    NotAuthorised(Kind),
    /// `command_ignore_retained`
    Retained,
    /// `command_max_bytes`
    TooLong {
        /// Bytes of the payload.
        bytes: usize,
        /// Bytes that it may have.
        most: usize,
    },
    /// It is no proper command.
    Malformed(Malformed),
    /// This `bgapi_deny` matches.
    Denied(String),
    /// There are `bgapi_allow`, and none of them matches.
    NotAllowed,
    /// There are `originate_allow`, and none of them matches.
    CallNotAllowed,
    /// There are `json_api_allow`, and none of them matches.
    JsonApiNotAllowed,
    /// No `sendevent_allow` matches.
    EventNotAllowed,
    /// `command_rate`
    RateUsedUp {
        /// Commands a second.
        per_second: u32,
    },
    /// `command_max_in_flight`
    TooManyInFlight {
        /// Commands that may run at once.
        most: u32,
    },
}

impl From<Malformed> for Reason {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed(malformed)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAuthorised(Kind::SendEvent) => f.write_str("there is no sendevent_allow"),
            Self::NotAuthorised(Kind::Json) => f.write_str("no commands are allowed"),
            Self::NotAuthorised(kind) => write!(f, "{kind}_authorized is false"),
            Self::Retained => f.write_str("retained messages are not commands (command_ignore_retained)"),
            Self::TooLong { bytes, most } => {
                write!(f, "{bytes} bytes are more than command_max_bytes {most}")
            }
            Self::Malformed(malformed) => malformed.fmt(f),
            Self::Denied(pattern) => write!(f, "bgapi_deny \"{pattern}\" matches"),
            Self::NotAllowed => f.write_str("no bgapi_allow matches"),
            Self::CallNotAllowed => f.write_str("no originate_allow matches"),
            Self::JsonApiNotAllowed => f.write_str("no json_api_allow matches"),
            Self::EventNotAllowed => f.write_str("no sendevent_allow matches"),
            Self::RateUsedUp { per_second } => write!(f, "command_rate {per_second} a second is used up"),
            Self::TooManyInFlight { most } => write!(f, "command_max_in_flight {most} are running"),
        }
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotUtf8 => f.write_str("not UTF-8"),
            Self::Nul => f.write_str("a NUL is in it"),
            Self::LineBreak => f.write_str("a line break is in it"),
            Self::ControlCharacter => f.write_str("a control character is in it"),
            Self::Blank => f.write_str("a blank other than the plain one is in it"),
            Self::NoCommand => f.write_str("no command after bgapi"),
            Self::JobId => {
                write!(
                    f,
                    "uuid: is not followed by 1 to {MAX_JOB_ID} letters, digits, \"-\", \".\" and \"_\""
                )
            }
            Self::TwoJobIds => f.write_str("more than one uuid:"),
            Self::TooDeep => f.write_str("commands are nested too deep"),
            Self::Originate(unusable) => unusable.fmt(f),
            Self::Json(fault) => fault.fmt(f),
            Self::Event(unfit) => unfit.fmt(f),
        }
    }
}
