//! Any text after `mosquitto`: an answer of whole lines, and the effect that a second reading of the line expects.

use crate::switch::{NoEvents, Switch};
use mod_mosquitto::cli::{self, Context, complete};
use mod_mosquitto::config::{self, Config};
use mod_mosquitto::engine::Engine;
use mod_mosquitto::host::Host;
use mod_mosquitto::mqtt::Library;
use mod_mosquitto::text::escape;
use std::sync::{Arc, LazyLock};

/// No connection has a host: none is made.
const CONFIGURATION: &str = include_str!("command_line.xml");

/// What the secrets in it have in common.
const SECRET: &str = "5ec4e7";

/// The most commands of one input.
const MOST: usize = 8;

/// Read, initialised once: the engines of the inputs have less to do.
static CONFIG: LazyLock<(Config, Library)> = LazyLock::new(|| {
    let (config, problems) = config::parse(CONFIGURATION).expect("it is well-formed");
    assert!(problems.iter().all(|problem| problem.text.starts_with("host is not set")), "{problems:?}");
    (config, Library::init())
});

/// Runs the target: commands that are separated by NUL, which no command line can hold.
///
/// # Panics
/// An answer is not one, or a command does what it should not.
pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (config, _library) = &*CONFIG;
    let switch = Arc::new(Switch::default());
    let host: Arc<dyn Host> = Arc::<Switch>::clone(&switch);
    let engine = Engine::start(config, &host, |_| Box::new(NoEvents)).expect("a thread");
    let context = Context { settings: &config.settings, engine: &engine, host: &*switch, api_version: 5 };
    for line in text.split('\0').take(MOST) {
        let mut expected = Things::of(&engine);
        let words = words(line);
        let answer = cli::run(line, &context);
        let said = format!("{line:?} {answer:?}");
        assert!(answer.ends_with('\n') && !answer.contains('\0'), "{said}");
        // An answer may repeat what was typed, and of a control character its number, which may end in the secret's 5.
        let typed = words.iter().any(|word| word.contains(SECRET) || escape(word).contains(SECRET));
        assert!(!answer.contains(SECRET) || typed, "{said}");
        expected.change(&words);
        assert_eq!(Things::of(&engine), expected, "{said}");
        assert_eq!(switch.ran(), runs(line), "{said}");
        offers(line, &engine, &expected);
    }
}

/// What is enabled.
#[derive(Debug, PartialEq, Eq)]
struct Things(Vec<Thing>);

#[derive(Debug, PartialEq, Eq)]
struct Thing {
    profile: String,
    /// `profile`, `connection`, `publisher`, `subscriber`
    noun: &'static str,
    name: String,
    enabled: bool,
}

impl Things {
    fn of(engine: &Engine) -> Self {
        let mut things = Vec::new();
        for view in engine.view() {
            let mut add = |noun, name: &str, enabled| {
                let (profile, name) = (view.config.name.clone(), name.to_owned());
                things.push(Thing { profile, noun, name, enabled });
            };
            add("profile", "", view.config.enable);
            view.connections.iter().for_each(|one| add("connection", &one.config.name, one.config.enable));
            view.publishers.iter().for_each(|one| add("publisher", &one.config.name, one.config.enable));
            view.subscribers.iter().for_each(|one| add("subscriber", &one.config.name, one.config.enable));
        }
        Self(things)
    }

    /// What a command does to them, by the list of commands in the README.
    fn change(&mut self, words: &[String]) {
        let folded: Vec<String> = words.iter().map(|word| word.to_ascii_lowercase()).collect();
        let folded: Vec<&str> = folded.iter().map(String::as_str).collect();
        let (noun, name) = match folded[..] {
            [_, "profile", _] => ("profile", ""),
            [_, "profile", _, noun @ ("connection" | "publisher" | "subscriber"), _]
            | [_, "profile", _, noun @ "connection", _, "enable" | "disable"] => (noun, &*words[4]),
            _ => return,
        };
        let (command, last) = (folded[0], folded.last().copied());
        let this = |thing: &Thing| {
            thing.profile == words[2] && thing.noun == noun && (noun == "profile" || thing.name == name)
        };
        match (command, words.len()) {
            // No connection can be made here, and what cannot be made is not enabled.
            ("enable", 3 | 5) if noun != "connection" => self.set(this, true),
            ("disable", 3 | 5) => self.set(this, false),
            ("disconnect", 6) => self.set(this, last == Some("enable")),
            ("remove", 3) => self.0.retain(|thing| thing.profile != words[2]),
            ("remove", 5) => self.0.retain(|thing| !this(thing)),
            _ => {}
        }
    }

    fn set(&mut self, which: impl Fn(&Thing) -> bool, enabled: bool) {
        self.0.iter_mut().filter(|thing| which(thing)).for_each(|thing| thing.enabled = enabled);
    }
}

/// The words of a line: what is between blanks, quotes holding together.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() {
        let mut word = String::new();
        while let Some(next) = rest.chars().next().filter(|next| !next.is_whitespace()) {
            rest = &rest[next.len_utf8()..];
            if next == '\'' || next == '"' {
                let (inside, after) = rest.split_once(next).unwrap_or((rest, ""));
                word.push_str(inside);
                rest = after;
            } else {
                word.push(next);
            }
        }
        words.push(word);
        rest = rest.trim_start();
    }
    words
}

/// What FreeSWITCH is asked to run.
fn runs(line: &str) -> Vec<(String, String)> {
    let line = line.trim();
    let (first, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let rest = rest.trim();
    let runs = first.eq_ignore_ascii_case("bgapi") && !rest.is_empty();
    runs.then(|| ("bgapi".to_owned(), rest.to_owned())).into_iter().collect()
}

/// The tab key offers what is there, of the profile that the line names.
fn offers(line: &str, engine: &Engine, things: &Things) {
    let of = |noun: &str, name: fn(&Thing) -> &String, profile: Option<&String>| -> Vec<String> {
        let these = things.0.iter().filter(|thing| thing.noun == noun);
        let these = these.filter(|thing| noun == "profile" || Some(&thing.profile) == profile);
        these.map(|thing| name(thing).clone()).collect()
    };
    let words = words(line);
    let before = ["profile", "publish", "subscribe", "unsubscribe"];
    let mut after = words.iter().skip_while(|word| !before.iter().any(|one| word.eq_ignore_ascii_case(one)));
    let profile = after.nth(1);
    assert_eq!(complete::profiles(engine), of("profile", |thing| &thing.profile, None));
    assert_eq!(complete::connections(line, engine), of("connection", |thing| &thing.name, profile));
    assert_eq!(complete::publishers(line, engine), of("publisher", |thing| &thing.name, profile));
    assert_eq!(complete::subscribers(line, engine), of("subscriber", |thing| &thing.name, profile));
}
