//! Layouts, values and addresses: what ctest generates for `tests/ctest.rs`.

use crate::Installed;
use crate::declarations::Declarations;
use std::path::Path;

const RENUMBERED_IN_2_1: [&str; 3] =
    ["MOSQ_ERR_RETAIN_NOT_SUPPORTED", "MOSQ_ERR_TOPIC_ALIAS_INVALID", "MOSQ_ERR_ADMINISTRATIVE_ACTION"];

/// Generates the test's Rust code, and its C code, which is compiled and linked into this package's library.
pub fn generate(declarations: &Declarations, crate_root: &Path, installed: &Installed) -> Result<(), String> {
    let mut ctest = ctest::TestGenerator::new();
    for header in installed.headers() {
        ctest.header(header);
    }
    ctest.include(&installed.include).edition(2024).verbose_skip(true);

    // The header says `enum mosq_opt_t`, and has no typedef for it.
    ctest.alias_is_c_enum(|name| name == "mosq_opt_t");

    // Skipped with the headers of 2.1 and later: the results that 2.1 gave other numbers. The crate has those
    // of 2.0, and its documentation of them says so.
    if !installed.is_2_0() {
        ctest.skip_const(|constant| RENUMBERED_IN_2_1.contains(&constant.ident()));
    }

    // Skipped: a structure that the header names and does not lay out has no size. That it is the right one
    // is seen from the signatures, in signatures.rs.
    let opaque = names(declarations.structures.iter().filter(|s| Declarations::is_opaque(s)));
    ctest.skip_struct(move |structure| opaque.iter().any(|name| name == structure.ident()));

    // Skipped: the header has no names for the types of its callbacks, it writes them out in each function
    // that takes one. signatures.rs checks them there, and fails if there is one that no function takes.
    let callbacks: Vec<String> = declarations
        .aliases
        .iter()
        .filter(|(_, target)| matches!(target, syn::Type::BareFn(_)))
        .map(|(name, _)| name.clone())
        .collect();
    ctest.skip_alias(move |alias| callbacks.iter().any(|name| name == alias.ident()));

    // Skipped: passing a structure by value and back, for those with a bool. ctest fills them with a pattern
    // that is no bool, which Rust forbids; and no function takes or returns one by value. Their sizes and
    // fields are compared.
    let with_bool = names(declarations.structures.iter().filter(|s| Declarations::has_bool(s)));
    ctest.skip_roundtrip(move |name| with_bool.iter().any(|n| n == name));

    ctest::generate_test(&mut ctest, crate_root, "layouts.rs").map(drop).map_err(|e| format!("ctest: {e}"))
}

fn names<'a>(structures: impl Iterator<Item = &'a syn::ItemStruct>) -> Vec<String> {
    structures.map(|s| s.ident.to_string()).collect()
}
