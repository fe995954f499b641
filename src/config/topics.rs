//! `<publishers>` and `<subscribers>`, and their topics.

use super::tree::{Node, Param};
use super::values::shown;
use super::{
    Connection, EnableDefaults, Publisher, Subscriber, mqtt_text, problem::Scope, publisher_topic,
    subscriber_topic,
};

/// Of a publisher or a subscriber.
pub(super) const NAMES: &[&str] = &["enable"];

/// A publisher or a subscriber, its topics not read yet.
struct Group<'a> {
    name: String,
    enable: bool,
    topics: Vec<(String, Node<'a>)>,
}

/// Reads the publishers of a profile.
pub(super) fn publishers(
    profile: &Node,
    enable: EnableDefaults,
    connections: &[Connection],
) -> Vec<Publisher> {
    let read = groups(profile, "publishers", "publisher", enable.publishers).map(|group| {
        let topics = group.topics.into_iter();
        let topics =
            topics.filter_map(|(name, node)| publisher_topic::read(name, &node, enable.topics, connections));
        Publisher { name: group.name, enable: group.enable, topics: topics.collect() }
    });
    read.collect()
}

/// Reads the subscribers of a profile.
pub(super) fn subscribers(
    profile: &Node,
    enable: EnableDefaults,
    connections: &[Connection],
) -> Vec<Subscriber> {
    let read = groups(profile, "subscribers", "subscriber", enable.subscribers).map(|group| {
        let topics = group.topics.into_iter();
        let topics =
            topics.filter_map(|(name, node)| subscriber_topic::read(name, &node, enable.topics, connections));
        Subscriber { name: group.name, enable: group.enable, topics: topics.collect() }
    });
    read.collect()
}

fn groups<'a>(
    profile: &Node<'a>,
    container: &'static str,
    item: &'static str,
    default: bool,
) -> impl Iterator<Item = Group<'a>> + use<'a> {
    no_params(profile, container);
    profile.named(container, item).into_iter().map(move |(name, node)| {
        node.expect(&["topics"]);
        let enable = node.params(NAMES).last().map_or(default, Param::boolean);
        no_params(&node, "topics");
        Group { name, enable, topics: node.named("topics", "topic") }
    })
}

/// Reports parameters where there are none.
fn no_params(node: &Node, container: &'static str) {
    for list in node.children(container) {
        list.params(&[]);
    }
}

/// A topic's connection; reported if it is not there.
pub(super) fn connection_of<'a>(
    name: &str,
    connections: &'a [Connection],
    scope: &Scope,
) -> Option<&'a Connection> {
    connection_for("the topic", name, connections, scope)
}

/// The connection of something else that needs one.
pub(super) fn connection_for<'a>(
    what: &str,
    name: &str,
    connections: &'a [Connection],
    scope: &Scope,
) -> Option<&'a Connection> {
    let found = connections.iter().find(|connection| connection.name == name);
    if found.is_some() {
        return found;
    }
    scope.problem(match name {
        "" => format!("connection_name is not set, {what} is left out: set it"),
        name => format!(
            "connection_name \"{}\" is not a connection of this profile, {what} is left out: \
             add that connection or name another",
            shown(name)
        ),
    });
    None
}

/// Whether a topic's pattern passes the check; reported if it does not.
pub(super) fn pattern_usable(
    pattern: &str,
    check: fn(&str) -> Result<(), &'static str>,
    scope: &Scope,
) -> bool {
    if pattern.is_empty() {
        scope.problem("pattern is not set, the topic is left out: set pattern");
        return false;
    }
    match check(pattern) {
        Ok(()) => true,
        Err(what) => {
            scope.problem(format!("pattern \"{}\" {what}, the topic is left out", shown(pattern)));
            false
        }
    }
}

/// Whether a topic that is published to, the parameter of this name, passes the check; reported if it does not.
pub(super) fn topic_usable(what: &str, name: &str, topic: &str, scope: &Scope) -> bool {
    match mqtt_text::check_topic(topic) {
        Ok(()) => true,
        Err(_) if topic.is_empty() => {
            scope.problem(format!("{name} is not set, {what} is left out: set it"));
            false
        }
        Err(why) => {
            scope.problem(format!("{name} \"{}\" {why}, {what} is left out", shown(topic)));
            false
        }
    }
}
