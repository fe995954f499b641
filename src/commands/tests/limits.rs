//! How many, and how many at a time.

use super::*;
use crate::config::CommandRate;
use std::time::{Duration, Instant};

fn limited(rate: Option<(u32, u32)>, in_flight: u32, now: Instant) -> Limits {
    let topic = SubscriberTopic {
        command_rate: rate.map(|(per_second, burst)| CommandRate { per_second, burst }),
        command_max_in_flight: in_flight,
        ..SubscriberTopic::new("t")
    };
    Limits::new(&topic, now)
}

#[test]
fn without_limits_everything_is_admitted_and_nothing_is_kept() {
    let now = Instant::now();
    let mut limits = limited(None, 0, now);
    assert!((0..100_000).all(|_| limits.admit("a", now).is_ok()));
    assert_eq!((limits.in_flight(), limits.finished("a")), (None, false));
}

#[test]
fn a_storm_of_a_thousand_a_second_is_held_to_the_rate() {
    let start = Instant::now();
    let mut limits = limited(Some((50, 50)), 0, start);
    let at = |millisecond| start + Duration::from_millis(millisecond);
    let ran = (0..10_000).filter(|millisecond| limits.admit("a", at(*millisecond)).is_ok()).count();
    assert_eq!(ran, 50 + 499);
    assert_eq!(limits.admit("a", at(9_999)), Err(Reason::RateUsedUp { per_second: 50 }));
}

#[test]
fn a_burst_comes_after_a_pause_and_no_more_than_that() {
    let start = Instant::now();
    let mut limits = limited(Some((2, 5)), 0, start);
    let mut burst = |now| (0..100).filter(|_| limits.admit("a", now).is_ok()).count();
    assert_eq!(burst(start), 5);
    assert_eq!(burst(start + Duration::from_secs(1)), 2);
    assert_eq!(burst(start + Duration::from_millis(1_400)), 0);
    assert_eq!(burst(start + Duration::from_millis(1_500)), 1);
    assert_eq!(burst(start + Duration::from_secs(1_000_000_000)), 5);
}

#[test]
fn a_clock_that_goes_back_gives_nothing() {
    let start = Instant::now() + Duration::from_secs(10);
    let mut limits = limited(Some((1, 1)), 0, start);
    assert!(limits.admit("a", start).is_ok());
    assert!(limits.admit("a", start - Duration::from_secs(5)).is_err());
    assert!(limits.admit("a", start + Duration::from_millis(999)).is_err());
    assert!(limits.admit("a", start + Duration::from_secs(1)).is_ok());
}

#[test]
fn the_largest_rate_does_not_overflow() {
    let start = Instant::now();
    let mut limits = limited(Some((u32::MAX, u32::MAX)), 0, start);
    for seconds in [0, 1, 10_000_000_000] {
        assert!(limits.admit("a", start + Duration::from_secs(seconds)).is_ok());
    }
}

#[test]
fn so_many_run_at_a_time_until_one_ends() {
    let now = Instant::now();
    let mut limits = limited(None, 2, now);
    assert!(limits.admit("a", now).is_ok() && limits.admit("b", now).is_ok());
    assert_eq!(limits.admit("c", now), Err(Reason::TooManyInFlight { most: 2 }));
    assert!(!limits.finished("c"), "it never began");
    assert!(limits.finished("a") && !limits.finished("a"));
    assert!(limits.admit("c", now).is_ok());
    assert_eq!(limits.in_flight(), Some(2));
}

#[test]
fn jobs_of_the_same_id_are_counted_one_by_one() {
    let now = Instant::now();
    let mut limits = limited(None, 2, now);
    assert!(limits.admit("a", now).is_ok() && limits.admit("a", now).is_ok());
    assert!(limits.admit("a", now).is_err());
    assert!(limits.finished("a"));
    assert_eq!(limits.in_flight(), Some(1));
    assert!(limits.finished("a") && !limits.finished("a"));
}

#[test]
fn what_is_refused_for_one_limit_takes_nothing_from_the_other() {
    let now = Instant::now();
    let mut limits = limited(Some((1, 2)), 1, now);
    assert!(limits.admit("a", now).is_ok());
    assert_eq!(limits.admit("b", now), Err(Reason::TooManyInFlight { most: 1 }));
    assert!(limits.finished("a") && limits.admit("b", now).is_ok() && limits.finished("b"));
    assert_eq!(limits.admit("c", now), Err(Reason::RateUsedUp { per_second: 1 }));
    assert_eq!(limits.in_flight(), Some(0));
}
