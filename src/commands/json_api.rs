//! FreeSWITCH's JSON API: `{"command": ..., "data": {...}}`, run by the API command `json` of mod_commands.
//!
//! What runs is written anew from what was read, so that there is one way to read it: FreeSWITCH finds keys in any case,
//! and takes the first of several. `fsapi` runs any API command: the command in its data is judged like one of `bgapi`.

use super::json::{self, Fault};
use super::line::is_job_id;
use serde_json::Value;

/// A command of the JSON API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct JsonApi {
    /// Its name; FreeSWITCH finds it in any case.
    pub name: String,
    /// The API command that `fsapi` runs, and its arguments.
    pub runs: Option<(String, String)>,
    /// The object, as one line.
    pub line: String,
}

/// Reads its name and its data.
pub(super) fn read(name: &str, data: Option<Value>) -> Result<JsonApi, Fault> {
    // These names are also those that a log line can bear.
    if !is_job_id(name) {
        return Err(Fault::Name);
    }
    let data = match data {
        Some(data @ Value::Object(_)) => data,
        _ => return Err(Fault::Wrong("data")),
    };
    let runs = if name.eq_ignore_ascii_case("fsapi") { Some(gateway(&data)?) } else { None };
    let line = format!("{{\"command\":{},\"data\":{}}}", Value::from(name), json::line(&data));
    Ok(JsonApi { name: name.to_owned(), runs, line })
}

/// `{"cmd": ..., "arg": ...}`
fn gateway(data: &Value) -> Result<(String, String), Fault> {
    let members = data.as_object().ok_or(Fault::Gateway)?;
    let arguments = match members.get("arg") {
        None => "",
        Some(arguments) => arguments.as_str().ok_or(Fault::Gateway)?,
    };
    let name = members.get("cmd").and_then(Value::as_str).ok_or(Fault::Gateway)?;
    let known = members.len() == 1 + usize::from(members.contains_key("arg"));
    let blank = |c: char| c.is_control() || c.is_whitespace();
    if !known || name.is_empty() || name.contains(blank) || arguments.contains(char::is_control) {
        return Err(Fault::Gateway);
    }
    Ok((name.to_owned(), arguments.trim_matches(' ').to_owned()))
}
