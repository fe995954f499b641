//! The custom events of the module: `mosquitto::connected`, `mosquitto::disconnected`, `mosquitto::message`.
//!
//! What a broker passes on was written by a stranger: it becomes values and a body, never the syntax of an event.

use crate::host::NewEvent;
use crate::mqtt::Incoming;
use std::fmt::Write;

/// What the subclasses of the module's own events begin with.
pub const PREFIX: &str = "mosquitto::";
/// The subclass of a message.
pub const MESSAGE: &str = "mosquitto::message";
/// How many user properties become headers.
const MOST_PROPERTIES: usize = 32;
/// The longest name of a user property in a header, in characters.
const LONGEST_NAME: usize = 64;

/// A broker has accepted a connection.
pub fn connected(profile: &str, connection: &str) -> NewEvent {
    custom("mosquitto::connected", profile, connection)
}

/// That connection has ended.
pub fn disconnected(profile: &str, connection: &str, reason: &str) -> NewEvent {
    let mut event = custom("mosquitto::disconnected", profile, connection);
    event.add("Reason", reason);
    event
}

/// A message has arrived. What is not text, or holds a NUL, has its payload in hexadecimal and a header that says so.
pub fn message(profile: &str, connection: &str, message: &Incoming<'_>) -> NewEvent {
    let mut event = custom(MESSAGE, profile, connection);
    event.add("Topic", message.topic.to_string_lossy());
    event.add("QoS", message.qos.to_string());
    event.add("Retain", message.retained.to_string());
    let properties = &message.properties;
    if let Some(content_type) = properties.content_type() {
        event.add("Content-Type", content_type);
    }
    if let Some(topic) = properties.response_topic() {
        event.add("Response-Topic", topic);
    }
    if let Some(data) = properties.correlation_data() {
        event.add("Correlation-Data", hexadecimal(&data));
    }
    for (name, value) in properties.user().into_iter().take(MOST_PROPERTIES) {
        event.add(&format!("User-Property-{}", header_name(&name)), value);
    }
    match text(message.payload) {
        Some("") => {}
        Some(text) => event.body = Some(text.to_owned()),
        None => {
            event.add("Payload-Encoding", "hex");
            event.body = Some(hexadecimal(message.payload));
        }
    }
    event
}

fn custom(subclass: &str, profile: &str, connection: &str) -> NewEvent {
    let (name, subclass) = ("CUSTOM".to_owned(), Some(subclass.to_owned()));
    let mut event = NewEvent { name, subclass, ..NewEvent::default() };
    event.add("Profile", profile);
    event.add("Connection", connection);
    event
}

impl NewEvent {
    fn add(&mut self, name: &str, value: impl Into<String>) {
        self.headers.push((name.to_owned(), value.into()));
    }
}

/// The payload, if an event can carry it as it is.
fn text(payload: &[u8]) -> Option<&str> {
    std::str::from_utf8(payload).ok().filter(|text| !text.contains('\0'))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a String cannot fail.
        let _infallible = write!(text, "{byte:02x}");
        text
    })
}

/// A stranger's name as the rest of a header's: FreeSWITCH writes names as they are, a line end in one would forge a
/// header.
fn header_name(name: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '.') { c } else { '_' };
    name.chars().take(LONGEST_NAME).map(safe).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_event_can_carry_is_its_body_as_it_is() {
        assert_eq!(text("ü \"{}\"\n".as_bytes()), Some("ü \"{}\"\n"));
        assert_eq!(text(b""), Some(""));
        assert_eq!(text(b"a\0b"), None);
        assert_eq!(text(b"\xff"), None);
        assert_eq!(hexadecimal(b"a\0\xff"), "6100ff");
    }

    #[test]
    fn a_strangers_name_cannot_forge_a_header() {
        assert_eq!(header_name("x\nTopic: y"), "x_Topic__y");
        assert_eq!(header_name("trace-id.1"), "trace-id.1");
        assert_eq!(header_name(&"ü".repeat(100)), "_".repeat(64));
    }

    #[test]
    fn a_loss_has_its_reason() {
        let event = disconnected("p", "c", "the broker disconnected");
        assert_eq!(event.subclass.as_deref(), Some("mosquitto::disconnected"));
        let headers = [("Profile", "p"), ("Connection", "c"), ("Reason", "the broker disconnected")];
        assert_eq!(event.headers, headers.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(event.body, None);
    }
}
