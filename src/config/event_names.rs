//! The names of FreeSWITCH's events, from the file `EVENT_TYPES`.

use super::EventSelector;

const EVENT_TYPES: &str = include_str!("../../EVENT_TYPES");

/// Every name that a topic's `event` may have, `ALL` apart.
pub fn names() -> impl Iterator<Item = &'static str> {
    let lines = EVENT_TYPES.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_whitespace().next())
}

/// What a topic's `event` stands for: a name in any case, with or without `SWITCH_EVENT_`; `CUSTOM` with a subclass
/// after a space or, as mod_amqp has it, after `^`. The error continues a sentence that begins with the event.
pub(super) fn selector(text: &str) -> Result<EventSelector, &'static str> {
    let mut words = text.split(|c: char| c == '^' || c.is_whitespace()).filter(|word| !word.is_empty());
    let Some(first) = words.next() else { return Err("is empty and ignored: name an event") };
    let name = without_prefix(first);
    let rest: Vec<_> = words.collect();
    if name.eq_ignore_ascii_case("CUSTOM") {
        return match rest.as_slice() {
            [] => Ok(EventSelector::Custom { subclass: None }),
            [subclass] => Ok(EventSelector::Custom { subclass: Some((*subclass).to_owned()) }),
            _ => Err("names several subclasses and is ignored: write one event parameter for each"),
        };
    }
    if !rest.is_empty() || name.contains(',') {
        return Err("is not one event and is ignored: write one event parameter for each event");
    }
    if name.eq_ignore_ascii_case("ALL") {
        return Ok(EventSelector::All);
    }
    if name.contains("::") {
        return Err("is unknown and ignored: a subclass is written after CUSTOM and a space");
    }
    let known = names().find(|known| known.eq_ignore_ascii_case(name));
    known.map(EventSelector::Named).ok_or("is unknown and ignored: the file EVENT_TYPES lists the names")
}

impl EventSelector {
    /// Whether everything that `other` means is meant.
    pub(super) fn has(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::All, _) | (Self::Custom { subclass: None }, Self::Custom { .. }) => true,
            (one, other) => one == other,
        }
    }
}

fn without_prefix(name: &str) -> &str {
    const PREFIX: &str = "SWITCH_EVENT_";
    match name.get(..PREFIX.len()) {
        Some(start) if start.eq_ignore_ascii_case(PREFIX) => &name[PREFIX.len()..],
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn event_types_has_the_names_of_freeswitch() {
        let abi = include_str!("../../tests/data/freeswitch-abi.json");
        let abi: serde_json::Value = serde_json::from_str(abi).unwrap();
        let expected = abi["event_types"].as_object().unwrap().keys().filter(|name| *name != "ALL");
        assert_eq!(names().collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    }

    #[test]
    fn every_event_is_described() {
        for line in EVENT_TYPES.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let (_, description) = line.split_once(" - ").expect(line);
            assert!(!description.trim().is_empty(), "{line}");
        }
    }

    #[test]
    fn a_name_is_known_in_any_case_and_with_its_prefix() {
        for text in
            ["HEARTBEAT", "heartbeat", " Heartbeat ", "SWITCH_EVENT_HEARTBEAT", "switch_event_heartbeat"]
        {
            assert_eq!(selector(text), Ok(EventSelector::Named("HEARTBEAT")), "{text}");
        }
        assert_eq!(selector("all"), Ok(EventSelector::All));
        assert_eq!(selector("SWITCH_EVENT_ALL"), Ok(EventSelector::All));
    }

    #[test]
    fn custom_takes_a_subclass_in_its_own_case() {
        assert_eq!(selector("custom"), Ok(EventSelector::Custom { subclass: None }));
        for text in
            ["CUSTOM Sofia::Register", "custom^Sofia::Register", "SWITCH_EVENT_CUSTOM  Sofia::Register"]
        {
            let subclass = Some("Sofia::Register".to_owned());
            assert_eq!(selector(text), Ok(EventSelector::Custom { subclass }), "{text}");
        }
        let several = Err("names several subclasses and is ignored: write one event parameter for each");
        assert_eq!(selector("CUSTOM a::b c::d"), several);
    }

    #[test]
    fn what_is_no_event_is_told_the_way_out() {
        let list = Err("is unknown and ignored: the file EVENT_TYPES lists the names");
        assert_eq!(selector("HEARTBEET"), list);
        assert_eq!(selector("SWITCH_EVENT_"), list);
        assert_eq!(selector("ä"), list);
        assert_eq!(selector(" "), Err("is empty and ignored: name an event"));
        let one = Err("is not one event and is ignored: write one event parameter for each event");
        assert_eq!(selector("HEARTBEAT RE_SCHEDULE"), one);
        assert_eq!(selector("HEARTBEAT,RE_SCHEDULE"), one);
        let subclass = Err("is unknown and ignored: a subclass is written after CUSTOM and a space");
        assert_eq!(selector("sofia::register"), subclass);
    }

    #[test]
    fn an_event_is_shown_as_it_is_written() {
        for text in ["ALL", "HEARTBEAT", "CUSTOM", "CUSTOM sofia::register"] {
            assert_eq!(selector(text).unwrap().to_string(), text);
        }
    }
}
