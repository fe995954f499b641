//! Bytes to commands.

use super::*;

fn parsed(payload: &[u8]) -> Result<Command, Malformed> {
    Command::parse(payload).expect("a command").1
}

#[test]
fn a_payload_is_a_command_if_it_begins_with_the_word_in_any_case() {
    for payload in ["bgapi", "bgapi version", "BGAPI version", "bGaPi\tversion", "bgapi\0", "bgapi\n"] {
        assert_eq!(Kind::of(payload.as_bytes()), Some(Kind::Bgapi), "{payload:?}");
    }
    for payload in ["originate", "Originate user/1 &park()"] {
        assert_eq!(Kind::of(payload.as_bytes()), Some(Kind::Originate), "{payload:?}");
    }
    for payload in
        ["", " ", "b", "bgap", "bgapix", "bgapi:", " bgapi version", "\nbgapi version", "api version", "{}"]
    {
        assert_eq!(Command::parse(payload.as_bytes()), None, "{payload:?}");
    }
    assert_eq!(Command::parse(b"bgapi\xff version"), None);
    assert_eq!(Command::parse("\u{feff}bgapi version".as_bytes()), None);
}

#[test]
fn bgapi_is_a_job_id_a_command_and_arguments() {
    let command = parsed(b"bgapi uuid:1-a.B_2 Uuid_Kill  1 2  3").unwrap();
    assert_eq!(
        (command.kind(), command.job_id(), command.name(), command.arguments()),
        (Kind::Bgapi, Some("1-a.B_2"), "Uuid_Kill", "1 2  3")
    );
    assert_eq!(command.api_line(), "Uuid_Kill 1 2  3");
    assert_eq!(command.bgapi_arguments("x"), "uuid:x Uuid_Kill 1 2  3");
    let command = parsed(b"bgapi status").unwrap();
    assert_eq!((command.job_id(), command.arguments(), command.api_line()), (None, "", "status".to_owned()));
}

#[test]
fn originate_is_the_api_command_of_that_name() {
    let command = parsed(b"ORIGINATE   {a='b  c'}user/1 9196 XML default").unwrap();
    assert_eq!((command.kind(), command.job_id(), command.name()), (Kind::Originate, None, "originate"));
    assert_eq!(command.api_line(), "originate {a='b  c'}user/1 9196 XML default");
}

#[test]
fn blanks_do_not_matter_and_neither_do_line_ends_at_the_end() {
    for payload in ["bgapi   status  x", "bgapi status   x  ", "bgapi status x\n", "bgapi status x \r\n\r\n"]
    {
        assert_eq!(parsed(payload.as_bytes()).unwrap().api_line(), "status x", "{payload:?}");
    }
    let command = parsed(b"bgapi    UUID:a    status").unwrap();
    assert_eq!((command.job_id(), command.name()), (Some("a"), "status"));
}

#[test]
fn bytes_that_are_no_line_of_text_are_refused() {
    let refused: [(&[u8], Malformed); 9] = [
        (b"bgapi \xff", Malformed::NotUtf8),
        (b"bgapi status \xc3", Malformed::NotUtf8),
        (b"bgapi status\0", Malformed::Nul),
        (b"bgapi\0status", Malformed::Nul),
        (b"bgapi status\nbgapi version", Malformed::LineBreak),
        (b"bgapi status\rx", Malformed::LineBreak),
        (b"bgapi\tstatus", Malformed::ControlCharacter),
        (b"bgapi status\x1b[2J", Malformed::ControlCharacter),
        ("bgapi status\u{85}x".as_bytes(), Malformed::ControlCharacter),
    ];
    for (payload, expected) in refused {
        assert_eq!(parsed(payload), Err(expected), "{payload:?}");
    }
}

#[test]
fn a_command_is_needed() {
    for payload in ["bgapi", "bgapi ", "bgapi\n", "bgapi uuid:a", "bgapi uuid:a  "] {
        assert_eq!(parsed(payload.as_bytes()), Err(Malformed::NoCommand), "{payload:?}");
    }
}

#[test]
fn a_job_id_is_short_and_plain() {
    let longest = "x".repeat(MAX_JOB_ID);
    assert_eq!(parsed(format!("bgapi uuid:{longest} x").as_bytes()).unwrap().job_id(), Some(&*longest));
    let too_long = format!("uuid:{longest}x");
    for id in [&*too_long, "uuid:", "uuid:a/b", "uuid:\u{e4}", "uuid:%s", "uuid:a:b"] {
        let payload = format!("bgapi {id} version");
        assert_eq!(parsed(payload.as_bytes()), Err(Malformed::JobId), "{payload}");
        // FreeSWITCH copies the ids of nested commands into buffers as well.
        for outer in ["bgapi", "expand", "mosquitto bgapi", "sched_api +1 none expand"] {
            let payload = format!("bgapi {outer} {id} version");
            assert_eq!(parsed(payload.as_bytes()), Err(Malformed::JobId), "{payload}");
        }
    }
}

/// Handed to bgapi without an id of our own, the second would be taken for the id, and what follows would run.
#[test]
fn a_command_that_looks_like_a_job_id_is_refused() {
    assert_eq!(parsed(b"bgapi uuid:a UUID:b version"), Err(Malformed::TwoJobIds));
}

#[test]
fn an_originate_that_freeswitch_would_not_place_is_refused() {
    use crate::commands::originate::Unusable;
    for (arguments, expected) in [
        ("", Unusable::NoUrl),
        ("'' &park()", Unusable::NoUrl),
        ("undef &park()", Unusable::NoUrl),
        ("user/1", Unusable::NoDestination),
        ("user/1 ''", Unusable::NoDestination),
        ("user/1 Undef", Unusable::NoDestination),
        ("{n=O'Brien}user/1 &park()", Unusable::NoDestination),
        ("u d x c n m t more", Unusable::TooMany),
        ("^^:user/1:&park()", Unusable::OwnDelimiter),
        ("user/1 &park()\\", Unusable::EndsInBackslash),
    ] {
        for payload in [format!("originate {arguments}"), format!("bgapi originate {arguments}")] {
            assert_eq!(parsed(payload.as_bytes()), Err(Malformed::Originate(expected)), "{payload}");
        }
    }
    assert!(parsed(b"originate u d x c n m t").is_ok());
    assert!(parsed(b"originate u d undef undef '' '' 5").is_ok());
}
