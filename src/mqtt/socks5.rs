//! SOCKS5, RFC 1928 and 1929: asks a proxy for the connection to the broker.
//!
//! libmosquitto has it as well, but leaves out the properties of CONNECT, loses the proxy's reasons, and, if a TLS
//! handshake behind a proxy was ever cut off, goes on with it in the next attempt although it is freed.

use super::error::Error;
use super::options::Socks5Options;
use super::tls::Step;
use std::ffi::CStr;
use std::io::{ErrorKind, Read, Write};
use std::net::{IpAddr, TcpStream};

const VERSION: u8 = 5;
const NO_AUTHENTICATION: u8 = 0;
const USERNAME_AND_PASSWORD: u8 = 2;
const CONNECT: u8 = 1;
const IPV4: u8 = 1;
const DOMAIN_NAME: u8 = 3;
const IPV6: u8 = 4;

/// Waits until the socket can be read or written.
pub(super) type Wait<'a> = &'a dyn Fn(Step) -> Result<(), Error>;

/// Asks the proxy at the other end for a connection to the broker. The socket does not block; it may still be
/// connecting.
///
/// # Errors
/// [`Error::Proxy`] if the proxy does not want to or cannot, what `wait` gives, what the socket gives.
pub(super) fn ask(
    socket: &TcpStream,
    options: &Socks5Options,
    name: &CStr,
    port: u16,
    wait: Wait<'_>,
) -> Result<(), Error> {
    wait(Step::Write)?;
    let methods: &[u8] = match options.username {
        Some(_) => &[VERSION, 2, NO_AUTHENTICATION, USERNAME_AND_PASSWORD],
        None => &[VERSION, 1, NO_AUTHENTICATION],
    };
    send(socket, methods, wait)?;
    match (receive::<2>(socket, wait)?, &options.username) {
        ([VERSION, NO_AUTHENTICATION], _) => {}
        ([VERSION, USERNAME_AND_PASSWORD], Some(username)) => {
            let password = options.password.as_deref().unwrap_or_default();
            let mut request = vec![1];
            for text in [username, password] {
                request.push(short(text, "socks5_username and socks5_password may have 255 bytes")?);
                request.extend_from_slice(text.to_bytes());
            }
            send(socket, &request, wait)?;
            if receive::<2>(socket, wait)?[1] != 0 {
                return Err(Error::Proxy("it refuses socks5_username and socks5_password"));
            }
        }
        ([VERSION, _], Some(_)) => return Err(Error::Proxy("it takes no user name and password")),
        ([VERSION, _], None) => return Err(Error::Proxy("it wants socks5_username and socks5_password")),
        _ => return Err(Error::Proxy(NOT_SOCKS5)),
    }
    send(socket, &request(name, port)?, wait)?;
    let [version, reply, _, kind] = receive::<4>(socket, wait)?;
    if version != VERSION {
        return Err(Error::Proxy(NOT_SOCKS5));
    }
    if reply != 0 {
        return Err(Error::Proxy(words(reply)));
    }
    // The address that the proxy uses is of no interest.
    match kind {
        IPV4 => receive::<6>(socket, wait).map(drop),
        IPV6 => receive::<18>(socket, wait).map(drop),
        DOMAIN_NAME => {
            let [length] = receive::<1>(socket, wait)?;
            for _ in 0..u16::from(length) + 2 {
                receive::<1>(socket, wait)?;
            }
            Ok(())
        }
        _ => Err(Error::Proxy(NOT_SOCKS5)),
    }
}

const NOT_SOCKS5: &str = "its answer is not SOCKS5";

/// Writes all of it.
///
/// # Errors
/// What `wait` gives, what the socket gives.
pub(super) fn send(mut socket: &TcpStream, mut bytes: &[u8], wait: Wait<'_>) -> Result<(), Error> {
    while !bytes.is_empty() {
        match socket.write(bytes) {
            Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
            Err(error) if error.kind() == ErrorKind::WouldBlock => wait(Step::Write)?,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(Error::System(error.raw_os_error().unwrap_or(0))),
        }
    }
    Ok(())
}

/// Reads exactly this many bytes: what follows is the broker's.
fn receive<const LENGTH: usize>(mut socket: &TcpStream, wait: Wait<'_>) -> Result<[u8; LENGTH], Error> {
    let mut bytes = [0; LENGTH];
    let mut have = 0;
    while have < LENGTH {
        match socket.read(&mut bytes[have..]) {
            Ok(0) => return Err(Error::Proxy("it closed the connection")),
            Ok(read) => have += read,
            Err(error) if error.kind() == ErrorKind::WouldBlock => wait(Step::Read)?,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(Error::System(error.raw_os_error().unwrap_or(0))),
        }
    }
    Ok(bytes)
}

/// CONNECT, RFC 1928 section 4. A name is resolved by the proxy.
fn request(name: &CStr, port: u16) -> Result<Vec<u8>, Error> {
    let mut bytes = vec![VERSION, CONNECT, 0];
    match name.to_str().ok().and_then(|name| name.parse::<IpAddr>().ok()) {
        Some(IpAddr::V4(address)) => {
            bytes.push(IPV4);
            bytes.extend_from_slice(&address.octets());
        }
        Some(IpAddr::V6(address)) => {
            bytes.push(IPV6);
            bytes.extend_from_slice(&address.octets());
        }
        None => {
            bytes.extend_from_slice(&[DOMAIN_NAME, short(name, "the broker's name may have 255 bytes")?]);
            bytes.extend_from_slice(name.to_bytes());
        }
    }
    bytes.extend_from_slice(&port.to_be_bytes());
    Ok(bytes)
}

fn short(text: &CStr, otherwise: &'static str) -> Result<u8, Error> {
    u8::try_from(text.count_bytes()).map_err(|_| Error::Proxy(otherwise))
}

/// RFC 1928, section 6.
fn words(reply: u8) -> &'static str {
    match reply {
        1 => "general failure",
        2 => "its rules do not allow the broker",
        3 => "the broker's network is unreachable",
        4 => "the broker is unreachable",
        5 => "the broker refuses the connection",
        6 => "the way to the broker is too long (TTL expired)",
        7 => "it does not know the command CONNECT",
        8 => "it does not know this type of address",
        _ => "it refuses, and does not say why",
    }
}
