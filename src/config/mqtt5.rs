//! What MQTT 5 has and the versions before it have not.

use super::tree::Param;
use super::values::shown;
use super::{UserProperty, mqtt_text};

/// Reads a `user_property`. `None`: it is empty, or it cannot be used, which is reported.
pub(super) fn user_property(param: &Param) -> Option<UserProperty> {
    let text = param.text()?;
    let what = match text.split_once('=') {
        None | Some(("", _)) => "is not name=value",
        Some((name, value)) => match mqtt_text::check(name).and_then(|()| mqtt_text::check(value)) {
            Ok(()) => return Some(UserProperty { name: name.to_owned(), value: value.to_owned() }),
            Err(what) => what,
        },
    };
    let value = shown(&text);
    param.scope.problem(format!("user_property \"{value}\" {what}, it is ignored: write name=value"));
    None
}
