//! Elements, names and parameters, whatever they mean.

use super::*;

#[test]
fn an_empty_text_is_an_error() {
    assert_eq!(parse(" \n"), Err(ConfigError::Empty));
    let said = "mosquitto.conf is empty: put the module's configuration there";
    assert_eq!(ConfigError::Empty.to_string(), said);
}

#[test]
fn malformed_xml_is_an_error_with_its_line() {
    let error = parse("<configuration>\n  <settings>\n</configuration>").unwrap_err();
    let ConfigError::Malformed { line, column, .. } = &error else { panic!("{error:?}") };
    assert_eq!((*line, *column), (3, 16));
    let said = error.to_string();
    assert!(said.starts_with("mosquitto.conf is not well-formed XML, line 3, column 16: "), "{said}");
    assert!(matches!(parse("not xml"), Err(ConfigError::Malformed { line: 1, .. })));
    assert!(matches!(parse("<!-- nothing -->"), Err(ConfigError::Malformed { .. })));
}

#[test]
fn another_configuration_is_an_error() {
    let said = |xml| parse(xml).unwrap_err().to_string();
    let theirs = r#"<configuration name="sofia.conf"/>"#;
    let expected = "<configuration name=\"sofia.conf\"> is not the module's configuration: \
                    it is <configuration name=\"mosquitto.conf\">";
    assert_eq!(said(theirs), expected);
    assert!(said("<document/>").starts_with("<document> is not the module's configuration"));
    assert!(parse("<configuration/>").is_ok());
}

#[test]
fn nesting_without_end_is_an_error_and_not_an_overflow() {
    let deep = format!("<configuration>{}", "<a>".repeat(1_000_000));
    let error = parse(&deep).unwrap_err();
    assert_eq!(
        error.to_string(),
        "mosquitto.conf is not well-formed XML, line 1, column 109: elements are nested too deeply"
    );
    let entities = "<!DOCTYPE x [<!ENTITY a \"<b>\">]>\n<configuration/>";
    let said =
        "mosquitto.conf is not well-formed XML, line 1, column 1: a document type declaration is not read";
    assert_eq!(parse(entities).unwrap_err().to_string(), said);
    // What only looks like nesting is none.
    let flat = format!(
        "<?xml version=\"1.0\"?><configuration><!-- {0} --><settings><![CDATA[{0}]]>{1}</settings></configuration>",
        "<a>".repeat(100),
        "<param name=\"log-dir\" value=\"/>\"/>".repeat(100)
    );
    assert_eq!(read(&flat).1, ["settings: log-dir is there more than once: the last one counts"]);
}

#[test]
fn an_unknown_element_is_ignored() {
    let (_, problems) = read(
        r#"<configuration><setings/><profiles><profil name="a"/><profile name="p">
            <publishers><topics/><publisher name="o"><topic name="t"/></publisher></publishers>
            <connections><connection name="c"><param name="host" value="h"/><wil/></connection></connections>
        </profile></profiles></configuration>"#,
    );
    assert_eq!(
        problems,
        [
            "configuration: unknown element <setings> is ignored",
            "profiles: unknown element <profil> is ignored",
            "profile \"p\", connection \"c\": unknown element <wil> is ignored",
            "profile \"p\", publishers: unknown element <topics> is ignored",
            "profile \"p\", publisher \"o\": unknown element <topic> is ignored",
        ]
    );
}

#[test]
fn whoever_has_no_name_is_left_out() {
    let (config, problems) = read(
        r#"<configuration><profiles><profile/><profile name="p">
            <connections><connection name="c"><param name="host" value="h"/></connection><connection name=""/></connections>
            <publishers><publisher/><publisher name="o"><topics><topic/></topics></publisher></publishers>
            <subscribers><subscriber/></subscribers>
        </profile></profiles></configuration>"#,
    );
    assert_eq!(
        problems,
        [
            "configuration: profile number 1 has no name and is left out: name it",
            "profile \"p\": connection number 2 has no name and is left out: name it",
            "profile \"p\": publisher number 1 has no name and is left out: name it",
            "profile \"p\", publisher \"o\": topic number 1 has no name and is left out: name it",
            "profile \"p\": subscriber number 1 has no name and is left out: name it",
        ]
    );
    let [profile] = config.profiles.as_slice() else { panic!("{config:?}") };
    assert_eq!((profile.connections.len(), profile.publishers.len(), profile.subscribers.len()), (1, 1, 0));
}

#[test]
fn of_two_with_the_same_name_the_later_one_is_left_out() {
    let topic = |pattern: &str| {
        format!(
            r#"<topic name="t">{}</topic>"#,
            params(&[("connection_name", "c"), ("event", "ALL"), ("pattern", pattern)])
        )
    };
    let subscriber_topic = |pattern: &str| {
        format!(r#"<topic name="t">{}</topic>"#, params(&[("connection_name", "c"), ("pattern", pattern)]))
    };
    let (config, problems) = read(&format!(
        r#"<configuration><profiles><profile name="p">
            <connections>
                <connection name="c"><param name="host" value="first"/></connection>
                <connection name="c"><param name="host" value="second"/></connection>
            </connections>
            <publishers>
                <publisher name="o"><topics>{}{}</topics></publisher><publisher name="o"/>
            </publishers>
            <subscribers>
                <subscriber name="i"><topics>{}{}</topics></subscriber><subscriber name="i"/>
            </subscribers>
        </profile><profile name="p"/></profiles></configuration>"#,
        topic("first"),
        topic("second"),
        subscriber_topic("first"),
        subscriber_topic("second"),
    ));
    let taken = "the name is taken, this one is left out: give it another name";
    assert_eq!(
        problems,
        [
            format!("profile \"p\": {taken}"),
            format!("profile \"p\", connection \"c\": {taken}"),
            format!("profile \"p\", publisher \"o\": {taken}"),
            format!("profile \"p\", publisher \"o\", topic \"t\": {taken}"),
            format!("profile \"p\", subscriber \"i\": {taken}"),
            format!("profile \"p\", subscriber \"i\", topic \"t\": {taken}"),
        ]
    );
    let [profile] = config.profiles.as_slice() else { panic!("{config:?}") };
    assert_eq!(profile.connections.iter().map(|c| c.hosts[0].name.as_str()).collect::<Vec<_>>(), ["first"]);
    assert_eq!((profile.publishers.len(), profile.subscribers.len()), (1, 1));
    assert_eq!(profile.publishers[0].topics.len(), 1);
    assert_eq!(profile.publishers[0].topics[0].pattern, "first");
    assert_eq!(profile.subscribers[0].topics.len(), 1);
    assert_eq!(profile.subscribers[0].topics[0].pattern, "first");
}

#[test]
fn the_same_name_may_be_used_in_two_profiles() {
    let profile = |name: &str| {
        format!(
            r#"<profile name="{name}"><connections><connection name="c">{}</connection></connections></profile>"#,
            param("host", "h")
        )
    };
    let xml = format!("<configuration><profiles>{}{}</profiles></configuration>", profile("a"), profile("b"));
    let (config, problems) = read(&xml);
    assert_eq!((config.profiles.len(), problems), (2, vec![]));
}

#[test]
fn a_parameter_is_known_in_any_case_and_by_its_whole_name_only() {
    let (settings, problems) = with_settings(&params(&[("LOG-Enable", "true"), ("log-enable-x", "false")]));
    assert!(settings.log.enable);
    assert_eq!(problems, ["settings: unknown parameter \"log-enable-x\" is ignored"]);
}

#[test]
fn an_unknown_parameter_is_told_what_was_probably_meant() {
    assert_eq!(
        with_settings(&param("log_level", "info")).1,
        ["settings: unknown parameter \"log_level\" is ignored: write \"log-level\""]
    );
    assert_eq!(
        with_connection(&param("client-id", "x")).1,
        ["unknown parameter \"client-id\" is ignored: write \"client_id\""]
    );
    assert_eq!(
        with_profile(&format!("<connections>{}</connections>", param("unique_string_length", "10"))).1,
        ["profile \"p\", connections: unknown parameter \"unique_string_length\" is ignored: \
          \"unique-string-length\" belongs in settings"]
    );
    assert_eq!(
        with_profile(&format!("<publishers>{}</publishers>", param("retain", "true"))).1,
        ["profile \"p\", publishers: unknown parameter \"retain\" is ignored: \
          \"retain\" belongs in will, publisher topic"]
    );
}

#[test]
fn the_value_of_an_unknown_parameter_stays_unsaid_for_it_may_be_a_password() {
    let (_, problems) = with_connection(&param("passwort", "sekrit"));
    assert_eq!(problems, ["unknown parameter \"passwort\" is ignored"]);
}

#[test]
fn a_parameter_needs_a_name_and_a_value() {
    let (_, problems) = with_settings(r#"<param value="x"/><param name="log-dir"/>"#);
    assert_eq!(
        problems,
        [
            "settings: a parameter without a name is ignored: name it",
            "settings: log-dir has no value and is ignored: write value=\"...\"",
        ]
    );
}

#[test]
fn of_a_parameter_that_is_repeated_the_last_one_counts() {
    let list = [
        ("client_id", "first"),
        ("password", "a"),
        ("Client_ID", "second"),
        ("password", "b"),
        ("username", "u"),
    ];
    let (connection, problems) = with_connection(&params(&list));
    assert_eq!(connection.client_id, ClientId::Literal("second".to_owned()));
    assert_eq!(connection.password, Some(Secret::new("b")));
    assert_eq!(
        problems,
        [
            "client_id is there more than once: the last one counts",
            "password is there more than once: the last one counts",
        ]
    );
}

#[test]
fn a_problem_is_one_line_whatever_is_in_the_file() {
    let xml = r#"<configuration><settings><param name="a&#10;b" value="x"/>
        <param name="log-level" value="&#x9b;2J&#x2028;"/></settings>
        <profiles><profile name="p&#13;q"><connections><connection name="c&#9;d"/></connections></profile></profiles>
        </configuration>"#;
    let expected = [
        r#"settings: unknown parameter "a\nb" is ignored"#,
        r#"settings: log-level "\u009B2J\u2028" is not one of debug, info, notice, warning, error, critical, alert, console: using debug"#,
        r#"profile "p\rq", connection "c\td": host is not set, the connection is not made: set host"#,
    ];
    assert_eq!(read(xml).1, expected);
    let named = parse(r#"<configuration name="a&#10;b"/>"#).unwrap_err().to_string();
    assert!(named.starts_with(r#"<configuration name="a\nb"> is not"#), "{named}");
}
