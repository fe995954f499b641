//! From text to a tree of elements, or to a [`ConfigError`].
//!
//! The tree's parser calls itself for each level of nesting, on a thread of FreeSWITCH whose stack is 240 kB, so
//! the nesting is measured first.

use xmltree::{Element, ParseError, XMLNode};

use super::ConfigError;

/// The configuration proper is eight levels deep.
const MAX_DEPTH: usize = 32;

/// Parses the text and finds the configuration.
pub(super) fn root(xml: &str) -> Result<Element, ConfigError> {
    let root = tree(xml)?;
    let named_otherwise = root.attributes.get("name").is_some_and(|name| name != "mosquitto.conf");
    if root.name != "configuration" || named_otherwise {
        let name = root.attributes.get("name").map(|name| format!(" name=\"{name}\"")).unwrap_or_default();
        return Err(ConfigError::NotMosquitto { found: format!("<{}{name}>", root.name) });
    }
    Ok(root)
}

/// The outermost element of any XML that is not nested too deeply.
///
/// # Errors
/// It is empty, or not well-formed.
pub(crate) fn tree(xml: &str) -> Result<Element, ConfigError> {
    if xml.trim().is_empty() {
        return Err(ConfigError::Empty);
    }
    check_shape(xml)?;
    let nodes = Element::parse_all(xml.as_bytes()).map_err(malformed)?;
    let mut elements = nodes.into_iter().filter_map(|node| match node {
        XMLNode::Element(element) => Some(element),
        _ => None,
    });
    let element = elements.next();
    if elements.next().is_some() {
        let what = "there is more than one outermost element".to_owned();
        return Err(ConfigError::Malformed { line: 1, column: 1, what });
    }
    element.ok_or(ConfigError::Empty)
}

/// The parser's message starts with `line:column `.
fn malformed(error: ParseError) -> ConfigError {
    let ParseError::MalformedXml(error) = error else {
        return ConfigError::Malformed { line: 1, column: 1, what: "it cannot be parsed".to_owned() };
    };
    let message = error.to_string();
    let position = message.split_once(' ').and_then(|(position, what)| {
        let (line, column) = position.split_once(':')?;
        Some((line.parse().ok()?, column.parse().ok()?, what.to_owned()))
    });
    let (line, column, what) = position.unwrap_or((1, 1, message));
    ConfigError::Malformed { line, column, what }
}

/// Refuses deep nesting, and document types, whose entities could hide it.
fn check_shape(xml: &str) -> Result<(), ConfigError> {
    let mut depth = 0usize;
    let mut at = 0;
    while let Some(found) = xml[at..].find('<') {
        let start = at + found;
        let rest = &xml[start..];
        let length = if rest.starts_with("<!--") {
            end(rest, "-->")
        } else if rest.starts_with("<![CDATA[") {
            end(rest, "]]>")
        } else if rest.starts_with("<?") {
            end(rest, "?>")
        } else if rest.starts_with("<!") {
            return Err(error_at(xml, start, "a document type declaration is not read"));
        } else {
            let length = tag_length(rest);
            if rest.starts_with("</") {
                depth = depth.saturating_sub(1);
            } else if !rest[..length].ends_with("/>") {
                depth += 1;
            }
            length
        };
        if depth > MAX_DEPTH {
            return Err(error_at(xml, start, "elements are nested too deeply"));
        }
        at = start + length;
    }
    Ok(())
}

/// How long the text is to the end of the mark, which a well-formed text has.
fn end(text: &str, mark: &str) -> usize {
    text.find(mark).map_or(text.len(), |found| found + mark.len())
}

/// How long the tag is that the text starts with. A `>` inside quotes does not end it.
fn tag_length(text: &str) -> usize {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'>') => return at + 1,
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    text.len()
}

fn error_at(xml: &str, offset: usize, what: &str) -> ConfigError {
    let before = &xml[..offset];
    let line = before.matches('\n').count() as u64 + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() as u64 + 1;
    ConfigError::Malformed { line, column, what: what.to_owned() }
}
