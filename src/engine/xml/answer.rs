//! What an answer must be before FreeSWITCH's parser, which forgives much, is given it.

use crate::config::{self, ConfigError};

/// The longest answer, in bytes.
pub const MOST: usize = 1 << 20;

/// The document, if it is one.
///
/// # Errors
/// What is wrong with it, continuing a sentence that begins with "the answer".
pub fn check(payload: Vec<u8>) -> Result<String, String> {
    if payload.len() > MOST {
        return Err(too_long(payload.len()));
    }
    let text = String::from_utf8(payload).map_err(|_| "is not UTF-8".to_owned())?;
    let xml = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    let root = config::xml_tree(xml).map_err(|error| match error {
        ConfigError::Malformed { line, column, what } => {
            format!("is not well-formed XML, line {line}, column {column}: {what}")
        }
        _ => "is empty".to_owned(),
    })?;
    let kind = root.attributes.get("type").map(String::as_str);
    if root.name != "document" || kind != Some("freeswitch/xml") {
        return Err("is not <document type=\"freeswitch/xml\">".to_owned());
    }
    if text.contains('\0') {
        return Err("holds a NUL".to_owned());
    }
    Ok(xml.to_owned())
}

/// What is said about so many bytes.
pub fn too_long(length: usize) -> String {
    format!("has {length} bytes, more than {MOST}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str) -> Result<String, String> {
        check(text.as_bytes().to_vec())
    }

    #[test]
    fn a_document_of_freeswitch_is_taken_as_it_is() {
        let xml = "<?xml version=\"1.0\"?>\n<document type=\"freeswitch/xml\"><section name=\"result\">\
                   <result status=\"not found\"/></section></document>\n";
        assert_eq!(checked(xml).as_deref(), Ok(xml));
        assert_eq!(checked(&format!("\u{FEFF}{xml}")).as_deref(), Ok(xml));
    }

    #[test]
    fn nonsense_is_refused_and_named() {
        for (text, said) in [
            ("", "is empty"),
            ("no", "is not well-formed XML"),
            ("{\"user\":1}", "is not well-formed XML"),
            ("<document type=\"freeswitch/xml\">", "is not well-formed XML"),
            ("<document type=\"freeswitch/xml\"/><more/>", "is not well-formed XML"),
            ("<html/>", "is not <document type=\"freeswitch/xml\">"),
            ("<document/>", "is not <document type=\"freeswitch/xml\">"),
            ("<!DOCTYPE d [<!ENTITY a \"b\">]><document type=\"freeswitch/xml\"/>", "a document type"),
        ] {
            let error = checked(text).expect_err(text);
            assert!(error.contains(said), "{text}: {error}");
        }
        assert_eq!(check(vec![b'<', 0xFF]).unwrap_err(), "is not UTF-8");
        assert!(checked("<document type=\"freeswitch/xml\">\0</document>").is_err());
        assert!(check(vec![b' '; MOST + 1]).unwrap_err().starts_with("has 1048577 bytes"));
        let deep = format!("<document type=\"freeswitch/xml\">{}", "<a>".repeat(100_000));
        assert!(checked(&deep).unwrap_err().contains("nested too deeply"));
    }
}
