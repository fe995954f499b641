//! Commands by MQTT that do not run, and what is left behind of them: one line and a number.

use scenarios::{Broker, Config, Subscriber, Switch, eventually};

const BGAPI: (&str, &str) = ("bgapi_authorized", "true");
const ORIGINATE: (&str, &str) = ("originate_authorized", "true");

fn start(config: impl FnOnce(Config) -> Config) -> (Broker, Subscriber, Switch) {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "test/#");
    let config = config(Config::events(broker.port(), &["BACKGROUND_JOB"], 0));
    let mut switch = Switch::load(&config);
    switch.wait_status("subscription: subscribed, QoS ");
    (broker, subscriber, switch)
}

/// The lines about commands that the module has logged.
fn decisions(switch: &Switch) -> Vec<String> {
    let words = [": refused: ", ": allowed: ", ": failed: "];
    switch.log().into_iter().filter(|line| words.iter().any(|word| line.contains(word))).collect()
}

#[test]
fn bytes_from_strangers_are_refused_with_one_line_or_are_no_command() {
    let (_broker, subscriber, mut switch) =
        start(|config| config.subscriber("sub", &[("cmd", &[BGAPI, ORIGINATE])]));
    let oversized = [b"bgapi echo ".as_slice(), &[b'x'; 20_000]].concat();
    let megabyte = [b"bgapi echo ".as_slice(), &vec![b'x'; 1 << 20]].concat();
    let refused: [(&[u8], &str); 13] = [
        (b"bgapi echo \xff\xfe", "not UTF-8"),
        (b"bgapi echo a\0b", "a NUL is in it"),
        (b"bgapi\0version", "a NUL is in it"),
        (b"bgapi echo a\nbgapi echo b", "a line break is in it"),
        (b"bgapi echo a\r\nb", "a line break is in it"),
        (b"bgapi echo \x1b[2J", "a control character is in it"),
        (b"bgapi", "no command after bgapi"),
        (b"bgapi uuid:x", "no command after bgapi"),
        (b"bgapi uuid:a/b version", "uuid: is not followed by 1 to 64"),
        (b"bgapi uuid:a uuid:b version", "more than one uuid:"),
        (b"originate", "originate"),
        (&oversized, "20011 bytes are more than command_max_bytes 16384"),
        (&megabyte, "1048587 bytes are more than command_max_bytes 16384"),
    ];
    for (number, (payload, why)) in (1..).zip(refused) {
        subscriber.send("cmd", payload, false);
        eventually("a line", || decisions(&switch).len() as u64 >= number);
        let lines = decisions(&switch);
        assert_eq!(lines.len() as u64, number, "{lines:?}");
        let line = lines.last().expect("a line");
        assert!(line.starts_with("[WARNING]") && line.contains(why) && line.len() < 300, "{line}");
    }
    let nothing: [&[u8]; 6] =
        [b"", b"\0", b" bgapi version", b"bgapiversion", b"\xff\xfe", &vec![b'x'; 1 << 20]];
    for payload in nothing {
        subscriber.send("cmd", payload, false);
    }
    subscriber.publish("cmd", "bgapi uuid:last echo  \u{e4}%s%n ${x}\r\n");
    let result = &subscriber.take(1)[0];
    assert_eq!(
        (result.header("Job-UUID"), result.header("_body")),
        ("last".into(), "\u{e4}%s%n ${x}".into())
    );
    assert_eq!(decisions(&switch).len(), 14);
    assert_eq!(switch.commands("cmd"), (1, 13));
}

#[test]
fn a_retained_message_is_no_command_unless_the_topic_takes_them() {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "test/#");
    subscriber.send("kept/a", b"bgapi echo a", true);
    subscriber.send("taken/b", b"bgapi echo b", true);
    let topics: [(&str, &[_]); 2] =
        [("kept/#", &[BGAPI]), ("taken/#", &[BGAPI, ("command_ignore_retained", "false")])];
    let config = Config::events(broker.port(), &["BACKGROUND_JOB"], 0).subscriber("sub", &topics);
    let mut switch = Switch::load(&config);
    assert_eq!(subscriber.take(1)[0].header("_body"), "b");
    switch.wait_commands("kept/#", (0, 1));
    switch.wait_log("retained messages are not commands (command_ignore_retained)");
    // It is not retained for those who were there when it came.
    subscriber.send("kept/a", b"bgapi echo now", true);
    assert_eq!(subscriber.take(1)[0].header("_body"), "now");
    assert_eq!(switch.account().accepted, 2);
}

#[test]
fn lists_say_what_runs() {
    let lists = [
        BGAPI,
        ORIGINATE,
        ("bgapi_allow", "echo"),
        ("bgapi_allow", "global_* x"),
        ("bgapi_allow", "show"),
        ("bgapi_deny", "show modules"),
        ("originate_allow", "{}user/* &amp;park()"),
    ];
    let (_broker, subscriber, mut switch) = start(|config| config.subscriber("sub", &[("cmd", &lists)]));
    let allowed = ["bgapi ECHO a", "bgapi global_getvar x", "bgapi show api", "originate user/1 &park()"];
    for command in allowed {
        subscriber.publish("cmd", command);
        subscriber.take(1);
    }
    let refused = [
        ("bgapi status", "no bgapi_allow matches"),
        ("bgapi global_getvar y", "no bgapi_allow matches"),
        ("bgapi global_getvar 'x'", "no bgapi_allow matches"),
        ("bgapi show MODULES", "bgapi_deny \"show modules\" matches"),
        ("bgapi bgapi echo x", "no bgapi_allow matches"),
        ("bgapi expand echo x", "no bgapi_allow matches"),
        ("originate sofia/x/1 &park()", "no originate_allow matches"),
        ("originate {a=b}user/1 &park()", "no originate_allow matches"),
        ("originate user/1 &system(id)", "no originate_allow matches"),
    ];
    for (number, (command, why)) in (1..).zip(refused) {
        subscriber.publish("cmd", command);
        eventually("a line", || decisions(&switch).len() as u64 == 4 + number);
        let lines = decisions(&switch);
        assert!(lines.last().is_some_and(|line| line.ends_with(why)), "{command}: {lines:?}");
    }
    assert_eq!(switch.commands("cmd"), (4, 9));
    assert_eq!(switch.account().accepted, 4);
}

#[test]
fn the_audit_log_has_one_line_for_each_decision_and_arguments_only_with_log_details() {
    for details in [false, true] {
        let topics: [(&str, &[_]); 2] = [("cmd", &[BGAPI]), ("no", &[])];
        let (_broker, subscriber, mut switch) = start(|config| {
            let config = config.setting("audit-log", "audit.log").setting("log-level", "error");
            config.profile_param("log-details", &details.to_string()).subscriber("sub", &topics)
        });
        subscriber.publish("cmd", "bgapi uuid:abc echo secret");
        subscriber.publish("no", "bgapi echo secret");
        subscriber.publish("no", "originate user/secret &park()");
        subscriber.publish("no", "an announcement");
        switch.wait_commands("no", (0, 2));
        let path = switch.folder().join("log/audit.log");
        let mut lines = Vec::new();
        eventually("three lines", || {
            lines = std::fs::read_to_string(&path).unwrap_or_default().lines().map(str::to_owned).collect();
            lines.len() >= 3
        });
        assert_eq!(lines.len(), 3, "{lines:?}");
        let place = "profile \"default\", connection \"broker1\", topic";
        assert!(lines[0].contains(&format!("allowed: {place} \"cmd\": bgapi echo")), "{lines:?}");
        assert!(lines[0].ends_with("Job-UUID abc"), "{lines:?}");
        assert!(lines[1].contains(&format!("refused: {place} \"no\": bgapi echo")), "{lines:?}");
        assert!(lines[2].contains(&format!("refused: {place} \"no\": originate")), "{lines:?}");
        assert_eq!(lines.iter().filter(|line| line.contains("secret")).count(), if details { 3 } else { 0 });
    }
}

/// xorshift64*: the same numbers in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % limit
    }

    fn one<'a>(&mut self, of: &[&'a [u8]]) -> &'a [u8] {
        of[self.below(of.len())]
    }
}

fn stranger(random: &mut Random) -> Vec<u8> {
    let verb = random.one(&[
        b"bgapi",
        b"BGAPI",
        b"bgApi",
        b"originate",
        b"Originate",
        b" bgapi",
        b"\xef\xbb\xbfbgapi",
    ]);
    let gap = random.one(&[b" ", b"  ", b"\t", b"\0", b"\n", b"\xc2\xa0", b""]);
    let id = random.one(&[b"", b"", b"uuid:abc ", b"uuid:a uuid:b ", b"UUID:x ", b"uuid: "]);
    let wrap = random.one(&[
        b"",
        b"",
        b"bgapi ",
        b"expand ",
        b"mosquitto bgapi ",
        b"xml_wrap ",
        b"sched_api +0 none ",
    ]);
    let command = random.one(&[
        b"global_setvar taken=1",
        b"originate user/1 &park()",
        b"user/1 &system(id)",
        b"{a=b}user/1,user/2 9196 XML",
        b"reload mod_mosquitto",
        b"unload mod_mosquitto",
        b"echo ${global_setvar(taken=1)}",
        b"...",
        b"version",
        b"",
    ]);
    let tail = random.one(&[
        b"",
        b"\n",
        b"\r\n",
        b"\0",
        b" \xff",
        b"\nbgapi global_setvar taken=1",
        b"%s%n%n",
        b"\\",
    ]);
    let mut payload = [verb, gap, id, wrap, command, tail].concat();
    if random.below(50) == 0 {
        payload.resize(20_000 + random.below(100_000), b'x');
    }
    payload
}

#[test]
fn of_ten_thousand_commands_to_topics_without_permission_none_runs() {
    let topics: [(&str, &[_]); 5] = [
        ("no/#", &[]),
        ("no/+/x", &[("bgapi_authorized", "false"), ("originate_authorized", "no"), ("bgapi_allow", "*")]),
        ("$share/g/shared/+", &[("originate_allow", "*"), ("command_ignore_retained", "false")]),
        ("empty", &[BGAPI, ORIGINATE, ("bgapi_allow", ""), ("originate_allow", "")]),
        ("marker", &[BGAPI]),
    ];
    let (_broker, subscriber, mut switch) =
        start(|config| config.setting("log-level", "error").subscriber("sub", &topics));
    let mut random = Random(20_261_122);
    for _ in 0..10_000 {
        let topic = ["no/a", "no/b/x", "no", "shared/y", "empty"][random.below(5)];
        let payload = stranger(&mut random);
        subscriber.send(topic, &payload, random.below(10) == 0);
    }
    subscriber.publish("marker", "bgapi uuid:end version");
    assert_eq!(subscriber.take(1)[0].header("Job-UUID"), "end");
    let mut refused = 0;
    for (topic, _) in &topics[..4] {
        let counts = switch.commands(topic);
        assert_eq!(counts.0, 0, "{topic}");
        refused += counts.1;
    }
    assert!(refused > 5_000, "{refused}");
    assert_eq!(switch.commands("marker"), (1, 0));
    switch.command("wait-jobs");
    assert_eq!(switch.account().accepted, 1);
    assert_eq!(switch.command("global_getvar taken"), "-ERR no reply\n");
}
