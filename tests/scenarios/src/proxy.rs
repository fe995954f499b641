//! A way to a broker that can be broken and mended while it is used.

use crate::wait::free_port;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::{AsRawFd, RawFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// What a proxy does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It passes everything on, both ways.
    Pass,
    /// Nobody listens, and what was open is closed.
    Refuse,
    /// SYNs are dropped, and what was open is closed.
    DropSyns,
    /// It accepts connections and never answers; what was open is closed.
    Silent,
    /// It reads nothing any more; connections stay open.
    Stall,
    /// It resets each connection once so many bytes have come from the client.
    Cut(usize),
}

/// A TCP proxy in front of a port of 127.0.0.1.
pub struct Proxy {
    port: u16,
    accepted: Arc<AtomicUsize>,
    orders: Option<Sender<(Mode, Sender<()>)>>,
    thread: Option<JoinHandle<()>>,
}

impl Proxy {
    /// Passes on to this port.
    pub fn start(broker: u16) -> Self {
        let port = free_port();
        let accepted = Arc::new(AtomicUsize::new(0));
        let (orders, inbox) = channel();
        let mut service = Service {
            address: SocketAddr::from(([127, 0, 0, 1], port)),
            broker,
            mode: Mode::Pass,
            listener: None,
            fillers: Vec::new(),
            pairs: Vec::new(),
            accepted: Arc::clone(&accepted),
        };
        service.change(Mode::Pass);
        let thread = std::thread::spawn(move || service.run(&inbox));
        Self { port, accepted, orders: Some(orders), thread: Some(thread) }
    }

    /// The port to connect to.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// How many connections it has accepted.
    pub fn accepted(&self) -> usize {
        self.accepted.load(SeqCst)
    }

    /// Changes what it does; it does so when this returns.
    pub fn set(&self, mode: Mode) {
        let (done, wait) = channel();
        self.orders.as_ref().expect("running").send((mode, done)).expect("the proxy's thread");
        wait.recv().expect("the proxy's thread");
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.orders = None;
        let ended = self.thread.take().map(JoinHandle::join);
        assert!(std::thread::panicking() || matches!(ended, Some(Ok(()))), "the proxy's thread");
    }
}

/// The proxy's thread.
struct Service {
    address: SocketAddr,
    broker: u16,
    mode: Mode,
    listener: Option<TcpListener>,
    /// Connections of our own in the queue of those to accept.
    fillers: Vec<TcpStream>,
    pairs: Vec<Pair>,
    accepted: Arc<AtomicUsize>,
}

impl Service {
    fn run(&mut self, orders: &Receiver<(Mode, Sender<()>)>) {
        loop {
            match orders.try_recv() {
                Ok((mode, done)) => {
                    self.change(mode);
                    done.send(()).expect("someone waits");
                }
                Err(TryRecvError::Empty) => {}
                Err(TryRecvError::Disconnected) => return,
            }
            self.wait();
            self.accept();
            let mode = self.mode;
            self.pairs.retain_mut(|pair| pair.pass(mode));
        }
    }

    fn change(&mut self, mode: Mode) {
        self.mode = mode;
        match mode {
            Mode::Refuse | Mode::DropSyns | Mode::Silent => self.pairs.clear(),
            _ => self.pairs.retain(|pair| pair.broker.is_some()),
        }
        self.fillers.clear();
        if mode == Mode::Refuse {
            self.listener = None;
            return;
        }
        if self.listener.is_none() {
            let listener = TcpListener::bind(self.address).expect("the port is ours");
            listener.set_nonblocking(true).expect("a socket");
            self.listener = Some(listener);
        }
        self.set_backlog(if mode == Mode::DropSyns { 0 } else { 128 });
        if mode == Mode::DropSyns {
            self.fill();
        }
    }

    fn set_backlog(&self, length: i32) {
        let listener = self.listener.as_ref().expect("one that listens");
        // SAFETY: a plain system call on a descriptor that is open.
        assert_eq!(unsafe { libc::listen(listener.as_raw_fd(), length) }, 0);
    }

    /// Linux drops SYNs while the queue of those to accept is full.
    fn fill(&mut self) {
        const ANSWER: Duration = Duration::from_millis(200);
        loop {
            match TcpStream::connect_timeout(&self.address, ANSWER) {
                Ok(stream) => self.fillers.push(stream),
                Err(error) if error.kind() == ErrorKind::TimedOut => return,
                Err(error) => panic!("filling the queue: {error}"),
            }
        }
    }

    fn accept(&mut self) {
        if self.mode == Mode::DropSyns {
            return;
        }
        while let Some(Ok((client, _))) = self.listener.as_ref().map(TcpListener::accept) {
            self.accepted.fetch_add(1, SeqCst);
            client.set_nonblocking(true).expect("a socket");
            client.set_nodelay(true).expect("a socket");
            let mut pair = Pair { client, broker: None, up: Vec::new(), down: Vec::new(), passed: 0 };
            if self.mode != Mode::Silent {
                let Ok(broker) = TcpStream::connect(("127.0.0.1", self.broker)) else { continue };
                broker.set_nonblocking(true).expect("a socket");
                broker.set_nodelay(true).expect("a socket");
                pair.broker = Some(broker);
            }
            self.pairs.push(pair);
        }
    }

    /// Waits until there is something to pass on, or an order may have come.
    fn wait(&self) {
        const ORDERS_MS: i32 = 5;
        let watch = |fd: RawFd, events| libc::pollfd { fd, events, revents: 0 };
        let mut watched = Vec::new();
        if self.mode != Mode::DropSyns {
            watched.extend(self.listener.iter().map(|listener| watch(listener.as_raw_fd(), libc::POLLIN)));
        }
        let moving = !matches!(self.mode, Mode::Stall | Mode::Silent);
        for pair in self.pairs.iter().filter(|_| moving) {
            let ends =
                [(Some(&pair.client), &pair.up, &pair.down), (pair.broker.as_ref(), &pair.down, &pair.up)];
            for (socket, taken, given) in ends {
                let reading = if taken.is_empty() { libc::POLLIN } else { 0 };
                let writing = if given.is_empty() { 0 } else { libc::POLLOUT };
                watched.extend(socket.map(|socket| watch(socket.as_raw_fd(), reading | writing)));
            }
        }
        let count = watched.len() as libc::nfds_t;
        // SAFETY: an array of that many that lives for the call. Whatever it answers, every socket is tried.
        unsafe { libc::poll(watched.as_mut_ptr(), count, ORDERS_MS) };
    }
}

/// A connection from a client, and the one to the broker.
struct Pair {
    client: TcpStream,
    broker: Option<TcpStream>,
    /// What came from the client and is not passed on yet.
    up: Vec<u8>,
    /// What came from the broker and is not passed on yet.
    down: Vec<u8>,
    /// Bytes that have gone to the broker.
    passed: usize,
}

impl Pair {
    /// Passes on what there is; false: this connection is over.
    fn pass(&mut self, mode: Mode) -> bool {
        let Some(broker) = &self.broker else { return true };
        if mode == Mode::Stall {
            return true;
        }
        let mut open = read(&self.client, &mut self.up) && read(broker, &mut self.down);
        let end = match mode {
            Mode::Cut(after) if self.passed + self.up.len() > after => {
                self.up.truncate(after.saturating_sub(self.passed));
                reset_at_close(&self.client);
                true
            }
            _ => false,
        };
        self.passed += self.up.len();
        open &= write(broker, &mut self.up) && (end || write(&self.client, &mut self.down));
        self.passed -= self.up.len();
        open && !end
    }
}

/// False: the other side has closed.
fn read(mut socket: &TcpStream, into: &mut Vec<u8>) -> bool {
    if !into.is_empty() {
        return true;
    }
    let mut buffer = [0; 65_536];
    match socket.read(&mut buffer) {
        Ok(0) => false,
        Ok(count) => {
            into.extend_from_slice(&buffer[..count]);
            true
        }
        Err(error) => error.kind() == ErrorKind::WouldBlock,
    }
}

/// Writes what the socket takes. False: the other side has closed.
fn write(mut socket: &TcpStream, from: &mut Vec<u8>) -> bool {
    if from.is_empty() {
        return true;
    }
    match socket.write(from) {
        Ok(count) => {
            from.drain(..count);
            true
        }
        Err(error) => error.kind() == ErrorKind::WouldBlock,
    }
}

/// Has the kernel send RST, not FIN, when the socket is closed.
fn reset_at_close(socket: &TcpStream) {
    let linger = libc::linger { l_onoff: 1, l_linger: 0 };
    let size = libc::socklen_t::try_from(size_of::<libc::linger>()).expect("a few bytes");
    let value = (&raw const linger).cast();
    // SAFETY: the option's own type, which lives for the call, on a descriptor that is open.
    let set = unsafe { libc::setsockopt(socket.as_raw_fd(), libc::SOL_SOCKET, libc::SO_LINGER, value, size) };
    assert_eq!(set, 0);
}
