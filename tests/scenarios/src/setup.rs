//! What a broker is configured with: the lines of its mosquitto.conf(5), and the files that they name.

use crate::certificates::{Certificates, Identity};
use std::path::Path;
use std::process::{Command, Stdio};

/// The file in the broker's folder that its OpenSSL is configured with, if it exists.
pub(crate) const OPENSSL_CONF: &str = "openssl.cnf";

/// See the module's text. Ports are the broker's own affair: a plain listener is always there, for subscribers.
#[derive(Debug, Clone)]
pub struct Setup {
    general: Vec<String>,
    tls: Vec<String>,
    /// Names and what is in them.
    files: Vec<(&'static str, String)>,
    users: Vec<(String, String)>,
    socket: bool,
    /// Kept for as long as a broker may read them.
    certificates: Option<Certificates>,
}

impl Setup {
    /// Lets everyone in. However many messages of QoS 1 and 2 are under way to a subscriber, they stay in their order: with
    /// its limit of 20, mosquitto 2.0 lets later ones overtake.
    pub fn open() -> Self {
        Self::with_lines("allow_anonymous true\nmax_inflight_messages 0")
    }

    /// With these lines; `@FOLDER@` is the broker's folder.
    pub fn with_lines(lines: &str) -> Self {
        Self {
            general: vec![lines.to_owned()],
            tls: Vec::new(),
            files: Vec::new(),
            users: Vec::new(),
            socket: false,
            certificates: None,
        }
    }

    /// Lets in nobody but this user with this password.
    pub fn private(username: &str, password: &str) -> Self {
        Self::with_lines("allow_anonymous false").user(username, password)
    }

    /// Who says to be this user has to know this password.
    pub fn user(mut self, username: &str, password: &str) -> Self {
        self.users.push((username.to_owned(), password.to_owned()));
        if self.users.len() > 1 {
            return self;
        }
        self.line("password_file @FOLDER@/passwords")
    }

    /// One more line.
    pub fn line(mut self, line: &str) -> Self {
        self.general.push(line.to_owned());
        self
    }

    /// An access control list, as mosquitto.conf(5) describes `acl_file`.
    pub fn acl(mut self, rules: &str) -> Self {
        self.files.push(("acl", format!("{rules}\n")));
        self.line("acl_file @FOLDER@/acl")
    }

    /// A listener on the unix socket `socket` in the broker's folder.
    pub fn unix_socket(mut self) -> Self {
        self.socket = true;
        self
    }

    /// A second listener, with TLS, that shows this certificate.
    pub fn tls(mut self, certificates: &Certificates, identity: Identity) -> Self {
        let (certificate, key) = certificates.of(identity);
        self.certificates = Some(certificates.clone());
        self.tls_line(&format!("certfile {certificate}\nkeyfile {key}"))
    }

    /// It asks for a client's certificate of the tests' CA.
    pub fn require_certificate(self) -> Self {
        let ca = self.certificates.as_ref().expect("tls first").path("ca.pem");
        self.tls_line(&format!("cafile {ca}\nrequire_certificate true"))
    }

    /// A second listener, with TLS by this pre-shared key in hexadecimal.
    pub fn psk(mut self, identity: &str, key: &str) -> Self {
        self.files.push(("keys", format!("{identity}:{key}\n")));
        self.tls_line("psk_hint scenario\npsk_file @FOLDER@/keys")
    }

    /// It speaks nothing newer than TLS 1.2. mosquitto has no option for that; OpenSSL's own configuration has.
    pub fn tls_1_2_at_most(mut self) -> Self {
        let text = "openssl_conf = init\n[init]\nssl_conf = ssl\n[ssl]\nsystem_default = most\n\
                    [most]\nMaxProtocol = TLSv1.2\n";
        self.files.push((OPENSSL_CONF, text.to_owned()));
        self
    }

    /// One more line of the listener with TLS: `tls_version`, say.
    pub fn tls_line(mut self, line: &str) -> Self {
        self.tls.push(line.to_owned());
        self
    }

    /// Writes it all into the broker's folder.
    pub(crate) fn write(&self, folder: &Path, port: u16, tls_port: u16) {
        let place = folder.display().to_string();
        // As root the broker would become user mosquitto, who may not enter the folder.
        let mut text = format!("user root\nmax_queued_messages 0\nlog_type all\nlog_dest file {place}/log\n");
        if self.socket {
            text += "listener 0 @FOLDER@/socket\n";
        }
        if !self.tls.is_empty() {
            text += &format!("listener {tls_port} 127.0.0.1\n{}\n", self.tls.join("\n"));
        }
        text += &format!("listener {port} 127.0.0.1\n{}\n", self.general.join("\n"));
        // What an earlier configuration has left.
        let _may_not_be_there = std::fs::remove_file(folder.join(OPENSSL_CONF));
        write(&folder.join("mosquitto.conf"), &text.replace("@FOLDER@", &place));
        for (name, content) in &self.files {
            write(&folder.join(name), content);
        }
        for (at, (username, password)) in self.users.iter().enumerate() {
            let mut command = Command::new("mosquitto_passwd");
            // The first one makes the file anew.
            command.args(["-b", "-c"].iter().take(if at == 0 { 2 } else { 1 }));
            command.arg(folder.join("passwords")).args([username, password]);
            let status = command.stdout(Stdio::null()).status().expect("mosquitto_passwd");
            assert!(status.success(), "{status}");
        }
    }

    pub(crate) fn has_tls(&self) -> bool {
        !self.tls.is_empty()
    }
}

fn write(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}
