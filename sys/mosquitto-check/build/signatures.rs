//! Signatures: each function is declared to the C compiler a second time, in the words of the Rust crate,
//! after the header. C allows that only if both say the same. ctest does not: it compares the addresses of
//! functions alone.

use crate::Installed;
use crate::c_types::CTypes;
use crate::declarations::Declarations;
use std::fmt::Write as _;
use std::path::Path;

/// Fails if the compiler does not agree. What it says goes to the standard error.
pub fn check(declarations: &Declarations, installed: &Installed, out: &Path) -> Result<(), String> {
    let file = out.join("signatures.c");
    std::fs::write(&file, source(declarations, installed)?)
        .map_err(|e| format!("{}: {e}", file.display()))?;
    cc::Build::new()
        .file(&file)
        .include(&installed.include)
        .warnings_into_errors(true)
        .extra_warnings(true)
        .try_compile_intermediates()
        .map_err(|e| {
            format!(
                "mosquitto-client-sys does not agree with mosquitto.h, see above and {}: {e}",
                file.display()
            )
        })?;
    Ok(())
}

fn source(declarations: &Declarations, installed: &Installed) -> Result<String, String> {
    let types = CTypes::new(declarations, |name| name == "mosquitto_property");
    let mut c: String = installed.headers().iter().map(|h| format!("#include <{h}>\n")).collect();
    let wrote = "a String takes it";

    for function in &declarations.functions {
        let name = &function.sig.ident;
        let inputs = function.sig.inputs.iter().filter_map(|p| match p {
            syn::FnArg::Typed(parameter) => Some(&*parameter.ty),
            syn::FnArg::Receiver(_) => None,
        });
        let at = |e| format!("{name}: {e}");
        let parameters = types.parameters(inputs).map_err(at)?;
        let mut result = types.result(&function.sig.output).map_err(at)?;
        if name == "mosquitto_property_next" && !installed.is_2_0() {
            // 2.1 took the const away, which makes no difference to a caller that does not write.
            result = result.replace(" const", "");
        }
        // The first line is for a function that the header does not have.
        writeln!(c, "extern __typeof__({name}) {name};\nextern {result} {name}({parameters});").expect(wrote);
    }

    for constant in &declarations.constants {
        let name = &constant.ident;
        let ty = types.name(&constant.ty).map_err(|e| format!("{name}: {e}"))?;
        // In C an enumerator is an int, whatever its enum is.
        let ty = if ty.starts_with("enum ") { "int" } else { &ty };
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
