//! Booleans, numbers and words, whichever parameter has them.

use super::*;

fn log_enable(value: &str) -> (bool, Vec<String>) {
    let (settings, problems) = with_settings(&param("log-enable", value));
    (settings.log.enable, problems)
}

#[test]
fn booleans_are_read_as_freeswitch_reads_them() {
    for value in ["true", "TRUE", "yes", "On", "t", "enabled", "active", "allow", "1", "-1", "2.5", "007"] {
        assert_eq!(log_enable(value), (true, vec![]), "{value}");
    }
    for value in ["false", "no", "OFF", "f", "disabled", "inactive", "disallow", "0", "00", "0.5", ""] {
        assert_eq!(log_enable(value), (false, vec![]), "{value}");
    }
}

#[test]
fn what_is_neither_true_nor_false_is_false_and_reported() {
    for value in ["treu", " true", "1x", "-", "y"] {
        let said = format!("settings: log-enable \"{value}\" is neither true nor false: using false");
        assert_eq!(log_enable(value), (false, vec![said]));
    }
}

#[test]
fn a_number_outside_its_range_is_reported_with_the_range() {
    let said = |value: &str, what: &str| {
        let (connection, problems) = with_connection(&param("port", value));
        assert_eq!(connection.port, 1883);
        assert_eq!(problems, [format!("port \"{value}\" {what}: using 1883")]);
    };
    said("99999", "is not between 1 and 65535");
    said("0", "is not between 1 and 65535");
    said("-1", "is not between 1 and 65535");
    said("99999999999999999999999", "is not between 1 and 65535");
    said("1883x", "is not a whole number");
    said("18.83", "is not a whole number");
    said("-", "is not a whole number");
}

#[test]
fn an_empty_number_or_word_is_not_set() {
    let (connection, problems) = with_connection(&params(&[
        ("port", ""),
        ("keepalive", " "),
        ("protocol_version", ""),
        ("clean_session", ""),
        ("send_maximum", ""),
    ]));
    assert_eq!(problems, NONE);
    let plain = with_connection("").0;
    assert_eq!(connection, plain);
}

#[test]
fn a_long_value_is_not_shown_to_its_end() {
    let (_, problems) = with_connection(&param("port", &"ä".repeat(500)));
    assert_eq!(problems, [format!("port \"{}...\" is not a whole number: using 1883", "ä".repeat(60))]);
}
