//! docs/commands.md as a program: may this message run?
//!
//! Written from the documentation, as plainly as it can be, and without a look at the speed. It shares no code with the
//! module. Where the two do not agree, one of them, or the documentation, is wrong.

mod originate;
mod star;

use mod_mosquitto::config::SubscriberTopic;
use originate::Call;
use star::like;

/// A message that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed {
    /// The id that it asks for.
    pub job_id: Option<String>,
    /// What FreeSWITCH runs.
    pub line: String,
}

/// Commands within each other.
const MOST_NESTED: usize = 8;

/// "begins with `bgapi` or `originate`, in any case"
pub fn is_command(payload: &[u8]) -> bool {
    kind(payload).is_some()
}

fn kind(payload: &[u8]) -> Option<&'static str> {
    let end = payload.iter().position(|byte| *byte <= b' ' || *byte == 127).unwrap_or(payload.len());
    let word = payload[..end].to_ascii_lowercase();
    ["bgapi", "originate"].into_iter().find(|kind| kind.as_bytes() == word)
}

/// `None`: it does not run.
pub fn judge(topic: &SubscriberTopic, payload: &[u8], retained: bool) -> Option<Allowed> {
    let kind = kind(payload)?;
    let bgapi = kind == "bgapi";
    let authorised = if bgapi { topic.bgapi_authorized } else { topic.originate_authorized };
    if !authorised || retained && topic.command_ignore_retained || payload.len() > topic.command_max_bytes {
        return None;
    }
    let text = String::from_utf8(payload.to_vec()).ok()?;
    let text = text.trim_end_matches([' ', '\r', '\n']);
    if text.chars().any(char::is_control) {
        return None;
    }
    let rest = text[kind.len()..].trim_matches(' ');
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
    runs(topic, bgapi, &line, 1).then_some(Allowed { job_id, line })
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
    let known = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
    let good = (1..=64).contains(&id.len()) && id.chars().all(|c| known.contains(c));
    good.then(|| (Some(id.to_owned()), rest.to_owned()))
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
