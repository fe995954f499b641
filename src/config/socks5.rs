//! `socks5_host` of a connection, and what goes with it.

use super::problem::Scope;
use super::tree::Param;
use super::values::shown;
use super::{Host, Secret, Socks5, hosts};

/// The port of RFC 1928.
const PORT: u16 = 1080;

/// Bytes of the longest user name and password, RFC 1929.
const MOST: usize = 255;

/// What is said about the proxy so far.
#[derive(Clone, Default)]
pub(super) struct Draft {
    host: Option<String>,
    port: Option<u16>,
    username: Option<String>,
    password: Option<Secret>,
}

impl Draft {
    pub fn set(&mut self, param: &Param) {
        match param.name {
            "socks5_host" => self.host = Some(param.value.trim().to_owned()).filter(|host| !host.is_empty()),
            "socks5_port" => self.port = param.optional_number(1..=u16::MAX),
            "socks5_username" => self.username = param.text(),
            "socks5_password" => self.password = param.text().map(Secret::new),
            _ => {}
        }
    }

    /// The proxy, if there is one. The error is why the connection is not made: never past a proxy that was asked for.
    pub fn finish(mut self, scope: &Scope) -> Result<Option<Socks5>, String> {
        let Some(host) = self.host.take() else {
            for (name, set) in [
                ("socks5_port", self.port.is_some()),
                ("socks5_username", self.username.is_some()),
                ("socks5_password", self.password.is_some()),
            ] {
                if set {
                    scope.problem(format!("{name} without socks5_host has no effect: set socks5_host"));
                }
            }
            return Ok(None);
        };
        let what = match hosts::parse(&host) {
            Ok(Host { port: Some(_), .. }) => "has a port, the connection is not made: set socks5_port to it",
            Ok(Host { name, .. }) if !name.starts_with('/') => {
                self.check_credentials(scope);
                let Self { port, username, password, .. } = self;
                return Ok(Some(Socks5 { host: name, port: port.unwrap_or(PORT), username, password }));
            }
            _ => "is neither a name nor an address, the connection is not made: set another",
        };
        let reason = format!("socks5_host \"{}\" {what}", shown(&host));
        scope.problem(&reason);
        Err(reason)
    }

    /// RFC 1929 knows neither a user name without a password nor the reverse.
    fn check_credentials(&mut self, scope: &Scope) {
        if self.username.as_ref().is_some_and(|name| name.len() > MOST) {
            scope.problem("socks5_username is longer than 255 bytes, it is ignored: choose another");
            self.username = None;
        }
        if self.password.as_ref().is_some_and(|password| password.expose().len() > MOST) {
            scope.problem("socks5_password is longer than 255 bytes, it is ignored: choose another");
            self.password = None;
        }
        match (&self.username, &self.password) {
            (None, Some(_)) => {
                scope.problem("socks5_password without socks5_username is ignored: set socks5_username");
            }
            (Some(_), None) => {
                scope.problem("socks5_username without socks5_password is ignored: set socks5_password");
            }
            _ => return,
        }
        self.username = None;
        self.password = None;
    }
}
