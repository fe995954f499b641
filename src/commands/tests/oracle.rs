//! The same decisions once more, written down another way, on many random commands.
//!
//! The second implementation knows nothing of the first: it goes by regular cases, strings and recursion. Where it
//! sees something that it does not understand, it has no opinion.

use super::*;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

const ROUNDS: usize = 40_000;

const WORDS: [&str; 34] = [
    "bgapi",
    "BGAPI",
    "originate",
    "Originate",
    "expand",
    "xml_wrap",
    "encoded",
    "sched_api",
    "+1",
    "mosquitto",
    "uuid:a",
    "uuid:",
    "uuid:a/b",
    "status",
    "STATUS",
    "system",
    "System",
    "version",
    "uuid_kill",
    "1",
    "x",
    "'x",
    "y'",
    "a\\",
    "^^:x",
    "user/1",
    "USER/1",
    "user/1,user/2",
    "{a=b}user/1",
    "sofia/x|user/1",
    "&park()",
    "undef",
    "${z}",
    "&",
];
const BLANKS: [&str; 5] = [" ", " ", " ", "  ", "   "];
const PATTERNS: [&str; 16] = [
    "status",
    "system",
    "uuid_*",
    "uuid_kill 1",
    "uuid_kill *",
    "*",
    "bgapi",
    "expand",
    "xml_wrap",
    "sched_api",
    "originate",
    "mosquitto",
    "version x",
    "s*",
    "",
    "status x *",
];
const CALLS: [&str; 6] = ["user/*", "*", "sofia/*", "{}user/*", "user/* &park()", ""];

/// `*` by recursion.
fn star(pattern: &[char], text: &[char]) -> bool {
    match (pattern, text) {
        ([], _) => text.is_empty(),
        (['*', rest @ ..], _) => star(rest, text) || !text.is_empty() && star(pattern, &text[1..]),
        ([p, rest @ ..], [t, text @ ..]) => p == t && star(rest, text),
        _ => false,
    }
}

fn like(pattern: &str, text: &str) -> bool {
    star(&pattern.chars().collect::<Vec<_>>(), &text.chars().collect::<Vec<_>>())
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(ToOwned::to_owned).collect()
}

/// Whether any order of quoting could make other words of these.
fn tricky(text: &str) -> bool {
    text.contains(['\'', '"', '\\', '$', '^'])
}

/// Whether a list matches a plain call.
fn listed(list: &[String], call: &[String], fold: bool) -> bool {
    list.iter().any(|pattern| {
        let pattern = words(pattern);
        !pattern.is_empty()
            && pattern.len() <= call.len()
            && pattern.iter().zip(call).enumerate().all(|(at, (pattern, word))| {
                if at == 0 || fold {
                    like(&pattern.to_lowercase(), &word.to_lowercase())
                } else {
                    like(pattern, word)
                }
            })
    })
}

/// A random topic and a random payload.
fn random(random: &mut StdRng) -> (SubscriberTopic, String) {
    let mut some = |list: &[&str], most: usize| -> Vec<String> {
        let count = random.random_range(0..=most);
        (0..count).map(|_| list[random.random_range(0..list.len())].to_owned()).collect()
    };
    let (allow, deny, calls) = (some(&PATTERNS, 3), some(&PATTERNS[..6], 1), some(&CALLS, 2));
    let topic = SubscriberTopic {
        bgapi_authorized: random.random_bool(0.8),
        originate_authorized: random.random_bool(0.8),
        bgapi_allow: allow,
        bgapi_deny: deny,
        originate_allow: calls,
        ..SubscriberTopic::new("t")
    };
    let mut payload = WORDS[random.random_range(0..4)].to_owned();
    for _ in 0..random.random_range(0..8) {
        payload.push_str(BLANKS[random.random_range(0..BLANKS.len())]);
        payload.push_str(WORDS[random.random_range(0..WORDS.len())]);
    }
    (topic, payload)
}

/// Nothing runs that its topic does not allow, read as plainly as it can be.
#[test]
fn nothing_runs_against_its_topic() {
    let mut source = StdRng::seed_from_u64(1);
    let mut ran = 0;
    for _ in 0..ROUNDS {
        let (topic, payload) = random(&mut source);
        let Decision::Allowed(command) = decide(&Rules::new(&topic), &message(&payload)) else { continue };
        ran += 1;
        let said = format!("{payload} {topic:?}");
        let line = words(&command.api_line());
        match command.kind() {
            Kind::Bgapi => {
                assert!(topic.bgapi_authorized, "{said}");
                assert!(topic.bgapi_allow.is_empty() || listed(&topic.bgapi_allow, &line, false), "{said}");
                assert!(!listed(&topic.bgapi_deny, &line, true), "{said}");
            }
            Kind::Originate => assert!(topic.originate_authorized && line[0] == "originate", "{said}"),
            other => panic!("{other} {said}"),
        }
    }
    assert!(ran > ROUNDS / 50, "{ran}");
}

/// Call URLs put together from legs that are known: a call is placed if each of them is like the pattern.
#[test]
fn a_call_goes_where_its_legs_go() {
    const LEGS: [&str; 6] = ["user/1", "user/22", "sofia/gw/0900", "users/1", "User/1", "loopback/user/1"];
    const GROUPS: [&str; 4] = ["", "", "{a=b,c=user/1}", "{a={x}}{b='c d'}"];
    const OWN: [&str; 4] = ["", "", "[a=b,user/1]", "[a=b][c=d]"];
    const PATTERNS: [&str; 5] = ["user/*", "*", "user/1", "*/user/1", "s*"];
    let mut source = StdRng::seed_from_u64(5);
    let mut placed = 0;
    for _ in 0..ROUNDS {
        let pattern = PATTERNS[source.random_range(0..PATTERNS.len())];
        let mut url = GROUPS[source.random_range(0..GROUPS.len())].to_owned();
        let mut fits = true;
        for leg in 0..source.random_range(1..4) {
            match source.random_range(0..3) {
                _ if leg == 0 => {}
                0 => url.push(','),
                1 => url.push('|'),
                _ => url = format!("{url}:_:{}", GROUPS[source.random_range(0..GROUPS.len())]),
            }
            let address = LEGS[source.random_range(0..LEGS.len())];
            url = format!("{url}{}{address}", OWN[source.random_range(0..OWN.len())]);
            fits &= like(pattern, address);
        }
        let topic = topic(&[], &[], &[pattern]);
        assert_eq!(runs(&topic, &format!("originate {url} &park()")), fits, "{url} {pattern}");
        placed += usize::from(fits);
    }
    assert!(placed > 1_000, "{placed}");
}

/// Wrapped in commands that run commands, a denied command does not run, and neither does one that is not allowed.
#[test]
fn a_wrapper_never_helps() {
    const WRAPPERS: [&str; 10] = [
        "bgapi ",
        "bgapi uuid:w ",
        "BGAPI  ",
        "expand ",
        "expand uuid:w ",
        "xml_wrap ",
        "xml_wrap encoded ",
        "sched_api +1 none ",
        "mosquitto bgapi ",
        "mosquitto  bgapi uuid:w ",
    ];
    let mut source = StdRng::seed_from_u64(2);
    let mut refused = 0;
    for _ in 0..ROUNDS {
        let (topic, payload) = random(&mut source);
        let Some(line) = payload.strip_prefix("bgapi ") else { continue };
        let line = line.trim();
        // A job id is the sender's own business only at the top: below it belongs to the wrapper.
        // The "&" at the end of a sched_api is not of the command.
        let changed = line.is_empty()
            || line.starts_with("uuid:")
            || line.starts_with("encoded")
            || line.ends_with('&');
        if changed || !topic.bgapi_authorized {
            continue;
        }
        if runs(&topic, &format!("bgapi {line}")) {
            continue;
        }
        refused += 1;
        let mut wrapped = line.to_owned();
        for _ in 0..source.random_range(1..4) {
            wrapped.insert_str(0, WRAPPERS[source.random_range(0..WRAPPERS.len())]);
        }
        assert!(!runs(&topic, &format!("bgapi {wrapped}")), "{wrapped} {topic:?}");
    }
    assert!(refused > 1_000, "{refused}");
}

/// A plain command without wrappers: both implementations agree in both directions.
#[test]
fn a_plain_command_is_decided_alike() {
    let mut source = StdRng::seed_from_u64(3);
    let (mut allowed, mut refused) = (0, 0);
    for _ in 0..ROUNDS {
        let (mut topic, payload) = random(&mut source);
        topic.bgapi_authorized = true;
        let line = words(&payload);
        let (first, call) = line.split_first().unwrap();
        let wraps = |word: &String| {
            ["bgapi", "originate", "expand", "xml_wrap", "sched_api", "mosquitto"]
                .iter()
                .any(|name| word.eq_ignore_ascii_case(name))
        };
        if !first.eq_ignore_ascii_case("bgapi")
            || call.is_empty()
            || tricky(&payload)
            || payload.contains("uuid:")
        {
            continue;
        }
        if wraps(&call[0]) {
            continue;
        }
        let expected = !listed(&topic.bgapi_deny, call, true)
            && (topic.bgapi_allow.is_empty() || listed(&topic.bgapi_allow, call, false));
        assert_eq!(runs(&topic, &payload), expected, "{payload} {topic:?}");
        if expected { allowed += 1 } else { refused += 1 }
    }
    assert!(allowed > 1_000 && refused > 1_000, "{allowed} {refused}");
}

/// Bytes without sense are no reason to panic, and nothing of them runs on a topic that allows nothing.
#[test]
fn noise_is_harmless() {
    const SIGNS: &[u8] = b"{}[]<>|,:_'\\^=&$uidoraegnbp*/\xc3\xa4";
    let mut source = StdRng::seed_from_u64(4);
    let closed = Rules::new(&SubscriberTopic::new("t"));
    let open = Rules::new(&topic(&[], &[], &["{a}user/* *"]));
    for _ in 0..ROUNDS {
        let mut payload = WORDS[source.random_range(0..4)].as_bytes().to_vec();
        for _ in 0..source.random_range(0..40) {
            let byte = match source.random_range(0..4) {
                0 => source.random(),
                1 => b' ',
                _ => SIGNS[source.random_range(0..SIGNS.len())],
            };
            payload.push(byte);
        }
        let retained = source.random();
        let message = Inbound { payload: &payload, retained };
        assert!(!matches!(decide(&closed, &message), Decision::Allowed(_)), "{payload:?}");
        if let Decision::Allowed(command) = decide(&open, &message) {
            assert!(!retained && !command.api_line().contains(|c: char| c.is_control()));
            assert!(!command.bgapi_arguments("id").contains('\0'));
        }
    }
}
