//! What a configuration would do, in words: where each connection goes and how, what is published, what may run.

use crate::config::{
    CertReqs, ClientId, Config, Connection, ConnectionMode, Host, PayloadForm, Profile, PublisherTopic,
    Settings, SubscriberTopic, TlsSupport, TlsVersion,
};
use crate::text::escape;
use std::fmt::{self, Display, Write};

/// Writes it. What is off has one line that says why.
pub fn write(f: &mut fmt::Formatter<'_>, config: &Config) -> fmt::Result {
    let mut out = Lines(f);
    if config.profiles.is_empty() {
        return out.line("", "no profile: nothing is done");
    }
    config.profiles.iter().try_for_each(|one| profile(&mut out, one, &config.settings))
}

/// Lines of text; names and values from outside cannot end one.
struct Lines<'a, 'f>(&'a mut fmt::Formatter<'f>);

impl Lines<'_, '_> {
    fn line(&mut self, indent: &str, text: impl Display) -> fmt::Result {
        writeln!(self.0, "{indent}{}", escape(&text.to_string()))
    }
}

const OFF: &str = "off (enable is false)";

fn profile(out: &mut Lines, profile: &Profile, settings: &Settings) -> fmt::Result {
    let name = &profile.name;
    if !profile.enable {
        return out.line("", format_args!("profile \"{name}\": {OFF}"));
    }
    out.line("", format_args!("profile \"{name}\""))?;
    for one in &profile.connections {
        connection(out, one, settings)?;
    }
    for publisher in &profile.publishers {
        let name = &publisher.name;
        if !publisher.enable {
            out.line("  ", format_args!("publisher \"{name}\": {OFF}"))?;
            continue;
        }
        out.line("  ", format_args!("publisher \"{name}\""))?;
        for topic in &publisher.topics {
            let what = match off(topic.enable, &topic.connection_names, profile) {
                Some(off) => off,
                None => published(topic),
            };
            out.line("    ", format_args!("topic \"{}\": {what}", topic.name))?;
        }
    }
    for subscriber in &profile.subscribers {
        let name = &subscriber.name;
        if !subscriber.enable {
            out.line("  ", format_args!("subscriber \"{name}\": {OFF}"))?;
            continue;
        }
        out.line("  ", format_args!("subscriber \"{name}\""))?;
        for topic in &subscriber.topics {
            match off(topic.enable, std::slice::from_ref(&topic.connection_name), profile) {
                Some(off) => out.line("    ", format_args!("topic \"{}\": {off}", topic.name))?,
                None => subscribed(out, topic)?,
            }
        }
    }
    Ok(())
}

/// Why a topic does nothing.
/// Why something does nothing that goes by one of these connections.
fn off(enable: bool, connections: &[String], profile: &Profile) -> Option<String> {
    let works = |one: &Connection| connections.contains(&one.name) && one.enable && one.refused.is_none();
    match enable {
        false => Some(OFF.to_owned()),
        true if profile.connections.iter().any(works) => None,
        true => Some(format!("off (connection {} is)", quoted(connections))),
    }
}

fn connection(out: &mut Lines, connection: &Connection, settings: &Settings) -> fmt::Result {
    let name = &connection.name;
    if !connection.enable {
        return out.line("  ", format_args!("connection \"{name}\": {OFF}"));
    }
    if let Some(why) = &connection.refused {
        return out.line("  ", format_args!("connection \"{name}\": off ({why})"));
    }
    out.line("  ", format_args!("connection \"{name}\""))?;
    out.line("    ", format_args!("to {}, MQTT {}", brokers(connection), connection.protocol_version))?;
    out.line("    ", encryption(connection))?;
    if let Some(username) = &connection.username {
        let with = connection.password.is_some() || connection.password_file.is_some();
        let password = if with { "with a password" } else { "without a password" };
        out.line("    ", format_args!("as user \"{username}\", {password}"))?;
    }
    let session =
        if connection.clean_session { "a clean session" } else { "a session that the broker keeps" };
    out.line("    ", format_args!("client id: {}, {session}", client_id(&connection.client_id, settings)))?;
    let will = &connection.will;
    let topics = [
        ("will", Some(&will.topic).filter(|_| will.enable)),
        ("birth", will.birth.as_ref().map(|birth| &birth.topic)),
        ("farewell", will.farewell.as_ref().map(|farewell| &farewell.topic)),
    ];
    for (what, topic) in topics {
        if let Some(topic) = topic {
            out.line("    ", format_args!("{what} to \"{topic}\""))?;
        }
    }
    Ok(())
}

fn brokers(connection: &Connection) -> String {
    let service = if connection.tls.enable { "_secure-mqtt._tcp" } else { "_mqtt._tcp" };
    let broker = |host: &Host| {
        if connection.srv {
            format!("the SRV records of {service}.{}", host.name)
        } else if is_unix_socket(host) {
            format!("the unix socket {}", host.name)
        } else {
            Host { name: host.name.clone(), port: Some(connection.port_of(host)) }.to_string()
        }
    };
    let brokers: Vec<_> = connection.hosts.iter().map(broker).collect();
    let mut text = brokers.join(", else ");
    if let Some(proxy) = &connection.socks5 {
        // Writing to a String cannot fail.
        let _infallible = write!(text, ", by way of the SOCKS5 proxy {} port {}", proxy.host, proxy.port);
    }
    text
}

fn is_unix_socket(host: &Host) -> bool {
    host.name.starts_with('/')
}

/// How it is encrypted, and what that is worth.
fn encryption(connection: &Connection) -> String {
    let tls = &connection.tls;
    let support = match tls.support {
        Some(support) if tls.enable => support,
        _ => return in_the_clear(connection),
    };
    let version = if tls.version == Some(TlsVersion::V13) && tls.advanced_options { "1.3" } else { "1.2" };
    let mut text = format!("TLS {version} or newer");
    let mut add = |part: String| {
        text.push_str(", ");
        text.push_str(&part);
    };
    match support {
        TlsSupport::Psk => {
            add(format!("a pre-shared key as \"{}\"", tls.identity.as_deref().unwrap_or_default()));
        }
        TlsSupport::Certificate => {
            if tls.advanced_options && tls.cert_reqs == CertReqs::VerifyNone {
                add("the broker's certificate is not verified".to_owned());
            } else {
                let places = [("cafile", &tls.cafile), ("capath", &tls.capath)];
                let places = places.into_iter().filter_map(|(what, path)| Some((what, path.as_ref()?)));
                let places: Vec<_> = places.map(|(what, path)| format!("{what} \"{path}\"")).collect();
                let trusted =
                    if places.is_empty() { "the system's CAs".to_owned() } else { places.join(" and ") };
                let name = if tls.insecure { ", its name does not" } else { "" };
                add(format!("the broker's certificate has to be from {trusted}{name}"));
            }
            if let Some(path) = &tls.certfile {
                add(format!("this client's is certfile \"{path}\""));
            }
        }
    }
    if let Some(protocol) = &tls.alpn {
        add(format!("ALPN \"{protocol}\""));
    }
    text
}

fn in_the_clear(connection: &Connection) -> String {
    let stays = |host: &Host| {
        is_unix_socket(host)
            || host.name.eq_ignore_ascii_case("localhost")
            || host.name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
    };
    if connection.hosts.iter().all(stays) {
        return "in the clear, on this machine".to_owned();
    }
    let password = connection.password.is_some() || connection.password_file.is_some();
    let what = if password { "everything, the password included" } else { "everything" };
    format!("in the clear: who is on the way reads {what}")
}

fn client_id(id: &ClientId, settings: &Settings) -> String {
    let length = settings.unique_string_length;
    match id {
        ClientId::Random => "a random one".to_owned(),
        ClientId::Hostname => "the host's name".to_owned(),
        ClientId::Switchname => "the switch's name".to_owned(),
        ClientId::HostnameUnique => format!("the host's name and {length} random characters"),
        ClientId::SwitchnameUnique => format!("the switch's name and {length} random characters"),
        ClientId::Literal(id) => format!("\"{id}\""),
    }
}

fn published(topic: &PublisherTopic) -> String {
    let events: Vec<_> = topic.events.iter().map(ToString::to_string).collect();
    let excluded: Vec<_> = topic.exclude_events.iter().map(ToString::to_string).collect();
    let but = if excluded.is_empty() { String::new() } else { format!(" but {}", excluded.join(", ")) };
    let mut more = String::new();
    if topic.retain {
        more.push_str(", retained");
    }
    if !topic.filter.is_empty() || !topic.filter_any.is_empty() {
        more.push_str(", filtered");
    }
    if topic.throttle.is_some() {
        more.push_str(", throttled");
    }
    if topic.payload != PayloadForm::Json {
        more.push_str(&format!(", as {}", topic.payload));
    }
    let first = topic.connection_mode == ConnectionMode::First && topic.connection_names.len() > 1;
    format!(
        "{}{but} to \"{}\" by {}connection {}, QoS {}{more}",
        events.join(", "),
        topic.pattern,
        if first { "the first that is up, " } else { "" },
        quoted(&topic.connection_names),
        topic.qos
    )
}

fn subscribed(out: &mut Lines, topic: &SubscriberTopic) -> fmt::Result {
    out.line(
        "    ",
        format_args!(
            "topic \"{}\": \"{}\" by connection \"{}\", QoS {}",
            topic.name, topic.pattern, topic.connection_name, topic.qos
        ),
    )?;
    let bgapi = allowed(topic.bgapi_authorized, &topic.bgapi_allow, "every command");
    let never = if topic.bgapi_authorized { &topic.bgapi_deny[..] } else { &[] };
    let never = if never.is_empty() { String::new() } else { format!(", never {}", quoted(never)) };
    out.line("      ", format_args!("bgapi: {bgapi}{never}"))?;
    let calls = allowed(topic.originate_authorized, &topic.originate_allow, "every call");
    out.line("      ", format_args!("originate: {calls}"))?;
    if topic.bgapi_authorized && !topic.originate_authorized && !topic.originate_allow.is_empty() {
        out.line("      ", format_args!("bgapi originate: only {}", quoted(&topic.originate_allow)))?;
    }
    if topic.json_api_authorized {
        let json_api = allowed(true, &topic.json_api_allow, "every command");
        out.line("      ", format_args!("JSON API: {json_api}"))?;
    }
    if !topic.sendevent_allow.is_empty() {
        let events: Vec<_> = topic.sendevent_allow.iter().map(ToString::to_string).collect();
        out.line("      ", format_args!("sendevent: only {}", events.join(", ")))?;
    }
    if !topic.response_allow.is_empty() {
        out.line("      ", format_args!("answers: only to {}", quoted(&topic.response_allow)))?;
    }
    let takes_commands = topic.bgapi_authorized
        || topic.originate_authorized
        || topic.json_api_authorized
        || !topic.sendevent_allow.is_empty();
    if !takes_commands {
        return Ok(());
    }
    let mut limits = Vec::new();
    if let Some(rate) = topic.command_rate {
        limits.push(format!("{} a second, {} at once after a pause", rate.per_second, rate.burst));
    }
    if topic.command_max_in_flight > 0 {
        limits.push(format!("{} at a time", topic.command_max_in_flight));
    }
    limits.push(format!("{} bytes", topic.command_max_bytes));
    if !topic.command_ignore_retained {
        limits.push("retained messages as well, at each connect".to_owned());
    }
    out.line("      ", format_args!("limits: {}", limits.join("; ")))
}

fn allowed(authorised: bool, patterns: &[String], all: &str) -> String {
    match (authorised, patterns) {
        (false, _) => "nothing".to_owned(),
        (true, []) => all.to_owned(),
        (true, patterns) => format!("only {}", quoted(patterns)),
    }
}

fn quoted(patterns: &[String]) -> String {
    let patterns: Vec<_> = patterns.iter().map(|pattern| format!("\"{pattern}\"")).collect();
    patterns.join(", ")
}
