//! The table of log messages in `docs/reference.md`: each line that asks for action is there, and no line that the
//! module does not write any more.
//!
//! In the page, `<words>` stands for what changes; in the source, `{...}` does.

use crate::markdown::{code, rows, section};
use crate::sources::log_lines;
use crate::{must_be_empty, read};

const HEADING: &str = "## Log messages";

/// Lines that are not in the table, and why not.
const EXEMPT: [(&str, &str); 3] = [
    (
        "{problem}",
        "a problem of the configuration or of a log file: it says itself what to do, see \"Problems\"",
    ),
    ("{}: {warning}", "a file of a secret that others can read: it ends in the command to type"),
    ("{place}: {warning}", "a topic that allows more than it seems to: see docs/commands.md"),
];

#[test]
fn every_line_that_asks_for_action_is_in_the_reference_and_no_other() {
    let text = read("docs/reference.md");
    let documented: Vec<String> =
        rows(&section(&text, HEADING)).iter().filter_map(|row| code(row[0]).into_iter().next()).collect();
    let written: Vec<_> = log_lines()
        .into_iter()
        .filter(|line| EXEMPT.iter().all(|(exempt, _)| *exempt != line.format))
        .collect();
    let mut wrong = Vec::new();
    for line in &written {
        if !documented.iter().any(|entry| pieces(entry, '<', '>') == pieces(&line.format, '{', '}')) {
            wrong.push(format!(
                "{}: {:?} is not in docs/reference.md, \"{HEADING}\": add a row with the line in backticks, <words> \
                 for each {{}}, and what to do; or an exemption in tests/documentation/log_messages.rs",
                line.place, line.format
            ));
        }
    }
    for entry in &documented {
        if !written.iter().any(|line| pieces(entry, '<', '>') == pieces(&line.format, '{', '}')) {
            wrong.push(format!("docs/reference.md, \"{HEADING}\": the module does not write `{entry}`"));
        }
    }
    must_be_empty(wrong);
}

#[test]
fn no_exemption_is_left_over() {
    let written = log_lines();
    for (exempt, why) in EXEMPT {
        assert!(
            written.iter().any(|line| line.format == exempt),
            "{exempt:?} is not written any more ({why})"
        );
    }
}

/// What stays the same in a line: the pieces between what changes.
fn pieces(text: &str, open: char, close: char) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut depth = 0;
    for character in text.chars() {
        if character == open {
            depth += 1;
            pieces.push(String::new());
        } else if character == close {
            depth -= 1;
        } else if depth == 0 {
            pieces.last_mut().expect("one").push(character);
        }
    }
    pieces
}
