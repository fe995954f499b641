//! libFuzzer on [`targets::inbound_command`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::inbound_command::run(data));
