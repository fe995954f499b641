//! The tree as the rest of `config` reads it: elements that know their place, parameters that are known.

use std::collections::HashSet;

use xmltree::Element;

use super::problem::Scope;
use super::{
    connection, logger, profile, publisher_topic, settings, subscriber_topic, tls, topics, will, xml_binding,
};

/// A misspelling in the original's published documentation, and what it means.
const MISSPELT: (&str, &str) = ("reconnect_exponsntial_backoff", "reconnect_exponential_backoff");

/// The parameters that may be there any number of times.
const REPEATABLE: [&str; 16] = [
    "host",
    "user_property",
    "event",
    EACH_CONNECTION,
    "exclude_event",
    "headers",
    "headers_exclude",
    "filter",
    "filter_any",
    "bgapi_allow",
    "bgapi_deny",
    "originate_allow",
    "json_api_allow",
    "sendevent_allow",
    "response_allow",
    "sections",
];

/// `connection_name` of a publisher's topic, which is one of these where that of a subscriber's is not.
const EACH_CONNECTION: &str = "each connection_name";

/// The names of all parameters, by the element that they stand in. `docs/reference.md` has a table for each.
pub const VOCABULARY: [(&str, &[&str]); 10] = [
    ("settings", settings::NAMES),
    ("profile", profile::NAMES),
    ("connection", connection::NAMES),
    ("tls", tls::NAMES),
    ("will", will::NAMES),
    ("publisher or subscriber", topics::NAMES),
    ("publisher topic", publisher_topic::NAMES),
    ("subscriber topic", subscriber_topic::NAMES),
    ("xml-binding", xml_binding::NAMES),
    ("logger", logger::NAMES),
];

/// An element and its place.
pub(super) struct Node<'a> {
    element: &'a Element,
    pub scope: Scope<'a>,
}

/// `<param name="..." value="..."/>` with a name that is known where it stands.
#[derive(Clone, Copy)]
pub(super) struct Param<'a> {
    /// The documented name, whatever its case in the file.
    pub name: &'static str,
    /// The value, as it stands there.
    pub value: &'a str,
    /// The place of the element that it is in.
    pub scope: &'a Scope<'a>,
}

impl<'a> Node<'a> {
    pub fn new(element: &'a Element, scope: Scope<'a>) -> Self {
        Self { element, scope }
    }

    /// The children of that name: an element that is there twice counts as one with both contents.
    pub fn children(&self, name: &'static str) -> impl Iterator<Item = Node<'a>> {
        self.elements()
            .filter(move |child| child.name == name)
            .map(|child| Node::new(child, self.scope.inside(name)))
    }

    /// Reports children that are neither parameters nor one of these.
    pub fn expect(&self, allowed: &[&str]) {
        for child in self.elements() {
            if child.name != "param" && !allowed.contains(&child.name.as_str()) {
                self.scope.problem(format!("unknown element <{}> is ignored", child.name));
            }
        }
    }

    /// The `<item name="...">` of every `<container>` in here, without those that have no name or a name that is taken.
    pub fn named(&self, container: &'static str, item: &'static str) -> Vec<(String, Node<'a>)> {
        let mut found = Vec::new();
        let mut taken = HashSet::new();
        let mut number = 0;
        for list in self.children(container) {
            list.expect(&[item]);
            for child in list.elements().filter(|child| child.name == item) {
                number += 1;
                let Some(name) = child.attributes.get("name").filter(|name| !name.trim().is_empty()) else {
                    self.scope
                        .problem(format!("{item} number {number} has no name and is left out: name it"));
                    continue;
                };
                let scope = self.scope.named(item, name);
                if taken.insert(name.as_str()) {
                    found.push((name.clone(), Node::new(child, scope)));
                } else {
                    scope.problem("the name is taken, this one is left out: give it another name");
                }
            }
        }
        found
    }

    /// The parameters in here, the last of each name only.
    pub fn params(&'a self, known: &[&'static str]) -> Vec<Param<'a>> {
        last_of_each(self.all_params(known), |param| param.name)
    }

    /// The same, but `connection_name` may be there any number of times.
    pub fn params_of_publisher(&'a self, known: &[&'static str]) -> Vec<Param<'a>> {
        let key = |param: &Param| if param.name == "connection_name" { EACH_CONNECTION } else { param.name };
        last_of_each(self.all_params(known), key)
    }

    /// The parameters in here, in the file's order.
    pub fn all_params(&'a self, known: &[&'static str]) -> Vec<Param<'a>> {
        let mut params = Vec::new();
        for child in self.elements().filter(|child| child.name == "param") {
            let Some(written) = child.attributes.get("name").filter(|name| !name.is_empty()) else {
                self.scope.problem("a parameter without a name is ignored: name it");
                continue;
            };
            let Some(name) = find(known, written) else {
                self.scope.problem(unknown(known, written));
                continue;
            };
            let Some(value) = child.attributes.get("value") else {
                self.scope.problem(format!("{name} has no value and is ignored: write value=\"...\""));
                continue;
            };
            params.push(Param { name, value, scope: &self.scope });
        }
        params
    }

    fn elements(&self) -> impl Iterator<Item = &'a Element> + use<'a> {
        self.element.children.iter().filter_map(|child| child.as_element())
    }
}

/// Of parameters that say the same thing, only the last one counts. Those with the same key say the same thing.
pub(super) fn last_of_each<'a>(
    params: Vec<Param<'a>>,
    key: impl Fn(&Param<'a>) -> &'static str,
) -> Vec<Param<'a>> {
    let mut kept: Vec<Param<'a>> = Vec::new();
    let mut reported = HashSet::new();
    for param in params {
        let key_of_this = key(&param);
        let earlier = kept.iter().position(|other| key(other) == key_of_this);
        let earlier = earlier.filter(|_| !REPEATABLE.contains(&key_of_this));
        if let Some(earlier) = earlier {
            kept.remove(earlier);
            if reported.insert(key_of_this) {
                param.scope.problem(format!("{key_of_this} is there more than once: the last one counts"));
            }
        }
        kept.push(param);
    }
    kept
}

fn find(known: &[&'static str], written: &str) -> Option<&'static str> {
    let (misspelt, meant) = MISSPELT;
    let written = if written.eq_ignore_ascii_case(misspelt) { meant } else { written };
    known.iter().copied().find(|name| name.eq_ignore_ascii_case(written))
}

/// What to say about a name that is not known here. The value stays unsaid: it may be a password.
fn unknown(known: &[&'static str], written: &str) -> String {
    let said = format!("unknown parameter \"{written}\" is ignored");
    if let Some(name) = known.iter().find(|name| alike(name, written)) {
        return format!("{said}: write \"{name}\"");
    }
    let homes = VOCABULARY.iter().filter_map(|(home, names)| {
        let name = names.iter().find(|name| alike(name, written))?;
        Some((*home, *name))
    });
    let homes: Vec<_> = homes.collect();
    match homes.as_slice() {
        [] => said,
        [(_, name), ..] => {
            let places: Vec<_> = homes.iter().map(|(home, _)| *home).collect();
            format!("{said}: \"{name}\" belongs in {}", places.join(", "))
        }
    }
}

/// The same name but for case, hyphens and underscores.
fn alike(name: &str, written: &str) -> bool {
    name.replace('-', "_").eq_ignore_ascii_case(&written.replace('-', "_"))
}
