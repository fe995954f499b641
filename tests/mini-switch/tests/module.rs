//! The program with a module, `examples/mod_sample.rs`, loaded as FreeSWITCH would load it.

mod common;

use common::{Conf, answer, run, text};
use std::ffi::CString;
use std::os::unix::ffi::OsStrExt;

const CONF: &str = "<configuration name=\"sample.conf\"><param name=\"a\" value=\"100%s\"/></configuration>";

fn with_module(test: &str, script: &str) -> String {
    let conf = Conf::new(test, CONF);
    text(&run(&["--conf", conf.0.to_str().unwrap(), "--load", "mod_sample"], script))
}

#[test]
fn a_module_loads_answers_and_unloads() {
    let all = with_module(
        "loads",
        "sample x %n\nsample silent\nsample fail\nshow modules\nshow api\nload mod_sample\nunload mod_sample\n\
         sample all\nunload mod_sample\n",
    );
    assert!(all.contains("[WARNING] mod_sample: <configuration name=\"sample.conf\">"), "{all}");
    assert_eq!(answer(&all, "sample x %n"), "what is %s x %n\n");
    assert_eq!(answer(&all, "sample silent"), "-ERR no reply\n");
    assert_eq!(answer(&all, "sample fail"), "-ERR sample fail Command not found!\n");
    assert!(answer(&all, "show modules").contains("mod_sample,"));
    assert!(answer(&all, "show api").contains("sample,counts,all|sub|sleep|fail|silent|raw,mod_sample\n"));
    assert!(answer(&all, "load mod_sample").contains("-ERR [Module already loaded]"));
    assert!(answer(&all, "unload mod_sample").ends_with("+OK\n"));
    assert_eq!(answer(&all, "sample all"), "-ERR sample all Command not found!\n");
    assert!(all.contains("-ERR [No such module!]"));
}

#[test]
fn bindings_get_what_they_are_bound_to_and_end_with_the_module() {
    let all = with_module(
        "events",
        "fire CUSTOM Event-Subclass=sample::x\nfire CUSTOM Event-Subclass=other\nfire CODEC a='b c' -- body\n\
         wait-delivered\nsample all\nsample sub\nunload mod_sample\nstatus\n",
    );
    assert_eq!(answer(&all, "sample all"), "all=3\n");
    assert_eq!(answer(&all, "sample sub"), "sub=1\n");
    assert!(answer(&all, "status").contains("bindings=0 modules=0 pools=0"), "{all}");
}

#[test]
fn two_hundred_loads_leave_nothing_behind() {
    let reloads = |n| "reload mod_sample\n".repeat(n);
    let script = format!("{}threads\n{}echo x\nmaps\nstatus\n", reloads(5), reloads(200));
    let all = with_module("leak", &script);
    assert_eq!(all.matches("+OK module unloaded\n").count(), 205);
    assert_eq!(all.matches("+OK module loaded\n").count(), 205);
    let value = |line: &str, name: &str| -> i64 {
        line.split(name).nth(1).unwrap().split_whitespace().next().unwrap().parse().unwrap()
    };
    let (before, after) = (answer(&all, "threads"), answer(&all, "maps"));
    // What every load left behind would be there 200 times. The C library keeps stacks and heaps of threads that have
    // ended for the next ones, two mappings each, and how many it has depends on what ran at the same time.
    for (name, slack) in [("threads=", 1), ("fds=", 1), ("maps=", 20)] {
        assert!(value(&after, name) <= value(&before, name) + slack, "{name} {before} {after}");
    }
    assert!(value(&after, "rss_kb=") < value(&before, "rss_kb=") + 512, "{before} {after}");
    assert!(answer(&all, "status").contains("bindings=2 modules=1 pools=1"), "{all}");
}

#[test]
fn an_unload_is_refused_while_a_command_runs() {
    let all = with_module(
        "busy",
        "bgapi sample sleep\nsleep 200\nunload mod_sample\nwait-jobs\nreload mod_sample\n",
    );
    assert!(answer(&all, "unload mod_sample").ends_with("-ERR [Module in use.]\n"), "{all}");
    assert!(answer(&all, "reload mod_sample").ends_with("+OK module loaded\n"), "{all}");
}

#[test]
fn completions_come_from_rows_and_functions_and_go_with_the_module() {
    let all = with_module(
        "complete",
        "complete sam\ncomplete sample \ncomplete sample sub \ncomplete sample sub tw\nunload mod_sample\n\
         complete sample  \n",
    );
    assert_eq!(answer(&all, "complete sam"), "sample\n");
    assert_eq!(answer(&all, "complete sample sub tw"), "two\n");
    assert_eq!(answer(&all, "complete sample "), "all\nsub\n");
    assert_eq!(answer(&all, "complete sample sub "), "one\ntwo\n");
    assert!(answer(&all, "complete sample  ").ends_with("-ERR no reply\n"), "{all}");
}

#[test]
fn a_load_that_fails_is_refused_and_leaves_nothing_behind() {
    let conf = Conf::new("fails", "<configuration name=\"sample.conf\">\n<oops>");
    let options = ["--conf", conf.0.to_str().unwrap()];
    let all = text(&run(&options, "load mod_sample\nload mod_none\nstatus\n"));
    assert!(answer(&all, "load mod_sample").ends_with("-ERR [module load file routine returned an error]\n"));
    assert!(
        all.contains("[ERR] mini-switch: ") && all.contains("sample.conf.xml: Malformed XML. 3:"),
        "{all}"
    );
    assert!(answer(&all, "load mod_none").ends_with("-ERR [module load file routine returned an error]\n"));
    assert!(answer(&all, "status").contains("bindings=0 modules=0 pools=0"));
    let failed = run(&["--load", "mod_sample"], "");
    assert_eq!(failed.status.code(), Some(1));
}

#[test]
fn a_text_used_as_a_format_ends_the_program_loudly() {
    let conf = Conf::new("format", CONF);
    let output = run(&["--conf", conf.0.to_str().unwrap(), "--load", "mod_sample"], "sample raw\n");
    assert!(!output.status.success());
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("write_function was called with the format \"what is %s raw"), "{error}");
}

#[test]
fn a_module_is_checked_without_being_loaded() {
    let all = text(&run(&[], "dlopen-check mod_sample\ndlopen-check mod_none\n"));
    assert!(answer(&all, "dlopen-check mod_sample").starts_with("+OK api_version=5 load=yes shutdown=yes"));
    assert!(answer(&all, "dlopen-check mod_none").starts_with("-ERR dlopen-check: "));
}

#[test]
fn the_core_announces_modules_only_when_asked() {
    let conf = Conf::new("noisy", CONF);
    let options = ["--conf", conf.0.to_str().unwrap(), "--load", "mod_sample"];
    let script = "version\nwait-delivered\nsample all\n";
    let quiet = text(&run(&options, script));
    let noisy = text(&run(&[&options[..], &["--noisy"]].concat(), script));
    assert_eq!(answer(&quiet, "sample all"), "all=0\n");
    // MODULE_LOAD and API.
    assert_eq!(answer(&noisy, "sample all"), "all=2\n");
}

#[test]
fn the_library_exports_every_function_that_the_module_may_import() {
    let declared = include_str!("../../../sys/freeswitch/src/functions.rs");
    let names: Vec<&str> = declared
        .lines()
        .filter_map(|line| line.trim().strip_prefix("pub fn "))
        .map(|rest| rest.split('(').next().unwrap())
        .collect();
    assert!(names.len() > 15, "{names:?}");
    let beside = std::path::Path::new(common::PROGRAM).parent().unwrap();
    let path = [beside.join("deps/libmini_switch.so"), beside.join("libmini_switch.so")];
    let path = path.iter().find(|p| p.exists()).expect("the library is built");
    let c_path = CString::new(path.as_os_str().as_bytes()).unwrap();
    // SAFETY: opening the library runs no code of its own but Rust's; it is never closed.
    let handle = unsafe { libc::dlopen(c_path.as_ptr(), libc::RTLD_NOW) };
    assert!(!handle.is_null());
    for name in names {
        let symbol = CString::new(name).unwrap();
        // SAFETY: the handle is open and the name is a C string.
        assert!(!unsafe { libc::dlsym(handle, symbol.as_ptr()) }.is_null(), "{name} is not exported");
    }
}

#[test]
fn a_configuration_is_looked_up_in_the_files_and_is_closed_again() {
    let all = with_module(
        "locate",
        "xml_locate configuration configuration name sample.conf\nxml_locate directory domain name x\nstatus\n",
    );
    let found = answer(&all, "xml_locate configuration configuration name sample.conf");
    assert!(found.starts_with("<configuration name=\"sample.conf\">"), "{all}");
    assert_eq!(answer(&all, "xml_locate directory domain name x"), "can't find anything\n");
    assert!(answer(&all, "status").contains("searches=0 documents=0 loggers=0"), "{all}");
}
