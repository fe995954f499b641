//! Certificates made with the program `openssl`, in a folder of their own.

use std::process::{Command, Stdio};
use std::sync::OnceLock;
use tempfile::TempDir;

/// Certificates of an authority, and one of another; keys beside them.
pub struct Certificates(TempDir);

impl Certificates {
    /// The same ones for all tests: making them takes a while.
    pub fn get() -> &'static Self {
        static MADE: OnceLock<Certificates> = OnceLock::new();
        MADE.get_or_init(Self::make)
    }

    fn make() -> Self {
        let made = Self(tempfile::tempdir().expect("a folder"));
        for authority in ["ca", "other-ca"] {
            let (key, out) = (made.path(&format!("{authority}.key")), made.path(&format!("{authority}.pem")));
            let subject = format!("/CN=test {authority}");
            let new = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
            openssl(&[&new[..], &["-days", "10", "-subj", &subject, "-keyout", &key, "-out", &out]].concat());
        }
        made.sign("localhost", "10", "subjectAltName=DNS:localhost,IP:127.0.0.1");
        made.sign("expired", "-1", "subjectAltName=DNS:localhost");
        made.sign("client", "10", "extendedKeyUsage=clientAuth");
        let (key, locked) = (made.path("client.key"), made.path("locked.key"));
        openssl(&["pkey", "-in", &key, "-aes128", "-passout", "pass:sesame", "-out", &locked]);
        made
    }

    fn sign(&self, name: &str, days: &str, extension: &str) {
        let path = |ending: &str| self.path(&format!("{name}.{ending}"));
        let (key, request, extensions, out) = (path("key"), path("csr"), path("ext"), path("pem"));
        std::fs::write(&extensions, extension).expect("a file");
        let new = ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
        openssl(&[&new[..], &["-subj", "/CN=test", "-keyout", &key, "-out", &request]].concat());
        let (ca, ca_key) = (self.path("ca.pem"), self.path("ca.key"));
        let by = ["-CA", &ca, "-CAkey", &ca_key, "-CAcreateserial", "-extfile", &extensions];
        openssl(&[&["x509", "-req", "-in", &request, "-days", days, "-out", &out], &by[..]].concat());
    }

    /// Where a file is: `ca.pem`, `localhost.key`, or one that the test writes itself.
    pub fn path(&self, file: &str) -> String {
        self.0.path().join(file).display().to_string()
    }
}

fn openssl(arguments: &[&str]) {
    let output = Command::new("openssl").args(arguments).stdin(Stdio::null()).output().expect("openssl");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}
