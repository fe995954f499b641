//! What is wrong with a configuration beyond what `config` finds: what only a load would find out, without loading.
//!
//! The clients are made as a load makes them, and given up at once: nothing is connected, nothing waits. Runs on the
//! thread of whoever asks, and leaves nothing behind.

use super::properties::TopicProperties;
use super::{options, routes};
use crate::commands;
use crate::config::{Config, Connection, Problem, Profile, ProtocolVersion, PublisherTopic};
use crate::host::Host;
use crate::mqtt::{Client, ConnackCode, Handler, Incoming, Library, LossReason, MessageId, Session, Weight};
use std::ffi::CStr;
use std::sync::Arc;

/// Finds it, and marks the connections that cannot be made as refused.
///
/// `host` is the FreeSWITCH that the configuration is for; `None`: not known, and neither are its events. `files`:
/// whether this is the machine that the configuration is for, so that the files it names are read.
pub fn examine(config: &mut Config, host: Option<&dyn Host>, files: bool) -> Vec<Problem> {
    let mut problems = Vec::new();
    let library = Arc::new(Library::init());
    for profile in &mut config.profiles {
        let place = format!("profile \"{}\"", profile.name);
        for connection in profile.connections.iter_mut().filter(|one| files && one.refused.is_none()) {
            let place = format!("{place}, connection \"{}\"", connection.name);
            let warn = |text: String| problems.push(Problem::new(&place, &text));
            if let Err(why) = make(connection, &library, warn) {
                let reason = format!("{why}: the connection is not made");
                problems.push(Problem::new(&place, &reason));
                connection.refused = Some(reason);
            }
        }
        published(profile, &place, host, &mut problems);
        for subscriber in &profile.subscribers {
            for topic in &subscriber.topics {
                let place = format!("{place}, subscriber \"{}\", topic \"{}\"", subscriber.name, topic.name);
                let warnings = commands::warnings(topic).into_iter();
                problems.extend(warnings.map(|text| Problem::new(&place, &text)));
            }
        }
    }
    problems
}

/// Makes the client of a connection, and says what the operator is to be warned of.
fn make(connection: &Connection, library: &Arc<Library>, warn: impl FnMut(String)) -> Result<(), String> {
    options::presence(connection)?;
    options::bind_address(connection)?;
    // Any id will do: it is the configuration that is examined, and this client never connects.
    let (options, warnings) = options::options(connection, "examined")?;
    warnings.into_iter().for_each(warn);
    Client::new(&options, Arc::new(Nobody), Arc::clone(library)).map(drop)
}

fn published(profile: &Profile, place: &str, host: Option<&dyn Host>, problems: &mut Vec<Problem>) {
    for publisher in &profile.publishers {
        for topic in &publisher.topics {
            let place = format!("{place}, publisher \"{}\", topic \"{}\"", publisher.name, topic.name);
            if let Some(why) = unsayable(topic, profile) {
                problems.push(Problem::new(&place, &format!("{why}: its messages go without properties")));
            }
            let Some(host) = host else { continue };
            for event in topic.events.iter().filter(|event| !routes::is_known(event, host)) {
                let text = format!("this FreeSWITCH has no event {event}: it is not published");
                problems.push(Problem::new(&place, &text));
            }
        }
    }
}

/// Why the properties of a topic cannot be sent.
fn unsayable(topic: &PublisherTopic, profile: &Profile) -> Option<String> {
    let mut connections = profile.connections.iter().filter(|one| topic.connection_names.contains(&one.name));
    let mqtt5 = connections.any(|one| one.protocol_version == ProtocolVersion::V5);
    if mqtt5 { TopicProperties::new(topic).err() } else { None }
}

/// Whom the clients tell what happens to them: nothing does.
struct Nobody;

impl Handler for Nobody {
    fn connected(&self, _session: &Session, _code: ConnackCode) {}
    fn disconnected(&self, _reason: LossReason) {}
    fn published(&self, _session: &Session, _id: MessageId, _refused: Option<u8>) {}
    fn subscribed(&self, _id: MessageId, _granted: &[i32]) {}
    fn message(&self, _message: &Incoming<'_>) {}
    fn listens(&self) -> bool {
        false
    }
    fn log(&self, _weight: Weight, _text: &CStr) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;
    use crate::engine::testing::TestHost;

    const CONFIGURATION: &str = r#"<configuration name="mosquitto.conf"><profiles><profile name="p">
        <connections>
            <connection name="good"><param name="host" value="localhost"/></connection>
            <connection name="secret"><param name="host" value="localhost"/>
                <param name="username" value="me"/><param name="password_file" value="/nowhere/secret"/>
            </connection>
            <connection name="trust"><param name="host" value="localhost"/><tls>
                <param name="enable" value="certificate"/><param name="cafile" value="/nowhere/ca.pem"/>
            </tls></connection>
        </connections>
        <publishers><publisher name="pub"><topics><topic name="t">
            <param name="connection_name" value="good"/><param name="pattern" value="a"/>
            <param name="event" value="HEARTBEAT"/><param name="event" value="CERT_RELOAD"/>
        </topic></topics></publisher></publishers>
        <subscribers><subscriber name="sub"><topics><topic name="t">
            <param name="connection_name" value="good"/><param name="pattern" value="a"/>
            <param name="bgapi_authorized" value="true"/><param name="bgapi_allow" value="system"/>
        </topic></topics></subscriber></subscribers>
    </profile></profiles></configuration>"#;

    fn found(host: Option<&dyn Host>, files: bool) -> (Config, Vec<String>) {
        let (mut config, problems) = config::parse(CONFIGURATION).unwrap();
        assert_eq!(problems, []);
        let problems = examine(&mut config, host, files);
        (config, problems.iter().map(ToString::to_string).collect())
    }

    const SECRET: &str = "profile \"p\", connection \"secret\": password_file \"/nowhere/secret\": No such file or \
                          directory: the connection is not made";
    const TRUST: &str = "profile \"p\", connection \"trust\": tls: cafile \"/nowhere/ca.pem\": No such file or \
                         directory: the connection is not made";
    const EVENT: &str = "profile \"p\", publisher \"pub\", topic \"t\": this FreeSWITCH has no event CERT_RELOAD: it \
                         is not published";
    const COMMAND: &str = "profile \"p\", subscriber \"sub\", topic \"t\": bgapi_allow \"system\" allows everything: \
                           system can be made to run any command";

    #[test]
    fn what_a_load_would_find_out_is_found_without_one() {
        let old: &dyn Host = &TestHost { is_1_11: false };
        let (config, problems) = found(Some(old), true);
        assert_eq!(problems, [SECRET, TRUST, EVENT, COMMAND]);
        let refused = config.profiles[0].connections.iter().map(|one| one.refused.is_some());
        assert_eq!(refused.collect::<Vec<_>>(), [false, true, true]);
    }

    #[test]
    fn events_are_known_to_a_freeswitch_and_files_on_its_machine() {
        let new: &dyn Host = &TestHost { is_1_11: true };
        assert_eq!(found(Some(new), true).1, [SECRET, TRUST, COMMAND]);
        assert_eq!(found(None, true).1, [SECRET, TRUST, COMMAND]);
        let (config, problems) = found(None, false);
        assert_eq!(problems, [COMMAND]);
        assert!(config.profiles[0].connections.iter().all(|one| one.refused.is_none()));
    }
}
