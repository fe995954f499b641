//! From the payload of an MQTT message to a command that may run, or to the reason why it does not.
//!
//! Pure: no FreeSWITCH, no MQTT, no I/O, no clock of its own. Payloads are bytes from strangers.
//!
//! | file | what |
//! |---|---|
//! | authorise | may this message run? The one place where it is decided |
//! | reason | why not, in words |
//! | command, malformed | what is read: a [`Command`], or why it is none |
//! | parse, line | bytes -> [`Command`] |
//! | object, json | JSON -> [`Command`] |
//! | json_api | commands of FreeSWITCH's JSON API |
//! | inject | events that are to be fired |
//! | nesting | commands that run another command: `bgapi bgapi ...` |
//! | originate, dial_string | the arguments of an originate, and the call URL among them, as FreeSWITCH reads them |
//! | pattern, originate_pattern, glob | `bgapi_allow`, `bgapi_deny`; `originate_allow`; their `*` |
//! | limits | `command_rate` and `command_max_in_flight` |
//! | everything | patterns that allow more than they seem to |

mod authorise;
mod command;
mod dial_string;
mod everything;
pub(crate) mod glob;
mod inject;
mod json;
mod json_api;
mod limits;
mod line;
mod malformed;
mod nesting;
mod object;
mod originate;
mod originate_pattern;
mod parse;
mod pattern;
mod reason;
#[cfg(test)]
mod tests;

pub use authorise::{Decision, Inbound, Refusal, Rules, Verdict, decide, decide_any};
pub use command::{Command, Kind, Reply};
pub use everything::{allows_everything, warnings};
pub use inject::Unfit;
pub use json::Fault;
pub use limits::{Bucket, Limits};
pub use line::MAX_JOB_ID;
pub use malformed::Malformed;
pub use originate::Unusable;
pub use reason::Reason;
