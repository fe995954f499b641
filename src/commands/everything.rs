//! Patterns that allow more than they seem to, for a warning at load.
//!
//! The list is of what comes with FreeSWITCH and is known to run other commands. It cannot be complete: what is
//! needed is to be allowed by name, and the rest is not to be denied by name.

use super::glob::{self, Case};
use super::originate_pattern::OriginatePattern;
use crate::config::{EventSelector, SubscriberTopic};

/// Whatever its arguments begin with, more may follow.
const NEVER: usize = usize::MAX;

/// A command, and which of its arguments (from 1) tames it if a pattern gives that in full: the script, the module,
/// the variable or the application that it names.
const COMMANDS: [(&str, usize); 41] = [
    ("system", NEVER),
    ("bg_system", NEVER),
    ("spawn", NEVER),
    ("bg_spawn", NEVER),
    ("spawn_stream", NEVER),
    ("expand", NEVER),
    ("eval", NEVER),
    ("json", NEVER),
    ("event_sink", NEVER),
    ("alias", NEVER),
    ("originate", NEVER),
    ("fifo_add_outbound", NEVER),
    ("callcenter_config", 3),
    ("conference", 2),
    ("lua", 1),
    ("luarun", 1),
    ("python", 1),
    ("pyrun", 1),
    ("perl", 1),
    ("perlrun", 1),
    ("jsrun", 1),
    ("jsapi", 1),
    ("java", 1),
    ("basic", 1),
    ("managed", 1),
    ("managedrun", 1),
    ("managedreload", 1),
    ("erlang", NEVER),
    ("load", 1),
    ("reload", 1),
    ("uuid_setvar", 2),
    ("uuid_setvar_multi", NEVER),
    ("uuid_broadcast", 2),
    ("uuid_displace", 3),
    ("uuid_transfer", 2),
    ("uuid_dual_transfer", NEVER),
    ("sched_broadcast", 3),
    ("sched_transfer", 3),
    ("global_setvar", 1),
    ("httapi", NEVER),
    ("verto", NEVER),
];

/// Commands of the JSON API that can be made to run anything: applications in calls, calls of one's own, files.
const JSON_API: [&str; 3] = ["execute", "callcenter_config", "store"];

/// The command by which a `bgapi_allow` allows everything that FreeSWITCH can do; `None`: none is known.
pub fn allows_everything(pattern: &str) -> Option<&'static str> {
    let mut words = pattern.split_whitespace();
    let name = words.next()?;
    let arguments: Vec<&str> = words.collect();
    let given = |argument: usize| {
        let word = argument.checked_sub(1).and_then(|at| arguments.get(at));
        word.is_some_and(|word| !word.contains('*') && !word.starts_with(['-', '~']))
    };
    let open = COMMANDS.into_iter().filter(|(_, tamed_by)| !given(*tamed_by));
    open.map(|(command, _)| command).find(|command| glob::matches(name, command, Case::Any))
}

/// What the operator should know about a topic's lists: each warning continues a sentence that names the topic.
pub fn warnings(topic: &SubscriberTopic) -> Vec<String> {
    let mut warnings = Vec::new();
    let calls: Vec<_> =
        topic.originate_allow.iter().map(|text| (text, OriginatePattern::new(text))).collect();
    let placed = topic.originate_authorized || topic.bgapi_authorized;
    for (text, pattern) in &calls {
        if pattern.is_void() {
            warnings
                .push(format!("originate_allow \"{text}\" allows nothing: write [{{variables}}]<call url>"));
        } else if placed && !pattern.is_closed() {
            warnings.push(format!(
                "originate_allow \"{text}\" says whom to call, not what the call does: its variables or the \
                 application it goes to may run any command; write \
                 \"{{}}<call url> <destination> <dialplan> <context>\""
            ));
        }
    }
    let closed = !calls.is_empty() && calls.iter().all(|(_, pattern)| pattern.is_closed());
    for text in topic.bgapi_allow.iter().filter(|_| topic.bgapi_authorized) {
        match allows_everything(text) {
            Some("originate") if closed => {}
            Some(command) => warnings.push(format!(
                "bgapi_allow \"{text}\" allows everything: {command} can be made to run any command"
            )),
            None if text.split_whitespace().next().is_some_and(|name| name.eq_ignore_ascii_case("bgapi")) => {
                let meant = text.split_whitespace().skip(1).collect::<Vec<_>>().join(" ");
                warnings.push(format!(
                    "bgapi_allow \"{text}\" allows \"bgapi bgapi {meant}\": write \"{meant}\" without bgapi"
                ));
            }
            None => {}
        }
    }
    if topic.bgapi_authorized && topic.bgapi_allow.is_empty() && !calls.is_empty() {
        warnings.push(
            "originate_allow does not hold where bgapi runs everything: set bgapi_allow as well".to_owned(),
        );
    }
    let listed = !topic.bgapi_allow.is_empty() || !topic.bgapi_deny.is_empty();
    if listed && !topic.bgapi_authorized {
        warnings.push("bgapi_allow and bgapi_deny have no effect while bgapi_authorized is false".to_owned());
    }
    if !placed && !calls.is_empty() {
        warnings.push("originate_allow has no effect while originate_authorized is false".to_owned());
    }
    json_api_warnings(topic, &mut warnings);
    for selector in &topic.sendevent_allow {
        let every = match selector {
            EventSelector::All => true,
            EventSelector::Custom { subclass } => subclass.as_ref().is_none_or(|text| is_all(text, "*")),
            EventSelector::Named(_) => false,
        };
        if every {
            warnings.push(format!(
                "sendevent_allow \"{selector}\" lets senders forge the events of every module: name those that are needed"
            ));
        }
    }
    for filter in topic.response_allow.iter().filter(|filter| is_all(filter, "+/#")) {
        warnings.push(format!(
            "response_allow \"{filter}\" lets senders have answers published to any topic: name where answers go"
        ));
    }
    warnings
}

fn json_api_warnings(topic: &SubscriberTopic, warnings: &mut Vec<String>) {
    if !topic.json_api_authorized {
        if !topic.json_api_allow.is_empty() {
            warnings.push("json_api_allow has no effect while json_api_authorized is false".to_owned());
        }
        return;
    }
    for pattern in &topic.json_api_allow {
        let allows = |command: &str| glob::matches(pattern, command, Case::Any);
        if let Some(command) = JSON_API.iter().find(|command| allows(command)) {
            warnings.push(format!(
                "json_api_allow \"{pattern}\" allows everything: {command} can be made to run any command"
            ));
        } else if allows("fsapi") && !topic.bgapi_authorized {
            warnings.push(format!(
                "json_api_allow \"{pattern}\" allows fsapi, which runs nothing while bgapi_authorized is false"
            ));
        }
    }
}

/// Whether a pattern is made of nothing but these characters.
fn is_all(pattern: &str, wildcards: &str) -> bool {
    pattern.chars().all(|c| wildcards.contains(c))
}
