//! The whole way from text to configuration: what is taken, what is left out, and what is said about it.

mod connection;
mod files;
mod hosts;
mod loggers;
mod options;
mod published;
mod settings;
mod shaping;
mod shipped;
mod structure;
mod tls;
mod topics;
mod values;
mod will;
mod xml_bindings;

use super::*;

/// The configuration, and its problems as the operator sees them.
fn read(xml: &str) -> (Config, Vec<String>) {
    let (config, problems) = parse(xml).expect(xml);
    (config, problems.iter().map(ToString::to_string).collect())
}

/// A configuration with these settings.
fn with_settings(inside: &str) -> (Settings, Vec<String>) {
    let (config, problems) = read(&format!("<configuration><settings>{inside}</settings></configuration>"));
    (config.settings, problems)
}

/// A configuration with one profile, "p", that has this in it.
fn with_profile(inside: &str) -> (Profile, Vec<String>) {
    let xml = format!(
        r#"<configuration><profiles><profile name="p">{inside}</profile></profiles></configuration>"#
    );
    let (mut config, problems) = read(&xml);
    (config.profiles.remove(0), problems)
}

/// A profile "p" with one connection, "c", that has a host and this in it; problems are said without their place.
fn with_connection(inside: &str) -> (Connection, Vec<String>) {
    let host = param("host", "localhost");
    let (mut profile, problems) = with_profile(&format!(
        r#"<connections><connection name="c">{host}{inside}</connection></connections>"#
    ));
    let place = r#"profile "p", connection "c""#;
    let text = |problem: String| problem.strip_prefix(place).expect(&problem)[2..].to_owned();
    (profile.connections.remove(0), problems.into_iter().map(text).collect())
}

fn param(name: &str, value: &str) -> String {
    format!(r#"<param name="{name}" value="{value}"/>"#)
}

fn params(list: &[(&str, &str)]) -> String {
    list.iter().map(|(name, value)| param(name, value)).collect()
}

const NONE: [&str; 0] = [];
