//! The console in `docs/reference.md`: its commands, the states of a connection, the reasons for drops and refusals.

use crate::markdown::{code, rows, section};
use crate::{must_be_empty, read};
use mod_mosquitto::cli;
use mod_mosquitto::commands::{Fault, Kind, Malformed, Reason, Unfit, Unusable};
use mod_mosquitto::engine::{Account, Grant, State};
use std::time::Instant;

/// The first code span of the first cell of each row below a heading.
fn entries(heading: &str) -> Vec<String> {
    let text = read("docs/reference.md");
    rows(&section(&text, heading)).iter().filter_map(|row| code(row[0]).into_iter().next()).collect()
}

/// Both have the same members, or it is said which are missing.
fn same(heading: &str, documented: &[String], real: &[String]) {
    let missing = real.iter().filter(|one| !documented.contains(one));
    let missing = missing.map(|one| format!("docs/reference.md, \"{heading}\": add a row for `{one}`"));
    let stale = documented.iter().filter(|one| !real.contains(one));
    let stale = stale.map(|one| format!("docs/reference.md, \"{heading}\": there is no `{one}` any more"));
    must_be_empty(missing.chain(stale).collect());
}

fn usage_lines() -> Vec<String> {
    let help = cli::help();
    help.lines().filter(|line| line.starts_with("mosquitto ")).map(str::to_owned).collect()
}

#[test]
fn every_console_command_is_in_the_reference_as_help_writes_it() {
    const HEADING: &str = "## Console commands";
    same(HEADING, &entries(HEADING), &usage_lines());
}

#[test]
fn what_the_tab_key_offers_is_in_help_and_in_the_manual_page() {
    let (lines, manual) = (usage_lines(), read("docs/mod_mosquitto.8"));
    for word in cli::COMPLETIONS.iter().filter_map(|line| line.split(' ').next()) {
        let typed = |line: &String| line.split([' ', '[', ']']).any(|part| part == word);
        assert!(lines.iter().any(typed), "mosquitto help does not have {word}");
        assert!(manual.contains(&format!("\n.It Cm {word}")), "docs/mod_mosquitto.8 has no .It Cm {word}");
    }
}

#[test]
fn every_reason_to_drop_a_message_is_in_the_reference() {
    const HEADING: &str = "### Why messages are dropped";
    let reasons = Account::default().reasons();
    let real: Vec<_> =
        reasons.split(", ").filter_map(|one| one.split(' ').next()).map(str::to_owned).collect();
    same(HEADING, &entries(HEADING), &real);
}

#[test]
fn every_state_of_a_connection_and_a_subscription_is_in_the_reference() {
    const HEADING: &str = "### States";
    let (until, why) = (Instant::now(), "<why>".to_owned());
    let states = [
        State::Disabled,
        State::Disconnected,
        State::Connecting,
        State::Connected,
        State::Waiting { until, why: why.clone() },
        State::Failed { why },
    ];
    // A new state does not compile here.
    for state in &states {
        match state {
            State::Disabled | State::Disconnected | State::Connecting | State::Connected => {}
            State::Waiting { .. } | State::Failed { .. } => {}
        }
    }
    let grants = [Grant::None, Grant::Granted(1), Grant::Refused(0x80)];
    let real = states.iter().map(|state| state.to_string().replace("waiting 0 s", "waiting <seconds> s"));
    let real: Vec<_> = real
        .chain(
            grants
                .iter()
                .map(|grant| grant.to_string().replace("QoS 1", "QoS <n>").replace("0x80", "<code>")),
        )
        .collect();
    same(HEADING, &entries(HEADING), &real);
}

#[test]
fn every_reason_to_refuse_a_command_is_in_the_reference() {
    const HEADING: &str = "### Why commands are refused";
    let limits = [
        Reason::TooLong { bytes: 7, most: 7 },
        Reason::RateUsedUp { per_second: 7 },
        Reason::TooManyInFlight { most: 7 },
    ];
    let rules = [
        Reason::NotAuthorised(Kind::Bgapi),
        Reason::NotAuthorised(Kind::Originate),
        Reason::NotAuthorised(Kind::JsonApi),
        Reason::NotAuthorised(Kind::SendEvent),
        Reason::NotAuthorised(Kind::Json),
        Reason::Retained,
        Reason::Denied("<pattern>".to_owned()),
        Reason::NotAllowed,
        Reason::CallNotAllowed,
        Reason::JsonApiNotAllowed,
        Reason::EventNotAllowed,
    ];
    let malformed = [
        Malformed::NotUtf8,
        Malformed::Nul,
        Malformed::LineBreak,
        Malformed::ControlCharacter,
        Malformed::Blank,
        Malformed::NoCommand,
        Malformed::JobId,
        Malformed::TwoJobIds,
        Malformed::TooDeep,
        Malformed::Originate(Unusable::NoUrl),
        Malformed::Originate(Unusable::NoDestination),
        Malformed::Originate(Unusable::TooMany),
        Malformed::Originate(Unusable::OwnDelimiter),
        Malformed::Originate(Unusable::EndsInBackslash),
        Malformed::Json(Fault::Syntax),
        Malformed::Json(Fault::Twice),
        Malformed::Json(Fault::TooDeep),
        Malformed::Json(Fault::Missing("<member>")),
        Malformed::Json(Fault::Wrong("<member>")),
        Malformed::Json(Fault::Unknown),
        Malformed::Json(Fault::NoCommand),
        Malformed::Json(Fault::Name),
        Malformed::Json(Fault::Gateway),
        Malformed::Event(Unfit::Name),
        Malformed::Event(Unfit::Subclass),
        Malformed::Event(Unfit::Own),
        Malformed::Event(Unfit::HeaderName),
        Malformed::Event(Unfit::Reserved),
        Malformed::Event(Unfit::HeaderValue),
        Malformed::Event(Unfit::TooMany),
        Malformed::Event(Unfit::Body),
    ];
    let rest = rules.into_iter().chain(malformed.map(Reason::Malformed));
    let rest: Vec<_> = rest.inspect(is_above).map(|reason| reason.to_string()).collect();
    let limits = limits.into_iter().inspect(is_above).map(|reason| reason.to_string().replace('7', "<n>"));
    same(HEADING, &entries(HEADING), &limits.chain(rest).collect::<Vec<_>>());
}

/// A reason that is added does not compile here: add it above, and to the page.
fn is_above(reason: &Reason) {
    match reason {
        Reason::NotAuthorised(
            Kind::Bgapi | Kind::Originate | Kind::JsonApi | Kind::SendEvent | Kind::Json,
        ) => {}
        Reason::Retained | Reason::TooLong { .. } => {}
        Reason::JsonApiNotAllowed | Reason::EventNotAllowed => {}
        Reason::Denied(_) | Reason::NotAllowed | Reason::CallNotAllowed => {}
        Reason::RateUsedUp { .. } | Reason::TooManyInFlight { .. } => {}
        Reason::Malformed(malformed) => match malformed {
            Malformed::NotUtf8 | Malformed::Nul | Malformed::LineBreak | Malformed::ControlCharacter => {}
            Malformed::Blank | Malformed::NoCommand | Malformed::JobId | Malformed::TwoJobIds => {}
            Malformed::TooDeep => {}
            Malformed::Originate(unusable) => match unusable {
                Unusable::NoUrl | Unusable::NoDestination | Unusable::TooMany => {}
                Unusable::OwnDelimiter | Unusable::EndsInBackslash => {}
            },
            Malformed::Json(fault) => match fault {
                // In the words of Malformed::Nul.
                Fault::Nul => {}
                Fault::Syntax | Fault::Twice | Fault::TooDeep | Fault::Missing(_) | Fault::Wrong(_) => {}
                Fault::Unknown | Fault::NoCommand | Fault::Name | Fault::Gateway => {}
            },
            Malformed::Event(unfit) => match unfit {
                Unfit::Name | Unfit::Subclass | Unfit::Own | Unfit::HeaderName => {}
                Unfit::Reserved | Unfit::HeaderValue | Unfit::TooMany | Unfit::Body => {}
            },
        },
    }
}
