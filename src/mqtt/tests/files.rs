//! What is said of files of TLS that are no good.

use super::certificates::Certificates;
use super::*;

/// Why there is no client with this certificate, this key and this password.
fn identity(certificate: &str, key: &str, password: Option<&str>) -> String {
    let mut tls = trusting(&Certificates::get().path("ca.pem"));
    let TlsIdentity::Certificate { certfile, keyfile, keyfile_password, .. } = &mut tls.identity else {
        panic!()
    };
    (*certfile, *keyfile) = (Some(text(certificate)), Some(text(key)));
    *keyfile_password = password.map(text);
    refused(tls)
}

fn refused(tls: TlsOptions) -> String {
    let made = Client::new(&with_tls(tls), Arc::new(Record::default()), Arc::new(Library::init()));
    let why = made.err().expect("a client that cannot be");
    why.strip_prefix("tls: ").expect("its place").to_owned()
}

#[test]
fn a_file_that_is_not_there() {
    let made = Certificates::get();
    let (certificate, key) = (made.path("client.pem"), made.path("client.key"));
    assert_eq!(refused(trusting("/no/ca")), "cafile \"/no/ca\": No such file or directory");
    assert_eq!(identity("/no/x", &key, None), "certfile \"/no/x\": No such file or directory");
    assert_eq!(identity(&certificate, "/no/x", None), "keyfile \"/no/x\": No such file or directory");
    assert_eq!(identity(&certificate, "/", None), "keyfile \"/\": Is a directory");
    let mut tls = trusting("");
    let TlsIdentity::Certificate { cafile, capath, .. } = &mut tls.identity else { panic!() };
    (*cafile, *capath) = (None, Some(text("/etc/passwd")));
    assert_eq!(refused(tls), "capath \"/etc/passwd\": Not a directory");
}

#[test]
fn a_file_of_something_else() {
    let made = Certificates::get();
    let (certificate, key) = (made.path("client.pem"), made.path("client.key"));
    let rubbish = made.path("rubbish");
    std::fs::write(&rubbish, "rubbish\n").expect("a file");
    let said = refused(trusting(&rubbish));
    assert!(said.starts_with(&format!("cafile \"{rubbish}\": no ")), "{said}");
    let said = identity(&rubbish, &key, None);
    assert!(said.starts_with(&format!("certfile \"{rubbish}\": ")), "{said}");
    let said = identity(&certificate, &rubbish, None);
    assert!(said.starts_with(&format!("keyfile \"{rubbish}\": ")), "{said}");
}

#[test]
fn a_key_of_another_certificate() {
    let made = Certificates::get();
    let (certificate, key) = (made.path("client.pem"), made.path("localhost.key"));
    let expected = format!("keyfile \"{key}\" is not the key of certfile \"{certificate}\"");
    assert_eq!(identity(&certificate, &key, None), expected);
}

#[test]
fn a_key_that_is_encrypted() {
    let made = Certificates::get();
    let (certificate, key) = (made.path("client.pem"), made.path("locked.key"));
    assert_eq!(
        identity(&certificate, &key, None),
        format!("keyfile \"{key}\" is encrypted: set keyfile_password")
    );
    assert_eq!(
        identity(&certificate, &key, Some("mellon")),
        format!("keyfile_password does not open keyfile \"{key}\"")
    );
}

#[test]
fn a_certificate_without_its_key() {
    let mut tls = trusting(&Certificates::get().path("ca.pem"));
    let TlsIdentity::Certificate { certfile, .. } = &mut tls.identity else { panic!() };
    *certfile = Some(text("/x"));
    assert_eq!(refused(tls), "certfile needs keyfile");
}

#[test]
fn ciphers_that_nobody_knows() {
    let ciphers = Some(text("HIEROGLYPHS"));
    let tls = TlsOptions { ciphers: ciphers.clone(), ..trusting(&Certificates::get().path("ca.pem")) };
    assert_eq!(refused(tls), "opts_ciphers \"HIEROGLYPHS\": no cipher matches");
    let identity = TlsIdentity::Psk { key: text("00"), identity: text("x") };
    let tls = TlsOptions { identity, ciphers, ..trusting("") };
    assert_eq!(refused(tls), "psk_ciphers \"HIEROGLYPHS\": no cipher matches");
}

#[test]
fn the_system_s_authorities_are_the_default() {
    let mut tls = trusting("");
    let TlsIdentity::Certificate { cafile, .. } = &mut tls.identity else { panic!() };
    *cafile = None;
    client(&with_tls(tls));
}

#[test]
fn a_file_that_goes_away_fails_the_next_attempt_alone() {
    let made = Certificates::get();
    let folder = tempfile::tempdir().expect("a folder");
    let copy = folder.path().join("ca.pem");
    let install = || std::fs::copy(made.path("ca.pem"), &copy).expect("a copy");
    install();
    let broker = super::broker::Broker::with_certificate("localhost", "");
    let (record, client) = client(&with_tls(trusting(&copy.display().to_string())));
    let target = target("localhost", broker.port);
    std::fs::remove_file(&copy).expect("the copy");
    assert_eq!(attempt(&record, &client, &target, PATIENCE), Err(Error::Tls));
    let expected = format!("cafile \"{}\": No such file or directory", copy.display());
    assert_eq!(client.take_reason(), Some(expected));
    install();
    attempt(&record, &client, &target, PATIENCE).expect("an orderly end");
    assert!(record.is_accepted());
}

#[test]
fn secrets_are_never_shown() {
    let mut tls = trusting("/x");
    let TlsIdentity::Certificate { keyfile_password, .. } = &mut tls.identity else { panic!() };
    *keyfile_password = Some(text("hush-1"));
    let psk = TlsOptions {
        identity: TlsIdentity::Psk { key: text("c0ffee"), identity: text("client") },
        ..tls.clone()
    };
    let socks5 = Socks5Options { port: 1080, username: Some(text("user")), password: Some(text("hush-2")) };
    for tls in [tls, psk] {
        let options = Options {
            credentials: Some((text("user"), Some(text("hush-3")))),
            socks5: Some(socks5.clone()),
            ..with_tls(tls)
        };
        let shown = format!("{options:?}");
        assert!(shown.contains("user") && !shown.contains("hush") && !shown.contains("c0ffee"), "{shown}");
    }
}
