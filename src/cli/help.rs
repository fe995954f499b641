//! `mosquitto help`, and what tab completion offers.

/// What may follow `mosquitto`, for tab completion.
pub const COMPLETIONS: &[&str] = &[
    "help",
    "status",
    "loglevel",
    "loglevel debug",
    "loglevel info",
    "loglevel notice",
    "loglevel warning",
    "loglevel error",
    "loglevel critical",
    "loglevel alert",
    "loglevel console",
    "check",
    "enable profile ::mosquitto::profiles",
    "enable profile ::mosquitto::profiles connection ::mosquitto::connections",
    "enable profile ::mosquitto::profiles publisher ::mosquitto::publishers",
    "enable profile ::mosquitto::profiles subscriber ::mosquitto::subscribers",
    "disable profile ::mosquitto::profiles",
    "disable profile ::mosquitto::profiles connection ::mosquitto::connections",
    "disable profile ::mosquitto::profiles publisher ::mosquitto::publishers",
    "disable profile ::mosquitto::profiles subscriber ::mosquitto::subscribers",
    "remove profile ::mosquitto::profiles",
    "remove profile ::mosquitto::profiles connection ::mosquitto::connections",
    "remove profile ::mosquitto::profiles publisher ::mosquitto::publishers",
    "remove profile ::mosquitto::profiles subscriber ::mosquitto::subscribers",
    "connect profile ::mosquitto::profiles connection ::mosquitto::connections",
    "disconnect profile ::mosquitto::profiles connection ::mosquitto::connections",
    "disconnect profile ::mosquitto::profiles connection ::mosquitto::connections enable",
    "disconnect profile ::mosquitto::profiles connection ::mosquitto::connections disable",
    "bgapi",
    "publish ::mosquitto::profiles ::mosquitto::connections",
    "subscribe ::mosquitto::profiles ::mosquitto::connections",
    "unsubscribe ::mosquitto::profiles ::mosquitto::connections",
];

const RULE: &str = "--------------------------------------------------------------------------------";

/// The answer to `mosquitto help`.
pub fn answer() -> String {
    format!(
        "USAGE:\n\
         {RULE}\n\
         mosquitto [help]\n\
         mosquitto status\n\
         mosquitto loglevel [debug|info|notice|warning|error|critical|alert|console]\n\
         mosquitto check [<file>]\n\
         mosquitto enable profile <profile-name> [connection|publisher|subscriber] <name>\n\
         mosquitto disable profile <profile-name> [connection|publisher|subscriber] <name>\n\
         mosquitto remove profile <profile-name> [connection|publisher|subscriber] <name>\n\
         mosquitto connect profile <profile-name> connection <connection-name>\n\
         mosquitto disconnect profile <profile-name> connection <connection-name> [enable|disable]\n\
         mosquitto bgapi <command> [<arg>]\n\
         mosquitto publish <profile-name> <connection-name> <topic> [qos=0|1|2] [retain=true|false] \
         [expiry=<seconds>] -- <payload>\n\
         mosquitto subscribe <profile-name> <connection-name> <topic-filter> [qos=0|1|2]\n\
         mosquitto unsubscribe <profile-name> <connection-name> <topic-filter>\n\
         {RULE}\n"
    )
}
