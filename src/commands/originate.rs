//! The arguments of `originate`, split as FreeSWITCH splits them: at blanks, `'...'` keeps blanks, `\` keeps
//! the character after it.

use std::fmt;

/// The arguments of an originate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Originate {
    /// The call URL with its variables.
    pub url: String,
    /// Destination, dialplan, context, caller id name, caller id number, timeout: as many as there are, at least one.
    pub rest: Vec<String>,
}

/// Why FreeSWITCH would not place that call, or would come to harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unusable {
    /// No call URL.
    NoUrl,
    /// No destination.
    NoDestination,
    /// More arguments than there are.
    TooMany,
    /// `^^` at the beginning: another character than the blank to split at.
    OwnDelimiter,
    /// A `\` at the end: FreeSWITCH reads on after the end of the text.
    EndsInBackslash,
}

impl Unusable {
    /// What is wrong, as a sentence about the command.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoUrl => "originate has no call URL",
            Self::NoDestination => "originate has no destination after the call URL",
            Self::TooMany => "originate has more than 7 arguments",
            Self::OwnDelimiter => "the arguments of originate begin with ^^",
            Self::EndsInBackslash => "the arguments of originate end in \\",
        }
    }
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Originate {
    const MOST: usize = 7;

    /// Reads what follows `originate`.
    pub fn read(arguments: &str) -> Result<Self, Unusable> {
        if arguments.starts_with("^^") {
            return Err(Unusable::OwnDelimiter);
        }
        let mut words = split(arguments)?.into_iter();
        // "undef" stands for "not given"; given for one of the first two it makes FreeSWITCH abort.
        let mut given =
            || words.next().filter(|word| !word.is_empty() && !word.eq_ignore_ascii_case("undef"));
        let url = given().ok_or(Unusable::NoUrl)?;
        let destination = given().ok_or(Unusable::NoDestination)?;
        let rest: Vec<String> = std::iter::once(destination).chain(words).collect();
        if rest.len() >= Self::MOST {
            return Err(Unusable::TooMany);
        }
        Ok(Self { url, rest })
    }
}

/// Splits at blanks that are neither quoted nor escaped.
fn split(text: &str) -> Result<Vec<String>, Unusable> {
    let mut words = Vec::new();
    let mut rest = text.trim_start_matches(' ');
    while !rest.is_empty() {
        let end = end_of_word(rest)?;
        words.push(unquoted(&rest[..end]));
        rest = rest[end..].trim_start_matches(' ');
    }
    Ok(words)
}

/// Where the word ends that the text begins with. A quote that is not closed goes on to the end.
fn end_of_word(text: &str) -> Result<usize, Unusable> {
    let mut quoted = false;
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' if chars.next().is_none() => return Err(Unusable::EndsInBackslash),
            '\'' => quoted = !quoted,
            ' ' if !quoted => return Ok(at),
            _ => {}
        }
    }
    Ok(text.len())
}

/// A word without its quotes, the characters after `\` as what they stand for, no unquoted blanks at the end.
fn unquoted(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut end = 0;
    let mut quoted = false;
    let mut chars = word.chars();
    while let Some(c) = chars.next() {
        if c == '\\' {
            if let Some(meant) = chars.clone().next().and_then(escaped) {
                chars.next();
                out.push(meant);
                end = out.len();
                continue;
            }
        }
        if c == '\'' && (quoted || chars.as_str().contains('\'')) {
            quoted = !quoted;
            if quoted {
                end = out.len();
            }
            continue;
        }
        out.push(c);
        if c != ' ' || quoted {
            end = out.len();
        }
    }
    out.truncate(end);
    out
}

/// What a character after `\` stands for; `None`: the `\` stays, and so does the character.
fn escaped(c: char) -> Option<char> {
    match c {
        '\'' | '"' | '\\' => Some(c),
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        's' => Some(' '),
        _ => None,
    }
}
