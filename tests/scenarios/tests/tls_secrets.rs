//! Pre-shared keys, files with secrets, and a `<tls>` that does not add up: nothing ever goes in the clear.

use scenarios::{
    Broker, Certificates, Config, Identity, KEY_PASSWORD, Setup, Silent, Switch, eventually, file,
};

const KEY: &str = "00c0ffee00beef";

/// `support`, what else is in the `<tls>`, and what status says of it.
type Row<'a> = (&'a str, Vec<(&'a str, &'a str)>, &'a str);

/// A connection to `localhost` with this `<tls>`, which is enabled.
fn secure(port: u16, support: &str, tls: &[(&str, &str)]) -> Config {
    let tls = [&[("enable", "true"), ("support", support)], tls].concat();
    Config::default().connection_with("broker1", port, &[("host", "localhost")], &[("tls", &tls)])
}

#[test]
fn a_pre_shared_key_is_as_good_in_a_file() {
    for old in [false, true] {
        let setup = Setup::open().psk("freeswitch", KEY);
        let broker = Broker::start_as(if old { setup.tls_1_2_at_most() } else { setup });
        let folder = tempfile::tempdir().expect("a folder");
        let path = file(folder.path(), "key", format!("{KEY}\n").as_bytes(), 0o600);
        for secret in [("psk", KEY), ("psk_file", path.as_str())] {
            let config = secure(broker.tls_port(), "psk", &[("identity", "freeswitch"), secret]);
            let mut switch = Switch::load(&config);
            switch.wait_connected("broker1");
            assert_eq!(switch.complaints(), [""; 0]);
            assert!(!switch.command("mosquitto status").contains(KEY));
        }
    }
}

#[test]
fn a_wrong_key_and_an_unknown_identity_are_refused() {
    let broker = Broker::start_as(Setup::open().psk("freeswitch", KEY));
    for wrong in
        [[("identity", "freeswitch"), ("psk", "00c0ffee00beee")], [("identity", "who"), ("psk", KEY)]]
    {
        let mut switch = Switch::load(&secure(broker.tls_port(), "psk", &wrong));
        eventually("it is refused", || {
            switch.state("broker1").starts_with("waiting: the broker ended TLS: ")
        });
    }
}

#[test]
fn a_broker_with_a_certificate_is_no_broker_with_the_key() {
    let certificates = Certificates::get();
    let broker = Broker::start_as(Setup::open().tls(&certificates, Identity::Right));
    let tls = [("identity", "freeswitch"), ("psk", KEY)];
    let mut switch = Switch::load(&secure(broker.tls_port(), "psk", &tls));
    eventually("it is refused", || switch.state("broker1").starts_with("waiting: "));
    assert!(!broker.log().contains("New client connected"), "{}", broker.log());
}

#[test]
fn files_with_secrets_that_others_can_read_are_warned_of_at_each_load() {
    let certificates = Certificates::get();
    let folder = tempfile::tempdir().expect("a folder");
    let read = |name: &str| std::fs::read(certificates.path(name)).expect("a file");
    let key = file(folder.path(), "client.key", &read("client-encrypted.key"), 0o644);
    let password = file(folder.path(), "password", KEY_PASSWORD.as_bytes(), 0o644);
    let psk = file(folder.path(), "psk", KEY.as_bytes(), 0o644);
    let (ca, certificate) = (certificates.path("ca.pem"), certificates.path("client.pem"));
    let by_certificate = [
        ("cafile", ca.as_str()),
        ("certfile", &certificate),
        ("keyfile", &key),
        ("keyfile_password_file", &password),
    ];
    let by_key = [("identity", "freeswitch"), ("psk_file", psk.as_str())];
    let brokers = [
        Broker::start_as(Setup::open().tls(&certificates, Identity::Right).require_certificate()),
        Broker::start_as(Setup::open().psk("freeswitch", KEY)),
    ];
    let key_files = [("keyfile", &key), ("keyfile_password_file", &password)];
    let config = |support, tls, port| secure(port, support, tls);
    for (config, files) in [
        (config("certificate", &by_certificate[..], brokers[0].tls_port()), &key_files[..]),
        (config("psk", &by_key, brokers[1].tls_port()), &[("psk_file", &psk)]),
    ] {
        let mut switch = Switch::load(&config);
        for load in 1..=2 {
            switch.wait_connected("broker1");
            let complaints = switch.complaints();
            for (parameter, path) in files {
                let warning =
                    format!("{parameter} \"{path}\" can be read by others (mode 0644): chmod o-r it");
                let count = complaints.iter().filter(|line| line.contains(&warning)).count();
                assert_eq!(count, load, "{warning}\n{complaints:?}");
            }
            assert_eq!(complaints.len(), load * files.len(), "{complaints:?}");
            switch.unload_module();
            switch.load_module();
        }
    }
}

/// Nobody is ever connected to, not even by someone who insists.
#[test]
fn a_tls_that_does_not_add_up_is_no_reason_to_try() {
    let certificates = Certificates::get();
    let folder = tempfile::tempdir().expect("a folder");
    let (ca, certificate) = (certificates.path("ca.pem"), certificates.path("client.pem"));
    let (key, encrypted) = (certificates.path("client.key"), certificates.path("client-encrypted.key"));
    let strange = certificates.of(Identity::Right).1;
    let rubbish = file(folder.path(), "rubbish", b"no certificate\n", 0o600);
    let gone = folder.path().join("gone").display().to_string();
    let mine = |key| vec![("cafile", ca.as_str()), ("certfile", certificate.as_str()), ("keyfile", key)];
    let with = |key, more: &[(&'static str, &'static str)]| [mine(key), more.to_vec()].concat();
    let rows: [Row<'_>; 15] = [
        ("", vec![("cafile", &ca)], "support"),
        ("certificate", vec![("cafile", &gone)], "cafile"),
        ("certificate", vec![("cafile", &rubbish)], "cafile"),
        ("certificate", vec![("capath", &gone)], "capath"),
        ("certificate", vec![("cafile", &ca), ("certfile", &certificate)], "keyfile"),
        ("certificate", vec![("cafile", &ca), ("keyfile", &key)], "certfile"),
        ("certificate", mine(&gone), "keyfile"),
        ("certificate", mine(&strange), "is not the key of certfile"),
        ("certificate", mine(&encrypted), "is encrypted: set keyfile_password"),
        ("certificate", with(&encrypted, &[("keyfile_password", "geraten")]), "does not open keyfile"),
        (
            "certificate",
            vec![("cafile", &ca), ("advanced_options", "true"), ("opts_ciphers", "NONSENSE")],
            "opts_ciphers",
        ),
        ("psk", vec![("identity", "freeswitch")], "psk"),
        ("psk", vec![("psk", KEY)], "identity"),
        ("psk", vec![("identity", "freeswitch"), ("psk_file", &gone)], "psk_file"),
        ("psk", vec![("identity", "freeswitch"), ("psk_file", &rubbish)], "psk_file"),
    ];
    let silent = Silent::start();
    let broker = Broker::start();
    for (support, tls, why) in rows {
        let config = secure(silent.port(), support, &tls).connection("other", broker.port(), &[]);
        let mut switch = Switch::load(&config);
        switch.wait_connected("other");
        let state = switch.state("broker1");
        assert!(state.starts_with("failed: tls: ") && state.contains(why), "{why:?} is not in {state:?}");
        switch.command("mosquitto connect profile default connection broker1");
        assert_eq!(switch.state("broker1"), state);
        switch.shutdown();
        assert_eq!(silent.accepted(), 0, "{why}");
    }
}
