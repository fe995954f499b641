//! Numbers as text, and the rules for topics and text: libmosquitto(3), "Helper functions", and MQTT 5.0,
//! section 4.7. None of these needs a client.

use core::ffi::{c_char, c_int};

unsafe extern "C" {
    /// What a `MOSQ_ERR_` number means, in English; never to be freed.
    pub fn mosquitto_strerror(mosq_errno: c_int) -> *const c_char;

    /// What a `CONNACK_` code means, in English; never to be freed.
    pub fn mosquitto_connack_string(connack_code: c_int) -> *const c_char;

    /// What a `MQTT_RC_` code means, in English; never to be freed.
    pub fn mosquitto_reason_string(reason_code: c_int) -> *const c_char;

    /// The `CMD_` number of a packet's name, such as `connect`; case does not matter.
    pub fn mosquitto_string_to_command(str: *const c_char, cmd: *mut c_int) -> c_int;

    /// Splits a topic or a filter at its slashes; an empty level is a null pointer.
    pub fn mosquitto_sub_topic_tokenise(
        subtopic: *const c_char,
        topics: *mut *mut *mut c_char,
        count: *mut c_int,
    ) -> c_int;

    /// Frees what [`mosquitto_sub_topic_tokenise`] made.
    pub fn mosquitto_sub_topic_tokens_free(topics: *mut *mut *mut c_char, count: c_int) -> c_int;

    /// Whether a topic matches a filter; the answer is in `result`.
    pub fn mosquitto_topic_matches_sub(sub: *const c_char, topic: *const c_char, result: *mut bool) -> c_int;

    /// [`mosquitto_topic_matches_sub`] with lengths, which 2.0 ignores: zero bytes must end both texts.
    pub fn mosquitto_topic_matches_sub2(
        sub: *const c_char,
        sublen: usize,
        topic: *const c_char,
        topiclen: usize,
        result: *mut bool,
    ) -> c_int;

    /// Whether a topic may be published to: no wildcards, up to 65,535 bytes. UTF-8 is not checked.
    pub fn mosquitto_pub_topic_check(topic: *const c_char) -> c_int;

    /// [`mosquitto_pub_topic_check`] with a length in bytes.
    pub fn mosquitto_pub_topic_check2(topic: *const c_char, topiclen: usize) -> c_int;

    /// Whether a filter may be subscribed to: wildcards in their places, up to 65,535 bytes. UTF-8 is not
    /// checked.
    pub fn mosquitto_sub_topic_check(topic: *const c_char) -> c_int;

    /// [`mosquitto_sub_topic_check`] with a length in bytes.
    pub fn mosquitto_sub_topic_check2(topic: *const c_char, topiclen: usize) -> c_int;

    /// Whether `len` bytes (up to 65,536) are the UTF-8 that MQTT allows: no zero byte, no control
    /// characters. A zero byte must follow them: 2.0 reads on where the last character is cut short.
    pub fn mosquitto_validate_utf8(str: *const c_char, len: c_int) -> c_int;
}
