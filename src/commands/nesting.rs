//! Commands that run the command in their arguments: each of them is a call of its own, to be judged like the first.
//!
//! Only what stands there as text is found. What `expand`, a script or a channel variable makes of its arguments is
//! known to nobody before it runs: see `everything`.

use super::Malformed;
use super::line::{split_job_id, split_word};
use super::originate::Originate;

/// The most calls within each other.
const MOST: usize = 8;

/// One API command that is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Call<'a> {
    /// Its name, in any case.
    pub name: &'a str,
    /// Its arguments, without blanks around them.
    pub arguments: &'a str,
    /// The arguments of an `originate`.
    pub originate: Option<Originate>,
}

/// The command, the one that it runs, the one that this one runs ...
pub(super) fn calls<'a>(name: &'a str, arguments: &'a str) -> Result<Vec<Call<'a>>, Malformed> {
    let mut calls = Vec::new();
    let mut next = Some((name, arguments));
    while let Some((name, arguments)) = next {
        if calls.len() == MOST {
            return Err(Malformed::TooDeep);
        }
        let originate = match name.eq_ignore_ascii_case("originate") {
            true => Some(Originate::read(arguments).map_err(Malformed::Originate)?),
            false => None,
        };
        calls.push(Call { name, arguments, originate });
        next = inner(name, arguments)?.map(split_word).filter(|(name, _)| !name.is_empty());
    }
    Ok(calls)
}

/// The line that a command runs, as mod_commands (and this module's own `mosquitto bgapi`) reads it.
fn inner<'a>(name: &str, arguments: &'a str) -> Result<Option<&'a str>, Malformed> {
    let is = |known: &str| name.eq_ignore_ascii_case(known);
    if is("bgapi") || is("expand") {
        let (_, line) = split_job_id(arguments)?;
        return Ok(Some(line));
    }
    let (first, rest) = split_word(arguments);
    if is("mosquitto") {
        // This module's console splits at any kind of blank.
        if arguments.contains(|c: char| c != ' ' && c.is_whitespace()) {
            return Err(Malformed::Blank);
        }
        if !first.eq_ignore_ascii_case("bgapi") {
            return Ok(None);
        }
        let (_, line) = split_job_id(rest)?;
        return Ok(Some(line));
    }
    if is("xml_wrap") {
        let encoded = first.eq_ignore_ascii_case("encoded") && !rest.is_empty();
        return Ok(Some(if encoded { rest } else { arguments }));
    }
    if is("sched_api") {
        // <time> <group> <command>: split at single blanks, so that a group may be empty.
        let line = arguments.splitn(3, ' ').nth(2);
        return Ok(line.map(|line| line.strip_suffix('&').unwrap_or(line)));
    }
    Ok(None)
}
