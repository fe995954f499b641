//! What a configuration would do, in words: where each connection goes and how, what is published, what may run, what is
//! asked for.

use super::connection::connection;
use super::lines::{Lines, OFF};
use crate::config::{
    CommandRate, Config, Connection, ConnectionMode, Logger, PayloadForm, Profile, PublisherTopic, Settings,
    SubscriberTopic, XmlBinding,
};
use std::fmt;

/// Writes it. What is off has one line that says why.
pub fn write(f: &mut fmt::Formatter<'_>, config: &Config) -> fmt::Result {
    let mut out = Lines::new(f);
    if config.profiles.is_empty() {
        return out.line("", "no profile: nothing is done");
    }
    config.profiles.iter().try_for_each(|one| profile(&mut out, one, &config.settings))
}

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
            let off = off(topic.enable, &topic.connection_names, profile);
            let what = off.unwrap_or_else(|| published(topic));
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
    for one in &profile.xml_bindings {
        let off = off(one.enable, std::slice::from_ref(&one.connection_name), profile);
        let what = off.unwrap_or_else(|| looked_up(one));
        out.line("  ", format_args!("xml-binding \"{}\": {what}", one.name))?;
    }
    for one in &profile.loggers {
        let off = off(one.enable, std::slice::from_ref(&one.connection_name), profile);
        let what = off.unwrap_or_else(|| logged(one));
        out.line("  ", format_args!("logger \"{}\": {what}", one.name))?;
    }
    Ok(())
}

/// Why something does nothing that goes by one of these connections.
fn off(enable: bool, connections: &[String], profile: &Profile) -> Option<String> {
    let works = |one: &Connection| connections.contains(&one.name) && one.enable && one.refused.is_none();
    match enable {
        false => Some(OFF.to_owned()),
        true if profile.connections.iter().any(works) => None,
        true => Some(format!("off (connection {} is)", quoted(connections))),
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
    limits.extend(topic.command_rate.map(limit));
    if topic.command_max_in_flight > 0 {
        limits.push(format!("{} at a time", topic.command_max_in_flight));
    }
    limits.push(format!("{} bytes", topic.command_max_bytes));
    if !topic.command_ignore_retained {
        limits.push("retained messages as well, at each connect".to_owned());
    }
    out.line("      ", format_args!("limits: {}", limits.join("; ")))
}

fn looked_up(binding: &XmlBinding) -> String {
    let sections: Vec<_> = binding.sections.iter().map(|section| section.as_str()).collect();
    let counts = match binding.cache_time {
        0 => String::new(),
        seconds => format!(", and count for {seconds} s"),
    };
    format!(
        "{} asked for at \"{}\" by connection \"{}\", QoS {}; answers come to \"{}/<id>\" within {} ms{counts}",
        sections.join(", "),
        binding.request_topic,
        binding.connection_name,
        binding.qos,
        binding.response_topic,
        binding.timeout
    )
}

fn logged(logger: &Logger) -> String {
    format!(
        "lines of level {} and more severe ones to \"{}\" by connection \"{}\", QoS {}; {}",
        logger.level,
        logger.topic,
        logger.connection_name,
        logger.qos,
        limit(logger.rate)
    )
}

fn limit(rate: CommandRate) -> String {
    format!("{} a second, {} at once after a pause", rate.per_second, rate.burst)
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
