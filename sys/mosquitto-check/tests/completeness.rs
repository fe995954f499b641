//! Nothing of the headers was forgotten: each name is declared, or left out with a reason.

use mosquitto_client_sys_check::header::Names;
use mosquitto_client_sys_check::{declared, left_out};
use std::collections::BTreeSet;
use std::path::Path;

/// The release that the crate declares in full. Later ones keep what it has, and may add to it.
const DECLARED_RELEASE: &str = "2.0.";

fn installed_headers() -> Names {
    let mut names = Names::default();
    for header in ["mosquitto.h", "mqtt_protocol.h"] {
        let path = Path::new(env!("MOSQUITTO_INCLUDE")).join(header);
        names.read(&std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display())));
    }
    names
}

fn account_for(what: &str, in_header: &BTreeSet<String>, declared: &[&str], left_out: &[(&str, &str)]) {
    let declared: BTreeSet<&str> = declared.iter().copied().collect();
    let left_out_names: BTreeSet<&str> = left_out.iter().map(|(name, _)| *name).collect();
    assert_eq!(left_out_names.len(), left_out.len(), "{what}: left out twice");
    assert!(left_out.iter().all(|(_, reason)| !reason.is_empty()), "{what}: left out without a reason");

    let both: Vec<_> = declared.intersection(&left_out_names).collect();
    assert!(both.is_empty(), "{what}: declared, and yet in the list of what is left out: {both:?}");

    let known: BTreeSet<&str> = declared.union(&left_out_names).copied().collect();
    let forgotten: Vec<_> = in_header.iter().filter(|name| !known.contains(name.as_str())).collect();
    if !env!("MOSQUITTO_VERSION").starts_with(DECLARED_RELEASE) {
        eprintln!("{what}: not looked for what libmosquitto {} has added", env!("MOSQUITTO_VERSION"));
        return;
    }
    assert!(!in_header.is_empty() || known.is_empty(), "{what}: none found in the headers");
    assert!(forgotten.is_empty(), "{what}: neither declared nor left out: {forgotten:?}");
}

#[test]
fn every_function_of_the_headers_is_declared_or_left_out_with_a_reason() {
    account_for("functions", &installed_headers().functions, declared::FUNCTIONS, left_out::FUNCTIONS);
}

#[test]
fn every_constant_of_the_headers_is_declared_or_left_out_with_a_reason() {
    account_for("constants", &installed_headers().constants, declared::CONSTANTS, left_out::CONSTANTS);
}

#[test]
fn every_structure_of_the_headers_is_declared_or_left_out_with_a_reason() {
    account_for("structures", &installed_headers().structures, declared::STRUCTURES, left_out::STRUCTURES);
}

#[test]
fn the_library_that_is_loaded_is_no_older_than_what_the_crate_declares() {
    let (mut major, mut minor, mut revision) = (0, 0, 0);
    // SAFETY: three pointers to integers, as the function wants; it needs no mosquitto_lib_init.
    let number =
        unsafe { mosquitto_client_sys::mosquitto_lib_version(&mut major, &mut minor, &mut revision) };
    assert_eq!(number, major * 1_000_000 + minor * 1_000 + revision);
    assert!((major, minor) >= (2, 0), "libmosquitto {major}.{minor}.{revision}");
}
