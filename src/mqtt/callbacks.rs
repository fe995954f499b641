//! libmosquitto's callbacks, turned into calls of a safe trait.
//!
//! A trampoline converts its arguments, calls the handler and swallows a panic (with a CRIT line): nothing may
//! unwind into C. All of them run with a lock of the library held, on the thread that drives the client, or, for
//! `disconnected`, on whichever thread closed the connection.
#![allow(unsafe_code)]

use super::error::{ConnackCode, Error, LossReason};
use super::library::{Handed, MessageId, QoS};
use super::properties::Properties;
use super::reason::readable;
use super::received::{Received, read_text};
use crate::panics::guard;
use mosquitto_client_sys as sys;
use std::ffi::{CStr, c_char, c_int, c_void};

/// What is told of a client's life. The methods are called with a lock of the library held: they must not block,
/// and may hold no lock while they call anything of the client.
pub trait Handler: Send + Sync + 'static {
    /// The broker answered the CONNECT.
    fn connected(&self, session: &Session, code: ConnackCode);
    /// The connection is gone.
    fn disconnected(&self, reason: LossReason);
    /// A message has gone out: at QoS 0 written to the socket, at QoS 1 and 2 acknowledged. `refused` is the MQTT 5
    /// reason code (0x80 and above) with which the broker refused it.
    fn published(&self, session: &Session, id: MessageId, refused: Option<u8>);
    /// The broker answered a SUBSCRIBE: for each topic filter the QoS that it grants, or 0x80 and above if it refuses.
    fn subscribed(&self, id: MessageId, granted: &[i32]);
    /// A message arrived.
    fn message(&self, message: &Incoming<'_>);
    /// Whether [`Handler::log`] is to be called: the library writes a text for every packet then, on the thread that
    /// publishes or drives the client. Asked once, before anything else.
    fn listens(&self) -> bool;
    /// The library says something.
    fn log(&self, weight: Weight, text: &CStr);
}

/// A message from the broker, for the length of a callback.
#[derive(Debug, Clone, Copy)]
pub struct Incoming<'a> {
    /// Where it was published.
    pub topic: &'a CStr,
    /// What it says: any bytes.
    pub payload: &'a [u8],
    /// Whether the broker had kept it from before the subscription.
    pub retained: bool,
    /// The QoS with which it was delivered: 0, 1 or 2.
    pub qos: i32,
    /// What came with it (MQTT 5).
    pub properties: Received<'a>,
}

/// How much a line of the library's own matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Something is wrong: an error of OpenSSL, say.
    Trouble,
    /// Every packet, for debugging.
    Packet,
}

/// The client inside one of its callbacks.
#[derive(Debug)]
pub struct Session {
    raw: *mut sys::mosquitto,
    receive_maximum: Option<u16>,
    reason_string: Option<String>,
}

impl Session {
    fn new(raw: *mut sys::mosquitto) -> Self {
        Self { raw, receive_maximum: None, reason_string: None }
    }

    /// How many QoS 1 and 2 messages the broker takes at once, if its CONNACK says so (MQTT 5, section 3.2.2.3.3).
    pub fn receive_maximum(&self) -> Option<u16> {
        self.receive_maximum
    }

    /// What the broker's CONNACK says in words of its own (MQTT 5, section 3.2.2.3.9), fit for a log line.
    pub fn reason_string(&self) -> Option<&str> {
        self.reason_string.as_deref()
    }

    /// Ends the connection again.
    pub fn disconnect(&self) {
        // SAFETY: `raw` is the client whose callback is running; disconnecting inside one is allowed. What it
        // answers says no more than whether there was a connection.
        unsafe { sys::mosquitto_disconnect(self.raw) };
    }

    /// Subscribes; the answer comes to [`Handler::subscribed`] under the id.
    ///
    /// # Errors
    /// What the library refuses: a filter that is not valid, say.
    pub fn subscribe(&self, filter: &CStr, qos: QoS) -> Result<MessageId, Error> {
        // SAFETY: `raw` is the client whose callback is running; subscribing inside one is allowed.
        unsafe { subscribe(self.raw, filter, qos) }
    }

    /// Hands a message to the library, as [`Client::publish`](super::Client::publish) does. The receipt comes later, on
    /// this thread.
    pub fn publish(
        &self,
        topic: &CStr,
        payload: &[u8],
        qos: QoS,
        retain: bool,
        properties: Option<&Properties>,
    ) -> Handed {
        // SAFETY: `raw` is the client whose callback is running; publishing inside one is allowed, and only queues.
        unsafe { publish(self.raw, topic, payload, qos, retain, properties) }
    }
}

/// # Safety
/// `raw` is a live client.
pub(super) unsafe fn publish(
    raw: *mut sys::mosquitto,
    topic: &CStr,
    payload: &[u8],
    qos: QoS,
    retain: bool,
    properties: Option<&Properties>,
) -> Handed {
    let mut id = 0;
    let Ok(length) = c_int::try_from(payload.len()) else {
        return Handed::Refused(Error::TooLarge);
    };
    let (payload, qos) = (payload.as_ptr().cast(), qos as c_int);
    let properties = properties.map_or(std::ptr::null(), Properties::as_ptr);
    // SAFETY: by the caller's promise; topic, payload and properties live for the call and are copied.
    let code = unsafe {
        sys::mosquitto_publish_v5(raw, &mut id, topic.as_ptr(), length, payload, qos, retain, properties)
    };
    match Error::from_code(code) {
        Ok(()) => Handed::Taken(MessageId(id)),
        Err(Error::NotConnected) => Handed::NotConnected(MessageId(id)),
        Err(error) => Handed::Refused(error),
    }
}

/// # Safety
/// `raw` is a live client.
pub(super) unsafe fn subscribe(
    raw: *mut sys::mosquitto,
    filter: &CStr,
    qos: QoS,
) -> Result<MessageId, Error> {
    let mut id = 0;
    // SAFETY: by the caller's promise; the id and the filter live for the call.
    let code = unsafe { sys::mosquitto_subscribe(raw, &mut id, filter.as_ptr(), qos as c_int) };
    Error::from_code(code).map(|()| MessageId(id))
}

/// Registers the trampolines. `user` must have been set to a `*const H` that lives as long as the client.
///
/// # Safety
/// `raw` is a client that nobody else uses yet, and its user data is a `*const H` that outlives it.
pub(super) unsafe fn register<H: Handler>(raw: *mut sys::mosquitto, listens: bool) {
    // SAFETY: the functions have the library's own signatures; the rest is this function's promise.
    unsafe {
        sys::mosquitto_connect_v5_callback_set(raw, Some(on_connect::<H>));
        sys::mosquitto_disconnect_v5_callback_set(raw, Some(on_disconnect::<H>));
        sys::mosquitto_publish_v5_callback_set(raw, Some(on_publish::<H>));
        sys::mosquitto_subscribe_v5_callback_set(raw, Some(on_subscribe::<H>));
        sys::mosquitto_message_v5_callback_set(raw, Some(on_message::<H>));
        if listens {
            sys::mosquitto_log_callback_set(raw, Some(on_log::<H>));
        }
    }
}

/// The handler behind a callback's user data.
///
/// # Safety
/// `user` is the `*const H` that `register` was promised.
unsafe fn handler<'a, H: Handler>(user: *mut c_void) -> &'a H {
    // SAFETY: by the caller's promise; the client's owner drops the handler after the client.
    unsafe { &*user.cast::<H>() }
}

unsafe extern "C" fn on_connect<H: Handler>(
    raw: *mut sys::mosquitto,
    user: *mut c_void,
    code: c_int,
    _flags: c_int,
    properties: *const sys::mosquitto_property,
) {
    let mut maximum = 0;
    // SAFETY: registered together with user data of this type; the properties, null if there are none, live for the
    // call, and the number is written only if it is among them.
    let (handler, found, words) = unsafe {
        let identifier = sys::MQTT_PROP_RECEIVE_MAXIMUM;
        let found = sys::mosquitto_property_read_int16(properties, identifier, &mut maximum, false);
        let words = read_text(properties, sys::MQTT_PROP_REASON_STRING);
        (handler::<H>(user), !found.is_null(), words)
    };
    let reason_string = words.as_deref().and_then(readable);
    let session = Session { raw, receive_maximum: found.then_some(maximum), reason_string };
    guard("an MQTT connect callback", (), || handler.connected(&session, ConnackCode(code)));
}

unsafe extern "C" fn on_disconnect<H: Handler>(
    raw: *mut sys::mosquitto,
    user: *mut c_void,
    code: c_int,
    properties: *const sys::mosquitto_property,
) {
    // errno first: the reason may be in it.
    let reason = LossReason::from_code(code);
    // SAFETY: registered together with user data of this type; the properties, null if there are none, live for the
    // call.
    let (handler, words) =
        unsafe { (handler::<H>(user), read_text(properties, sys::MQTT_PROP_REASON_STRING)) };
    let reason = reason.with_words(words.as_deref().and_then(readable));
    guard("an MQTT disconnect callback", (), || handler.disconnected(reason));
    // mosquitto_loop_forever would now sleep and connect again by itself, in ways that cannot be interrupted. Told
    // to disconnect, it returns instead, and the thread that drives the client decides.
    Session::new(raw).disconnect();
}

unsafe extern "C" fn on_publish<H: Handler>(
    raw: *mut sys::mosquitto,
    user: *mut c_void,
    id: c_int,
    reason: c_int,
    _properties: *const sys::mosquitto_property,
) {
    let refused = u8::try_from(reason).ok().filter(|reason| *reason >= 0x80);
    // SAFETY: registered together with user data of this type.
    let handler = unsafe { handler::<H>(user) };
    let session = Session::new(raw);
    guard("an MQTT publish callback", (), || handler.published(&session, MessageId(id), refused));
}

unsafe extern "C" fn on_subscribe<H: Handler>(
    _raw: *mut sys::mosquitto,
    user: *mut c_void,
    id: c_int,
    count: c_int,
    granted: *const c_int,
    _properties: *const sys::mosquitto_property,
) {
    let count = usize::try_from(count).unwrap_or(0);
    if granted.is_null() {
        return;
    }
    // SAFETY: registered together with user data of this type; `granted` holds `count` numbers for the call.
    let (handler, granted) = unsafe { (handler::<H>(user), std::slice::from_raw_parts(granted, count)) };
    guard("an MQTT subscribe callback", (), || handler.subscribed(MessageId(id), granted));
}

unsafe extern "C" fn on_message<H: Handler>(
    _raw: *mut sys::mosquitto,
    user: *mut c_void,
    message: *const sys::mosquitto_message,
    properties: *const sys::mosquitto_property,
) {
    // SAFETY: registered together with user data of this type; the message, its topic, its payload and its properties live
    // for the call. The payload is null if it is empty, the properties if there are none.
    let (handler, incoming) = unsafe {
        let message = &*message;
        let length = usize::try_from(message.payloadlen).unwrap_or(0);
        let payload = if length == 0 || message.payload.is_null() {
            &[]
        } else {
            std::slice::from_raw_parts(message.payload.cast::<u8>(), length)
        };
        let topic = CStr::from_ptr(message.topic);
        let properties = Received::new(properties);
        let (retained, qos) = (message.retain, message.qos);
        (handler::<H>(user), Incoming { topic, payload, retained, qos, properties })
    };
    guard("an MQTT message callback", (), || handler.message(&incoming));
}

unsafe extern "C" fn on_log<H: Handler>(
    _raw: *mut sys::mosquitto,
    user: *mut c_void,
    level: c_int,
    line: *const c_char,
) {
    let weight = match level {
        sys::MOSQ_LOG_ERR | sys::MOSQ_LOG_WARNING => Weight::Trouble,
        _ => Weight::Packet,
    };
    // SAFETY: registered together with user data of this type; the line is a string that lives for the call.
    let (handler, line) = unsafe { (handler::<H>(user), CStr::from_ptr(line)) };
    guard("an MQTT log callback", (), || handler.log(weight, line));
}
