//! What a C header declares, as far as the names go. It knows as much of C as Mosquitto's headers use.

use std::collections::BTreeSet;

/// Names, each kind in order.
#[derive(Debug, Default)]
pub struct Names {
    /// Functions whose names begin with `mosquitto_`.
    pub functions: BTreeSet<String>,
    /// Macros with a value, and enumerators.
    pub constants: BTreeSet<String>,
    /// Structures that are laid out in the header.
    pub structures: BTreeSet<String>,
}

impl Names {
    /// Adds what the text of a header declares.
    pub fn read(&mut self, header: &str) {
        let text = without_comments(header);
        let (directives, code): (Vec<&str>, Vec<&str>) =
            text.lines().partition(|l| l.trim_start().starts_with('#'));
        self.constants.extend(directives.into_iter().filter_map(macro_with_value));

        let code = code.join("\n");
        let tokens = tokens(&code);
        for (at, token) in tokens.iter().enumerate() {
            let next = |n: usize| tokens.get(at + n).copied().unwrap_or("");
            match *token {
                "struct" if next(2) == "{" => {
                    self.structures.insert(next(1).to_owned());
                }
                "enum" if next(2) == "{" => self.read_enumerators(&tokens[at + 3..]),
                name if name.starts_with("mosquitto_") && next(1) == "(" => {
                    self.functions.insert(name.to_owned());
                }
                _ => {}
            }
        }
    }

    fn read_enumerators(&mut self, tokens: &[&str]) {
        let body = tokens.split(|t| *t == "}").next().unwrap_or(&[]);
        let enumerators = body.split(|t| *t == ",").filter_map(|e| e.first());
        self.constants.extend(enumerators.map(|name| (*name).to_owned()));
    }
}

fn without_comments(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("/*") {
        out.push_str(&rest[..start]);
        out.push(' ');
        rest = rest[start..].split_once("*/").map_or("", |(_, after)| after);
    }
    out + rest
}

/// The name in `#define NAME VALUE`; nothing for `#define NAME`.
fn macro_with_value(line: &str) -> Option<String> {
    let line = line.trim_start().strip_prefix('#')?.trim_start().strip_prefix("define")?.trim();
    let (name, value) = line.split_once(char::is_whitespace)?;
    (!value.trim().is_empty()).then(|| name.to_owned())
}

/// Words, and each other character by itself.
fn tokens(code: &str) -> Vec<&str> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut tokens = Vec::new();
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let end =
            if is_word(first) { rest.find(|c| !is_word(c)).unwrap_or(rest.len()) } else { first.len_utf8() };
        let (token, after) = rest.split_at(end);
        tokens.push(token);
        rest = after.trim_start();
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_read_for_functions_constants_and_structures() {
        let mut names = Names::default();
        names.read(
            "/* mosquitto_comment(1) */\n#define GUARD\n# define LIMIT (1<<2) /* mosquitto_other() */\n\
             enum e { FIRST = -1, /* gone */\n LAST };\nstruct laid_out{ int a; };\nstruct opaque;\n\
             EXPORT int mosquitto_a (struct laid_out *x,\n void (*mosquitto_not_a_function)(int));",
        );
        assert_eq!(Vec::from_iter(names.functions), ["mosquitto_a"]);
        assert_eq!(Vec::from_iter(names.constants), ["FIRST", "LAST", "LIMIT"]);
        assert_eq!(Vec::from_iter(names.structures), ["laid_out"]);
    }
}
