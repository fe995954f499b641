//! The brokers, the ways to them, and the configuration.
//!
//! Two profiles. `kept` is left alone by the console, so that it can be said exactly what must have come of its events;
//! `default` is what the console works on.

use scenarios::{Broker, Certificates, Config, Identity, Proxy, Setup, Silent, Topic, refused_port};

/// What the topics of `kept` publish: each has its number.
pub const PROBE: &str = "CUSTOM soak::probe";
/// Topics of `kept` on the broker that has no fault: each message comes once, whatever the QoS.
pub const STEADY: [&str; 3] = ["kept/steady/0", "kept/steady/1", "kept/steady/2"];
/// Topics of `kept` on the broker with a bad way to it, by QoS.
pub const CUT: [&str; 3] = ["kept/cut/0", "kept/cut/1", "kept/cut/2"];

/// See the module's text.
pub struct World {
    /// Nothing ever happens to it.
    pub steady: Broker,
    /// It is stopped at times, but never ends, and nobody who connects without the proxy notices more than that.
    pub cut: Broker,
    pub cut_way: Proxy,
    /// It is killed at times, and has forgotten everything when it is back.
    pub killed: Broker,
    pub killed_way: Proxy,
    silent: Silent,
    certificates: Certificates,
}

impl World {
    pub fn build() -> Self {
        // Hours of its log would fill a disk. And where more is in flight to a subscriber than it allows, mosquitto 2.0
        // lets a later message overtake those that wait for their turn.
        let setup = || Setup::open().line("log_type none").line("max_inflight_messages 0");
        let certificates = Certificates::get();
        let steady = Broker::start_as(setup());
        let cut = Broker::start_as(setup().tls(&certificates, Identity::Right));
        let killed = Broker::start_as(setup());
        let (cut_way, killed_way) = (Proxy::start(cut.tls_port()), Proxy::start(killed.port()));
        Self { steady, cut, cut_way, killed, killed_way, silent: Silent::start(), certificates }
    }

    /// The text of mosquitto.conf.xml.
    pub fn xml(&self) -> String {
        let config = self.changed().setting("audit-log", "audit.log").setting("event-queue-size", "20000");
        config.beside("kept", &self.kept()).xml()
    }

    fn kept(&self) -> Config {
        let ca = self.certificates.path("ca.pem");
        let tls = [("enable", "true"), ("support", "certificate"), ("cafile", ca.as_str())];
        let session = [("client_id", "soak-kept"), ("clean_session", "false"), ("connect_timeout", "2")];
        let mut config = Config::default()
            .connection("steady", self.steady.port(), &[])
            .connection("five", self.steady.port(), &[("protocol_version", "V5")])
            .connection_with("cut", self.cut_way.port(), &session, &[("tls", &tls)]);
        for (pattern, connection, qos) in [
            (STEADY[0], "steady", 0),
            (STEADY[1], "steady", 1),
            (STEADY[2], "five", 2),
            (CUT[0], "cut", 0),
            (CUT[1], "cut", 1),
            (CUT[2], "cut", 2),
        ] {
            config = config.topic(&Topic { connection, events: &[PROBE], pattern, qos });
        }
        let jobs = Topic { connection: "five", events: &["BACKGROUND_JOB"], pattern: "kept/jobs", qos: 1 };
        config.topic(&jobs).subscriber("steady", STEADY_COMMANDS).subscriber("cut", CUT_COMMANDS)
    }

    fn changed(&self) -> Config {
        let session = [("client_id", "soak-changed"), ("clean_session", "false"), ("connect_timeout", "2")];
        let topic = |connection, events, pattern, qos| Topic { connection, events, pattern, qos };
        let expiring = [
            ("connection_name", "five"),
            ("pattern", "changed/expiring"),
            ("event", "HEARTBEAT"),
            ("message_expiry", "2"),
        ];
        Config::default()
            .profile_param("log-enable", "true")
            .connection("plain", self.steady.port(), &[])
            .connection(
                "five",
                self.killed_way.port(),
                &[("protocol_version", "V5"), ("connect_timeout", "2")],
            )
            .connection("killed", self.killed_way.port(), &session)
            .connection("refused", refused_port(), &[])
            .connection("silent", self.silent.port(), &[])
            .topic(&topic("plain", &["ALL"], "changed/plain", 0))
            .topic(&topic("killed", &["ALL"], "changed/killed", 1))
            .topic(&topic("five", &[PROBE, "HEARTBEAT"], "changed/five", 2))
            .topic(&topic("refused", &["HEARTBEAT"], "changed/refused", 0))
            .topic(&topic("silent", &["CHANNEL_ANSWER"], "changed/silent", 1))
            .raw_topic("expiring", &expiring)
            .subscriber("sub", CHANGED_COMMANDS)
    }
}

type Topics<'a> = [(&'a str, &'a [(&'a str, &'a str)])];

const BGAPI: (&str, &str) = ("bgapi_authorized", "true");
const ECHO: (&str, &str) = ("bgapi_allow", "echo");
const SLEEP: (&str, &str) = ("bgapi_allow", "msleep");
const ORIGINATE: (&str, &str) = ("originate_authorized", "true");
const STEADILY: (&str, &str) = ("connection_name", "steady");
const CUTTING: (&str, &str) = ("connection_name", "cut");
const PLAIN: (&str, &str) = ("connection_name", "plain");

const STEADY_COMMANDS: &Topics<'_> = &[
    ("cmd/yes", &[STEADILY, BGAPI, ECHO, SLEEP, ("qos", "1")]),
    ("cmd/no", &[STEADILY]),
    ("cmd/few", &[STEADILY, BGAPI, ECHO, ("command_rate", "2"), ("command_max_in_flight", "2")]),
    ("cmd/call", &[STEADILY, ORIGINATE, ("originate_allow", "{}user/allowed &amp;park()"), ("qos", "2")]),
];
const CUT_COMMANDS: &Topics<'_> =
    &[("cmd/yes", &[CUTTING, BGAPI, ECHO, SLEEP, ("qos", "2")]), ("cmd/no", &[CUTTING, ("qos", "1")])];
const CHANGED_COMMANDS: &Topics<'_> = &[("other/yes", &[PLAIN, BGAPI, ECHO]), ("other/no", &[PLAIN])];
