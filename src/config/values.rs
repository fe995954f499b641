//! The value of one parameter, checked: booleans, numbers, words and text.
//!
//! An empty value means "not set", except for booleans, where it is false as in FreeSWITCH. Text that cannot be
//! used is reported, and what stood before (the default, mostly) stays.

use std::fmt::Display;
use std::ops::RangeInclusive;

use super::QoS;
use super::tree::Param;

const TRUE: [&str; 7] = ["yes", "on", "true", "t", "enabled", "active", "allow"];
const FALSE: [&str; 8] = ["no", "off", "false", "f", "disabled", "inactive", "disallow", ""];

impl Param<'_> {
    /// A boolean as FreeSWITCH's `switch_true` reads it.
    pub fn boolean(&self) -> bool {
        let is = |word: &&str| word.eq_ignore_ascii_case(self.value);
        if TRUE.iter().any(is) {
            return true;
        }
        match whole_part(self.value) {
            Some(number) => number,
            None => {
                if !FALSE.iter().any(is) {
                    self.wrong("is neither true nor false", "false");
                }
                false
            }
        }
    }

    /// A boolean that protects: false only where the file says so, true if it is empty or neither.
    pub fn boolean_unless_false(&self) -> bool {
        let is = |word: &&str| word.eq_ignore_ascii_case(self.value);
        let known = TRUE.iter().chain(&FALSE).any(is) || whole_part(self.value).is_some();
        if !known {
            self.wrong("is neither true nor false", "true");
        }
        self.value.is_empty() || !known || self.boolean()
    }

    /// A boolean; `None` if it is empty.
    pub fn optional_boolean(&self) -> Option<bool> {
        (!self.value.is_empty()).then(|| self.boolean())
    }

    /// Text; `None` if it is empty.
    pub fn text(&self) -> Option<String> {
        Some(self.value.to_owned()).filter(|text| !text.is_empty())
    }

    /// A whole number in a range.
    pub fn number<T>(&self, range: RangeInclusive<T>, now: T) -> T
    where
        T: TryFrom<i64> + Into<i64> + Copy + Display,
    {
        self.whole(&range, || format!("using {now}")).unwrap_or(now)
    }

    /// A whole number in a range; `None` if it is not set or cannot be used.
    pub fn optional_number<T>(&self, range: RangeInclusive<T>) -> Option<T>
    where
        T: TryFrom<i64> + Into<i64> + Copy + Display,
    {
        self.whole(&range, || "ignored".to_owned())
    }

    fn whole<T>(&self, range: &RangeInclusive<T>, instead: impl Fn() -> String) -> Option<T>
    where
        T: TryFrom<i64> + Into<i64> + Copy + Display,
    {
        let text = self.value.trim();
        if text.is_empty() {
            return None;
        }
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            self.wrong_and("is not a whole number", &instead());
            return None;
        }
        let bounds = (*range.start()).into()..=(*range.end()).into();
        let number = text.parse::<i64>().ok().filter(|number| bounds.contains(number));
        let number = number.and_then(|number| T::try_from(number).ok());
        if number.is_none() {
            self.wrong_and(&format!("is not between {} and {}", range.start(), range.end()), &instead());
        }
        number
    }

    /// `qos`
    pub fn qos(&self) -> QoS {
        match self.value.trim() {
            "" | "0" => QoS::AtMostOnce,
            "1" => QoS::AtLeastOnce,
            "2" => QoS::ExactlyOnce,
            _ => {
                self.wrong("is not 0, 1 or 2", "0");
                QoS::AtMostOnce
            }
        }
    }

    /// One of a few words; `None` if it is not set or none of them.
    pub fn word<T>(&self, read: impl Fn(&str) -> Option<T>, choices: &str, instead: &str) -> Option<T> {
        let text = self.value.trim();
        if text.is_empty() {
            return None;
        }
        let word = read(text);
        if word.is_none() {
            self.wrong_and(&format!("is not {choices}"), instead);
        }
        word
    }

    fn wrong(&self, what: &str, using: &str) {
        self.wrong_and(what, &format!("using {using}"));
    }

    /// Reports the value, which must not be a secret one.
    fn wrong_and(&self, what: &str, instead: &str) {
        self.scope.problem(format!("{} \"{}\" {what}: {instead}", self.name, shown(self.value)));
    }
}

/// A value as it is shown in a problem: not without end.
pub(super) fn shown(value: &str) -> String {
    const MOST: usize = 60;
    match value.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}...", &value[..end]),
        None => value.to_owned(),
    }
}

/// `None`: not a number as FreeSWITCH sees it (digits and points). Otherwise whether its whole part is not 0.
fn whole_part(text: &str) -> Option<bool> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    let whole = digits.split('.').next().unwrap_or_default();
    Some(whole.bytes().any(|byte| byte != b'0'))
}
