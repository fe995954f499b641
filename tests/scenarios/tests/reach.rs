//! The ways to a broker: several hosts, a unix socket, a SOCKS5 proxy, a time limit.

use scenarios::{
    Asked, Broker, Config, Mode, Proxy, Setup, Silent, Socks, Subscriber, Switch, eventually, refused_port,
};
use std::time::{Duration, Instant};

/// How often a client with this id has connected to the broker.
fn connects(broker: &Broker, id: &str) -> usize {
    broker.log().matches(&format!(" as {id} (")).count()
}

fn wait_connects(broker: &Broker, id: &str, count: usize) {
    eventually("the client connects", || connects(broker, id) == count);
}

#[test]
fn hosts_are_tried_in_their_order_and_from_the_first_after_a_loss() {
    let (mut first, mut second, third) = (Broker::start(), Broker::start(), Broker::start());
    first.kill();
    let hosts = [second.port(), third.port()].map(|port| format!("127.0.0.1:{port}"));
    let params = [
        ("client_id", "roamer"),
        // The port of this one is that of the connection.
        ("host", "127.0.0.1"),
        ("host", hosts[0].as_str()),
        ("host", hosts[1].as_str()),
    ];
    let mut switch = Switch::load(&Config::default().connection("broker1", first.port(), &params));
    wait_connects(&second, "roamer", 1);
    switch.wait_connected("broker1");

    second.kill();
    wait_connects(&third, "roamer", 1);
    switch.wait_connected("broker1");

    // It stays where it is, whoever comes back, until that one is lost.
    first.restart();
    second.restart();
    let mut last = third;
    switch.command("mosquitto status");
    assert_eq!((connects(&first, "roamer"), connects(&second, "roamer")), (0, 1));
    last.kill();
    wait_connects(&first, "roamer", 1);
    switch.wait_connected("broker1");
    assert_eq!((connects(&second, "roamer"), connects(&last, "roamer")), (1, 1));
}

#[test]
fn a_host_that_never_answers_or_does_not_resolve_is_passed_over() {
    let broker = Broker::start();
    let silent = Silent::start();
    let hosts = [silent.port(), broker.port()].map(|port| format!("127.0.0.1:{port}"));
    let params = [
        ("connect_timeout", "1"),
        ("host", "broker.invalid"),
        ("host", hosts[0].as_str()),
        ("host", hosts[1].as_str()),
    ];
    let mut switch = Switch::load(&Config::default().connection("broker1", refused_port(), &params));
    switch.wait_connected("broker1");
    assert_eq!(silent.accepted(), 1);
}

#[test]
fn while_no_host_answers_all_of_them_are_tried_again() {
    let broker = Broker::start();
    let proxies = [Proxy::start(broker.port()), Proxy::start(broker.port())];
    proxies.iter().for_each(|proxy| proxy.set(Mode::Refuse));
    let hosts = [proxies[0].port(), proxies[1].port()].map(|port| format!("127.0.0.1:{port}"));
    let params = [("host", hosts[0].as_str()), ("host", hosts[1].as_str())];
    let mut switch = Switch::load(&Config::default().connection("broker1", refused_port(), &params));
    let state = |switch: &mut Switch| switch.state("broker1");
    eventually("it waits", || {
        let state = state(&mut switch);
        state.starts_with("waiting: ") && state.contains("Connection refused")
    });
    proxies[1].set(Mode::Pass);
    switch.wait_connected("broker1");
    assert_eq!((proxies[0].accepted(), proxies[1].accepted()), (0, 1));
}

#[test]
fn connect_timeout_limits_each_attempt() {
    let silent = Silent::start();
    let params = [("connect_timeout", "2")];
    let begin = Instant::now();
    let mut switch = Switch::load(&Config::default().connection("broker1", silent.port(), &params));
    switch.wait_state("broker1", &["waiting: the broker did not answer in time (connect_timeout)"]);
    let time = begin.elapsed();
    assert!(time >= Duration::from_secs(2) && time < Duration::from_secs(4), "{time:?}");
}

#[test]
fn a_keepalive_of_0_reaches_the_broker() {
    let broker = Broker::start();
    let params = [("client_id", "quiet"), ("keepalive", "0")];
    let mut switch = Switch::load(&Config::default().connection("broker1", broker.port(), &params));
    switch.wait_connected("broker1");
    assert!(broker.wait_log(" as quiet (").ends_with(", k0)."));
}

#[test]
fn a_broker_is_reached_through_its_unix_socket_and_reached_again() {
    let mut broker = Broker::start_as(Setup::open().unix_socket());
    let subscriber = Subscriber::start(broker.port(), "test/#");
    let socket = broker.folder().join("socket").display().to_string();
    let params = [("host", socket.as_str()), ("client_id", "local")];
    let topic =
        [("connection_name", "broker1"), ("event", "HEARTBEAT"), ("pattern", "test/local"), ("qos", "1")];
    // Nobody listens at the port.
    let config = Config::default().connection("broker1", refused_port(), &params).raw_topic("local", &topic);
    let mut switch = Switch::load(&config);
    switch.wait_connected("broker1");
    switch.command("fire HEARTBEAT Tag=first");
    assert_eq!(subscriber.take(1)[0].header("Tag"), "first");
    // Else the acknowledgement may be lost with the broker, and the event comes once more.
    eventually("it is acknowledged", || switch.account().published == 1);

    broker.kill();
    switch.wait_status("connected: False");
    switch.command("fire HEARTBEAT Tag=second");
    switch.pause();
    broker.restart();
    subscriber.wait_subscribed(2);
    switch.resume();
    assert_eq!(subscriber.take(1)[0].header("Tag"), "second");
    assert_eq!(connects(&broker, "local"), 2);
}

#[test]
fn a_unix_socket_that_is_not_there_is_a_reason_to_wait() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("socket").display().to_string();
    let params = [("host", path.as_str())];
    let mut switch = Switch::load(&Config::default().connection("broker1", refused_port(), &params));
    eventually("it waits", || {
        let state = switch.state("broker1");
        state.starts_with("waiting: ") && state.contains("No such file or directory")
    });
}

/// A connection to `broker.invalid` through a proxy at this port.
fn through(proxy: u16, broker: u16, more: &[(&str, &str)]) -> Config {
    let proxy = proxy.to_string();
    let mut params =
        vec![("host", "broker.invalid"), ("socks5_host", "127.0.0.1"), ("socks5_port", proxy.as_str())];
    params.extend(more);
    Config::default().connection("broker1", broker, &params)
}

#[test]
fn a_socks5_proxy_is_asked_by_name_without_credentials() {
    let broker = Broker::start();
    let socks = Socks::start(None);
    let mut switch = Switch::load(&through(socks.port(), broker.port(), &[]));
    switch.wait_connected("broker1");
    let expected = Asked { host: "broker.invalid".to_owned(), port: broker.port(), credentials: None };
    assert_eq!(socks.asked(), [expected]);
    switch.shutdown();
}

#[test]
fn a_socks5_proxy_is_told_who_asks() {
    let broker = Broker::start();
    let socks = Socks::start(Some(("pbx", "geheim")));
    let right = [("socks5_username", "pbx"), ("socks5_password", "geheim")];
    let mut switch = Switch::load(&through(socks.port(), broker.port(), &right));
    switch.wait_connected("broker1");
    let credentials = Some(("pbx".to_owned(), "geheim".to_owned()));
    let expected = Asked { host: "broker.invalid".to_owned(), port: broker.port(), credentials };
    assert_eq!(socks.asked(), [expected]);
    let status = switch.command("mosquitto status");
    assert!(!status.contains("geheim"), "{status}");
}

#[test]
fn a_socks5_proxy_that_gives_no_connection_says_why_in_status() {
    let (open, private) = (Socks::start(None), Socks::start(Some(("pbx", "geheim"))));
    let wrong = [("socks5_username", "pbx"), ("socks5_password", "geraten")];
    let nowhere = refused_port();
    for (proxy, more, why) in [
        (&private, &wrong[..], "it refuses socks5_username and socks5_password"),
        (&private, &[], "it wants socks5_username and socks5_password"),
        (&open, &[], "the broker refuses the connection"),
    ] {
        let mut switch = Switch::load(&through(proxy.port(), nowhere, more));
        switch.wait_state("broker1", &[&format!("waiting: the SOCKS5 proxy gives no connection: {why}")]);
    }
    let mut switch = Switch::load(&through(refused_port(), nowhere, &[]));
    switch.wait_state("broker1", &["waiting: Connection refused"]);
}
