//! What this crate declares, read from its source: enough of a parser for the plain way in which it is written.

/// Names and signatures.
pub struct Declared {
    /// Structures with their fields.
    pub structs: Vec<(String, Vec<String>)>,
    pub consts: Vec<String>,
    /// Functions.
    pub functions: Vec<Signature>,
    /// Types that are pointers to functions.
    pub callbacks: Vec<Signature>,
}

/// A function's name and types, in C.
pub struct Signature {
    pub name: String,
    pub result: String,
    pub arguments: String,
}

const TYPES: &str = include_str!("../../src/types.rs");
const FUNCTIONS: &str = include_str!("../../src/functions.rs");

impl Declared {
    /// Reads both files.
    pub fn read() -> Self {
        let (types, functions) = (without_comments(TYPES), without_comments(FUNCTIONS));
        let items = |text: &str, start: &str, end: char| -> Vec<String> {
            text.split(start)
                .skip(1)
                .map(|rest| rest.split(end).next().unwrap_or_default().to_owned())
                .collect()
        };
        let callbacks = items(&types, "pub type ", ';').into_iter().filter_map(|item| {
            let (name, function) = item.split_once("= unsafe extern \"C\" fn")?;
            Some(signature(&format!("{}{function}", name.trim())))
        });
        Self {
            structs: items(&types, "pub struct ", '}').iter().filter_map(|item| structure(item)).collect(),
            consts: items(&types, "pub const ", ':'),
            functions: items(&functions, "pub fn ", ';').iter().map(|item| signature(item)).collect(),
            callbacks: callbacks.collect(),
        }
    }
}

fn without_comments(source: &str) -> String {
    source
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default().trim())
        .collect::<Vec<_>>()
        .join(" ")
}

/// `None` for the pattern in the macro that makes handles.
fn structure(item: &str) -> Option<(String, Vec<String>)> {
    let (name, body) = item.split_once('{')?;
    if name.contains('$') {
        return None;
    }
    let fields = body.split("pub ").skip(1).filter_map(|field| Some(field.split_once(':')?.0.to_owned()));
    Some((name.trim().to_owned(), fields.collect()))
}

/// From `name(a: T, b: U) -> V`.
fn signature(item: &str) -> Signature {
    let (name, rest) = item.split_once('(').unwrap_or_else(|| panic!("no arguments: {item}"));
    let (arguments, result) = rest.split_once(')').unwrap_or_else(|| panic!("not closed: {item}"));
    let arguments: Vec<String> = arguments
        .split(',')
        .map(|argument| argument.split_once(':').map_or(argument, |(_, kind)| kind).trim())
        .filter(|kind| !kind.is_empty())
        .map(c_type)
        .collect();
    Signature {
        name: name.trim().to_owned(),
        result: result.trim().strip_prefix("->").map_or("void".to_owned(), |kind| c_type(kind.trim())),
        arguments: if arguments.is_empty() { "void".to_owned() } else { arguments.join(", ") },
    }
}

/// A Rust type of this crate in C. The core's names are the same in both.
fn c_type(rust: &str) -> String {
    if let Some(target) = rust.strip_prefix("*mut ") {
        return format!("{} *", c_type(target));
    }
    if let Some(target) = rust.strip_prefix("*const ") {
        return format!("{} const *", c_type(target));
    }
    match rust {
        "c_char" => "char",
        "c_int" => "int",
        "c_uint" => "unsigned int",
        "c_void" => "void",
        "u8" => "unsigned char",
        other => other,
    }
    .to_owned()
}
