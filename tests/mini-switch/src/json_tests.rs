//! Recorded events and vectors become the events that they were.

use super::*;
use crate::cstr;
use crate::names::CoreVersion;
use std::ffi::CStr;

fn names() -> EventNames {
    EventNames::new(CoreVersion::V1_11)
}

/// Headers as name and values (one value, or those of a list), and the body.
type Parts = (Vec<(Vec<u8>, Vec<Vec<u8>>)>, Option<Vec<u8>>);

fn parts(event: &Event) -> Parts {
    let mut headers = Vec::new();
    // SAFETY: the event is alive while it is read; its lists hold idx strings.
    unsafe {
        let raw = &*event.as_ptr();
        let mut next = raw.headers;
        while let Some(header) = next.as_ref() {
            let values = match header.idx {
                0 => vec![CStr::from_ptr(header.value).to_bytes().to_vec()],
                n => (0..n as usize)
                    .map(|i| CStr::from_ptr(*header.array.add(i)).to_bytes().to_vec())
                    .collect(),
            };
            headers.push((CStr::from_ptr(header.name).to_bytes().to_vec(), values));
            next = header.next;
        }
        (headers, cstr::bytes(raw.body).map(<[u8]>::to_vec))
    }
}

#[test]
fn order_duplicates_lists_and_body_are_kept() {
    let line = r#"{"Event-Name":"CUSTOM","B":"1","A":"2","B":"3","Event-Subclass":"x::y","L":["p","q"],
                   "Content-Length":"5","_body":"hello"}"#;
    let event = event(&names(), line).unwrap();
    let (headers, body) = parts(&event);
    let keys: Vec<_> = headers.iter().map(|(k, _)| String::from_utf8_lossy(k).into_owned()).collect();
    assert_eq!(keys, ["Event-Name", "B", "A", "B", "Event-Subclass", "L"]);
    assert_eq!(headers[5].1, [b"p", b"q"]);
    assert_eq!((body.as_deref(), event.subclass()), (Some(&b"hello"[..]), Some(&b"x::y"[..])));
    assert_eq!(event.id(), 0);
}

#[test]
fn a_content_length_without_a_body_is_a_header() {
    let event = event(&names(), r#"{"Event-Name":"CODEC","Content-Length":"5"}"#).unwrap();
    assert_eq!(parts(&event).0.len(), 2);
}

#[test]
fn bad_lines_say_why() {
    for (line, why) in [
        ("[]", "expected an object"),
        ("{}", "Event-Name is missing"),
        (r#"{"Event-Name":"X"}"#, "no event X"),
    ] {
        let error = event(&names(), line).err().unwrap();
        assert!(error.contains(why), "{error}");
    }
}

#[test]
fn every_recorded_event_is_read_whole() {
    let lines = include_str!("../../data/events-recorded.jsonl").lines();
    let mut duplicates = 0;
    for line in lines {
        let (headers, body) = parts(&event(&names(), line).unwrap());
        let Pairs(pairs) = serde_json::from_str(line).unwrap();
        assert_eq!(headers.len() + if body.is_some() { 2 } else { 0 }, pairs.len(), "{line}");
        let different: std::collections::BTreeSet<_> = headers.iter().map(|(name, _)| name).collect();
        duplicates += usize::from(different.len() < headers.len());
    }
    assert_eq!(duplicates, 24);
}

#[test]
fn every_vector_is_read_whole() {
    for line in include_str!("../../data/event-json.jsonl").lines() {
        let (case, event) = vector(line, 63).unwrap();
        let wanted: Vector = serde_json::from_str(line).unwrap();
        let (headers, body) = parts(&event);
        assert_eq!(headers.len(), wanted.headers.len(), "{case}");
        for ((name, values), header) in headers.iter().zip(&wanted.headers) {
            assert_eq!(name, &unhex(&header.name).unwrap(), "{case}");
            assert_eq!(values.len(), header.values.len().max(1), "{case}");
        }
        assert_eq!(body, wanted.body.map(|b| unhex(&b).unwrap()), "{case}");
    }
}
