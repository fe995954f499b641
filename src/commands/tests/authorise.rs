//! The decision.

use super::*;

/// Payloads of all kinds that somebody may try.
const SHAPES: [&str; 24] = [
    "bgapi version",
    "BGAPI version",
    "bgapi  uuid:a  version\n",
    "bgapi bgapi version",
    "bgapi originate user/1 &park()",
    "originate user/1 &park()",
    "Originate {a=b}user/1 9196 XML default\r\n",
    "bgapi expand bgapi system x",
    "bgapi",
    "originate",
    "bgapi\0version",
    "bgapi \u{2003} version",
    r#"{"command":"bgapi","args":"version"}"#,
    r#"{"command":"Originate","args":"user/1 &park()"}"#,
    r#"{"command":"status","data":{}}"#,
    r#"{"command":"fsapi","data":{"cmd":"version"}}"#,
    r#"{"command":"execute","data":{"uuid":"1","app":"system"},"id":"1"}"#,
    r#"{"command":"sendevent","event":"TALK"}"#,
    r#"{"command":"sendevent","event":"CUSTOM","subclass":"a","headers":{"a":"b"},"body":"c"}"#,
    "sendevent TALK",
    "sendevent CUSTOM\nEvent-Subclass: a\n\nbody",
    r#"{"command":"nonsense"}"#,
    "{",
    r#"{"command":1}"#,
];

#[test]
fn a_topic_that_says_nothing_runs_nothing() {
    for payload in SHAPES {
        for retained in [false, true] {
            let message = Inbound { payload: payload.as_bytes(), retained };
            let decision = decide(&Rules::new(&SubscriberTopic::new("t")), &message);
            let (kind, _) = Command::parse(message.payload).unwrap();
            assert_eq!(decision, Decision::Refused(Reason::NotAuthorised(kind)), "{payload:?}");
        }
    }
}

#[test]
fn each_kind_needs_its_own_permission() {
    let bgapi = SubscriberTopic { bgapi_authorized: true, ..SubscriberTopic::new("t") };
    let originate = SubscriberTopic { originate_authorized: true, ..SubscriberTopic::new("t") };
    assert!(runs(&bgapi, "bgapi originate user/1 &park()"));
    assert_eq!(outcome(&bgapi, SHAPES[5]), Err("originate_authorized is false".to_owned()));
    assert!(runs(&originate, SHAPES[5]));
    assert_eq!(outcome(&originate, "bgapi originate u d"), Err("bgapi_authorized is false".to_owned()));
}

#[test]
fn the_lists_of_bgapi_are_not_about_originate() {
    let topic = topic(&["status"], &["originate", "*"], &["user/*"]);
    assert!(runs(&topic, "originate user/1 &park()"));
    assert!(!runs(&topic, "bgapi originate user/1 &park()"));
}

#[test]
fn what_is_no_command_is_nobodys_business() {
    for payload in ["", "hello", "{\"event\":1}", "bgapixyz"] {
        assert_eq!(decide(&Rules::new(&topic(&[], &[], &[])), &message(payload)), Decision::NotACommand);
        assert_eq!(decide_any([], &message(payload), |_, _| Ok(())), Verdict::NotACommand);
    }
}

#[test]
fn a_retained_message_is_no_command_unless_the_topic_says_so() {
    let message = Inbound { payload: b"bgapi version", retained: true };
    let strict = topic(&[], &[], &[]);
    assert_eq!(decide(&Rules::new(&strict), &message), Decision::Refused(Reason::Retained));
    let lenient = SubscriberTopic { command_ignore_retained: false, ..strict };
    assert!(matches!(decide(&Rules::new(&lenient), &message), Decision::Allowed(_)));
}

#[test]
fn a_command_is_as_long_as_the_topic_says() {
    let topic = SubscriberTopic { command_max_bytes: 20, ..topic(&[], &[], &[]) };
    let longest = format!("bgapi echo {}", "x".repeat(9));
    assert!(runs(&topic, &longest));
    let expected = Err("21 bytes are more than command_max_bytes 20".to_owned());
    assert_eq!(outcome(&topic, &format!("{longest}x")), expected);
    assert_eq!(outcome(&topic, &format!("{longest}\n")), expected);
    let huge = [b"bgapi ".as_slice(), &vec![0xff; 1_000_000]].concat();
    let decision = decide(&Rules::new(&topic), &Inbound { payload: &huge, retained: false });
    assert_eq!(decision, Decision::Refused(Reason::TooLong { bytes: 1_000_006, most: 20 }));
}

#[test]
fn a_command_that_is_malformed_says_how() {
    let topic = topic(&[], &[], &[]);
    for (payload, expected) in [
        ("bgapi", "no command after bgapi"),
        ("bgapi\0x", "a NUL is in it"),
        ("bgapi x\ny", "a line break is in it"),
        ("bgapi\tx", "a control character is in it"),
        ("bgapi uuid:? x", "uuid: is not followed by 1 to 64 letters, digits, \"-\", \".\" and \"_\""),
        ("bgapi uuid:a uuid:b x", "more than one uuid:"),
        ("originate", "originate has no call URL"),
        ("originate user/1", "originate has no destination after the call URL"),
    ] {
        assert_eq!(outcome(&topic, payload), Err(expected.to_owned()), "{payload:?}");
    }
    let decision = decide(&Rules::new(&topic), &Inbound { payload: b"bgapi \xff", retained: false });
    assert_eq!(decision, Decision::Refused(Reason::Malformed(Malformed::NotUtf8)));
    assert_eq!(Reason::Malformed(Malformed::NotUtf8).to_string(), "not UTF-8");
}

#[test]
fn limits_say_which_they_are() {
    let said = [
        (Reason::RateUsedUp { per_second: 50 }, "command_rate 50 a second is used up"),
        (Reason::TooManyInFlight { most: 10 }, "command_max_in_flight 10 are running"),
        (Reason::Retained, "retained messages are not commands (command_ignore_retained)"),
    ];
    for (reason, expected) in said {
        assert_eq!(reason.to_string(), expected);
    }
}

#[test]
fn one_topic_of_several_that_allows_it_is_enough_and_it_runs_once() {
    let no = Rules::new(&SubscriberTopic::new("t"));
    let yes = Rules::new(&topic(&["version"], &[], &[]));
    let mut asked = Vec::new();
    let verdict = decide_any([&no, &yes, &no, &yes], &message("bgapi version"), |topic, command| {
        asked.push((topic, command.name().to_owned()));
        Ok(())
    });
    let Verdict::Allowed { command, topic } = verdict else { panic!("{verdict:?}") };
    assert_eq!((command.api_line(), topic), ("version".to_owned(), 1));
    assert_eq!(asked, [(1, "version".to_owned())]);
}

#[test]
fn a_topic_whose_limits_are_used_up_leaves_it_to_the_next() {
    let yes = Rules::new(&topic(&[], &[], &[]));
    let used_up = Reason::RateUsedUp { per_second: 1 };
    let verdict = decide_any([&yes, &yes], &message("bgapi version"), |topic, _| match topic {
        0 => Err(used_up.clone()),
        _ => Ok(()),
    });
    assert!(matches!(verdict, Verdict::Allowed { topic: 1, .. }));
    let verdict = decide_any([&yes, &yes], &message("bgapi version"), |_, _| Err(used_up.clone()));
    let Verdict::Refused(refusal) = verdict else { panic!("{verdict:?}") };
    assert_eq!(refusal.to_string(), "command_rate 1 a second is used up");
}

#[test]
fn the_reasons_of_all_topics_are_one() {
    let none = Rules::new(&SubscriberTopic::new("t"));
    let other = Rules::new(&topic(&["status"], &["system"], &[]));
    let never = |_: usize, _: &Command| -> Result<(), Reason> { panic!("nothing to admit") };
    let refused = |payload| match decide_any([&none, &other, &none], &message(payload), never) {
        Verdict::Refused(refusal) => refusal,
        verdict => panic!("{verdict:?}"),
    };
    let refusal = refused("bgapi version");
    assert_eq!(refusal.to_string(), "bgapi_authorized is false; no bgapi_allow matches");
    assert_eq!((refusal.kind, refusal.command.unwrap().name()), (Kind::Bgapi, "version"));
    let refusal = refused("bgapi system x");
    assert_eq!(refusal.to_string(), "bgapi_authorized is false; bgapi_deny \"system\" matches");
    assert_eq!(refused("bgapi \n").command, None);
    let Verdict::Refused(refusal) = decide_any([], &message("bgapi x"), never) else { panic!() };
    assert_eq!(refusal.to_string(), "no topic takes it");
}

#[test]
fn the_length_that_one_topic_takes_is_not_what_another_takes() {
    let short = Rules::new(&SubscriberTopic { command_max_bytes: 10, ..topic(&[], &[], &[]) });
    let long = Rules::new(&topic(&["status"], &[], &[]));
    let payload = "bgapi version";
    let Verdict::Refused(refusal) = decide_any([&short, &long], &message(payload), |_, _| Ok(())) else {
        panic!()
    };
    assert_eq!(refusal.to_string(), "13 bytes are more than command_max_bytes 10; no bgapi_allow matches");
    assert!(matches!(
        decide_any([&short, &long], &message("bgapi status"), |_, _| Ok(())),
        Verdict::Allowed { topic: 1, .. }
    ));
}
