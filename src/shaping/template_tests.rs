//! What a template makes of an event, and which templates are refused.

use super::template::{MOST_VALUE, Template};
use crate::header_names::HeaderNames;
use proptest::prelude::*;

/// What a template makes of these headers.
fn made_of(template: &str, headers: &[(&str, &[u8])]) -> Vec<u8> {
    let mut names = HeaderNames::default();
    let template = Template::parse_topic(template, &mut names).expect(template);
    let mut found = vec![None; names.len()];
    for (name, value) in headers {
        names.offer(name.as_bytes(), value, &mut found);
    }
    let mut out = Vec::new();
    template.write(&found, &(0..names.len()).collect::<Vec<_>>(), &mut out);
    out
}

fn made(template: &str, headers: &[(&str, &str)]) -> String {
    let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_bytes())).collect();
    String::from_utf8(made_of(template, &headers)).expect("UTF-8")
}

fn refused(template: &str) -> String {
    let refused = Template::parse_topic(template, &mut HeaderNames::default());
    refused.expect_err(template).to_string()
}

#[test]
fn values_of_headers_stand_where_their_names_stood() {
    let headers = [("Event-Name", "CHANNEL_ANSWER"), ("Unique-ID", "af3b"), ("Empty", "")];
    assert_eq!(made("fs/${Event-Name}/${Unique-ID}", &headers), "fs/CHANNEL_ANSWER/af3b");
    assert_eq!(made("${event-name}", &headers), "CHANNEL_ANSWER");
    assert_eq!(made("a-${Unique-ID}-${Unique-ID}/$x", &headers), "a-af3b-af3b/$x");
    assert_eq!(made("plain/{x}/$", &headers), "plain/{x}/$");
}

#[test]
fn the_first_name_with_a_value_counts_and_the_last_alternative_is_a_text() {
    let template = "c/${Unique-ID|Job-UUID|none}";
    assert_eq!(made(template, &[("Unique-ID", "a"), ("Job-UUID", "b")]), "c/a");
    assert_eq!(made(template, &[("Unique-ID", ""), ("Job-UUID", "b")]), "c/b");
    assert_eq!(made(template, &[("none", "a header of that name")]), "c/none");
    assert_eq!(made("c/${Unique-ID}", &[]), "c/-");
    assert_eq!(made("c/${Unique-ID}", &[("Unique-ID", "")]), "c/-");
}

#[test]
fn a_value_is_a_part_of_one_level_whatever_is_in_it() {
    let value = |value| made("a/${V}", &[("V", value)]);
    assert_eq!(value("sip/100+1#x%"), "a/sip%2F100%2B1%23x%25");
    assert_eq!(value("a\nb\u{7f}\u{85}"), "a/a%0Ab%7F%C2%85");
    assert_eq!(value("Zoë 5 € $"), "a/Zoë 5 € $");
    assert_eq!(value("\u{ffff}\u{fdd0}\u{fffd}"), "a/%EF%BF%BF%EF%B7%90\u{fffd}");
    assert_eq!(made_of("a/${V}", &[("V", b"Gr\xFC\xDFe \0")]), b"a/Gr%FC%DFe %00");
    assert_eq!(made("${V}/x", &[("V", "$SYS")]), "%24SYS/x");
}

#[test]
fn a_long_value_is_cut_between_characters_and_escapes() {
    let length = |value: &str| made("${V}", &[("V", value)]).len();
    assert_eq!(length(&"x".repeat(MOST_VALUE)), MOST_VALUE);
    assert_eq!(length(&"x".repeat(MOST_VALUE + 1)), MOST_VALUE);
    assert_eq!(length(&"€".repeat(100)), 255);
    assert_eq!(length(&"/".repeat(100)), 255);
    assert_eq!(made("a/${V}/b", &[("V", &"ä".repeat(1000))]), format!("a/{}/b", "ä".repeat(128)));
}

#[test]
fn a_template_that_could_not_make_a_topic_is_refused_with_the_place() {
    assert_eq!(refused("ä/${Unique-ID"), "has a ${ that is not closed at character 3");
    assert_eq!(refused("a/${}"), "has an empty name in ${} at character 3");
    assert_eq!(refused("a/${|x}"), "has an empty name in ${} at character 3");
    assert_eq!(refused("a/${X||y}"), "has an empty name in ${} at character 3");
    assert_eq!(refused("a/${X|}"), "has an empty text in ${} at character 3");
    assert_eq!(refused("a/${X Y}"), "has a name that no header has in ${} at character 3");
    assert_eq!(refused("a/${b${X}}"), "has a name that no header has in ${} at character 3");
    assert_eq!(refused("a/${X}/+"), "holds a wildcard (+ or #) at character 8");
    assert_eq!(refused("a/${X}#"), "holds a wildcard (+ or #) at character 7");
    assert_eq!(refused("a/${X|b/c}"), "has a text with a / or a wildcard in ${} at character 3");
    assert_eq!(refused("/${X}"), "has an empty level at character 1");
    assert_eq!(refused("a//${X}"), "has an empty level at character 3");
    assert_eq!(refused("${X}/"), "has an empty level at character 6");
    assert_eq!(refused(&"${X}".repeat(256)), "makes topics of more than 65535 bytes at character 1");
    assert_eq!(made(&"${X}".repeat(255), &[]), "-".repeat(255));
}

proptest! {
    #[test]
    fn what_is_made_is_a_topic_and_says_what_the_value_was(value in prop::collection::vec(any::<u8>(), 0..80)) {
        let topic = made_of("a/${V}/b", &[("V", &value)]);
        let topic = String::from_utf8(topic).expect("UTF-8");
        prop_assert!(!topic.contains(['+', '#']) && !topic.chars().any(char::is_control));
        let levels: Vec<_> = topic.split('/').collect();
        prop_assert_eq!((levels.len(), levels[0], levels[2]), (3, "a", "b"));
        let mut back = Vec::new();
        let mut bytes = levels[1].bytes();
        while let Some(byte) = bytes.next() {
            back.push(if byte == b'%' {
                let digits = [bytes.next().expect("a digit"), bytes.next().expect("a digit")];
                u8::from_str_radix(std::str::from_utf8(&digits).expect("ASCII"), 16).expect("hexadecimal")
            } else {
                byte
            });
        }
        if value.is_empty() {
            prop_assert_eq!(levels[1], "-");
        } else if value.len() <= MOST_VALUE / 3 {
            prop_assert_eq!(back, value);
        }
    }
}
