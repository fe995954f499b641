//! The fuzz targets: bytes in, a panic if the module does not do what is promised.
//!
//! | target | what its bytes are | what is promised |
//! |---|---|---|
//! | [`configuration`] | a `mosquitto.conf.xml` | values in their ranges, problems of one line, no secrets in them |
//! | [`command_line`] | what is typed after `mosquitto` | the effect that a second reading of the line expects |
//! | [`inbound_command`] | a topic's rules and a message | runs exactly if a second reading of the rules allows it |
//! | [`serialiser`] | an event | JSON that another parser reads back as the same event |
//! | [`shaping`] | a pattern, conditions and an event | a topic, whatever the values; a second reading's answers |
//!
//! The same functions are run by libFuzzer (`fuzz_targets`) and by an ordinary test (`tests/replay.rs`).

pub mod command_line;
pub mod configuration;
pub mod inbound_command;
pub mod oracle;
pub mod serialiser;
pub mod shaping;

mod ranges;
mod switch;

/// A target's function.
pub type Target = fn(&[u8]);

/// Every target by its name.
pub const TARGETS: [(&str, Target); 5] = [
    ("configuration", configuration::run),
    ("command_line", command_line::run),
    ("inbound_command", inbound_command::run),
    ("serialiser", serialiser::run),
    ("shaping", shaping::run),
];
