//! Brokers that the SRV records of a domain name, RFC 2782.

use scenarios::{
    Broker, Config, NameServer, Process, Stopwatch, Switch, eventually, in_own_network, refused_port,
};
use std::net::Ipv4Addr;
use std::time::Duration;

/// A look-up that gets no answer is over after a second.
const QUICK: &str = "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n";
/// A look-up that gets no answer takes a minute.
const SLOW: &str = "nameserver 127.0.0.1\noptions timeout:30 attempts:2\n";
/// What is asked for, in the clear and with TLS.
const CLEAR: &str = "_mqtt._tcp.example.com";
const SECURE: &str = "_secure-mqtt._tcp.example.com";

/// One connection, to whatever server the domain example.com names.
fn by_srv(more: &[(&str, &str)]) -> Config {
    let parameters = [&[("host", "example.com"), ("srv", "true")], more].concat();
    Config::default().connection("found", refused_port(), &parameters)
}

/// The state of a connection that waits for its next attempt.
fn waiting(why: &str) -> String {
    format!("connection name: found connected: False messages sent: 0\n\t\tstate: waiting 1 s: {why}\n")
}

#[test]
fn a_server_of_the_next_priority_is_used_if_the_first_refuses() {
    in_own_network("a_server_of_the_next_priority_is_used_if_the_first_refuses", QUICK, || {
        let names = NameServer::start();
        let broker = Broker::start();
        names.server(CLEAR, (20, 0, broker.port()), "second.example.com");
        names.server(CLEAR, (10, 0, refused_port()), "first.example.com");
        names.server(CLEAR, (30, 0, broker.port()), "third.example.com");
        for server in ["first.example.com", "second.example.com", "third.example.com"] {
            names.address(server, Ipv4Addr::LOCALHOST);
        }
        let mut switch = Switch::load(&by_srv(&[]));
        switch.wait_connected("found");
        let asked = |name| names.questions(name) > 0;
        assert!(asked("first.example.com") && asked("second.example.com"));
        assert!(!asked("third.example.com") && !asked(SECURE) && !asked("example.com"));
        switch.shutdown();
    });
}

#[test]
fn a_server_without_an_address_does_not_keep_the_next_from_being_tried() {
    in_own_network("a_server_without_an_address_does_not_keep_the_next_from_being_tried", QUICK, || {
        let names = NameServer::start();
        let broker = Broker::start();
        names.server(CLEAR, (10, 0, broker.port()), "unknown.example.com");
        names.server(CLEAR, (20, 0, broker.port()), "known.example.com");
        names.address("known.example.com", Ipv4Addr::LOCALHOST);
        let mut switch = Switch::load(&by_srv(&[]));
        switch.wait_connected("found");
        assert!(names.questions("unknown.example.com") > 0);
    });
}

#[test]
fn a_domain_without_records_is_a_reason_to_wait_until_there_are_some() {
    in_own_network("a_domain_without_records_is_a_reason_to_wait_until_there_are_some", QUICK, || {
        let names = NameServer::start();
        let broker = Broker::start();
        let mut switch = Switch::load(&by_srv(&[]));
        let why = format!("no SRV record {CLEAR}");
        switch.wait_status(&waiting(&why));
        let line = switch.wait_log(&why);
        assert!(line.contains("profile \"default\", connection \"found\": "), "{line}");

        names.server(CLEAR, (0, 0, 0), "");
        let decided = format!("SRV record {CLEAR} says that there is no such service");
        switch.wait_status(&waiting(&decided));

        names.server(CLEAR, (0, 0, broker.port()), "broker.example.com");
        names.address("broker.example.com", Ipv4Addr::LOCALHOST);
        let begin = Stopwatch::start();
        switch.wait_connected("found");
        // The back-off is a second, and there is a second for the rest.
        assert!(begin.elapsed() < Duration::from_secs(2), "{:?}", begin.elapsed());
    });
}

#[test]
fn with_tls_the_service_has_another_name() {
    in_own_network("with_tls_the_service_has_another_name", QUICK, || {
        let names = NameServer::start();
        names.server(CLEAR, (0, 0, refused_port()), "clear.example.com");
        let nobody = tempfile::tempdir().expect("a folder");
        let connection = format!(
            r#"<connection name="found">
                <param name="host" value="example.com"/><param name="srv" value="true"/>
                <param name="reconnect_delay" value="1"/>
                <tls>
                    <param name="enable" value="true"/><param name="support" value="certificate"/>
                    <param name="capath" value="{}"/>
                </tls>
            </connection>"#,
            nobody.path().display()
        );
        let mut switch = Switch::load(&Config::default().raw_connection(&connection));
        switch.wait_status(&waiting(&format!("no SRV record {SECURE}")));
        assert_eq!(
            names.questions(CLEAR),
            0,
            "nothing is asked that would lead to a connection in the clear"
        );
    });
}

#[test]
fn an_answer_of_any_size_is_read_to_its_end() {
    in_own_network("an_answer_of_any_size_is_read_to_its_end", QUICK, || {
        let names = NameServer::start();
        let broker = Broker::start();
        // About 30 kB: by TCP, and more than is asked for at first.
        for _ in 0..750 {
            names.server(CLEAR, (2, 100, refused_port()), "not-this-one.example.com");
        }
        names.server(CLEAR, (1, 0, broker.port()), "the-last.example.com");
        names.address("the-last.example.com", Ipv4Addr::LOCALHOST);
        let mut switch = Switch::load(&by_srv(&[]));
        switch.wait_connected("found");
        assert_eq!(names.questions("not-this-one.example.com"), 0);
        assert_eq!(switch.complaints(), [] as [&str; 0]);
    });
}

#[test]
fn a_look_up_of_servers_that_hangs_does_not_hold_up_an_unload() {
    in_own_network("a_look_up_of_servers_that_hangs_does_not_hold_up_an_unload", SLOW, || {
        let names = NameServer::start();
        names.silent(true);
        let mut switch = Switch::load(&by_srv(&[]));
        eventually("the question", || names.questions(CLEAR) > 0);
        let begin = Stopwatch::start();
        assert_eq!(switch.unload_module(), "+OK\n");
        assert!(begin.elapsed() < Duration::from_secs(1), "{:?}", begin.elapsed());
        let threads = Process::thread_names(switch.pid());
        assert!(threads.iter().any(|name| name == "mqtt-resolve"), "it hangs on: {threads:?}");
        switch.shutdown();
    });
}

#[test]
fn a_name_server_has_as_long_as_an_attempt_may_take() {
    in_own_network("a_name_server_has_as_long_as_an_attempt_may_take", SLOW, || {
        let names = NameServer::start();
        names.silent(true);
        let mut switch = Switch::load(&by_srv(&[("connect_timeout", "1")]));
        switch.wait_status(&waiting("the name server does not answer"));
        let threads = Process::thread_names(switch.pid());
        assert_eq!(threads.iter().filter(|name| *name == "mqtt-resolve").count(), 1, "{threads:?}");
        switch.shutdown();
    });
}
