//! Peers that do not answer, and peers that are not there.

use super::broker::free_port;
use super::certificates::Certificates;
use super::*;
use std::net::{SocketAddr, TcpListener};
use std::thread;

/// A peer that accepts connections, and never says a word.
fn silent() -> (TcpListener, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().as_ref().map(SocketAddr::port).expect("its number");
    (listener, port)
}

fn trusted() -> Options {
    with_tls(trusting(&Certificates::get().path("ca.pem")))
}

/// The processor time that this thread has taken.
#[allow(unsafe_code)]
fn processor_time() -> Duration {
    // SAFETY: a structure of numbers, which the call fills.
    let used = unsafe {
        let mut used: libc::rusage = std::mem::zeroed();
        assert_eq!(libc::getrusage(libc::RUSAGE_THREAD, &mut used), 0);
        used
    };
    let duration = |time: libc::timeval| {
        Duration::from_micros(u64::try_from(time.tv_sec * 1_000_000 + time.tv_usec).expect("a time"))
    };
    duration(used.ru_utime) + duration(used.ru_stime)
}

#[test]
fn a_silent_peer_is_given_up_in_time_and_without_spinning() {
    let limit = Duration::from_secs(1);
    for options in [options(), trusted()] {
        let (_listener, port) = silent();
        let (record, client) = client(&options);
        let (begun, used) = (Instant::now(), processor_time());
        let result = attempt(&record, &client, &target("localhost", port), limit);
        let (took, used) = (begun.elapsed(), processor_time() - used);
        assert_eq!(result, Err(Error::Timeout));
        assert!(took >= limit && took < limit + Duration::from_millis(500), "{took:?}");
        assert!(used < Duration::from_millis(100), "{used:?} of the processor's time");
    }
}

#[test]
fn a_peer_that_refuses_ends_the_attempt_at_once() {
    for options in [options(), trusted()] {
        let begun = Instant::now();
        let (error, _) = accepted(&options, &target("localhost", free_port())).expect_err("nobody there");
        assert_eq!(error, Error::System(libc::ECONNREFUSED));
        assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    }
}

#[test]
fn a_peer_that_hangs_up_ends_the_attempt_at_once() {
    for options in [options(), trusted()] {
        let (listener, port) = silent();
        let peer = thread::spawn(move || drop(listener.accept().expect("a connection")));
        let begun = Instant::now();
        let (error, reason) = accepted(&options, &target("localhost", port)).expect_err("nobody there");
        assert!(begun.elapsed() < Duration::from_secs(2), "{error}, {reason:?}: {:?}", begun.elapsed());
        assert_ne!(error, Error::Timeout);
        peer.join().expect("the peer");
    }
}

#[test]
fn another_thread_ends_an_attempt_at_once() {
    type End = fn(&Client<Record>);
    for end in [Client::disconnect as End, Client::abort as End] {
        for options in [options(), trusted()] {
            let (listener, port) = silent();
            let (record, client) = client(&options);
            let client = Arc::new(client);
            let other = Arc::clone(&client);
            let ending = thread::spawn(move || {
                let connection = listener.accept().expect("a connection");
                end(&other);
                (connection, Instant::now())
            });
            let result = attempt(&record, &client, &target("localhost", port), PATIENCE);
            let ended = Instant::now();
            let (_connection, asked) = ending.join().expect("the other thread");
            let late = ended.saturating_duration_since(asked);
            assert!(late < Duration::from_secs(1), "{late:?}");
            assert_ne!(result, Err(Error::Timeout));
        }
    }
}
