//! The module's log files, and what is never in them.

use scenarios::{Broker, Config, Switch, eventually, refused_port};
use std::path::Path;

fn lines(path: &Path) -> Vec<String> {
    std::fs::read_to_string(path).unwrap_or_default().lines().map(str::to_owned).collect()
}

fn has(path: &Path, part: &str) -> bool {
    lines(path).iter().any(|line| line.contains(part))
}

/// The level and the text of a line, whose time is as ISO 8601 has it: `2026-11-22T19:12:32.619+01:00`.
fn level_and_text(line: &str) -> (&str, &str) {
    const SHAPE: &str = "dddd-dd-ddTdd:dd:dd.ddd+dd:dd";
    let (time, rest) = line.split_once(' ').unwrap_or_else(|| panic!("{line}"));
    let fits = |(shape, c): (char, char)| match shape {
        'd' => c.is_ascii_digit(),
        '+' => matches!(c, '+' | '-'),
        other => c == other,
    };
    assert!(time.len() == SHAPE.len() && SHAPE.chars().zip(time.chars()).all(fits), "{line}");
    let (level, text) = rest.strip_prefix('[').and_then(|rest| rest.split_once("] ")).expect(line);
    (level, text)
}

#[test]
fn the_module_and_each_profile_have_a_file_of_their_own() {
    let broker = Broker::start();
    let config = Config::all_events(broker.port())
        .connection("dead", refused_port(), &[])
        .setting("log-enable", "true")
        .setting("no-such", "x")
        .profile_param("log-enable", "true")
        .profile_param("log-file", "office.txt")
        .profile_param("log-level", "warning");
    let mut switch = Switch::load(&config);
    let folder = switch.folder().join("log");
    switch.wait_connected("broker1");
    switch.wait_log("connection \"dead\": Connection refused");
    switch.unload_module();

    let (module, profile) = (lines(&folder.join("mosquitto.log")), lines(&folder.join("office.txt")));
    assert_eq!(level_and_text(&module[0]), ("WARNING", "settings: unknown parameter \"no-such\" is ignored"));
    for (level, part) in [
        ("INFO", "loaded into FreeSWITCH 1.11"),
        ("INFO", "profile \"default\", connection \"broker1\": connected"),
        ("WARNING", "profile \"default\", connection \"dead\": Connection refused: next attempt in 1 s"),
        ("INFO", "unloaded: 0 messages accepted, 0 published, 0 waiting, 0 dropped"),
    ] {
        let there = |(its, text): (&str, &str)| its == level && text.starts_with(part);
        assert!(module.iter().any(|line| there(level_and_text(line))), "{part}\n{}", module.join("\n"));
    }
    let profile: Vec<_> = profile.iter().map(|line| level_and_text(line)).collect();
    assert_eq!(
        profile,
        [("WARNING", "profile \"default\", connection \"dead\": Connection refused: next attempt in 1 s")]
    );
}

#[test]
fn the_time_is_local_and_its_offset_says_so() {
    let config = Config::default().setting("log-enable", "true");
    let so = scenarios::module();
    let mut switch = Switch::start_module(so, &config.xml(), &[], &[("TZ", "XYZ-05:45")]);
    switch.load_module();
    let lines = lines(&switch.folder().join("log/mosquitto.log"));
    assert!(!lines.is_empty() && lines.iter().all(|line| line[23..].starts_with("+05:45 [")), "{lines:?}");
}

#[test]
fn without_log_enable_there_is_no_file() {
    let broker = Broker::start();
    let mut switch = Switch::load(&Config::all_events(broker.port()));
    switch.wait_connected("broker1");
    switch.command("mosquitto status");
    let log = switch.wait_log("connection \"broker1\": connected");
    assert!(log.starts_with("[INFO] "), "{log}");
    assert_eq!(std::fs::read_dir(switch.folder().join("log")).expect("the folder").count(), 0);
}

#[test]
fn the_level_is_changed_while_the_module_runs() {
    let broker = Broker::start();
    let config = Config::all_events(broker.port())
        .setting("log-enable", "true")
        .setting("log-level", "info")
        // The profile's own level stays.
        .profile_param("log-enable", "true")
        .profile_param("log-level", "info")
        .profile_param("log-details", "true");
    let mut switch = Switch::load(&config);
    let (module, profile) =
        (switch.folder().join("log/mosquitto.log"), switch.folder().join("log/default.log"));
    switch.wait_connected("broker1");
    assert_eq!(switch.command("mosquitto loglevel"), "mosquitto loglevel: INFO\n");
    assert!(!has(&module, "[DEBUG]"));

    assert_eq!(switch.command("mosquitto loglevel debug"), "mosquitto loglevel set to: DEBUG\n");
    // With log-details, libmosquitto says at this level what it sends.
    switch.command("fire HEARTBEAT");
    eventually("a line of libmosquitto", || has(&module, "[DEBUG] ") && has(&module, "sending PUBLISH"));
    switch.wait_log("sending PUBLISH");

    assert_eq!(switch.command("mosquitto loglevel error"), "mosquitto loglevel set to: ERR\n");
    assert!(
        switch
            .command("mosquitto status")
            .contains("settings\n  log-enable: True\n  log-details: False\n  log-level: ERR\n")
    );
    switch.command("fire HEARTBEAT");
    switch.wait_status("published: 2\n");
    switch.unload_module();
    let sent = lines(&module).iter().filter(|line| line.contains("sending PUBLISH")).count();
    assert_eq!((sent, has(&module, "unloaded: ")), (1, false));
    assert!(has(&profile, "[INFO] ") && !has(&profile, "[DEBUG]"));
}

#[test]
fn a_file_that_was_moved_away_is_begun_anew() {
    let config = Config::default().setting("log-enable", "true").profile_param("log-enable", "true");
    let mut switch = Switch::load(&config.connection("dead", refused_port(), &[]));
    let folder = switch.folder().join("log");
    let (file, moved) = (folder.join("mosquitto.log"), folder.join("mosquitto.log.1"));
    switch.wait_log("Connection refused: next attempt in 1 s");
    std::fs::rename(&file, &moved).expect("the log file");
    eventually("a new file", || has(&file, "connection \"dead\""));
    std::fs::remove_file(&file).expect("the new log file");
    switch.unload_module();
    assert!(has(&file, "unloaded: ") && !has(&moved, "unloaded: "));
    assert!(has(&moved, "loaded into FreeSWITCH") && !has(&file, "loaded into FreeSWITCH"));
    assert!(has(&folder.join("default.log"), "connection \"dead\""));
}

#[test]
fn a_log_folder_that_cannot_be_written_is_a_warning_and_the_module_works() {
    let broker = Broker::start();
    let config = Config::all_events(broker.port())
        .setting("log-enable", "true")
        .setting("log-dir", "/proc/nowhere")
        .profile_param("log-enable", "true")
        .profile_param("log-dir", "/proc/nowhere");
    let mut switch = Switch::load(&config);
    let complaints = switch.complaints();
    for (complaint, (place, file)) in
        complaints.iter().zip([("settings", "mosquitto.log"), ("profile \"default\"", "default.log")])
    {
        let start = format!("{place}: log file \"/proc/nowhere/{file}\" cannot be opened (");
        assert!(complaint.starts_with(&start), "{complaint}");
        assert!(complaint.ends_with("), its lines are not written: set log-dir and log-file"), "{complaint}");
    }
    assert_eq!(complaints.len(), 2);
    switch.command("fire HEARTBEAT");
    switch.wait_status("published: 1\n");
    switch.shutdown();
}

#[test]
fn log_dir_and_log_file_say_where() {
    let elsewhere = tempfile::tempdir().expect("a folder");
    let config = Config::default()
        .setting("log-enable", "true")
        .setting("log-dir", &elsewhere.path().display().to_string())
        .setting("log-file", "mqtt.txt");
    let switch = Switch::load(&config);
    assert!(has(&elsewhere.path().join("mqtt.txt"), "loaded into FreeSWITCH"));
    assert_eq!(std::fs::read_dir(switch.folder().join("log")).expect("the folder").count(), 0);
}

#[test]
fn no_secret_is_ever_shown() {
    const SECRETS: [&str; 5] = ["sekrit-one", "sekrit-two", "sekrit-three", "sekrit-four", "beefcafe"];
    let broker = Broker::start_private("freeswitch", SECRETS[0]);
    let user = |password| [("username", "freeswitch"), ("password", password)];
    let tls = format!(
        r#"<connection name="secure"><param name="host" value="127.0.0.1"/><param name="pasword" value="{}"/>
            <tls><param name="enable" value="psk"/><param name="identity" value="me"/>
            <param name="psk" value="{}"/></tls></connection>
        <connection name="unused"><param name="host" value="127.0.0.1"/>
            <param name="password" value="{}"/><tls><param name="psk" value="{}"/></tls>
            <param name="enable" value="false"/></connection>"#,
        SECRETS[2], SECRETS[4], SECRETS[3], SECRETS[3],
    );
    let config = Config::events(broker.port(), &["HEARTBEAT"], 0)
        .setting("log-enable", "true")
        .setting("log-details", "true")
        .setting("log-level", "debug")
        .profile_param("log-enable", "true")
        .profile_param("log-details", "true")
        .profile_param("log-level", "debug")
        .raw_connection(&tls)
        .connection("right", broker.port(), &user(SECRETS[0]))
        .connection("wrong", broker.port(), &user(SECRETS[1]));
    let mut switch = Switch::load(&config);
    let mut said = switch.command("mosquitto status");
    switch.wait_connected("right");
    switch.wait_log("connection \"wrong\": the broker refused the connection: not authorised (5)");
    switch.command("mosquitto loglevel debug");
    said += &switch.command("mosquitto status");
    said += &switch.command("mosquitto");
    switch.unload_module();
    let folder = switch.folder().join("log");
    for file in ["mosquitto.log", "default.log"] {
        let lines = lines(&folder.join(file)).join("\n");
        assert!(lines.contains("[DEBUG]"), "{file}: {lines}");
        said += &lines;
    }
    said += &switch.log().join("\n");
    assert_eq!(said.matches("\t\tpassword: ****\n").count(), 4, "{said}");
    assert_eq!(said.matches("\t\t  psk: ****\n").count(), 2, "{said}");
    for secret in SECRETS {
        assert!(!said.contains(secret), "{secret}\n{said}");
    }
}

#[test]
fn packets_are_logged_only_with_log_details() {
    let broker = Broker::start();
    let mut switch = Switch::load(&Config::all_events(broker.port()).setting("log-level", "debug"));
    switch.wait_connected("broker1");
    switch.command("storm 100 HEARTBEAT 10 16");
    switch.wait_status("published: 100\n");
    let lines: Vec<_> = switch.log().into_iter().filter(|line| line.contains("libmosquitto: ")).collect();
    assert!(lines.is_empty(), "a line for every packet is a line for every event: {lines:?}");
}
