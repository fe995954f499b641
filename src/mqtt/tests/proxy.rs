//! SOCKS5, with a proxy that is played.

use super::broker::{Broker, free_port};
use super::certificates::Certificates;
use super::*;
use std::io::{Read, Write, copy};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread::{self, JoinHandle};

/// How the proxy behaves.
#[derive(Clone, Copy)]
struct Manners {
    /// The method of authentication that it chooses.
    method: u8,
    /// Its reply to the request.
    reply: u8,
    /// The port at 127.0.0.1 of the broker, to which everything goes that is asked for.
    broker: u16,
}

/// Serves so many connections. The result is what it was asked for: user name, password and request.
fn proxy(manners: Manners, connections: usize) -> (u16, JoinHandle<Vec<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its number").port();
    let body =
        move || (0..connections).map(|_| serve(listener.accept().expect("a client").0, manners)).collect();
    (port, thread::spawn(body))
}

fn serve(mut client: TcpStream, manners: Manners) -> Vec<u8> {
    let mut asked = Vec::new();
    let methods = usize::from(read(&mut client, 2)[1]);
    read(&mut client, methods);
    client.write_all(&[5, manners.method]).expect("an answer");
    if manners.method == 2 {
        for _ in 0..2 {
            // The version, or nothing, and a length.
            let length = *read(&mut client, if asked.is_empty() { 2 } else { 1 }).last().expect("a length");
            asked.extend(read(&mut client, length.into()));
        }
        client.write_all(&[1, 0]).expect("an answer");
    }
    if manners.method == 0xFF {
        return asked;
    }
    let head = read(&mut client, 4);
    let length = match head[3] {
        1 => 4,
        4 => 16,
        _ => read(&mut client, 1)[0].into(),
    };
    asked.extend(read(&mut client, length + 2));
    client.write_all(&[5, manners.reply, 0, 1, 0, 0, 0, 0, 0, 0]).expect("an answer");
    if manners.reply == 0 {
        relay(&client, &TcpStream::connect(("127.0.0.1", manners.broker)).expect("the broker"));
    }
    asked
}

fn read(client: &mut TcpStream, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    client.read_exact(&mut bytes).expect("a request");
    bytes
}

fn relay(client: &TcpStream, broker: &TcpStream) {
    let one_way = |mut from: &TcpStream, mut to: &TcpStream| {
        let _ended = copy(&mut from, &mut to);
        let _gone = to.shutdown(Shutdown::Write);
    };
    thread::scope(|scope| {
        scope.spawn(|| one_way(client, broker));
        one_way(broker, client);
    });
}

fn through(options: Options, port: u16, login: Option<(&str, &str)>) -> Options {
    let (username, password) = login.unzip();
    let socks5 = Socks5Options { port, username: username.map(text), password: password.map(text) };
    Options { socks5: Some(socks5), ..options }
}

fn trusted() -> Options {
    with_tls(trusting(&Certificates::get().path("ca.pem")))
}

#[test]
fn the_broker_is_reached_by_its_name() {
    let broker = Broker::start("");
    let (port, served) = proxy(Manners { method: 0, reply: 0, broker: broker.port }, 1);
    accepted(&through(options(), port, None), &target("broker.test", 4711)).expect("a connection");
    assert_eq!(served.join().expect("the proxy"), [b"broker.test\x12\x67"]);
}

#[test]
fn the_proxy_is_told_who_is_there() {
    let broker = Broker::start("");
    let (port, served) = proxy(Manners { method: 2, reply: 0, broker: broker.port }, 1);
    let options = through(options(), port, Some(("user", "secret")));
    accepted(&options, &target("10.0.0.1", 258)).expect("a connection");
    assert_eq!(served.join().expect("the proxy"), [b"usersecret\x0a\x00\x00\x01\x01\x02"]);
}

#[test]
fn tls_goes_through_and_a_handshake_that_failed_does_not_spoil_the_next() {
    let broker = Broker::with_certificate("localhost", "");
    let (port, served) = proxy(Manners { method: 0, reply: 0, broker: broker.port }, 4);
    let (record, client) = client(&through(trusted(), port, None));
    for _ in 0..2 {
        let refused = attempt(&record, &client, &target("elsewhere.test", 8883), PATIENCE);
        assert!(refused.is_err() && !record.is_accepted());
        let reason = client.take_reason().expect("a reason");
        assert!(reason.contains("hostname mismatch"), "{reason}");
        attempt(&record, &client, &target("localhost", 8883), PATIENCE).expect("an orderly end");
        assert!(record.is_accepted(), "{:?}", client.take_reason());
    }
    assert_eq!(served.join().expect("the proxy").len(), 4);
}

#[test]
fn a_handshake_that_is_cut_off_does_not_spoil_the_next() {
    // Whoever talks to a closed port through this proxy hears nothing.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let nowhere = silent.local_addr().expect("its number").port();
    let (port, served) = proxy(Manners { method: 0, reply: 0, broker: nowhere }, 2);
    let (record, client) = client(&through(trusted(), port, None));
    for _ in 0..2 {
        let limit = Duration::from_millis(300);
        let result = attempt(&record, &client, &target("localhost", 8883), limit);
        assert_eq!(result, Err(Error::Timeout));
        drop(silent.accept().expect("the proxy's connection"));
    }
    assert_eq!(served.join().expect("the proxy").len(), 2);
}

#[test]
fn mqtt_5_keeps_its_properties_behind_a_proxy() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let broker = listener.local_addr().expect("its number").port();
    let peer = thread::spawn(move || {
        let mut bytes = vec![0; 4096];
        let length = listener.accept().expect("a connection").0.read(&mut bytes).expect("a packet");
        bytes.truncate(length);
        bytes
    });
    let (port, served) = proxy(Manners { method: 0, reply: 0, broker }, 1);
    let options =
        Options { protocol: Protocol::V5, session_expiry: Some(60), ..through(options(), port, None) };
    accepted(&options, &target("broker.test", 1883)).expect_err("a broker that hangs up");
    let connect = peer.join().expect("the broker");
    assert!(connect.windows(5).any(|window| window == [0x11, 0, 0, 0, 60]), "{connect:?}");
    served.join().expect("the proxy");
}

#[test]
fn the_proxy_s_reasons_are_said() {
    for (method, reply, why) in [
        (0, 4, "the broker is unreachable"),
        (0, 5, "the broker refuses the connection"),
        (0xFF, 0, "it wants socks5_username and socks5_password"),
    ] {
        let (port, served) = proxy(Manners { method, reply, broker: 0 }, 1);
        let options = through(options(), port, None);
        let (error, _) = accepted(&options, &target("broker.test", 1883)).expect_err("a refusal");
        assert_eq!(error, Error::Proxy(why));
        served.join().expect("the proxy");
    }
}

#[test]
fn a_proxy_that_is_not_there_or_says_nothing_is_given_up() {
    for options in [options(), trusted()] {
        let port = free_port();
        let (error, _) =
            accepted(&through(options.clone(), port, None), &target("localhost", 1)).expect_err("nobody");
        assert_eq!(error, Error::System(libc::ECONNREFUSED));
        let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = silent.local_addr().expect("its number").port();
        let (record, client) = client(&through(options, port, None));
        let result = attempt(&record, &client, &target("localhost", 1), Duration::from_millis(300));
        assert_eq!(result, Err(Error::Timeout));
    }
}
