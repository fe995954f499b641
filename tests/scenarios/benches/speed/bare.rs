//! Bare libmosquitto: one thread publishes, another one runs the library's loop. A process of its own, as the module
//! is in one.

use mosquitto_client_sys as sys;
use std::ffi::{c_int, c_void};
use std::process::{Command, ExitCode};
use std::ptr::null_mut;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, Instant};

/// What may be in flight, QoS 0 included: more than the module allows itself, so that the library never waits for it.
const WINDOW: usize = 20_000;
const WINDOW_BYTES: usize = 8 * 1024 * 1024;

static CONNECTED: AtomicBool = AtomicBool::new(false);
static PUBLISHED: AtomicUsize = AtomicUsize::new(0);

/// Microseconds that bare libmosquitto takes for so many messages until the last of them is published.
pub fn run(port: u16, count: usize, bytes: usize, qos: u8, inflight: u16) -> f64 {
    let mut command = Command::new(std::env::current_exe().expect("own path"));
    command.arg("bare").args([port.to_string(), count.to_string(), bytes.to_string()]);
    let output = command.args([qos.to_string(), inflight.to_string()]).output().expect("it starts");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stdout).trim().parse().expect("a number")
}

/// `bare PORT COUNT BYTES QOS INFLIGHT`
pub fn main(arguments: impl Iterator<Item = String>) -> ExitCode {
    let numbers: Vec<c_int> = arguments.map(|text| text.parse().expect("a number")).collect();
    let [port, count, bytes, qos, inflight] = numbers[..] else { return 2.into() };
    // SAFETY: one client, which is driven by one thread and published on by this one, as mosquitto_threaded_set(3)
    // allows; it is destroyed after the other thread has ended. Every pointer is null, or lives for its call.
    unsafe {
        sys::mosquitto_lib_init();
        let client = sys::mosquitto_new(std::ptr::null(), true, null_mut());
        assert!(!client.is_null(), "out of memory");
        sys::mosquitto_connect_callback_set(client, Some(on_connect));
        sys::mosquitto_publish_callback_set(client, Some(on_publish));
        check(sys::mosquitto_threaded_set(client, true));
        check(sys::mosquitto_int_option(client, sys::MOSQ_OPT_TCP_NODELAY, 1));
        check(sys::mosquitto_int_option(client, sys::MOSQ_OPT_SEND_MAXIMUM, inflight));
        check(sys::mosquitto_connect(client, c"127.0.0.1".as_ptr(), port, 60));
        let address = client as usize;
        let driver = std::thread::spawn(move || sys::mosquitto_loop_forever(address as *mut _, 1000, 1));
        while !CONNECTED.load(SeqCst) {
            std::thread::sleep(Duration::from_millis(1));
        }
        let payload = vec![b'v'; bytes as usize];
        let window = WINDOW.min(WINDOW_BYTES / payload.len());
        let begin = Instant::now();
        for number in 0..count {
            let payload = payload.as_ptr().cast::<c_void>();
            check(sys::mosquitto_publish(
                client,
                null_mut(),
                c"test/bare".as_ptr(),
                bytes,
                payload,
                qos,
                false,
            ));
            while number as usize - PUBLISHED.load(SeqCst).min(number as usize) > window {
                std::thread::sleep(Duration::from_micros(50));
            }
        }
        while PUBLISHED.load(SeqCst) < count as usize {
            std::thread::sleep(Duration::from_micros(100));
        }
        println!("{}", begin.elapsed().as_micros());
        check(sys::mosquitto_disconnect(client));
        driver.join().expect("its end");
        sys::mosquitto_destroy(client);
        sys::mosquitto_lib_cleanup();
    }
    0.into()
}

fn check(code: c_int) {
    assert_eq!(code, sys::MOSQ_ERR_SUCCESS, "libmosquitto");
}

unsafe extern "C" fn on_connect(_: *mut sys::mosquitto, _: *mut c_void, code: c_int) {
    CONNECTED.store(code == 0, SeqCst);
}

unsafe extern "C" fn on_publish(_: *mut sys::mosquitto, _: *mut c_void, _: c_int) {
    PUBLISHED.fetch_add(1, SeqCst);
}
