//! Values and addresses: what ctest generates for `tests/ctest.rs`.

use crate::HEADERS;
use crate::declarations::Declarations;
use std::path::Path;

/// Generates the test's Rust code, and its C code, which is compiled and linked into this package's library.
pub fn generate(declarations: &Declarations, crate_root: &Path, include: &Path) -> Result<(), String> {
    let mut ctest = ctest::TestGenerator::new();
    for header in HEADERS {
        ctest.header(header);
    }
    ctest.include(include).edition(2024).verbose_skip(true);

    // Skipped: a structure that the headers name and do not lay out has no size. That it is the right one is seen
    // from the signatures, in signatures.rs.
    if let Some(open) = declarations.structures.iter().find(|s| !Declarations::is_opaque(s)) {
        return Err(format!("{}: a structure with fields, which nothing checks", open.ident));
    }
    ctest.skip_struct(|_| true);

    // Skipped: the headers write callbacks as functions, as pointers to functions, or have no names for them.
    // signatures.rs checks them in the functions that take them, and fails if there is one that no function takes.
    if let Some((name, _)) =
        declarations.aliases.iter().find(|(_, target)| !matches!(target, syn::Type::BareFn(_)))
    {
        return Err(format!("{name}: an alias of something else than a function, which nothing checks"));
    }
    ctest.skip_alias(|_| true);

    ctest::generate_test(&mut ctest, crate_root, "layouts.rs").map(drop).map_err(|e| format!("ctest: {e}"))
}
