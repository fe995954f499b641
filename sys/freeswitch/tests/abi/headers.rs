//! The C compiler's numbers, from headers that are installed.
//!
//! A C program is made of the crate's declarations. It prints sizes, offsets and values; that functions and
//! callback types exist with these signatures is asserted in it, so that it does not compile if they do not.

use crate::declared::{Declared, Signature};
use crate::layout::{consts, layouts, numbers as number_types};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

/// The compiler's flags for FreeSWITCH; `None` if it is not installed.
pub fn flags() -> Option<Vec<String>> {
    if let Some(folder) = std::env::var("FREESWITCH_INCLUDE").ok().filter(|f| !f.is_empty()) {
        assert!(
            Path::new(&folder).join("switch.h").exists(),
            "FREESWITCH_INCLUDE={folder}: no switch.h there"
        );
        return Some(vec![format!("-I{folder}")]);
    }
    let output = Command::new("pkg-config").args(["--cflags", "freeswitch"]).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    output.status.success().then(|| text.split_whitespace().map(str::to_owned).collect())
}

/// Compiles and runs the program.
///
/// # Errors
/// What the compiler says.
pub fn numbers(flags: &[String], declared: &Declared) -> Result<BTreeMap<String, i64>, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (source, program) = (folder.join("freeswitch-abi.c"), folder.join("freeswitch-abi"));
    std::fs::write(&source, text(declared)).map_err(|e| e.to_string())?;
    let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".to_owned());
    let compiled = Command::new(&compiler)
        .args(["-std=gnu11", "-w"])
        .args(flags)
        .arg("-o")
        .args([&program, &source])
        .output()
        .map_err(|e| format!("{compiler}: {e}"))?;
    if !compiled.status.success() {
        return Err(String::from_utf8_lossy(&compiled.stderr).into_owned());
    }
    let output = Command::new(&program).output().map_err(|e| e.to_string())?;
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    let pairs = lines.lines().filter_map(|line| {
        let (what, number) = line.rsplit_once(' ')?;
        Some((what.to_owned(), number.parse().ok()?))
    });
    Ok(pairs.collect())
}

fn text(declared: &Declared) -> String {
    let mut c = String::from("#include <stddef.h>\n#include <stdio.h>\n#include <switch.h>\n\n");
    for function in &declared.functions {
        let _ = writeln!(c, "{}", same_type(function, ""));
    }
    for callback in &declared.callbacks {
        let _ = writeln!(c, "{}", same_type(callback, "(*)"));
    }
    c +=
        "\n#define P(what, number) printf(\"%s %lld\\n\", what, (long long)(number));\n\nint main(void)\n{\n";
    for layout in layouts() {
        let name = layout.name;
        let _ = writeln!(c, "  P(\"size {name}\", sizeof({name}))");
        for field in layout.fields.iter().map(|f| f.name) {
            let _ = writeln!(c, "  P(\"offset {name}.{field}\", offsetof({name}, {field}))");
            let _ = writeln!(c, "  P(\"size {name}.{field}\", sizeof((({name} *)0)->{field}))");
        }
    }
    for (name, _) in number_types() {
        let _ = writeln!(c, "  P(\"size {name}\", sizeof({name}))");
    }
    for (name, _) in consts() {
        let _ = writeln!(c, "  P(\"value {name}\", {name})");
    }
    c + "  return 0;\n}\n"
}

/// That the name, a function's or a type's, has this signature.
fn same_type(s: &Signature, pointer: &str) -> String {
    let Signature { name, result, arguments } = s;
    format!(
        "_Static_assert(__builtin_types_compatible_p(__typeof__({name}), {result} {pointer}({arguments})), \"{name}\");"
    )
}
