//! What strangers may try, and what comes of it.

mod authorise;
mod calls;
mod events;
mod json;
mod limits;
mod nesting;
mod oracle;
mod parse;
mod patterns;
mod warnings;

use super::*;
use crate::config::SubscriberTopic;

/// A topic that runs both kinds of command, with these lists.
fn topic(allow: &[&str], deny: &[&str], originate: &[&str]) -> SubscriberTopic {
    let owned = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
    SubscriberTopic {
        bgapi_authorized: true,
        originate_authorized: true,
        bgapi_allow: owned(allow),
        bgapi_deny: owned(deny),
        originate_allow: owned(originate),
        ..SubscriberTopic::new("t")
    }
}

fn message(payload: &str) -> Inbound<'_> {
    Inbound { payload: payload.as_bytes(), retained: false }
}

/// What becomes of a payload: the API line that runs, or why nothing does.
fn outcome(topic: &SubscriberTopic, payload: &str) -> Result<String, String> {
    match decide(&Rules::new(topic), &message(payload)) {
        Decision::Allowed(command) => Ok(command.api_line()),
        Decision::Refused(reason) => Err(reason.to_string()),
        Decision::NotACommand => Err("not a command".to_owned()),
    }
}

fn runs(topic: &SubscriberTopic, payload: &str) -> bool {
    outcome(topic, payload).is_ok()
}
