//! The parts of the scenarios hold what they promise, shown with mosquitto's own client: nothing of the module is in
//! here.

use scenarios::{
    Asked, Broker, Certificates, Identity, Intruder, Mode, Proxy, Setup, Socks, Subscriber, Subscriber5,
    TlsServer, eventually,
};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

/// Publishes `hello` on `test/harness` and answers whether that went well, and what mosquitto_pub said.
fn publish(arguments: &[&str]) -> (bool, String) {
    let mut command = Command::new("mosquitto_pub");
    command.args(["-d", "-t", "test/harness", "-m", "hello"]).args(arguments);
    let output = command.output().expect("mosquitto_pub: scripts/test installs it");
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    (output.status.success(), said)
}

fn reaches(arguments: &[&str]) {
    let (well, said) = publish(arguments);
    assert!(well, "{arguments:?}: {said}");
}

fn fails(arguments: &[&str], why: &str) {
    let (well, said) = publish(arguments);
    assert!(!well && said.contains(why), "{arguments:?}: {said}");
}

#[test]
fn certificates_are_taken_and_refused_as_they_should_be() {
    let certificates = Certificates::get();
    let (ca, hashed) = (certificates.path("ca.pem"), certificates.path("hashed"));
    let mut broker = Broker::start_as(Setup::open().tls(&certificates, Identity::Right));
    let subscriber = Subscriber::start(broker.port(), "test/#");
    let port = broker.tls_port().to_string();
    reaches(&["-h", "localhost", "-p", &port, "--cafile", &ca]);
    reaches(&["-h", "127.0.0.1", "-p", &port, "--capath", &hashed]);
    assert_eq!(subscriber.take(2)[1].payload, b"hello");
    for (identity, why) in [
        (Identity::WrongName, "host name verification failed"),
        (Identity::Expired, "certificate verify failed"),
        (Identity::Stranger, "certificate verify failed"),
        (Identity::StrangerWithChain, "certificate verify failed"),
    ] {
        broker.restart_as(Setup::open().tls(&certificates, identity));
        fails(&["-h", "localhost", "-p", &port, "--cafile", &ca], why);
    }
}

#[test]
fn a_client_certificate_is_asked_for() {
    let certificates = Certificates::get();
    let asking = Setup::open().tls(&certificates, Identity::Right).require_certificate();
    let mut broker = Broker::start_as(asking.clone());
    let (ca, port) = (certificates.path("ca.pem"), broker.tls_port().to_string());
    let (certificate, key) = (certificates.path("client.pem"), certificates.path("client.key"));
    reaches(&["-p", &port, "--cafile", &ca, "--cert", &certificate, "--key", &key]);
    // With TLS 1.3 a client takes the handshake for done before it is refused.
    fails(&["-p", &port, "--cafile", &ca], "");
    broker.restart_as(asking.tls_1_2_at_most());
    reaches(&["-p", &port, "--cafile", &ca, "--cert", &certificate, "--key", &key]);
    fails(&["-p", &port, "--cafile", &ca, "--tls-version", "tlsv1.2"], "alert");
    fails(&["-p", &port, "--cafile", &ca, "--tls-version", "tlsv1.3"], "protocol version");
}

#[test]
fn a_pre_shared_key_is_asked_for() {
    let broker = Broker::start_as(Setup::open().psk("freeswitch", "c0ffee"));
    let port = broker.tls_port().to_string();
    reaches(&["-p", &port, "--psk-identity", "freeswitch", "--psk", "c0ffee"]);
    fails(&["-p", &port, "--psk-identity", "freeswitch", "--psk", "c0ffef"], "alert");
}

#[test]
fn a_broker_listens_on_a_unix_socket_and_has_an_acl() {
    let rules = "user nobody\ntopic write other/#";
    let mut broker = Broker::start_as(Setup::open().unix_socket());
    let socket = broker.folder().join("socket").display().to_string();
    reaches(&["--unix", &socket]);
    broker.restart_as(Setup::open().acl(rules));
    let port = broker.port().to_string();
    let (_, said) = publish(&["-p", &port, "-q", "1", "-V", "mqttv5"]);
    assert!(said.contains("RC:135"), "{said}");
}

#[test]
fn a_broker_comes_back_with_another_password() {
    let mut broker = Broker::start_private("me", "old");
    let port = broker.port().to_string();
    reaches(&["-p", &port, "-u", "me", "-P", "old"]);
    broker.restart_as(Setup::private("me", "new"));
    fails(&["-p", &port, "-u", "me", "-P", "old"], "not authorised");
    reaches(&["-p", &port, "-u", "me", "-P", "new"]);
}

#[test]
fn a_proxy_passes_refuses_and_passes_again() {
    let broker = Broker::start();
    let proxy = Proxy::start(broker.port());
    let port = proxy.port().to_string();
    reaches(&["-p", &port]);
    proxy.set(Mode::Refuse);
    fails(&["-p", &port], "Connection refused");
    proxy.set(Mode::Pass);
    reaches(&["-p", &port]);
    assert_eq!(proxy.accepted(), 2);
}

#[test]
fn a_proxy_drops_syns_until_it_passes_again() {
    let broker = Broker::start();
    let proxy = Proxy::start(broker.port());
    let address = ([127, 0, 0, 1], proxy.port()).into();
    proxy.set(Mode::DropSyns);
    let error = TcpStream::connect_timeout(&address, Duration::from_millis(300)).expect_err("no answer");
    assert_eq!(error.kind(), ErrorKind::TimedOut);
    proxy.set(Mode::Pass);
    reaches(&["-p", &proxy.port().to_string()]);
}

#[test]
fn a_proxy_that_is_silent_takes_everything_and_answers_nothing() {
    let broker = Broker::start();
    let proxy = Proxy::start(broker.port());
    proxy.set(Mode::Silent);
    let mut stream = TcpStream::connect(("127.0.0.1", proxy.port())).expect("it listens");
    stream.set_read_timeout(Some(Duration::from_millis(200))).expect("a socket");
    stream.write_all(b"\x10\x0c\x00\x04MQTT\x04\x02\x00\x00\x00\x00").expect("it takes bytes");
    assert_eq!(stream.read(&mut [0]).expect_err("no answer").kind(), ErrorKind::WouldBlock);
    eventually("it has accepted", || proxy.accepted() == 1);
    proxy.set(Mode::Pass);
    let end = stream.read(&mut [0]).map_err(|error| error.kind());
    assert!(matches!(end, Ok(0) | Err(ErrorKind::ConnectionReset)), "{end:?}");
}

#[test]
fn a_proxy_that_stalls_lets_the_senders_buffers_fill_up() {
    let broker = Broker::start();
    let proxy = Proxy::start(broker.port());
    let mut stream = TcpStream::connect(("127.0.0.1", proxy.port())).expect("it listens");
    eventually("it has accepted", || proxy.accepted() == 1);
    proxy.set(Mode::Stall);
    stream.set_write_timeout(Some(Duration::from_millis(200))).expect("a socket");
    let block = [0; 65_536];
    // More than any buffer of the kernel's holds.
    let error = (0..1000).find_map(|_| stream.write_all(&block).err()).expect("full buffers");
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
}

#[test]
fn a_proxy_resets_connections_in_the_middle_of_a_packet() {
    let broker = Broker::start();
    let proxy = Proxy::start(broker.port());
    proxy.set(Mode::Cut(100));
    let mut stream = TcpStream::connect(("127.0.0.1", proxy.port())).expect("it listens");
    stream.write_all(b"\x10\x0c\x00\x04MQTT\x04\x02\x00\x00\x00\x00").expect("14 bytes pass");
    stream.read_exact(&mut [0; 4]).expect("the CONNACK");
    stream.write_all(&[0; 200]).expect("a socket that is open");
    assert_eq!(stream.read(&mut [0]).expect_err("a reset").kind(), ErrorKind::ConnectionReset);
}

#[test]
fn a_socks_proxy_is_asked_by_name_and_wants_its_password() {
    let broker = Broker::start();
    let port = broker.port().to_string();
    let (open, private) = (Socks::start(None), Socks::start(Some(("me", "geheim"))));
    let way = format!("socks5h://127.0.0.1:{}", open.port());
    reaches(&["-h", "broker.invalid", "-p", &port, "--proxy", &way]);
    let expected = Asked { host: "broker.invalid".to_owned(), port: broker.port(), credentials: None };
    assert_eq!(open.wait_asked(), expected);
    let way = format!("socks5h://me:geheim@127.0.0.1:{}", private.port());
    reaches(&["-h", "127.0.0.1", "-p", &port, "--proxy", &way]);
    let credentials = Some(("me".to_owned(), "geheim".to_owned()));
    assert_eq!(private.asked(), [Asked { host: "127.0.0.1".to_owned(), credentials, ..expected }]);
    let way = format!("socks5h://me:geraten@127.0.0.1:{}", private.port());
    assert!(!publish(&["-p", &port, "--proxy", &way]).0);
}

#[test]
fn an_intruder_takes_a_client_id_again_and_again() {
    let broker = Broker::start();
    let two = [Intruder::start(broker.port(), "same"), Intruder::start(broker.port(), "same")];
    eventually("each takes it from the other", || two.iter().all(|intruder| intruder.taken() > 2));
}

#[test]
fn a_tls_server_shows_what_it_is_asked_for() {
    let certificates = Certificates::get();
    let server = TlsServer::start(&certificates, &["-alpn", "mqtt"]);
    let mut client = Command::new("mosquitto_pub")
        .args(["-t", "test", "-m", "", "-p", &server.port().to_string(), "--tls-alpn", "mqtt"])
        .args(["--cafile", &certificates.path("ca.pem")])
        .spawn()
        .expect("mosquitto_pub");
    server.wait_said("ALPN protocols selected: mqtt");
    server.wait_said("CIPHER is TLS_AES_");
    client.kill().expect("a client that waits for its CONNACK");
    client.wait().expect("its end");
}

#[test]
fn an_mqtt_5_subscriber_sees_the_properties() {
    let broker = Broker::start();
    let subscriber = Subscriber5::start(broker.port(), "test/#");
    let properties = "-D publish content-type text/plain -D publish payload-format-indicator 1 \
                      -D publish message-expiry-interval 60 -D publish user-property site berlin";
    let mut arguments: Vec<&str> = properties.split_ascii_whitespace().collect();
    let port = broker.port().to_string();
    arguments.extend(["-V", "mqttv5", "-p", &port]);
    reaches(&arguments);
    let message = subscriber.next();
    assert_eq!((message.topic.as_str(), message.payload.as_slice()), ("test/harness", b"hello".as_slice()));
    assert_eq!(message.content_type.as_deref(), Some("text/plain"));
    assert_eq!((message.payload_format, message.expiry, message.retain), (Some(1), Some(60), false));
    assert_eq!(message.user_properties, [("site".to_owned(), "berlin".to_owned())]);
}
