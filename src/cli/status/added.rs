//! What the C module did not have, in the answer to `mosquitto status`: bindings of XML, and loggers. A profile
//! without any shows nothing of it.

use super::{Page, level_name};
use crate::engine::{LoggerView, XmlBindingView, XmlCounts};

/// Shows the bindings of a profile.
pub(super) fn xml_bindings(out: &mut Page, bindings: &[XmlBindingView]) {
    const IN: &str = "\t\t";
    if !bindings.is_empty() {
        out.line("\t", "xml-bindings");
    }
    for view in bindings {
        let config = &view.config;
        out.field("\t  ", "xml-binding name", &config.name);
        out.boolean(IN, "enable", config.enable);
        let sections: Vec<_> = config.sections.iter().map(|section| section.as_str()).collect();
        out.field(IN, "sections", sections.join("|"));
        out.field(IN, "connection_name", &config.connection_name);
        out.field(IN, "request_topic", &config.request_topic);
        out.field(IN, "response_topic", &config.response_topic);
        out.field(IN, "timeout", config.timeout);
        out.field(IN, "cache_time", config.cache_time);
        out.field(IN, "qos", config.qos);
        out.field(IN, "subscription", view.grant);
        let XmlCounts { requests, answers, timeouts, refused, cached, unasked, late } = view.counts;
        out.field(
            IN,
            "look-ups",
            format_args!(
                "requests {requests}, answers {answers}, timeouts {timeouts}, refused {refused}, cached {cached}, \
                 not asked {unasked}, late {late}"
            ),
        );
    }
}

/// Shows the loggers of a profile.
pub(super) fn loggers(out: &mut Page, loggers: &[LoggerView]) {
    const IN: &str = "\t\t";
    if !loggers.is_empty() {
        out.line("\t", "loggers");
    }
    for view in loggers {
        let config = &view.config;
        out.field("\t  ", "logger name", &config.name);
        out.boolean(IN, "enable", config.enable);
        out.field(IN, "connection_name", &config.connection_name);
        out.field(IN, "topic", &config.topic);
        out.field(IN, "level", level_name(config.level));
        out.field(IN, "qos", config.qos);
        out.field(IN, "rate", format_args!("{}/{}", config.rate.per_second, config.rate.burst));
        out.field(IN, "lines", format_args!("published {}, suppressed {}", view.published, view.suppressed));
    }
}
