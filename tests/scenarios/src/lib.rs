//! The parts of the scenario tests: a real mosquitto broker, the real module in `mini-switch`, an independent MQTT
//! client as the subscriber, and brokers that misbehave. Some of them run in an installed FreeSWITCH as well.
//!
//! Everything runs on free ports of 127.0.0.1 and in folders of its own, or in a network of its own, so that tests can
//! run side by side. Tests wait for conditions, with a limit that only a failure reaches.

mod artifacts;
mod broker;
mod certificates;
mod config;
mod dns;
mod event_socket;
mod faults;
mod freeswitch;
mod intruder;
mod network;
mod process;
mod proxy;
mod responder;
mod scripted;
mod service;
mod setup;
mod socks;
mod stopwatch;
mod subscriber;
mod subscriber5;
mod switch;
mod tls_server;
mod trial;
mod wait;

pub use artifacts::{data, file, module, module_with_panics};
pub use broker::Broker;
pub use certificates::{Certificates, Identity, KEY_PASSWORD};
pub use config::{Config, Topic};
pub use dns::NameServer;
pub use event_socket::EventSocket;
pub use faults::{Silent, refused_port};
pub use freeswitch::FreeSwitch;
pub use intruder::Intruder;
pub use network::in_own_network;
pub use process::Process;
pub use proxy::{Mode, Proxy};
pub use responder::Responder;
pub use scripted::Scripted;
pub use service::Service;
pub use setup::Setup;
pub use socks::{Asked, Socks};
pub use stopwatch::Stopwatch;
pub use subscriber::{Received, Subscriber};
pub use subscriber5::{Received5, Subscriber5};
pub use switch::{Account, Switch};
pub use tls_server::TlsServer;
pub use trial::{Fault, Ground};
pub use wait::{PATIENCE, SLOWNESS, eventually, free_port};
