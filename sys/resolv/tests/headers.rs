//! The C compiler holds the declarations to the installed headers.

use std::io::Write;
use std::process::{Command, Stdio};

/// Compiles a C program that asserts these values, and says what the compiler says; an empty text if all is well.
fn complaints(values: &[(&str, i32)]) -> String {
    let mut text = String::from(
        "#include <netinet/in.h>\n#include <arpa/nameser.h>\n#include <netdb.h>\n#include <resolv.h>\n\
         #define SAME(name, type) _Static_assert(__builtin_types_compatible_p(__typeof__(name), type), #name);\n\
         SAME(res_query, int(const char *, int, int, unsigned char *, int))\n\
         SAME(__h_errno_location, int *(void))\n",
    );
    for (name, value) in values {
        text += &format!("_Static_assert({name} == {value}, \"{name}\");\n");
    }
    let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".to_owned());
    let mut command = Command::new(compiler);
    command.args(["-std=gnu11", "-fsyntax-only", "-x", "c", "-"]);
    let mut child = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a C compiler");
    child.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("the program's text");
    let output = child.wait_with_output().expect("its end");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.success(), !said.contains("error"), "{said}");
    said
}

#[test]
fn the_declarations_are_those_of_the_headers() {
    let values = [
        ("C_IN", resolv_sys::C_IN),
        ("T_SRV", resolv_sys::T_SRV),
        ("HOST_NOT_FOUND", resolv_sys::HOST_NOT_FOUND),
        ("TRY_AGAIN", resolv_sys::TRY_AGAIN),
        ("NO_RECOVERY", resolv_sys::NO_RECOVERY),
        ("NO_DATA", resolv_sys::NO_DATA),
    ];
    assert_eq!(complaints(&values), "");
}

#[test]
fn a_wrong_value_would_be_found() {
    assert!(complaints(&[("T_SRV", resolv_sys::T_SRV + 1)]).contains("T_SRV"));
}
