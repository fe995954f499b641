//! Clients at real brokers, and at peers that are silent, gone or wrong.

mod broker;
mod certificates;
mod deadline;
mod files;
mod hello;
mod proxy;
mod record;
mod refused;
mod tls;
mod transport;
mod v5;

use super::{Client, Error, Library, Options, Protocol, Socks5Options, Target, TlsIdentity, TlsOptions};
use record::Record;
use std::ffi::CString;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// Long enough for anything that is going to happen.
const PATIENCE: Duration = Duration::from_secs(20);

fn text(text: impl Into<Vec<u8>>) -> CString {
    CString::new(text).expect("text without NUL")
}

/// Options of a client with an id of its own.
fn options() -> Options {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    Options {
        client_id: text(format!("test-{}", COUNT.fetch_add(1, Relaxed))),
        clean_session: true,
        protocol: Protocol::V311,
        credentials: None,
        will: None,
        send_maximum: 20,
        receive_maximum: None,
        tls: None,
        socks5: None,
        session_expiry: None,
        user_properties: Vec::new(),
    }
}

/// Certificates that are verified, by these authorities.
fn trusting(cafile: &str) -> TlsOptions {
    TlsOptions {
        identity: TlsIdentity::Certificate {
            cafile: Some(text(cafile)),
            capath: None,
            certfile: None,
            keyfile: None,
            keyfile_password: None,
            verify: true,
        },
        version: None,
        ciphers: None,
        alpn: None,
        ocsp_required: false,
        verify_name: true,
    }
}

fn with_tls(tls: TlsOptions) -> Options {
    Options { tls: Some(tls), ..options() }
}

/// A broker at 127.0.0.1 that is called so.
fn target(name: &str, port: u16) -> Target {
    Target { address: text("127.0.0.1"), port, name: text(name) }
}

fn client(options: &Options) -> (Arc<Record>, Client<Record>) {
    let record = Arc::new(Record::default());
    let client = Client::new(options, Arc::clone(&record), Arc::new(Library::init()));
    (record, client.expect("a client"))
}

/// One attempt, in which the broker has this long to accept. Returns when the connection has ended; one that the
/// broker accepts is ended by this side.
fn attempt(
    record: &Arc<Record>,
    client: &Client<Record>,
    target: &Target,
    limit: Duration,
) -> Result<(), Error> {
    record.begin();
    client.connect(target, 60, None)?;
    client.run(Instant::now() + limit, &|| {
        let accepted = record.is_accepted();
        if accepted {
            client.disconnect();
        }
        accepted
    })
}

/// Whether the broker accepts the connection; if not, why.
fn accepted(options: &Options, target: &Target) -> Result<(), (Error, Option<String>)> {
    let (record, client) = client(options);
    let result = attempt(&record, &client, target, PATIENCE);
    if record.is_accepted() {
        return Ok(());
    }
    Err((result.expect_err("a reason"), client.take_reason()))
}

/// What TLS says about a connection that cannot be.
fn tls_reason(options: &Options, target: &Target) -> String {
    let (error, reason) = accepted(options, target).expect_err("a connection that is refused");
    reason.unwrap_or_else(|| panic!("TLS says nothing, but: {error}"))
}

/// Ends the client's connection when it goes, also if a test fails while another thread drives the client.
struct Ending<'a>(&'a Client<Record>);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.disconnect();
    }
}
