//! The targets without libFuzzer: every seed, and inputs that are made from the seeds at random, always the same ones.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::fs;
use std::panic::catch_unwind;
use std::path::Path;
use targets::{TARGETS, Target};

/// Inputs for each target.
const ROUNDS: usize = 3_000;

struct Seed {
    file: String,
    data: Vec<u8>,
}

fn seeds(target: &str) -> Vec<Seed> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(target);
    let files =
        fs::read_dir(&folder).expect("the folder of the seeds").map(|entry| entry.expect("a file").path());
    let mut seeds: Vec<Seed> = files
        .map(|file| Seed { data: fs::read(&file).expect("a seed"), file: file.display().to_string() })
        .collect();
    seeds.sort_by(|a, b| a.file.cmp(&b.file));
    assert!(seeds.len() >= 10, "{} has {} seeds", folder.display(), seeds.len());
    seeds
}

/// What changes an input.
fn mutate(data: &mut Vec<u8>, other: &[u8], source: &mut StdRng) {
    let at = source.random_range(0..=data.len());
    let end = source.random_range(at..=data.len().min(at + 16));
    match source.random_range(0..6) {
        0 => data.insert(at, source.random()),
        1 => drop(data.drain(at..end)),
        2 => data.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << source.random_range(0..8)),
        3 => data.iter_mut().skip(at).take(1).for_each(|byte| *byte = source.random()),
        4 => {
            let copy = data[at..end].to_vec();
            let to = source.random_range(0..=data.len());
            data.splice(to..to, copy);
        }
        _ => {
            let from = source.random_range(0..=other.len());
            let to = source.random_range(from..=other.len().min(from + 40));
            data.splice(at..end, other[from..to].iter().copied());
        }
    }
}

fn replay(name: &str) {
    let target = TARGETS.iter().find(|(known, _)| *known == name).expect("a target").1;
    let seeds = seeds(name);
    for seed in &seeds {
        hold(target, &seed.data, &seed.file);
    }
    let mut source = StdRng::seed_from_u64(1);
    for round in 0..ROUNDS {
        let mut one = || &seeds[source.random_range(0..seeds.len())];
        let (seed, other) = (one(), one());
        let mut data = seed.data.clone();
        for _ in 0..source.random_range(1..8) {
            mutate(&mut data, &other.data, &mut source);
        }
        hold(target, &data, &format!("round {round}, made from {}", seed.file));
    }
}

fn hold(target: Target, data: &[u8], place: &str) {
    assert!(catch_unwind(|| target(data)).is_ok(), "{place}: {:?}", data.escape_ascii().to_string());
}

#[test]
fn configuration() {
    replay("configuration");
}

#[test]
fn command_line() {
    replay("command_line");
}

#[test]
fn inbound_command() {
    replay("inbound_command");
}

#[test]
fn serialiser() {
    replay("serialiser");
}

#[test]
fn shaping() {
    replay("shaping");
}
