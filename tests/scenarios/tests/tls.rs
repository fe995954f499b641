//! What each parameter of `<tls>` does.

use scenarios::{
    Broker, Certificates, Config, Identity, KEY_PASSWORD, Process, Setup, Silent, Socks, Switch, TlsServer,
    eventually, file,
};

const CERTIFICATE: [(&str, &str); 2] = [("enable", "true"), ("support", "certificate")];

type Params<'a> = &'a [(&'a str, &'a str)];

/// A connection to `localhost` with this `<tls>`, and what is in it beside `enable` and `support`.
fn secure(port: u16, tls: Params<'_>) -> Config {
    let params = [("host", "localhost"), ("client_id", "secure")];
    let tls = [&CERTIFICATE, tls].concat();
    Config::default().connection_with("broker1", port, &params, &[("tls", &tls)])
}

fn with_right_certificate(certificates: &Certificates) -> Broker {
    Broker::start_as(Setup::open().tls(certificates, Identity::Right))
}

/// Connects, without a word of complaint.
fn connects(config: &Config) {
    let mut switch = Switch::load(config);
    switch.wait_connected("broker1");
    assert_eq!(switch.complaints(), [""; 0]);
}

/// Is refused, and waits for its next attempt, for this reason.
fn waits(config: &Config, why: &str) {
    Switch::load(config).wait_state("broker1", &[&format!("waiting: {why}")]);
}

#[test]
fn cafile_and_capath_say_whom_to_trust() {
    let certificates = Certificates::get();
    let broker = with_right_certificate(&certificates);
    let (ca, hashed) = (certificates.path("ca.pem"), certificates.path("hashed"));
    let stranger = certificates.path("stranger-ca.pem");
    connects(&secure(broker.tls_port(), &[("cafile", &ca)]));
    connects(&secure(broker.tls_port(), &[("capath", &hashed)]));
    connects(&secure(broker.tls_port(), &[("cafile", &stranger), ("capath", &hashed)]));
    let why = "the broker's certificate is refused: unable to get local issuer certificate";
    waits(&secure(broker.tls_port(), &[("cafile", &stranger)]), why);
}

#[test]
fn without_cafile_and_capath_the_systems_cas_are_trusted() {
    let certificates = Certificates::get();
    let broker = with_right_certificate(&certificates);
    let xml = secure(broker.tls_port(), &[]).xml();
    let nowhere = certificates.path("hashed") + "/client.pem";
    for (ca, expected) in [
        (certificates.path("ca.pem"), "connected"),
        (
            certificates.path("stranger-ca.pem"),
            "waiting: the broker's certificate is refused: unable to get local issuer certificate",
        ),
    ] {
        let system = [("SSL_CERT_FILE", ca.as_str()), ("SSL_CERT_DIR", nowhere.as_str())];
        let mut switch = Switch::start_module(scenarios::module(), &xml, &[], &system);
        assert_eq!(switch.load_module(), "+OK Reloading XML\n+OK\n");
        switch.wait_state("broker1", &[expected]);
    }
}

#[test]
fn a_client_certificate_is_shown_and_its_key_may_be_encrypted() {
    let certificates = Certificates::get();
    let broker = Broker::start_as(
        Setup::open()
            .tls(&certificates, Identity::Right)
            .require_certificate()
            .tls_line("use_identity_as_username true"),
    );
    let folder = tempfile::tempdir().expect("a folder");
    let secret = file(folder.path(), "password", format!("{KEY_PASSWORD}\n").as_bytes(), 0o600);
    let (ca, certificate) = (certificates.path("ca.pem"), certificates.path("client.pem"));
    let (key, encrypted) = (certificates.path("client.key"), certificates.path("client-encrypted.key"));
    let with = |key: &[(&str, &str)]| {
        let all = [&[("cafile", ca.as_str()), ("certfile", &certificate)], key].concat();
        secure(broker.tls_port(), &all)
    };
    connects(&with(&[("keyfile", &key)]));
    connects(&with(&[("keyfile", &encrypted), ("keyfile_password", KEY_PASSWORD)]));
    connects(&with(&[("keyfile", &encrypted), ("keyfile_password_file", &secret)]));
    // The common name of the certificate.
    assert_eq!(broker.log().matches("u'freeswitch'").count(), 3, "{}", broker.log());
}

#[test]
fn the_version_is_at_least_the_one_that_is_asked_for() {
    let certificates = Certificates::get();
    let limited = Setup::open().tls(&certificates, Identity::Right);
    let newer = Broker::start_as(limited.clone().tls_line("tls_version tlsv1.3"));
    let older = Broker::start_as(limited.tls_1_2_at_most());
    let ca = certificates.path("ca.pem");
    let tls = |version| [("cafile", ca.as_str()), ("advanced_options", "true"), ("version", version)];
    connects(&secure(newer.tls_port(), &tls("tlsv1.3")));
    connects(&secure(newer.tls_port(), &tls("tlsv1.2")));
    connects(&secure(older.tls_port(), &tls("tlsv1.2")));
    waits(&secure(older.tls_port(), &tls("tlsv1.3")), "the broker ended TLS: protocol version (70)");
}

#[test]
fn the_server_sees_the_ciphers_and_the_protocol_that_are_asked_for() {
    let certificates = Certificates::get();
    let ca = certificates.path("ca.pem");
    let server = TlsServer::start(&certificates, &["-alpn", "mqtt", "-tls1_2"]);
    let tls = [
        ("cafile", ca.as_str()),
        ("alpn", "mqtt"),
        ("advanced_options", "true"),
        ("opts_ciphers", "ECDHE-ECDSA-CHACHA20-POLY1305"),
    ];
    let _switch = Switch::load(&secure(server.port(), &tls));
    server.wait_said("ALPN protocols selected: mqtt");
    server.wait_said("CIPHER is ECDHE-ECDSA-CHACHA20-POLY1305");
}

#[test]
fn a_protocol_or_a_cipher_that_the_server_does_not_have_is_refused() {
    let certificates = Certificates::get();
    let ca = certificates.path("ca.pem");
    let server = TlsServer::start(&certificates, &["-alpn", "mqtt"]);
    let tls = [("cafile", ca.as_str()), ("alpn", "x-amzn-mqtt-ca")];
    waits(&secure(server.port(), &tls), "the broker ended TLS: no application protocol");
    let ciphers = ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"];
    let server = TlsServer::start(&certificates, &ciphers);
    let tls = [
        ("cafile", ca.as_str()),
        ("advanced_options", "true"),
        ("opts_ciphers", "ECDHE-ECDSA-AES256-GCM-SHA384"),
    ];
    waits(&secure(server.port(), &tls), "the broker ended TLS: handshake failure (40)");
}

#[test]
fn advanced_options_can_leave_the_certificate_unverified_with_a_warning() {
    let certificates = Certificates::get();
    let broker = Broker::start_as(Setup::open().tls(&certificates, Identity::Stranger));
    let ca = certificates.path("ca.pem");
    let tls = [("cafile", ca.as_str()), ("cert_reqs", "SSL_VERIFY_NONE"), ("advanced_options", "true")];
    let mut switch = Switch::load(&secure(broker.tls_port(), &tls));
    switch.wait_connected("broker1");
    switch.wait_log("cert_reqs is SSL_VERIFY_NONE: the broker's certificate is not verified");
    let why = "the broker's certificate is refused: unable to get local issuer certificate";
    waits(&secure(broker.tls_port(), &tls[..2]), why);
}

#[test]
fn insecure_takes_a_certificate_for_another_name_and_warns_at_each_load() {
    let certificates = Certificates::get();
    let mut broker = Broker::start_as(Setup::open().tls(&certificates, Identity::WrongName));
    let ca = certificates.path("ca.pem");
    let tls = [("cafile", ca.as_str()), ("insecure", "true")];
    let mut switch = Switch::load(&secure(broker.tls_port(), &tls));
    for load in 1..=2 {
        switch.wait_connected("broker1");
        let warning = "insecure is true: the name in the broker's certificate is not verified";
        let warnings = switch.complaints().iter().filter(|line| line.contains(warning)).count();
        assert_eq!(warnings, load);
        switch.unload_module();
        switch.load_module();
    }
    // The rest of the certificate is verified all the same.
    broker.restart_as(Setup::open().tls(&certificates, Identity::Expired));
    let why = "the broker's certificate is refused: certificate has expired";
    waits(&secure(broker.tls_port(), &tls), why);
}

#[test]
fn a_broker_that_staples_no_ocsp_answer_is_refused_where_one_is_required() {
    let certificates = Certificates::get();
    let broker = with_right_certificate(&certificates);
    let ca = certificates.path("ca.pem");
    let why = "the broker gives no valid OCSP answer for its certificate (ocsp_required)";
    waits(&secure(broker.tls_port(), &[("cafile", &ca), ("ocsp_required", "true")]), why);
}

#[test]
fn the_port_of_tls_is_the_one_that_counts() {
    let certificates = Certificates::get();
    let broker = with_right_certificate(&certificates);
    let silent = Silent::start();
    let (ca, port) = (certificates.path("ca.pem"), broker.tls_port().to_string());
    connects(&secure(silent.port(), &[("cafile", &ca), ("port", &port)]));
    assert_eq!(silent.accepted(), 0);
}

#[test]
fn a_name_is_verified_behind_a_socks5_proxy_too() {
    let certificates = Certificates::get();
    let broker = with_right_certificate(&certificates);
    let socks = Socks::start(None);
    let (ca, port) = (certificates.path("ca.pem"), socks.port().to_string());
    let tls = [&CERTIFICATE[..], &[("cafile", ca.as_str())]].concat();
    let by = |host| {
        let params = [("host", host), ("socks5_host", "127.0.0.1"), ("socks5_port", port.as_str())];
        Config::default().connection_with("broker1", broker.tls_port(), &params, &[("tls", &tls)])
    };
    connects(&by("localhost"));
    let why = "the broker's certificate is refused: hostname mismatch: it is not for \"broker.invalid\"";
    waits(&by("broker.invalid"), why);
}

#[test]
fn a_broker_that_speaks_no_tls_is_refused_and_does_not_spin() {
    let certificates = Certificates::get();
    let broker = Broker::start();
    let ca = certificates.path("ca.pem");
    let mut switch = Switch::load(&secure(broker.port(), &[("cafile", &ca)]));
    eventually("it waits", || switch.state("broker1").starts_with("waiting: "));
    let before = Process::cpu_time(switch.pid());
    std::thread::sleep(std::time::Duration::from_secs(1));
    let used = Process::cpu_time(switch.pid()) - before;
    assert!(used.as_millis() <= 20, "{used:?}");
    assert_eq!(switch.account().published, 0);
    assert!(!broker.log().contains(" as secure ("), "{}", broker.log());
}
