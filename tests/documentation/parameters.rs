//! The tables of parameters in `docs/reference.md`: every parameter in its section and no others, with the defaults,
//! values and examples that `config::parse` knows.
//!
//! A row is `| name | meaning | default | values | example |`. A default in backticks is tried: whoever writes it into
//! the file changes nothing. So are a range of numbers (`1 to 65535`), each value in backticks, and the example.

use crate::markdown::{code, rows, section};
use crate::{must_be_empty, read};
use mod_mosquitto::config::{self, Config, VOCABULARY};

/// What stands around the parameter that is tried, so that its neighbours give no reason to complain.
fn surroundings(place: &str) -> Vec<(&'static str, &'static str)> {
    match place {
        "connection" => vec![
            ("host", "h"),
            ("protocol_version", "V5"),
            ("client_id", "c"),
            ("username", "u"),
            ("socks5_host", "p"),
            ("socks5_username", "u"),
            ("socks5_password", "p"),
        ],
        "tls" => vec![("support", "certificate")],
        "will" => vec![("topic", "x")],
        "publisher topic" => {
            vec![("connection_name", "broker1"), ("event", "ALL"), ("pattern", "x"), ("throttle", "10")]
        }
        "subscriber topic" => vec![("connection_name", "broker1"), ("pattern", "x")],
        "xml-binding" => vec![
            ("connection_name", "broker1"),
            ("sections", "directory"),
            ("request_topic", "request"),
            ("response_topic", "answer"),
        ],
        "logger" => vec![("connection_name", "broker1"), ("topic", "log")],
        _ => Vec::new(),
    }
}

/// A configuration in which the parameter has this value (`None`: is not set), and what is said about it.
fn with(place: &str, name: &str, value: Option<&str>) -> (Config, Vec<String>) {
    let param = |name: &str, value: &str| {
        let value = value.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
        format!("<param name=\"{name}\" value=\"{value}\"/>")
    };
    let around = surroundings(place).into_iter().filter(|(other, _)| *other != name);
    let mut params: String = around.map(|(name, value)| param(name, value)).collect();
    params.extend(value.map(|value| param(name, value)));
    let connection = |inside: &str| {
        format!("<profiles><profile name=\"p\"><connections>{inside}</connections></profile></profiles>")
    };
    let broker1 = "<connections><connection name=\"broker1\"><param name=\"host\" value=\"h\"/>\
                   <param name=\"protocol_version\" value=\"V5\"/></connection></connections>";
    let of = |list: &str, inside: &str| {
        format!(
            "<profiles><profile name=\"p\">{broker1}<{list}s><{list} name=\"x\">{inside}</{list}></{list}s>\
             </profile></profiles>"
        )
    };
    let topic = format!("<topics><topic name=\"t\">{params}</topic></topics>");
    let host = param("host", "h");
    let xml = match place {
        "settings" => format!("<settings>{params}</settings>"),
        "profile" => format!("<profiles><profile name=\"p\">{params}</profile></profiles>"),
        "connection" => connection(&format!("<connection name=\"c\">{params}</connection>")),
        "tls" | "will" => {
            connection(&format!("<connection name=\"c\">{host}<{place}>{params}</{place}></connection>"))
        }
        "publisher or subscriber" => of("publisher", &params),
        "publisher topic" => of("publisher", &topic),
        "subscriber topic" => of("subscriber", &topic),
        "xml-binding" | "logger" => format!(
            "<profiles><profile name=\"p\">{broker1}<{place}s><{place} name=\"x\">{params}</{place}></{place}s>\
             </profile></profiles>"
        ),
        _ => panic!(
            "config::VOCABULARY has a new place, {place:?}: say in tests/documentation/parameters.rs how it is written"
        ),
    };
    let (config, problems) = config::parse(&format!("<configuration>{xml}</configuration>")).expect("XML");
    (config, problems.iter().map(ToString::to_string).collect())
}

/// The row of each parameter: its place, its name, the default, the values, the example.
fn documented() -> Vec<(&'static str, String, [String; 3])> {
    let text = read("docs/reference.md");
    let mut all = Vec::new();
    for (place, _) in VOCABULARY {
        for row in rows(&section(&text, &format!("### {place}"))) {
            let [name, meaning, default, values, example] = row.as_slice() else {
                panic!("docs/reference.md, {place}: a row has {} cells and not 5: {row:?}", row.len());
            };
            assert!(!meaning.is_empty(), "docs/reference.md, {place}: {name} means nothing");
            let name = code(name).into_iter().next().expect("a name in backticks");
            all.push((place, name, [default, values, example].map(|cell| (*cell).to_owned())));
        }
    }
    all
}

#[test]
fn every_parameter_is_in_the_reference_and_no_other() {
    let documented = documented();
    let mut wrong = Vec::new();
    for (place, names) in VOCABULARY {
        let rows: Vec<_> = documented.iter().filter(|row| row.0 == place).map(|row| row.1.as_str()).collect();
        for name in names.iter().filter(|name| !rows.contains(name)) {
            wrong.push(format!(
                "docs/reference.md, \"### {place}\": add a row | `{name}` | meaning | default | values | example |"
            ));
        }
        for name in rows.iter().filter(|name| !names.contains(name)) {
            wrong.push(format!("docs/reference.md, \"### {place}\": there is no parameter `{name}`"));
        }
        for (at, name) in rows.iter().enumerate().filter(|(at, name)| rows[..*at].contains(name)) {
            wrong.push(format!("docs/reference.md, \"### {place}\": `{name}` is there twice (row {at})"));
        }
    }
    must_be_empty(wrong);
}

#[test]
fn to_set_a_parameter_to_its_documented_default_changes_nothing() {
    let mut wrong = Vec::new();
    for (place, name, [default, ..]) in documented() {
        for value in code(&default) {
            if with(place, &name, Some(&value)) != with(place, &name, None) {
                wrong.push(format!(
                    "docs/reference.md, \"### {place}\": {value:?} is not the default of `{name}`"
                ));
            }
        }
    }
    must_be_empty(wrong);
}

#[test]
fn the_documented_values_and_examples_are_taken_and_what_is_beyond_a_range_is_not() {
    let mut wrong = Vec::new();
    for (place, name, [_, values, example]) in documented() {
        let mut good = [code(&values), code(&example)].concat();
        let mut bad = Vec::new();
        for (first, last) in ranges(&values) {
            good.extend([first.to_string(), last.to_string()]);
            bad.extend([(first - 1).to_string(), (last + 1).to_string()]);
        }
        let problems = |value: &str| with(place, &name, Some(value)).1;
        for value in good {
            if let Some(problem) = problems(&value).first() {
                wrong.push(format!(
                    "docs/reference.md, \"### {place}\": `{name}` does not take {value:?}: {problem}"
                ));
            }
        }
        for value in bad.iter().filter(|value| problems(value).is_empty()) {
            wrong.push(format!("docs/reference.md, \"### {place}\": `{name}` takes {value:?} as well"));
        }
    }
    must_be_empty(wrong);
}

/// The ranges of numbers in a cell; one of bytes is a length.
fn ranges(cell: &str) -> Vec<(i64, i64)> {
    let words: Vec<_> = cell.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let range = |three: &[&str]| Some((three[0].parse().ok()?, three[2].parse().ok()?));
    let places = words.windows(3).enumerate().filter(|(_, three)| three[1] == "to");
    places
        .filter(|(at, _)| words.get(at + 3) != Some(&"bytes"))
        .filter_map(|(_, three)| range(three))
        .collect()
}
