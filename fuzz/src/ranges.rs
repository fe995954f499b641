//! What the documentation of the configuration's model promises of its values, read once more.

use mod_mosquitto::config::{
    ClientId, CommandRate, Config, Connection, Logger, Profile, PublisherTopic, Socks5, SubscriberTopic, Tls,
    TlsSupport, Will, XmlBinding,
};
use std::collections::HashSet;
use std::hash::Hash;

/// Holds a configuration to it.
///
/// # Panics
/// A value is not in its range.
pub fn check(config: &Config) {
    let settings = &config.settings;
    assert!((1..=10_000_000).contains(&settings.event_queue_size));
    assert!((1..=127).contains(&settings.unique_string_length));
    assert!(settings.audit_log.as_deref() != Some(""));
    names(config.profiles.iter().map(|profile| &profile.name));
    config.profiles.iter().for_each(profile);
}

/// There, and each once.
fn names<'a>(names: impl Iterator<Item = &'a String> + Clone) {
    assert!(names.clone().all(|name| !name.trim().is_empty()), "there is one without a name");
    each_once(names);
}

fn each_once<T: Hash + Eq>(all: impl Iterator<Item = T>) {
    let mut seen = HashSet::new();
    all.for_each(|one| assert!(seen.insert(one), "one is there twice"));
}

fn profile(profile: &Profile) {
    assert!(!profile.log.file.is_empty());
    names(profile.connections.iter().map(|connection| &connection.name));
    names(profile.publishers.iter().map(|publisher| &publisher.name));
    names(profile.subscribers.iter().map(|subscriber| &subscriber.name));
    profile.connections.iter().for_each(connection);
    let connected = |name: &String| {
        assert!(
            profile.connections.iter().any(|connection| connection.name == *name),
            "no connection {name:?}"
        );
    };
    for publisher in &profile.publishers {
        names(publisher.topics.iter().map(|topic| &topic.name));
        for topic in &publisher.topics {
            topic.connection_names.iter().for_each(connected);
            publishes(topic);
        }
    }
    for subscriber in &profile.subscribers {
        names(subscriber.topics.iter().map(|topic| &topic.name));
        for topic in &subscriber.topics {
            connected(&topic.connection_name);
            subscribes(topic);
        }
    }
    names(profile.xml_bindings.iter().map(|binding| &binding.name));
    each_once(profile.xml_bindings.iter().map(|binding| (&binding.connection_name, &binding.response_topic)));
    for binding in &profile.xml_bindings {
        connected(&binding.connection_name);
        asks(binding);
    }
    names(profile.loggers.iter().map(|logger| &logger.name));
    for logger in &profile.loggers {
        connected(&logger.connection_name);
        logs(logger);
    }
}

fn connection(connection: &Connection) {
    assert!(connection.refused.is_some() || connection.hosts.iter().any(|host| !host.name.trim().is_empty()));
    assert!(connection.hosts.iter().all(|host| host.port != Some(0)) && connection.port > 0);
    assert!((1..=3600).contains(&connection.connect_timeout));
    assert!(!(1..=4).contains(&connection.keepalive));
    assert!(connection.reconnect_delay >= 1);
    assert!(connection.receive_maximum != Some(0) && connection.send_maximum != Some(0));
    assert!(connection.client_id != ClientId::Random || connection.clean_session);
    sendable(connection.client_id.as_str());
    connection.username.iter().for_each(|name| sendable(name));
    assert!(connection.username.is_some() || connection.password.is_none());
    assert!(connection.password.is_none() || connection.password_file.is_none());
    assert!(connection.password.as_ref().is_none_or(|password| password.expose().len() <= 65_535));
    if let Some(Socks5 { port, username, password, .. }) = &connection.socks5 {
        assert!(*port > 0 && (username.is_some() || password.is_none()));
    }
    tls(&connection.tls, connection.refused.is_some());
    will(&connection.will);
}

fn tls(tls: &Tls, refused: bool) {
    assert!(tls.port != Some(0));
    assert!(tls.alpn.as_ref().is_none_or(|alpn| (1..=254).contains(&alpn.len())));
    assert!(tls.psk.is_none() || tls.psk_file.is_none());
    assert!(tls.keyfile_password.is_none() || tls.keyfile_password_file.is_none());
    let hexadecimal = |text: &str| text.chars().all(|c| c.is_ascii_hexdigit());
    assert!(tls.psk.as_ref().is_none_or(|key| hexadecimal(key.expose())));
    // What cannot be encrypted is refused.
    if tls.enable && !refused {
        assert!(tls.support.is_some());
        if tls.support == Some(TlsSupport::Psk) {
            assert!(tls.identity.is_some() && (tls.psk.is_some() || tls.psk_file.is_some()));
        }
        assert_eq!(tls.certfile.is_some(), tls.keyfile.is_some());
    }
}

fn will(will: &Will) {
    let messages = [&will.birth, &will.farewell].into_iter().flatten();
    for message in messages {
        topic(&message.topic);
        assert!(message.payload.len() <= 65_535);
    }
    if will.enable {
        topic(&will.topic);
        assert!(will.payload.len() <= 65_535);
    }
}

fn publishes(config: &PublisherTopic) {
    // A template is held to what it makes by a target of its own.
    if !config.pattern.contains("${") {
        topic(&config.pattern);
    }
    assert!(config.message_expiry != Some(0));
    assert!(!config.connection_names.is_empty());
    each_once(config.connection_names.iter());
    assert!(config.throttle.is_none_or(|rate| rate.messages > 0 && rate.burst > 0));
    each_once(config.events.iter());
}

fn subscribes(config: &SubscriberTopic) {
    filter(&config.pattern);
    assert!((1..=268_435_455).contains(&config.command_max_bytes));
    assert!(config.command_rate.is_none_or(|rate| rate.per_second > 0 && rate.burst > 0));
    assert!(config.bgapi_deny.iter().all(|pattern| !pattern.is_empty()));
}

fn asks(config: &XmlBinding) {
    topic(&config.request_topic);
    // With the id of a request.
    let answers = format!("{}/{}", config.response_topic, "x".repeat(36));
    topic(&answers);
    let (above, _) = config.request_topic.rsplit_once('/').unwrap_or_default();
    assert!(above != config.response_topic, "requests would come as answers");
    assert!(!config.sections.is_empty());
    each_once(config.sections.iter());
    assert!((10..=60_000).contains(&config.timeout) && config.cache_time <= 604_800);
}

fn logs(config: &Logger) {
    topic(&config.topic);
    let CommandRate { per_second, burst } = config.rate;
    assert!((1..=1_000_000).contains(&per_second) && (1..=1_000_000).contains(&burst));
}

/// MQTT 3.1.1, section 1.5.3.
fn sendable(text: &str) {
    assert!(text.len() <= 65_535 && !text.chars().any(char::is_control), "{text:?}");
}

fn levels(text: &str) -> Vec<&str> {
    sendable(text);
    let levels: Vec<&str> = text.split('/').collect();
    assert!(!text.is_empty() && levels.len() <= 201, "{text:?}");
    levels
}

fn topic(text: &str) {
    assert!(levels(text).iter().all(|level| !level.contains(['+', '#'])), "{text:?}");
}

fn filter(text: &str) {
    let mut levels = levels(text);
    if levels[0] == "$share" && levels.len() > 1 {
        assert!(levels.len() > 2 && !levels[1].is_empty() && levels[2..] != [""], "{text:?}");
        assert!(!levels[1].contains(['+', '#']), "{text:?}");
        levels.drain(..2);
    }
    let last = levels.pop();
    assert!(last.is_none_or(|level| level == "#" || level == "+" || !level.contains(['+', '#'])), "{text:?}");
    assert!(levels.iter().all(|level| *level == "+" || !level.contains(['+', '#'])), "{text:?}");
}
