//! `mosquitto check`: what a configuration would do and what is wrong with it, before it is loaded, by the module that
//! would load it.

use scenarios::{
    Broker, Certificates, Config, Identity, KEY_PASSWORD, Setup, Silent, Switch, Topic, file, module,
    refused_port,
};
use std::path::Path;

/// The lines under a title.
fn list(answer: &str, title: &str) -> Vec<String> {
    let after = answer.lines().skip_while(|line| *line != title).skip(1);
    after.map_while(|line| line.strip_prefix("  ")).map(str::to_owned).collect()
}

fn path(switch: &Switch, name: &str, content: &str) -> String {
    file(switch.folder(), name, content.as_bytes(), 0o600)
}

/// A module that does nothing.
fn idle() -> Switch {
    Switch::load(&Config::default())
}

#[test]
fn what_is_checked_is_what_a_load_would_say_of_it() {
    let broker = Broker::start();
    let silent = Silent::start();
    let xml = include_str!("configuration/mistakes.xml")
        .replace("@PORT@", &broker.port().to_string())
        .replace("@SILENT@", &silent.port().to_string());
    let mut switch = idle();
    switch.configure(&xml);
    let before = switch.command("mosquitto status");
    let answer = switch.command("mosquitto check");
    let expected: Vec<_> = include_str!("configuration/mistakes.txt").lines().collect();
    assert_eq!(list(&answer, "problems"), expected);
    assert!(answer.starts_with(&format!("-ERR {} problems\n", expected.len())), "{answer}");
    assert!(!answer.contains("sekrit"), "{answer}");
    let checked = path(&switch, "checked.xml", &xml);
    let of_file = switch.command(&format!("mosquitto check '{checked}'"));
    assert_eq!(
        of_file,
        answer
            .replace("FreeSWITCH's mosquitto.conf, as of the last reloadxml", &format!("the file {checked}"))
    );

    // Nothing of it has been done, and nothing of what runs has changed.
    assert_eq!(switch.command("mosquitto status"), before);
    assert_eq!(silent.accepted(), 0);
    assert!(!broker.log().contains("New client connected"), "{}", broker.log());
    assert_eq!(switch.complaints(), [""; 0]);
    switch.unload_module();
    switch.load_module();
    assert_eq!(switch.complaints(), expected);
}

#[test]
fn files_and_events_that_only_a_load_would_miss_are_missed_by_a_check() {
    let certificates = Certificates::get();
    let key = certificates.path("client-encrypted.key");
    let open = |switch: &Switch| file(switch.folder(), "open", b"sekrit\n", 0o644);
    let mut switch = Switch::start("", &["--core", "1.10"]);
    let (ca, certificate) = (certificates.path("ca.pem"), certificates.path("client.pem"));
    let tls = [("enable", "certificate"), ("cafile", &ca), ("certfile", &certificate), ("keyfile", &key)];
    let wrong = [&tls[..], &[("keyfile_password", "sekrit")]].concat();
    let right = [&tls[..], &[("keyfile_password", KEY_PASSWORD)]].concat();
    let exposed = open(&switch);
    // What is off is made all the same, and does not complain of a broker that is not there.
    let off = ("enable", "false");
    let config = Config::default()
        .connection("secret", refused_port(), &[off, ("username", "me"), ("password_file", &exposed)])
        .connection_with("wrong", refused_port(), &[], &[("tls", &wrong)])
        .connection_with("right", refused_port(), &[off], &[("tls", &right)])
        .topic(&Topic { connection: "right", events: &["CERT_RELOAD"], pattern: "a", qos: 0 })
        .subscriber("sub", &[("b", &[("bgapi_authorized", "true"), ("bgapi_allow", "lua")])]);
    let xml = config.xml().replace("\"broker1\"", "\"right\"");
    switch.configure(&xml);
    switch.load_module();
    let mut loaded = switch.complaints();
    let answer = switch.command("mosquitto check");
    let mut checked = list(&answer, "problems");
    loaded.sort();
    checked.sort();
    assert_eq!(checked, loaded);
    assert_eq!(checked.len(), 4, "{checked:#?}");
    let not_made =
        format!("tls: keyfile_password does not open keyfile \"{key}\": the connection is not made");
    assert!(answer.contains(&format!("\n  connection \"wrong\": off ({not_made})\n")), "{answer}");
    assert!(!answer.contains("sekrit") && !answer.contains(KEY_PASSWORD), "{answer}");
}

#[test]
fn what_freeswitch_does_to_a_file_is_done_by_freeswitch_and_noted_otherwise() {
    let xml = Config::default().connection("broker1", 1, &[("host", "$${broker}")]).xml();
    let xml = format!("<X-PRE-PROCESS cmd=\"set\" data=\"broker=mqtt.example.com\"/>\n{xml}");
    let mut switch = idle();
    switch.configure(&xml);
    let answer = switch.command("mosquitto check");
    assert!(answer.starts_with("+OK nothing is wrong\nread: FreeSWITCH's mosquitto.conf, "), "{answer}");
    assert!(answer.contains("\n    to mqtt.example.com:1, "), "{answer}");
    let plain = path(&switch, "plain.xml", &xml);
    let answer = switch.command(&format!("mosquitto check {plain}"));
    let notes = list(&answer, "notes");
    assert_eq!(notes.len(), 3, "{answer}");
    assert_eq!(notes[0], "line 1: X-PRE-PROCESS is for FreeSWITCH to do: the line is left out");
    assert!(notes[1].ends_with(": $${broker} is for FreeSWITCH to replace: it is taken as it stands"));
    assert!(answer.contains("\n    to $${broker}:1, "), "{answer}");
}

#[test]
fn what_cannot_be_read_is_unusable_and_says_why() {
    let mut switch = idle();
    let folder = switch.folder().display().to_string();
    for (file, why) in [
        ("/nowhere/at.all", "/nowhere/at.all: No such file or directory"),
        (folder.as_str(), &format!("{folder}: not a regular file")),
        (
            "some.xml",
            "it is FreeSWITCH that reads some.xml, in a folder of its own: write the whole path, from / on",
        ),
    ] {
        let answer = switch.command(&format!("mosquitto check {file}"));
        assert_eq!(answer.lines().next(), Some(format!("-ERR unusable: {why}").as_str()));
    }
    let html = path(&switch, "html", "<html>\n</html>\n");
    let answer = switch.command(&format!("mosquitto check {html}"));
    assert!(answer.starts_with("-ERR unusable: <html> is not the module's configuration: "), "{answer}");
    switch.unconfigure();
    let answer = switch.command("mosquitto check");
    assert!(
        answer.starts_with("-ERR unusable: FreeSWITCH has no configuration mosquitto.conf: "),
        "{answer}"
    );
    let usage = "mosquitto check command requires: [<file>]\n";
    assert_eq!(switch.command("mosquitto check a b"), usage);
}

#[test]
fn a_thousand_checks_leave_nothing_behind() {
    let certificates = Certificates::get();
    let tls = [("enable", "certificate"), ("cafile", &*certificates.path("ca.pem"))];
    let config = Config::default().connection_with("broker1", 1, &[("host", "localhost")], &[("tls", &tls)]);
    let mut switch = idle();
    switch.configure(&config.xml());
    switch.command("mosquitto check");
    let before = scenarios::Process::look(switch.pid());
    for _ in 0..1000 {
        let answer = switch.command("mosquitto check");
        assert!(answer.starts_with("+OK nothing is wrong\n"), "{answer}");
    }
    let after = scenarios::Process::look(switch.pid());
    assert_eq!((after.threads, after.descriptors), (before.threads, before.descriptors));
    switch.shutdown();
}

/// The pre-shared key of an example.
const KEY: &str = "00c0ffee00beef";

/// An example with files in the place of those that it names.
fn example(name: &str, folder: &Path) -> String {
    let certificates = Certificates::get();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conf/examples").join(name);
    let mut xml = std::fs::read_to_string(&path).expect("an example");
    let key =
        file(folder, "client.key", &std::fs::read(certificates.path("client.key")).expect("a key"), 0o600);
    for (theirs, ours) in [
        ("/etc/freeswitch/tls/AmazonRootCA1.pem", certificates.path("ca.pem")),
        ("/etc/freeswitch/tls/broker-ca.pem", certificates.path("ca.pem")),
        ("/etc/freeswitch/tls/mqtt-ca.pem", certificates.path("ca.pem")),
        ("/etc/freeswitch/tls/mqtt.password", file(folder, "password", b"sekrit\n", 0o600)),
        ("/etc/freeswitch/tls/switch.pem", certificates.path("client.pem")),
        ("/etc/freeswitch/tls/switch.key", key),
        ("/etc/freeswitch/mqtt.password", file(folder, "password", b"sekrit\n", 0o600)),
        ("/etc/freeswitch/mqtt.psk", file(folder, "psk", KEY.as_bytes(), 0o600)),
    ] {
        xml = xml.replace(theirs, &ours);
    }
    assert!(!xml.contains("\"/etc/freeswitch/"), "{name} names a file that the test does not know");
    xml
}

/// The names of all examples.
fn examples() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conf/examples");
    let entries = std::fs::read_dir(folder).expect("the examples");
    let mut names: Vec<_> =
        entries.map(|entry| entry.expect("an example").file_name().into_string().expect("UTF-8")).collect();
    names.retain(|name| name.ends_with(".xml"));
    names.sort();
    assert!(names.len() >= 10, "{names:?}");
    names
}

#[test]
fn every_example_has_nothing_wrong_with_it_and_does_something() {
    let folder = tempfile::tempdir().expect("a folder");
    // The examples have paths of them, which are there for as long as somebody holds them.
    let _certificates = Certificates::get();
    let mut switch = idle();
    for name in examples() {
        switch.configure(&example(&name, folder.path()));
        let answer = switch.command("mosquitto check");
        assert!(answer.starts_with("+OK nothing is wrong\n"), "{name}\n{answer}");
        assert!(!answer.contains("off ("), "{name}\n{answer}");
        let does = answer.contains("\" by connection \"") && answer.contains("  connection \"");
        assert!(does && !answer.contains("sekrit") && !answer.contains(KEY), "{name}\n{answer}");
    }
    assert_eq!(switch.complaints(), [""; 0]);
}

/// An example whose brokers are here: `port` says which one, for a connection in the clear, with certificates or with
/// a key.
fn nearby(xml: &str, port: impl Fn(&str) -> u16) -> (String, Vec<String>) {
    let mut parts = xml.split("<connection name=\"");
    let mut text = parts.next().expect("a beginning").to_owned();
    let mut names = Vec::new();
    for part in parts {
        let (connection, after) = part.split_once("</connection>").expect("its end");
        names.push(connection.split('"').next().unwrap_or_default().to_owned());
        let port = port(match (connection.contains("<tls>"), connection.contains("\"psk\"")) {
            (false, _) => "clear",
            (true, false) => "certificate",
            (true, true) => "psk",
        });
        let mut hosts = ["localhost", "127.0.0.1"].into_iter();
        text.push_str("<connection name=\"");
        for (number, piece) in connection.split("<param name=\"host\" value=\"").enumerate() {
            let Some((_, rest)) = piece.split_once('"').filter(|_| number > 0) else {
                text.push_str(piece);
                continue;
            };
            let host = hosts.next().expect("no more than two hosts");
            text.push_str(&format!("<param name=\"host\" value=\"{host}:{port}\"{rest}"));
        }
        text.push_str("</connection>");
        text.push_str(after);
    }
    (text, names)
}

#[test]
fn every_example_connects_where_there_is_such_a_broker() {
    let certificates = Certificates::get();
    // Each its own: a client id may be there twice, at two brokers.
    let open = Broker::start();
    let secure = Broker::start_as(Setup::open().tls(&certificates, Identity::Right));
    let keyed = Broker::start_as(Setup::open().psk("switch1", KEY));
    let port = |how: &str| match how {
        "clear" => open.port(),
        "certificate" => secure.tls_port(),
        _ => keyed.tls_port(),
    };
    // In place of the system's CAs.
    let ca = certificates.path("ca.pem");
    let folder = tempfile::tempdir().expect("a folder");
    for name in examples() {
        let (xml, connections) = nearby(&example(&name, folder.path()), port);
        let mut switch = Switch::start_module(module(), &xml, &[], &[("SSL_CERT_FILE", &ca)]);
        assert_eq!(switch.load_module(), "+OK Reloading XML\n+OK\n", "{name}");
        assert!(!connections.is_empty());
        for connection in connections {
            switch.wait_connected(&connection);
        }
        assert_eq!(switch.complaints(), [""; 0], "{name}");
        switch.shutdown();
    }
}
