//! Console commands that call the bound callbacks directly, on the thread that is given the command: `measure` says
//! what they cost, `flood` gives a module as many events as it can take.
//!
//! The queue and the dispatch thread have no part in it: their cost is the stand-in's own. Events are made before
//! anything is timed.

use crate::api;
use crate::core::Core;
use crate::event::Event;
use crate::play::{lines, number};
use crate::timed::Timed;
use crate::{cstr, json};
use freeswitch_sys::switch_event_t;
use std::hint::black_box;
use std::time::{Duration, Instant};

type Answer = Result<String, String>;

/// How long a module may take to publish all that it was given.
const PATIENCE: Duration = Duration::from_secs(600);

/// `measure FILE ROUNDS [PAUSE_MS]`
pub fn measure(core: &Core, args: &str) -> Answer {
    let args: Vec<&str> = args.split_ascii_whitespace().collect();
    let path = *args.first().ok_or("FILE ROUNDS [PAUSE_MS]")?;
    let rounds: u32 = number(&args, 1, 10)?;
    let pause = Duration::from_millis(number(&args, 2, 0)?);
    let mut events = events(core, path)?;
    let (mut text, mut called, mut walked) = (String::new(), 0, 0);
    for round in 0..rounds {
        // What comes second finds the events in the processor's caches: they take turns.
        let before = (round % 2 == 0).then(|| walk_all(&events));
        let callbacks = core.events.call(&mut events);
        let walk = before.unwrap_or_else(|| walk_all(&events));
        (called, walked) = (callbacks.count, walk.count);
        text += &format!("round walk {walk} callback {callbacks}\n");
        std::thread::sleep(pause);
    }
    Ok(format!("{text}+OK events={} bytes={walked} calls={called}\n", events.len()))
}

/// `flood FILE COUNT MOST`
pub fn flood(core: &'static Core, args: &str) -> Answer {
    let args: Vec<&str> = args.split_ascii_whitespace().collect();
    if args.len() != 3 {
        return Err("FILE COUNT MOST".to_owned());
    }
    let (count, most): (usize, u64) = (number(&args, 1, 0)?, number(&args, 2, 0)?);
    let mut events = events(core, args[0])?;
    // Looking costs time as well: not at every event.
    let batch = (most as usize / 2).max(1);
    let (begin, mut given, mut calls) = (Instant::now(), 0, 0);
    while given < count && !core.jobs.stopping() {
        wait_for(core, most)?;
        let mut left = batch.min(count - given);
        while left > 0 {
            let at = given % events.len();
            let now = left.min(events.len() - at);
            calls += core.events.call(&mut events[at..at + now]).count;
            given += now;
            left -= now;
        }
    }
    let given_us = begin.elapsed().as_micros();
    wait_for(core, 0)?;
    Ok(format!(
        "+OK given={given} calls={calls} given_us={given_us} total_us={}\n",
        begin.elapsed().as_micros()
    ))
}

fn events(core: &Core, path: &str) -> Result<Vec<Event>, String> {
    let lines = lines(path)?;
    let events = lines.iter().filter(|line| !line.is_empty()).enumerate().map(|(at, line)| {
        json::event(&core.events.names, line).map_err(|why| format!("{path}:{}: {why}", at + 1))
    });
    let events: Vec<Event> = events.collect::<Result<_, _>>()?;
    if events.is_empty() { Err(format!("{path} has no events")) } else { Ok(events) }
}

/// Waits until at most so many messages wait in the module. Asking costs time that the module could use: ten times
/// as long as an answer takes, nothing is asked.
fn wait_for(core: &'static Core, most: u64) -> Result<(), String> {
    let end = Instant::now() + PATIENCE;
    loop {
        let begin = Instant::now();
        if waiting(core)? <= most {
            return Ok(());
        }
        if begin > end {
            return Err(format!(
                "more than {most} messages are still waiting after {} s",
                PATIENCE.as_secs()
            ));
        }
        std::thread::sleep((10 * begin.elapsed()).max(Duration::from_micros(500)));
    }
}

/// How many messages wait, as the module says.
fn waiting(core: &'static Core) -> Result<u64, String> {
    let answer = api::run(core, b"mosquitto status").ok_or("there is no command mosquitto")?;
    let answer = String::from_utf8_lossy(&answer);
    let found = answer.lines().find_map(|line| line.trim().strip_prefix("waiting: ")?.parse().ok());
    found.ok_or_else(|| "no line `waiting: N` in mosquitto status".to_owned())
}

/// The least that any module must do with each event; counts the bytes.
fn walk_all(events: &[Event]) -> Timed {
    let mut buffer = vec![0; 1 << 20];
    Timed::run(|| {
        events
            .iter()
            .map(|event| {
                // SAFETY: the event is alive, and nobody changes it meanwhile.
                let bytes = unsafe { walk(event.as_ptr(), &mut buffer) };
                black_box(&buffer);
                bytes
            })
            .sum()
    })
}

/// Copies the names and values of all headers, and the body, into the buffer, one after the other.
///
/// # Safety
/// The event is alive and nobody changes it.
unsafe fn walk(event: *const switch_event_t, buffer: &mut [u8]) -> usize {
    let mut used = 0;
    // SAFETY: by the caller's promise; the names, values and body of a living event are null or strings.
    unsafe {
        let mut copy = |text| {
            let text = cstr::bytes(text).unwrap_or_default();
            buffer[used..used + text.len()].copy_from_slice(text);
            used += text.len();
        };
        let mut next = (*event).headers;
        while let Some(header) = next.as_ref() {
            copy(header.name);
            copy(header.value);
            next = header.next;
        }
        copy((*event).body);
    }
    used
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_copies_every_name_and_value_and_the_body() {
        let mut event = Event::new(3);
        event.add("Name", "value");
        event.add_array(b"List", &["a", "b"], None);
        event.set_body(b"body");
        let mut buffer = [0; 64];
        // SAFETY: the event is alive.
        let used = unsafe { walk(event.as_ptr(), &mut buffer) };
        assert_eq!(&buffer[..used], b"NamevalueListARRAY::a|:bbody");
    }
}
