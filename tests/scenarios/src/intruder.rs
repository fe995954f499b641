//! A client that takes another's client id, again and again.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// It speaks as much MQTT 3.1.1 as it needs; it ends with this.
pub struct Intruder {
    stop: Arc<AtomicBool>,
    taken: Arc<AtomicUsize>,
    socket: Arc<Mutex<Option<TcpStream>>>,
    thread: Option<JoinHandle<()>>,
}

impl Intruder {
    /// Connects under this client id, and again whenever the broker closes the connection.
    pub fn start(port: u16, client_id: &str) -> Self {
        let (stop, taken) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let socket = Arc::new(Mutex::new(None));
        let connect = connect_packet(client_id);
        let (end, count, open) = (Arc::clone(&stop), Arc::clone(&taken), Arc::clone(&socket));
        let thread = std::thread::spawn(move || {
            while !end.load(SeqCst) {
                let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else { continue };
                *open.lock().expect("no panic") = stream.try_clone().ok();
                let mut connack = [0; 4];
                if stream.write_all(&connect).and_then(|()| stream.read_exact(&mut connack)).is_ok() {
                    count.fetch_add(1, SeqCst);
                }
                // Until the broker closes it; nothing was subscribed to.
                let _end = stream.read(&mut [0; 16]);
            }
        });
        Self { stop, taken, socket, thread: Some(thread) }
    }

    /// How many times it was accepted.
    pub fn taken(&self) -> usize {
        self.taken.load(SeqCst)
    }
}

impl Drop for Intruder {
    fn drop(&mut self) {
        self.stop.store(true, SeqCst);
        let thread = self.thread.take().expect("its thread");
        while !thread.is_finished() {
            // It may be about to connect.
            if let Some(socket) = &*self.socket.lock().expect("no panic") {
                let _closed_already = socket.shutdown(Shutdown::Both);
            }
            std::thread::yield_now();
        }
        thread.join().expect("the intruder's thread");
    }
}

/// MQTT 3.1.1 section 3.1, a clean session without a keepalive.
fn connect_packet(client_id: &str) -> Vec<u8> {
    let length = u8::try_from(client_id.len()).expect("a short id");
    let mut packet = vec![0x10, 12 + length];
    packet.extend(b"\x00\x04MQTT\x04\x02\x00\x00\x00");
    packet.push(length);
    packet.extend(client_id.as_bytes());
    packet
}
