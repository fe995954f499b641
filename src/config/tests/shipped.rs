//! The file that is shipped: safe as it stands, and every parameter in its place, with what it means. What its comments
//! say of ranges and defaults is held to what is read.

use super::*;
use crate::config::{
    connection, logger, profile, publisher_topic, settings, subscriber_topic, tls, topics, will, xml_binding,
};
use std::collections::BTreeSet;
use xmltree::{Element, XMLNode};

const SHIPPED: &str = include_str!("../../../conf/autoload_configs/mosquitto.conf.xml");

/// Where each list of parameters stands, from the outermost element on.
const SECTIONS: [(&str, &[&str]); 11] = [
    ("settings", settings::NAMES),
    ("profiles/profile", profile::NAMES),
    ("profiles/profile/connections/connection", connection::NAMES),
    ("profiles/profile/connections/connection/tls", tls::NAMES),
    ("profiles/profile/connections/connection/will", will::NAMES),
    ("profiles/profile/publishers/publisher", topics::NAMES),
    ("profiles/profile/publishers/publisher/topics/topic", publisher_topic::NAMES),
    ("profiles/profile/subscribers/subscriber", topics::NAMES),
    ("profiles/profile/subscribers/subscriber/topics/topic", subscriber_topic::NAMES),
    ("profiles/profile/xml-bindings/xml-binding", xml_binding::NAMES),
    ("profiles/profile/loggers/logger", logger::NAMES),
];

/// A parameter as it is shown: the comment before it, in one line.
struct Shown {
    section: &'static str,
    name: String,
    comment: String,
}

fn tree() -> Element {
    Element::parse(SHIPPED.as_bytes()).unwrap()
}

fn section<'a>(root: &'a mut Element, path: &str) -> &'a mut Element {
    path.split('/').fold(root, |element, name| element.get_mut_child(name).expect(path))
}

/// Every parameter of a section in the file's order, those in comments as well.
fn shown(path: &'static str) -> Vec<Shown> {
    let mut root = tree();
    let mut comment = String::new();
    let mut all = Vec::new();
    for node in &section(&mut root, path).children {
        let mut names = Vec::new();
        match node {
            XMLNode::Comment(text) => {
                comment = text.split_whitespace().collect::<Vec<_>>().join(" ");
                let inside = text.split("<param name=\"").skip(1);
                names.extend(inside.filter_map(|rest| rest.split('"').next()).map(str::to_owned));
            }
            XMLNode::Element(element) if element.name == "param" => {
                names.extend(element.attributes.get("name").cloned());
            }
            // What comes after a section inside has nothing to do with what was said before it.
            XMLNode::Element(_) => comment.clear(),
            _ => {}
        }
        all.extend(names.into_iter().map(|name| Shown { section: path, name, comment: comment.clone() }));
    }
    all
}

fn all_shown() -> Vec<Shown> {
    SECTIONS.iter().flat_map(|(path, _)| shown(path)).collect()
}

/// The file with another value of a parameter, or without it.
fn changed(shown: &Shown, value: Option<&str>) -> String {
    let mut root = tree();
    let params = &mut section(&mut root, shown.section).children;
    params.retain(|node| node.as_element().and_then(|one| one.attributes.get("name")) != Some(&shown.name));
    if let Some(value) = value {
        let mut param = Element::new("param");
        param.attributes.insert("name".to_owned(), shown.name.clone());
        param.attributes.insert("value".to_owned(), value.to_owned());
        params.insert(0, XMLNode::Element(param));
    }
    let mut text = Vec::new();
    root.write(&mut text).unwrap();
    String::from_utf8(text).unwrap()
}

#[test]
fn it_has_no_problems_and_is_safe() {
    let (config, problems) = read(SHIPPED);
    assert_eq!(problems, NONE);
    let [profile] = config.profiles.as_slice() else { panic!("{config:?}") };
    let [connection] = profile.connections.as_slice() else { panic!("{profile:?}") };
    assert_eq!((profile.name.as_str(), profile.enable), ("default", true));
    assert_eq!((connection.hosts[0].name.as_str(), connection.port), ("localhost", 1883));
    assert_eq!((connection.enable, connection.refused.as_ref()), (true, None));
    assert!(profile.publishers[0].enable && profile.publishers[0].topics.iter().all(|topic| topic.enable));
    for topic in profile.subscribers.iter().flat_map(|subscriber| &subscriber.topics) {
        assert!(!topic.originate_authorized && !topic.bgapi_authorized && topic.command_ignore_retained);
        assert!(!topic.enable && topic.bgapi_allow.is_empty() && topic.originate_allow.is_empty());
    }
}

#[test]
fn it_shows_every_parameter_where_it_belongs_and_says_what_it_means() {
    for (path, names) in SECTIONS {
        let shown = shown(path);
        let found: BTreeSet<_> = shown.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(found, names.iter().copied().collect(), "{path}");
        for one in shown {
            let says = one.comment.to_ascii_lowercase();
            let default = says.contains("default") || says.contains("there is no");
            assert!(default, "{path}: {} has no default: {says}", one.name);
        }
    }
}

/// The word without what ends a part of a sentence.
fn bare(word: &str) -> &str {
    word.trim_end_matches(['.', ',', ';', ':'])
}

#[test]
fn the_ranges_that_it_gives_are_those_that_are_read() {
    let mut checked = 0;
    for shown in all_shown() {
        let words: Vec<_> = shown.comment.split(' ').collect();
        for at in 1..words.len().saturating_sub(1) {
            let number = |word: &str| bare(word).parse::<u64>().ok();
            let (Some(least), "to", Some(most)) = (number(words[at - 1]), words[at], number(words[at + 1]))
            else {
                continue;
            };
            // The length of a text is no number that is set.
            if words.get(at + 2).is_some_and(|word| bare(word) == "bytes") {
                continue;
            }
            let complains = |value: u64| {
                let said = format!(": {} \"{value}\" is ", shown.name);
                read(&changed(&shown, Some(&value.to_string())))
                    .1
                    .iter()
                    .any(|problem| problem.contains(&said))
            };
            let place = format!("{}: {}: {}", shown.section, shown.name, shown.comment);
            assert!(!complains(least) && !complains(most) && complains(most + 1), "{place}");
            // 0 is below the least of all ranges that it is not in, and some say what it means.
            let zero = shown.comment.contains(" 0 means") || shown.comment.contains(" 0 for");
            assert_eq!(complains(0), least > 0 && !zero, "{place}");
            assert!(least < 3 || complains(least - 1), "{place}");
            checked += 1;
        }
    }
    assert!(checked >= 16, "{checked}");
}

#[test]
fn the_defaults_that_it_gives_are_those_that_hold() {
    const WORDS: [&str; 7] = ["true", "false", "debug", "V311", "utf-8", "application/json", "mosquitto.log"];
    let mut checked = 0;
    for shown in all_shown() {
        let words: Vec<_> = shown.comment.split(' ').collect();
        let after = words.windows(2).find(|pair| ["default", "Default"].contains(&pair[0]));
        let Some(default) = after.map(|pair| bare(pair[1])) else { continue };
        if !WORDS.contains(&default) && default.parse::<u64>().is_err() {
            continue;
        }
        // The library's own limit: what nobody has set is not sent to a broker of MQTT 5 either.
        if shown.name == "send_maximum" {
            continue;
        }
        let (without, _) = read(&changed(&shown, None));
        let (with, _) = read(&changed(&shown, Some(default)));
        assert_eq!(without, with, "{}: {}: {}", shown.section, shown.name, shown.comment);
        checked += 1;
    }
    assert!(checked >= 35, "{checked}");
}
