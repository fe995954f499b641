//! What is asked: the parameters that mod_xml_curl posts, and what tells one request from another.

use crate::header_names::{Found, HeaderNames};
use crate::host::{Event, EventNumber, EventVisitor, XmlQuery};

/// The members of a request that do not come from FreeSWITCH's parameters, which may have headers of the same names.
const OWN: [&str; 7] = ["id", "response_topic", "hostname", "section", "tag_name", "key_name", "key_value"];

/// Headers that differ each time that the same thing is looked up: when and where FreeSWITCH asks, and what SIP has made
/// for this one message.
const PASSING: [&str; 13] = [
    "Event-Date-Local",
    "Event-Date-GMT",
    "Event-Date-Timestamp",
    "Event-Sequence",
    "Event-Calling-File",
    "Event-Calling-Function",
    "Event-Calling-Line-Number",
    "sip_call_id",
    "sip_auth_nonce",
    "sip_auth_cnonce",
    "sip_auth_nc",
    "sip_auth_response",
    "client_port",
];

/// The header of a look-up that is about a call. Hardly anything in it is ever the same again.
const OF_A_CALL: &str = "Unique-ID";

/// A request, to be written as JSON as events are.
pub struct Request<'a, E> {
    pub id: &'a str,
    pub response_topic: &'a str,
    /// The switch's name: what mod_xml_curl posts as `hostname`.
    pub switchname: &'a str,
    pub query: &'a XmlQuery<'a>,
    pub params: Option<&'a E>,
}

impl<E> Request<'_, E> {
    /// The members that are its own, in their order.
    fn own(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let XmlQuery { section, tag_name, key_name, key_value } = self.query;
        let own = [self.id, self.response_topic, self.switchname, section, tag_name, key_name, key_value];
        OWN.into_iter().zip(own)
    }
}

impl<E: Event> Event for Request<'_, E> {
    fn number(&self) -> EventNumber {
        EventNumber(0)
    }

    fn subclass(&self) -> Option<&[u8]> {
        None
    }

    fn visit<V: EventVisitor>(&self, visitor: &mut V) {
        for (name, value) in self.own() {
            visitor.header(name.as_bytes(), value.as_bytes());
        }
        if let Some(params) = self.params {
            params.visit(&mut Others(visitor));
        }
    }

    fn find<'f>(&'f self, names: &HeaderNames, found: &mut Found<'f>) {
        if let Some(params) = self.params {
            params.find(names, found);
        }
        for (name, value) in self.own() {
            if let Some(place) = names.position(name.as_bytes()) {
                found[place] = Some(value.as_bytes());
            }
        }
    }
}

/// Shows the headers whose names are not taken.
struct Others<'a, V>(&'a mut V);

impl<V: EventVisitor> EventVisitor for Others<'_, V> {
    fn header(&mut self, name: &[u8], value: &[u8]) {
        if !is_one_of(name, &OWN) {
            self.0.header(name, value);
        }
    }

    fn list<'a>(&mut self, name: &[u8], values: impl Iterator<Item = &'a [u8]>) {
        if !is_one_of(name, &OWN) {
            self.0.list(name, values);
        }
    }

    fn body(&mut self, _body: &[u8]) {}
}

/// What is the same whenever the same thing is looked up. `None`: it is about a call.
pub fn key<E: Event>(query: &XmlQuery<'_>, params: Option<&E>) -> Option<Vec<u8>> {
    let XmlQuery { section, tag_name, key_name, key_value } = query;
    let mut key = Key { bytes: Vec::with_capacity(512), of_a_call: false };
    for text in [section, tag_name, key_name, key_value] {
        key.add(text.as_bytes());
    }
    if let Some(params) = params {
        params.visit(&mut key);
    }
    (!key.of_a_call).then_some(key.bytes)
}

/// Texts from C hold no NUL: it ends them here as well.
struct Key {
    bytes: Vec<u8>,
    of_a_call: bool,
}

impl Key {
    fn add(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        self.bytes.push(0);
    }
}

impl EventVisitor for Key {
    fn header(&mut self, name: &[u8], value: &[u8]) {
        self.list(name, std::iter::once(value));
    }

    fn list<'a>(&mut self, name: &[u8], values: impl Iterator<Item = &'a [u8]>) {
        self.of_a_call |= is_one_of(name, &[OF_A_CALL]);
        if is_one_of(name, &PASSING) {
            return;
        }
        self.add(name);
        for value in values {
            self.add(value);
        }
        // No header has an empty name.
        self.bytes.push(0);
    }

    fn body(&mut self, _body: &[u8]) {}
}

fn is_one_of(name: &[u8], names: &[&str]) -> bool {
    names.iter().any(|one| one.as_bytes().eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::json;
    use crate::engine::testing::TestEvent;

    const QUERY: XmlQuery<'_> =
        XmlQuery { section: "directory", tag_name: "domain", key_name: "name", key_value: "example.com" };

    #[test]
    fn a_request_has_what_mod_xml_curl_posts_and_where_the_answer_goes() {
        let params =
            TestEvent::new(62).with("user", "10\"00").with("Section", "x").with("action", "sip_auth");
        let request = Request {
            id: "1",
            response_topic: "a/1",
            switchname: "switch",
            query: &QUERY,
            params: Some(&params),
        };
        let json = String::from_utf8(json::payload(&request).to_vec()).expect("UTF-8");
        assert_eq!(
            json,
            r#"{"id":"1","response_topic":"a/1","hostname":"switch","section":"directory","tag_name":"domain","key_name":"name","key_value":"example.com","user":"10\"00","action":"sip_auth"}"#
        );
    }

    #[test]
    fn the_same_question_at_another_time_is_the_same_question() {
        let at = |time, nonce, user| {
            let params = TestEvent::new(62).with("Event-Date-Timestamp", time).with("sip_auth_nonce", nonce);
            key(&QUERY, Some(&params.with("user", user)))
        };
        assert!(at("1", "n", "1000").is_some());
        assert_eq!(at("1", "n", "1000"), at("2", "m", "1000"));
        assert_ne!(at("1", "n", "1000"), at("1", "n", "1001"));
        assert_ne!(at("1", "n", "1000"), key::<TestEvent>(&QUERY, None));
    }

    #[test]
    fn a_question_about_a_call_has_no_key() {
        let params = TestEvent::new(62).with("Unique-ID", "u");
        assert_eq!(key(&QUERY, Some(&params)), None);
    }
}
