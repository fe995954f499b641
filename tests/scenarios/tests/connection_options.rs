//! What the parameters of a connection do, as the broker and the operator see it.

use scenarios::{Broker, Config, Subscriber, Switch, eventually, refused_port};

/// What is in parentheses behind this client's name in the broker's log: protocol, clean session, keepalive, user.
fn client(broker: &Broker, id: &str) -> String {
    let line = broker.wait_log(&format!(" as {id} ("));
    let inside = line.rsplit_once('(').and_then(|(_, inside)| inside.strip_suffix(")."));
    inside.unwrap_or_else(|| panic!("{line}")).to_owned()
}

/// The client id that status shows for a connection.
fn client_id(status: &str, connection: &str) -> String {
    let (_, rest) = status.split_once(&format!("connection name: {connection} ")).expect("the connection");
    let line = rest.lines().find_map(|line| line.trim().strip_prefix("client_id: "));
    line.expect("its client_id").to_owned()
}

#[test]
fn the_client_id_is_made_as_the_configuration_says() {
    let broker = Broker::start();
    let ids = [
        ("random", "", ""),
        ("host", "FreeSWITCH-Hostname", "pbx"),
        ("switch", "FreeSWITCH-Switchname", "berlin"),
        ("host-unique", "FreeSWITCH-Hostname-Unique", "pbx-"),
        ("switch-unique", "freeswitch-switchname-unique", "berlin-"),
        ("own", "gateway 7", "gateway 7"),
    ];
    let mut config = Config::default().setting("unique-string-length", "10");
    for (name, id, _) in ids {
        config = config.connection(name, broker.port(), &[("client_id", id)]);
    }
    let mut switch = Switch::load_xml(&config.xml(), &["--hostname", "pbx", "--switchname", "berlin"]);
    for (name, configured, start) in ids {
        switch.wait_connected(name);
        let id = client_id(&switch.command("mosquitto status"), name);
        let random = id.strip_prefix(start).unwrap_or_else(|| panic!("{name}: {id}"));
        let is_random = configured.is_empty() || configured.to_lowercase().ends_with("-unique");
        assert_eq!(random.len(), if is_random { 10 } else { 0 }, "{name}: {id}");
        assert!(random.chars().all(|c| c.is_ascii_alphanumeric()), "{name}: {id}");
        client(&broker, &id);
    }
}

#[test]
fn each_unique_client_id_is_another() {
    let broker = Broker::start();
    let unique = [("client_id", "FreeSWITCH-Hostname-Unique")];
    let config = Config::default()
        .connection("one", broker.port(), &unique)
        .connection("two", broker.port(), &unique)
        .setting("unique-string-length", "127");
    let mut switch = Switch::load_xml(&config.xml(), &["--hostname", "pbx"]);
    let mut ids = Vec::new();
    for name in ["one", "two"] {
        switch.wait_connected(name);
        ids.push(client_id(&switch.command("mosquitto status"), name));
    }
    assert_eq!((ids[0].len(), ids[1].len()), (131, 131));
    assert_ne!(ids[0], ids[1]);
}

#[test]
fn a_random_client_id_means_a_clean_session_whatever_clean_session_says() {
    let broker = Broker::start();
    let config = Config::default()
        .connection("random", broker.port(), &[("clean_session", "false")])
        .connection("kept", broker.port(), &[("client_id", "kept"), ("clean_session", "false")])
        .connection("forgotten", broker.port(), &[("client_id", "forgotten"), ("clean_session", "true")])
        .connection("silent", broker.port(), &[("client_id", "silent")]);
    let mut switch = Switch::load(&config);
    switch.wait_connected("random");
    let random = client_id(&switch.command("mosquitto status"), "random");
    assert_eq!(client(&broker, &random), "p2, c1, k5");
    assert_eq!(client(&broker, "kept"), "p2, c0, k5");
    assert_eq!(client(&broker, "forgotten"), "p2, c1, k5");
    assert_eq!(client(&broker, "silent"), "p2, c0, k5");
    let said = "profile \"default\", connection \"random\": clean_session \"false\" needs a client_id, using true: \
                set client_id";
    assert_eq!(switch.complaints(), [said]);
}

#[test]
fn the_broker_sees_the_protocol_version_and_the_keepalive() {
    let broker = Broker::start();
    // As mosquitto numbers them.
    let versions = [("V31", "p1"), ("V311", "p2"), ("V5", "p5"), ("", "p2")];
    let mut config = Config::default();
    for (number, (version, _)) in versions.iter().enumerate() {
        let (name, keepalive) = (format!("client{number}"), (60 + number).to_string());
        config = config.connection(
            &name,
            broker.port(),
            &[("client_id", &name), ("protocol_version", version), ("keepalive", &keepalive)],
        );
    }
    let mut switch = Switch::load(&config);
    for (number, (version, seen)) in versions.iter().enumerate() {
        switch.wait_connected(&format!("client{number}"));
        let expected = format!("{seen}, c0, k{}", 60 + number);
        assert_eq!(client(&broker, &format!("client{number}")), expected, "{version:?}");
    }
}

#[test]
fn the_right_password_is_let_in() {
    let broker = Broker::start_private("freeswitch", "s\u{fc}\u{df} & geheim");
    for version in ["V31", "V311", "V5"] {
        let right = [
            ("client_id", version),
            ("username", "freeswitch"),
            ("password", "s\u{fc}\u{df} &amp; geheim"),
            ("protocol_version", version),
        ];
        let mut switch = Switch::load(&Config::default().connection("broker1", broker.port(), &right));
        switch.wait_connected("broker1");
        assert!(client(&broker, version).ends_with(", u'freeswitch'"));
        assert_eq!(switch.complaints(), [""; 0]);
    }
}

#[test]
fn a_wrong_password_is_said_in_words_at_every_version_and_tried_again() {
    let broker = Broker::start_private("freeswitch", "geheim");
    let connection = |name: &str, version: &str, more: &[(&str, &str)]| {
        let all = [&[("protocol_version", version), ("username", "freeswitch"), ("client_id", name)], more];
        Config::default().connection("broker1", broker.port(), &all.concat())
    };
    for (version, why) in [
        ("V31", "the broker refused the connection: not authorised (5)"),
        ("V311", "the broker refused the connection: not authorised (5)"),
        ("V5", "the broker refused the connection: Not authorized (135)"),
    ] {
        let mut switch = Switch::load(&connection(version, version, &[("password", "geraten")]));
        switch.wait_status(&format!(
            "connection name: broker1 connected: False messages sent: 0\n\t\tstate: waiting 1 s: {why}\n"
        ));
        let said = format!("profile \"default\", connection \"broker1\": {why}: next attempt in 1 s");
        assert!(switch.wait_log(&said).starts_with("[WARNING] "));
        // The next attempt is refused as well, and is not worth a second warning.
        let again = |switch: &Switch| switch.log().iter().filter(|line| line.ends_with(&said)).count() > 1;
        eventually("a second attempt", || again(&switch));
        assert_eq!(switch.complaints(), [said.as_str()]);
    }
}

#[test]
fn the_will_is_published_when_freeswitch_dies_and_not_when_the_module_is_unloaded() {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "#");
    let will = |name: &str| {
        format!(
            r#"<connection name="broker1">
                <param name="host" value="127.0.0.1"/><param name="port" value="{}"/>
                <param name="client_id" value="{name}"/>
                <will>
                    <param name="enable" value="true"/><param name="topic" value="will/{name}"/>
                    <param name="payload" value="{name} is gone"/><param name="qos" value="1"/>
                    <param name="retain" value="true"/>
                </will>
            </connection>"#,
            broker.port()
        )
    };
    let mut unloaded = Switch::load(&Config::default().raw_connection(&will("unloaded")));
    unloaded.wait_connected("broker1");
    unloaded.unload_module();
    broker.wait_log("Received DISCONNECT from unloaded");

    let mut killed = Switch::load(&Config::default().raw_connection(&will("killed")));
    killed.wait_connected("broker1");
    killed.kill();
    let message = &subscriber.take(1)[0];
    assert_eq!((message.topic.as_str(), message.qos), ("will/killed", 1));
    assert_eq!(message.payload, b"killed is gone");
    assert_eq!(subscriber.rest(), []);
    drop(subscriber);
    let late = Subscriber::start(broker.port(), "will/#");
    late.publish("will/end", "");
    let messages = late.take(2);
    assert_eq!((messages[0].topic.as_str(), messages[0].retain), ("will/killed", true));
    assert_eq!(messages[1].topic, "will/end");
}

#[test]
fn a_will_may_be_empty() {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "#");
    let connection = format!(
        r#"<connection name="broker1">
            <param name="host" value="127.0.0.1"/><param name="port" value="{}"/>
            <will><param name="enable" value="true"/><param name="topic" value="will"/></will>
        </connection>"#,
        broker.port()
    );
    let mut switch = Switch::load(&Config::default().raw_connection(&connection));
    switch.wait_connected("broker1");
    switch.kill();
    assert_eq!(subscriber.take(1)[0].payload, b"");
}

#[test]
fn bind_address_is_where_the_connection_comes_from() {
    let broker = Broker::start();
    let own = [("client_id", "bound"), ("bind_address", "127.0.0.9")];
    let strange = [("bind_address", "192.0.2.1")];
    let config = Config::default().connection("own", broker.port(), &own).connection(
        "strange",
        broker.port(),
        &strange,
    );
    let mut switch = Switch::load(&config);
    switch.wait_connected("own");
    let line = broker.wait_log(" as bound (");
    assert!(line.contains("New client connected from 127.0.0.9:"), "{line}");
    switch
        .wait_status("connection name: strange connected: False messages sent: 0\n\t\tstate: waiting 1 s: ");
}

#[test]
fn after_its_retries_a_connection_has_failed_and_is_left_alone() {
    let broker = Broker::start();
    let few = [("retries", "2")];
    let config =
        Config::default().connection("dead", refused_port(), &few).connection("alive", broker.port(), &few);
    let mut switch = Switch::load(&config);
    switch.wait_status("\t\tstate: failed: Connection refused (given up after 2 retries)\n");
    let attempts = switch.log().iter().filter(|line| line.contains("next attempt in 1 s")).count();
    assert_eq!(attempts, 2);
    let place = "profile \"default\", connection \"dead\": Connection refused";
    assert_eq!(
        switch.complaints(),
        [
            format!("{place}: next attempt in 1 s"),
            format!("{place}: given up after 2 retries (retries); mosquitto connect tries again")
        ]
    );
    switch.wait_connected("alive");
    switch.shutdown();
}

#[test]
fn the_wait_grows_with_each_failure_up_to_its_maximum() {
    let delays = |exponential, maximum| {
        [
            ("reconnect_delay", "1"),
            ("reconnect_delay_max", maximum),
            ("reconnect_exponential_backoff", exponential),
        ]
    };
    let config = Config::default()
        .connection("doubling", refused_port(), &delays("true", "4"))
        .connection("growing", refused_port(), &delays("false", "60"))
        .connection("steady", refused_port(), &delays("true", "0"));
    let mut switch = Switch::load(&config);
    let state = |name: &str, state: &str| {
        format!("connection name: {name} connected: False messages sent: 0\n\t\tstate: {state}")
    };
    switch.wait_status(&state("doubling", "waiting 4 s: Connection refused\n"));
    switch.wait_status(&state("growing", "waiting 3 s: Connection refused\n"));
    let attempts = |name: &str| -> Vec<String> {
        let start = format!("connection \"{name}\": Connection refused: next attempt in ");
        let delay = |line: &String| Some(line.split_once(&start)?.1.to_owned());
        switch.log().iter().filter_map(delay).collect()
    };
    assert_eq!(attempts("doubling")[..3], ["1 s", "2 s", "4 s"]);
    assert_eq!(attempts("growing")[..3], ["1 s", "2 s", "3 s"]);
    assert!(attempts("steady").len() >= 3 && attempts("steady").iter().all(|delay| delay == "1 s"));
}

#[test]
fn a_broker_that_is_down_at_load_is_connected_to_when_it_comes_up() {
    let mut broker = Broker::start();
    broker.kill();
    let mut switch = Switch::load(&Config::events(broker.port(), &["HEARTBEAT"], 0));
    switch.wait_status("\t\tstate: waiting 1 s: Connection refused\n");
    switch.command("fire HEARTBEAT");
    switch.wait_status("accepted: 1\n  published: 0\n  waiting: 1\n");
    broker.restart();
    switch.wait_status("connected: True messages sent: 1\n\t\tstate: connected\n");
}

#[test]
fn every_address_of_a_host_is_tried() {
    let broker = Broker::start();
    let folder = tempfile::tempdir().expect("a folder");
    let hosts = folder.path().join("hosts");
    // The broker listens on the second one only.
    std::fs::write(&hosts, "::1 both.example\n127.0.0.1 both.example\n").expect("a hosts file");
    let config = Config::default().connection("broker1", broker.port(), &[("host", "both.example")]);
    let mut switch = Switch::start_with_hosts(&hosts, &config.xml());
    assert_eq!(switch.load_module(), "+OK Reloading XML\n+OK\n");
    switch.wait_connected("broker1");
    assert!(!switch.log().iter().any(|line| line.contains("refused")), "{:?}", switch.log());
}
