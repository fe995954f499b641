//! libFuzzer on [`targets::command_line`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::command_line::run(data));
