//! Link options of the programs for libFuzzer: FreeSWITCH's functions are left open. Nothing that is fuzzed calls them, but
//! instrumented code is not left out by every linker where it is not called.

fn main() {
    println!("cargo:rustc-link-arg-bins=-Wl,--unresolved-symbols=ignore-all");
    println!("cargo:rerun-if-changed=build.rs");
}
