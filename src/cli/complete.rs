//! What the tab key offers: the names that exist right now.

use super::words::split;
use crate::engine::{Engine, ProfileView};

/// The names of all profiles.
pub fn profiles(engine: &Engine) -> Vec<String> {
    engine.view().into_iter().map(|profile| profile.config.name).collect()
}

/// The names of the connections of the profile that the line names.
pub fn connections(line: &str, engine: &Engine) -> Vec<String> {
    let profile = profile(line, engine).into_iter();
    profile.flat_map(|profile| profile.connections).map(|connection| connection.config.name).collect()
}

/// The names of its publishers.
pub fn publishers(line: &str, engine: &Engine) -> Vec<String> {
    let profile = profile(line, engine).into_iter();
    profile.flat_map(|profile| profile.publishers).map(|publisher| publisher.config.name).collect()
}

/// The names of its subscribers.
pub fn subscribers(line: &str, engine: &Engine) -> Vec<String> {
    let profile = profile(line, engine).into_iter();
    profile.flat_map(|profile| profile.subscribers).map(|subscriber| subscriber.config.name).collect()
}

fn profile(line: &str, engine: &Engine) -> Option<ProfileView> {
    let words = split(line);
    let before = ["profile", "publish", "subscribe", "unsubscribe"];
    let at = words.iter().position(|word| before.iter().any(|known| word.eq_ignore_ascii_case(known)))?;
    let name = words.get(at + 1)?;
    engine.view().into_iter().find(|profile| profile.config.name == *name)
}
