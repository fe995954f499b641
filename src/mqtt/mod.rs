//! libmosquitto in safe Rust: one client, its callbacks and the loop that drives it; and OpenSSL, as far as the client
//! needs it.
//!
//! With `switch` the only place of the module with unsafe code. `*mut mosquitto` and `*mut SSL_CTX` never leave this
//! folder.
//! The facts that it leans on are those of mosquitto.h and of libmosquitto(3). One call of the
//! C library's resolver is here as well: the broker's name comes before the client.

mod callbacks;
mod client;
mod drive;
mod error;
mod library;
mod names;
mod options;
mod poll;
mod properties;
mod reason;
mod received;
mod setup;
mod socks5;
#[cfg(test)]
mod tests;
mod tls;

pub use callbacks::{Handler, Incoming, Session, Weight};
pub use client::Client;
pub use error::{ConnackCode, Error, LossReason};
pub use library::{Handed, Library, MessageId, Protocol, QoS, Version, matches, version};
pub use names::{NoAnswer, query_srv};
pub use options::{Options, Socks5Options, Target, WillOptions};
pub use properties::{Properties, PublishProperties};
pub use reason::reason_words;
pub use received::Received;
pub use tls::{TlsIdentity, TlsOptions, TlsVersion};
