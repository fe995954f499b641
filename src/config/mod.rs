//! From the text of `mosquitto.conf.xml` to a checked configuration.
//!
//! Pure: no files, no threads, no FreeSWITCH. What is wrong is left out, or replaced by its default, and reported
//! as a [`Problem`]; everything else counts. Parameter names are the documented ones in any case, and no others.

mod connection;
mod defaults;
mod event_names;
mod hosts;
mod logger;
mod model;
mod mqtt5;
mod mqtt_text;
mod problem;
mod profile;
mod publisher_topic;
mod settings;
mod socks5;
mod subscriber_topic;
#[cfg(test)]
mod tests;
mod tls;
mod tls_check;
mod topics;
mod tree;
mod values;
mod will;
mod words;
mod xml;
mod xml_binding;

pub use event_names::names as event_names;
pub use model::*;
pub use mqtt_text::{check_filter, check_topic};
pub use problem::{ConfigError, Problem};
pub use tls::pre_shared_key;
pub use tree::VOCABULARY;
pub(crate) use xml::tree as xml_tree;

use problem::{Report, Scope};
use tree::Node;

/// Reads the text of `<configuration name="mosquitto.conf">`, as `switch_xml_toxml` gives it, with the problems in it.
pub fn parse(xml: &str) -> Result<(Config, Vec<Problem>), ConfigError> {
    let root = xml::root(xml)?;
    let report = Report::default();
    let config = read(&Node::new(&root, Scope::top(&report)));
    Ok((config, report.into_problems()))
}

fn read(top: &Node) -> Config {
    top.expect(&["settings", "profiles"]);
    top.params(&[]);
    let mut config = Config::default();
    for node in top.children("settings") {
        settings::read(&node, &mut config.settings);
    }
    for list in top.children("profiles") {
        list.params(&[]);
    }
    let profiles = top.named("profiles", "profile").into_iter();
    config.profiles =
        profiles.map(|(name, node)| profile::read(name, &node, config.settings.enable)).collect();
    config
}
