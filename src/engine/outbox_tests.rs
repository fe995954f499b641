//! The outbox in every order of events that its threads can produce.

use super::message::{Message, Topic};
use super::outbox::{Outbox, Refusal, Settled, Window};
use super::testing::connection;
use crate::mqtt::{Error, Handed, MessageId, QoS};
use std::ffi::CString;
use std::sync::Arc;
use std::time::{Duration, Instant};

const WIDE: Window = Window { unacknowledged: 100, bytes: 10_000, acknowledged: 50, reserved: 0 };

fn topic(qos: QoS) -> Arc<Topic> {
    let pattern = CString::new("a/b").expect("no NUL");
    Arc::new(Topic::new(connection("test"), pattern, qos, false))
}

/// An outbox of a connection that is up, in which messages with these numbers wait.
fn outbox(window: Window, qos: QoS, numbers: std::ops::Range<u64>) -> Outbox {
    let mut outbox = Outbox::new(window);
    let topic = topic(qos);
    for sequence in numbers {
        outbox.push(Message::new(sequence, Arc::clone(&topic), vec![b'x'; 10].into()));
    }
    outbox.connected(None);
    outbox
}

/// Hands over what may be handed over, with the sequence as the id.
fn hand_over(outbox: &mut Outbox) -> Vec<u64> {
    let batch = outbox.begin(50).messages;
    let numbers = numbers(&batch);
    outbox.finish(batch.into_iter().map(taken).collect());
    numbers
}

fn taken(message: Message) -> (Message, Option<Handed>) {
    let id = MessageId(i32::try_from(message.sequence).expect("a small number"));
    (message, Some(Handed::Taken(id)))
}

fn not_connected(message: Message) -> (Message, Option<Handed>) {
    let id = MessageId(i32::try_from(message.sequence).expect("a small number"));
    (message, Some(Handed::NotConnected(id)))
}

fn numbers<'a>(messages: impl IntoIterator<Item = &'a Message>) -> Vec<u64> {
    messages.into_iter().map(|message| message.sequence).collect()
}

fn waiting(outbox: &mut Outbox) -> Vec<u64> {
    std::iter::from_fn(|| outbox.pop_oldest()).map(|message| message.sequence).collect()
}

#[test]
fn nothing_is_handed_over_before_the_connection_is_up() {
    let mut outbox = Outbox::new(WIDE);
    outbox.push(Message::new(1, topic(QoS::AtMostOnce), vec![].into()));
    assert!(outbox.begin(50).messages.is_empty());
    outbox.connected(None);
    assert_eq!(numbers(&outbox.begin(50).messages), [1]);
}

#[test]
fn what_is_confirmed_is_published_and_what_is_not_is_in_flight() {
    let mut outbox = outbox(WIDE, QoS::AtMostOnce, 0..3);
    assert_eq!(hand_over(&mut outbox), [0, 1, 2]);
    let confirmed = outbox.confirmed(MessageId(0), None);
    assert_eq!(confirmed.message.expect("a message").0.sequence, 0);
    assert_eq!((outbox.waiting(), outbox.in_flight()), (0, 2));
}

#[test]
fn a_confirmation_that_comes_before_the_id_is_known_counts() {
    let mut outbox = outbox(WIDE, QoS::AtMostOnce, 0..2);
    let batch = outbox.begin(50).messages;
    assert!(outbox.confirmed(MessageId(0), None).message.is_none());
    let settled = outbox.finish(batch.into_iter().map(taken).collect());
    assert_eq!(numbers(&settled.published), [0]);
    assert_eq!(outbox.in_flight(), 1);
}

#[test]
fn a_confirmation_of_someone_elses_message_is_nobodys() {
    let mut outbox = outbox(WIDE, QoS::AtMostOnce, 0..1);
    assert!(outbox.confirmed(MessageId(0), None).message.is_none());
    assert_eq!(hand_over(&mut outbox), [0]);
    assert_eq!(outbox.in_flight(), 1, "a confirmation from before the hand-over is not this message's");
}

#[test]
fn qos_0_in_flight_goes_back_to_the_head_in_order_when_the_connection_is_lost() {
    let mut outbox = outbox(WIDE, QoS::AtMostOnce, 0..3);
    hand_over(&mut outbox);
    outbox.push(Message::new(3, topic(QoS::AtMostOnce), vec![].into()));
    outbox.confirmed(MessageId(0), None);
    assert_eq!(outbox.lost().returned, 2);
    assert!(outbox.begin(50).messages.is_empty(), "the connection is down");
    assert_eq!(waiting(&mut outbox), [1, 2, 3]);
}

#[test]
fn qos_1_and_2_in_flight_stay_with_the_library() {
    for qos in [QoS::AtLeastOnce, QoS::ExactlyOnce] {
        let mut outbox = outbox(WIDE, qos, 0..3);
        hand_over(&mut outbox);
        assert_eq!(outbox.lost().returned, 0);
        assert_eq!((outbox.waiting(), outbox.in_flight()), (0, 3));
        outbox.connected(None);
        assert!(outbox.begin(50).messages.is_empty(), "never handed over twice");
        assert!(outbox.confirmed(MessageId(2), None).message.is_some());
    }
}

#[test]
fn a_loss_in_the_middle_of_a_hand_over_keeps_the_order() {
    let mut outbox = outbox(WIDE, QoS::AtMostOnce, 0..6);
    let first = outbox.begin(2).messages;
    outbox.finish(first.into_iter().map(taken).collect());
    let second = outbox.begin(2).messages;
    outbox.confirmed(MessageId(2), None);
    assert_eq!(outbox.lost().returned, 0, "not before the hand-over has ended");
    let settled = outbox.finish(second.into_iter().map(taken).collect());
    assert_eq!(numbers(&settled.published), [2], "written before the loss");
    assert_eq!(settled.returned, 3);
    assert_eq!(waiting(&mut outbox), [0, 1, 3, 4, 5]);
}

#[test]
fn a_publish_that_raced_with_the_loss_goes_back_at_qos_0_and_counts_as_in_flight_above() {
    let mut zero = outbox(WIDE, QoS::AtMostOnce, 0..3);
    let batch = zero.begin(50).messages;
    let mut answers: Vec<_> = batch.into_iter().map(not_connected).collect();
    answers[2].1 = None;
    let settled = zero.finish(answers);
    assert_eq!(settled.returned, 3);
    assert!(zero.begin(50).messages.is_empty(), "there is no connection, whatever the callbacks say later");
    assert_eq!(waiting(&mut zero), [0, 1, 2]);

    let mut one = outbox(WIDE, QoS::AtLeastOnce, 0..1);
    let batch = one.begin(50).messages;
    one.finish(batch.into_iter().map(not_connected).collect());
    assert_eq!((one.waiting(), one.in_flight()), (0, 1));
}

#[test]
fn a_message_that_is_refused_for_itself_is_gone_and_the_next_goes_on() {
    let mut outbox = outbox(WIDE, QoS::AtMostOnce, 0..2);
    let batch = outbox.begin(50).messages;
    let mut answers: Vec<_> = batch.into_iter().map(taken).collect();
    answers[0].1 = Some(Handed::Refused(Error::TooLarge));
    let Settled { refused, .. } = outbox.finish(answers);
    assert_eq!(refused.len(), 1);
    assert_eq!((refused[0].0.sequence, refused[0].1), (0, Refusal::Library(Error::TooLarge)));
    assert_eq!(outbox.in_flight(), 1);
}

#[test]
fn a_broker_that_refuses_a_message_does_not_publish_it() {
    let mut outbox = outbox(WIDE, QoS::AtLeastOnce, 0..2);
    let batch = outbox.begin(50).messages;
    outbox.confirmed(MessageId(0), Some(0x87));
    let settled = outbox.finish(batch.into_iter().map(taken).collect());
    assert_eq!(settled.refused[0].1, Refusal::Broker(0x87));
    let (message, refused) = outbox.confirmed(MessageId(1), Some(0x97)).message.expect("a message");
    assert_eq!((message.sequence, refused), (1, Some(0x97)));
    assert_eq!(outbox.in_flight(), 0);
}

#[test]
fn the_window_closes_by_count_and_by_bytes_and_opens_when_half_empty() {
    for window in [Window { unacknowledged: 4, ..WIDE }, Window { bytes: 40, ..WIDE }] {
        let mut outbox = outbox(window, QoS::AtMostOnce, 0..10);
        assert_eq!(hand_over(&mut outbox), [0, 1, 2, 3]);
        assert!(outbox.begin(50).messages.is_empty());
        assert!(!outbox.confirmed(MessageId(0), None).room, "not for every single message");
        assert!(outbox.confirmed(MessageId(1), None).room);
        assert_eq!(hand_over(&mut outbox), [4, 5]);
    }
}

#[test]
fn a_message_larger_than_the_window_goes_alone() {
    let mut outbox = outbox(Window { bytes: 5, ..WIDE }, QoS::AtMostOnce, 0..2);
    assert_eq!(hand_over(&mut outbox), [0]);
    assert!(outbox.begin(50).messages.is_empty());
    assert!(outbox.confirmed(MessageId(0), None).room);
    assert_eq!(hand_over(&mut outbox), [1]);
}

#[test]
fn qos_1_and_2_keep_to_send_maximum_and_to_what_the_broker_takes() {
    for (window, receive_maximum) in [(Window { acknowledged: 4, ..WIDE }, None), (WIDE, Some(4))] {
        let mut outbox = outbox(window, QoS::AtLeastOnce, 0..10);
        outbox.connected(receive_maximum);
        assert_eq!(hand_over(&mut outbox), [0, 1, 2, 3]);
        for acknowledged in 0..3 {
            assert!(outbox.begin(50).messages.is_empty());
            assert!(outbox.confirmed(MessageId(acknowledged), None).room);
            assert_eq!(hand_over(&mut outbox), [4 + u64::try_from(acknowledged).expect("a number")]);
        }
        assert_eq!((outbox.waiting(), outbox.in_flight()), (3, 4));
    }
    let mut outbox = outbox(Window { acknowledged: 8, ..WIDE }, QoS::AtLeastOnce, 0..20);
    assert_eq!(hand_over(&mut outbox).len(), 8);
    assert!(outbox.begin(50).messages.is_empty());
    assert!(!outbox.confirmed(MessageId(0), None).room, "of a larger window not for every single one");
    assert!(outbox.confirmed(MessageId(1), None).room);
}

#[test]
fn two_never_hand_over_at_once_and_the_second_one_is_told_when_he_may() {
    let mut outbox = outbox(Window { acknowledged: 2, ..WIDE }, QoS::AtLeastOnce, 0..4);
    assert_eq!(hand_over(&mut outbox), [0, 1]);
    assert!(outbox.begin(50).messages.is_empty());
    assert!(outbox.confirmed(MessageId(0), None).room);
    let batch = outbox.begin(50).messages;
    assert_eq!(numbers(&batch), [2]);
    assert!(outbox.begin(50).messages.is_empty(), "someone else is at it");
    assert!(!outbox.confirmed(MessageId(1), None).room, "whoever is at it goes on");
    assert!(outbox.finish(batch.into_iter().map(taken).collect()).wanted);
    let batch = outbox.begin(50).messages;
    assert_eq!(numbers(&batch), [3]);
    assert!(!outbox.finish(batch.into_iter().map(taken).collect()).wanted);
}

#[test]
fn messages_that_the_broker_acknowledges_do_not_fill_the_window_of_those_that_it_does_not() {
    let window = Window { unacknowledged: 1, acknowledged: 2, ..WIDE };
    let mut outbox = outbox(window, QoS::AtLeastOnce, 0..2);
    for sequence in 2..4 {
        outbox.push(Message::new(sequence, topic(QoS::AtMostOnce), vec![].into()));
    }
    assert_eq!(hand_over(&mut outbox), [0, 1, 2]);
    assert!(outbox.confirmed(MessageId(2), None).room);
    assert_eq!(hand_over(&mut outbox), [3]);
}

#[test]
fn nothing_overtakes_what_the_library_sends_again() {
    let mut outbox = outbox(WIDE, QoS::AtLeastOnce, 0..2);
    hand_over(&mut outbox);
    outbox.push(Message::new(2, topic(QoS::AtLeastOnce), vec![].into()));
    outbox.lost();
    outbox.connected(None);
    assert!(outbox.begin(50).messages.is_empty());
    assert!(!outbox.confirmed(MessageId(0), None).room);
    assert!(outbox.begin(50).messages.is_empty());
    assert!(outbox.confirmed(MessageId(1), None).room);
    assert_eq!(hand_over(&mut outbox), [2]);
}

#[test]
fn a_message_that_is_too_old_when_its_turn_comes_is_gone() {
    let mut outbox = outbox(WIDE, QoS::AtMostOnce, 1..1);
    let topic = topic(QoS::AtMostOnce);
    let ages = [None, Some(Duration::ZERO), Some(Duration::from_secs(3600)), Some(Duration::ZERO)];
    for (sequence, age) in (1..).zip(ages) {
        let message = Message::new(sequence, Arc::clone(&topic), vec![].into());
        outbox.push(Message { expires: age.map(|age| Instant::now() + age), ..message });
    }
    let batch = outbox.begin(50);
    assert_eq!((numbers(&batch.messages), batch.expired, outbox.waiting()), (vec![1, 3], 2, 0));
}

#[test]
fn a_part_of_the_window_can_be_kept_for_the_connections_own_messages() {
    for (acknowledged, receive_maximum, room) in [(5, None, 4), (5, Some(3), 2), (1, None, 1)] {
        let window = Window { acknowledged, reserved: 1, ..WIDE };
        let mut outbox = outbox(window, QoS::AtLeastOnce, 1..20);
        outbox.connected(receive_maximum);
        assert_eq!(hand_over(&mut outbox).len(), room, "{acknowledged} {receive_maximum:?}");
    }
}
