//! Link options of the module: it stays mapped for the life of the process, so that no code of it can ever be
//! pulled away under a thread that is still in it.

fn main() {
    println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    println!("cargo:rerun-if-changed=build.rs");
}
