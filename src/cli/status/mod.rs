//! `mosquitto status`: everything that is configured, and how it does.
//!
//! The lines, their order and their indentation are those of the C module; the lines that it did not have (state,
//! accepted, published, waiting, dropped) stand beside them. Secrets are shown as `****`.

mod added;
mod connection;

use super::Context;
use super::loglevel::name as level_name;
use crate::config::{CustomEvents, EventSelector, Log, PayloadForm, PublisherTopic, UserProperty};
use crate::engine::{Account, Counts, ProfileView, PublisherView, SubscriberView};
use crate::host::Host;
use crate::{logging, mqtt};
use std::fmt::{Display, Write};

const RULE: &str =
    "=================================================================================================";

/// The answer to `mosquitto status`.
pub fn answer(context: &Context<'_>) -> String {
    let mut out = Page::default();
    let library = mqtt::version();
    out.line("", RULE);
    out.field("", "mosquitto library version", library);
    out.field("", "LIBMOSQUITTO_VERSION_NUMBER", library.number());
    out.field("", "SWITCH_API_VERSION", context.api_version);
    out.field("", "mod_mosquitto version", env!("CARGO_PKG_VERSION"));
    settings(&mut out, context);
    out.line("", "messages");
    account(&mut out, "  ", &context.engine.account());
    out.line("", "profiles");
    for view in context.engine.view() {
        profile(&mut out, &view, context.host);
    }
    out.line("", RULE);
    out.0
}

/// The text so far.
#[derive(Default)]
struct Page(String);

impl Page {
    fn line(&mut self, indent: &str, text: impl Display) {
        // Writing to a String cannot fail.
        let _infallible = writeln!(self.0, "{indent}{text}");
    }

    fn field(&mut self, indent: &str, name: &str, value: impl Display) {
        self.line(indent, format_args!("{name}: {value}"));
    }

    fn boolean(&mut self, indent: &str, name: &str, value: bool) {
        self.field(indent, name, if value { "True" } else { "False" });
    }

    fn optional(&mut self, indent: &str, name: &str, value: Option<impl Display>) {
        match value {
            Some(value) => self.field(indent, name, value),
            None => self.field(indent, name, ""),
        }
    }
}

fn user_properties(out: &mut Page, indent: &str, properties: &[UserProperty]) {
    for property in properties {
        out.field(indent, "user_property", property);
    }
}

fn settings(out: &mut Page, context: &Context<'_>) {
    let settings = context.settings;
    out.line("", "settings");
    log(out, "  ", &Log { level: logging::level(), ..settings.log.clone() }, context.host);
    out.boolean("  ", "enable-profiles", settings.enable.profiles);
    out.boolean("  ", "enable-publishers", settings.enable.publishers);
    out.boolean("  ", "enable-subscribers", settings.enable.subscribers);
    out.boolean("  ", "enable-connections", settings.enable.connections);
    out.boolean("  ", "enable-topics", settings.enable.topics);
    out.field("  ", "unique-string-length", settings.unique_string_length);
    out.field("  ", "event-queue-size", settings.event_queue_size);
    out.optional("  ", "audit-log", settings.audit_log.as_ref());
}

fn log(out: &mut Page, indent: &str, log: &Log, host: &dyn Host) {
    out.boolean(indent, "log-enable", log.enable);
    out.boolean(indent, "log-details", log.details);
    out.field(indent, "log-level", level_name(log.level));
    out.field(indent, "log-dir", log.dir.clone().unwrap_or_else(|| host.log_dir()));
    out.field(indent, "log-file", &log.file);
}

fn account(out: &mut Page, indent: &str, account: &Account) {
    out.field(indent, "accepted", account.accepted);
    out.field(indent, "published", account.published);
    out.field(indent, "waiting", account.waiting());
    out.field(indent, "dropped", format_args!("{} ({})", account.dropped(), account.reasons()));
    out.field(indent, "not accepted", account.held_back());
}

fn profile(out: &mut Page, view: &ProfileView, host: &dyn Host) {
    out.field("  ", "profile name", &view.config.name);
    out.boolean("\t", "enable", view.config.enable);
    log(out, "\t", &view.config.log, host);
    custom_events(out, view.config.custom_events);
    out.line("\t", "connections");
    for view in &view.connections {
        connection::show(out, view);
    }
    out.line("\t", "publishers");
    for view in &view.publishers {
        publisher(out, view, host);
    }
    out.line("\t", "subscribers");
    for view in &view.subscribers {
        subscriber(out, view);
    }
    added::xml_bindings(out, &view.xml_bindings);
    added::loggers(out, &view.loggers);
}

/// Those that are not as they are when nobody says anything.
fn custom_events(out: &mut Page, events: CustomEvents) {
    for (name, value) in [
        ("event_connected", Some(true).filter(|_| events.connected)),
        ("event_disconnected", Some(true).filter(|_| events.disconnected)),
        ("event_message", events.message),
    ] {
        if let Some(value) = value {
            out.boolean("\t", name, value);
        }
    }
}

fn publisher(out: &mut Page, view: &PublisherView, host: &dyn Host) {
    let sent: u64 = view.sent.iter().sum();
    out.line("\t  ", format_args!("publisher name: {} messages sent: {sent}", view.config.name));
    out.boolean("\t\t", "enable", view.config.enable);
    for ((topic, sent), throttled) in view.config.topics.iter().zip(&view.sent).zip(&view.throttled) {
        publisher_topic(out, topic, *sent, host);
        if let Some(rate) = topic.throttle {
            let held_back = throttled.unwrap_or(0);
            out.field("\t\t  ", "throttle", format_args!("{rate} (throttled {held_back})"));
            out.optional("\t\t  ", "throttle_key", topic.throttle_key.as_ref());
        }
    }
}

fn publisher_topic(out: &mut Page, topic: &PublisherTopic, sent: u64, host: &dyn Host) {
    const IN: &str = "\t\t  ";
    out.line("\t\t", format_args!("topic name: {} messages sent: {sent}", topic.name));
    out.boolean(IN, "enable", topic.enable);
    for name in &topic.connection_names {
        out.field(IN, "connection_name", name);
    }
    if topic.connection_names.len() > 1 {
        out.field(IN, "connection_mode", topic.connection_mode);
    }
    out.field(IN, "pattern", &topic.pattern);
    out.field(IN, "qos", topic.qos);
    out.boolean(IN, "retain", topic.retain);
    for event in &topic.events {
        let name = match event {
            EventSelector::All => "ALL",
            EventSelector::Named(name) => name,
            EventSelector::Custom { .. } => "CUSTOM",
        };
        match host.event_number(name) {
            Some(number) => out.field(IN, "event", format_args!("{event} [{}]", number.0)),
            None => out.field(IN, "event", format_args!("{event} [not in this FreeSWITCH]")),
        }
    }
    for event in &topic.exclude_events {
        out.field(IN, "exclude_event", event);
    }
    for (name, conditions) in [("filter", &topic.filter), ("filter_any", &topic.filter_any)] {
        for condition in conditions {
            out.field(IN, name, condition);
        }
    }
    out.optional(IN, "message_expiry", topic.message_expiry);
    out.field(IN, "content_type", topic.content_type.as_deref().unwrap_or("none"));
    out.field(IN, "payload_format", if topic.payload_format { "utf-8" } else { "none" });
    user_properties(out, IN, &topic.user_properties);
    if topic.payload != PayloadForm::default() {
        out.field(IN, "payload", topic.payload);
    }
    for (name, patterns) in [("headers", &topic.headers.only), ("headers_exclude", &topic.headers.except)] {
        for pattern in patterns {
            out.field(IN, name, pattern);
        }
    }
}

fn subscriber(out: &mut Page, view: &SubscriberView) {
    const IN: &str = "\t\t  ";
    out.field("\t  ", "subscriber name", &view.config.name);
    out.boolean("\t\t", "enable", view.config.enable);
    for (topic, (grant, counts)) in view.config.topics.iter().zip(&view.topics) {
        out.field("\t\t", "topic name", &topic.name);
        out.boolean(IN, "enable", topic.enable);
        out.field(IN, "connection_name", &topic.connection_name);
        out.field(IN, "pattern", &topic.pattern);
        out.field(IN, "qos", topic.qos);
        out.boolean(IN, "retain", false);
        out.boolean(IN, "originate_authorized", topic.originate_authorized);
        out.boolean(IN, "bgapi_authorized", topic.bgapi_authorized);
        out.boolean(IN, "json_api_authorized", topic.json_api_authorized);
        for (name, patterns) in [
            ("bgapi_allow", &topic.bgapi_allow),
            ("bgapi_deny", &topic.bgapi_deny),
            ("originate_allow", &topic.originate_allow),
            ("json_api_allow", &topic.json_api_allow),
            ("response_allow", &topic.response_allow),
        ] {
            for pattern in patterns {
                out.field(IN, name, pattern);
            }
        }
        for event in &topic.sendevent_allow {
            out.field(IN, "sendevent_allow", event);
        }
        out.boolean(IN, "response_errors", topic.response_errors);
        if let Some(rate) = topic.command_rate {
            out.field(IN, "command_rate", format_args!("{}/{}", rate.per_second, rate.burst));
        }
        out.field(IN, "command_max_in_flight", topic.command_max_in_flight);
        out.field(IN, "command_max_bytes", topic.command_max_bytes);
        out.boolean(IN, "command_ignore_retained", topic.command_ignore_retained);
        if let Some(events) = topic.events {
            out.boolean(IN, "events", events);
        }
        out.field(IN, "subscription", grant);
        let Counts { allowed, refused, answered, unanswered } = counts;
        out.field(IN, "commands", format_args!("allowed {allowed}, refused {refused}"));
        out.field(IN, "answers", format_args!("published {answered}, not published {unanswered}"));
    }
}
