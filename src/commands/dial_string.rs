//! A call URL as FreeSWITCH takes it apart: `:_:` between calls, `<...>` and `{...}` before each, `|` and `,` between
//! its legs, `[...]` before each leg.
//!
//! FreeSWITCH has quotes, escapes and delimiters of one's own besides. Whatever may be read in two ways is not read.

/// The most legs: FreeSWITCH takes what follows its 128th apart no more.
const MOST: usize = 64;

/// A call URL taken apart.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct DialString<'a> {
    /// What is between the brackets of each group of variables.
    pub variables: Vec<&'a str>,
    /// The address of each leg, `user/1000`: at least one.
    pub addresses: Vec<&'a str>,
}

impl<'a> DialString<'a> {
    /// Takes a URL apart; `None`: it is not clear what it calls.
    pub fn read(url: &'a str) -> Option<Self> {
        let mut read = Self::default();
        for call in url.split(":_:") {
            let mut rest = call;
            for (open, close) in [('<', '>'), ('{', '}')] {
                while rest.starts_with(open) {
                    let (variables, after) = group(rest, open, close)?;
                    read.variables.push(variables);
                    rest = after;
                }
            }
            for alternative in rest.split('|') {
                read.legs(alternative)?;
            }
        }
        Some(read)
    }

    /// Reads legs that are called at once.
    fn legs(&mut self, text: &'a str) -> Option<()> {
        let mut rest = Some(text);
        while let Some(mut leg) = rest {
            while leg.starts_with('[') {
                let (variables, after) = group(leg, '[', ']')?;
                // Quotes in here change where the leg ends.
                if variables.contains(['\'', '\\']) {
                    return None;
                }
                self.variables.push(variables);
                leg = after;
            }
            let (address, next) = match leg.split_once(',') {
                Some((address, next)) => (address, Some(next)),
                None => (leg, None),
            };
            if address.is_empty() || !address.chars().all(is_plain) || self.addresses.len() == MOST {
                return None;
            }
            self.addresses.push(address);
            rest = next;
        }
        Some(())
    }
}

/// The group that the text begins with: what is between its brackets, and what follows. Brackets of the same kind
/// nest; quotes do not count.
fn group(text: &str, open: char, close: char) -> Option<(&str, &str)> {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        if c == open {
            depth += 1;
        } else if c == close {
            depth -= 1;
            if depth == 0 {
                return Some((&text[open.len_utf8()..at], &text[at + close.len_utf8()..]));
            }
        }
    }
    None
}

/// The names of the variables in a group; `None`: FreeSWITCH may read others.
pub(super) fn variable_names(group: &str) -> Option<Vec<&str>> {
    if group.is_empty() {
        return Some(Vec::new());
    }
    let doubtful = |c: char| matches!(c, '\'' | '"' | '\\' | '^' | '$' | '{' | '}' | '[' | ']' | '<' | '>');
    if group.chars().any(|c| doubtful(c) || c.is_control()) {
        return None;
    }
    let name = |item: &'_ str| item.split_once('=').map_or(item.len(), |(name, _)| name.len());
    Some(group.split(',').map(|item| item[..name(item)].trim_matches(' ')).collect())
}

/// Whether the character is itself wherever it stands in an address.
fn is_plain(c: char) -> bool {
    !c.is_control() && !c.is_whitespace() && !r#"<>{}[]|,'"\^$`"#.contains(c)
}
