//! The files in `conf/examples`, which the operator's guide builds on: whoever copies them has a broker on which each
//! user may do what is its own, and no more.

use scenarios::{Broker, Certificates, Identity, Setup, Switch, eventually};
use std::process::{Command, Output};

const CONFIGURATION: &str = include_str!("../../../conf/examples/secured.xml");
const ACL: &str = include_str!("../../../conf/examples/broker.acl");
const BROKER: &str = include_str!("../../../conf/examples/broker.conf");

/// What holds for the example's broker beside its listener and its files, which are others here.
fn general() -> String {
    let lines = BROKER.split("listener").next().expect("lines before the listener").lines();
    lines.filter(|line| !line.contains("_file ")).collect::<Vec<_>>().join("\n")
}

/// mosquitto_pub or mosquitto_sub as one of the users.
fn client(program: &str, broker: &Broker, user: &str, arguments: &[&str]) -> Output {
    let port = broker.port().to_string();
    let mut command = Command::new(program);
    command.args(["-h", "127.0.0.1", "-p", &port, "-u", user, "-P", user, "-q", "1", "-V", "5"]);
    command.args(arguments).output().expect("mosquitto-clients: scripts/test installs them")
}

/// Publishes; whether the broker has let it.
fn may_publish(broker: &Broker, user: &str, topic: &str, payload: &str) -> bool {
    let output = client("mosquitto_pub", broker, user, &["-t", topic, "-m", payload]);
    !String::from_utf8_lossy(&output.stderr).contains("Not authorized")
}

/// The first message, `<topic> <payload>`, that a user receives on one of these topics once it has subscribed and `then`
/// has happened.
fn received(broker: &Broker, user: &str, topics: &[&str], then: impl FnOnce()) -> String {
    let id = format!("{user}-receives");
    let answers = || broker.log().matches(&format!("Sending SUBACK to {id}")).count();
    let mut arguments = vec!["-v", "-C", "1", "-W", "60", "-i", &id];
    arguments.extend(topics.iter().flat_map(|topic| ["-t", topic]));
    let before = answers();
    std::thread::scope(|scope| {
        let output = scope.spawn(|| client("mosquitto_sub", broker, user, &arguments));
        eventually("it has subscribed", || answers() > before);
        then();
        String::from_utf8_lossy(&output.join().expect("no panic").stdout).into_owned()
    })
}

#[test]
fn the_examples_together_let_everybody_do_what_is_theirs_and_no_more() {
    let certificates = Certificates::get();
    let setup = Setup::with_lines(&general()).acl(ACL).tls(&certificates, Identity::Right);
    let setup = ["switch1", "operator", "dashboard"].iter().fold(setup, |setup, user| setup.user(user, user));
    let broker = Broker::start_as(setup);

    let password = broker.folder().join("switch1.password");
    std::fs::write(&password, "switch1\n").expect("the password");
    let xml = CONFIGURATION
        .replace("broker.example.com", "localhost")
        .replace("\"8883\"", &format!("\"{}\"", broker.tls_port()))
        .replace("/etc/freeswitch/tls/mqtt-ca.pem", &certificates.path("ca.pem"))
        .replace("/etc/freeswitch/tls/mqtt.password", &password.display().to_string());
    let mut switch = Switch::load_xml(&xml, &[]);
    switch.wait_connected("broker1");
    switch.wait_status("subscription: subscribed, QoS 1");

    // The operator's command runs, and the answer is the operator's alone.
    assert!(may_publish(&broker, "operator", "commands/one", "bgapi version"));
    switch.wait_commands("command", (1, 0));
    assert!(may_publish(&broker, "operator", "commands/one", "bgapi fsctl shutdown"));
    switch.wait_commands("command", (1, 1));
    let jobs = "switches/one/jobs";
    let send = || assert!(may_publish(&broker, "operator", "commands/one", "bgapi version"));
    assert!(received(&broker, "operator", &[jobs], send).contains("FreeSWITCH Version"));
    let first = received(&broker, "dashboard", &[jobs, "switches/one/heartbeat"], || {
        send();
        switch.wait_commands("command", (3, 1));
        switch.command("wait-jobs");
        switch.command("fire HEARTBEAT");
    });
    assert!(first.starts_with("switches/one/heartbeat "), "{first}");

    // Nobody else sends commands, or passes for the switch.
    for user in ["dashboard", "switch1"] {
        assert!(!may_publish(&broker, user, "commands/one", "bgapi version"), "{user}");
    }
    for user in ["dashboard", "operator"] {
        assert!(!may_publish(&broker, user, "switches/one/presence", "crashed"), "{user}");
    }
    switch.wait_commands("command", (3, 1));

    // Both may know that the switch is there.
    for user in ["dashboard", "operator"] {
        let said = received(&broker, user, &["switches/one/presence"], || {});
        assert_eq!(said, "switches/one/presence online\n", "{user}");
    }
    switch.unload_module();
    let said = received(&broker, "dashboard", &["switches/one/presence"], || {});
    assert_eq!(said, "switches/one/presence offline\n");
}
