//! The library itself, and a client from its making to its end: libmosquitto(3), "Client
//! constructor/destructor".

use crate::types::mosquitto;
use core::ffi::{c_char, c_int, c_uint, c_void};

unsafe extern "C" {
    /// Tells the version of the library that is loaded, which may be newer than the headers. Each pointer may
    /// be null; the result is major × 1,000,000 + minor × 1,000 + revision.
    pub fn mosquitto_lib_version(major: *mut c_int, minor: *mut c_int, revision: *mut c_int) -> c_int;

    /// Starts the library; before anything else, and on one thread. Calls are counted.
    pub fn mosquitto_lib_init() -> c_int;

    /// Ends the library when it was called as often as [`mosquitto_lib_init`].
    pub fn mosquitto_lib_cleanup() -> c_int;

    /// Makes a client; null with `errno` set if it cannot. A null `id` asks for a random one and demands a
    /// clean session. `obj` is what callbacks get as their second argument.
    pub fn mosquitto_new(id: *const c_char, clean_session: bool, obj: *mut c_void) -> *mut mosquitto;

    /// Ends a client and frees it. No thread may be inside one of its functions.
    pub fn mosquitto_destroy(mosq: *mut mosquitto);

    /// Closes the connection and makes the client as new: settings, callbacks and queues are gone.
    pub fn mosquitto_reinitialise(
        mosq: *mut mosquitto,
        id: *const c_char,
        clean_session: bool,
        obj: *mut c_void,
    ) -> c_int;

    /// Changes what callbacks get as their second argument.
    pub fn mosquitto_user_data_set(mosq: *mut mosquitto, obj: *mut c_void);

    /// What callbacks get as their second argument.
    pub fn mosquitto_userdata(mosq: *mut mosquitto) -> *mut c_void;

    /// Says whether other threads call this client while one of the caller's own runs its loop: without it, a
    /// publish writes to the socket from the thread that publishes.
    pub fn mosquitto_threaded_set(mosq: *mut mosquitto, threaded: bool) -> c_int;

    /// Runs the client on this thread, reconnecting as it goes, until it is disconnected on purpose or an
    /// error counts as final. `timeout` in milliseconds, negative for 1,000; `max_packets` should be 1. Uses
    /// `select`.
    pub fn mosquitto_loop_forever(mosq: *mut mosquitto, timeout: c_int, max_packets: c_int) -> c_int;

    /// Runs [`mosquitto_loop_forever`] on a thread that the library makes.
    pub fn mosquitto_loop_start(mosq: *mut mosquitto) -> c_int;

    /// Waits for the thread of [`mosquitto_loop_start`]. `force` cancels it, which no Rust frame survives.
    pub fn mosquitto_loop_stop(mosq: *mut mosquitto, force: bool) -> c_int;

    /// Waits for the socket once, and reads and writes what is ready. Arguments as for
    /// [`mosquitto_loop_forever`]; it does not reconnect. Uses `select`.
    pub fn mosquitto_loop(mosq: *mut mosquitto, timeout: c_int, max_packets: c_int) -> c_int;

    /// Reads what has arrived; for callers that watch the socket themselves.
    pub fn mosquitto_loop_read(mosq: *mut mosquitto, max_packets: c_int) -> c_int;

    /// Writes what waits; for callers that watch the socket themselves.
    pub fn mosquitto_loop_write(mosq: *mut mosquitto, max_packets: c_int) -> c_int;

    /// Does what time asks for, such as the keepalive; for callers that watch the socket themselves, about
    /// once a second.
    pub fn mosquitto_loop_misc(mosq: *mut mosquitto) -> c_int;

    /// The socket's number, or -1 if there is none.
    pub fn mosquitto_socket(mosq: *mut mosquitto) -> c_int;

    /// Whether something waits to be written.
    pub fn mosquitto_want_write(mosq: *mut mosquitto) -> bool;

    /// How long [`mosquitto_loop_forever`] waits before it reconnects, in seconds: from the first number up
    /// to the second, growing by the first, or with the square of the attempts if
    /// `reconnect_exponential_backoff`.
    pub fn mosquitto_reconnect_delay_set(
        mosq: *mut mosquitto,
        reconnect_delay: c_uint,
        reconnect_delay_max: c_uint,
        reconnect_exponential_backoff: bool,
    ) -> c_int;

    /// How many QoS 1 and 2 messages are on their way at once; 0: 65,535. The same as
    /// [`MOSQ_OPT_SEND_MAXIMUM`](crate::MOSQ_OPT_SEND_MAXIMUM).
    pub fn mosquitto_max_inflight_messages_set(mosq: *mut mosquitto, max_inflight_messages: c_uint) -> c_int;
}
