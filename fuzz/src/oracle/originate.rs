//! The arguments of `originate`, and whether `originate_allow` has such a call.
//!
//! A word is found and cleaned the way FreeSWITCH's `switch_separate_string` does it: once over the characters for its
//! end, once more for its quotes.

use super::star::like;

/// A call: its URL, its destination and what follows.
pub(super) struct Call(Vec<String>);

/// The most arguments.
const MOST: usize = 7;
/// The most legs.
const MOST_LEGS: usize = 64;

impl Call {
    /// `None`: FreeSWITCH would not place it, or come to harm.
    pub fn read(arguments: &str) -> Option<Self> {
        if arguments.starts_with("^^") {
            return None;
        }
        let chars: Vec<char> = arguments.chars().collect();
        let mut words = Vec::new();
        let mut at = 0;
        loop {
            while chars.get(at) == Some(&' ') {
                at += 1;
            }
            if at >= chars.len() {
                break;
            }
            let begin = at;
            let mut quoted = false;
            while at < chars.len() && (quoted || chars[at] != ' ') {
                match chars[at] {
                    // It reads the next one, too, whatever it is.
                    '\\' => at += 1,
                    '\'' => quoted = !quoted,
                    _ => {}
                }
                at += 1;
            }
            // Past the end.
            if at > chars.len() {
                return None;
            }
            words.push(cleaned(&chars[begin..at]));
        }
        let given = |word: Option<&String>| word.is_some_and(|word| !word.is_empty() && !is_undef(word));
        let usable = given(words.first()) && given(words.get(1)) && words.len() <= MOST;
        usable.then_some(Self(words))
    }

    /// Whether a pattern has it.
    pub fn fits(&self, pattern: &str) -> bool {
        let pattern: Vec<&str> = pattern.split_whitespace().collect();
        let Some((url, rest)) = pattern.split_first() else { return false };
        let (names, address) = match url.strip_prefix('{') {
            None => (None, *url),
            Some(url) => match url.split_once('}') {
                None => return false,
                Some((names, address)) => (Some(names.split(',').collect::<Vec<_>>()), address),
            },
        };
        if address.is_empty() || self.0.len() < rest.len() + 1 {
            return false;
        }
        let Some((groups, legs)) = taken_apart(&self.0[0]) else { return false };
        legs.iter().all(|leg| like(address, leg))
            && groups.iter().all(|group| names.as_ref().is_none_or(|names| only_these(names, group)))
            && rest.iter().zip(&self.0[1..]).all(|(wanted, word)| {
                like(wanted, word) && !word.contains('$') && !word.chars().any(char::is_control)
            })
    }
}

fn is_undef(word: &str) -> bool {
    word.eq_ignore_ascii_case("undef")
}

/// Without its quotes, what is escaped as what it stands for.
fn cleaned(word: &[char]) -> String {
    let mut out: Vec<char> = Vec::new();
    // Blanks after this are outside of quotes, and cut off.
    let mut keep = 0;
    let mut quoted = false;
    let mut at = 0;
    while at < word.len() {
        let meant = match (word[at], word.get(at + 1)) {
            ('\\', Some(c @ ('\'' | '"' | '\\'))) => Some(*c),
            ('\\', Some('n')) => Some('\n'),
            ('\\', Some('r')) => Some('\r'),
            ('\\', Some('t')) => Some('\t'),
            ('\\', Some('s')) => Some(' '),
            _ => None,
        };
        match (meant, word[at]) {
            (Some(meant), _) => {
                out.push(meant);
                keep = out.len();
                at += 1;
            }
            (None, '\'') if quoted || word[at + 1..].contains(&'\'') => {
                quoted = !quoted;
                keep = if quoted { out.len() } else { keep };
            }
            (None, c) => {
                out.push(c);
                keep = if c == ' ' && !quoted { keep } else { out.len() };
            }
        }
        at += 1;
    }
    out[..keep].iter().collect()
}

/// The groups of variables and the legs of a URL; `None`: it may be read in more than one way.
fn taken_apart(url: &str) -> Option<(Vec<String>, Vec<String>)> {
    let (mut groups, mut legs) = (Vec::new(), Vec::new());
    for call in url.split(":_:") {
        let mut call = call.to_owned();
        for brackets in ["<>", "{}"] {
            call = without_groups(&call, brackets, &mut groups)?;
        }
        for leg in call.split('|') {
            let mut leg = leg.to_owned();
            // A comma inside of brackets separates variables, not legs.
            loop {
                let before = groups.len();
                leg = without_groups(&leg, "[]", &mut groups)?;
                if groups[before..].iter().any(|group| group.contains(['\'', '\\'])) {
                    return None;
                }
                let (address, next) = match leg.find(',') {
                    Some(at) => (leg[..at].to_owned(), Some(leg[at + 1..].to_owned())),
                    None => (leg.clone(), None),
                };
                legs.push(address);
                match next {
                    Some(next) => leg = next,
                    None => break,
                }
            }
        }
    }
    let strange = |c: char| "<>{}[]|,'\"\\^$`".contains(c) || c.is_whitespace() || c.is_control();
    let clear = legs.iter().all(|leg| !leg.is_empty() && !leg.contains(strange)) && legs.len() <= MOST_LEGS;
    clear.then_some((groups, legs))
}

/// What follows the groups that the text begins with. `None`: one of them has no end.
fn without_groups(text: &str, brackets: &str, groups: &mut Vec<String>) -> Option<String> {
    let (open, close) = brackets.split_at(1);
    if !text.starts_with(open) {
        return Some(text.to_owned());
    }
    let end = (1..=text.len()).filter(|end| text.is_char_boundary(*end)).find(|end| {
        let group = &text[..*end];
        group.ends_with(close) && group.matches(open).count() == group.matches(close).count()
    })?;
    groups.push(text[1..end - 1].to_owned());
    without_groups(&text[end..], brackets, groups)
}

/// Whether the variables of a group have only these names.
fn only_these(names: &[&str], group: &str) -> bool {
    if group.is_empty() {
        return true;
    }
    if group.chars().any(|c| "'\"\\^${}[]<>".contains(c) || c.is_control()) {
        return false;
    }
    group.split(',').all(|variable| {
        let name = variable.split('=').next().unwrap_or_default().trim_matches(' ');
        names.iter().any(|known| !known.is_empty() && like(known, name))
    })
}
