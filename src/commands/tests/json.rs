//! Commands in JSON, and FreeSWITCH's JSON API.

use super::*;

fn json_api(allow: &[&str]) -> SubscriberTopic {
    SubscriberTopic {
        json_api_authorized: true,
        json_api_allow: allow.iter().map(|text| (*text).to_owned()).collect(),
        ..SubscriberTopic::new("t")
    }
}

fn command(payload: &str) -> Command {
    let all = SubscriberTopic { json_api_authorized: true, ..topic(&[], &[], &[]) };
    match decide(&Rules::new(&all), &message(payload)) {
        Decision::Allowed(command) => command,
        other => panic!("{payload}: {other:?}"),
    }
}

#[test]
fn a_json_command_is_the_plain_one_in_other_clothes() {
    let topic = topic(&["status", "echo", "bgapi", "originate"], &["echo x"], &["user/*"]);
    for (kind, args) in [
        ("bgapi", "status"),
        ("BGAPI", "status x  y"),
        ("bgapi", "version"),
        ("bgapi", "echo x"),
        ("bgapi", "echo y\n"),
        ("bgapi", ""),
        ("bgapi", "bgapi system x"),
        ("bgapi", "uuid:a/b status"),
        ("bgapi", "uuid:a uuid:b status"),
        ("bgapi", "originate user/1 &park()"),
        ("bgapi", "originate sofia/1 &park()"),
        ("originate", "user/1 &park()"),
        ("Originate", "sofia/1 &park()"),
        ("originate", "user/1"),
    ] {
        let plain = outcome(&topic, &format!("{kind} {args}"));
        let json = serde_json::json!({ "command": kind, "args": args }).to_string();
        assert_eq!(outcome(&topic, &json), plain, "{json}");
    }
}

#[test]
fn a_json_command_says_where_its_answer_goes_and_what_its_id_is() {
    let read = command(
        r#"{"id":"a.1","correlation":"\u00e4","response_topic":"a/b","command":"bgapi","args":"echo x"}"#,
    );
    assert_eq!((read.job_id(), read.api_line()), (Some("a.1"), "echo x".to_owned()));
    let reply = Reply { topic: Some("a/b".to_owned()), correlation: Some("\u{e4}".to_owned()) };
    assert_eq!(read.reply(), Some(&reply));
    let read = command(r#"{"command":"bgapi","args":"uuid:b echo x"}"#);
    assert_eq!((read.job_id(), read.reply()), (Some("b"), Some(&Reply::default())));
    assert_eq!(command("bgapi echo x").reply(), None);
}

#[test]
fn json_that_is_no_proper_command_says_how() {
    let topic = SubscriberTopic { json_api_authorized: true, ..topic(&[], &[], &[]) };
    let deep = |depth| {
        format!("{{\"command\":\"x\",\"data\":{{\"a\":{}1{}}}}}", "[".repeat(depth), "]".repeat(depth))
    };
    let long = format!(r#"{{"command":"bgapi","args":"x","correlation":"{}"}}"#, "x".repeat(1025));
    for (payload, expected) in [
        ("{", "it is no JSON"),
        (r#"{"command":"bgapi","args":"x"} y"#, "it is no JSON"),
        (r#"{"command":"bgapi","args":"x",}"#, "it is no JSON"),
        (r#"{command:"bgapi","args":"x"}"#, "it is no JSON"),
        ("{\"command\":\"bgapi\",\"args\":\"x\ny\"}", "it is no JSON"),
        (r#"{"command":"bgapi","args":"\ud800"}"#, "it is no JSON"),
        (r#"{"command":"x","data":{"a":1e999}}"#, "it is no JSON"),
        (r#"{"command":"bgapi","args":"x","args":"y"}"#, "a key is in it twice"),
        (r#"{"command":"bgapi","comman\u0064":"originate","args":"x"}"#, "a key is in it twice"),
        (r#"{"command":"x","data":{"a":[{"b":1,"b":1}]}}"#, "a key is in it twice"),
        (r#"{"command":"bgapi","args":"x\u0000"}"#, "a NUL is in it"),
        (r#"{"command":"x","data":{"\u0000":1}}"#, "a NUL is in it"),
        (&deep(15), "more than 16 objects and arrays are within each other"),
        (&deep(1000), "more than 16 objects and arrays are within each other"),
        (r#"{"command":1,"args":"x"}"#, "\"command\" is not what it should be"),
        (r#"{"command":"bgapi"}"#, "\"args\" is missing"),
        (r#"{"command":"bgapi","args":["x"]}"#, "\"args\" is not what it should be"),
        (r#"{"command":"bgapi","args":"x\ny"}"#, "a line break is in it"),
        (r#"{"command":"bgapi","args":"x\u0007"}"#, "a control character is in it"),
        (r#"{"command":"bgapi","args":"\u0085x"}"#, "a control character is in it"),
        (
            r#"{"command":"bgapi","args":"x","data":{}}"#,
            "a member is in it that such a command does not have",
        ),
        (
            r#"{"command":"bgapi","args":"x","Args":"y"}"#,
            "a member is in it that such a command does not have",
        ),
        (r#"{"command":"x","args":"y","data":{}}"#, "a member is in it that such a command does not have"),
        (
            r#"{"command":"status","args":"y"}"#,
            "\"command\" is not bgapi, originate or sendevent, and there is no \"data\" for the JSON API",
        ),
        (r#"{"command":"x","data":[]}"#, "\"data\" is not what it should be"),
        (
            r#"{"command":"x y","data":{}}"#,
            "the JSON API command is not 1 to 64 letters, digits, \"-\", \".\" and \"_\"",
        ),
        (
            r#"{"command":"bgapi","args":"x","response_topic":null}"#,
            "\"response_topic\" is not what it should be",
        ),
        (&long, "\"correlation\" is not what it should be"),
        (
            r#"{"command":"bgapi","args":"x","id":"a b"}"#,
            "uuid: is not followed by 1 to 64 letters, digits, \"-\", \".\" and \"_\"",
        ),
        (r#"{"command":"bgapi","args":"uuid:a x","id":"b"}"#, "more than one uuid:"),
    ] {
        assert_eq!(outcome(&topic, payload), Err(expected.to_owned()), "{payload}");
    }
    assert!(runs(&topic, &deep(14)));
    let decision =
        decide(&Rules::new(&topic), &Inbound { payload: b"{\"command\":\"\xff\"}", retained: false });
    assert_eq!(decision, Decision::Refused(Reason::Malformed(Malformed::NotUtf8)));
}

#[test]
fn json_without_a_command_is_nobodys_business() {
    for payload in ["{}", r#"{"Event-Name":"HEARTBEAT"}"#, "[]", " {\"command\":\"bgapi\"}", "\"bgapi\""] {
        assert_eq!(decide(&Rules::new(&topic(&[], &[], &[])), &message(payload)), Decision::NotACommand);
    }
}

#[test]
fn json_is_as_long_as_the_topic_says_and_not_looked_into_beyond_that() {
    let topic = SubscriberTopic { command_max_bytes: 40, ..topic(&[], &[], &[]) };
    let longest = format!(r#"{{"command":"bgapi","args":"{}"}}"#, "x".repeat(11));
    assert_eq!(longest.len(), 40);
    assert!(runs(&topic, &longest));
    assert_eq!(
        outcome(&topic, &format!("{longest} ")),
        Err("41 bytes are more than command_max_bytes 40".to_owned())
    );
    let none = SubscriberTopic { command_max_bytes: 40, ..SubscriberTopic::new("t") };
    assert_eq!(outcome(&none, &format!("{longest} ")), Err("no commands are allowed".to_owned()));
}

#[test]
fn the_json_api_runs_what_is_allowed_as_it_was_read() {
    let topic = json_api(&["status", "sofia.*"]);
    let line = |payload| outcome(&topic, payload);
    assert_eq!(
        line(r#"{ "command" : "status", "data" : {} }"#),
        Ok(r#"json {"command":"status","data":{}}"#.into())
    );
    assert_eq!(
        line(r#"{"command":"STATUS","data":{}}"#),
        Ok(r#"json {"command":"STATUS","data":{}}"#.into())
    );
    assert_eq!(
        line(
            r#"{"command":"sofia.status","data":{"a":"\u0001\u007f\u0085\n\ud83d\ude00","b":[1,-2.5,null,true]}}"#
        ),
        Ok("json {\"command\":\"sofia.status\",\"data\":{\"a\":\"\\u0001\\u007f\\u0085\\n\u{1f600}\",\
            \"b\":[1,-2.5,null,true]}}"
            .into())
    );
    assert_eq!(line(r#"{"command":"execute","data":{}}"#), Err("no json_api_allow matches".to_owned()));
    assert_eq!(line("bgapi status"), Err("bgapi_authorized is false".to_owned()));
    assert!(runs(&json_api(&[]), r#"{"command":"execute","data":{}}"#), "without a list, all of them");
    assert!(!runs(&json_api(&[""]), r#"{"command":"status","data":{}}"#), "an empty one allows nothing");
    let all = super::topic(&[], &[], &[]);
    let none = Err("json_api_authorized is false".to_owned());
    assert_eq!(outcome(&all, r#"{"command":"status","data":{}}"#), none);
    let command = command(r#"{"command":"status","data":{},"id":"7"}"#);
    assert_eq!(
        (command.json_api(), command.kind(), command.job_id()),
        (Some("status"), Kind::JsonApi, Some("7"))
    );
}

#[test]
fn fsapi_runs_nothing_that_bgapi_would_not() {
    let call = |cmd: &str, arg: &str| {
        serde_json::json!({ "command": "FSAPI", "data": { "cmd": cmd, "arg": arg } }).to_string()
    };
    let alone = json_api(&["fsapi"]);
    assert_eq!(outcome(&alone, &call("status", "")), Err("bgapi_authorized is false".to_owned()));
    let topic = SubscriberTopic {
        json_api_authorized: true,
        json_api_allow: vec!["fsapi".to_owned()],
        ..topic(&["status", "expand", "originate", "system"], &["system"], &["user/*"])
    };
    for (cmd, arg, expected) in [
        ("status", "", Ok(())),
        ("Status", "x", Ok(())),
        ("version", "", Err("no bgapi_allow matches")),
        ("system", "x", Err("bgapi_deny \"system\" matches")),
        ("SYSTEM", "", Err("bgapi_deny \"system\" matches")),
        ("expand", "status", Ok(())),
        ("expand", " system x", Err("bgapi_deny \"system\" matches")),
        ("originate", "user/1 &park()", Ok(())),
        ("originate", "sofia/1 &park()", Err("no originate_allow matches")),
        ("originate", "undef x", Err("originate has no call URL")),
        ("json", "{}", Err("no bgapi_allow matches")),
    ] {
        let said = outcome(&topic, &call(cmd, arg)).map(|_| ());
        assert_eq!(said, expected.map_err(ToOwned::to_owned), "{cmd} {arg}");
    }
    let gateway =
        "the data of fsapi are not {\"cmd\": a word} or {\"cmd\": a word, \"arg\": one line}".to_owned();
    for data in [
        r#"{}"#,
        r#"{"cmd":""}"#,
        r#"{"cmd":"status x"}"#,
        r#"{"cmd":" status"}"#,
        r#"{"cmd":"status\n"}"#,
        r#"{"cmd":"status\u2003"}"#,
        r#"{"cmd":["status"]}"#,
        r#"{"cmd":"status","arg":"x\ny"}"#,
        r#"{"cmd":"status","arg":1}"#,
        r#"{"cmd":"status","CMD":"system"}"#,
        r#"{"CMD":"system","cmd":"status"}"#,
        r#"{"cmd":"status","x":1}"#,
    ] {
        let payload = format!(r#"{{"command":"fsapi","data":{data}}}"#);
        assert_eq!(outcome(&topic, &payload), Err(gateway.clone()), "{data}");
    }
}
