//! FreeSWITCH's JSON API, as the `json` command of mod_commands runs it: `status`, and `fsapi`, which runs any API command.
//!
//! The answer is the question with `status` and `response` (and on an error `message`) added at its end.

use crate::api;
use crate::core::Core;
use serde_json::{Map, Value, json};

/// The answer to `json <object>`.
pub fn answer(core: &'static Core, arg: &str) -> String {
    if arg.is_empty() {
        return "-ERR No JSON supplied.\n".to_owned();
    }
    let Ok(Value::Object(mut object)) = serde_json::from_str(arg) else {
        return "-ERR Parse error.\n".to_owned();
    };
    let response = match (object.get("command").and_then(Value::as_str), object.get("data")) {
        (Some(command), Some(data)) => run(core, &command.to_ascii_lowercase(), data),
        _ => None,
    };
    let (status, message, response) = match response {
        Some(Ok(response)) => ("success", None, response),
        Some(Err(response)) => ("error", Some("The command returned an error"), response),
        None => ("error", Some("Invalid request or non-existant command"), Value::Null),
    };
    object.insert("status".to_owned(), status.into());
    object.extend(message.map(|message| ("message".to_owned(), message.into())));
    object.insert("response".to_owned(), response);
    format!("{}\n", Value::Object(object))
}

/// `None`: there is no such command. `Err`: it failed, with this response.
fn run(core: &'static Core, command: &str, data: &Value) -> Option<Result<Value, Value>> {
    match command {
        "status" => Some(Ok(json!({ "systemStatus": "ready", "version": core.version.to_string_lossy() }))),
        "fsapi" => Some(gateway(core, data.as_object().unwrap_or(&Map::new()))),
        _ => None,
    }
}

fn gateway(core: &'static Core, data: &Map<String, Value>) -> Result<Value, Value> {
    let text = |name| data.get(name).and_then(Value::as_str).unwrap_or_default();
    let line = format!("{} {}", text("cmd"), text("arg"));
    let answer = api::run(core, line.as_bytes());
    let message = |text: &[u8]| json!({ "message": String::from_utf8_lossy(text) });
    answer.map(|text| message(&text)).ok_or_else(|| message(b"INVALID CALL"))
}
