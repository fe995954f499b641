use super::*;
use crossbeam_channel::{Sender, bounded};
use std::cell::Cell;
use std::convert::Infallible;

/// Longer than any test takes that does well.
fn much_later() -> Instant {
    Instant::now() + Duration::from_secs(30)
}

fn wanted() -> bool {
    true
}

type Answer = Result<u32, String>;
type Slot = Option<LookUp<u32>>;

/// A look-up that ends when it is told how.
fn hanging() -> (Sender<Answer>, impl FnOnce(&str) -> Answer + Send + 'static) {
    let (sender, receiver) = bounded(1);
    (sender, move |_: &str| receiver.recv().expect("the test tells it"))
}

fn never(_: &str) -> Answer {
    panic!("asked once too often")
}

/// Asks when nothing of the other kind was asked.
fn ask_slot(
    slot: &mut Slot,
    name: &str,
    look_up: impl FnOnce(&str) -> Answer + Send + 'static,
    until: Instant,
    is_wanted: &dyn Fn() -> bool,
) -> Result<u32, Unresolved> {
    ask((slot, &mut None::<LookUp<Infallible>>), name, look_up, until, is_wanted)
}

/// Starts a look-up that hangs, and gives it up.
fn given_up(slot: &mut Slot, name: &str) -> Sender<Answer> {
    let (end, look_up) = hanging();
    let looks = Cell::new(0);
    let twice = || looks.replace(looks.get() + 1) < 2;
    assert_eq!(ask_slot(slot, name, look_up, much_later(), &twice), Err(Unresolved::Abandoned));
    end
}

/// Waits until the look-up that hung has its answer.
fn wait_ended(slot: &Slot) {
    while slot.as_ref().is_some_and(|look_up| !look_up.has_ended()) {
        std::thread::yield_now();
    }
}

#[test]
fn an_address_is_itself_and_needs_no_look_up() {
    let mut resolver = Resolver::new();
    let mut own = |host: &str| resolver.addresses(host, Instant::now(), &|| false);
    assert_eq!(own("127.0.0.1"), Ok(vec![c"127.0.0.1".to_owned()]));
    assert_eq!(own("::1"), Ok(vec![c"::1".to_owned()]));
    assert_eq!(own("fe80:0::1%2"), Ok(vec![c"fe80::1%2".to_owned()]));
    assert_eq!(own("localhost"), Err(Unresolved::Abandoned));
    assert!(resolver.addresses.is_none(), "no thread was started");
}

#[test]
fn a_look_up_has_a_thread_of_its_own_with_a_name() {
    let look_up = |name: &str| {
        assert_eq!(name, "broker.example");
        Err(std::thread::current().name().unwrap_or_default().to_owned())
    };
    let result = ask_slot(&mut None, "broker.example", look_up, much_later(), &wanted);
    assert_eq!(result, Err(Unresolved::Failed("mqtt-resolve".to_owned())));
}

#[test]
fn a_look_up_that_hangs_is_abandoned_at_once() {
    let (_end, look_up) = hanging();
    let mut slot = None;
    let begin = Instant::now();
    let not_wanted_from = begin + Duration::from_millis(100);
    let result =
        ask_slot(&mut slot, "broker.example", look_up, much_later(), &|| Instant::now() < not_wanted_from);
    assert_eq!(result, Err(Unresolved::Abandoned));
    // 50 ms, and what a busy machine adds to it.
    assert!(not_wanted_from.elapsed() < Duration::from_millis(500), "{:?}", not_wanted_from.elapsed());
    assert!(slot.is_some(), "it hangs on");
}

#[test]
fn a_look_up_that_hangs_is_given_up_at_its_deadline() {
    let (_end, look_up) = hanging();
    let until = Instant::now() + Duration::from_millis(100);
    let result = ask_slot(&mut None, "broker.example", look_up, until, &wanted);
    assert_eq!(result, Err(Unresolved::Failed("the name server does not answer".to_owned())));
    assert!(until.elapsed() < Duration::from_millis(500), "{:?}", until.elapsed());
}

#[test]
fn the_same_question_gets_the_answer_of_the_look_up_that_hangs() {
    for answer in [Ok(7), Err("no".to_owned())] {
        let mut slot = None;
        let end = given_up(&mut slot, "broker.example");
        let looks = Cell::new(0);
        let second_look = || {
            if looks.replace(looks.get() + 1) == 1 {
                end.send(answer.clone()).expect("it hangs");
            }
            true
        };
        let result = ask_slot(&mut slot, "broker.example", never, much_later(), &second_look);
        assert_eq!(result, answer.map_err(Unresolved::Failed));
        assert!(slot.is_none());
    }
}

#[test]
fn another_question_waits_until_its_own_deadline_for_the_end_of_the_first() {
    let mut slot = None;
    let end = given_up(&mut slot, "first.example");
    let soon = || Instant::now() + Duration::from_millis(50);
    let no_answer = Err(Unresolved::Failed("the name server does not answer".to_owned()));
    assert_eq!(ask_slot(&mut slot, "second.example", never, soon(), &wanted), no_answer);
    let other_kind = ask((&mut None, &mut slot), "first.example", never, soon(), &wanted);
    assert_eq!(other_kind, no_answer);
    end.send(Ok(1)).expect("it hangs");
    assert_eq!(ask_slot(&mut slot, "second.example", |_| Ok(2), much_later(), &wanted), Ok(2));
}

#[test]
fn an_answer_that_came_too_late_is_used_for_the_next_attempt() {
    let mut slot = None;
    given_up(&mut slot, "broker.example").send(Ok(1)).expect("it hangs");
    wait_ended(&slot);
    assert_eq!(ask_slot(&mut slot, "broker.example", never, much_later(), &wanted), Ok(1));
}

#[test]
fn a_failure_that_came_too_late_is_not_used() {
    let mut slot = None;
    given_up(&mut slot, "broker.example").send(Err("no".to_owned())).expect("it hangs");
    wait_ended(&slot);
    assert_eq!(ask_slot(&mut slot, "broker.example", |_| Ok(2), much_later(), &wanted), Ok(2));
}

#[test]
fn a_look_up_that_panics_is_one_that_failed() {
    let result = ask_slot(&mut None, "broker.example", never, much_later(), &wanted);
    let why = "the look-up ended without an answer: the log says why";
    assert_eq!(result, Err(Unresolved::Failed(why.to_owned())));
}

#[test]
fn a_service_in_what_is_no_domain_says_so() {
    let error = Resolver::new().servers("_mqtt._tcp", "a\0b", much_later(), &wanted);
    let why = "\"_mqtt._tcp.a\\0b\" is no domain name";
    assert_eq!(error, Err(Unresolved::Failed(why.to_owned())));
}
