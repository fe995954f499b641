//! `mosquitto status` as a table of what the model knows about, and the same from the model.

use crate::model::{Account, Connection, Model, Profile};
use std::collections::BTreeMap;

/// `path/name` and its value.
pub type Table = BTreeMap<String, String>;

/// The lines of the answer that the model has an opinion about.
pub fn read(status: &str) -> Table {
    let mut table = Table::new();
    let (mut profile, mut item, mut topic) = (String::new(), "total".to_owned(), String::new());
    for line in status.lines() {
        let text = line.trim_start_matches([' ', '\t']);
        let indent = &line[..line.len() - text.len()];
        let (name, value) = text.split_once(": ").unwrap_or((text, ""));
        let (word, sent) = value.split_once(" messages sent: ").unwrap_or((value, ""));
        match (indent, name) {
            ("  ", "profile name") => {
                profile = value.to_owned();
                item.clone_from(&profile);
            }
            ("\t  ", "connection name" | "publisher name" | "subscriber name") => {
                let kind = name.split(' ').next().expect("a word");
                let word = word.split(" connected: ").next().expect("a name");
                item = format!("{profile}/{kind} {word}");
                if !sent.is_empty() {
                    table.insert(format!("{item}/sent"), sent.to_owned());
                }
            }
            ("\t\t", "topic name") => {
                topic = format!("{item}/{word}");
                if !sent.is_empty() {
                    table.insert(format!("{topic}/sent"), sent.to_owned());
                }
            }
            ("\t\t", "state") => {
                let state =
                    if value == "connecting" || value.starts_with("waiting ") { "trying" } else { value };
                table.insert(format!("{item}/state"), state.to_owned());
            }
            ("\t\t  ", "subscription" | "commands") => {
                table.insert(format!("{topic}/{name}"), value.to_owned());
            }
            ("  ", "accepted" | "published" | "waiting" | "dropped")
            | ("\t", "enable")
            | ("\t\t", "accepted" | "published" | "waiting" | "dropped" | "enable") => {
                table.insert(format!("{item}/{name}"), value.to_owned());
            }
            _ => {}
        }
    }
    table
}

/// What the answer must be.
pub fn expect(model: &Model) -> Table {
    let mut table = Table::new();
    let connections = model.profiles.iter().flat_map(|profile| &profile.connections);
    let total = connections.map(|one| one.account).fold(model.retired, Account::plus);
    account(&mut table, "total", &total);
    for profile in &model.profiles {
        put(&mut table, profile.name, "enable", truth(profile.enabled));
        for connection in &profile.connections {
            let path = format!("{}/connection {}", profile.name, connection.name);
            account(&mut table, &path, &connection.account);
            put(&mut table, &path, "sent", connection.account.published);
            put(&mut table, &path, "enable", truth(connection.enabled));
            put(&mut table, &path, "state", state(model, profile, connection));
        }
        for publisher in &profile.publishers {
            let path = format!("{}/publisher {}", profile.name, publisher.name);
            put(&mut table, &path, "enable", truth(publisher.enabled));
            put(&mut table, &path, "sent", publisher.topics.iter().map(|(_, sent)| sent).sum::<u64>());
            for (topic, sent) in &publisher.topics {
                put(&mut table, &format!("{path}/{}", topic.pattern), "sent", sent);
            }
        }
        subscribers(&mut table, model, profile);
    }
    table
}

fn subscribers(table: &mut Table, model: &Model, profile: &Profile) {
    for subscriber in &profile.subscribers {
        let path = format!("{}/subscriber {}", profile.name, subscriber.name);
        put(table, &path, "enable", truth(subscriber.enabled));
        let path = format!("{path}/{}", subscriber.topic.filter);
        let mut connections = profile.connections.iter();
        let connection = connections.find(|one| one.name == subscriber.topic.connection);
        let connection = connection.filter(|one| subscriber.enabled && profile.is_up(one, model.moods));
        let filters = connection.map(|connection| profile.filters(connection));
        let granted = filters.map(|filters| *filters.get("cmd/#").unwrap_or(&subscriber.topic.qos));
        let subscription =
            granted.map_or("not subscribed".to_owned(), |qos| format!("subscribed, QoS {qos}"));
        put(table, &path, "subscription", subscription);
        let (allowed, refused) = (subscriber.allowed, subscriber.refused);
        put(table, &path, "commands", format!("allowed {allowed}, refused {refused}"));
    }
}

fn state(model: &Model, profile: &Profile, connection: &Connection) -> &'static str {
    match (profile.is_up(connection, model.moods), profile.is_wanted(connection)) {
        (true, _) => "connected",
        (false, true) => "trying",
        (false, false) if profile.enabled && connection.enabled => "disconnected",
        (false, false) => "disabled",
    }
}

fn account(table: &mut Table, path: &str, account: &Account) {
    let Account { accepted, published, full, removed } = *account;
    put(table, path, "accepted", accepted);
    put(table, path, "published", published);
    put(table, path, "waiting", account.waiting());
    let dropped =
        format!("{} (full {full}, refused 0, removed {removed}, unload 0, expired 0)", full + removed);
    put(table, path, "dropped", dropped);
}

fn truth(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}

fn put(table: &mut Table, path: &str, name: &str, value: impl ToString) {
    table.insert(format!("{path}/{name}"), value.to_string());
}
