//! What the headers of 2.0 have, in any release up to 2.0.22, and `mosquitto-client-sys` does not, with the
//! reason.

/// Functions.
pub const FUNCTIONS: &[(&str, &str)] = &[
    ("mosquitto_opts_set", "deprecated: mosquitto_int_option and mosquitto_void_option are the typed ones"),
    ("mosquitto_message_retry_set", "deprecated: it does nothing"),
];

/// Macros and enumerators.
pub const CONSTANTS: &[(&str, &str)] = &[
    ("LIBMOSQUITTO_MAJOR", BUILT_WITH),
    ("LIBMOSQUITTO_MINOR", BUILT_WITH),
    ("LIBMOSQUITTO_REVISION", BUILT_WITH),
    ("LIBMOSQUITTO_VERSION_NUMBER", BUILT_WITH),
    ("PROTOCOL_NAME", ON_THE_WIRE),
    ("PROTOCOL_NAME_v31", ON_THE_WIRE),
    ("PROTOCOL_VERSION_v31", ON_THE_WIRE),
    ("PROTOCOL_VERSION_v311", ON_THE_WIRE),
    ("PROTOCOL_VERSION_v5", ON_THE_WIRE),
    ("CMD_RESERVED", "the number of no packet; new in a later release than 2.0.11"),
    ("MOSQ_USED", FOR_THE_COMPILER),
    ("libmosq_EXPORT", FOR_THE_COMPILER),
    ("bool", FOR_THE_COMPILER),
    ("true", FOR_THE_COMPILER),
    ("false", FOR_THE_COMPILER),
];

/// Structures that are laid out in the headers.
pub const STRUCTURES: &[(&str, &str)] = &[];

const BUILT_WITH: &str = "differs with each release; mosquitto_lib_version tells the one that is loaded";
const ON_THE_WIRE: &str = "written by the library; its functions take the MQTT_PROTOCOL_ constants";
const FOR_THE_COMPILER: &str = "an attribute or a word for the C compiler";
