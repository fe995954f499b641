//! How others learn that FreeSWITCH is there, has left, or has died: will, birth and farewell; and password_file.

use scenarios::{Broker, Config, Mode, Proxy, Stopwatch, Subscriber, Switch, file};

const TOPIC: &str = "presence/pbx";

/// A client that says online, offline and crashed on one topic, with this QoS, for the broker to keep.
fn presence(port: u16, qos: &str) -> Config {
    let will = [
        ("enable", "true"),
        ("topic", TOPIC),
        ("payload", "crashed"),
        ("qos", qos),
        ("retain", "true"),
        ("birth_topic", TOPIC),
        ("birth_payload", "online"),
        ("birth_qos", qos),
        ("birth_retain", "true"),
        ("farewell_payload", "offline"),
    ];
    Config::default().connection_with("broker1", port, &[], &[("will", &will)])
}

/// What the broker passes on next, and what it keeps.
fn assert_says(broker: &Broker, subscriber: &Subscriber, expected: &str, qos: u8) {
    let message = &subscriber.take(1)[0];
    let said = (message.topic.as_str(), String::from_utf8_lossy(&message.payload), message.qos);
    assert_eq!(said, (TOPIC, expected.into(), qos));
    let kept = &Subscriber::start(broker.port(), "presence/#").take(1)[0];
    assert_eq!((kept.payload.as_slice(), kept.retain), (expected.as_bytes(), true));
}

#[test]
fn online_offline_and_crashed_are_told_apart_at_every_qos() {
    for qos in [0, 1, 2] {
        let broker = Broker::start();
        let subscriber = Subscriber::start(broker.port(), "presence/#");
        let mut switch = Switch::load(&presence(broker.port(), &qos.to_string()));
        assert_says(&broker, &subscriber, "online", qos);

        switch.command("mosquitto disconnect profile default connection broker1");
        // A farewell of QoS 2 would not be passed on before it has been answered twice: it goes with 1.
        assert_says(&broker, &subscriber, "offline", qos.min(1));
        switch.command("mosquitto connect profile default connection broker1");
        assert_says(&broker, &subscriber, "online", qos);

        switch.unload_module();
        assert_says(&broker, &subscriber, "offline", qos.min(1));
        switch.load_module();
        assert_says(&broker, &subscriber, "online", qos);

        switch.kill();
        assert_says(&broker, &subscriber, "crashed", qos);
        assert_eq!(subscriber.rest(), [], "and nothing else was said");
    }
}

#[test]
fn the_birth_is_published_at_each_connect() {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "presence/#");
    let proxy = Proxy::start(broker.port());
    let mut switch = Switch::load(&presence(proxy.port(), "1"));
    assert_says(&broker, &subscriber, "online", 1);
    for _ in 0..2 {
        proxy.set(Mode::Refuse);
        assert_says(&broker, &subscriber, "crashed", 1);
        switch.wait_state("broker1", &["waiting: Connection refused"]);
        proxy.set(Mode::Pass);
        assert_says(&broker, &subscriber, "online", 1);
    }
}

#[test]
fn a_birth_goes_to_its_own_topic_and_is_kept_only_if_it_says_so() {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "test/#");
    let will = [
        ("enable", "true"),
        ("topic", "test/will"),
        ("payload", "crashed"),
        ("birth_topic", "test/birth"),
        ("birth_payload", "online"),
    ];
    let config = Config::default().connection_with("broker1", broker.port(), &[], &[("will", &will)]);
    let mut switch = Switch::load(&config);
    let message = &subscriber.take(1)[0];
    assert_eq!((message.topic.as_str(), message.qos), ("test/birth", 0));
    let late = Subscriber::start(broker.port(), "test/#");
    assert_eq!(late.take_all_read(), [], "nothing is kept");
    // Nobody asked for a farewell, and a clean disconnect is no reason for the will.
    switch.unload_module();
    broker.wait_log("Received DISCONNECT from ");
    assert_eq!(subscriber.take_all_read(), []);
}

#[test]
fn a_farewell_does_not_hold_up_an_unload() {
    let broker = Broker::start();
    let proxy = Proxy::start(broker.port());
    let mut switch = Switch::load(&presence(proxy.port(), "2"));
    switch.wait_connected("broker1");
    proxy.set(Mode::Stall);
    let begin = Stopwatch::start();
    assert!(switch.unload_module().starts_with("+OK"));
    assert!(begin.elapsed() <= std::time::Duration::from_secs(1), "{:?}", begin.elapsed());
}

/// A connection with the password in a file with this content and mode.
fn password_file(broker: &Broker, content: &str, mode: u32) -> (String, Config) {
    let path = file(broker.folder(), "secret", content.as_bytes(), mode);
    let params = [("username", "freeswitch"), ("password_file", path.as_str())];
    let config = Config::default().connection("broker1", broker.port(), &params);
    (path, config)
}

#[test]
fn a_password_may_be_in_a_file() {
    let broker = Broker::start_private("freeswitch", "s\u{fc}\u{df} & geheim");
    for content in ["s\u{fc}\u{df} & geheim", "s\u{fc}\u{df} & geheim\n", "s\u{fc}\u{df} & geheim\r\nmore\n"]
    {
        let (path, config) = password_file(&broker, content, 0o600);
        let mut switch = Switch::load(&config);
        switch.wait_connected("broker1");
        assert_eq!(switch.complaints(), [""; 0]);
        let status = switch.command("mosquitto status");
        assert!(
            status.contains(&format!("password_file: {path}\n")) && !status.contains("geheim"),
            "{status}"
        );
    }
}

#[test]
fn a_password_file_that_others_can_read_is_warned_of_at_each_load() {
    let broker = Broker::start_private("freeswitch", "geheim");
    for (mode, shown) in [(0o644, "0644"), (0o604, "0604")] {
        let (path, config) = password_file(&broker, "geheim\n", mode);
        let mut switch = Switch::load(&config);
        switch.wait_connected("broker1");
        switch.unload_module();
        switch.load_module();
        switch.wait_connected("broker1");
        let warning = format!("password_file \"{path}\" can be read by others (mode {shown}): chmod o-r it");
        let complaints = switch.complaints();
        assert_eq!(complaints.len(), 2, "{complaints:?}");
        assert!(complaints.iter().all(|complaint| complaint.contains(&warning)), "{complaints:?}");
    }
}

#[test]
fn a_password_file_that_is_not_there_is_no_reason_to_connect_without_a_password() {
    let broker = Broker::start();
    let (path, config) = password_file(&broker, "geheim\n", 0o600);
    std::fs::remove_file(&path).expect("a file");
    let mut switch = Switch::load(&config);
    let state = switch.state("broker1");
    assert!(state.starts_with("failed: ") && state.contains(&format!("password_file \"{path}\"")), "{state}");
    switch.shutdown();
    assert!(!broker.log().contains("u'freeswitch'"), "{}", broker.log());
}
