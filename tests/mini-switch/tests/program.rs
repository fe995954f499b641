//! The program without a module: commands, events, output.

mod common;

use common::{answer, run, text};

fn data(file: &str) -> String {
    format!("{}/../data/{file}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn commands_answer_in_order_each_followed_by_its_marker() {
    let all =
        text(&run(&["--switchname", "s1"], "version\n\n# no\nno_such x\nswitchname\ncreate_uuid\necho\n"));
    assert_eq!(answer(&all, "version"), "FreeSWITCH Version 1.11.3-mini (mini-switch)\n");
    assert_eq!(answer(&all, "no_such x"), "-ERR no_such x Command not found!\n");
    assert_eq!(answer(&all, "switchname"), "s1\n");
    assert_eq!(answer(&all, "create_uuid").len(), 37);
    assert_eq!(answer(&all, "echo"), "-ERR no reply\n");
}

#[test]
fn the_version_decides_the_event_numbers() {
    let new = text(&run(&[], "version short\nfire CERT_RELOAD\n"));
    let old = text(&run(&["--core", "1.10"], "version short\nfire CERT_RELOAD\n"));
    assert_eq!(answer(&new, "version short"), "1.11.3\n");
    assert_eq!(answer(&old, "version short"), "1.10.12\n");
    assert_eq!(answer(&new, "fire CERT_RELOAD"), "+OK\n");
    assert!(answer(&old, "fire CERT_RELOAD").starts_with("-ERR fire: no event"));
}

#[test]
fn events_are_fired_from_files_and_counted() {
    let play = format!("play {}", data("events-recorded.jsonl"));
    let hex = format!("fire-hex {} all", data("event-json.jsonl"));
    let one = format!("fire-hex {} as=CUSTOM array of one", data("event-json.jsonl"));
    let none = format!("fire-hex {} nothing", data("event-json.jsonl"));
    let storm = "storm 500 CODEC 10 8";
    let all = text(&run(&[], &format!("{play}\n{hex}\n{one}\n{none}\n{storm}\nwait-delivered\nstatus\n")));
    assert!(answer(&all, &play).starts_with("+OK played=301 us="));
    assert_eq!(answer(&all, &hex), "+OK fired=22\n");
    assert_eq!(answer(&all, &one), "+OK fired=1\n");
    assert!(answer(&all, &none).starts_with("-ERR fire-hex: "));
    assert!(answer(&all, storm).starts_with("+OK fired=500 delivered=500 fire_us="));
    assert!(answer(&all, "status").contains("fired=824 delivered=824"), "{all}");
}

#[test]
fn without_a_binding_nothing_is_called_however_often_it_is_measured() {
    let measure = format!("measure {} 3", data("events-recorded.jsonl"));
    let all = text(&run(&[], &format!("{measure}\nflood {} 10 10\n", data("events-recorded.jsonl"))));
    let answer = answer(&all, &measure);
    assert_eq!(answer.lines().filter(|line| line.starts_with("round walk ns=")).count(), 3, "{answer}");
    assert!(answer.contains("+OK events=301 bytes=629134 calls=0\n"), "{answer}");
    assert!(all.contains("-ERR flood: there is no command mosquitto\n"), "{all}");
}

#[test]
fn a_command_in_the_background_says_when_it_is_done() {
    let play = format!("play {} 0 2 &", data("events-recorded.jsonl"));
    let all = text(&run(&[], &format!("{play}\nwait-jobs\n")));
    assert!(all.contains("+OK started\n"), "{all}");
    assert!(all.contains("events-recorded.jsonl 0 2: +OK played=602 us="), "{all}");
    let all = text(&run(&[], "status &\nwait-jobs\n"));
    let line = all.lines().find(|line| line.contains("mini-switch: status: UP ")).expect("one line");
    assert!(line.contains("; events fired=0 delivered=0; bindings="), "{line}");
}

#[test]
fn bgapi_and_originate_take_their_time_on_their_own_thread() {
    let all = text(&run(
        &["--originate-ms", "50"],
        "bgapi uuid:j1 originate loopback/1 &park()\nbgapi\nset originate_ms 0\noriginate x &park\nwait-jobs\n\
         wait-delivered\nstatus\n",
    ));
    assert!(answer(&all, "bgapi uuid:j1 originate loopback/1 &park()").starts_with("+OK Job-UUID: j1\n"));
    assert_eq!(answer(&all, "bgapi"), "-ERR Invalid syntax\n");
    assert!(answer(&all, "originate x &park").starts_with("+OK "));
    // Two of each originate, and BACKGROUND_JOB.
    assert!(answer(&all, "status").contains("delivered=5"), "{all}");
    assert!(answer(&all, "status").contains(" bgapi=1 "), "{all}");
}

#[test]
fn variables_are_kept_and_removed() {
    let script =
        "global_setvar a=b c\nglobal_getvar A\nglobal_setvar a=\nglobal_getvar a\nglobal_getvar log_dir\n";
    let all = text(&run(&["--log-dir", "/var/log/x"], script));
    assert_eq!(answer(&all, "global_getvar A"), "b c\n");
    assert_eq!(answer(&all, "global_getvar a"), "-ERR no reply\n");
    assert_eq!(answer(&all, "global_getvar log_dir"), "/var/log/x\n");
}

#[test]
fn counts_of_the_process_are_on_one_line() {
    let all = text(&run(&[], "threads\ntrim\n"));
    for line in [answer(&all, "threads"), answer(&all, "trim")] {
        for name in ["threads=", "fds=", "maps=", "rss_kb="] {
            let value = line.split(name).nth(1).and_then(|rest| rest.split_whitespace().next());
            assert!(value.is_some_and(|v| v.parse::<u64>().is_ok_and(|n| n > 0)), "{line}");
        }
    }
}

#[test]
fn help_lists_what_there_is_and_a_bad_option_is_refused() {
    let help = run(&["--help"], "");
    assert!(text(&help).contains("storm N EVENT"));
    let bad = run(&["--core", "1.9"], "");
    assert_eq!(bad.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&bad.stderr).contains("--core 1.9"));
}
