//! libFuzzer on [`targets::shaping`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::shaping::run(data));
