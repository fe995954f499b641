//! What may happen, at random.

use proptest::prelude::*;

/// A profile, connection, publisher or subscriber by its place in [`crate::world::WORLD`]; one place more than there
/// are is a name that nobody has.
pub type Place = usize;

/// What a console command is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The whole profile.
    Profile,
    /// A connection of it.
    Connection(Place),
    /// A publisher of it.
    Publisher(Place),
    /// A subscriber of it.
    Subscriber(Place),
}

/// What a broker does with who connects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// It lets everyone in.
    Accepts,
    /// It answers that it is unavailable.
    Refuses,
    /// It hangs up.
    HangsUp,
}

/// One thing that happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// `mosquitto enable` or `disable`
    Enable(bool, Place, Target),
    /// `mosquitto remove`
    Remove(Place, Target),
    /// `mosquitto connect`
    Connect(Place, Place),
    /// `mosquitto disconnect`, and whether it is enabled afterwards
    Disconnect(Place, Place, Option<bool>),
    /// The core fires this event of [`crate::world::EVENTS`].
    Fire(usize),
    /// The broker cuts all connections, and is in this mood from now on.
    Broker(usize, Mood),
    /// Someone publishes this message of [`crate::world::MESSAGES`] where the subscribers listen, at that broker.
    Message(usize, usize),
    /// This line of [`crate::world::LINES`] on the console.
    Line(usize),
}

/// What is down from the start: the second profile, and the second connection of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Start {
    /// `enable` of the second profile.
    pub second_profile: bool,
    /// `enable` of the second connections.
    pub second_connections: bool,
    /// What each broker does.
    pub moods: [Mood; 2],
}

fn mood() -> impl Strategy<Value = Mood> {
    prop_oneof![3 => Just(Mood::Accepts), 1 => Just(Mood::Refuses), 1 => Just(Mood::HangsUp)]
}

/// How it begins.
pub fn start() -> impl Strategy<Value = Start> {
    (any::<bool>(), any::<bool>(), [mood(), mood()]).prop_map(
        |(second_profile, second_connections, moods)| Start { second_profile, second_connections, moods },
    )
}

/// Mostly a place that exists.
fn place() -> impl Strategy<Value = Place> {
    prop_oneof![8 => 0..2_usize, 1 => Just(2_usize)]
}

fn target() -> impl Strategy<Value = Target> {
    prop_oneof![
        1 => Just(Target::Profile),
        3 => place().prop_map(Target::Connection),
        2 => place().prop_map(Target::Publisher),
        2 => place().prop_map(Target::Subscriber),
    ]
}

/// One operation.
pub fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        6 => (any::<bool>(), place(), target()).prop_map(|(on, p, t)| Operation::Enable(on, p, t)),
        1 => (place(), target()).prop_map(|(p, t)| Operation::Remove(p, t)),
        3 => (place(), place()).prop_map(|(p, c)| Operation::Connect(p, c)),
        3 => (place(), place(), any::<Option<bool>>()).prop_map(|(p, c, on)| Operation::Disconnect(p, c, on)),
        12 => (0..crate::world::EVENTS.len()).prop_map(Operation::Fire),
        3 => (0..2_usize, mood()).prop_map(|(broker, mood)| Operation::Broker(broker, mood)),
        3 => (0..2_usize, 0..crate::world::MESSAGES.len()).prop_map(|(b, m)| Operation::Message(b, m)),
        1 => (0..crate::world::LINES.len()).prop_map(Operation::Line),
    ]
}
