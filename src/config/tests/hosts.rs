//! `host`: which brokers a connection tries.

use super::*;

/// The hosts of a connection "c" as they are written, why it is refused, and what is said about it.
fn with_hosts(values: &[&str], more: &str) -> (Vec<String>, Option<String>, Vec<String>) {
    let hosts: String = values.iter().map(|value| param("host", value)).collect();
    let (profile, problems) = with_profile(&format!(
        r#"<connections><connection name="c">{hosts}{more}</connection></connections>"#
    ));
    let place = r#"profile "p", connection "c": "#;
    let text = |problem: String| problem.strip_prefix(place).expect(&problem).to_owned();
    let connection = profile.connections.into_iter().next().unwrap();
    (written(&connection), connection.refused, problems.into_iter().map(text).collect())
}

fn written(connection: &Connection) -> Vec<String> {
    connection.hosts.iter().map(ToString::to_string).collect()
}

/// Why a connection with this host and this is not made: the one thing that is said about it.
fn refused(value: &str, more: &str) -> String {
    let (hosts, refused, problems) = with_hosts(&[value], more);
    assert_eq!(hosts, [value]);
    assert_eq!(problems, refused.clone().into_iter().collect::<Vec<_>>());
    refused.unwrap()
}

#[test]
fn several_hosts_are_kept_in_their_order() {
    let list = ["b.example", " a.example:1884 ", "192.0.2.1", "[2001:db8::1]:1885", "::1", "/run/mqtt.sock"];
    let (hosts, refused, problems) = with_hosts(&list, "");
    assert_eq!(hosts, list.map(str::trim));
    assert_eq!((refused, problems), (None, vec![]));
}

#[test]
fn a_host_that_cannot_be_used_is_left_out_and_named() {
    let long = format!("/{}", "x".repeat(107));
    let (hosts, refused, problems) = with_hosts(&["one:70000", "mqtt://two:1883", &long, "three"], "");
    assert_eq!((hosts, refused), (vec!["three".to_owned()], None));
    let forms = "it is left out: write name, name:port or [address]:port";
    assert_eq!(
        problems,
        [
            format!("host \"one:70000\" has a port that is not between 1 and 65535, {forms}"),
            format!("host \"mqtt://two:1883\" is neither a name nor an address, {forms}"),
            format!(
                "host \"{}...\" is longer than 107 bytes, the most for the path of a unix socket, it is left out: \
                 choose a shorter one",
                &long[..60]
            ),
        ]
    );
}

#[test]
fn a_connection_whose_hosts_cannot_be_used_is_refused() {
    let (hosts, refused, problems) = with_hosts(&["broker:0"], "");
    let reason = "host cannot be used, the connection is not made: set another";
    assert_eq!((hosts, refused.as_deref()), (vec![], Some(reason)));
    assert_eq!(problems.len(), 2);
    assert_eq!(problems[1], reason);
}

#[test]
fn an_empty_host_is_not_set() {
    let reason = "host is not set, the connection is not made: set host";
    assert_eq!(with_hosts(&["", " "], ""), (vec![], Some(reason.to_owned()), vec![reason.to_owned()]));
    assert_eq!(with_hosts(&["", "broker"], ""), (vec!["broker".to_owned()], None, vec![]));
}

#[test]
fn a_host_that_is_repeated_is_tried_once() {
    let (hosts, _, problems) = with_hosts(&["broker:1", "Broker:1", "broker", "broker:2"], "");
    assert_eq!(hosts, ["broker:1", "broker", "broker:2"]);
    assert_eq!(problems, ["host \"Broker:1\" is there more than once: it is tried once"]);
    let (hosts, _, problems) = with_hosts(&["/run/mqtt", "/run/MQTT"], "");
    assert_eq!((hosts.len(), problems), (2, vec![]));
}

#[test]
fn a_connections_own_hosts_are_instead_of_the_shared_ones() {
    let shared: String = ["x", "y", "z:0"].map(|value| param("host", value)).concat();
    let (profile, problems) = with_profile(&format!(
        r#"<connections>{shared}<connection name="a"/><connection name="b">{}{}</connection>
        <connection name="c">{}</connection><connection name="d">{}</connection></connections>"#,
        param("host", "own"),
        param("host", "y"),
        param("host", ""),
        param("host", "own:0"),
    ));
    let hosts: Vec<_> = profile.connections.iter().map(written).collect();
    assert_eq!(hosts, [vec!["x", "y"], vec!["own", "y"], vec!["x", "y"], vec![]]);
    // Those that cannot be used are no reason to turn to another broker.
    assert!(profile.connections[3].refused.is_some());
    let places: Vec<_> = problems.iter().map(|problem| problem.split(": ").next().unwrap()).collect();
    let d = "profile \"p\", connection \"d\"";
    assert_eq!(places, ["profile \"p\", connections", d, d]);
}

#[test]
fn tls_to_a_unix_socket_is_refused() {
    let tls = |enable| {
        format!("<tls>{}</tls>", params(&[("enable", enable), ("support", "certificate"), ("port", "8883")]))
    };
    let (_, reason, problems) = with_hosts(&["broker", "/run/mqtt.sock"], &tls("true"));
    let said = "tls is enabled, but host \"/run/mqtt.sock\" is a unix socket, which has no TLS: the connection is not \
                made: set host to a name, or enable of tls to false";
    assert_eq!(reason.as_deref(), Some(said));
    assert_eq!(problems, [said]);
    assert_eq!(with_hosts(&["/run/mqtt.sock"], &tls("false")).2, NONE);
}

#[test]
fn srv_with_what_has_no_srv_records_is_refused() {
    let srv = param("srv", "true");
    assert_eq!(with_hosts(&["example.com", "example.org"], &srv).2, NONE);
    let way_out = "the connection is not made: set host to a domain alone, or srv to false";
    for (host, what) in [
        ("broker:1883", "has a port, which is for the SRV record to say"),
        ("192.0.2.1", "is an address, which has no SRV records"),
        ("[::1]:1883", "is an address, which has no SRV records"),
        ("/run/mqtt.sock", "is a unix socket, which DNS does not know"),
    ] {
        assert_eq!(refused(host, &srv), format!("srv is true, but host \"{host}\" {what}: {way_out}"));
    }
}

#[test]
fn a_proxy_is_not_for_a_unix_socket() {
    let (hosts, refused, problems) =
        with_hosts(&["broker", "/run/mqtt.sock"], &param("socks5_host", "proxy"));
    assert_eq!((hosts.len(), refused), (2, None));
    let said = "socks5_host does not apply to host \"/run/mqtt.sock\", a unix socket: it is connected to without the \
                proxy";
    assert_eq!(problems, [said]);
}
