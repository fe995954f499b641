//! libFuzzer on [`targets::configuration`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::configuration::run(data));
