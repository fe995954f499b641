//! `<logger>` in `<loggers>`.

use super::topics::{connection_for, topic_usable};
use super::tree::{Node, Param};
use super::values::shown;
use super::{CommandRate, Connection, LogLevel, Logger};

pub(super) const NAMES: &[&str] = &["enable", "connection_name", "topic", "level", "qos", "rate"];

/// Reads the loggers of a profile.
pub(super) fn read_all(profile: &Node, connections: &[Connection]) -> Vec<Logger> {
    for list in profile.children("loggers") {
        list.params(&[]);
    }
    let all = profile.named("loggers", "logger").into_iter();
    all.filter_map(|(name, node)| read(name, &node, connections)).collect()
}

fn read(name: String, node: &Node, connections: &[Connection]) -> Option<Logger> {
    node.expect(&[]);
    let mut logger = Logger::new(name);
    for param in node.params(NAMES) {
        match param.name {
            "enable" => logger.enable = param.boolean(),
            "connection_name" => logger.connection_name = param.value.to_owned(),
            "topic" => logger.topic = param.value.to_owned(),
            "level" => {
                let instead = format!("using {}", Logger::LEVEL);
                let level = param.word(LogLevel::from_word, LogLevel::CHOICES, &instead);
                logger.level = level.unwrap_or(Logger::LEVEL);
            }
            "qos" => logger.qos = param.qos(),
            "rate" => logger.rate = rate(&param),
            _ => {}
        }
    }
    let connected = connection_for("the logger", &logger.connection_name, connections, &node.scope).is_some();
    let usable = topic_usable("the logger", "topic", &logger.topic, &node.scope);
    (connected && usable).then_some(logger)
}

/// `50`, or `50/100`: with a burst. There is always a limit: a flood of log lines is when the switch is busy already.
fn rate(param: &Param) -> CommandRate {
    let text = param.value.trim();
    let (per_second, burst) = text.split_once('/').unwrap_or((text, text));
    let whole = |text: &str| {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|number| digits && (1..=1_000_000).contains(number))
    };
    match (whole(per_second.trim()), whole(burst.trim())) {
        (Some(per_second), Some(burst)) => CommandRate { per_second, burst },
        _ if text.is_empty() => Logger::RATE,
        _ => {
            let CommandRate { per_second, burst } = Logger::RATE;
            param.scope.problem(format!(
                "rate \"{}\" is not lines a second, 1 to 1000000, as in 50, or with a burst, as in 50/100: using \
                 {per_second}/{burst}",
                shown(text)
            ));
            Logger::RATE
        }
    }
}
