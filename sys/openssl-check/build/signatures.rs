//! Signatures: each function is declared to the C compiler a second time, in the words of the Rust crate, after
//! the headers. C allows that only if both say the same.

use crate::HEADERS;
use crate::c_types::CTypes;
use crate::declarations::Declarations;
use std::fmt::Write as _;
use std::path::Path;

/// Fails if the compiler does not agree. What it says goes to the standard error.
pub fn check(declarations: &Declarations, include: &Path, out: &Path) -> Result<(), String> {
    let file = out.join("signatures.c");
    std::fs::write(&file, source(declarations)?).map_err(|e| format!("{}: {e}", file.display()))?;
    cc::Build::new()
        .file(&file)
        .include(include)
        .warnings_into_errors(true)
        .extra_warnings(true)
        .try_compile_intermediates()
        .map_err(|e| {
            format!(
                "openssl-client-sys does not agree with OpenSSL's headers, see above and {}: {e}",
                file.display()
            )
        })?;
    Ok(())
}

fn source(declarations: &Declarations) -> Result<String, String> {
    // OpenSSL has a typedef for each of its structures.
    let types = CTypes::new(declarations, |_| true);
    let mut c: String = HEADERS.iter().map(|h| format!("#include <{h}>\n")).collect();
    let wrote = "a String takes it";

    for function in &declarations.functions {
        let name = &function.sig.ident;
        let inputs = function.sig.inputs.iter().filter_map(|p| match p {
            syn::FnArg::Typed(parameter) => Some(&*parameter.ty),
            syn::FnArg::Receiver(_) => None,
        });
        let at = |e| format!("{name}: {e}");
        let parameters = types.parameters(inputs).map_err(at)?;
        let result = types.result(&function.sig.output).map_err(at)?;
        // The first line is for a function that the headers do not have.
        writeln!(c, "extern __typeof__({name}) {name};\nextern {result} {name}({parameters});").expect(wrote);
    }

    for constant in &declarations.constants {
        let name = &constant.ident;
        let ty = types.name(&constant.ty).map_err(|e| format!("{name}: {e}"))?;
        writeln!(
            c,
            "_Static_assert(__builtin_types_compatible_p(__typeof__({name}), {ty}), \"the type of {name}\");"
        )
        .expect(wrote);
    }

    match types.unused_aliases().as_slice() {
        [] => Ok(c),
        unused => Err(format!("no function takes {}: nothing proves what it is", unused.join(", "))),
    }
}
