//! `<xml-binding>` in `<xml-bindings>`. Whoever answers decides who may call, so what is wrong leaves the binding out.

use super::problem::Scope;
use super::topics::{connection_for, topic_usable};
use super::tree::{Node, Param};
use super::values::shown;
use super::{Connection, XmlBinding, XmlSection, mqtt_text};

pub(super) const NAMES: &[&str] = &[
    "enable",
    "sections",
    "connection_name",
    "request_topic",
    "response_topic",
    "timeout",
    "cache_time",
    "qos",
];

/// Stands for the id in an answer's topic, which is as long.
const ID: &str = "00000000-0000-4000-8000-000000000000";

/// Reads the bindings of a profile.
pub(super) fn read_all(profile: &Node, connections: &[Connection]) -> Vec<XmlBinding> {
    for list in profile.children("xml-bindings") {
        list.params(&[]);
    }
    let mut bindings: Vec<XmlBinding> = Vec::new();
    for (name, node) in profile.named("xml-bindings", "xml-binding") {
        let Some(binding) = read(name, &node, connections) else { continue };
        let same = |other: &&XmlBinding| {
            (&other.connection_name, &other.response_topic)
                == (&binding.connection_name, &binding.response_topic)
        };
        match bindings.iter().find(same) {
            None => bindings.push(binding),
            Some(other) => node.scope.problem(format!(
                "response_topic \"{}\" is that of xml-binding \"{}\", the binding is left out: give it one of its own",
                shown(&binding.response_topic),
                other.name,
            )),
        }
    }
    bindings
}

fn read(name: String, node: &Node, connections: &[Connection]) -> Option<XmlBinding> {
    node.expect(&[]);
    let mut binding = XmlBinding::new(name);
    for param in node.params(NAMES) {
        match param.name {
            "enable" => binding.enable = param.boolean(),
            "sections" => sections(&param, &mut binding.sections),
            "connection_name" => binding.connection_name = param.value.to_owned(),
            "request_topic" => binding.request_topic = param.value.to_owned(),
            "response_topic" => binding.response_topic = param.value.to_owned(),
            "timeout" => binding.timeout = param.number(10..=60_000, XmlBinding::TIMEOUT),
            "cache_time" => binding.cache_time = param.number(0..=604_800, 0),
            "qos" => binding.qos = param.qos(),
            _ => {}
        }
    }
    const WHAT: &str = "the binding";
    let scope = &node.scope;
    let connected = connection_for(WHAT, &binding.connection_name, connections, scope).is_some();
    let mut usable = topic_usable(WHAT, "request_topic", &binding.request_topic, scope);
    usable &= response_usable(&binding, scope);
    if binding.sections.is_empty() {
        scope.problem("names no section, the binding is left out: set sections");
        usable = false;
    }
    (connected && usable).then_some(binding)
}

/// Whether answers can come to `<response_topic>/<id>`, and are not taken for requests.
fn response_usable(binding: &XmlBinding, scope: &Scope) -> bool {
    let (request, response) = (&binding.request_topic, &binding.response_topic);
    if !topic_usable("the binding", "response_topic", response, scope) {
        return false;
    }
    let mut wrong =
        mqtt_text::check_topic(&format!("{response}/{ID}")).err().map(|what| format!("{what} with an id"));
    let below = request.strip_prefix(response.as_str()).and_then(|rest| rest.strip_prefix('/'));
    if below.is_some_and(|level| !level.contains('/')) {
        wrong = Some("is above request_topic, so that requests would come as answers".to_owned());
    }
    if let Some(what) = wrong {
        scope.problem(format!("response_topic \"{}\" {what}, the binding is left out", shown(response)));
        return false;
    }
    true
}

/// `directory|dialplan`, `directory, dialplan`, or one in each of several.
fn sections(param: &Param, sections: &mut Vec<XmlSection>) {
    for word in param.value.split(['|', ',']).map(str::trim).filter(|word| !word.is_empty()) {
        match XmlSection::from_word(word) {
            Some(section) if sections.contains(&section) => {}
            Some(section) => sections.push(section),
            None => param.scope.problem(format!(
                "sections \"{}\" is not {}: ignored",
                shown(word),
                XmlSection::CHOICES
            )),
        }
    }
}
