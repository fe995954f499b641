//! A client of FreeSWITCH's event socket.

use crate::wait::PATIENCE;
use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Result, Write};
use std::net::TcpStream;

/// A connection to an event socket, either for commands or for events.
pub struct EventSocket(BufReader<TcpStream>);

struct Frame {
    content_type: String,
    reply: String,
    body: Vec<u8>,
}

impl EventSocket {
    /// Connects and says the password.
    pub(crate) fn connect(port: u16, password: &str) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        // A command may take its time; it is the test's own conditions that are limited.
        stream.set_read_timeout(Some(4 * PATIENCE))?;
        stream.set_nodelay(true)?;
        let mut socket = Self(BufReader::new(stream));
        let greeting = socket.frame()?;
        if greeting.content_type != "auth/request" {
            return Err(Error::new(ErrorKind::InvalidData, greeting.content_type));
        }
        socket.send(&format!("auth {password}"))?;
        Ok(socket)
    }

    /// Sends a command of the protocol and returns its reply.
    pub(crate) fn send(&mut self, command: &str) -> Result<String> {
        self.write(command)?;
        let frame = self.frame()?;
        match frame.reply.strip_prefix("+OK") {
            Some(rest) if frame.content_type == "command/reply" => Ok(rest.trim().to_owned()),
            _ => Err(Error::other(format!("{command}: {} {}", frame.content_type, frame.reply))),
        }
    }

    /// Runs an API command and returns its answer.
    pub(crate) fn api(&mut self, line: &str) -> Result<String> {
        self.write(&format!("api {line}"))?;
        let frame = self.frame()?;
        if frame.content_type != "api/response" {
            return Err(Error::other(format!("api {line}: {} {}", frame.content_type, frame.reply)));
        }
        Ok(String::from_utf8_lossy(&frame.body).into_owned())
    }

    /// Waits for the next event, after `event json ALL`: its JSON, as FreeSWITCH makes it.
    ///
    /// # Panics
    /// If none comes.
    pub fn event(&mut self) -> Vec<u8> {
        let frame = self.frame().expect("an event");
        assert_eq!(frame.content_type, "text/event-json", "{}", String::from_utf8_lossy(&frame.body));
        frame.body
    }

    fn write(&mut self, command: &str) -> Result<()> {
        self.0.get_mut().write_all(format!("{command}\n\n").as_bytes())
    }

    fn frame(&mut self) -> Result<Frame> {
        let mut frame = Frame { content_type: String::new(), reply: String::new(), body: Vec::new() };
        let mut length = 0;
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line)? == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            match line.trim_end().split_once(": ") {
                Some(("Content-Type", value)) => value.clone_into(&mut frame.content_type),
                Some(("Reply-Text", value)) => value.clone_into(&mut frame.reply),
                Some(("Content-Length", value)) => length = value.parse().map_err(Error::other)?,
                Some(_) => {}
                None if frame.content_type.is_empty() => {}
                None => break,
            }
        }
        frame.body.resize(length, 0);
        self.0.read_exact(&mut frame.body)?;
        Ok(frame)
    }
}
