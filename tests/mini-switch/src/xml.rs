//! Configurations: found, preprocessed and parsed at each request, so that a test can change a file and reload.
//!
//! The preprocessor works line by line as the core's does: `$${name}` is replaced, lines with `<include>` or `<?`
//! are dropped, and a line with `X-PRE-PROCESS` is obeyed (`set` and `include`) and dropped, in a comment too.

use crate::core::Core;
use crate::vars::Vars;
use std::path::{Path, PathBuf};
use xmltree::{Element, EmitterConfig, XMLNode};

const MAX_DEPTH: usize = 100;

/// A configuration that a module has opened.
#[derive(Debug)]
#[repr(C)]
pub struct Document {
    /// The whole document, as text.
    pub root: String,
    /// The `<configuration>` as text. Its address stands for the node, so it must not be the first field.
    pub node: String,
}

/// Opens `name` (`mosquitto.conf`). `None`, with a log line if something is wrong with the file.
pub fn open(core: &Core, name: &str) -> Option<Document> {
    let folder = core.options.conf.as_deref()?;
    match find(&core.vars, folder, name) {
        Ok(Some(element)) => Some(document(&element)),
        Ok(None) => None,
        Err(error) => {
            core.output.say("ERR", &error);
            None
        }
    }
}

fn find(vars: &Vars, folder: &Path, name: &str) -> Result<Option<Element>, String> {
    let globals = folder.join("vars.xml");
    if globals.exists() {
        preprocess(vars, &globals, 0)?;
    }
    let files = folder.join("autoload_configs");
    let own = files.join(format!("{name}.xml"));
    if own.exists() {
        return in_file(vars, &own, name);
    }
    for file in matching(&files.join("*.xml")) {
        // Another configuration's fault is not this one's.
        if let Ok(Some(element)) = in_file(vars, &file, name) {
            return Ok(Some(element));
        }
    }
    Ok(None)
}

fn in_file(vars: &Vars, file: &Path, name: &str) -> Result<Option<Element>, String> {
    let text = preprocess(vars, file, 0)?;
    if text.trim().is_empty() {
        return Err(format!("{}: the file is empty", file.display()));
    }
    let root = Element::parse(text.as_bytes()).map_err(|e| format!("{}: {e}", file.display()))?;
    Ok(configuration(&root, name))
}

fn configuration(element: &Element, name: &str) -> Option<Element> {
    if element.name == "configuration" && element.attributes.get("name").is_some_and(|n| n == name) {
        return Some(stripped(element));
    }
    element.children.iter().filter_map(XMLNode::as_element).find_map(|child| configuration(child, name))
}

/// Without comments and instructions, which the core does not keep.
fn stripped(element: &Element) -> Element {
    let mut copy = element.clone();
    copy.children.retain(|child| matches!(child, XMLNode::Element(_) | XMLNode::Text(_) | XMLNode::CData(_)));
    for child in &mut copy.children {
        if let XMLNode::Element(inner) = child {
            *inner = stripped(inner);
        }
    }
    copy
}

/// An element as text.
pub fn text(element: &Element) -> String {
    let mut out = Vec::new();
    let plain = EmitterConfig::new().write_document_declaration(false);
    element.write_with_config(&mut out, plain).expect("writing into memory");
    String::from_utf8(out).expect("the writer writes UTF-8")
}

fn document(element: &Element) -> Document {
    let node = text(element);
    let root = format!(
        "<document type=\"freeswitch/xml\"><section name=\"configuration\">{node}</section></document>"
    );
    Document { root, node }
}

/// The file's text as the parser gets it; sets variables on the way.
fn preprocess(vars: &Vars, file: &Path, depth: usize) -> Result<String, String> {
    if depth > MAX_DEPTH {
        return Err(format!("{}: included too deeply", file.display()));
    }
    let text = std::fs::read(file).map_err(|e| format!("{}: {e}", file.display()))?;
    let mut result = String::new();
    for line in String::from_utf8_lossy(&text).lines() {
        let line = vars.expand(line);
        if let Some(at) = line.to_ascii_lowercase().find("<x-pre-process") {
            let (cmd, data) = (attribute(&line[at..], "cmd"), attribute(&line[at..], "data"));
            match (cmd.to_ascii_lowercase().as_str(), data.split_once('=')) {
                ("set", Some((name, value))) => vars.set(name.trim_end(), value.trim_start()),
                ("include", _) => {
                    let base = file.parent().unwrap_or(Path::new("."));
                    for included in matching(&base.join(data)) {
                        result += &preprocess(vars, &included, depth + 1)?;
                    }
                }
                _ => {}
            }
        } else if !["<include>", "</include>", "<?"].iter().any(|mark| line.contains(mark)) {
            result += &line;
        }
        result.push('\n');
    }
    Ok(result)
}

/// The value of an attribute in double quotes.
fn attribute<'a>(tag: &'a str, name: &str) -> &'a str {
    let value = || {
        let at = tag.to_ascii_lowercase().find(name)?;
        tag[at..].split('"').nth(1)
    };
    value().unwrap_or_default()
}

/// The files of a path whose last part may have one `*`, sorted.
fn matching(pattern: &Path) -> Vec<PathBuf> {
    let last = pattern.file_name().map(|f| f.to_string_lossy().into_owned()).unwrap_or_default();
    let Some((head, tail)) = last.split_once('*') else { return vec![pattern.to_owned()] };
    let entries = pattern.parent().and_then(|folder| std::fs::read_dir(folder).ok());
    let mut files: Vec<PathBuf> = entries
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.file_name().is_some_and(|f| {
                let f = f.to_string_lossy();
                f.len() >= head.len() + tail.len() && f.starts_with(head) && f.ends_with(tail)
            })
        })
        .collect();
    files.sort();
    files
}

#[cfg(test)]
#[path = "xml_tests.rs"]
mod tests;
