//! A command line as words: blanks separate, and 'single' or "double" quotes hold together.

/// The words of a line. A quote that is not closed reaches to the end.
pub fn split(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for character in line.chars() {
        match (quote, character) {
            (Some(open), close) if open == close => quote = None,
            (None, '\'' | '"') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None, blank) if blank.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_separate_and_quotes_hold_together() {
        assert_eq!(split("  enable  profile\tx "), ["enable", "profile", "x"]);
        assert_eq!(split("enable profile 'my profile'"), ["enable", "profile", "my profile"]);
        assert_eq!(split("a \"b 'c' d\" ''"), ["a", "b 'c' d", ""]);
        assert_eq!(split("a 'b c"), ["a", "b c"]);
        assert!(split(" ").is_empty());
    }
}
