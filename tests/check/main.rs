//! The program `mod_mosquitto-check` and the script that runs it: what scripts see of a check.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const PROGRAM: &str = env!("CARGO_BIN_EXE_mod_mosquitto-check");

fn tree(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The program itself, and the script that is told to run this one.
fn both() -> [Command; 2] {
    let mut script = Command::new(tree("scripts/check-config"));
    script.env("MOD_MOSQUITTO_CHECK", PROGRAM);
    [Command::new(PROGRAM), script]
}

/// What both say and end with, which is the same.
fn run(folder: &Path, arguments: &[&str]) -> (String, String, i32) {
    let said = |output: Output| {
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        (text(output.stdout), text(output.stderr), output.status.code().expect("an end of its own"))
    };
    let outputs = both()
        .map(|mut command| said(command.args(arguments).current_dir(folder).output().expect("it runs")));
    let [program, script] = outputs;
    if arguments != ["--help"] {
        assert_eq!(program, script);
    }
    program
}

const FINE: &str = "<configuration name=\"mosquitto.conf\"/>";

#[test]
fn the_status_says_whether_it_is_fine_has_problems_or_is_unusable() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let problem = FINE
        .replace("/>", "><settings><param name=\"log-level\" value=\"loud\"/></settings></configuration>");
    for (name, content) in
        [("fine.xml", FINE), ("a problem.xml", &problem), ("cut.xml", "<configuration"), ("empty.xml", "")]
    {
        std::fs::write(folder.join(name), content).expect("a file");
    }
    for (name, status, first) in [
        ("fine.xml", 0, "+OK nothing is wrong"),
        ("a problem.xml", 1, "-ERR 1 problem"),
        ("cut.xml", 2, "-ERR unusable: mosquitto.conf is not well-formed XML, line 1, column "),
        ("empty.xml", 2, "-ERR unusable: mosquitto.conf is empty: "),
        ("missing.xml", 2, "-ERR unusable: missing.xml: No such file or directory"),
        (".", 2, "-ERR unusable: .: not a regular file"),
    ] {
        let (out, err, ended) = run(folder, &[name]);
        assert!(out.starts_with(first), "{name}: {out}");
        assert_eq!((ended, err.as_str()), (status, ""), "{name}");
    }
}

#[test]
fn arguments_that_mean_nothing_are_unusable_and_help_is_not() {
    for (arguments, why) in [
        (&[][..], "name one file (see --help)"),
        (&["a", "b"], "name one file (see --help)"),
        (&["--files"], "unknown argument --files (see --help)"),
    ] {
        let (out, err, status) = run(&tree(""), arguments);
        assert_eq!((out.as_str(), err, status), ("", format!("mod_mosquitto-check: {why}\n"), 2));
    }
    for mut command in both() {
        let output = command.arg("--help").output().expect("it runs");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        assert!(
            output.status.success() && text.contains("The status is 0 if nothing is wrong; 1 if"),
            "{text}"
        );
    }
}

#[test]
fn the_shipped_configuration_and_every_example_are_fine_on_any_machine() {
    let mut files = vec![tree("conf/autoload_configs/mosquitto.conf.xml")];
    let examples = std::fs::read_dir(tree("conf/examples")).expect("the examples");
    let examples = examples.map(|entry| entry.expect("an example").path());
    files.extend(examples.filter(|path| path.extension().is_some_and(|ending| ending == "xml")));
    assert!(files.len() > 10, "{files:?}");
    for file in files {
        let output = Command::new(PROGRAM).arg("--no-files").arg(&file).output().expect("it runs");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        assert!(text.starts_with("+OK nothing is wrong\n") && !text.contains("\nnotes\n"), "{text}");
        assert!(output.status.success(), "{}", file.display());
    }
}

#[test]
fn files_that_it_names_count_on_the_machine_that_they_are_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let psk = std::fs::read_to_string(tree("conf/examples/psk.xml")).expect("an example");
    let missing = folder.path().join("missing");
    let missing = missing.to_str().expect("UTF-8");
    let psk = psk.replace("/etc/freeswitch/mqtt.psk", missing);
    std::fs::write(folder.path().join("psk.xml"), psk).expect("a file");
    let (out, _, status) = run(folder.path(), &["psk.xml"]);
    let off =
        format!("\n  connection \"broker\": off (tls: psk_file \"{missing}\": No such file or directory: ");
    assert!(out.contains(&off), "{out}");
    assert_eq!(status, 1);
    assert_eq!(run(folder.path(), &["--no-files", "psk.xml"]).2, 0);
}

/// What stands between a beginning and the next quote, everywhere in a text.
fn named<'a>(text: &'a str, begin: &str, quote: char) -> Vec<&'a str> {
    text.split(begin).skip(1).map(|rest| rest.split(quote).next().unwrap_or_default()).collect()
}

#[test]
fn what_the_examples_have_others_read_is_in_the_events() {
    let recorded = std::fs::read_to_string(tree("tests/data/events-recorded.jsonl")).expect("the events");
    let has = |event: &str, header: &str| {
        let name = format!("{{\"Event-Name\":\"{event}\",");
        let mut events = recorded.lines().filter(|line| line.starts_with(&name)).peekable();
        assert!(events.peek().is_some(), "no {event} was recorded");
        events.all(|line| line.contains(&format!("\"{header}\":")))
    };
    for (example, begin, quote, events, least) in [
        ("home-assistant.xml", "value_json['", '\'', &["HEARTBEAT", "CHANNEL_HANGUP_COMPLETE"][..], 6),
        ("node-red.xml", "msg.payload[\"", '"', &["CHANNEL_HANGUP_COMPLETE", "BACKGROUND_JOB"], 7),
    ] {
        let text = std::fs::read_to_string(tree("conf/examples").join(example)).expect("an example");
        let headers = named(&text, begin, quote);
        assert!(headers.len() >= least, "{example}: {headers:?}");
        for header in headers {
            assert!(events.iter().any(|event| has(event, header)), "{example}: {header}");
        }
    }
}
