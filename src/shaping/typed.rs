//! Which texts are a number or a boolean in JSON, and nothing is lost by it.

/// 2 to the power of 53: up to it, every whole number is one of the floating-point numbers that most readers of JSON
/// make of it.
const MOST_WHOLE: u64 = 1 << 53;
/// So many decimal digits survive the way through such a number and back.
const MOST_DIGITS: usize = 15;
/// Common languages write a fraction with more zeros than this after the point with an exponent.
const MOST_ZEROS: usize = 3;

/// Whether a value may stand in JSON as it is: `true`, `false`, or a number that everybody writes in just this way. So
/// the text can be had back from what was read; `007`, `+1`, `1.50`, `1e5`, `-0` and what has too many digits stay texts.
#[inline]
pub fn is_literal(text: &[u8]) -> bool {
    match text.first() {
        Some(b't') => text == b"true",
        Some(b'f') => text == b"false",
        Some(b'-') => is_number(&text[1..]) && text != b"-0",
        Some(b'0'..=b'9') => is_number(text),
        _ => false,
    }
}

/// Without the sign.
fn is_number(text: &[u8]) -> bool {
    let (whole, fraction) = match text.iter().position(|byte| *byte == b'.') {
        Some(point) => (&text[..point], Some(&text[point + 1..])),
        None => (text, None),
    };
    let digits = |text: &[u8]| !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    if !digits(whole) || (whole[0] == b'0' && whole.len() > 1) {
        return false;
    }
    let Some(fraction) = fraction else {
        // No more digits than those of 2^53: they fit.
        let add = |sum: u64, digit: &u8| sum * 10 + u64::from(digit - b'0');
        return whole.len() <= 16 && whole.iter().fold(0, add) <= MOST_WHOLE;
    };
    let zeros = fraction.iter().take_while(|byte| **byte == b'0').count();
    digits(fraction)
        && !fraction.ends_with(b"0")
        && whole.len() + fraction.len() <= MOST_DIGITS
        && (whole != b"0" || zeros <= MOST_ZEROS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    #[test]
    fn a_number_is_one_if_everybody_writes_it_like_that() {
        for text in [
            "0",
            "7",
            "-7",
            "1900",
            "9007199254740992",
            "-9007199254740992",
            "1.5",
            "-0.5",
            "0.0001",
            "123456789012.345",
            "true",
            "false",
        ] {
            assert!(is_literal(text.as_bytes()), "{text}");
        }
        for text in [
            "",
            "-",
            "007",
            "00",
            "-0",
            "+1",
            "1.",
            ".5",
            "1.50",
            "0.0",
            "-0.0",
            "0.00001",
            "1e5",
            "1E5",
            "0x1",
            "9007199254740993",
            "12345678901234567890",
            "1234567890123.456",
            "1.2.3",
            "1 ",
            " 1",
            "True",
            "truee",
            "null",
            "NaN",
            "--1",
            "1-1",
            "١",
        ] {
            assert!(!is_literal(text.as_bytes()), "{text}");
        }
    }

    /// Texts that look like numbers, mostly.
    fn text() -> impl Strategy<Value = String> {
        prop_oneof![
            prop::collection::vec(prop::sample::select(&b"0123456789.-+e"[..]), 0..20)
                .prop_map(|bytes| String::from_utf8(bytes).expect("ASCII")),
            any::<i64>().prop_map(|number| number.to_string()),
            any::<i32>().prop_map(|number| number.to_string()),
            any::<f64>().prop_map(|number| number.to_string()),
            (any::<i32>(), 1..1000u32).prop_map(|(whole, part)| format!("{whole}.{part}")),
            ".*",
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]
        #[test]
        fn what_is_read_from_a_literal_is_written_as_it_was(text in text()) {
            if is_literal(text.as_bytes()) {
                let value: Value = serde_json::from_str(&text).expect("JSON");
                prop_assert_eq!(value.to_string(), text.clone());
                // As a reader who has nothing but floating-point numbers does it.
                if let Some(number) = value.as_f64() {
                    prop_assert_eq!(number.to_string(), text);
                }
            }
        }
    }
}
