//! Constants of `mosquitto.h`: results, options, log levels, protocol versions.

use crate::types::mosq_opt_t;
use core::ffi::{c_int, c_uint};

/// An extended authentication goes on; in a broker's plugins only.
pub const MOSQ_ERR_AUTH_CONTINUE: c_int = -4;
/// Nobody subscribes to the topic; inside a broker only.
pub const MOSQ_ERR_NO_SUBSCRIBERS: c_int = -3;
/// The subscription is there already; inside a broker only.
pub const MOSQ_ERR_SUB_EXISTS: c_int = -2;
/// The connection is still being made.
pub const MOSQ_ERR_CONN_PENDING: c_int = -1;
/// It worked.
pub const MOSQ_ERR_SUCCESS: c_int = 0;
/// Out of memory.
pub const MOSQ_ERR_NOMEM: c_int = 1;
/// The other side broke the protocol, or refused the connection for the version of it.
pub const MOSQ_ERR_PROTOCOL: c_int = 2;
/// An argument is wrong.
pub const MOSQ_ERR_INVAL: c_int = 3;
/// There is no connection. A message of QoS 1 or 2 was queued all the same.
pub const MOSQ_ERR_NO_CONN: c_int = 4;
/// The connection was refused.
pub const MOSQ_ERR_CONN_REFUSED: c_int = 5;
/// There is no such thing.
pub const MOSQ_ERR_NOT_FOUND: c_int = 6;
/// The connection was lost.
pub const MOSQ_ERR_CONN_LOST: c_int = 7;
/// TLS failed; OpenSSL's error queue may say why.
pub const MOSQ_ERR_TLS: c_int = 8;
/// The payload is longer than MQTT allows: see [`MQTT_MAX_PAYLOAD`](crate::MQTT_MAX_PAYLOAD).
pub const MOSQ_ERR_PAYLOAD_SIZE: c_int = 9;
/// This build of the library, or this protocol version, cannot do that.
pub const MOSQ_ERR_NOT_SUPPORTED: c_int = 10;
/// The name or the password was refused.
pub const MOSQ_ERR_AUTH: c_int = 11;
/// An access list forbids it.
pub const MOSQ_ERR_ACL_DENIED: c_int = 12;
/// Something failed that has no number of its own.
pub const MOSQ_ERR_UNKNOWN: c_int = 13;
/// A system call failed: see `errno`.
pub const MOSQ_ERR_ERRNO: c_int = 14;
/// The host's name did not resolve: `gai_strerror` of `errno`.
pub const MOSQ_ERR_EAI: c_int = 15;
/// The SOCKS5 proxy failed.
pub const MOSQ_ERR_PROXY: c_int = 16;
/// A plugin left the decision to the next one; inside a broker only.
pub const MOSQ_ERR_PLUGIN_DEFER: c_int = 17;
/// Text is not the UTF-8 that MQTT allows.
pub const MOSQ_ERR_MALFORMED_UTF8: c_int = 18;
/// Nothing was heard for too long.
pub const MOSQ_ERR_KEEPALIVE: c_int = 19;
/// A DNS look-up failed.
pub const MOSQ_ERR_LOOKUP: c_int = 20;
/// A packet does not parse.
pub const MOSQ_ERR_MALFORMED_PACKET: c_int = 21;
/// A property that may appear once appears twice.
pub const MOSQ_ERR_DUPLICATE_PROPERTY: c_int = 22;
/// The TLS handshake failed.
pub const MOSQ_ERR_TLS_HANDSHAKE: c_int = 23;
/// The broker does not offer that QoS.
pub const MOSQ_ERR_QOS_NOT_SUPPORTED: c_int = 24;
/// The packet is larger than the broker takes.
pub const MOSQ_ERR_OVERSIZE_PACKET: c_int = 25;
/// The OCSP check of the certificate failed.
pub const MOSQ_ERR_OCSP: c_int = 26;
/// It took too long.
pub const MOSQ_ERR_TIMEOUT: c_int = 27;
/// The broker keeps no retained messages. 154 from version 2.1 on.
pub const MOSQ_ERR_RETAIN_NOT_SUPPORTED: c_int = 28;
/// The topic alias is out of range. 148 from version 2.1 on.
pub const MOSQ_ERR_TOPIC_ALIAS_INVALID: c_int = 29;
/// An administrator ended it. 152 from version 2.1 on.
pub const MOSQ_ERR_ADMINISTRATIVE_ACTION: c_int = 30;
/// There is one already.
pub const MOSQ_ERR_ALREADY_EXISTS: c_int = 31;

/// int: one of the `MQTT_PROTOCOL_` constants; 3.1.1 if not set.
pub const MOSQ_OPT_PROTOCOL_VERSION: mosq_opt_t = 1;
/// void: an `SSL_CTX` of the caller's, used for TLS instead of one that the library makes.
pub const MOSQ_OPT_SSL_CTX: mosq_opt_t = 2;
/// int: 1 has the library's own settings applied to the caller's `SSL_CTX` as well.
pub const MOSQ_OPT_SSL_CTX_WITH_DEFAULTS: mosq_opt_t = 3;
/// int: how many QoS 1 and 2 messages may be on their way in, 0 to 65,535; 20 if not set.
pub const MOSQ_OPT_RECEIVE_MAXIMUM: mosq_opt_t = 4;
/// int: how many QoS 1 and 2 messages may be on their way out, 0 to 65,535; 20 if not set.
pub const MOSQ_OPT_SEND_MAXIMUM: mosq_opt_t = 5;
/// string: what `keyfile` is, `pem` or `engine`.
pub const MOSQ_OPT_TLS_KEYFORM: mosq_opt_t = 6;
/// string: the OpenSSL engine to use.
pub const MOSQ_OPT_TLS_ENGINE: mosq_opt_t = 7;
/// string: SHA-1 of the engine key's password, in hex.
pub const MOSQ_OPT_TLS_ENGINE_KPASS_SHA1: mosq_opt_t = 8;
/// int: 1 demands an OCSP answer for the broker's certificate.
pub const MOSQ_OPT_TLS_OCSP_REQUIRED: mosq_opt_t = 9;
/// string: the protocol to name in the TLS handshake's ALPN field.
pub const MOSQ_OPT_TLS_ALPN: mosq_opt_t = 10;
/// int: 1 turns Nagle's algorithm off.
pub const MOSQ_OPT_TCP_NODELAY: mosq_opt_t = 11;
/// string: the local address to connect from.
pub const MOSQ_OPT_BIND_ADDRESS: mosq_opt_t = 12;
/// int: 1 trusts the system's own CA certificates. Alone it does not survive a reconnect in 2.0.11.
pub const MOSQ_OPT_TLS_USE_OS_CERTS: mosq_opt_t = 13;

/// No log line.
pub const MOSQ_LOG_NONE: c_int = 0;
/// For information.
pub const MOSQ_LOG_INFO: c_int = 1;
/// Normal, but worth a look.
pub const MOSQ_LOG_NOTICE: c_int = 2;
/// A warning.
pub const MOSQ_LOG_WARNING: c_int = 4;
/// An error.
pub const MOSQ_LOG_ERR: c_int = 8;
/// Each packet, for debugging.
pub const MOSQ_LOG_DEBUG: c_int = 16;
/// Subscriptions; a broker's.
pub const MOSQ_LOG_SUBSCRIBE: c_int = 32;
/// Subscriptions that end; a broker's.
pub const MOSQ_LOG_UNSUBSCRIBE: c_int = 64;
/// Websockets; a broker's.
pub const MOSQ_LOG_WEBSOCKETS: c_int = 128;
/// A broker's internals.
pub const MOSQ_LOG_INTERNAL: c_uint = 0x8000_0000;
/// Every bit.
pub const MOSQ_LOG_ALL: c_uint = 0xFFFF_FFFF;

/// The longest client id, in bytes, that MQTT 3.1 makes every broker take. The library does not enforce it.
pub const MOSQ_MQTT_ID_MAX_LENGTH: c_int = 23;

/// MQTT 3.1.
pub const MQTT_PROTOCOL_V31: c_int = 3;
/// MQTT 3.1.1.
pub const MQTT_PROTOCOL_V311: c_int = 4;
/// MQTT 5.
pub const MQTT_PROTOCOL_V5: c_int = 5;
