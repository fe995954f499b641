//! A broker that says what it is told to, whoever connects.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

/// A running one. Its thread ends with the test program.
pub struct Scripted {
    port: u16,
    answered: Arc<AtomicUsize>,
}

impl Scripted {
    /// Answers each CONNECT with these bytes, and keeps the connection until the client closes it.
    pub fn start(answer: &[u8]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let answered = Arc::new(AtomicUsize::new(0));
        let (count, answer) = (Arc::clone(&answered), answer.to_owned());
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                // A client that hangs up early is not counted.
                if serve(client, &answer).is_ok() {
                    count.fetch_add(1, SeqCst);
                }
            }
        });
        Self { port, answered }
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// How many clients have had their answer, and have gone.
    pub fn answered(&self) -> usize {
        self.answered.load(SeqCst)
    }
}

fn serve(mut client: TcpStream, answer: &[u8]) -> std::io::Result<()> {
    // A CONNECT of up to 127 bytes: its length is in the second one.
    let mut head = [0; 2];
    client.read_exact(&mut head)?;
    client.read_exact(&mut vec![0; head[1].into()])?;
    client.write_all(answer)?;
    // A client that resets the connection has gone, too.
    let _gone = std::io::copy(&mut client, &mut std::io::sink());
    Ok(())
}
