//! `<tls>`.

use super::*;

/// The `<tls>` of a connection and what is said about it. It is refused if one of the problems says so.
fn with_tls(list: &[(&str, &str)]) -> (Tls, Vec<String>) {
    let (connection, problems) = with_connection(&format!("<tls>{}</tls>", params(list)));
    let reason = problems.iter().find(|problem| problem.contains("the connection is not made"));
    assert_eq!(connection.refused.as_ref(), reason);
    (connection.tls, problems)
}

/// An enabled one.
fn enabled(support: &str, list: &[(&str, &str)]) -> (Tls, Vec<String>) {
    with_tls(&[&[("enable", "true"), ("support", support)], list].concat())
}

#[test]
fn every_parameter_of_tls_is_read() {
    let (tls, problems) = with_tls(&[
        ("enable", "false"),
        ("support", "certificate"),
        ("port", "8883"),
        ("cafile", "ca.pem"),
        ("capath", "/ca"),
        ("certfile", "c.pem"),
        ("keyfile", "k.pem"),
        ("keyfile_password", "sekrit"),
        ("keyfile_password_file", "/kp"),
        ("alpn", "mqtt"),
        ("ocsp_required", "true"),
        ("insecure", "true"),
        ("advanced_options", "true"),
        ("cert_reqs", "ssl_verify_none"),
        ("version", "TLSv1.3"),
        ("opts_ciphers", "HIGH"),
        ("psk", "00aaFF"),
        ("psk_file", "/psk"),
        ("identity", "me"),
        ("psk_ciphers", "PSK"),
    ]);
    assert_eq!(problems, NONE);
    assert_eq!(
        tls,
        Tls {
            enable: false,
            support: Some(TlsSupport::Certificate),
            port: Some(8883),
            cafile: Some("ca.pem".to_owned()),
            capath: Some("/ca".to_owned()),
            certfile: Some("c.pem".to_owned()),
            keyfile: Some("k.pem".to_owned()),
            keyfile_password: Some(Secret::new("sekrit")),
            keyfile_password_file: Some("/kp".to_owned()),
            alpn: Some("mqtt".to_owned()),
            ocsp_required: true,
            insecure: true,
            advanced_options: true,
            cert_reqs: CertReqs::VerifyNone,
            version: Some(TlsVersion::V13),
            opts_ciphers: Some("HIGH".to_owned()),
            psk: Some(Secret::new("00aaFF")),
            psk_file: Some("/psk".to_owned()),
            identity: Some("me".to_owned()),
            psk_ciphers: Some("PSK".to_owned()),
        }
    );
}

#[test]
fn an_enabled_tls_keeps_what_adds_up() {
    let list = [
        ("capath", "/ca"),
        ("certfile", "c.pem"),
        ("keyfile", "k.pem"),
        ("keyfile_password_file", "/kp"),
        ("alpn", "mqtt"),
        ("ocsp_required", "true"),
        ("advanced_options", "true"),
        ("version", "tlsv1.2"),
        ("opts_ciphers", "HIGH"),
    ];
    let (tls, problems) = enabled("certificate", &list);
    assert_eq!(problems, NONE);
    assert_eq!(
        Tls { enable: false, ..tls },
        with_tls(&[&[("support", "certificate")], &list[..]].concat()).0
    );
    let list = [("psk_file", "/psk"), ("identity", "me"), ("psk_ciphers", "PSK"), ("alpn", "mqtt")];
    let (tls, problems) = enabled("psk", &list);
    assert_eq!(problems, NONE);
    assert_eq!(Tls { enable: false, ..tls }, with_tls(&[&[("support", "psk")], &list[..]].concat()).0);
}

#[test]
fn empty_values_are_not_set() {
    let names = ["support", "port", "cafile", "capath", "certfile", "keyfile", "cert_reqs", "version"];
    let others = ["opts_ciphers", "psk", "identity", "psk_ciphers"];
    let list: Vec<_> = names.into_iter().chain(others).map(|name| (name, "")).collect();
    assert_eq!(with_tls(&list), (Tls::default(), vec![]));
    assert_eq!(Tls::default().cert_reqs, CertReqs::VerifyPeer);
}

#[test]
fn the_misspelling_pks_is_psk() {
    let (tls, problems) =
        with_tls(&[("enable", "true"), ("support", "pks"), ("psk", "aa"), ("identity", "me")]);
    assert_eq!((tls.support, problems), (Some(TlsSupport::Psk), vec![]));
}

#[test]
fn enable_with_a_support_as_its_value_means_both() {
    let (tls, problems) = with_tls(&[("enable", "Certificate"), ("cafile", "ca.pem")]);
    assert_eq!((tls.enable, tls.support, problems), (true, Some(TlsSupport::Certificate), vec![]));
    // The documentation's own example has both.
    let (tls, problems) = with_tls(&[("enable", "true"), ("enable", "certificate"), ("cafile", "ca.pem")]);
    assert_eq!((tls.enable, tls.support, problems), (true, Some(TlsSupport::Certificate), vec![]));
    let (tls, problems) = with_tls(&[("enable", "psk"), ("psk", "aa"), ("identity", "me")]);
    assert_eq!((tls.enable, tls.support, problems), (true, Some(TlsSupport::Psk), vec![]));
}

#[test]
fn of_two_supports_the_last_one_counts_and_it_is_said() {
    let (tls, problems) = with_tls(&[("enable", "psk"), ("support", "certificate"), ("cafile", "ca.pem")]);
    assert_eq!(tls.support, Some(TlsSupport::Certificate));
    assert_eq!(problems, ["tls: support is there more than once: the last one counts"]);
}

#[test]
fn tls_that_is_off_need_not_make_sense() {
    assert_eq!(with_tls(&[("certfile", "c.pem"), ("support", "psk")]).1, NONE);
}

#[test]
fn enabled_tls_needs_a_support() {
    let (_, problems) = with_tls(&[("enable", "true")]);
    assert_eq!(
        problems,
        ["tls: support is not set, the connection is not made: set it to certificate or psk"]
    );
    let (tls, problems) = with_tls(&[("enable", "true"), ("support", "magic")]);
    assert_eq!(tls.support, None);
    assert_eq!(
        problems,
        [
            "tls: support \"magic\" is not certificate or psk: ignored",
            "tls: support is not set, the connection is not made: set it to certificate or psk",
        ]
    );
}

#[test]
fn without_a_cafile_or_a_capath_the_systems_cas_are_trusted() {
    let (tls, problems) = enabled("certificate", &[]);
    assert_eq!((tls.cafile, tls.capath, problems), (None, None, vec![]));
}

#[test]
fn a_client_certificate_without_its_key_or_the_reverse_is_no_connection() {
    for (one, other) in [("certfile", "keyfile"), ("keyfile", "certfile")] {
        let (_, problems) = enabled("certificate", &[(one, "x.pem")]);
        let said = format!("tls: {one} is set without {other}, the connection is not made: set both");
        assert_eq!(problems, [said]);
    }
}

#[test]
fn a_key_may_be_encrypted() {
    let key = [("certfile", "c.pem"), ("keyfile", "k.pem")];
    let (tls, problems) = enabled("certificate", &[&key[..], &[("keyfile_password", "sekrit")]].concat());
    assert_eq!((tls.keyfile_password, problems), (Some(Secret::new("sekrit")), vec![]));
    let both = [("keyfile_password", "sekrit"), ("keyfile_password_file", "/kp")];
    let (tls, problems) = enabled("certificate", &[key, both].concat());
    assert_eq!((tls.keyfile_password, tls.keyfile_password_file.as_deref()), (None, Some("/kp")));
    let said =
        "tls: keyfile_password and keyfile_password_file are both set, the file counts: set one of them";
    assert_eq!(problems, [said]);
}

#[test]
fn the_password_of_no_key_is_ignored() {
    for name in ["keyfile_password", "keyfile_password_file"] {
        let (tls, problems) = enabled("certificate", &[(name, "x")]);
        assert_eq!((tls.keyfile_password, tls.keyfile_password_file), (None, None));
        assert_eq!(problems, [format!("tls: {name} without keyfile is ignored: set keyfile")]);
    }
}

#[test]
fn a_pre_shared_key_is_hexadecimal_and_has_an_identity() {
    let said = |more: &[(&str, &str)]| enabled("psk", more).1;
    assert_eq!(said(&[("psk", "aa"), ("identity", "me")]), NONE);
    assert_eq!(said(&[("psk_file", "/psk"), ("identity", "me")]), NONE);
    let none = "tls: neither psk nor psk_file is set, the connection is not made: set one of them";
    assert_eq!(said(&[]), [none]);
    let alone = "tls: identity is not set, the connection is not made: set identity";
    assert_eq!(said(&[("psk", "aa")]), [alone]);
    assert_eq!(said(&[("psk_file", "/psk")]), [alone]);
    let long = "a".repeat(1026);
    for (key, what) in [
        ("0xaa", "is not hexadecimal (0-9, a-f, no 0x)"),
        ("sekrit", "is not hexadecimal (0-9, a-f, no 0x)"),
        ("abc", "has an odd number of digits"),
        (&long, "has more than 1024 digits"),
    ] {
        let problem = format!("tls: psk {what} and is ignored: set it in hexadecimal");
        assert_eq!(said(&[("psk", key), ("identity", "me")]), [problem.as_str(), none]);
    }
    assert_eq!(said(&[("psk", &long[2..]), ("identity", &"x".repeat(255))]), NONE);
    let identity = "tls: identity is longer than 255 bytes, the connection is not made: choose another";
    assert_eq!(said(&[("psk", "aa"), ("identity", &"x".repeat(256))]), [identity]);
}

#[test]
fn of_a_pre_shared_key_and_a_file_with_it_the_file_counts() {
    let (tls, problems) = enabled("psk", &[("psk", "aa"), ("psk_file", "/psk"), ("identity", "me")]);
    assert_eq!((tls.psk, tls.psk_file.as_deref()), (None, Some("/psk")));
    assert_eq!(problems, ["tls: psk and psk_file are both set, the file counts: set one of them"]);
}

#[test]
fn the_content_of_a_file_is_a_key_by_the_same_rules() {
    assert_eq!(pre_shared_key("00aaFF"), Ok(Secret::new("00aaFF")));
    assert_eq!(pre_shared_key(""), Err("is empty"));
    assert_eq!(pre_shared_key("aa\n"), Err("is not hexadecimal (0-9, a-f, no 0x)"));
}

#[test]
fn what_belongs_to_the_other_support_is_ignored_and_said_once() {
    let certificates = [
        ("cafile", "ca.pem"),
        ("capath", "/ca"),
        ("certfile", "c.pem"),
        ("keyfile", "k.pem"),
        ("keyfile_password", "sekrit"),
        ("keyfile_password_file", "/kp"),
        ("ocsp_required", "true"),
        ("insecure", "true"),
        ("cert_reqs", "SSL_VERIFY_NONE"),
        ("opts_ciphers", "HIGH"),
    ];
    let psk = [("psk", "aa"), ("psk_file", "/psk"), ("identity", "me"), ("psk_ciphers", "PSK")];
    let names =
        |list: &[(&'static str, &str)]| list.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let (tls, problems) = enabled("certificate", &psk);
    assert_eq!((tls, problems.len()), (enabled("certificate", &[]).0, 1));
    assert_eq!(problems, [format!("tls: no part of support certificate and ignored: {}", names(&psk))]);
    let (tls, problems) = enabled("psk", &[&certificates[..], &psk[1..3]].concat());
    assert_eq!(tls, enabled("psk", &psk[1..3]).0);
    assert_eq!(problems, [format!("tls: no part of support psk and ignored: {}", names(&certificates))]);
    let defaults = [("cert_reqs", "SSL_VERIFY_PEER"), ("insecure", "false"), ("ocsp_required", "false")];
    assert_eq!(enabled("psk", &[&defaults[..], &psk[1..3]].concat()).1, NONE);
}

#[test]
fn a_broker_whose_name_does_not_matter_is_warned_of() {
    let (tls, problems) = enabled("certificate", &[("insecure", "true")]);
    assert!(tls.insecure);
    let said = "tls: insecure is true: the name in the broker's certificate is not verified, anybody with a \
                certificate of a trusted CA may pose as the broker: set it to false";
    assert_eq!(problems, [said]);
}

#[test]
fn a_broker_whose_certificate_does_not_matter_is_warned_of() {
    let none = ("cert_reqs", "SSL_VERIFY_NONE");
    let (_, problems) = enabled("certificate", &[none, ("advanced_options", "true")]);
    let said = "tls: cert_reqs is SSL_VERIFY_NONE: the broker's certificate is not verified, anybody may pose as the \
                broker: set it to SSL_VERIFY_PEER";
    assert_eq!(problems, [said]);
    let (_, problems) = enabled("certificate", &[none]);
    let said = "tls: cert_reqs SSL_VERIFY_NONE has no effect without advanced_options, the broker's certificate is \
                verified: set it to SSL_VERIFY_PEER";
    assert_eq!(problems, [said]);
}

#[test]
fn what_counts_only_with_advanced_options_is_said_without_them() {
    let list = [("version", "tlsv1.3"), ("opts_ciphers", "HIGH")];
    let (_, problems) = enabled("certificate", &list);
    let said = list.map(|(name, _)| {
        format!("tls: {name} has no effect without advanced_options: set advanced_options to true")
    });
    assert_eq!(problems, said);
}

#[test]
fn the_protocol_that_is_asked_for_has_254_bytes_at_most() {
    let longest = "x".repeat(254);
    let (tls, problems) = enabled("certificate", &[("alpn", &longest)]);
    assert_eq!((tls.alpn, problems), (Some(longest.clone()), vec![]));
    let (_, problems) = enabled("certificate", &[("alpn", &format!("{longest}x"))]);
    let said = "tls: alpn is longer than 254 bytes, the connection is not made: choose another";
    assert_eq!(problems, [said]);
}

#[test]
fn unknown_words_and_ports_are_ignored_and_verification_stays_on() {
    let (tls, problems) = with_tls(&[("version", "tlsv1.1"), ("cert_reqs", "none"), ("port", "70000")]);
    assert_eq!((tls.version, tls.cert_reqs, tls.port), (None, CertReqs::VerifyPeer, None));
    assert_eq!(
        problems,
        [
            "tls: version \"tlsv1.1\" is not tlsv1.2 or tlsv1.3: ignored",
            "tls: cert_reqs \"none\" is not SSL_VERIFY_PEER or SSL_VERIFY_NONE: using SSL_VERIFY_PEER",
            "tls: port \"70000\" is not between 1 and 65535: ignored",
        ]
    );
}
