//! `mosquitto.conf.xml`: what is right in it works, what is wrong is said, with its place.

use scenarios::{Broker, Config, Process, Silent, Subscriber, Switch};

const SHIPPED: &str = include_str!("../../../conf/autoload_configs/mosquitto.conf.xml");

const REFUSED: &str = "+OK Reloading XML\n-ERR [module load file routine returned an error]\n";

const ABSENT: &str = "FreeSWITCH has no configuration mosquitto.conf: put mosquitto.conf.xml into its autoload_configs \
                      folder, or mend it if it is there (reloadxml says what is wrong with it)";

/// A publisher that sends HEARTBEAT over connection `broker1` to the topic `test/events`.
const PUBLISHER: &str = r#"<publishers><publisher name="pub"><topics><topic name="events">
    <param name="connection_name" value="broker1"/>
    <param name="event" value="HEARTBEAT"/>
    <param name="pattern" value="test/events"/>
</topic></topics></publisher></publishers>"#;

const ENABLE_ALL: &str = r#"
    <param name="enable-profiles" value="true"/>
    <param name="enable-publishers" value="true"/>
    <param name="enable-subscribers" value="true"/>
    <param name="enable-connections" value="true"/>
    <param name="enable-topics" value="true"/>"#;

/// The profile `default` with these settings and this content.
fn configuration(settings: &str, profile: &str) -> String {
    format!(
        "<configuration name=\"mosquitto.conf\">\n<settings>{settings}</settings>\n<profiles>\n\
         <profile name=\"default\">\n{profile}\n</profile>\n</profiles>\n</configuration>\n"
    )
}

fn fire(switch: &mut Switch, tag: &str) {
    assert_eq!(switch.command(&format!("fire HEARTBEAT Tag={tag}")), "+OK\n");
}

/// Loads something that cannot be loaded, and then something that can.
fn a_load_fails_and_leaves_nothing_behind(spoil: impl FnOnce(&Switch), said: &str) {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "test/events");
    let good = Config::events(broker.port(), &["HEARTBEAT"], 0).xml();
    let mut switch = Switch::start(&good, &[]);
    spoil(&switch);
    let before = Process::look(switch.pid());
    assert_eq!(switch.load_module(), REFUSED);
    assert_eq!(switch.complaints(), [format!("not loaded: {said}")]);

    assert_eq!(switch.command("mosquitto status"), "-ERR mosquitto status Command not found!\n");
    assert!(switch.command("status").contains("bindings=0 modules=0 pools=0 "));
    assert_eq!(switch.command("complete mosq"), "-ERR no reply\n");
    let after = Process::look(switch.pid());
    assert_eq!((after.threads, after.descriptors), (before.threads, before.descriptors));

    switch.configure(&good);
    assert_eq!(switch.load_module(), "+OK Reloading XML\n+OK\n");
    fire(&mut switch, "mended");
    assert_eq!(subscriber.take(1)[0].header("Tag"), "mended");
    switch.shutdown();
}

#[test]
fn without_a_configuration_nothing_is_loaded() {
    a_load_fails_and_leaves_nothing_behind(Switch::unconfigure, ABSENT);
}

#[test]
fn with_an_empty_file_nothing_is_loaded() {
    a_load_fails_and_leaves_nothing_behind(|switch| switch.configure(""), ABSENT);
}

#[test]
fn with_malformed_xml_nothing_is_loaded() {
    let cut = "<configuration name=\"mosquitto.conf\">\n<settings>\n</configuration>\n";
    a_load_fails_and_leaves_nothing_behind(|switch| switch.configure(cut), ABSENT);
}

#[test]
fn with_elements_nested_without_end_nothing_is_loaded() {
    let deep = format!(
        "<configuration name=\"mosquitto.conf\">{}{}</configuration>",
        "<a>".repeat(100),
        "</a>".repeat(100)
    );
    let said = "mosquitto.conf is not well-formed XML, line 1, column ";
    let broker = Broker::start();
    let mut switch = Switch::start(&deep, &[]);
    assert_eq!(switch.load_module(), REFUSED);
    assert!(switch.wait_log(said).ends_with(": elements are nested too deeply"));
    switch.configure(&Config::all_events(broker.port()).xml());
    assert_eq!(switch.load_module(), "+OK Reloading XML\n+OK\n");
    switch.wait_connected("broker1");
}

#[test]
fn a_configuration_without_profiles_is_loaded_and_does_nothing() {
    let mut switch = Switch::load_xml("<configuration name=\"mosquitto.conf\"/>", &[]);
    assert_eq!(switch.complaints(), [""; 0]);
    assert!(switch.command("status").contains("bindings=0 modules=1 "));
    switch.command("fire HEARTBEAT");
    assert_eq!(switch.account().accepted, 0);
}

#[test]
fn every_mistake_is_said_with_its_place_and_the_rest_works() {
    let broker = Broker::start();
    let silent = Silent::start();
    let subscriber = Subscriber::start(broker.port(), "#");
    let xml = include_str!("configuration/mistakes.xml")
        .replace("@PORT@", &broker.port().to_string())
        .replace("@SILENT@", &silent.port().to_string());
    let mut switch = Switch::load_xml(&xml, &[]);
    let expected: Vec<_> = include_str!("configuration/mistakes.txt").lines().collect();
    assert_eq!(switch.complaints(), expected);

    fire(&mut switch, "works");
    let messages = subscriber.take(2);
    assert_eq!(messages.iter().map(|m| m.topic.as_str()).collect::<Vec<_>>(), ["test/good", "test/qos"]);
    assert!(messages.iter().all(|message| message.header("Tag") == "works" && message.qos == 0));

    switch.wait_connected("good");
    let status = switch.command("mosquitto status");
    for (name, why) in [
        ("hostless", "host is not set, the connection is not made: set host"),
        ("secure", "tls: certfile is set without keyfile, the connection is not made: set both"),
        ("bare", "tls: support is not set, the connection is not made: set it to certificate or psk"),
        ("found", "srv is true, but host \"127.0.0.1\" is an address, which has no SRV records: "),
    ] {
        let part =
            format!("connection name: {name} connected: False messages sent: 0\n\t\tstate: failed: {why}");
        assert!(status.contains(&part), "{part}\n{status}");
    }
    assert!(
        status.contains("connection name: port connected: False messages sent: 0\n\t\tstate: disabled\n")
    );
    assert_eq!(silent.accepted(), 0);
    switch.shutdown();
    assert_eq!(subscriber.rest(), []);
    assert_eq!(silent.accepted(), 0);
}

#[test]
fn a_connection_whose_tls_does_not_add_up_is_never_made_in_the_clear() {
    let silent = Silent::start();
    let broker = Broker::start();
    let parts = |enable: &str| {
        format!(
            "<connection name=\"broker1\"><param name=\"host\" value=\"127.0.0.1\"/>\
             <param name=\"port\" value=\"{0}\"/><param name=\"username\" value=\"me\"/>\
             <param name=\"password\" value=\"sekrit\"/><tls>{enable}<param name=\"port\" value=\"{0}\"/>\
             <param name=\"certfile\" value=\"/etc/ssl/certs/ca-certificates.crt\"/></tls></connection>",
            silent.port()
        )
    };
    for enable in ["certificate", "psk", "pks", "true"] {
        let tls = parts(&format!("<param name=\"enable\" value=\"{enable}\"/>"));
        // Once the other connection is up, this one has had its time.
        let config = Config::events(broker.port(), &["HEARTBEAT"], 0);
        let xml = config.xml().replace("name=\"broker1\"", "name=\"other\"");
        let xml = xml.replace("<connections>", &format!("<connections>{tls}"));
        let mut switch = Switch::load_xml(&xml, &[]);
        switch.wait_connected("other");
        switch.wait_status(
            "connection name: broker1 connected: False messages sent: 0\n\t\tstate: failed: tls: ",
        );
        fire(&mut switch, "unsent");
        switch.shutdown();
        assert_eq!(silent.accepted(), 0, "enable {enable}");
    }
}

#[test]
fn status_shows_every_option_and_no_secret() {
    let options = include_str!("configuration/options.xml");
    let mut switch = Switch::load_xml(&configuration("", options), &[]);
    let without = |name, file| {
        let why = "No such file or directory: the connection is not made";
        format!("profile \"default\", connection \"{name}\": {file}: {why}")
    };
    let password = without("every", "password_file \"/etc/freeswitch/mqtt.password\"");
    let certificate = without("certificate", "tls: certfile \"/c.pem\"");
    assert_eq!(switch.complaints(), [password, certificate]);
    let status = switch.command("mosquitto status");
    for part in include_str!("configuration/options.txt").split("--\n") {
        assert!(status.contains(part), "{part}\n{status}");
    }
    assert!(!status.contains("sekrit") && !status.contains("beefcafe"), "{status}");
}

#[test]
fn what_does_not_say_enable_is_off_unless_the_settings_say_otherwise() {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "test/events");
    let connection = format!(
        "<connections><connection name=\"broker1\"><param name=\"host\" value=\"127.0.0.1\"/>\
         <param name=\"port\" value=\"{}\"/></connection></connections>",
        broker.port()
    );
    let profile = format!("{connection}{PUBLISHER}");
    let mut switch = Switch::start("", &[]);
    for left_out in ["profiles", "publishers", "connections", "topics"] {
        let without = format!("<param name=\"enable-{left_out}\" value=\"true\"/>");
        assert!(ENABLE_ALL.contains(&without));
        switch.configure(&configuration(&ENABLE_ALL.replace(&without, ""), &profile));
        assert_eq!(switch.load_module(), "+OK Reloading XML\n+OK\n");
        let off = format!("  enable-{left_out}: False\n");
        assert!(switch.command("mosquitto status").contains(&off), "{off}");
        fire(&mut switch, left_out);
        switch.command("wait-delivered");
        assert_eq!(switch.account().accepted, 0, "without {without}");
        switch.unload_module();
    }
    switch.configure(&configuration(ENABLE_ALL, &profile));
    switch.load_module();
    fire(&mut switch, "on");
    assert_eq!(subscriber.take(1)[0].header("Tag"), "on");
    assert_eq!(switch.complaints(), [""; 0]);
}

#[test]
fn parameters_of_connections_are_the_defaults_of_each_connection() {
    let broker = Broker::start();
    let xml = configuration(
        ENABLE_ALL,
        &format!(
            r#"<connections>
                <param name="host" value="127.0.0.1"/>
                <param name="port" value="{}"/>
                <param name="keepalive" value="77"/>
                <param name="protocol_version" value="V31"/>
                <connection name="plain"><param name="client_id" value="plain"/></connection>
                <connection name="own">
                    <param name="client_id" value="own"/>
                    <param name="keepalive" value="88"/>
                    <param name="protocol_version" value="V5"/>
                </connection>
            </connections>"#,
            broker.port()
        ),
    );
    let mut switch = Switch::load_xml(&xml, &[]);
    switch.wait_connected("plain");
    switch.wait_connected("own");
    assert!(broker.log().contains(" as plain (p1, c0, k77)."), "{}", broker.log());
    assert!(broker.log().contains(" as own (p5, c0, k88)."), "{}", broker.log());
}

#[test]
fn variables_and_included_files_are_freeswitchs() {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "#");
    let xml = configuration(
        ENABLE_ALL,
        &format!(
            r#"<X-PRE-PROCESS cmd="set" data="site=hamburg"/>
            <connections>
            <X-PRE-PROCESS cmd="include" data="mosquitto/*.xml"/>
            </connections>
            {}"#,
            PUBLISHER.replace("test/events", "$${site}/$${building}/events")
        ),
    );
    let port = format!("broker_port={}", broker.port());
    let mut switch = Switch::start(&xml, &["--var", &port, "--var", "building=north"]);
    let folder = switch.folder().join("conf/autoload_configs/mosquitto");
    std::fs::create_dir(&folder).expect("a folder");
    let connection = r#"<include><connection name="broker1">
        <param name="host" value="127.0.0.1"/>
        <param name="port" value="$${broker_port}"/>
    </connection></include>"#
        .replace("<include>", "<include>\n")
        .replace("</include>", "\n</include>");
    std::fs::write(folder.join("broker1.xml"), connection).expect("a file");
    assert_eq!(switch.load_module(), "+OK Reloading XML\n+OK\n");
    fire(&mut switch, "here");
    assert_eq!(subscriber.take(1)[0].topic, "hamburg/north/events");
    assert_eq!(switch.complaints(), [""; 0]);
}

#[test]
fn the_shipped_file_is_loaded_without_a_complaint_and_publishes() {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "#");
    let port = "<param name=\"port\" value=\"1883\"/>";
    assert_eq!(SHIPPED.matches(port).count(), 1);
    let xml = SHIPPED.replace(port, &port.replace("1883", &broker.port().to_string()));
    let mut switch = Switch::load_xml(&xml, &[]);
    switch.wait_connected("broker1");
    fire(&mut switch, "beat");
    switch.command("fire CHANNEL_ANSWER");
    switch.command("bgapi version");
    let mut topics: Vec<_> = subscriber.take(3).into_iter().map(|message| message.topic).collect();
    topics.sort();
    assert_eq!(topics, ["FreeSWITCH/BACKGROUND_JOB", "FreeSWITCH/CHANNEL", "FreeSWITCH/HEARTBEAT"]);
    assert_eq!(switch.complaints(), [""; 0]);
}
