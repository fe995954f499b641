//! `originate` and `originate_allow`.

use super::*;
use crate::commands::dial_string::DialString;
use crate::commands::originate::Originate;

/// What FreeSWITCH's own `switch_separate_string` makes of the arguments, recorded.
#[test]
fn arguments_are_split_as_freeswitch_splits_them() {
    let recorded = include_str!("../../../tests/data/originate-arguments.jsonl");
    let mut compared = 0;
    for line in recorded.lines() {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let words: Vec<String> = case["words"].as_array().unwrap().iter().map(text).collect();
        let arguments = text(&case["arguments"]);
        let undefined = |word: &String| word.is_empty() || word.eq_ignore_ascii_case("undef");
        match Originate::read(&arguments) {
            Ok(call) => {
                let ours: Vec<_> = std::iter::once(call.url).chain(call.rest).collect();
                assert_eq!(ours, words, "{arguments}");
                compared += 1;
            }
            Err(_) => {
                assert!(
                    !(2..=7).contains(&words.len()) || words.iter().take(2).any(undefined),
                    "{arguments}"
                );
            }
        }
    }
    assert!(compared > 100, "{compared}");
}

#[test]
fn a_call_url_is_taken_apart_into_its_legs() {
    for (url, variables, addresses) in [
        ("user/1", vec![], vec!["user/1"]),
        ("{a=b,c=d}user/1", vec!["a=b,c=d"], vec!["user/1"]),
        ("<a=b>{c=d}{e={f}}[g=h]user/1", vec!["a=b", "c=d", "e={f}", "g=h"], vec!["user/1"]),
        ("user/1,user/2|sofia/x/3@y", vec![], vec!["user/1", "user/2", "sofia/x/3@y"]),
        ("[a=b,c=d]user/1,[e=f][g=h]user/2", vec!["a=b,c=d", "e=f", "g=h"], vec!["user/1", "user/2"]),
        ("{a=b}user/1:_:{c=d}user/2", vec!["a=b", "c=d"], vec!["user/1", "user/2"]),
        ("{a=x,user/2|y'}user/1", vec!["a=x,user/2|y'"], vec!["user/1"]),
    ] {
        assert_eq!(DialString::read(url), Some(DialString { variables, addresses }), "{url}");
    }
}

#[test]
fn a_call_url_that_may_be_read_in_two_ways_is_not_read() {
    for url in [
        "",
        "user/1,",
        "|user/1",
        "user/1||user/2",
        "user/1:_:",
        "{a=b}",
        "{a=buser/1",
        "[a=b",
        "user/1]",
        "user/[a]1",
        "{a=':_:'}user/1",
        "[a='b]user/1,[c=d']user/2",
        "[a=b|c]user/1",
        "user/1 ,user/2",
        " user/1",
        "{a=b} user/1",
        "user/'1'",
        "user/1\\,2",
        "^^:user/1:user/2",
        "[a=b]^^;user/1",
        "user/${x}",
        "user/1\u{2003}",
        "user/1\n",
        "<a=b{c=d}user/1",
        "{c=d}<a=b>user/1",
        "[a=b]{c=d}user/1",
        "[a=\\]]user/1",
    ] {
        assert_eq!(DialString::read(url), None, "{url}");
    }
    let legs = |count: usize| vec!["user/1"; count].join("|");
    assert!(DialString::read(&legs(64)).is_some() && DialString::read(&legs(65)).is_none());
}

fn places(pattern: &str, arguments: &str) -> bool {
    let topic = topic(&["originate"], &[], &[pattern]);
    let by_itself = runs(&topic, &format!("originate {arguments}"));
    assert_eq!(by_itself, runs(&topic, &format!("bgapi originate {arguments}")), "{arguments}");
    by_itself
}

#[test]
fn every_leg_has_to_match() {
    for arguments in [
        "user/1 &park()",
        "user/1 9196 XML default",
        "'user/1' &park()",
        "{origination_caller_id_name='J D'}user/1 &park()",
        "user/1,user/2|user/3 &park()",
        "[a=b]user/1,[c=d]user/2 &park()",
        "user/1:_:{a=b}user/2 &park()",
    ] {
        assert!(places("user/*", arguments), "{arguments}");
    }
    for arguments in [
        "sofia/gateway/pstn/0900 &park()",
        "USER/1 &park()",
        "user/1,sofia/gateway/pstn/0900 &park()",
        "user/1|sofia/gateway/pstn/0900 &park()",
        "user/1:_:sofia/gateway/pstn/0900 &park()",
        "{a=user/1}sofia/gateway/pstn/0900 &park()",
        "{a={b}user/1}sofia/gateway/pstn/0900 &park()",
        "[a=b,user/1]sofia/gateway/pstn/0900 &park()",
        "'user/1,sofia/gateway/pstn/0900' &park()",
        "user/1'|'sofia/gateway/pstn/0900 &park()",
        "user/1\\,sofia/gateway/pstn/0900 &park()",
        "' {a=b}user/1' &park()",
        "user/1\\s|sofia/gateway/pstn/0900 &park()",
    ] {
        assert!(!places("user/*", arguments), "{arguments}");
    }
}

#[test]
fn without_braces_a_pattern_allows_any_variables_and_with_braces_only_those() {
    let hook = "{api_hangup_hook='system reboot'}user/1 &park()";
    assert!(places("user/*", hook));
    assert!(!places("{}user/*", hook) && !places("{origination_*}user/*", hook));
    assert!(places("{}user/*", "user/1 &park()") && places("{}user/*", "{}user/1 &park()"));
    assert!(places("{api_hangup_hook}user/*", hook) && places("{*}user/*", hook));
    let named = "{origination_*,ignore_early_media}user/*";
    assert!(places(named, "{origination_caller_id_name='J D',ignore_early_media=true}user/1 &park()"));
    assert!(places(named, "[origination_uuid=1]user/1,[ignore_early_media=true]user/2 &park()"));
    for variables in [
        "{origination_uuid=1,sip_route_uri=sip:evil}",
        "<sip_route_uri=sip:evil>",
        "{origination_uuid=1}[sip_route_uri=sip:evil]",
        "{origination_uuid=1}{sip_route_uri=sip:evil}",
        "{^^:origination_uuid=1:sip_route_uri=sip^evil}",
        "{origination_uuid=1,^^:sip_route_uri:evil}",
        "{origination_uuid={sip_route_uri=sip:evil}}",
        "{origination_uuid=${system(reboot)}}",
        "{origination_uuid=\\'1,sip_route_uri=x\\'}",
        "{ sip_route_uri =sip:evil}",
        "{sip_route_uri}",
    ] {
        let arguments = format!("{variables}user/1 &park()");
        assert!(!places(named, &arguments), "{arguments}");
        assert!(!places("{}user/*", &arguments), "{arguments}");
    }
}

#[test]
fn the_words_after_the_url_are_those_after_the_url() {
    let pattern = "user/* 9196 XML default";
    assert!(places(pattern, "user/1 9196 XML default") && places(pattern, "user/1 9196 XML default n m 5"));
    for arguments in [
        "user/1 9196",
        "user/1 9196 XML",
        "user/1 9196 inline default",
        "user/1 &system(reboot) XML default",
        "user/1 91961 XML default",
    ] {
        assert!(!places(pattern, arguments), "{arguments}");
    }
    assert!(places("user/* &park()", "user/1 &park()") && !places("user/* &park()", "user/1 &park(x)"));
    assert!(places("user/* &playback(*)", "user/1 '&playback(a b)'"));
    assert!(!places("user/* &playback(*)", "user/1 &playback(${system(reboot)})"));
}

#[test]
fn a_pattern_without_a_url_allows_no_call() {
    for pattern in ["", " ", "{}", "{a", "{} user/1"] {
        assert!(!places(pattern, "user/1 &park()"), "{pattern:?}");
    }
}
