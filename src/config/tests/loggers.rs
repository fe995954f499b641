//! `<loggers>`.

use super::*;

/// The loggers of a profile that has the connection "c", and what is said about logger "l".
fn logging(list: &[(&str, &str)]) -> (Vec<Logger>, Vec<String>) {
    let connection = format!(r#"<connection name="c">{}</connection>"#, param("host", "h"));
    let (profile, problems) = with_profile(&format!(
        r#"<loggers><logger name="l">{}</logger></loggers><connections>{connection}</connections>"#,
        params(list)
    ));
    let place = r#"profile "p", logger "l": "#;
    let text = |problem: String| problem.strip_prefix(place).expect(&problem).to_owned();
    (profile.loggers, problems.into_iter().map(text).collect())
}

#[test]
fn every_parameter_of_a_logger_is_read() {
    let (loggers, problems) = logging(&[
        ("enable", "true"),
        ("connection_name", "c"),
        ("topic", "switch/log"),
        ("level", "err"),
        ("qos", "1"),
        ("rate", "5/20"),
    ]);
    assert_eq!(problems, NONE);
    let logger = Logger {
        name: "l".to_owned(),
        enable: true,
        connection_name: "c".to_owned(),
        topic: "switch/log".to_owned(),
        level: LogLevel::Error,
        qos: QoS::AtLeastOnce,
        rate: CommandRate { per_second: 5, burst: 20 },
    };
    assert_eq!(loggers, [logger]);
}

#[test]
fn a_logger_is_off_and_limited_unless_it_says_otherwise() {
    let (loggers, problems) = logging(&[("connection_name", "c"), ("topic", "t"), ("rate", "")]);
    assert_eq!(problems, NONE);
    let [logger] = loggers.as_slice() else { panic!("{loggers:?}") };
    assert_eq!((logger.enable, logger.level), (false, LogLevel::Warning));
    assert_eq!(logger.rate, CommandRate { per_second: 100, burst: 1000 });
}

#[test]
fn a_logger_always_has_a_limit() {
    for wrong in ["0", "x", "5/", "-1", "+5", "5/0", "1000001"] {
        let (loggers, problems) = logging(&[("connection_name", "c"), ("topic", "t"), ("rate", wrong)]);
        assert_eq!(loggers[0].rate, CommandRate { per_second: 100, burst: 1000 });
        assert_eq!(
            problems,
            [format!(
                "rate \"{wrong}\" is not lines a second, 1 to 1000000, as in 50, or with a burst, as in 50/100: using \
                 100/1000"
            )]
        );
    }
}

#[test]
fn a_logger_without_a_topic_or_a_connection_is_left_out() {
    let (loggers, problems) = logging(&[("level", "loud")]);
    assert_eq!(loggers, []);
    assert_eq!(
        problems,
        [
            "level \"loud\" is not one of debug, info, notice, warning, error, critical, alert, console: using warning",
            "connection_name is not set, the logger is left out: set it",
            "topic is not set, the logger is left out: set it",
        ]
    );
}
