//! A SOCKS5 proxy, RFC 1928 and 1929: CONNECT only, and every name is 127.0.0.1.

use crate::wait::eventually;
use std::io::{Error, ErrorKind, Read, Result, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What a client asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The name or address that it sent.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Who it said it is, and its password.
    pub credentials: Option<(String, String)>,
}

/// A running proxy. Its thread ends with the test program.
pub struct Socks {
    port: u16,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Socks {
    /// Serves everyone, or only who sends this user name and password.
    pub fn start(credentials: Option<(&str, &str)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let wanted = credentials.map(|(user, password)| (user.to_owned(), password.to_owned()));
        let list = Arc::clone(&asked);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (wanted, list) = (wanted.clone(), Arc::clone(&list));
                // A client that hangs up is one that the test has done with.
                std::thread::spawn(move || serve(&client, wanted.as_ref(), &list));
            }
        });
        Self { port, asked }
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What clients have asked for so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("no panic").clone()
    }

    /// Waits for the first thing that a client asks for.
    pub fn wait_asked(&self) -> Asked {
        eventually("a client asks the proxy", || !self.asked().is_empty());
        self.asked().remove(0)
    }
}

fn serve(mut client: &TcpStream, wanted: Option<&(String, String)>, asked: &Mutex<Vec<Asked>>) -> Result<()> {
    const NONE: u8 = 0;
    const PASSWORD: u8 = 2;
    let offered = {
        expect(client, 5)?;
        block(client)?
    };
    let method = if wanted.is_some() { PASSWORD } else { NONE };
    if !offered.contains(&method) {
        return client.write_all(&[5, 0xFF]);
    }
    client.write_all(&[5, method])?;
    let mut credentials = None;
    if method == PASSWORD {
        expect(client, 1)?;
        let pair = (text(client)?, text(client)?);
        let right = Some(&pair) == wanted;
        client.write_all(&[1, u8::from(!right)])?;
        if !right {
            return Ok(());
        }
        credentials = Some(pair);
    }
    for byte in [5, 1, 0] {
        expect(client, byte)?;
    }
    let host = match take::<1>(client)? {
        [1] => Ipv4Addr::from(take::<4>(client)?).to_string(),
        [3] => text(client)?,
        _ => return client.write_all(&[5, 8, 0, 1, 0, 0, 0, 0, 0, 0]),
    };
    let port = u16::from_be_bytes(take(client)?);
    asked.lock().expect("no panic").push(Asked { host, port, credentials });
    let Ok(broker) = TcpStream::connect(("127.0.0.1", port)) else {
        return client.write_all(&[5, 5, 0, 1, 0, 0, 0, 0, 0, 0]);
    };
    client.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])?;
    std::thread::scope(|scope| {
        scope.spawn(|| copy(client, &broker));
        copy(&broker, client);
    });
    Ok(())
}

fn copy(mut from: &TcpStream, mut to: &TcpStream) {
    // However it ends, it ends for both sides.
    let _ended = std::io::copy(&mut from, &mut to);
    let _gone = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}

fn take<const N: usize>(mut client: &TcpStream) -> Result<[u8; N]> {
    let mut bytes = [0; N];
    client.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn expect(client: &TcpStream, byte: u8) -> Result<()> {
    if take(client)? == [byte] { Ok(()) } else { Err(Error::from(ErrorKind::InvalidData)) }
}

/// A length of one byte, and so many bytes.
fn block(mut client: &TcpStream) -> Result<Vec<u8>> {
    let [length] = take(client)?;
    let mut bytes = vec![0; length.into()];
    client.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn text(client: &TcpStream) -> Result<String> {
    String::from_utf8(block(client)?).map_err(|_| Error::from(ErrorKind::InvalidData))
}
