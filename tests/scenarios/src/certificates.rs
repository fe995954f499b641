//! Certificates of a CA of the tests' own, made by openssl(1) once for a test program.

use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, Weak};
use tempfile::TempDir;

/// What the client's encrypted key is encrypted with.
pub const KEY_PASSWORD: &str = "open sesame";

/// A certificate that a broker shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// For localhost and 127.0.0.1.
    Right,
    /// For a host of another name.
    WrongName,
    /// It has expired.
    Expired,
    /// Of a CA that nobody was told of.
    Stranger,
    /// The same, and the broker sends that CA's certificate along.
    StrangerWithChain,
}

/// A folder of certificates; the last one who has it removes it.
#[derive(Debug, Clone)]
pub struct Certificates(Arc<TempDir>);

impl Certificates {
    /// Those of this test program: all that ask at the same time share them.
    ///
    /// # Panics
    /// If openssl is not there or does not do as it is told.
    pub fn get() -> Self {
        static SHARED: Mutex<Weak<TempDir>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let folder = shared.upgrade().unwrap_or_else(|| Arc::new(make()));
        *shared = Arc::downgrade(&folder);
        Self(folder)
    }

    /// The path of one of the files: `ca.pem`, `hashed` (a folder with the same), `stranger-ca.pem`, `client.pem`,
    /// `client.key`, `client-encrypted.key`.
    pub fn path(&self, name: &str) -> String {
        let path = self.0.path().join(name);
        assert!(path.exists(), "{}", path.display());
        path.display().to_string()
    }

    /// The certificate that this identity shows, and its key.
    pub fn of(&self, identity: Identity) -> (String, String) {
        let (certificate, key) = match identity {
            Identity::Right => ("right.pem", "right.key"),
            Identity::WrongName => ("wrong-name.pem", "wrong-name.key"),
            Identity::Expired => ("expired.pem", "expired.key"),
            Identity::Stranger => ("stranger.pem", "stranger.key"),
            Identity::StrangerWithChain => ("stranger-chain.pem", "stranger.key"),
        };
        (self.path(certificate), self.path(key))
    }
}

fn make() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path();
    authority(place, "ca", "/CN=the tests' CA");
    authority(place, "stranger-ca", "/CN=a CA of strangers");
    issue(place, "ca", "right", "/CN=localhost", "subjectAltName=DNS:localhost,IP:127.0.0.1");
    issue(place, "ca", "wrong-name", "/CN=broker.example", "subjectAltName=DNS:broker.example");
    issue(place, "ca", "client", "/CN=freeswitch", "extendedKeyUsage=clientAuth");
    issue(place, "stranger-ca", "stranger", "/CN=localhost", "subjectAltName=DNS:localhost,IP:127.0.0.1");
    let read = |name: &str| std::fs::read_to_string(place.join(name)).expect("a certificate");
    let chain = read("stranger.pem") + &read("stranger-ca.pem");
    std::fs::write(place.join("stranger-chain.pem"), chain).expect("a chain");
    expire(place);
    let password = format!("pass:{KEY_PASSWORD}");
    let encrypted = "pkcs8 -topk8 -v2 aes-256-cbc -in client.key -out client-encrypted.key -passout";
    openssl(place, &[&words(encrypted)[..], &[&password]].concat());
    std::fs::create_dir(place.join("hashed")).expect("a folder");
    std::fs::copy(place.join("ca.pem"), place.join("hashed/ca.pem")).expect("a copy");
    openssl(place, &["rehash", "hashed"]);
    folder
}

const NEW_KEY: &str = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
const SELF_MADE: &[&str] = &["req", "-x509", "-days", "30"];

fn authority(place: &Path, name: &str, subject: &str) {
    let files = [format!("{name}.key"), format!("{name}.pem")];
    let new = ["-subj", subject, "-keyout", &files[0], "-out", &files[1]];
    openssl(place, &[SELF_MADE, &words(NEW_KEY), &new].concat());
}

fn issue(place: &Path, ca: &str, name: &str, subject: &str, extension: &str) {
    let files = [format!("{ca}.pem"), format!("{ca}.key"), format!("{name}.key"), format!("{name}.pem")];
    let by = ["-CA", &files[0], "-CAkey", &files[1], "-subj", subject];
    let what = ["-addext", "basicConstraints=critical,CA:FALSE", "-addext", extension];
    let new = ["-keyout", &files[2], "-out", &files[3]];
    openssl(place, &[SELF_MADE, &words(NEW_KEY), &by, &what, &new].concat());
}

/// Only `openssl ca` gives a certificate whose time is over, in every version of openssl.
fn expire(place: &Path) {
    let mut config = String::from("[ca]\ndefault_ca = own\n[own]\n");
    for line in ["database = index", "policy = any", "default_md = sha256", "rand_serial = yes"] {
        writeln!(config, "{line}").expect("text");
    }
    config += "[any]\ncommonName = supplied\n[names]\nsubjectAltName = DNS:localhost,IP:127.0.0.1\n";
    std::fs::write(place.join("ca.conf"), config).expect("a file");
    std::fs::write(place.join("index"), "").expect("a file");
    let request = ["-subj", "/CN=localhost", "-keyout", "expired.key", "-out", "expired.csr"];
    openssl(place, &[&["req", "-new"], &words(NEW_KEY)[..], &request].concat());
    let sign = "ca -batch -notext -config ca.conf -extensions names -cert ca.pem -keyfile ca.key \
                -outdir . -startdate 200101000000Z -enddate 210101000000Z -in expired.csr -out expired.pem";
    openssl(place, &words(sign));
}

fn words(text: &str) -> Vec<&str> {
    text.split_ascii_whitespace().collect()
}

/// Runs openssl in this folder.
fn openssl(place: &Path, arguments: &[&str]) {
    let mut command = Command::new("openssl");
    command.args(arguments).current_dir(place).stdin(Stdio::null());
    let output = command.output().expect("openssl: scripts/test installs it");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "openssl {}\n{said}", arguments.join(" "));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verify(certificates: &Certificates, trust: &[&str], identity: Identity) -> String {
        let (certificate, _) = certificates.of(identity);
        let mut command = Command::new("openssl");
        command.args(["verify", "-verify_hostname", "localhost"]).args(trust).arg(certificate);
        let output = command.output().expect("openssl");
        String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
    }

    #[test]
    fn each_certificate_is_what_it_says() {
        let certificates = Certificates::get();
        let (ca, folder) = (certificates.path("ca.pem"), certificates.path("hashed"));
        for trust in [["-CAfile", &ca], ["-CApath", &folder]] {
            assert!(verify(&certificates, &trust, Identity::Right).contains(": OK"));
            for (identity, why) in [
                (Identity::WrongName, "hostname mismatch"),
                (Identity::Expired, "certificate has expired"),
                (Identity::Stranger, "unable to get local issuer certificate"),
            ] {
                let said = verify(&certificates, &trust, identity);
                assert!(said.contains(why), "{identity:?}: {said}");
            }
        }
    }

    #[test]
    fn the_encrypted_key_opens_with_its_password_only() {
        let certificates = Certificates::get();
        let key = certificates.path("client-encrypted.key");
        let opens = |password: &str| {
            let mut command = Command::new("openssl");
            command.args(["pkey", "-noout", "-in", &key, "-passin", &format!("pass:{password}")]);
            command.output().expect("openssl").status.success()
        };
        assert!(opens(KEY_PASSWORD) && !opens("guessed"));
    }

    #[test]
    fn those_who_ask_at_the_same_time_share_them() {
        let one = Certificates::get();
        assert_eq!(one.path("ca.pem"), Certificates::get().path("ca.pem"));
    }
}
