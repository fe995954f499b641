//! Global variables. Names are found in any case, as in the core.

use parking_lot::RwLock;
use std::collections::BTreeMap;

/// By the name in lower case: the name as it was set, and the value.
#[derive(Debug, Default)]
pub struct Vars(RwLock<BTreeMap<String, (String, String)>>);

impl Vars {
    /// Sets a variable; an empty value removes it.
    pub fn set(&self, name: &str, value: &str) {
        let mut map = self.0.write();
        if value.is_empty() {
            map.remove(&name.to_ascii_lowercase());
        } else {
            map.insert(name.to_ascii_lowercase(), (name.to_owned(), value.to_owned()));
        }
    }

    /// The value.
    pub fn get(&self, name: &str) -> Option<String> {
        self.0.read().get(&name.to_ascii_lowercase()).map(|(_, value)| value.clone())
    }

    /// All of them, `name=value` one a line.
    pub fn dump(&self) -> String {
        self.0.read().values().map(|(name, value)| format!("{name}={value}\n")).collect()
    }

    /// The text with each `$${name}` replaced; an unknown variable gives nothing, an open brace stays.
    pub fn expand(&self, text: &str) -> String {
        let mut result = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("$${") {
            result.push_str(before);
            let Some((name, tail)) = after.split_once('}') else {
                result.push_str("$${");
                rest = after;
                break;
            };
            result.push_str(&self.get(name).unwrap_or_default());
            rest = tail;
        }
        result.push_str(rest);
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expansion_takes_known_variables_and_drops_unknown_ones() {
        let vars = Vars::default();
        vars.set("Domain", "example.org");
        assert_eq!(vars.expand("a $${domain} b $${none}c $${open"), "a example.org b c $${open");
        vars.set("domain", "");
        assert_eq!(vars.get("Domain"), None);
    }
}
