//! `<connections>` and `<connection>`.

use super::*;

fn host(name: &str) -> Host {
    Host { name: name.to_owned(), port: None }
}

#[test]
fn a_connection_that_says_only_its_host_has_the_documented_defaults() {
    let (connection, problems) = with_connection("");
    assert_eq!(problems, NONE);
    assert_eq!(connection, Connection { hosts: vec![host("localhost")], ..Connection::new("c") });
    assert_eq!((connection.port, connection.keepalive), (1883, 60));
    assert_eq!(connection.protocol_version, ProtocolVersion::V311);
    assert_eq!((connection.retries, connection.reconnect_delay, connection.reconnect_delay_max), (0, 1, 0));
}

#[test]
fn every_parameter_of_a_connection_is_read() {
    let (connection, problems) = with_connection(&params(&[
        ("enable", "true"),
        ("protocol_version", "V5"),
        ("port", "1884"),
        ("connect_timeout", "30"),
        ("bind_address", "127.0.0.2"),
        ("srv", "false"),
        ("keepalive", "10"),
        ("username", "alice"),
        ("password", "sekrit"),
        ("client_id", "me"),
        ("clean_session", "true"),
        ("retries", "3"),
        ("reconnect_delay", "2"),
        ("reconnect_delay_max", "20"),
        ("reconnect_exponential_backoff", "true"),
        ("receive_maximum", "21"),
        ("send_maximum", "22"),
        ("session_expiry", "25"),
        ("user_property", "site=berlin"),
        ("socks5_host", "proxy"),
        ("max_inflight_messages", "23"),
        ("message_retry", "24"),
        ("circuit_breaker_ms", "2500"),
    ]));
    assert_eq!(problems, NONE);
    assert_eq!(
        connection,
        Connection {
            circuit_breaker_ms: 2500,
            name: "c".to_owned(),
            enable: true,
            refused: None,
            protocol_version: ProtocolVersion::V5,
            hosts: vec![host("localhost")],
            port: 1884,
            connect_timeout: 30,
            bind_address: Some("127.0.0.2".to_owned()),
            srv: false,
            keepalive: 10,
            username: Some("alice".to_owned()),
            password: Some(Secret::new("sekrit")),
            password_file: None,
            client_id: ClientId::Literal("me".to_owned()),
            clean_session: true,
            retries: 3,
            reconnect_delay: 2,
            reconnect_delay_max: 20,
            reconnect_exponential_backoff: true,
            receive_maximum: Some(21),
            send_maximum: Some(22),
            session_expiry: Some(25),
            user_properties: vec![UserProperty { name: "site".to_owned(), value: "berlin".to_owned() }],
            socks5: Some(Socks5 { host: "proxy".to_owned(), port: 1080, username: None, password: None }),
            max_inflight_messages: 23,
            message_retry: 24,
            tls: Tls::default(),
            will: Will::default(),
        }
    );
}

#[test]
fn the_misspelling_of_the_documentation_is_taken() {
    let (connection, problems) = with_connection(&param("reconnect_exponsntial_backoff", "true"));
    assert!(connection.reconnect_exponential_backoff);
    assert_eq!(problems, NONE);
}

#[test]
fn what_the_connections_say_holds_for_each_that_does_not_say() {
    let defaults =
        [("host", "shared"), ("port", "2000"), ("username", "u"), ("keepalive", "1"), ("enable", "true")];
    let own = params(&[("port", "3000"), ("username", ""), ("enable", "false")]);
    let (profile, problems) = with_profile(&format!(
        r#"<connections>{}<connection name="a"/><connection name="b">{own}</connection></connections>"#,
        params(&defaults)
    ));
    // What is wrong there is said once, and there.
    assert_eq!(
        problems,
        ["profile \"p\", connections: keepalive \"1\" is neither 0 nor 5 to 65535: using 5"]
    );
    let [a, b] = profile.connections.as_slice() else { panic!("{profile:?}") };
    assert_eq!(
        (a.hosts[0].name.as_str(), a.port, a.username.as_deref(), a.enable),
        ("shared", 2000, Some("u"), true)
    );
    assert_eq!(
        (b.hosts[0].name.as_str(), b.port, b.username.as_deref(), b.enable),
        ("shared", 3000, None, false)
    );
    assert_eq!((a.keepalive, b.keepalive), (5, 5));
}

#[test]
fn a_connection_without_a_host_is_refused_and_keeps_its_topics() {
    let topic = params(&[("connection_name", "c"), ("pattern", "x")]);
    let (profile, problems) = with_profile(&format!(
        r#"<connections><connection name="c"/></connections>
        <subscribers><subscriber name="s"><topics><topic name="t">{topic}</topic></topics></subscriber></subscribers>"#
    ));
    let reason = "host is not set, the connection is not made: set host";
    assert_eq!(profile.connections[0].refused.as_deref(), Some(reason));
    assert_eq!(problems, [format!("profile \"p\", connection \"c\": {reason}")]);
    assert_eq!(profile.subscribers[0].topics.len(), 1);
}

#[test]
fn the_protocol_version_has_several_spellings() {
    let versions = [
        (ProtocolVersion::V31, ["V31", "v31", "3.1"]),
        (ProtocolVersion::V311, ["V311", "v311", "3.1.1"]),
        (ProtocolVersion::V5, ["V5", "v5", "5"]),
    ];
    for (version, words) in versions {
        for word in words {
            let (connection, problems) = with_connection(&param("protocol_version", word));
            assert_eq!((connection.protocol_version, problems), (version, vec![]), "{word}");
        }
    }
    let (connection, problems) = with_connection(&param("protocol_version", "V4"));
    assert_eq!(connection.protocol_version, ProtocolVersion::V311);
    assert_eq!(problems, ["protocol_version \"V4\" is not one of V31, V311, V5: using V311"]);
}

#[test]
fn a_keepalive_is_off_or_five_seconds_at_least() {
    let said = |value: &str| {
        let (connection, problems) = with_connection(&param("keepalive", value));
        (connection.keepalive, problems)
    };
    assert_eq!(said("0"), (0, vec![]));
    assert_eq!(said("5"), (5, vec![]));
    assert_eq!(said("65535"), (65535, vec![]));
    assert_eq!(said("4"), (5, vec!["keepalive \"4\" is neither 0 nor 5 to 65535: using 5".to_owned()]));
    let much = "keepalive \"65536\" is not between 0 and 65535: using 60".to_owned();
    assert_eq!(said("65536"), (60, vec![much]));
}

#[test]
fn the_other_numbers_have_their_ranges() {
    let said =
        |name: &str, value: &str| with_connection(&params(&[("protocol_version", "V5"), (name, value)])).1;
    for name in ["receive_maximum", "send_maximum"] {
        for value in ["0", "65536"] {
            assert_eq!(
                said(name, value),
                [format!("{name} \"{value}\" is not between 1 and 65535: ignored")]
            );
        }
        assert_eq!(said(name, "65535"), NONE);
    }
    assert_eq!(said("max_inflight_messages", "0"), NONE);
    assert_eq!(
        said("max_inflight_messages", "65536"),
        ["max_inflight_messages \"65536\" is not between 0 and 65535: using 0"]
    );
    assert_eq!(said("retries", "-1"), ["retries \"-1\" is not between 0 and 4294967295: using 0"]);
    assert_eq!(
        said("reconnect_delay", "0"),
        ["reconnect_delay \"0\" is not between 1 and 4294967295: using 1"]
    );
    assert_eq!(
        said("reconnect_delay_max", "1s"),
        ["reconnect_delay_max \"1s\" is not a whole number: using 0"]
    );
    assert_eq!(said("message_retry", "x"), ["message_retry \"x\" is not a whole number: using 0"]);
}

#[test]
fn a_username_needs_no_password_but_a_password_a_username() {
    let (connection, problems) = with_connection(&param("username", "u"));
    assert_eq!((connection.username.as_deref(), problems), (Some("u"), vec![]));
    let (connection, problems) = with_connection(&param("password", "sekrit"));
    assert_eq!(connection.password, None);
    assert_eq!(
        problems,
        ["password without a username, which MQTT does not allow, is ignored: set username"]
    );
}

#[test]
fn credentials_that_mqtt_cannot_carry_are_ignored() {
    let long = "x".repeat(65_536);
    let (connection, problems) = with_connection(&params(&[("username", &long), ("password", "p")]));
    assert_eq!((connection.username, connection.password), (None, None));
    assert_eq!(
        problems,
        [
            "username is longer than 65535 bytes, it is ignored: choose another",
            "password without a username, which MQTT does not allow, is ignored: set username",
        ]
    );
    let (connection, problems) = with_connection(&params(&[("username", "u"), ("password", &long)]));
    assert_eq!(connection.password, None);
    assert_eq!(problems, ["password is longer than 65535 bytes, it is ignored: choose another"]);
}

#[test]
fn a_client_id_is_a_word_of_ours_in_any_case_or_itself() {
    let words = [
        ("", ClientId::Random),
        ("FreeSWITCH-Hostname", ClientId::Hostname),
        ("freeswitch-switchname", ClientId::Switchname),
        ("FreeSWITCH-HOSTNAME-unique", ClientId::HostnameUnique),
        ("FreeSWITCH-Switchname-Unique", ClientId::SwitchnameUnique),
        ("FreeSWITCH-Hostname-2", ClientId::Literal("FreeSWITCH-Hostname-2".to_owned())),
    ];
    for (text, id) in words {
        assert_eq!(with_connection(&param("client_id", text)).0.client_id, id);
    }
}

#[test]
fn a_random_client_id_has_a_clean_session() {
    let session = |list: &[(&str, &str)]| {
        let (connection, problems) = with_connection(&params(list));
        (connection.clean_session, problems)
    };
    assert_eq!(session(&[]), (true, vec![]));
    assert_eq!(session(&[("clean_session", "true")]), (true, vec![]));
    let said = "clean_session \"false\" needs a client_id, using true: set client_id".to_owned();
    assert_eq!(session(&[("clean_session", "false")]), (true, vec![said]));
    assert_eq!(session(&[("client_id", "x"), ("clean_session", "false")]), (false, vec![]));
    assert_eq!(session(&[("client_id", "x")]), (false, vec![]));
}

#[test]
fn a_client_id_that_mqtt_cannot_carry_is_replaced_by_a_random_one() {
    let (connection, problems) = with_connection(&param("client_id", &"x".repeat(65_536)));
    assert_eq!((connection.client_id, connection.clean_session), (ClientId::Random, true));
    assert_eq!(problems, ["client_id is longer than 65535 bytes, a random one is used: choose another"]);
    let (_, problems) = with_connection(&param("client_id", "a&#xA;b"));
    assert_eq!(problems, ["client_id holds a control character, a random one is used: choose another"]);
}
