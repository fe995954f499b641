//! XML by MQTT: what FreeSWITCH looks up is asked of a client of the broker, and whatever goes wrong FreeSWITCH looks
//! elsewhere.

use scenarios::{Broker, Config, Process, Responder, SLOWNESS, Subscriber, Switch, eventually};
use std::time::{Duration, Instant};

const DIRECTORY: (&str, &str) = ("sections", "directory");
const REQUESTS: (&str, &str) = ("request_topic", "xml/request");
const ANSWERS: (&str, &str) = ("response_topic", "xml/answer");
/// Longer than any test waits.
const LONG: (&str, &str) = ("timeout", "60000");

const LOCATE: &str = "xml_locate directory domain name example.com";
const NOTHING: &str = "can't find anything\n";
const DOMAIN: &str = "<document type=\"freeswitch/xml\"><section name=\"directory\"><domain name=\"example.com\">\
    <user id=\"1000\"><params><param name=\"password\" value=\"secret\"/></params></user></domain></section></document>";
const NOT_FOUND: &str = "<document type=\"freeswitch/xml\"><section name=\"result\"><result status=\"not found\"/>\
    </section></document>";

/// A broker with the module, whose binding has these parameters besides.
fn start(more: &[(&str, &str)]) -> (Broker, Switch) {
    start_with(more, &[])
}

fn start_with(more: &[(&str, &str)], connection: &[(&str, &str)]) -> (Broker, Switch) {
    let broker = Broker::start();
    let parameters: Vec<_> = [DIRECTORY, REQUESTS, ANSWERS].into_iter().chain(more.iter().copied()).collect();
    let config = Config::default().connection("broker1", broker.port(), connection);
    let mut switch = Switch::load(&config.xml_binding("b", &parameters));
    switch.wait_status("subscription: subscribed");
    (broker, switch)
}

fn domain(_: &serde_json::Value) -> Option<Vec<u8>> {
    Some(DOMAIN.into())
}

fn count(switch: &mut Switch, what: &str) -> u64 {
    let status = switch.command("mosquitto status");
    let line = status.lines().find(|line| line.contains("look-ups: ")).expect("look-ups").to_owned();
    let (_, rest) = line.split_once(&format!("{what} ")).unwrap_or_else(|| panic!("{what} in {line}"));
    rest.split(',').next().and_then(|number| number.parse().ok()).expect("a number")
}

fn documents(switch: &mut Switch) -> String {
    let status = switch.command("status");
    status.split_whitespace().find(|word| word.starts_with("documents=")).expect("documents").to_owned()
}

#[test]
fn a_user_that_a_client_serves_is_found_and_the_request_says_what_is_looked_for() {
    let (broker, mut switch) = start(&[]);
    let responder = Responder::start(broker.port(), REQUESTS.1, domain);
    let found = switch.command(LOCATE);
    assert!(
        found.starts_with("<domain name=\"example.com\">") && found.contains("value=\"secret\""),
        "{found}"
    );
    let [request] = responder.requests().try_into().expect("one request");
    for (name, value) in [
        ("hostname", "mini-switch"),
        ("section", "directory"),
        ("tag_name", "domain"),
        ("key_name", "name"),
        ("key_value", "example.com"),
        ("Event-Name", "REQUEST_PARAMS"),
        ("tag_attr_val", "example.com"),
    ] {
        assert_eq!(request[name], value, "{name}");
    }
    let (id, to) = (request["id"].as_str().expect("text"), request["response_topic"].as_str().expect("text"));
    assert_eq!((id.len(), to), (36, format!("xml/answer/{id}").as_str()));
    assert_eq!((count(&mut switch, "requests"), count(&mut switch, "answers")), (1, 1));
    assert_eq!(documents(&mut switch), "documents=0", "the tree is the core's, and freed by it");
    // Another section is none of the binding's.
    assert_eq!(switch.command("xml_locate dialplan context name default"), NOTHING);
    assert_eq!(responder.requests().len(), 1);
    assert_eq!(switch.complaints(), [""; 0]);
    switch.shutdown();
}

#[test]
fn an_mqtt_5_responder_needs_the_properties_alone_and_must_answer_the_right_request() {
    let (broker, mut switch) = start_with(&[("qos", "1")], &[("protocol_version", "V5")]);
    let responder = Responder::start_v5(broker.port(), REQUESTS.1, DOMAIN, false);
    assert!(switch.command(LOCATE).starts_with("<domain"));
    assert_eq!(responder.requests().len(), 1);
    drop(responder);
    let _other = Responder::start_v5(broker.port(), REQUESTS.1, DOMAIN, true);
    assert_eq!(switch.command(LOCATE), NOTHING);
    switch.wait_log("the answer carries the correlation data of another request");
    assert_eq!(count(&mut switch, "refused"), 1);
}

#[test]
fn no_answer_in_time_is_no_answer_and_one_that_comes_late_is_counted() {
    let (broker, mut switch) = start(&[("timeout", "50")]);
    let subscriber = Subscriber::start(broker.port(), REQUESTS.1);
    for _ in 0..3 {
        assert_eq!(switch.command(LOCATE), NOTHING);
    }
    let line = switch.wait_log("no answer in 50 ms (timeout)");
    let place = "profile \"default\", xml-binding \"b\": 1 look-ups left to FreeSWITCH's next source";
    assert!(line.starts_with("[WARNING]") && line.contains(place) && !line.contains("example.com"), "{line}");
    assert_eq!(count(&mut switch, "timeouts"), 3);
    assert!(switch.complaints().len() <= 1 + SLOWNESS as usize, "one a second: {:?}", switch.complaints());
    subscriber.publish(&subscriber.take(1)[0].header("response_topic"), DOMAIN);
    eventually("the late answer is counted", || count(&mut switch, "late") == 1);
}

#[test]
fn nonsense_is_refused_and_said_and_freeswitch_looks_elsewhere() {
    let (broker, mut switch) = start(&[]);
    let nonsense = [
        (b"no".to_vec(), "is not well-formed XML"),
        (Vec::new(), "is empty"),
        (b"<html/>".to_vec(), "is not <document type=\"freeswitch/xml\">"),
        (b"<document \xFF".to_vec(), "is not UTF-8"),
        (vec![b'x'; 2 << 20], "has 2097152 bytes, more than 1048576"),
    ];
    let mut answers = nonsense.clone().map(|(payload, _)| payload).into_iter();
    let _responder = Responder::start(broker.port(), REQUESTS.1, move |_| answers.next());
    for (number, (_, said)) in (1..).zip(&nonsense) {
        assert_eq!(switch.command(LOCATE), NOTHING);
        assert_eq!(count(&mut switch, "refused"), number, "{said}");
    }
    switch.wait_log("the answer is not well-formed XML, line 1, column 1");
    assert_eq!(documents(&mut switch), "documents=0");
}

#[test]
fn not_found_is_an_answer_and_freeswitch_asks_the_next_source() {
    let (broker, mut switch) = start(&[("sections", "directory|configuration")]);
    let _responder = Responder::start(broker.port(), REQUESTS.1, |_| Some(NOT_FOUND.into()));
    assert_eq!(switch.command(LOCATE), NOTHING);
    assert_eq!((count(&mut switch, "answers"), count(&mut switch, "refused")), (1, 0));
    assert_eq!((switch.complaints(), documents(&mut switch).as_str()), (vec![], "documents=0"));
}

#[test]
fn nobody_is_asked_for_the_modules_own_configuration() {
    let (broker, mut switch) = start(&[("sections", "configuration"), LONG]);
    let responder = Responder::start(broker.port(), REQUESTS.1, |_| None);
    let own = switch.command("xml_locate configuration configuration name mosquitto.conf");
    assert!(own.starts_with("<configuration"), "{own}");
    let answer = switch.command("reload mod_mosquitto");
    assert!(answer.contains("+OK module loaded"), "{answer}");
    assert!(responder.requests().is_empty());
}

#[test]
fn while_there_is_no_broker_nobody_waits() {
    let (mut broker, mut switch) = start(&[LONG]);
    broker.kill();
    switch.wait_status("connected: False");
    assert_eq!(switch.command(LOCATE), NOTHING);
    switch.wait_log("there is no connection");
    assert_eq!((count(&mut switch, "not asked"), count(&mut switch, "requests")), (1, 0));
    broker.restart();
    switch.wait_status("subscription: subscribed");
    let _responder = Responder::start(broker.port(), REQUESTS.1, domain);
    assert!(switch.command(LOCATE).starts_with("<domain"));
}

#[test]
fn an_answer_counts_for_its_time_for_the_same_request_alone() {
    let (broker, mut switch) = start(&[("cache_time", "600")]);
    let responder = Responder::start(broker.port(), REQUESTS.1, domain);
    for _ in 0..5 {
        assert!(switch.command(LOCATE).starts_with("<domain"));
    }
    assert_eq!((responder.requests().len(), count(&mut switch, "cached")), (1, 4));
    assert_eq!(switch.command("xml_locate directory domain name example.org"), NOTHING);
    assert_eq!(responder.requests().len(), 2);
    // What was known is forgotten with the profile.
    switch.command("mosquitto disable profile default");
    switch.command("mosquitto enable profile default");
    switch.wait_status("subscription: subscribed");
    assert!(switch.command(LOCATE).starts_with("<domain"));
    assert_eq!(responder.requests().len(), 3);
}

#[test]
fn many_look_ups_at_once_get_each_its_own_answer() {
    const LOOK_UPS: usize = 200;
    let (broker, mut switch) = start(&[LONG]);
    let mut held = Vec::new();
    let subscriber = Subscriber::start(broker.port(), REQUESTS.1);
    for number in 0..LOOK_UPS {
        switch.command(&format!("xml_locate directory domain name d{number} &"));
    }
    held.extend(subscriber.take(LOOK_UPS));
    // The last one that asked is answered first.
    for request in held.iter().rev() {
        let name = request.header("key_value");
        let xml = DOMAIN.replace("example.com", &name);
        subscriber.publish(&request.header("response_topic"), &xml);
    }
    switch.command("wait-jobs");
    for number in 0..LOOK_UPS {
        switch.wait_log(&format!("name d{number}: <domain name=\"d{number}\">"));
    }
    assert_eq!(count(&mut switch, "answers"), LOOK_UPS as u64);
}

#[test]
fn unloading_and_disabling_end_the_waits_at_once() {
    let (broker, mut switch) = start(&[LONG]);
    let subscriber = Subscriber::start(broker.port(), REQUESTS.1);
    let look_up = |switch: &mut Switch, name: &str| {
        switch.command(&format!("xml_locate directory domain name {name} &"));
        assert_eq!(subscriber.take(1)[0].header("key_value"), name);
    };
    look_up(&mut switch, "disabled");
    switch.command("mosquitto disable profile default");
    switch.wait_log("name disabled: can't find anything");
    assert_eq!(switch.command(LOCATE), NOTHING, "a disabled profile is not asked");

    switch.command("mosquitto enable profile default");
    switch.wait_status("subscription: subscribed");
    look_up(&mut switch, "unloaded");
    let begin = Instant::now();
    let answer = switch.unload_module();
    assert!(answer.starts_with("+OK"), "{answer}");
    assert!(begin.elapsed() < SLOWNESS * Duration::from_millis(1500), "{:?}", begin.elapsed());
    switch.wait_log("name unloaded: can't find anything");
    assert!(switch.command("status").contains("searches=0 documents=0"));

    assert!(switch.load_module().contains("+OK"));
    switch.wait_status("subscription: subscribed");
    look_up(&mut switch, "removed");
    switch.command("mosquitto remove profile default");
    switch.wait_log("name removed: can't find anything");
    assert_eq!(switch.command(LOCATE), NOTHING);
    switch.shutdown();
}

#[test]
fn a_binding_that_is_not_enabled_asks_nobody() {
    let broker = Broker::start();
    let config = Config::default().connection("broker1", broker.port(), &[]);
    let config = config.xml_binding("b", &[("enable", "false"), DIRECTORY, REQUESTS, ANSWERS, LONG]);
    let mut switch = Switch::load(&config);
    switch.wait_connected("broker1");
    assert_eq!(switch.command(LOCATE), NOTHING);
    assert_eq!(count(&mut switch, "requests"), 0);
    switch.wait_status("subscription: not subscribed");
}

#[test]
fn while_the_broker_refuses_the_subscription_nobody_waits() {
    let broker = Broker::start_refusing();
    let config = Config::default().connection("broker1", broker.port(), &[]);
    let mut switch = Switch::load(&config.xml_binding("b", &[DIRECTORY, REQUESTS, ANSWERS, LONG]));
    switch.wait_status("subscription: refused by the broker (0x8");
    assert_eq!(switch.command(LOCATE), NOTHING);
    switch.wait_log("the subscription to its answers is refused by the broker (0x8");
    assert_eq!((count(&mut switch, "not asked"), count(&mut switch, "requests")), (1, 0));
}

#[test]
fn a_hundred_loads_with_a_binding_and_a_logger_leave_nothing_behind() {
    /// The allocator needs a few rounds until it has what it needs.
    const SETTLED: usize = 10;
    let broker = Broker::start();
    let _responder = Responder::start(broker.port(), REQUESTS.1, domain);
    let config = Config::default().connection("broker1", broker.port(), &[]);
    let config = config.xml_binding("b", &[DIRECTORY, REQUESTS, ANSWERS, LONG, ("cache_time", "60")]);
    let config = config.logger("l", &[("topic", "log"), ("level", "debug")]);
    let mut switch = Switch::start(&config.xml(), &[]);
    let mut early = None;
    for round in 0..100 {
        assert!(switch.load_module().contains("+OK"));
        switch.wait_status("subscription: subscribed");
        for _ in 0..5 {
            assert!(switch.command(LOCATE).starts_with("<domain"), "round {round}");
        }
        assert_eq!(count(&mut switch, "cached"), 4);
        assert!(switch.unload_module().starts_with("+OK"));
        assert!(switch.command("status").contains("searches=0 documents=0 loggers=0"));
        if round == SETTLED {
            early = Some(Process::look(switch.pid()));
        }
    }
    let early = early.expect("all rounds");
    // A thread that was joined is in /proc for a moment longer.
    eventually("threads and descriptors are where they were", || {
        let last = Process::look(switch.pid());
        last.threads <= early.threads && last.descriptors <= early.descriptors
    });
    let last = Process::look(switch.pid());
    assert!(last.mappings <= early.mappings + 20, "{early:?} {last:?}");
    assert!(last.resident_kb <= early.resident_kb + 1024, "{early:?} {last:?}");
    switch.shutdown();
}
