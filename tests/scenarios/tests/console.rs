//! The console: what people and their scripts have read from the C module, they read here.

use scenarios::{Broker, Config, Silent, Subscriber, Switch, data, eventually, refused_port};

/// What the C module answered, from its recorded console.
fn recorded(command: &str) -> String {
    let text = std::fs::read_to_string(data("c-module-cli.txt")).expect("the recorded console");
    let (_, rest) = text.split_once(&format!("> {command}\n")).expect(command);
    let answer = rest.split("\n> ").next().unwrap_or(rest);
    format!("{}\n", answer.trim_end())
}

fn idle() -> Switch {
    Switch::load(&Config::default().setting("log-level", "info").connection("broker1", refused_port(), &[]))
}

#[test]
fn help_is_worded_as_it_was() {
    let mut switch = idle();
    // Its help did not say what disconnect takes; its usage line did. It had no check.
    let disconnect = "mosquitto disconnect profile <profile-name> connection <connection-name>";
    let theirs = recorded("mosquitto help");
    let expected = theirs.replace(disconnect, &format!("{disconnect} [enable|disable]"));
    let enable = "mosquitto enable profile";
    let expected = expected.replace(enable, &format!("mosquitto check [<file>]\n{enable}"));
    assert_ne!(theirs, expected);
    // What it did not have stands after what it had.
    let bgapi = "mosquitto bgapi <command> [<arg>]\n";
    let added = "mosquitto publish <profile-name> <connection-name> <topic> [qos=0|1|2] [retain=true|false] \
                 [expiry=<seconds>] -- <payload>\n\
                 mosquitto subscribe <profile-name> <connection-name> <topic-filter> [qos=0|1|2]\n\
                 mosquitto unsubscribe <profile-name> <connection-name> <topic-filter>\n";
    assert!(expected.contains(bgapi), "{expected}");
    let expected = expected.replace(bgapi, &format!("{bgapi}{added}"));
    for command in ["mosquitto help", "mosquitto", "mosquitto HELP"] {
        assert_eq!(switch.command(command), expected, "{command}");
    }
}

#[test]
fn an_unknown_command_is_answered_as_it_was() {
    let mut switch = idle();
    assert_eq!(switch.command("mosquitto bogus"), recorded("mosquitto bogus"));
    assert_eq!(switch.command("mosquitto bogus and more"), "Unknown Command [bogus]\n");
    assert_eq!(switch.command("mosquitto %s%n"), "Unknown Command [%s%n]\n");
}

#[test]
fn loglevel_is_worded_as_it_was_and_admits_what_it_does_not_know() {
    let mut switch = idle();
    for command in ["mosquitto loglevel", "mosquitto loglevel warning"] {
        assert_eq!(switch.command(command), recorded(command));
    }
    assert_eq!(switch.command("mosquitto loglevel"), "mosquitto loglevel: WARNING\n");
    // The C module said that it had set the level.
    assert_eq!(
        switch.command("mosquitto loglevel nonsense"),
        "mosquitto loglevel nonsense failed: the level is one of debug, info, notice, warning, error, critical, \
         alert, console\n"
    );
    assert_eq!(switch.command("mosquitto loglevel"), "mosquitto loglevel: WARNING\n");
    for (word, name) in [
        ("debug", "DEBUG"),
        ("info", "INFO"),
        ("notice", "NOTICE"),
        ("warning", "WARNING"),
        ("error", "ERR"),
        ("critical", "CRIT"),
        ("alert", "ALERT"),
        ("console", "CONSOLE"),
        ("DEBUG", "DEBUG"),
    ] {
        let answer = switch.command(&format!("mosquitto loglevel {word}"));
        assert_eq!(answer, format!("mosquitto loglevel set to: {name}\n"));
    }
}

/// The lines that the C module's status does not have.
const ADDED: [&str; 52] = [
    "mod_mosquitto version",
    "  audit-log",
    "messages",
    "  accepted",
    "  published",
    "  waiting",
    "  dropped",
    "  not accepted",
    "\t\tstate",
    "\t\taccepted",
    "\t\tpublished",
    "\t\twaiting",
    "\t\tdropped",
    "\t\tnot accepted",
    "\t\tprotocol_version",
    "\t\tconnect_timeout",
    "\t\tbind_address",
    "\t\tsrv",
    "\t\tsocks5_host",
    "\t\tpassword_file",
    "\t\treceive_maximum",
    "\t\tsend_maximum",
    "\t\tsession_expiry",
    "\t\tcircuit_breaker_ms",
    "\t\t  keyfile_password",
    "\t\t  keyfile_password_file",
    "\t\t  alpn",
    "\t\t  ocsp_required",
    "\t\t  insecure",
    "\t\t  psk_file",
    // Those of the two topics of a publisher.
    "\t\t  message_expiry",
    "\t\t  content_type",
    "\t\t  payload_format",
    "\t\t  message_expiry",
    "\t\t  content_type",
    "\t\t  payload_format",
    // Those of the two topics of a subscriber.
    "\t\t  json_api_authorized",
    "\t\t  response_errors",
    "\t\t  command_max_in_flight",
    "\t\t  command_max_bytes",
    "\t\t  command_ignore_retained",
    "\t\t  subscription",
    "\t\t  commands",
    "\t\t  answers",
    "\t\t  json_api_authorized",
    "\t\t  response_errors",
    "\t\t  command_max_in_flight",
    "\t\t  command_max_bytes",
    "\t\t  command_ignore_retained",
    "\t\t  subscription",
    "\t\t  commands",
    "\t\t  answers",
];

/// The lines whose value is another one here: where the broker and the files are, what is random, the versions, what
/// is secret, and cert_reqs, whose documented default the C module did not keep.
const OTHER_VALUE: [&str; 8] = [
    "mosquitto library version",
    "LIBMOSQUITTO_VERSION_NUMBER",
    "  log-dir",
    "\tlog-dir",
    "\t\tport",
    "\t\tpassword",
    "\t\tclient_id",
    "\t\t  cert_reqs",
];

/// A line of `mosquitto status` without its value: the indentation and what is before the colon.
fn label(line: &str) -> &str {
    line.split(':').next().unwrap_or(line)
}

#[test]
fn status_has_every_line_that_it_had_in_the_same_order() {
    let broker = Broker::start();
    let xml = include_str!("console/recorded.xml").replace("@PORT@", &broker.port().to_string());
    let mut switch = Switch::load_xml(&xml, &["--switchname", "fs-test"]);
    switch.wait_connected("broker1");
    let ours = switch.command("mosquitto status");
    let (added, kept): (Vec<_>, Vec<_>) = ours.lines().partition(|line| ADDED.contains(&label(line)));
    assert_eq!(added.into_iter().map(label).collect::<Vec<_>>(), ADDED);

    let theirs = std::fs::read_to_string(data("c-module-status.txt")).expect("the recorded status");
    let theirs = theirs.trim_end().lines();
    let comparable = |line: &str| {
        let label = label(line);
        if OTHER_VALUE.contains(&label) { format!("{label}: another value") } else { line.to_owned() }
    };
    assert_eq!(
        kept.into_iter().map(comparable).collect::<Vec<_>>(),
        theirs.map(comparable).collect::<Vec<_>>()
    );
    assert!(ours.contains("\t\tpassword: ****\n") && ours.contains("\t\tclient_id: fs-test-"));
}

#[test]
fn status_counts_what_each_topic_each_publisher_and_each_connection_has_sent() {
    let broker = Broker::start();
    let xml = include_str!("console/recorded.xml").replace("@PORT@", &broker.port().to_string());
    let mut switch = Switch::load_xml(&xml, &[]);
    for event in ["HEARTBEAT", "CHANNEL_CREATE", "BACKGROUND_JOB", "CODEC"] {
        switch.command(&format!("fire {event}"));
    }
    let status = switch.wait_status("accepted: 3\n  published: 3\n");
    for line in [
        "\t  connection name: broker1 connected: True messages sent: 3\n",
        "\t  publisher name: pub messages sent: 3\n",
        "\t\ttopic name: chan messages sent: 2\n",
        "\t\ttopic name: job messages sent: 1\n",
    ] {
        assert!(status.contains(line), "{line}{status}");
    }
}

#[test]
fn the_tab_key_offers_what_may_follow() {
    let mut switch = idle();
    assert_eq!(switch.command("complete mosq"), "mosquitto\n");
    assert_eq!(
        switch.command("complete mosquitto "),
        "bgapi\ncheck\nconnect\ndisable\ndisconnect\nenable\nhelp\nloglevel\npublish\nremove\nstatus\nsubscribe\n\
         unsubscribe\n"
    );
    assert_eq!(switch.command("complete mosquitto st"), "status\n");
    assert_eq!(
        switch.command("complete mosquitto loglevel "),
        "alert\nconsole\ncritical\ndebug\nerror\ninfo\nnotice\nwarning\n"
    );
    assert_eq!(switch.command("complete mosquitto loglevel c"), "console\ncritical\n");
    for word in ["publish", "subscribe", "unsubscribe"] {
        assert_eq!(switch.command(&format!("complete mosquitto {word} ")), "default\n");
        assert_eq!(switch.command(&format!("complete mosquitto {word} default ")), "broker1\n");
    }
    switch.unload_module();
    assert_eq!(switch.command("complete mosq"), "-ERR no reply\n");
}

#[test]
fn commands_are_answered_while_a_broker_does_not_answer_and_by_bgapi() {
    let (broker, silent) = (Broker::start(), Silent::start());
    let subscriber = Subscriber::start(broker.port(), "test/events");
    let config = Config::events(broker.port(), &["BACKGROUND_JOB"], 0).connection("mute", silent.port(), &[]);
    let mut switch = Switch::load(&config);
    eventually("the connection", || silent.accepted() > 0);
    switch.wait_status("connection name: mute connected: False messages sent: 0\n\t\tstate: connecting\n");
    let answer = switch.command("bgapi mosquitto loglevel");
    let job = &subscriber.take(1)[0];
    assert_eq!(job.header("_body"), "mosquitto loglevel: DEBUG\n");
    assert_eq!(answer, format!("+OK Job-UUID: {}\n", job.header("Job-UUID")));
}
