//! Random UUIDs.

/// A new one, in lower case with dashes.
pub fn new() -> String {
    let mut b = [0u8; 16];
    // SAFETY: getrandom writes at most b.len() bytes; 16 bytes are never cut short.
    let got = unsafe { libc::getrandom(b.as_mut_ptr().cast(), b.len(), 0) };
    assert_eq!(got, 16, "getrandom");
    b[6] = b[6] & 0x0f | 0x40;
    b[8] = b[8] & 0x3f | 0x80;
    let hex: String = b.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_uuid_is_random_and_of_version_4() {
        let uuid = super::new();
        assert_eq!((uuid.len(), &uuid[14..15]), (36, "4"));
        assert_ne!(uuid, super::new());
    }
}
