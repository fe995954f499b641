//! An answer as channel variables: the whole of it, and, if it is a JSON object, each of its members that is text, a number
//! or a boolean.

use super::set_result;
use crate::engine::NoAnswer;
use crate::host::{Call, fit_for_a_variable};
use serde_json::{Map, Value};

/// The answer.
const ANSWER: &str = "mosquitto_response";
/// The members that have a variable, so that the next question can take them away again.
const KEYS: &str = "mosquitto_response_keys";
/// How many members have one.
const MOST: usize = 64;
/// The longest name of a member, characters; what is longer is cut.
const LONGEST_NAME: usize = 64;
/// The longest value of a member, bytes; what is longer has no variable.
const LONGEST_VALUE: usize = 4096;

/// Takes away what an earlier answer has left: nobody is to take it for this one's.
pub fn forget(call: &dyn Call) {
    for key in call.variable(KEYS).unwrap_or_default().split(',').filter(|key| !key.is_empty()) {
        call.set_variable(&format!("{ANSWER}_{}", name(key)), None);
    }
    for variable in [KEYS, ANSWER, super::RESULT] {
        call.set_variable(variable, None);
    }
}

/// Sets the variables of an answer, the result last.
pub fn set(call: &dyn Call, answer: Result<Vec<u8>, NoAnswer>) {
    let text = answer
        .map_err(|why| why.to_string())
        .and_then(|bytes| String::from_utf8(bytes).map_err(|_| "the answer is not text".to_owned()));
    let text = text.and_then(|text| {
        let fit = fit_for_a_variable(&text);
        fit.then_some(text)
            .ok_or_else(|| "the answer holds what a variable must not ($ before {, or a NUL)".to_owned())
    });
    let told = text.map(|text| {
        call.set_variable(ANSWER, Some(&text));
        let members = members(&text);
        for (key, value) in &members {
            call.set_variable(&format!("{ANSWER}_{key}"), Some(value));
        }
        let keys: Vec<&str> = members.iter().map(|(key, _)| key.as_str()).collect();
        call.set_variable(KEYS, Some(&keys.join(",")).filter(|keys| !keys.is_empty()).map(String::as_str));
    });
    set_result(call, told);
}

/// The members of a JSON object that can have a variable; of names that come to the same, the first.
fn members(text: &str) -> Vec<(String, String)> {
    let Ok(object) = serde_json::from_str::<Map<String, Value>>(text) else { return Vec::new() };
    let mut members: Vec<(String, String)> = Vec::new();
    for (key, value) in object {
        let value = match value {
            Value::String(text) => text,
            Value::Number(number) => number.to_string(),
            Value::Bool(is) => is.to_string(),
            Value::Null | Value::Array(_) | Value::Object(_) => continue,
        };
        let key = name(&key);
        // The core finds variables in any case.
        let taken = key.eq_ignore_ascii_case("keys")
            || members.iter().any(|(other, _)| other.eq_ignore_ascii_case(&key));
        let fits = (1..=LONGEST_VALUE).contains(&value.len()) && fit_for_a_variable(&value);
        if !taken && !key.is_empty() && fits && members.len() < MOST {
            members.push((key, value));
        }
    }
    members
}

/// A stranger's name as part of a variable's.
fn name(key: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    key.chars().take(LONGEST_NAME).map(safe).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::collections::BTreeMap;

    #[derive(Default)]
    struct TestCall(RefCell<BTreeMap<String, String>>);

    impl Call for TestCall {
        fn set_variable(&self, name: &str, value: Option<&str>) {
            let mut all = self.0.borrow_mut();
            all.remove(name);
            all.extend(value.map(|value| (name.to_owned(), value.to_owned())));
        }

        fn variable(&self, name: &str) -> Option<String> {
            self.0.borrow().get(name).cloned()
        }

        fn is_ready(&self) -> bool {
            true
        }
    }

    fn told(answer: Result<&[u8], NoAnswer>) -> Vec<(String, String)> {
        let call = TestCall::default();
        set(&call, answer.map(<[u8]>::to_vec));
        call.0.into_inner().into_iter().collect()
    }

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn an_answer_is_a_variable() {
        assert_eq!(told(Ok(b"park")), pairs(&[("mosquitto_response", "park"), ("mosquitto_result", "+OK")]));
        assert_eq!(told(Err(NoAnswer::Timeout)), pairs(&[("mosquitto_result", "-ERR timeout")]));
        assert_eq!(told(Ok(b"\xff")), pairs(&[("mosquitto_result", "-ERR the answer is not text")]));
    }

    #[test]
    fn what_could_be_expanded_is_no_variable() {
        let refused = pairs(&[(
            "mosquitto_result",
            "-ERR the answer holds what a variable must not ($ before {, or a NUL)",
        )]);
        for answer in [&b"${system(reboot)}"[..], b"$\\{x}", b"$${x}", b"a\0b"] {
            assert_eq!(told(Ok(answer)), refused, "{answer:?}");
        }
        let hidden = told(Ok(br#"{"a": "\u0024{system(reboot)}", "b": "$5 {x}"}"#));
        assert!(!hidden.iter().any(|(name, _)| name == "mosquitto_response_a"), "{hidden:?}");
        assert!(hidden.contains(&("mosquitto_response_b".to_owned(), "$5 {x}".to_owned())), "{hidden:?}");
    }

    #[test]
    fn the_members_of_an_object_are_variables_too() {
        let text = r#"{"action": "bridge", "ring": 20, "vip": true, "a b;c": "x", "none": null, "list": [1], "e": ""}"#;
        let mut found = members(text);
        found.sort();
        assert_eq!(found, pairs(&[("a_b_c", "x"), ("action", "bridge"), ("ring", "20"), ("vip", "true")]));
        for text in ["", "[1]", "\"x\"", "{", "{} {}", &"{\"a\":".repeat(1000)] {
            assert_eq!(members(text), [], "{text}");
        }
        let many: String = (0..100).map(|n| format!("\"k{n}\": {n},")).collect();
        assert_eq!(members(&format!("{{{}}}", many.trim_end_matches(','))).len(), MOST);
        assert_eq!(members(&format!("{{\"long\": \"{}\"}}", "x".repeat(4097))), []);
        assert_eq!(members(r#"{"keys": "a", "A": "1", "a": "2"}"#).len(), 1);
    }

    #[test]
    fn an_earlier_answer_is_not_taken_for_this_one() {
        let call = TestCall::default();
        call.set_variable("mine", Some("stays"));
        set(&call, Ok(br#"{"action": "bridge", "ring": 20}"#.to_vec()));
        assert_eq!(call.variable("mosquitto_response_ring").as_deref(), Some("20"));
        forget(&call);
        assert_eq!(call.0.into_inner().into_iter().collect::<Vec<_>>(), pairs(&[("mine", "stays")]));
    }
}
