//! Any text as `mosquitto.conf.xml`.

use crate::ranges;
use mod_mosquitto::config;
use xmltree::{Element, XMLNode};

/// What stands in for secrets: nobody may repeat it. The second one is a pre-shared key that can be used.
const SECRETS: [&str; 2] = ["hush!5ec4e75ec4e75ec4e7", "5ec4e75ec4e75ec4e75ec4e75ec4e7"];

/// Runs the target.
///
/// # Panics
/// A problem is not one line, or says a secret; or a value is not in its range.
pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    match config::parse(&text) {
        Ok((config, problems)) => {
            for problem in &problems {
                one_line(&problem.place);
                one_line(&problem.text);
            }
            ranges::check(&config);
            keeps_secrets(&text);
        }
        Err(error) => one_line(&error.to_string()),
    }
}

fn one_line(text: &str) {
    assert!(!text.is_empty(), "it says nothing");
    assert!(!text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')), "{text:?}");
}

/// The same text with other secrets in it: none of them is repeated.
fn keeps_secrets(text: &str) {
    let secret = SECRETS[text.len() % SECRETS.len()];
    let nodes = Element::parse_all(text.as_bytes()).expect("it has been parsed before");
    let root =
        nodes.into_iter().find_map(|node| if let XMLNode::Element(root) = node { Some(root) } else { None });
    let mut root = root.expect("it has been parsed before");
    let (start, end) = secret.split_at(secret.len() / 2);
    // What stands elsewhere as well, in a name say, is no secret.
    let elsewhere =
        with_secrets(&mut root, "").is_some_and(|text| text.contains(start) || text.contains(end));
    let changed = with_secrets(&mut root, secret).filter(|_| !elsewhere);
    let Some(changed) = changed else { return };
    if let Ok((config, problems)) = config::parse(&changed) {
        for problem in problems {
            assert!(!problem.to_string().contains(secret), "{problem}");
        }
        assert!(!format!("{config:?}").contains(secret), "{config:?}");
    }
    // A file that ends in the middle of a secret.
    let at = changed.rfind(secret).expect("it was put there") + start.len();
    for broken in [changed[..at].to_owned(), format!("{}<{end}", &changed[..at])] {
        let error = config::parse(&broken).expect_err("it is not well-formed").to_string();
        assert!(!error.contains(start) && !error.contains(end), "{error}");
    }
}

/// The text with this as each of its secrets; `None`: there are none in it.
fn with_secrets(root: &mut Element, secret: &str) -> Option<String> {
    if replace_secrets(root, secret) == 0 {
        return None;
    }
    let mut changed = Vec::new();
    root.write(&mut changed).expect("a Vec takes everything");
    Some(String::from_utf8(changed).expect("XML is written as UTF-8"))
}

/// Replaces the values of all parameters that hold a secret, or would if they were written right; returns how many.
fn replace_secrets(element: &mut Element, secret: &str) -> usize {
    let mut count = 0;
    let named = |name: &String| is_secret(name);
    if element.name == "param"
        && element.attributes.get("name").is_some_and(named)
        && let Some(value) = element.attributes.get_mut("value")
    {
        *value = secret.to_owned();
        count += 1;
    }
    for child in &mut element.children {
        if let XMLNode::Element(child) = child {
            count += replace_secrets(child, secret);
        }
    }
    count
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('-', "_");
    let secret = name.contains("password") || name.contains("psk");
    secret && !name.contains("file") && !name.contains("ciphers")
}
