//! A pattern, conditions and an event: what is made of it is a topic, whatever the values are.

use crate::serialiser::{Event, Values};
use arbitrary::{Arbitrary, Unstructured};
use mod_mosquitto::header_names::HeaderNames;
use mod_mosquitto::host::Event as _;
use mod_mosquitto::shaping::{Condition, Template};

/// The most bytes that a value may take.
const MOST_VALUE: usize = 256;

/// Runs the target. The bytes are a line with a pattern, any number of lines with conditions, an empty line, and an event
/// as the serialiser's target has it.
///
/// # Panics
/// What is made is not a topic, or a condition is not what a second reading of it makes of it.
pub fn run(data: &[u8]) {
    let end = data.windows(2).position(|bytes| bytes == b"\n\n").unwrap_or(data.len());
    let (text, rest) = data.split_at(end);
    let Ok(text) = std::str::from_utf8(text) else { return };
    let Ok(event) = Event::arbitrary(&mut Unstructured::new(rest.get(2..).unwrap_or_default())) else {
        return;
    };
    let mut lines = text.lines();
    if let Some(pattern) = lines.next() {
        topic(pattern, &event);
    }
    lines.for_each(|line| condition(line, &event));
}

/// What the first header of a name says, if it says anything.
fn value<'a>(event: &'a Event, name: &str) -> Option<&'a [u8]> {
    let mut headers = event.headers.iter();
    let found = headers.find_map(|(own, values)| {
        let is_it = own.eq_ignore_ascii_case(name.as_bytes());
        let first = match values {
            Values::One(value) => Some(&**value),
            Values::List(values) => values.first().map(Vec::as_slice),
        };
        first.filter(|_| is_it)
    });
    let is_body = name.eq_ignore_ascii_case("_body");
    found.or(event.body.as_deref().filter(|_| is_body)).filter(|value| !value.is_empty())
}

fn topic(pattern: &str, event: &Event) {
    // The configuration takes no pattern with these in it.
    if pattern.is_empty() || pattern.chars().any(char::is_control) || !Template::is_one(pattern) {
        return;
    }
    let mut names = HeaderNames::default();
    let Ok(template) = Template::parse_topic(pattern, &mut names) else { return };
    let mut found = vec![None; names.len()];
    event.find(&names, &mut found);
    let mut made = Vec::new();
    template.write(&found, &(0..names.len()).collect::<Vec<_>>(), &mut made);

    let made = String::from_utf8(made).expect("a topic is UTF-8");
    assert!(made.len() <= 65_535, "{pattern:?}");
    assert!(!made.contains(['+', '#']) && !made.chars().any(char::is_control), "{pattern:?}: {made:?}");
    assert!(made.split('/').all(|level| !level.is_empty()), "{pattern:?}: {made:?}");
    assert!(
        !made.starts_with('$') || !pattern.starts_with("${") || pattern.contains("|$"),
        "{pattern:?}: {made:?}"
    );

    // The same text with each ${} cut out: it has the levels that the topic has, and they begin and end with its parts.
    let mut fixed = vec![String::new()];
    let mut inside = pattern;
    while let Some((before, after)) = inside.split_once("${") {
        let (within, after) = after.split_once('}').expect("it was closed");
        fixed.last_mut().expect("one").push_str(before);
        fixed.push(String::new());
        value_fits(&made, within, event);
        inside = after;
    }
    fixed.last_mut().expect("one").push_str(inside);
    let slashes = |text: &str| text.matches('/').count();
    assert_eq!(
        slashes(&made),
        fixed.iter().map(|text| slashes(text)).sum::<usize>(),
        "{pattern:?}: {made:?}"
    );
    assert!(made.starts_with(&fixed[0]) && made.ends_with(&fixed[fixed.len() - 1]), "{pattern:?}: {made:?}");
    let mut rest = made.as_str();
    for text in &fixed {
        let at = rest.find(text.as_str()).expect("the pattern's own text, in its order");
        rest = &rest[at + text.len()..];
    }
}

/// A value of letters and digits stands in the topic as it is, a missing one as the last alternative or as "-".
fn value_fits(made: &str, within: &str, event: &Event) {
    let (names, otherwise) = within.rsplit_once('|').unwrap_or((within, "-"));
    match names.split('|').find_map(|name| value(event, name)) {
        None => assert!(made.contains(otherwise), "{within:?}: {made:?}"),
        Some(value) if value.iter().all(u8::is_ascii_alphanumeric) => {
            let text = String::from_utf8_lossy(&value[..value.len().min(MOST_VALUE)]).into_owned();
            assert!(made.contains(&text), "{within:?}: {made:?}");
        }
        Some(_) => {}
    }
}

fn condition(line: &str, event: &Event) {
    let Ok(condition) = Condition::parse(line) else { return };
    // Shown, it is read as the same.
    let shown = condition.to_string();
    assert_eq!(Condition::parse(&shown).as_ref(), Ok(&condition), "{line:?}");
    let mut names = HeaderNames::default();
    let check = condition.compile(&mut names).expect("it compiled before");
    let mut found = vec![None; names.len()];
    event.find(&names, &mut found);
    let holds = check.holds(&found, &[0]);

    use mod_mosquitto::shaping::condition::Test;
    let value = value(event, &condition.header);
    match &condition.test {
        Test::Exists => assert_eq!(holds, value.is_some(), "{line:?}"),
        Test::Absent => assert_eq!(holds, value.is_none(), "{line:?}"),
        Test::Is(text) => assert_eq!(holds, value == Some(text.as_bytes()), "{line:?}"),
        Test::IsNot(text) => assert_eq!(holds, value != Some(text.as_bytes()), "{line:?}"),
        Test::Matches(_) => assert!(value.is_some() || !holds, "{line:?}"),
        Test::MatchesNot(_) => assert!(value.is_some() || holds, "{line:?}"),
    }
}
