//! A name server on port 53 of 127.0.0.1, for a test in a network of its own.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream, UdpSocket};
use std::sync::{Arc, Mutex, MutexGuard};

const A: u16 = 1;
const SRV: u16 = 33;
/// What fits into a UDP packet that nobody has asked to be larger, RFC 1035 section 4.2.1.
const UDP_MOST: usize = 512;

/// A running name server; it ends with the test's program.
pub struct NameServer {
    zone: Arc<Mutex<Zone>>,
}

#[derive(Default)]
struct Zone {
    records: HashMap<String, Vec<(u16, Vec<u8>)>>,
    silent: bool,
    questions: Vec<(String, u16)>,
}

impl NameServer {
    /// Starts one that knows nothing: no name exists (NXDOMAIN).
    ///
    /// # Panics
    /// If the port is not free: see [`in_own_network`](crate::in_own_network).
    pub fn start() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:53").expect("a network of its own");
        let listener = TcpListener::bind("127.0.0.1:53").expect("a network of its own");
        let zone = Arc::new(Mutex::new(Zone::default()));
        let (udp, tcp) = (Arc::clone(&zone), Arc::clone(&zone));
        std::thread::spawn(move || serve_udp(&socket, &udp));
        std::thread::spawn(move || listener.incoming().flatten().for_each(|stream| serve_tcp(stream, &tcp)));
        Self { zone }
    }

    fn zone(&self) -> MutexGuard<'_, Zone> {
        self.zone.lock().expect("no panic")
    }

    /// Gives a name one more address.
    pub fn address(&self, name: &str, address: Ipv4Addr) {
        self.zone().add(name, A, address.octets().to_vec());
    }

    /// Gives a service one more server.
    pub fn server(&self, service: &str, (priority, weight, port): (u16, u16, u16), target: &str) {
        let mut data = [priority, weight, port].map(u16::to_be_bytes).concat();
        for label in target.split('.').filter(|label| !label.is_empty()) {
            data.push(u8::try_from(label.len()).expect("a short label"));
            data.extend(label.as_bytes());
        }
        data.push(0);
        self.zone().add(service, SRV, data);
    }

    /// Says nothing any more, or answers again: the questions that have come in between, never.
    pub fn silent(&self, silent: bool) {
        self.zone().silent = silent;
    }

    /// How many questions for a name have come so far, those without an answer included.
    pub fn questions(&self, name: &str) -> usize {
        self.zone().questions.iter().filter(|(asked, _)| asked == name).count()
    }
}

impl Zone {
    fn add(&mut self, name: &str, kind: u16, data: Vec<u8>) {
        self.records.entry(name.to_owned()).or_default().push((kind, data));
    }

    /// The answer to a question; `None`: silence.
    fn answer(&mut self, question: &[u8]) -> Option<Vec<u8>> {
        let (name, end) = question_name(question)?;
        let kind = u16::from_be_bytes([*question.get(end)?, *question.get(end + 1)?]);
        self.questions.push((name.clone(), kind));
        if self.silent {
            return None;
        }
        let known = self.records.get(&name);
        let data: Vec<&Vec<u8>> =
            known.into_iter().flatten().filter(|(k, _)| *k == kind).map(|(_, data)| data).collect();
        let count = u16::try_from(data.len()).expect("not that many").to_be_bytes();
        let code = if known.is_some() { 0 } else { 3 };
        let header = [question[0], question[1], 0x85, 0x80 | code, 0, 1, count[0], count[1], 0, 0, 0, 0];
        let mut answer = [&header[..], &question[12..end + 4]].concat();
        for data in data {
            let length = u16::try_from(data.len()).expect("a short record").to_be_bytes();
            // The question's name, the type, class IN, a minute to live.
            answer.extend([0xc0, 12]);
            answer.extend(kind.to_be_bytes());
            answer.extend([0, 1, 0, 0, 0, 60]);
            answer.extend(length);
            answer.extend(data);
        }
        Some(answer)
    }
}

/// The name that is asked for, in lower case, and the place behind it.
fn question_name(question: &[u8]) -> Option<(String, usize)> {
    let mut labels = Vec::new();
    let mut at = 12;
    loop {
        let length = usize::from(*question.get(at)?);
        at += 1;
        if length == 0 {
            return Some((labels.join("."), at));
        }
        labels.push(String::from_utf8_lossy(question.get(at..at + length)?).to_lowercase());
        at += length;
    }
}

fn serve_udp(socket: &UdpSocket, zone: &Mutex<Zone>) {
    let mut buffer = [0; UDP_MOST];
    while let Ok((length, from)) = socket.recv_from(&mut buffer) {
        let Some(mut answer) = zone.lock().expect("no panic").answer(&buffer[..length]) else { continue };
        if answer.len() > UDP_MOST {
            // Cut short, without any record: to be asked again by TCP.
            let (_, end) = question_name(&buffer[..length]).expect("it was answered");
            answer.truncate(end + 4);
            answer[2] |= 0x02;
            answer[6..8].fill(0);
        }
        socket.send_to(&answer, from).expect("the loopback interface");
    }
}

/// One question, behind its length, and its answer in the same way.
fn serve_tcp(mut stream: TcpStream, zone: &Mutex<Zone>) {
    let mut length = [0; 2];
    if stream.read_exact(&mut length).is_err() {
        return;
    }
    let mut question = vec![0; usize::from(u16::from_be_bytes(length))];
    if stream.read_exact(&mut question).is_err() {
        return;
    }
    let Some(answer) = zone.lock().expect("no panic").answer(&question) else { return };
    let length = u16::try_from(answer.len()).expect("a DNS message").to_be_bytes();
    // Whoever asked may have gone.
    let _gone = stream.write_all(&[&length[..], &answer].concat());
}
