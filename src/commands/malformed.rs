//! Why a payload that begins like a command is none.

use super::inject::Unfit;
use super::json::Fault;
use super::originate::Unusable;

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
    /// A job id is not 1 to [`MAX_JOB_ID`](super::MAX_JOB_ID) letters, digits, `-`, `.` and `_`.
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
