//! Console commands that fire events: `play`, `fire`, `fire-hex`, `storm`. Each runs on the thread that is given
//! the command and answers when it is done.

use crate::core::Core;
use crate::event::Event;
use crate::json;
use std::time::{Duration, Instant};

type Answer = Result<String, String>;

const DELIVERY: Duration = Duration::from_secs(600);

/// Waits until it is time for the next of `rate` events a second; 0: no waiting.
struct Pace {
    start: Instant,
    rate: u64,
    count: u64,
}

impl Pace {
    fn new(rate: u64) -> Self {
        Self { start: Instant::now(), rate, count: 0 }
    }

    fn next(&mut self) {
        self.count += 1;
        if let Some(due) = self.count.saturating_mul(1_000_000_000).checked_div(self.rate) {
            std::thread::sleep(Duration::from_nanos(due).saturating_sub(self.start.elapsed()));
        }
    }

    fn micros(&self) -> u128 {
        self.start.elapsed().as_micros()
    }
}

/// The argument at this place, or `default` if there are not so many.
pub fn number<T: std::str::FromStr>(args: &[&str], at: usize, default: T) -> Result<T, String> {
    args.get(at).map_or(Ok(default), |text| text.parse().map_err(|_| format!("{text} is not a number")))
}

/// The lines of a file.
pub fn lines(path: &str) -> Result<Vec<String>, String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{path}: {e}"))?;
    Ok(text.lines().map(str::to_owned).collect())
}

/// `play FILE [RATE [TIMES]]`
pub fn play(core: &Core, args: &str) -> Answer {
    let args: Vec<&str> = args.split_ascii_whitespace().collect();
    let path = *args.first().ok_or("FILE [RATE [TIMES]]")?;
    let (rate, times) = (number(&args, 1, 0)?, number(&args, 2, 1u64)?);
    let lines = lines(path)?;
    for (i, line) in lines.iter().enumerate().filter(|(_, line)| !line.is_empty()) {
        json::event(&core.events.names, line).map_err(|why| format!("{path}:{}: {why}", i + 1))?;
    }
    let mut pace = Pace::new(rate);
    for line in (0..times).flat_map(|_| &lines).filter(|line| !line.is_empty()) {
        if core.jobs.stopping() {
            break;
        }
        core.events.fire(json::event(&core.events.names, line)?);
        pace.next();
    }
    Ok(format!("+OK played={} us={}\n", pace.count, pace.micros()))
}

/// `storm N EVENT [HEADERS [VALUELEN [RATE]]]`
pub fn storm(core: &Core, args: &str) -> Answer {
    let args: Vec<&str> = args.split_ascii_whitespace().collect();
    if args.len() < 2 {
        return Err("N EVENT [HEADERS [VALUELEN [RATE]]]".to_owned());
    }
    let count = number(&args, 0, 0u64)?;
    let event_number = core.events.names.number(args[1]).ok_or_else(|| format!("no event {}", args[1]))?;
    let event_name = core.events.names.name(event_number);
    let headers: Vec<String> =
        (0..number(&args, 2, 120)?).map(|i| format!("variable_probe_{i:03}")).collect();
    let value = "v".repeat(number(&args, 3, 32)?);
    let mut pace = Pace::new(number(&args, 4, 0)?);
    while pace.count < count && !core.jobs.stopping() {
        let mut event = Event::new(event_number);
        event.add("Event-Name", event_name);
        event.add("Probe-Seq", pace.count.to_string());
        for name in &headers {
            event.add(name, &value);
        }
        core.events.fire(event);
        pace.next();
    }
    let fire_us = pace.micros();
    if !core.events.wait_delivered(DELIVERY) {
        return Err(format!("fired={} but not all delivered in {} s", pace.count, DELIVERY.as_secs()));
    }
    let n = pace.count;
    Ok(format!("+OK fired={n} delivered={n} fire_us={fire_us} total_us={}\n", pace.micros()))
}

/// `fire EVENT [NAME=VALUE]... [-- BODY]`
pub fn fire(core: &Core, args: &str) -> Answer {
    let (head, body) = match args.split_once(" -- ") {
        Some((head, body)) => (head, Some(body.replace("\\n", "\n"))),
        None => (args, None),
    };
    let words = split(head)?;
    let name = words.first().ok_or("EVENT [NAME=VALUE]... [-- BODY]")?;
    let number = core.events.names.number(name).ok_or_else(|| format!("no event {name}"))?;
    let mut event = Event::new(number);
    event.add("Event-Name", core.events.names.name(number));
    event.add("Event-Sequence", core.next_sequence());
    let mut lists: Vec<(&str, Vec<&str>)> = Vec::new();
    for word in &words[1..] {
        let (name, value) = word.split_once('=').ok_or_else(|| format!("{word}: NAME=VALUE"))?;
        if let Some(list) = name.strip_suffix("[]") {
            match lists.iter_mut().find(|(known, _)| *known == list) {
                Some((_, values)) => values.push(value),
                None => lists.push((list, vec![value])),
            }
            continue;
        }
        if name == "Event-Subclass" {
            event.set_subclass(value.as_bytes());
        }
        event.add(name, value);
    }
    for (name, values) in &lists {
        event.add_array(name.as_bytes(), values, None);
    }
    if let Some(body) = body {
        event.set_body(body.as_bytes());
    }
    core.events.fire(event);
    Ok("+OK\n".to_owned())
}

/// `fire-hex FILE [as=EVENT] CASE|all`
pub fn fire_hex(core: &Core, args: &str) -> Answer {
    const USAGE: &str = "FILE [as=EVENT] CASE|all";
    let (path, rest) = args.split_once(' ').ok_or(USAGE)?;
    let (name, case) = match rest.trim().strip_prefix("as=") {
        Some(rest) => rest.split_once(' ').ok_or(USAGE)?,
        None => ("CHANNEL_DATA", rest),
    };
    let (case, mut fired) = (case.trim(), 0);
    let number = core.events.names.number(name).ok_or_else(|| format!("no event {name}"))?;
    for (i, line) in lines(path)?.iter().enumerate() {
        let (this, event) = json::vector(line, number).map_err(|why| format!("{path}:{}: {why}", i + 1))?;
        if case == "all" || case == this {
            core.events.fire(event);
            fired += 1;
        }
    }
    if fired == 0 { Err(format!("{path}: no case {case}")) } else { Ok(format!("+OK fired={fired}\n")) }
}

/// Words at blanks; quotes of either kind keep blanks, and go.
fn split(text: &str) -> Result<Vec<String>, String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in text.chars() {
        match quote {
            Some(q) if c == q => quote = None,
            None if c == '\'' || c == '"' => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            None if c.is_ascii_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    quote.map_or(Ok(words), |q| Err(format!("{q} is not closed")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_keep_blanks() {
        assert_eq!(split("A  b='c d' \"e f\"='' g").unwrap(), ["A", "b=c d", "e f=", "g"]);
        assert!(split("a 'b").is_err());
    }

    #[test]
    fn a_rate_is_kept() {
        let mut pace = Pace::new(1000);
        (0..20).for_each(|_| pace.next());
        assert!(pace.micros() >= 20_000);
    }
}
