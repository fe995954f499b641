//! The report on a configuration, line by line.

use super::*;

/// A profile `p` with this inside; everything is enabled that does not say.
fn xml(inside: &str) -> String {
    let enable = ["profiles", "publishers", "subscribers", "connections", "topics"];
    let settings = enable.map(|what| format!("<param name=\"enable-{what}\" value=\"true\"/>")).concat();
    format!(
        "<configuration name=\"mosquitto.conf\"><settings>{settings}</settings><profiles>\
         <profile name=\"p\">{inside}</profile></profiles></configuration>"
    )
}

fn report(inside: &str) -> Report {
    Report::of_text("a test".to_owned(), &xml(inside), None, true)
}

/// The lines after the verdict and the source.
fn lines(inside: &str) -> Vec<String> {
    report(inside).to_string().lines().skip(2).map(str::to_owned).collect()
}

fn connection(params: &[(&str, &str)], inside: &str) -> String {
    let params = params.iter().map(|(name, value)| format!("<param name=\"{name}\" value=\"{value}\"/>"));
    format!(
        "<connections><connection name=\"c\">{}{inside}</connection></connections>",
        params.collect::<String>()
    )
}

/// The line of a connection that begins so.
fn line(params: &[(&str, &str)], inside: &str, start: &str) -> String {
    let lines = lines(&connection(params, inside));
    let found = lines.iter().find(|line| line.trim_start().starts_with(start));
    found.unwrap_or_else(|| panic!("{start}: {lines:#?}")).trim_start().to_owned()
}

#[test]
fn the_first_line_and_the_status_say_what_it_comes_to() {
    let said = |report: Report| {
        let first = report.to_string().lines().next().map(str::to_owned);
        (first.unwrap_or_default(), report.verdict().status())
    };
    let good = connection(&[("host", "localhost")], "");
    assert_eq!(said(report(&good)), ("+OK nothing is wrong".to_owned(), 0));
    let one = connection(&[("host", "localhost"), ("port", "0")], "");
    assert_eq!(said(report(&one)), ("-ERR 1 problem".to_owned(), 1));
    let two = connection(&[("host", "localhost"), ("port", "0"), ("qos", "0")], "");
    assert_eq!(said(report(&two)), ("-ERR 2 problems".to_owned(), 1));
    let none = Report::of_text("a test".to_owned(), "<configuration", None, true);
    let (first, status) = said(none);
    assert!(
        first.starts_with("-ERR unusable: mosquitto.conf is not well-formed XML, line 1, column "),
        "{first}"
    );
    assert_eq!(status, 2);
}

#[test]
fn problems_come_with_their_places_and_before_the_plan() {
    let inside = connection(&[("host", "localhost"), ("port", "0"), ("password", "sekrit")], "");
    let problem = "profile \"p\", connection \"c\":";
    assert_eq!(
        lines(&inside),
        [
            "problems",
            &format!("  {problem} port \"0\" is not between 1 and 65535: using 1883"),
            &format!(
                "  {problem} password without a username, which MQTT does not allow, is ignored: set username"
            ),
            "profile \"p\"",
            "  connection \"c\"",
            "    to localhost:1883, MQTT V311",
            "    in the clear, on this machine",
            "    client id: a random one, a clean session",
        ]
    );
}

#[test]
fn a_connection_says_where_it_goes() {
    let to = |params: &[(&str, &str)], inside| line(params, inside, "to ");
    assert_eq!(to(&[("host", "a"), ("host", "b:2"), ("port", "1")], ""), "to a:1, else b:2, MQTT V311");
    assert_eq!(to(&[("host", "::1")], ""), "to [::1]:1883, MQTT V311");
    assert_eq!(to(&[("host", "/run/m")], ""), "to the unix socket /run/m, MQTT V311");
    let tls =
        "<tls><param name=\"enable\" value=\"certificate\"/><param name=\"port\" value=\"8883\"/></tls>";
    assert_eq!(to(&[("host", "a")], tls), "to a:8883, MQTT V311");
    let srv = [("host", "a.b"), ("srv", "true"), ("protocol_version", "V5")];
    assert_eq!(to(&srv, tls), "to the SRV records of _secure-mqtt._tcp.a.b, MQTT V5");
    let proxy = [("host", "a"), ("socks5_host", "b")];
    assert_eq!(to(&proxy, ""), "to a:1883, by way of the SOCKS5 proxy b port 1080, MQTT V311");
}

#[test]
fn a_connection_says_who_can_read_it_and_whom_it_trusts() {
    let clear = |params: &[(&str, &str)]| line(params, "", "in the clear");
    assert_eq!(clear(&[("host", "127.0.0.2"), ("host", "/m")]), "in the clear, on this machine");
    assert_eq!(clear(&[("host", "a")]), "in the clear: who is on the way reads everything");
    let password = [("host", "a"), ("username", "me"), ("password", "sekrit")];
    assert_eq!(clear(&password), "in the clear: who is on the way reads everything, the password included");
    let tls = |params: &str| {
        let params = params.split(' ').map(|param| param.split_once('=').expect("name=value"));
        let params = params.map(|(name, value)| format!("<param name=\"{name}\" value=\"{value}\"/>"));
        let inside = format!("<tls>{}</tls>", params.collect::<String>());
        line(&[("host", "a")], &inside, "TLS")
    };
    assert_eq!(
        tls("enable=certificate"),
        "TLS 1.2 or newer, the broker's certificate has to be from the system's CAs"
    );
    assert_eq!(
        tls("enable=certificate insecure=true advanced_options=true version=tlsv1.3 alpn=mqtt"),
        "TLS 1.3 or newer, the broker's certificate has to be from the system's CAs, its name does not, ALPN \"mqtt\""
    );
    assert_eq!(
        tls("enable=certificate advanced_options=true cert_reqs=SSL_VERIFY_NONE"),
        "TLS 1.2 or newer, the broker's certificate is not verified"
    );
    assert_eq!(tls("enable=psk psk=beef identity=me"), "TLS 1.2 or newer, a pre-shared key as \"me\"");
}

#[test]
fn a_connection_says_who_it_is() {
    let id = |id: &str| line(&[("host", "a"), ("client_id", id)], "", "client id");
    assert_eq!(id("me"), "client id: \"me\", a session that the broker keeps");
    assert_eq!(
        id("FreeSWITCH-Switchname-Unique"),
        "client id: the switch's name and 32 random characters, a session that the broker keeps"
    );
    let user = [("host", "a"), ("username", "me"), ("password", "sekrit")];
    assert_eq!(line(&user, "", "as user"), "as user \"me\", with a password");
}

const TOPICS: &str = r#"<publishers><publisher name="pub"><topics>
        <topic name="one"><param name="connection_name" value="c"/><param name="event" value="HEARTBEAT"/>
            <param name="event" value="CUSTOM a::b"/><param name="pattern" value="x/y"/>
            <param name="retain" value="true"/></topic>
        <topic name="two"><param name="enable" value="false"/><param name="connection_name" value="c"/>
            <param name="event" value="ALL"/><param name="pattern" value="z"/></topic>
    </topics></publisher></publishers>
    <subscribers><subscriber name="sub"><topics>
        <topic name="none"><param name="connection_name" value="c"/><param name="pattern" value="a/#"/></topic>
        <topic name="some"><param name="connection_name" value="c"/><param name="pattern" value="b"/>
            <param name="bgapi_authorized" value="true"/><param name="bgapi_allow" value="status"/>
            <param name="bgapi_allow" value="uuid_kill"/><param name="bgapi_deny" value="status x"/>
            <param name="originate_authorized" value="true"/>
            <param name="originate_allow" value="{}user/* 9196 XML default"/>
            <param name="command_rate" value="50/100"/></topic>
    </topics></subscriber></subscribers>"#;

#[test]
fn topics_say_what_they_publish_and_what_they_allow() {
    let lines = lines(&(connection(&[("host", "localhost")], "") + TOPICS));
    let from = lines.iter().position(|line| line == "  publisher \"pub\"").expect("the publisher");
    assert_eq!(
        lines[from..],
        [
            "  publisher \"pub\"",
            "    topic \"one\": HEARTBEAT, CUSTOM a::b to \"x/y\" by connection \"c\", QoS 0, retained",
            "    topic \"two\": off (enable is false)",
            "  subscriber \"sub\"",
            "    topic \"none\": \"a/#\" by connection \"c\", QoS 0",
            "      bgapi: nothing",
            "      originate: nothing",
            "    topic \"some\": \"b\" by connection \"c\", QoS 0",
            "      bgapi: only \"status\", \"uuid_kill\", never \"status x\"",
            "      originate: only \"{}user/* 9196 XML default\"",
            "      limits: 50 a second, 100 at once after a pause; 16384 bytes",
        ]
    );
}

#[test]
fn bindings_and_loggers_say_what_goes_where_and_are_off_unless_they_are_enabled() {
    let sections = |enable: &str| {
        let same = format!(r#"{enable}<param name="connection_name" value="c"/>"#);
        format!(
            r#"<xml-bindings><xml-binding name="b">{same}<param name="sections" value="directory|dialplan"/>
                <param name="request_topic" value="q"/><param name="response_topic" value="a"/>
                <param name="timeout" value="300"/><param name="cache_time" value="60"/></xml-binding></xml-bindings>
            <loggers><logger name="l">{same}<param name="topic" value="log"/><param name="qos" value="1"/>
                </logger></loggers>"#
        )
    };
    let said = |enable: &str, params: &[(&str, &str)]| {
        let lines = lines(&(connection(params, "") + &sections(enable)));
        let [.., binding, logger] = &lines[..] else { panic!("{lines:#?}") };
        (binding.clone(), logger.clone())
    };
    let off = |why: &str| (format!("  xml-binding \"b\": {why}"), format!("  logger \"l\": {why}"));
    let here = [("host", "localhost")];
    let on = r#"<param name="enable" value="true"/>"#;
    assert_eq!(said("", &here), off("off (enable is false)"));
    assert_eq!(said(on, &[("host", "a"), ("enable", "false")]), off("off (connection \"c\" is)"));
    let (binding, logger) = said(on, &here);
    assert_eq!(
        binding,
        "  xml-binding \"b\": directory, dialplan asked for at \"q\" by connection \"c\", QoS 0; answers come to \
         \"a/<id>\" within 300 ms, and count for 60 s"
    );
    assert_eq!(
        logger,
        "  logger \"l\": lines of level warning and more severe ones to \"log\" by connection \"c\", QoS 1; 100 a \
         second, 1000 at once after a pause"
    );
}

#[test]
fn what_hangs_on_a_connection_that_is_not_made_is_off() {
    let files =
        connection(&[("host", "localhost"), ("username", "me"), ("password_file", "/nowhere/secret")], "");
    let lines = lines(&(files + TOPICS));
    let why = "password_file \"/nowhere/secret\": No such file or directory: the connection is not made";
    for line in [
        format!("  profile \"p\", connection \"c\": {why}"),
        format!("  connection \"c\": off ({why})"),
        "    topic \"one\": off (connection \"c\" is)".to_owned(),
        "    topic \"some\": off (connection \"c\" is)".to_owned(),
    ] {
        assert!(lines.contains(&line), "{line}\n{lines:#?}");
    }
}

#[test]
fn no_secret_is_said_and_no_name_ends_a_line() {
    let inside = connection(
        &[
            ("host", "a"),
            ("username", "x&#10;y"),
            ("password", "sekrit"),
            ("socks5_host", "b"),
            ("socks5_username", "me"),
            ("socks5_password", "sekrit"),
        ],
        "<tls><param name=\"enable\" value=\"psk\"/><param name=\"psk\" value=\"5ec4e7\"/>\
         <param name=\"identity\" value=\"i&#10;j\"/></tls>",
    );
    let text = report(&inside).to_string();
    assert!(!text.contains("sekrit") && !text.contains("5ec4e7"), "{text}");
    assert!(text.contains("a pre-shared key as \"i\\nj\"\n"), "{text}");
}

#[test]
fn the_console_reads_whole_paths_only() {
    let host = crate::engine::TestHost { is_1_11: true };
    assert!(
        answer(&["mosquitto.conf.xml"], &host).starts_with("-ERR unusable: it is FreeSWITCH that reads ")
    );
    assert_eq!(
        answer(&["/nowhere/x"], &host).lines().next(),
        Some("-ERR unusable: /nowhere/x: No such file or directory")
    );
    assert_eq!(
        answer(&[], &host),
        "-ERR unusable: no configuration\nread: FreeSWITCH's mosquitto.conf, as of the last reloadxml\n"
    );
    assert_eq!(answer(&["/a", "/b"], &host), "mosquitto check command requires: [<file>]\n");
}
