//! The soak: everything at once and at random, for as long as one likes, then the accounts. `scripts/soak` runs it, and
//! says what the options are.
//!
//! Actors play events, send commands by MQTT, type on the console, load and unload the module, and break the way to the
//! brokers, each on its own thread and each from its own random numbers: a seed decides what each of them does, and only
//! the clock how that meets with what the others do. The module is the real one, in one mini-switch, with real brokers.
//!
//! It runs twice in one process. What the first run leaves of threads, descriptors, mappings and memory is what the
//! second one has to leave.

mod actor;
mod caller;
mod faults;
mod lifetime;
mod loader;
mod log;
mod operator;
mod options;
mod player;
mod stage;
mod tally;
mod witness;
mod world;

use actor::{Actor, Alarm};
use options::Options;
use scenarios::{Process, eventually};
use stage::Stage;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::Duration;
use world::World;

/// How long the first run is: long enough for everything to have happened. Half of a soak that is shorter than twice
/// that.
const WARM_UP: Duration = Duration::from_secs(30);
/// What the C library may keep of ended threads: stacks and heaps.
const MAPPINGS: usize = 20;
/// How much more may be allocated at the end: what the C library keeps for each thread counts as allocated. A leak of
/// 100 bytes for each event, or of 200 kB for each load, shows within two minutes.
const HEAP_KB: usize = 2048;
/// How much more may be resident: gaps between what is allocated, which the C library cannot give back.
const RESIDENT_KB: usize = 32 * 1024;

fn main() -> ExitCode {
    let options = match Options::parse(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(error) => {
            eprintln!("soak: {error}");
            return 2.into();
        }
    };
    println!("soak: {} s, seed {}", options.length.as_secs(), options.seed);
    // What went wrong is printed where it happens.
    if catch_unwind(AssertUnwindSafe(|| soak(&options))).is_err() {
        println!("soak: FAILED, seed {}", options.seed);
        return 1.into();
    }
    println!("soak: {} s, seed {}: all well", options.length.as_secs(), options.seed);
    0.into()
}

fn soak(options: &Options) {
    let mut world = World::build();
    for broker in [&world.steady, &world.cut] {
        caller::keep_one(broker);
    }
    let stage = Stage::open(&world);
    run(&stage, &mut world, options);
    stage.close();
}

fn run(stage: &Stage, world: &mut World, options: &Options) {
    let _alarm = Alarm(stage);
    let warm_up = WARM_UP.min(options.length / 2);
    let (before, heap_before) = play(stage, world, warm_up, options.seed);
    println!("after the first {} s, unloaded: {before:?}, {heap_before} kB allocated", warm_up.as_secs());
    let (after, heap_after) = play(stage, world, options.length.saturating_sub(warm_up), !options.seed);
    println!("at the end, unloaded: {after:?}, {heap_after} kB allocated");
    assert!(after.mappings <= before.mappings + MAPPINGS, "more mappings: {before:?} {after:?}");
    assert!(heap_after <= heap_before + HEAP_KB, "more is allocated: {heap_before} kB, {heap_after} kB");
    assert!(after.resident_kb <= before.resident_kb + RESIDENT_KB, "more memory: {before:?} {after:?}");
    // A thread that was joined is in /proc for a moment longer.
    eventually("threads and descriptors are where they were", || {
        let now = Process::look(stage.pid());
        (now.threads, now.descriptors) == (before.threads, before.descriptors)
    });
}

/// All actors for so long, from the first load to the last unload; what is left then.
fn play(stage: &Stage, world: &mut World, length: Duration, seed: u64) -> (Process, usize) {
    stage.begin(length);
    let lifetime = loader::first(stage);
    let World { cut, cut_way, killed, killed_way, .. } = world;
    let (cut, cut_way, killed_way) = (&*cut, &*cut_way, &*killed_way);
    let lifetime = std::thread::scope(|scope| {
        let mut number = 0;
        let mut actor = |name: &'static str| {
            number += 1;
            Actor::new(stage, name, seed.wrapping_add(number))
        };
        let loader = actor("loader");
        for place in 0..stage::PLAYERS {
            actor("player").spawn(scope, move |actor| player::run(actor, place));
        }
        for _ in 0..2 {
            actor("operator").spawn(scope, operator::run);
        }
        actor("caller").spawn(scope, caller::run);
        actor("faults").spawn(scope, move |actor| faults::of_the_way(actor, cut, cut_way));
        actor("faults").spawn(scope, move |actor| faults::of_all_kinds(actor, killed, killed_way));
        actor("observer").spawn(scope, |actor| stage.observe(actor));
        let loader = loader.spawn(scope, move |actor| loader::run(actor, lifetime));
        loader.join().expect("the loader is well")
    });
    loader::last(stage, &lifetime);
    stage.check_commands();
    stage.settled()
}
