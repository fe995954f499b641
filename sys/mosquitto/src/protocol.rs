//! Constants of `mqtt_protocol.h`: the numbers that MQTT itself defines.

use core::ffi::{c_int, c_uint};

/// CONNECT, from the client.
pub const CMD_CONNECT: c_uint = 0x10;
/// CONNACK, from the broker.
pub const CMD_CONNACK: c_uint = 0x20;
/// PUBLISH, from either side.
pub const CMD_PUBLISH: c_uint = 0x30;
/// PUBACK: QoS 1 is done.
pub const CMD_PUBACK: c_uint = 0x40;
/// PUBREC: QoS 2, second packet.
pub const CMD_PUBREC: c_uint = 0x50;
/// PUBREL: QoS 2, third packet.
pub const CMD_PUBREL: c_uint = 0x60;
/// PUBCOMP: QoS 2 is done.
pub const CMD_PUBCOMP: c_uint = 0x70;
/// SUBSCRIBE, from the client.
pub const CMD_SUBSCRIBE: c_uint = 0x80;
/// SUBACK, from the broker.
pub const CMD_SUBACK: c_uint = 0x90;
/// UNSUBSCRIBE, from the client.
pub const CMD_UNSUBSCRIBE: c_uint = 0xA0;
/// UNSUBACK, from the broker.
pub const CMD_UNSUBACK: c_uint = 0xB0;
/// PINGREQ, from the client.
pub const CMD_PINGREQ: c_uint = 0xC0;
/// PINGRESP, from the broker.
pub const CMD_PINGRESP: c_uint = 0xD0;
/// DISCONNECT, from either side in MQTT 5.
pub const CMD_DISCONNECT: c_uint = 0xE0;
/// AUTH, MQTT 5.
pub const CMD_AUTH: c_uint = 0xF0;
/// No packet: the will's part of a CONNECT, for checking properties.
pub const CMD_WILL: c_int = 0x100;

/// MQTT 3.1.1: the broker accepts.
pub const CONNACK_ACCEPTED: c_int = 0;
/// MQTT 3.1.1: the broker does not speak this version.
pub const CONNACK_REFUSED_PROTOCOL_VERSION: c_int = 1;
/// MQTT 3.1.1: the broker does not take this client id.
pub const CONNACK_REFUSED_IDENTIFIER_REJECTED: c_int = 2;
/// MQTT 3.1.1: the broker is not ready.
pub const CONNACK_REFUSED_SERVER_UNAVAILABLE: c_int = 3;
/// MQTT 3.1.1: the name or the password is wrong.
pub const CONNACK_REFUSED_BAD_USERNAME_PASSWORD: c_int = 4;
/// MQTT 3.1.1: the client may not connect.
pub const CONNACK_REFUSED_NOT_AUTHORIZED: c_int = 5;

/// It worked.
pub const MQTT_RC_SUCCESS: c_int = 0;
/// DISCONNECT: as planned; the will is not published.
pub const MQTT_RC_NORMAL_DISCONNECTION: c_int = 0;
/// SUBACK: up to QoS 0.
pub const MQTT_RC_GRANTED_QOS0: c_int = 0;
/// SUBACK: up to QoS 1.
pub const MQTT_RC_GRANTED_QOS1: c_int = 1;
/// SUBACK: up to QoS 2.
pub const MQTT_RC_GRANTED_QOS2: c_int = 2;
/// DISCONNECT: the will is to be published.
pub const MQTT_RC_DISCONNECT_WITH_WILL_MSG: c_int = 4;
/// PUBACK, PUBREC: accepted, but nobody subscribes to the topic.
pub const MQTT_RC_NO_MATCHING_SUBSCRIBERS: c_int = 16;
/// UNSUBACK: there was no such subscription.
pub const MQTT_RC_NO_SUBSCRIPTION_EXISTED: c_int = 17;
/// AUTH: one more step.
pub const MQTT_RC_CONTINUE_AUTHENTICATION: c_int = 24;
/// AUTH: once more from the start.
pub const MQTT_RC_REAUTHENTICATE: c_int = 25;
/// It failed; the sender does not say why. From here on every code is a failure.
pub const MQTT_RC_UNSPECIFIED: c_int = 128;
/// A packet did not parse.
pub const MQTT_RC_MALFORMED_PACKET: c_int = 129;
/// A packet broke the protocol.
pub const MQTT_RC_PROTOCOL_ERROR: c_int = 130;
/// The receiver does not take this packet, valid as it is.
pub const MQTT_RC_IMPLEMENTATION_SPECIFIC: c_int = 131;
/// The broker does not speak this version.
pub const MQTT_RC_UNSUPPORTED_PROTOCOL_VERSION: c_int = 132;
/// The broker does not take this client id.
pub const MQTT_RC_CLIENTID_NOT_VALID: c_int = 133;
/// The name or the password is wrong.
pub const MQTT_RC_BAD_USERNAME_OR_PASSWORD: c_int = 134;
/// The client may not do that.
pub const MQTT_RC_NOT_AUTHORIZED: c_int = 135;
/// The broker is not ready.
pub const MQTT_RC_SERVER_UNAVAILABLE: c_int = 136;
/// The broker is busy: later.
pub const MQTT_RC_SERVER_BUSY: c_int = 137;
/// An administrator has banned the client.
pub const MQTT_RC_BANNED: c_int = 138;
/// The broker is shutting down.
pub const MQTT_RC_SERVER_SHUTTING_DOWN: c_int = 139;
/// The broker does not know this way of authentication.
pub const MQTT_RC_BAD_AUTHENTICATION_METHOD: c_int = 140;
/// The broker heard nothing for one and a half keepalives.
pub const MQTT_RC_KEEP_ALIVE_TIMEOUT: c_int = 141;
/// Another connection came with the same client id.
pub const MQTT_RC_SESSION_TAKEN_OVER: c_int = 142;
/// The filter is well formed, but the broker does not take it.
pub const MQTT_RC_TOPIC_FILTER_INVALID: c_int = 143;
/// The topic is well formed, but the receiver does not take it.
pub const MQTT_RC_TOPIC_NAME_INVALID: c_int = 144;
/// The message id is taken.
pub const MQTT_RC_PACKET_ID_IN_USE: c_int = 145;
/// There is no such message id.
pub const MQTT_RC_PACKET_ID_NOT_FOUND: c_int = 146;
/// More messages were sent than the receiver's maximum allows.
pub const MQTT_RC_RECEIVE_MAXIMUM_EXCEEDED: c_int = 147;
/// The topic alias is out of range.
pub const MQTT_RC_TOPIC_ALIAS_INVALID: c_int = 148;
/// The packet is larger than the receiver takes.
pub const MQTT_RC_PACKET_TOO_LARGE: c_int = 149;
/// Messages come too fast.
pub const MQTT_RC_MESSAGE_RATE_TOO_HIGH: c_int = 150;
/// A limit was exceeded.
pub const MQTT_RC_QUOTA_EXCEEDED: c_int = 151;
/// An administrator ended the connection.
pub const MQTT_RC_ADMINISTRATIVE_ACTION: c_int = 152;
/// The payload is not what its format indicator says.
pub const MQTT_RC_PAYLOAD_FORMAT_INVALID: c_int = 153;
/// The broker keeps no retained messages.
pub const MQTT_RC_RETAIN_NOT_SUPPORTED: c_int = 154;
/// The broker does not offer that QoS.
pub const MQTT_RC_QOS_NOT_SUPPORTED: c_int = 155;
/// Another broker, for the time being.
pub const MQTT_RC_USE_ANOTHER_SERVER: c_int = 156;
/// Another broker, for good.
pub const MQTT_RC_SERVER_MOVED: c_int = 157;
/// The broker has no shared subscriptions.
pub const MQTT_RC_SHARED_SUBS_NOT_SUPPORTED: c_int = 158;
/// Connections come too fast.
pub const MQTT_RC_CONNECTION_RATE_EXCEEDED: c_int = 159;
/// The connection has lasted as long as it may.
pub const MQTT_RC_MAXIMUM_CONNECT_TIME: c_int = 160;
/// The broker has no subscription identifiers.
pub const MQTT_RC_SUBSCRIPTION_IDS_NOT_SUPPORTED: c_int = 161;
/// The broker has no subscriptions with wildcards.
pub const MQTT_RC_WILDCARD_SUBS_NOT_SUPPORTED: c_int = 162;

/// Byte: 1 if the payload is UTF-8. PUBLISH, will.
pub const MQTT_PROP_PAYLOAD_FORMAT_INDICATOR: c_int = 1;
/// Four bytes: seconds after which the message is worthless. PUBLISH, will.
pub const MQTT_PROP_MESSAGE_EXPIRY_INTERVAL: c_int = 2;
/// Text: what the payload is, such as a MIME type. PUBLISH, will.
pub const MQTT_PROP_CONTENT_TYPE: c_int = 3;
/// Text: where an answer should go. PUBLISH, will.
pub const MQTT_PROP_RESPONSE_TOPIC: c_int = 8;
/// Bytes: what tells the asker which question is answered. PUBLISH, will.
pub const MQTT_PROP_CORRELATION_DATA: c_int = 9;
/// Variable length: the number of the subscription that matched. SUBSCRIBE, PUBLISH.
pub const MQTT_PROP_SUBSCRIPTION_IDENTIFIER: c_int = 11;
/// Four bytes: seconds for which the session outlives the connection. CONNECT, CONNACK, DISCONNECT.
pub const MQTT_PROP_SESSION_EXPIRY_INTERVAL: c_int = 17;
/// Text: the client id that the broker chose. CONNACK.
pub const MQTT_PROP_ASSIGNED_CLIENT_IDENTIFIER: c_int = 18;
/// Two bytes: the keepalive that the broker wants, in seconds. CONNACK.
pub const MQTT_PROP_SERVER_KEEP_ALIVE: c_int = 19;
/// Text: how to authenticate. CONNECT, CONNACK, AUTH.
pub const MQTT_PROP_AUTHENTICATION_METHOD: c_int = 21;
/// Bytes: what that way of authentication exchanges. CONNECT, CONNACK, AUTH.
pub const MQTT_PROP_AUTHENTICATION_DATA: c_int = 22;
/// Byte: 0 asks for no reasons in text. CONNECT.
pub const MQTT_PROP_REQUEST_PROBLEM_INFORMATION: c_int = 23;
/// Four bytes: seconds between the loss and the will. Will.
pub const MQTT_PROP_WILL_DELAY_INTERVAL: c_int = 24;
/// Byte: 1 asks for response information. CONNECT.
pub const MQTT_PROP_REQUEST_RESPONSE_INFORMATION: c_int = 25;
/// Text: what response topics are made of. CONNACK.
pub const MQTT_PROP_RESPONSE_INFORMATION: c_int = 26;
/// Text: the other broker to use. CONNACK, DISCONNECT.
pub const MQTT_PROP_SERVER_REFERENCE: c_int = 28;
/// Text: the reason, for people. All answers, DISCONNECT, AUTH.
pub const MQTT_PROP_REASON_STRING: c_int = 31;
/// Two bytes: how many QoS 1 and 2 messages the sender takes at once. CONNECT, CONNACK.
pub const MQTT_PROP_RECEIVE_MAXIMUM: c_int = 33;
/// Two bytes: how many topic aliases the sender takes. CONNECT, CONNACK.
pub const MQTT_PROP_TOPIC_ALIAS_MAXIMUM: c_int = 34;
/// Two bytes: the topic's alias. PUBLISH.
pub const MQTT_PROP_TOPIC_ALIAS: c_int = 35;
/// Byte: the highest QoS of the broker, if it is not 2. CONNACK.
pub const MQTT_PROP_MAXIMUM_QOS: c_int = 36;
/// Byte: 0 if the broker keeps no retained messages. CONNACK.
pub const MQTT_PROP_RETAIN_AVAILABLE: c_int = 37;
/// A name and a value of the user's own; may be repeated. All packets, will.
pub const MQTT_PROP_USER_PROPERTY: c_int = 38;
/// Four bytes: how large a packet the sender takes. CONNECT, CONNACK.
pub const MQTT_PROP_MAXIMUM_PACKET_SIZE: c_int = 39;
/// Byte: 0 if the broker has no subscriptions with wildcards. CONNACK.
pub const MQTT_PROP_WILDCARD_SUB_AVAILABLE: c_int = 40;
/// Byte: 0 if the broker has no subscription identifiers. CONNACK.
pub const MQTT_PROP_SUBSCRIPTION_ID_AVAILABLE: c_int = 41;
/// Byte: 0 if the broker has no shared subscriptions. CONNACK.
pub const MQTT_PROP_SHARED_SUB_AVAILABLE: c_int = 42;

/// A property of one byte.
pub const MQTT_PROP_TYPE_BYTE: c_int = 1;
/// A property of two bytes.
pub const MQTT_PROP_TYPE_INT16: c_int = 2;
/// A property of four bytes.
pub const MQTT_PROP_TYPE_INT32: c_int = 3;
/// A property of variable length.
pub const MQTT_PROP_TYPE_VARINT: c_int = 4;
/// A property of bytes.
pub const MQTT_PROP_TYPE_BINARY: c_int = 5;
/// A property of text.
pub const MQTT_PROP_TYPE_STRING: c_int = 6;
/// A property of a name and a value.
pub const MQTT_PROP_TYPE_STRING_PAIR: c_int = 7;

/// Subscription: not the messages that this client publishes.
pub const MQTT_SUB_OPT_NO_LOCAL: c_int = 0x04;
/// Subscription: the retain flag as the publisher set it.
pub const MQTT_SUB_OPT_RETAIN_AS_PUBLISHED: c_int = 0x08;
/// Subscription: retained messages each time.
pub const MQTT_SUB_OPT_SEND_RETAIN_ALWAYS: c_int = 0x00;
/// Subscription: retained messages if it is a new one.
pub const MQTT_SUB_OPT_SEND_RETAIN_NEW: c_int = 0x10;
/// Subscription: no retained messages.
pub const MQTT_SUB_OPT_SEND_RETAIN_NEVER: c_int = 0x20;

/// The most bytes that a payload may have.
pub const MQTT_MAX_PAYLOAD: c_uint = 268_435_455;
