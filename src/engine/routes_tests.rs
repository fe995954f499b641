//! Who gets which event, and what is bound in the core for it.

use super::feed::{Feed, Route};
use super::message::Topic;
use super::routes::{Builder, Routes, is_known};
use super::testing::{TestHost, connection};
use crate::config::EventSelector;
use crate::host::{EventNumber, Host};
use crate::mqtt::QoS;
use std::ffi::CString;
use std::sync::Arc;

const HOST: TestHost = TestHost { is_1_11: true };
const CUSTOM: EventSelector = EventSelector::Custom { subclass: None };

fn subclass(name: &str) -> EventSelector {
    EventSelector::Custom { subclass: Some(name.to_owned()) }
}

/// Topics with these names, and the events that they want.
fn routes(topics: &[(&str, &[EventSelector])]) -> Routes {
    let mut builder = Builder::default();
    for (name, events) in topics {
        let pattern = CString::new(*name).expect("no NUL");
        let topic = Arc::new(Topic::new(connection("test"), pattern, QoS::AtMostOnce, false));
        builder.add(Feed { topics: vec![topic], first: false, shape: None }, events, &[], &HOST);
    }
    builder.build(&HOST)
}

fn number(name: &str) -> EventNumber {
    HOST.event_number(name).expect("an event")
}

fn who(routes: &Routes, event: &str, subclass: Option<&str>) -> Vec<String> {
    let route = routes.find(number(event), subclass.map(str::as_bytes));
    let topics = route.into_iter().flat_map(Route::topics);
    topics.map(|topic| topic.pattern.to_string_lossy().into_owned()).collect()
}

fn bound(routes: &Routes) -> Vec<(i32, Option<&str>)> {
    routes.interests().iter().map(|interest| (interest.number.0, interest.subclass.as_deref())).collect()
}

#[test]
fn a_topic_gets_the_events_that_it_names_and_no_others() {
    let routes = routes(&[
        ("a", &[EventSelector::Named("HEARTBEAT"), EventSelector::Named("API")]),
        ("b", &[EventSelector::Named("API")]),
    ]);
    assert_eq!(who(&routes, "HEARTBEAT", None), ["a"]);
    assert_eq!(who(&routes, "API", None), ["a", "b"]);
    assert!(who(&routes, "CODEC", None).is_empty());
    assert_eq!(bound(&routes), [(number("API").0, None), (number("HEARTBEAT").0, None)]);
}

#[test]
fn a_topic_that_wants_an_event_for_two_reasons_gets_it_once() {
    let routes =
        routes(&[("a", &[EventSelector::All, EventSelector::Named("API"), CUSTOM, subclass("x::y")])]);
    assert_eq!(who(&routes, "API", None), ["a"]);
    assert_eq!(who(&routes, "CUSTOM", Some("x::y")), ["a"]);
    assert_eq!(bound(&routes), [(93, None)], "one binding, or the core would deliver twice");
}

#[test]
fn all_gets_everything_beside_those_who_want_one_event() {
    let routes = routes(&[("all", &[EventSelector::All]), ("api", &[EventSelector::Named("API")])]);
    assert_eq!(who(&routes, "API", None), ["all", "api"]);
    assert_eq!(who(&routes, "CUSTOM", Some("any::thing")), ["all"]);
    assert!(routes.find(EventNumber(4711), None).is_some(), "an event of a newer core, too");
}

#[test]
fn a_subclass_is_bound_by_name_unless_someone_wants_every_custom_event() {
    let one = routes(&[("reg", &[subclass("sofia::register")])]);
    assert_eq!(who(&one, "CUSTOM", Some("sofia::register")), ["reg"]);
    assert!(who(&one, "CUSTOM", Some("sofia::unregister")).is_empty());
    assert!(who(&one, "CUSTOM", None).is_empty());
    assert_eq!(bound(&one), [(0, Some("sofia::register"))]);

    let both = routes(&[("reg", &[subclass("sofia::register")]), ("custom", &[CUSTOM])]);
    assert_eq!(who(&both, "CUSTOM", Some("sofia::register")), ["reg", "custom"]);
    assert_eq!(who(&both, "CUSTOM", Some("other")), ["custom"]);
    assert_eq!(bound(&both), [(0, None)]);
}

#[test]
fn event_numbers_are_those_of_the_core() {
    let old = TestHost { is_1_11: false };
    let topic = Arc::new(Topic::new(connection("test"), CString::default(), QoS::AtMostOnce, false));
    let mut builder = Builder::default();
    let newer = EventSelector::Named("CERT_RELOAD");
    assert!(is_known(&newer, &HOST) && !is_known(&newer, &old));
    builder.add(
        Feed { topics: vec![topic], first: false, shape: None },
        &[newer, EventSelector::All],
        &[],
        &old,
    );
    assert_eq!(bound(&builder.build(&old)), [(92, None)]);
}

#[test]
fn the_modules_own_events_go_to_those_who_name_them_and_to_nobody_who_wants_all() {
    let message = "mosquitto::message";
    let every = routes(&[("a", &[EventSelector::All]), ("b", &[CUSTOM]), ("c", &[subclass(message)])]);
    assert_eq!(who(&every, "CUSTOM", Some(message)), ["c"]);
    assert!(who(&every, "CUSTOM", Some("mosquitto::connected")).is_empty());
    assert_eq!(who(&every, "CUSTOM", Some("sofia::register")), ["a", "b"]);
    assert_eq!(who(&every, "CUSTOM", None), ["a", "b"]);
}

/// One topic that wants the first and excludes the second.
fn but(events: &[EventSelector], excluded: &[EventSelector]) -> Routes {
    let mut builder = Builder::default();
    let topic = Arc::new(Topic::new(connection("test"), c"but".to_owned(), QoS::AtMostOnce, false));
    builder.add(Feed { topics: vec![topic], first: false, shape: None }, events, excluded, &HOST);
    let other = Arc::new(Topic::new(connection("test"), c"other".to_owned(), QoS::AtMostOnce, false));
    let events = [EventSelector::Named("API"), subclass("a::b")];
    builder.add(Feed { topics: vec![other], first: false, shape: None }, &events, &[], &HOST);
    builder.build(&HOST)
}

#[test]
fn what_a_topic_excludes_goes_to_the_others_only() {
    let routes = but(&[EventSelector::All], &[EventSelector::Named("API"), subclass("a::b")]);
    assert_eq!(who(&routes, "API", None), ["other"]);
    assert_eq!(who(&routes, "CUSTOM", Some("a::b")), ["other"]);
    assert_eq!(who(&routes, "CUSTOM", Some("c::d")), ["but"]);
    assert_eq!(who(&routes, "CODEC", None), ["but"]);

    let routes = but(&[EventSelector::All], &[CUSTOM, EventSelector::Named("CODEC")]);
    assert_eq!(who(&routes, "CUSTOM", Some("a::b")), ["other"]);
    assert!(who(&routes, "CUSTOM", Some("c::d")).is_empty() && who(&routes, "CODEC", None).is_empty());
    assert_eq!(who(&routes, "API", None), ["but", "other"]);
}

#[test]
fn what_everybody_excludes_is_not_bound() {
    let routes =
        but(&[CUSTOM, EventSelector::Named("CODEC")], &[subclass("c::d"), EventSelector::Named("CODEC")]);
    assert_eq!(bound(&routes), [(0, None), (number("API").0, None)]);
    assert!(who(&routes, "CUSTOM", Some("c::d")).is_empty());
    let routes = but(&[subclass("c::d"), subclass("e::f")], &[subclass("c::d")]);
    assert_eq!(bound(&routes), [(0, Some("a::b")), (0, Some("e::f")), (number("API").0, None)]);
}
