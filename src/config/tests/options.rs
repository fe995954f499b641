//! The options of a connection that the C module did not have: time-outs, files, MQTT 5 and the proxy.

use super::*;

fn property(name: &str, value: &str) -> UserProperty {
    UserProperty { name: name.to_owned(), value: value.to_owned() }
}

#[test]
fn a_broker_may_take_from_a_second_to_an_hour() {
    let said = |value: &str| {
        let (connection, problems) = with_connection(&param("connect_timeout", value));
        (connection.connect_timeout, problems)
    };
    assert_eq!(said(""), (20, vec![]));
    assert_eq!(said("1"), (1, vec![]));
    assert_eq!(said("3600"), (3600, vec![]));
    for value in ["0", "3601"] {
        let problem = format!("connect_timeout \"{value}\" is not between 1 and 3600: using 20");
        assert_eq!(said(value), (20, vec![problem]));
    }
}

#[test]
fn a_session_may_expire_at_once_or_never() {
    let said = |value: &str| {
        let (connection, problems) =
            with_connection(&params(&[("protocol_version", "V5"), ("session_expiry", value)]));
        (connection.session_expiry, problems)
    };
    assert_eq!(said(""), (None, vec![]));
    assert_eq!(said("0"), (Some(0), vec![]));
    assert_eq!(said("4294967295"), (Some(u32::MAX), vec![]));
    let problem = "session_expiry \"4294967296\" is not between 0 and 4294967295: ignored".to_owned();
    assert_eq!(said("4294967296"), (None, vec![problem]));
}

#[test]
fn a_user_property_is_a_name_and_a_value_and_there_may_be_many() {
    let (connection, problems) = with_connection(&params(&[
        ("protocol_version", "V5"),
        ("user_property", "site=berlin"),
        ("user_property", "a=b=c"),
        ("user_property", "empty="),
        ("user_property", "site=hamburg"),
        ("user_property", ""),
    ]));
    let expected = [
        property("site", "berlin"),
        property("a", "b=c"),
        property("empty", ""),
        property("site", "hamburg"),
    ];
    assert_eq!(connection.user_properties, expected);
    assert_eq!(problems, NONE);
}

#[test]
fn what_is_no_user_property_is_ignored_and_named() {
    let long = format!("a={}", "x".repeat(65_536));
    let (connection, problems) = with_connection(&params(&[
        ("protocol_version", "V5"),
        ("user_property", "site"),
        ("user_property", "=berlin"),
        ("user_property", "a&#xA;b=c"),
        ("user_property", &long),
    ]));
    assert_eq!(connection.user_properties, []);
    let ignored = "it is ignored: write name=value";
    assert_eq!(
        problems,
        [
            format!("user_property \"site\" is not name=value, {ignored}"),
            format!("user_property \"=berlin\" is not name=value, {ignored}"),
            format!("user_property \"a\\nb=c\" holds a control character, {ignored}"),
            format!("user_property \"{}...\" is longer than 65535 bytes, {ignored}", &long[..60]),
        ]
    );
}

#[test]
fn a_connections_own_user_properties_are_instead_of_the_shared_ones() {
    let own = |value| param("user_property", value);
    let (profile, problems) = with_profile(&format!(
        r#"<connections>{}{}<connection name="a"/><connection name="b">{}</connection>
        <connection name="c">{}</connection></connections>"#,
        params(&[("host", "h"), ("protocol_version", "V5")]),
        own("site=berlin"),
        own("site=hamburg"),
        own("")
    ));
    assert_eq!(problems, NONE);
    let properties: Vec<_> = profile.connections.iter().map(|c| c.user_properties.as_slice()).collect();
    assert_eq!(properties, [&[property("site", "berlin")][..], &[property("site", "hamburg")], &[]]);
}

#[test]
fn what_only_mqtt_5_has_is_left_out_of_an_earlier_version_and_said() {
    let of_mqtt5 = [("receive_maximum", "5"), ("session_expiry", "60"), ("user_property", "site=berlin")];
    for version in ["V31", "V311"] {
        let (connection, problems) =
            with_connection(&params(&[&of_mqtt5[..], &[("protocol_version", version)]].concat()));
        assert_eq!((connection.receive_maximum, connection.session_expiry), (None, None));
        assert_eq!(connection.user_properties, []);
        let said = of_mqtt5.map(|(name, _)| {
            format!("{name} has no effect with protocol_version {version}: set protocol_version to V5")
        });
        assert_eq!(problems, said);
    }
    let empty = params(&of_mqtt5.map(|(name, _)| (name, "")));
    assert_eq!(with_connection(&empty).1, NONE);
}

#[test]
fn a_password_may_be_in_a_file() {
    let (connection, problems) = with_connection(&params(&[("username", "u"), ("password_file", "/p")]));
    assert_eq!((connection.password, connection.password_file.as_deref()), (None, Some("/p")));
    assert_eq!(problems, NONE);
    let (connection, problems) = with_connection(&param("password_file", "/p"));
    assert_eq!(connection.password_file, None);
    let said = "password_file without a username, which MQTT does not allow, is ignored: set username";
    assert_eq!(problems, [said]);
}

#[test]
fn of_a_password_and_a_file_with_it_the_file_counts() {
    let both = [("username", "u"), ("password", "sekrit"), ("password_file", "/p")];
    let (connection, problems) = with_connection(&params(&both));
    assert_eq!((connection.password, connection.password_file.as_deref()), (None, Some("/p")));
    assert_eq!(problems, ["password and password_file are both set, the file counts: set one of them"]);
}

#[test]
fn a_connections_own_password_is_instead_of_the_shared_one_wherever_it_is() {
    let shared = |name, value| params(&[("host", "h"), ("username", "u"), (name, value)]);
    let read = |shared: String, own: String| {
        let (profile, problems) = with_profile(&format!(
            r#"<connections>{shared}<connection name="c">{own}</connection></connections>"#
        ));
        assert_eq!(problems, NONE);
        let connection = profile.connections.into_iter().next().unwrap();
        (connection.password, connection.password_file)
    };
    let (word, file) = (Some(Secret::new("own")), Some("/own".to_owned()));
    assert_eq!(read(shared("password", "x"), param("password_file", "/own")), (None, file));
    assert_eq!(read(shared("password_file", "/x"), param("password", "own")), (word, None));
}

#[test]
fn a_proxy_is_a_host_and_what_goes_with_it() {
    let (connection, problems) = with_connection(&params(&[
        ("socks5_host", "proxy.example"),
        ("socks5_port", "9050"),
        ("socks5_username", "me"),
        ("socks5_password", "sekrit"),
    ]));
    assert_eq!(problems, NONE);
    let expected = Socks5 {
        host: "proxy.example".to_owned(),
        port: 9050,
        username: Some("me".to_owned()),
        password: Some(Secret::new("sekrit")),
    };
    assert_eq!(connection.socks5, Some(expected));
    let (connection, problems) = with_connection(&params(&[("socks5_host", "[::1]"), ("socks5_port", "")]));
    let expected = Socks5 { host: "::1".to_owned(), port: 1080, username: None, password: None };
    assert_eq!((connection.socks5, problems), (Some(expected), vec![]));
}

#[test]
fn what_goes_with_a_proxy_is_nothing_without_one() {
    for (name, value) in [("socks5_port", "1080"), ("socks5_username", "me"), ("socks5_password", "sekrit")] {
        let (connection, problems) = with_connection(&param(name, value));
        assert_eq!((connection.socks5, connection.refused), (None, None));
        assert_eq!(problems, [format!("{name} without socks5_host has no effect: set socks5_host")]);
    }
}

#[test]
fn a_proxys_user_name_and_password_come_together_and_are_no_longer_than_255_bytes() {
    let said = |list: &[(&str, &str)]| {
        let (connection, problems) = with_connection(&params(&[&[("socks5_host", "proxy")], list].concat()));
        let proxy = connection.socks5.unwrap();
        assert_eq!((proxy.username, proxy.password), (None, None));
        problems
    };
    let no_username = "socks5_password without socks5_username is ignored: set socks5_username";
    let no_password = "socks5_username without socks5_password is ignored: set socks5_password";
    assert_eq!(said(&[("socks5_password", "p")]), [no_username]);
    assert_eq!(said(&[("socks5_username", "u")]), [no_password]);
    let long = "x".repeat(256);
    assert_eq!(
        said(&[("socks5_username", &long), ("socks5_password", "p")]),
        ["socks5_username is longer than 255 bytes, it is ignored: choose another", no_username]
    );
    assert_eq!(
        said(&[("socks5_username", "u"), ("socks5_password", &long)]),
        ["socks5_password is longer than 255 bytes, it is ignored: choose another", no_password]
    );
}

#[test]
fn a_connection_is_never_made_past_a_proxy_that_was_asked_for() {
    for (host, what) in [
        ("proxy:1080", "has a port, the connection is not made: set socks5_port to it"),
        ("/run/proxy", "is neither a name nor an address, the connection is not made: set another"),
        ("http://proxy:8080", "is neither a name nor an address, the connection is not made: set another"),
    ] {
        let (connection, problems) = with_connection(&param("socks5_host", host));
        let reason = format!("socks5_host \"{host}\" {what}");
        assert_eq!((connection.socks5, connection.refused.as_ref()), (None, Some(&reason)));
        assert_eq!(problems, [reason]);
    }
}
