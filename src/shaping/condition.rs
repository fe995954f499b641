//! `filter`: what a header has to say for an event to go out.
//!
//! `Name = text`, `Name != text`, `Name =~ expression`, `Name !~ expression`, `Name exists`, `Name not exists`. A header
//! that has no value is as one that is not there.

use crate::header_names::{Found, HeaderNames};
use regex::bytes::{Regex, RegexBuilder};
use std::fmt;

/// The most bytes that an expression may take once it is compiled; its search takes at most as many again.
const MOST_COMPILED: usize = 1 << 20;

/// A condition on a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The header's name; [`HeaderNames::BODY`]: the event's body.
    pub header: String,
    /// What is asked of it.
    pub test: Test,
}

/// What is asked of a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// `exists`
    Exists,
    /// `not exists`
    Absent,
    /// `=`: it is this text, in this case.
    Is(String),
    /// `!=`: it is another, or is not there.
    IsNot(String),
    /// `=~`: this expression matches somewhere in it.
    Matches(String),
    /// `!~`: it does not, or there is no such header.
    MatchesNot(String),
}

impl Condition {
    /// Reads a condition, and compiles what is to be compiled to see whether it can be.
    ///
    /// # Errors
    /// What is wrong: the rest of a sentence that begins with the condition.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let is_end = |c: char| c.is_whitespace() || matches!(c, '=' | '!' | '~');
        let (header, rest) = text.split_at(text.find(is_end).unwrap_or(text.len()));
        if header.is_empty() {
            return Err("begins with no header's name".to_owned());
        }
        let rest = rest.trim_start();
        let operator = ["=~", "!~", "!=", "=="].into_iter().find(|operator| rest.starts_with(operator));
        let operator = operator.unwrap_or(if rest.starts_with('=') { "=" } else { "" });
        let value = rest[operator.len()..].trim_start();
        let words = || value.split_whitespace().map(str::to_ascii_lowercase).collect::<Vec<_>>().join(" ");
        let test = match operator {
            "=" => Test::Is(value.to_owned()),
            "!=" => Test::IsNot(value.to_owned()),
            "=~" => Test::Matches(value.to_owned()),
            "!~" => Test::MatchesNot(value.to_owned()),
            "" if words() == "exists" => Test::Exists,
            "" if words() == "not exists" => Test::Absent,
            _ => return Err("has none of =, !=, =~, !~, exists and not exists after the name".to_owned()),
        };
        if !operator.is_empty() && value.is_empty() {
            return Err("compares with nothing: write exists or not exists".to_owned());
        }
        let condition = Self { header: header.to_owned(), test };
        condition.compile(&mut HeaderNames::default()).map(|_| condition)
    }

    /// Makes the condition ready to be asked; the name in it is added to `names`.
    ///
    /// # Errors
    /// As [`Condition::parse`].
    pub fn compile(&self, names: &mut HeaderNames) -> Result<Check, String> {
        let (ask, expected) = match &self.test {
            Test::Exists => (Ask::Exists, true),
            Test::Absent => (Ask::Exists, false),
            Test::Is(text) => (Ask::Is(text.as_bytes().into()), true),
            Test::IsNot(text) => (Ask::Is(text.as_bytes().into()), false),
            Test::Matches(text) => (Ask::Matches(expression(text)?), true),
            Test::MatchesNot(text) => (Ask::Matches(expression(text)?), false),
        };
        Ok(Check { header: names.add(self.header.as_bytes()), ask, expected })
    }
}

/// As it is written.
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header = &self.header;
        match &self.test {
            Test::Exists => write!(f, "{header} exists"),
            Test::Absent => write!(f, "{header} not exists"),
            Test::Is(text) => write!(f, "{header} = {text}"),
            Test::IsNot(text) => write!(f, "{header} != {text}"),
            Test::Matches(text) => write!(f, "{header} =~ {text}"),
            Test::MatchesNot(text) => write!(f, "{header} !~ {text}"),
        }
    }
}

/// Headers are bytes, and so is what matches them: `.` is one byte, and only the letters of ASCII have a case.
fn expression(text: &str) -> Result<Regex, String> {
    let mut builder = RegexBuilder::new(text);
    builder.unicode(false).size_limit(MOST_COMPILED).dfa_size_limit(MOST_COMPILED);
    builder.build().map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "has an expression that is too large".to_owned(),
        error => {
            let error = error.to_string();
            let last = error.lines().last().unwrap_or_default().trim();
            format!("has an expression that cannot be read ({})", last.trim_start_matches("error: "))
        }
    })
}

/// A condition that is ready to be asked. An answer takes time in proportion to the header's length, whatever the
/// expression is.
#[derive(Debug)]
pub struct Check {
    /// Where among the names its header is.
    header: usize,
    ask: Ask,
    expected: bool,
}

#[derive(Debug)]
enum Ask {
    Exists,
    Is(Box<[u8]>),
    Matches(Regex),
}

impl Check {
    /// Whether it holds for these values; `slots` as in [`super::Template::write`].
    #[inline]
    pub fn holds(&self, found: &Found<'_>, slots: &[usize]) -> bool {
        let value = found[slots[self.header]].filter(|value| !value.is_empty());
        let is_so = value.is_some_and(|value| match &self.ask {
            Ask::Exists => true,
            Ask::Is(text) => **text == *value,
            Ask::Matches(expression) => expression.is_match(value),
        });
        is_so == self.expected
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(condition: &str, value: Option<&[u8]>) -> bool {
        let condition = Condition::parse(condition).expect(condition);
        let mut names = HeaderNames::default();
        condition.compile(&mut names).expect("it compiled before").holds(&[value], &[0])
    }

    #[test]
    fn a_condition_says_what_it_asks_of_a_header() {
        for (condition, values) in [
            // ab, x, empty, not there
            ("H = ab", [true, false, false, false]),
            ("H=ab", [true, false, false, false]),
            ("H != ab", [false, true, true, true]),
            ("H =~ ^a", [true, false, false, false]),
            ("H =~ (?i)B$", [true, false, false, false]),
            ("H =~ ^$", [false, false, false, false]),
            ("H !~ ^a", [false, true, true, true]),
            ("H exists", [true, true, false, false]),
            ("H  Not  Exists ", [false, false, true, true]),
        ] {
            let of = |value: Option<&str>| holds(condition, value.map(str::as_bytes));
            assert_eq!([of(Some("ab")), of(Some("x")), of(Some("")), of(None)], values, "{condition}");
        }
    }

    #[test]
    fn an_expression_matches_bytes() {
        assert!(holds(r"H =~ ^Gr.\xDFe$", Some(b"Gr\xFC\xDFe")));
        assert!(holds("H =~ ^Zo..$", Some("Zoë".as_bytes())));
        assert!(holds(r"H =~ ^\d+$", Some(b"1900")) && !holds(r"H =~ ^\d+$", Some("١".as_bytes())));
    }

    #[test]
    fn a_condition_is_shown_as_it_is_read() {
        for text in ["H = a b", "H != =", "H =~ ^a|b$", "H !~ x", "H exists", "H not exists"] {
            assert_eq!(Condition::parse(text).expect(text).to_string(), text);
        }
    }

    #[test]
    fn what_is_no_condition_is_refused_with_the_reason() {
        let refused = |text| Condition::parse(text).expect_err(text);
        assert_eq!(refused(""), "begins with no header's name");
        assert_eq!(refused("= x"), "begins with no header's name");
        for text in ["H", "H x", "H ~ x", "H == x", "H ! x", "H exists not", "exists"] {
            let said = "has none of =, !=, =~, !~, exists and not exists after the name";
            assert_eq!(refused(text), said, "{text}");
        }
        assert_eq!(refused("H ="), "compares with nothing: write exists or not exists");
        assert_eq!(refused("H =~ "), "compares with nothing: write exists or not exists");
        assert_eq!(refused("H =~ (a"), "has an expression that cannot be read (unclosed group)");
        assert_eq!(refused("H =~ ((a{100}){100}){100}"), "has an expression that is too large");
    }
}
