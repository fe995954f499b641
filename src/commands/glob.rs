//! `*` as any number of characters, none included; every other character is itself.

/// Whether letters have to be in the pattern's case. Only those of ASCII have one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    Exact,
    Any,
}

/// Whether the whole text matches. Takes at most pattern × text steps.
pub(crate) fn matches(pattern: &str, text: impl AsRef<[u8]>, case: Case) -> bool {
    let same = |a: u8, b: u8| a == b || case == Case::Any && a.eq_ignore_ascii_case(&b);
    let (pattern, text) = (pattern.as_bytes(), text.as_ref());
    let (mut at_pattern, mut at_text) = (0, 0);
    // After the last star, and where the text goes on if that star takes no more.
    let mut star = None;
    while at_text < text.len() {
        match pattern.get(at_pattern) {
            Some(b'*') => {
                at_pattern += 1;
                star = Some((at_pattern, at_text));
            }
            Some(byte) if same(*byte, text[at_text]) => {
                at_pattern += 1;
                at_text += 1;
            }
            _ => {
                let Some((after, taken)) = star else { return false };
                star = Some((after, taken + 1));
                (at_pattern, at_text) = (after, taken + 1);
            }
        }
    }
    pattern[at_pattern..].iter().all(|byte| *byte == b'*')
}
