//! A broker of a few lines, MQTT 3.1.1, whose mood the test sets, and who remembers everything: who is there, what they
//! subscribe to, and what they published.

use crate::operations::Mood;
use std::collections::BTreeMap;
use std::io::{Error, ErrorKind, Read, Result, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;

/// A topic or filter, and its payload or QoS.
pub type Published = (String, String);

struct Session {
    /// Its place in the order in which connections were accepted.
    number: usize,
    stream: TcpStream,
    filters: BTreeMap<String, u8>,
}

struct State {
    mood: Mood,
    open: bool,
    sessions: BTreeMap<String, Session>,
    published: BTreeMap<String, Vec<Published>>,
}

/// See the module's text. It ends with this.
pub struct Broker {
    port: u16,
    state: Arc<Mutex<State>>,
    listener: Option<JoinHandle<()>>,
}

impl Broker {
    /// Listens on a free port.
    pub fn start(mood: Mood) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let (sessions, published) = (BTreeMap::new(), BTreeMap::new());
        let state = Arc::new(Mutex::new(State { mood, open: true, sessions, published }));
        let shared = Arc::clone(&state);
        let listener = std::thread::spawn(move || {
            for (number, stream) in listener.incoming().enumerate() {
                if !shared.lock().expect("no panic").open {
                    return;
                }
                let (Ok(stream), state) = (stream, Arc::clone(&shared)) else { continue };
                // However it ends, it has ended.
                std::thread::spawn(move || serve(stream, number, &state).is_ok());
            }
        });
        Self { port, state, listener: Some(listener) }
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Cuts all connections, and is in this mood from now on.
    pub fn set_mood(&self, mood: Mood) {
        let mut state = self.state();
        state.mood = mood;
        for session in std::mem::take(&mut state.sessions).into_values() {
            // It may be gone already.
            let _gone = session.stream.shutdown(Shutdown::Both);
        }
    }

    /// What this client is subscribed to, with the QoS; `None`: it is not there.
    pub fn filters(&self, client: &str) -> Option<BTreeMap<String, u8>> {
        self.state().sessions.get(client).map(|session| session.filters.clone())
    }

    /// What this client has published, in order.
    pub fn published(&self, client: &str) -> Vec<Published> {
        self.state().published.get(client).cloned().unwrap_or_default()
    }

    /// Sends this client a message at QoS 0.
    pub fn send(&self, client: &str, topic: &str, payload: &str) {
        let state = self.state();
        let mut stream = &state.sessions[client].stream;
        let mut body = text(topic);
        body.extend(payload.as_bytes());
        stream.write_all(&packet(0x30, &body)).expect("a client that reads");
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no panic")
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.state().open = false;
        self.set_mood(Mood::HangsUp);
        drop(TcpStream::connect(("127.0.0.1", self.port)));
        if let Some(listener) = self.listener.take() {
            listener.join().expect("the listener's thread");
        }
    }
}

fn text(text: &str) -> Vec<u8> {
    let length = u16::try_from(text.len()).expect("a short text");
    [&length.to_be_bytes(), text.as_bytes()].concat()
}

/// A packet of less than 128 bytes.
fn packet(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind, u8::try_from(body.len()).ok().filter(|length| *length < 128).expect("a short packet")], body]
        .concat()
}

/// The first byte and the rest of the next packet.
fn read(mut stream: &TcpStream) -> Result<(u8, Vec<u8>)> {
    let mut byte = [0];
    stream.read_exact(&mut byte)?;
    let (kind, mut length, mut shift) = (byte[0], 0, 0);
    loop {
        stream.read_exact(&mut byte)?;
        length |= usize::from(byte[0] & 0x7F) << shift;
        shift += 7;
        if byte[0] & 0x80 == 0 {
            break;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    Ok((kind, body))
}

/// Takes a text off the front.
fn take_text(body: &mut &[u8]) -> String {
    let length = usize::from(u16::from_be_bytes([body[0], body[1]]));
    let text = String::from_utf8(body[2..2 + length].to_vec()).expect("UTF-8");
    *body = &body[2 + length..];
    text
}

/// Takes a packet's id off the front.
fn take_id<'a>(body: &mut &'a [u8]) -> &'a [u8] {
    let (id, rest) = body.split_at(2);
    *body = rest;
    id
}

/// One client, until it or the broker ends the connection.
fn serve(stream: TcpStream, number: usize, state: &Mutex<State>) -> Result<()> {
    let mood = state.lock().expect("no panic").mood;
    if mood == Mood::HangsUp {
        return Ok(());
    }
    stream.set_nodelay(true)?;
    let (kind, body) = read(&stream)?;
    assert_eq!(kind, 0x10, "the first packet is a CONNECT");
    let client = take_text(&mut &body[10..]);
    if !admit(&stream, &client, number, state)? {
        return Ok(());
    }
    let ended = converse(&stream, &client, number, state);
    let mut state = state.lock().expect("no panic");
    // Another connection of the same client may be there already.
    if state.sessions.get(&client).is_some_and(|session| session.number == number) {
        state.sessions.remove(&client);
    }
    ended
}

/// Answers the CONNECT, and says whether there is to be a session.
fn admit(mut stream: &TcpStream, client: &str, number: usize, state: &Mutex<State>) -> Result<bool> {
    let mut state = state.lock().expect("no panic");
    match state.mood {
        Mood::HangsUp => return Ok(false),
        Mood::Refuses => return stream.write_all(&packet(0x20, &[0, 3])).map(|()| false),
        Mood::Accepts => {}
    }
    // On a busy machine this may come late: the client has given it up since, and has another connection.
    if state.sessions.get(client).is_some_and(|session| session.number > number) {
        return Ok(false);
    }
    let session = Session { number, stream: stream.try_clone()?, filters: BTreeMap::new() };
    state.sessions.insert(client.to_owned(), session);
    // If the client is gone, reading will say so, and end the session.
    let _gone = stream.write_all(&packet(0x20, &[0, 0]));
    Ok(true)
}

fn converse(mut stream: &TcpStream, client: &str, number: usize, state: &Mutex<State>) -> Result<()> {
    loop {
        let (kind, body) = read(stream)?;
        let mut state = state.lock().expect("no panic");
        // The broker has cut it; what was still on the way has not arrived.
        let session = state.sessions.get_mut(client).filter(|session| session.number == number);
        let Some(session) = session else { return Ok(()) };
        let mut rest = &body[..];
        match kind >> 4 {
            3 => {
                let (qos, topic) = (kind >> 1 & 3, take_text(&mut rest));
                let id = if qos > 0 { take_id(&mut rest) } else { &[] };
                let payload = String::from_utf8(rest.to_vec()).expect("UTF-8");
                state.published.entry(client.to_owned()).or_default().push((topic, payload));
                if qos > 0 {
                    stream.write_all(&packet(if qos == 1 { 0x40 } else { 0x50 }, id))?;
                }
            }
            6 => stream.write_all(&packet(0x70, &body))?,
            8 => {
                let id = take_id(&mut rest);
                let filter = take_text(&mut rest);
                session.filters.insert(filter, rest[0]);
                stream.write_all(&packet(0x90, &[id[0], id[1], rest[0]]))?;
            }
            10 => {
                let id = take_id(&mut rest);
                session.filters.remove(&take_text(&mut rest));
                stream.write_all(&packet(0xB0, id))?;
            }
            12 => stream.write_all(&packet(0xD0, &[]))?,
            14 => return Ok(()),
            other => return Err(Error::new(ErrorKind::InvalidData, format!("packet type {other}"))),
        }
    }
}
