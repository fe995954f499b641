//! `<settings>`, and `<profile>` itself.

use super::*;

#[test]
fn settings_that_say_nothing_have_the_documented_defaults() {
    let (settings, problems) = with_settings("");
    assert_eq!(problems, NONE);
    assert_eq!(
        settings,
        Settings {
            log: Log {
                enable: false,
                details: false,
                level: LogLevel::Debug,
                dir: None,
                file: "mosquitto.log".to_owned()
            },
            enable: EnableDefaults::default(),
            event_queue_size: 50_000,
            unique_string_length: 32,
            audit_log: None,
        }
    );
}

#[test]
fn every_setting_is_read() {
    let (settings, problems) = with_settings(&params(&[
        ("log-enable", "true"),
        ("log-details", "true"),
        ("log-level", "notice"),
        ("log-dir", "/var/log/x"),
        ("log-file", "m.log"),
        ("enable-profiles", "true"),
        ("enable-publishers", "true"),
        ("enable-subscribers", "true"),
        ("enable-connections", "true"),
        ("enable-topics", "true"),
        ("enable-events", "true"),
        ("event-queue-size", "10000000"),
        ("unique-string-length", "127"),
        ("audit-log", "audit.log"),
    ]));
    assert_eq!(problems, NONE);
    assert_eq!(
        settings,
        Settings {
            log: Log {
                enable: true,
                details: true,
                level: LogLevel::Notice,
                dir: Some("/var/log/x".to_owned()),
                file: "m.log".to_owned()
            },
            enable: EnableDefaults {
                profiles: true,
                publishers: true,
                subscribers: true,
                connections: true,
                topics: true,
                events: true
            },
            event_queue_size: 10_000_000,
            unique_string_length: 127,
            audit_log: Some("audit.log".to_owned()),
        }
    );
}

#[test]
fn every_level_has_its_word_in_any_case() {
    for level in LogLevel::ALL {
        for word in [level.to_string(), level.to_string().to_uppercase()] {
            let (settings, problems) = with_settings(&param("log-level", &word));
            assert_eq!((settings.log.level, problems), (level, vec![]));
        }
    }
    for (word, level) in [("err", LogLevel::Error), ("WARN", LogLevel::Warning), ("crit", LogLevel::Critical)]
    {
        assert_eq!(with_settings(&param("log-level", word)).0.log.level, level);
    }
}

#[test]
fn an_unknown_level_is_debug_and_reported() {
    let (settings, problems) = with_settings(&param("log-level", "loud"));
    assert_eq!(settings.log.level, LogLevel::Debug);
    let said = "settings: log-level \"loud\" is not one of debug, info, notice, warning, error, critical, alert, \
                console: using debug";
    assert_eq!(problems, [said]);
}

#[test]
fn the_queue_holds_between_one_and_ten_million() {
    for value in ["0", "10000001"] {
        let (settings, problems) = with_settings(&param("event-queue-size", value));
        assert_eq!(settings.event_queue_size, 50_000);
        let said =
            format!("settings: event-queue-size \"{value}\" is not between 1 and 10000000: using 50000");
        assert_eq!(problems, [said]);
    }
}

#[test]
fn the_unique_string_is_32_characters_long_for_0_and_never_more_than_127() {
    let (settings, problems) = with_settings(&param("unique-string-length", "0"));
    assert_eq!((settings.unique_string_length, problems), (32, vec![]));
    let (settings, problems) = with_settings(&param("unique-string-length", "128"));
    assert_eq!(settings.unique_string_length, 32);
    assert_eq!(problems, ["settings: unique-string-length \"128\" is not between 0 and 127: using 32"]);
}

#[test]
fn a_profile_logs_to_a_file_of_its_own_name() {
    let xml = r#"<configuration><profiles><profile name="a/b"/></profiles></configuration>"#;
    assert_eq!(read(xml).0.profiles[0].log, Log::to_file("a_b.log"));
    let (profile, problems) = with_profile(&params(&[
        ("enable", "true"),
        ("log-enable", "true"),
        ("log-details", "true"),
        ("log-level", "alert"),
        ("log-dir", ""),
        ("log-file", ""),
    ]));
    assert_eq!(problems, NONE);
    assert!(profile.enable && profile.log.enable && profile.log.details);
    assert_eq!((profile.log.level, profile.log.dir), (LogLevel::Alert, None));
    assert_eq!(profile.log.file, "p.log");
}

#[test]
fn whoever_does_not_say_is_enabled_by_the_settings() {
    let profile = r#"<profiles><profile name="p">
        <connections><connection name="c"><param name="host" value="h"/></connection></connections>
        <publishers><publisher name="o"><topics><topic name="t"><param name="connection_name" value="c"/>
            <param name="event" value="ALL"/><param name="pattern" value="x"/></topic></topics></publisher></publishers>
        <subscribers><subscriber name="i"><topics><topic name="t"><param name="connection_name" value="c"/>
            <param name="pattern" value="x"/></topic></topics></subscriber></subscribers>
        </profile></profiles>"#;
    for setting in ["none", "profiles", "connections", "publishers", "subscribers", "topics"] {
        let settings = match setting {
            "none" => String::new(),
            setting => format!("<settings>{}</settings>", param(&format!("enable-{setting}"), "true")),
        };
        // The settings count wherever they stand.
        for text in [format!("{settings}{profile}"), format!("{profile}{settings}")] {
            let (config, problems) = read(&format!("<configuration>{text}</configuration>"));
            assert_eq!(problems, NONE);
            let profile = &config.profiles[0];
            let enabled = [
                ("profiles", profile.enable),
                ("connections", profile.connections[0].enable),
                ("publishers", profile.publishers[0].enable),
                ("subscribers", profile.subscribers[0].enable),
                ("topics", profile.publishers[0].topics[0].enable),
                ("topics", profile.subscribers[0].topics[0].enable),
            ];
            for (what, enabled) in enabled {
                assert_eq!(enabled, what == setting, "{what} with enable-{setting}");
            }
        }
    }
}

#[test]
fn a_profile_fires_no_events_of_its_own_unless_it_says_so() {
    let said = |list: &[(&str, &str)]| {
        let (profile, problems) = with_profile(&params(list));
        (profile.custom_events, problems)
    };
    let none = CustomEvents { connected: false, disconnected: false, message: None };
    assert_eq!(said(&[]), (none, vec![]));
    assert_eq!(said(&[("event_connected", ""), ("event_message", "")]), (none, vec![]));
    let all = CustomEvents { connected: true, disconnected: true, message: Some(true) };
    let words = ["event_connected", "event_disconnected", "event_message"];
    assert_eq!(said(&words.map(|name| (name, "true"))), (all, vec![]));
    assert_eq!(said(&[("event_message", "false")]).0.message, Some(false));
    let problem = "profile \"p\": event_connected \"maybe\" is neither true nor false: using false";
    assert_eq!(said(&[("event_connected", "maybe")]), (none, vec![problem.to_owned()]));
}
