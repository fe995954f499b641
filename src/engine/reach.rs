//! Where the brokers of a connection are: from a configured host to addresses that can be connected to.
//!
//! A host is a name, an address, a unix socket, or with `srv` a domain whose DNS says which servers there are. Behind a
//! SOCKS5 proxy it is the proxy that is looked up here, and the proxy that looks up the broker.

use super::resolve::{Resolver, Server, Unresolved};
use crate::config::{self, Host};
use crate::mqtt::Target;
use std::ffi::CString;
use std::time::Instant;

/// The ways to the brokers of one connection.
pub struct Reach<'a> {
    config: &'a config::Connection,
    resolver: Resolver,
}

impl<'a> Reach<'a> {
    /// Nothing is looked up yet.
    pub fn new(config: &'a config::Connection) -> Self {
        Self { config, resolver: Resolver::new() }
    }

    /// The brokers that a configured host stands for, in the order in which they are to be tried.
    ///
    /// # Errors
    /// The look-up was abandoned, or failed.
    pub fn brokers(
        &mut self,
        host: &Host,
        until: Instant,
        is_wanted: &dyn Fn() -> bool,
    ) -> Result<Vec<Host>, Unresolved> {
        if !self.config.srv {
            let port = if is_unix_socket(host) { None } else { Some(self.config.port_of(host)) };
            return Ok(vec![Host { name: host.name.clone(), port }]);
        }
        let service = if self.config.tls.enable { "_secure-mqtt._tcp" } else { "_mqtt._tcp" };
        let servers = self.resolver.servers(service, &host.name, until, is_wanted)?;
        let broker = |server: Server| Host { name: server.name, port: Some(server.port) };
        Ok(servers.into_iter().map(broker).collect())
    }

    /// The addresses of one of those, in the order in which they are to be tried.
    ///
    /// # Errors
    /// The look-up was abandoned, or failed.
    pub fn targets(
        &mut self,
        broker: &Host,
        until: Instant,
        is_wanted: &dyn Fn() -> bool,
    ) -> Result<Vec<Target>, Unresolved> {
        let name = CString::new(broker.name.as_str())
            .map_err(|_| Unresolved::Failed("the host name contains a NUL character".to_owned()))?;
        let Some(port) = broker.port else {
            return Ok(vec![Target { address: name.clone(), port: 0, name }]);
        };
        let near = self.config.socks5.as_ref().map_or(&broker.name, |proxy| &proxy.host);
        let addresses = self.resolver.addresses(near, until, is_wanted).map_err(|why| match why {
            Unresolved::Failed(why) if self.config.socks5.is_some() => {
                Unresolved::Failed(format!("socks5_host: {why}"))
            }
            why => why,
        })?;
        let target = |address| Target { address, port, name: name.clone() };
        Ok(addresses.into_iter().map(target).collect())
    }
}

fn is_unix_socket(host: &Host) -> bool {
    host.name.starts_with('/')
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn targets(config: &config::Connection) -> Vec<(String, u16, String)> {
        let until = Instant::now() + Duration::from_secs(30);
        let mut reach = Reach::new(config);
        let mut all = Vec::new();
        for host in &config.hosts {
            let brokers = reach.brokers(host, until, &|| true).expect("no look-up");
            for broker in brokers {
                all.extend(reach.targets(&broker, until, &|| true).expect("an address"));
            }
        }
        let text = |text: CString| text.into_string().expect("UTF-8");
        all.into_iter().map(|one| (text(one.address), one.port, text(one.name))).collect()
    }

    fn connection(hosts: &[(&str, Option<u16>)]) -> config::Connection {
        let host = |(name, port): &(&str, Option<u16>)| Host { name: (*name).to_owned(), port: *port };
        config::Connection { hosts: hosts.iter().map(host).collect(), ..config::Connection::new("c") }
    }

    #[test]
    fn the_port_behind_a_host_counts_before_that_of_tls_and_of_the_connection() {
        let mut config = connection(&[("127.0.0.1", Some(1)), ("127.0.0.2", None)]);
        config.port = 3;
        let ports = |config: &config::Connection| -> Vec<u16> {
            targets(config).into_iter().map(|(_, port, _)| port).collect()
        };
        assert_eq!(ports(&config), [1, 3]);
        config.tls.port = Some(2);
        assert_eq!(ports(&config), [1, 3], "tls is not enabled");
        config.tls.enable = true;
        assert_eq!(ports(&config), [1, 2]);
    }

    #[test]
    fn a_unix_socket_is_its_path() {
        let path = "/run/mosquitto.sock".to_owned();
        assert_eq!(targets(&connection(&[(&path, None)])), [(path.clone(), 0, path)]);
    }

    #[test]
    fn behind_a_proxy_only_the_proxy_has_an_address_here() {
        let mut config = connection(&[("broker.invalid", Some(8883))]);
        let host = "127.0.0.1".to_owned();
        config.socks5 = Some(config::Socks5 { host, port: 1080, username: None, password: None });
        assert_eq!(targets(&config), [("127.0.0.1".to_owned(), 8883, "broker.invalid".to_owned())]);
    }
}
