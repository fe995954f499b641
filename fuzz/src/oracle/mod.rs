//! docs/commands.md as a program: may this message run?
//!
//! Written from the documentation, as plainly as it can be, and without a look at the speed. It shares no code with the
//! module. Where the two do not agree, one of them, or the documentation, is wrong.

mod event;
mod json;
mod originate;
mod star;

pub use event::Event;
pub use json::Json;

use mod_mosquitto::config::SubscriberTopic;
use originate::Call;
use star::like;

/// A message that runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Allowed {
    /// The id that it asks for.
    pub job_id: Option<String>,
    /// What it is about.
    pub what: What,
    /// For JSON: the response topic that it names, and the correlation.
    pub reply: Option<(Option<String>, Option<String>)>,
}

/// What a message is about.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// The line that FreeSWITCH runs.
    Line(String),
    /// The object that FreeSWITCH's JSON API is given.
    JsonApi(Json),
    /// The event that is fired.
    Event(Event),
}

/// Commands within each other.
const MOST_NESTED: usize = 8;
/// Objects and arrays within each other.
pub const DEEPEST: usize = 16;

/// "begins with `bgapi`, `originate` or `sendevent`, in any case"; or it begins with `{`, and is no JSON object, or one with
/// a member `command`, or too long to say.
pub fn is_command(topic: &SubscriberTopic, payload: &[u8]) -> bool {
    if payload.first() != Some(&b'{') {
        return kind(payload).is_some();
    }
    let json = std::str::from_utf8(payload).ok().and_then(|text| Json::read(text, DEEPEST));
    payload.len() > topic.command_max_bytes || json.is_none_or(|json| json.member("command").is_some())
}

fn kind(payload: &[u8]) -> Option<&'static str> {
    let end = payload.iter().position(|byte| *byte <= b' ' || *byte == 127).unwrap_or(payload.len());
    let word = payload[..end].to_ascii_lowercase();
    ["bgapi", "originate", "sendevent"].into_iter().find(|kind| kind.as_bytes() == word)
}

/// `None`: it does not run.
pub fn judge(topic: &SubscriberTopic, payload: &[u8], retained: bool) -> Option<Allowed> {
    if retained && topic.command_ignore_retained || payload.len() > topic.command_max_bytes {
        return None;
    }
    let text = std::str::from_utf8(payload).ok()?;
    if text.starts_with('{') {
        return object(topic, &Json::read(text, DEEPEST)?);
    }
    let kind = kind(payload)?;
    let rest = &text[kind.len()..];
    if kind != "sendevent" {
        let (job_id, line) = plain(topic, kind, rest)?;
        return Some(Allowed { job_id, what: What::Line(line), reply: None });
    }
    let event = event::plain(rest).filter(|event| event.fits(&topic.sendevent_allow))?;
    Some(Allowed { job_id: None, what: What::Event(event), reply: None })
}

/// What follows `bgapi` or `originate`: the id and the line.
fn plain(topic: &SubscriberTopic, kind: &str, text: &str) -> Option<(Option<String>, String)> {
    let bgapi = kind == "bgapi";
    if !(if bgapi { topic.bgapi_authorized } else { topic.originate_authorized }) {
        return None;
    }
    let text = text.trim_end_matches([' ', '\r', '\n']);
    if text.chars().any(char::is_control) {
        return None;
    }
    let rest = text.trim_matches(' ');
    let (job_id, line) = match bgapi {
        true => without_job_id(rest)?,
        false => (None, format!("originate {rest}")),
    };
    // A second id would be the command.
    if line.is_empty() || bgapi && line.to_ascii_lowercase().starts_with("uuid:") {
        return None;
    }
    let (name, arguments) = first_word(&line);
    let line = [name, arguments].join(" ").trim_end_matches(' ').to_owned();
    runs(topic, bgapi, &line, 1).then_some((job_id, line))
}

/// A JSON command.
fn object(topic: &SubscriberTopic, json: &Json) -> Option<Allowed> {
    let Json::Object(members) = json else { return None };
    // A member is missing, or is a string.
    let text = |name: &str| json.member(name).map_or(Some(None), |value| value.text().map(Some));
    let only = |names: &[&str]| {
        let always = ["command", "response_topic", "correlation", "id"];
        members.iter().all(|(name, _)| always.contains(&name.as_str()) || names.contains(&name.as_str()))
    };
    let word = json.member("command")?.text()?;
    let kind = word.to_ascii_lowercase();
    let (mut id, topic_of_answer, correlation) = (text("id")?, text("response_topic")?, text("correlation")?);
    if correlation.as_ref().is_some_and(|text| text.len() > 1024) || !id.iter().all(|id| is_id(id)) {
        return None;
    }
    let what = match kind.as_str() {
        "bgapi" | "originate" if only(&["args"]) => {
            let (own, line) = plain(topic, &kind, &format!(" {}", text("args")??))?;
            if own.is_some() && id.is_some() {
                return None;
            }
            id = id.or(own);
            What::Line(line)
        }
        "sendevent" if only(&["event", "subclass", "headers", "body"]) => {
            let headers = match json.member("headers") {
                None => Vec::new(),
                Some(Json::Object(list)) => list
                    .iter()
                    .map(|(name, value)| Some((name.clone(), value.text()?)))
                    .collect::<Option<_>>()?,
                Some(_) => return None,
            };
            let (name, subclass, body) = (text("event")??, text("subclass")?, text("body")?);
            let event = Event { name, subclass, headers, body }.checked()?;
            event.fits(&topic.sendevent_allow).then_some(What::Event(event))?
        }
        "bgapi" | "originate" | "sendevent" => return None,
        _ if only(&["data"]) => What::JsonApi(json_api(topic, &word, json.member("data")?)?),
        _ => return None,
    };
    Some(Allowed { job_id: id, what, reply: Some((topic_of_answer, correlation)) })
}

/// A command of the JSON API: the object that it is given.
fn json_api(topic: &SubscriberTopic, name: &str, data: &Json) -> Option<Json> {
    let Json::Object(members) = data else { return None };
    let lower = name.to_ascii_lowercase();
    let listed = topic.json_api_allow.iter().any(|pattern| like(&pattern.to_ascii_lowercase(), &lower));
    if !is_id(name) || !topic.json_api_authorized || !topic.json_api_allow.is_empty() && !listed {
        return None;
    }
    if lower == "fsapi" {
        let cmd = data.member("cmd")?.text()?;
        let arg = data.member("arg").map_or(Some(String::new()), Json::text)?;
        let word = !cmd.is_empty() && !cmd.chars().any(|c| c.is_whitespace() || c.is_control());
        let known = members.iter().all(|(key, _)| key == "cmd" || key == "arg");
        let line = arg.chars().all(|c| !c.is_control());
        let line = word && known && line && topic.bgapi_authorized;
        if !line || !runs(topic, true, &format!("{cmd} {arg}"), 1) {
            return None;
        }
    }
    let command = ("command".to_owned(), Json::Text(name.to_owned()));
    Some(Json::Object(vec![command, ("data".to_owned(), data.clone())]))
}

fn is_id(id: &str) -> bool {
    let known = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
    (1..=64).contains(&id.len()) && id.chars().all(|c| known.contains(c))
}

/// A word, and what follows it without blanks around it.
fn first_word(text: &str) -> (&str, &str) {
    let text = text.trim_matches(' ');
    let end = text.find(' ').unwrap_or(text.len());
    (&text[..end], text[end..].trim_matches(' '))
}

/// `uuid:<id>` and what follows, or the text itself. `None`: it cannot be an id.
fn without_job_id(text: &str) -> Option<(Option<String>, String)> {
    let (word, rest) = first_word(text);
    if !word.to_ascii_lowercase().starts_with("uuid:") {
        return Some((None, text.to_owned()));
    }
    let id = &word["uuid:".len()..];
    is_id(id).then(|| (Some(id.to_owned()), rest.to_owned()))
}

/// Whether a line may run, and the one that it runs, and so on.
fn runs(topic: &SubscriberTopic, bgapi: bool, line: &str, depth: usize) -> bool {
    let (name, arguments) = first_word(line);
    if name.is_empty() {
        return true;
    }
    let listed = |list: &[String], fold| -> Vec<_> {
        list.iter().map(|pattern| matches(pattern, name, arguments, fold)).collect()
    };
    let denied = listed(&topic.bgapi_deny, true).into_iter().any(|matched| matched != Some(false));
    let allowed = listed(&topic.bgapi_allow, false).contains(&Some(true));
    if depth > MOST_NESTED || bgapi && (denied || !topic.bgapi_allow.is_empty() && !allowed) {
        return false;
    }
    match name.to_ascii_lowercase().as_str() {
        "originate" => Call::read(arguments).is_some_and(|call| {
            topic.originate_allow.is_empty() || topic.originate_allow.iter().any(|pattern| call.fits(pattern))
        }),
        "bgapi" | "expand" => within(topic, bgapi, arguments, depth),
        "xml_wrap" => match first_word(arguments) {
            (word, rest) if word.eq_ignore_ascii_case("encoded") && !rest.is_empty() => {
                runs(topic, bgapi, rest, depth + 1)
            }
            _ => runs(topic, bgapi, arguments, depth + 1),
        },
        "mosquitto" if arguments.chars().any(|c| c.is_whitespace() && c != ' ') => false,
        "mosquitto" => match first_word(arguments) {
            (word, rest) if word.eq_ignore_ascii_case("bgapi") => within(topic, bgapi, rest, depth),
            _ => true,
        },
        "sched_api" => {
            // <time> <group> <command>, the group perhaps empty; an "&" at the end is not the command's.
            let mut words = arguments.split(' ').skip(2);
            let command = words.by_ref().collect::<Vec<_>>().join(" ");
            runs(topic, bgapi, command.strip_suffix('&').unwrap_or(&command), depth + 1)
        }
        _ => true,
    }
}

/// Whether the line may run that another one runs with an id of its own.
fn within(topic: &SubscriberTopic, bgapi: bool, line: &str, depth: usize) -> bool {
    without_job_id(line).is_some_and(|(_, line)| runs(topic, bgapi, &line, depth + 1))
}

/// Whether a call is what a pattern of `bgapi_allow` or `bgapi_deny` says; `None`: nobody knows.
fn matches(pattern: &str, name: &str, arguments: &str, fold: bool) -> Option<bool> {
    let case = |text: &str| if fold { text.to_ascii_lowercase() } else { text.to_owned() };
    let pattern: Vec<&str> = pattern.split_whitespace().collect();
    let [first, pattern @ ..] = &*pattern else { return Some(false) };
    if !like(&first.to_ascii_lowercase(), &name.to_ascii_lowercase()) {
        return Some(false);
    }
    if arguments.starts_with("^^") && !pattern.is_empty() {
        return None;
    }
    let mut words = arguments.split(' ').filter(|word| !word.is_empty());
    for wanted in pattern {
        let Some(word) = words.next() else { return Some(false) };
        if word.chars().any(|c| "'\"\\$".contains(c) || c.is_whitespace()) {
            return None;
        }
        if !like(&case(wanted), &case(word)) {
            return Some(false);
        }
    }
    Some(true)
}
