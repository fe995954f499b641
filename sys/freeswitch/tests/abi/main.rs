//! Holds every declaration of this crate to the C compiler's own numbers: to those recorded in
//! `tests/data/freeswitch-abi.json` always, and to the installed headers where there are any.
//!
//! What is declared is read from the crate's source, so that a declaration which nobody checks is a failure.

mod declared;
mod headers;
mod layout;

use declared::Declared;
use layout::{Layout, consts, layouts};
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::Write;

fn recorded() -> Value {
    serde_json::from_str(include_str!("../../../../tests/data/freeswitch-abi.json"))
        .expect("the ABI file is JSON")
}

/// What must be checked is what is declared: no more, no less.
#[test]
fn every_structure_field_and_constant_is_checked() {
    let declared = Declared::read();
    let structs = |list: Vec<(String, Vec<String>)>| list.into_iter().collect::<BTreeSet<_>>();
    let checked = layouts()
        .into_iter()
        .map(|l| (l.name.to_owned(), l.fields.iter().map(|f| f.name.to_owned()).collect::<Vec<_>>()));
    assert_eq!(structs(checked.collect()), structs(declared.structs));
    let checked: BTreeSet<String> = consts().into_iter().map(|(name, _)| name.to_owned()).collect();
    assert_eq!(checked, declared.consts.into_iter().collect());
}

#[test]
fn structures_have_the_recorded_sizes_and_offsets() {
    let recorded = recorded();
    for Layout { name, size, fields } in layouts() {
        assert_eq!(recorded["sizes"][name].as_u64(), Some(size as u64), "size of {name}");
        let offsets = &recorded["offsets"][name];
        for field in &fields {
            assert_eq!(
                offsets[field.name].as_u64(),
                Some(field.offset as u64),
                "offset of {name}.{}",
                field.name
            );
        }
        let known = offsets.as_object().map_or(0, serde_json::Map::len);
        assert_eq!(fields.len(), known, "{name} has fields that are not declared");
    }
}

#[test]
fn numbers_have_the_recorded_sizes() {
    let recorded = recorded();
    for (name, size) in layout::numbers() {
        assert_eq!(recorded["sizes"][name].as_u64(), Some(size as u64), "size of {name}");
    }
}

#[test]
fn constants_have_the_recorded_values() {
    let recorded = recorded();
    for (name, value) in consts() {
        assert_eq!(recorded["values"][name].as_i64(), Some(value), "{name}");
    }
}

/// Says on standard error whether it ran, past the capture of test output.
#[test]
fn the_installed_headers_agree() {
    let say = |text: String| {
        let _ = writeln!(std::io::stderr(), "freeswitch-sys against installed headers: {text}");
    };
    let Some(flags) = headers::flags() else {
        say("NOT RUN, no FreeSWITCH headers (pkg-config freeswitch, or FREESWITCH_INCLUDE)".to_owned());
        return;
    };
    let (declared, mut checked) = (Declared::read(), 0);
    assert!(declared.functions.len() > 15, "functions are found in the source");
    let found = headers::numbers(&flags, &declared).expect("the probe compiles: names and signatures agree");
    let mut agree = |what: String, number: i64| {
        assert_eq!(found.get(&what), Some(&number), "{what}");
        checked += 1;
    };
    for Layout { name, size, fields } in layouts() {
        agree(format!("size {name}"), size as i64);
        for field in fields {
            agree(format!("offset {name}.{}", field.name), field.offset as i64);
            agree(format!("size {name}.{}", field.name), field.size as i64);
        }
    }
    for (name, size) in layout::numbers() {
        agree(format!("size {name}"), size as i64);
    }
    for (name, value) in consts() {
        agree(format!("value {name}"), value);
    }
    let (functions, callbacks) = (declared.functions.len(), declared.callbacks.len());
    say(format!(
        "RAN, {checked} numbers, {functions} functions and {callbacks} callback types agree ({})",
        flags.join(" ")
    ));
}
