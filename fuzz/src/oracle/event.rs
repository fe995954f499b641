//! `sendevent` of docs/commands.md.

use super::star::like;
use mod_mosquitto::config::{EventSelector, event_names};

/// An event that is fired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its name.
    pub name: String,
    /// Its subclass.
    pub subclass: Option<String>,
    /// Its headers, sorted.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: Option<String>,
}

/// The plain form, what follows the word.
pub fn plain(text: &str) -> Option<Event> {
    let mut lines = text.split('\n');
    let clean = |line: &str| line.strip_suffix('\r').unwrap_or(line).to_owned();
    let name = clean(lines.next()?);
    let (mut subclasses, mut headers, mut body) = (Vec::new(), Vec::new(), String::new());
    while let Some(line) = lines.next() {
        let line = clean(line);
        if line.is_empty() {
            body = lines.collect::<Vec<_>>().join("\n");
            break;
        }
        let colon = line.find(':')?;
        let (name, value) = (line[..colon].trim_matches(' '), line[colon + 1..].trim_matches(' '));
        match name.to_ascii_lowercase().as_str() {
            "event-subclass" => subclasses.push(value.to_owned()),
            _ => headers.push((name.to_owned(), value.to_owned())),
        }
    }
    let body = if body.is_empty() { None } else { Some(body) };
    if subclasses.len() > 1 {
        return None;
    }
    Event { name: name.trim_matches(' ').to_owned(), subclass: subclasses.pop(), headers, body }.checked()
}

impl Event {
    /// The event, if FreeSWITCH knows it and nothing in it is forbidden.
    pub fn checked(mut self) -> Option<Self> {
        self.name = self.name.to_ascii_uppercase();
        let control = |text: &str| text.chars().any(char::is_control);
        let known = event_names().any(|name| name == self.name);
        let subclass = match &self.subclass {
            None => self.name != "CUSTOM",
            Some(subclass) => {
                self.name == "CUSTOM"
                    && !subclass.is_empty()
                    && subclass.len() <= 128
                    && !control(subclass)
                    && !subclass.chars().any(char::is_whitespace)
                    && !subclass.to_ascii_lowercase().starts_with("mosquitto::")
            }
        };
        let letters = "abcdefghijklmnopqrstuvwxyz0123456789-._";
        let headers = self.headers.iter().all(|(name, value)| {
            let name = name.to_ascii_lowercase();
            let reserved = ["core-uuid", "content-length", "_body"].iter().any(|known| *known == name);
            (1..=128).contains(&name.len())
                && name.chars().all(|c| letters.contains(c))
                && !reserved
                && !name.starts_with("event-")
                && !name.starts_with("freeswitch-")
                && !control(value)
                && !value.starts_with("ARRAY::")
        });
        let body = self.body.clone().unwrap_or_default().replace(['\t', '\r', '\n'], "");
        self.headers.sort();
        (known && subclass && headers && self.headers.len() <= 200 && !control(&body)).then_some(self)
    }

    /// Whether one of them allows it.
    pub fn fits(&self, allow: &[EventSelector]) -> bool {
        allow.iter().any(|selector| match selector.to_string().split_once(' ') {
            Some((_, subclass)) => self.subclass.as_ref().is_some_and(|mine| like(subclass, mine)),
            None => selector.to_string() == "ALL" || selector.to_string() == self.name,
        })
    }
}
