//! Look-ups and log lines of an installed FreeSWITCH.

use super::LIMIT;
use scenarios::{Broker, Config, FreeSwitch, Responder, Subscriber, eventually};
use serde_json::Value;
use std::time::Instant;

const TOPICS: [(&str, &str); 2] = [("request_topic", "xml/request"), ("response_topic", "xml/answer")];

const DIRECTORY: &str = "<document type=\"freeswitch/xml\"><section name=\"directory\"><domain name=\"example.com\">\
    <groups><group name=\"all\"><users><user id=\"1000\"><params><param name=\"password\" value=\"secret\"/></params>\
    <variables><variable name=\"toll_allow\" value=\"local\"/></variables></user></users></group></groups></domain>\
    </section></document>";

const DIALPLAN: &str = "<document type=\"freeswitch/xml\"><section name=\"dialplan\"><context name=\"mqtt\">\
    <extension name=\"all\"><condition field=\"destination_number\" expression=\"^1234$\"><action application=\"answer\"/>\
    <action application=\"log\" data=\"WARNING from a call by MQTT\"/><action application=\"park\"/></condition></extension>\
    </context></section></document>";

const NOT_FOUND: &str = "<document type=\"freeswitch/xml\"><section name=\"result\"><result status=\"not found\"/>\
    </section></document>";

/// What is looked up is served for one domain and one context; for the domain `slow` there is never an answer.
fn answer(request: &Value) -> Option<Vec<u8>> {
    let text = match (request["section"].as_str()?, request["key_value"].as_str()?) {
        ("directory", "slow") => return None,
        ("directory", "example.com") => DIRECTORY,
        ("dialplan", _) if request["Caller-Context"] == "mqtt" => DIALPLAN,
        _ => NOT_FOUND,
    };
    Some(text.into())
}

fn start(port: u16, more: &[(&str, &str)]) -> FreeSwitch {
    let parameters: Vec<_> =
        [("sections", "directory|dialplan")].into_iter().chain(TOPICS).chain(more.iter().copied()).collect();
    let config = Config::default().connection("broker1", port, &[]).xml_binding("b", &parameters);
    let mut switch = FreeSwitch::load(&config.logger("l", &[("topic", "test/log"), ("level", "debug")]));
    switch.wait_status("subscription: subscribed");
    switch
}

fn look_ups(switch: &mut FreeSwitch) -> String {
    let status = switch.command("mosquitto status");
    status.lines().find(|line| line.contains("look-ups: ")).expect("look-ups").trim().to_owned()
}

#[test]
#[ignore = "needs an installed FreeSWITCH: scripts/test --freeswitch PREFIX runs it"]
fn a_user_and_a_dialplan_come_by_mqtt() {
    let broker = Broker::start();
    let responder = Responder::start(broker.port(), "xml/request", answer);
    let mut switch = start(broker.port(), &[]);
    let located = switch.command("xml_locate directory domain name example.com");
    println!("xml_locate directory domain name example.com\n{located}");
    assert!(
        located.contains("<domain name=\"example.com\">") && located.contains("id=\"1000\""),
        "{located}"
    );
    for (command, expected) in [
        ("user_exists id 1000 example.com", "true"),
        ("user_exists id 1000 example.org", "false"),
        ("user_data 1000@example.com param password", "secret"),
        ("user_data 1000@example.com var toll_allow", "local"),
        ("xml_locate directory domain name example.org", "can't find anything\n"),
    ] {
        let answer = switch.command(command);
        println!("{command}: {answer}");
        assert_eq!(answer, expected, "{command}");
    }
    let answer = switch.command("originate loopback/1234/mqtt &park()");
    let uuid = answer.strip_prefix("+OK ").unwrap_or_else(|| panic!("{answer}")).trim_end();
    assert_eq!(switch.command(&format!("uuid_exists {uuid}")), "true");
    switch.command("hupall");
    let requests = responder.requests();
    let of = |section: &str| requests.iter().filter(|one| one["section"] == section).count();
    assert!(of("directory") >= 5 && of("dialplan") >= 1, "{requests:#?}");
    let look_ups = look_ups(&mut switch);
    println!("{look_ups}");
    assert!(look_ups.contains("timeouts 0, refused 0, cached 0, not asked 0, late 0"), "{look_ups}");
    switch.shutdown();
}

#[test]
#[ignore = "needs an installed FreeSWITCH: scripts/test --freeswitch PREFIX runs it"]
fn an_unload_ends_the_look_ups_that_wait_and_a_timeout_is_no_answer() {
    let broker = Broker::start();
    let responder = Responder::start(broker.port(), "xml/request", answer);
    let mut switch = start(broker.port(), &[("timeout", "100")]);
    assert_eq!(switch.command("xml_locate directory domain name slow"), "can't find anything\n");
    assert!(look_ups(&mut switch).contains("timeouts 1, "));
    assert!(switch.unload_module().starts_with("+OK"));
    drop(switch);

    let mut switch = start(broker.port(), &[("timeout", "60000")]);
    let before = responder.requests().len();
    for _ in 0..20 {
        switch.command("bgapi xml_locate directory domain name slow");
    }
    eventually("all of them are asked", || responder.requests().len() >= before + 20);
    let begin = Instant::now();
    assert!(switch.unload_module().starts_with("+OK"));
    let time = begin.elapsed();
    println!("unload while 20 look-ups wait: {time:?}");
    assert!(time < LIMIT, "{time:?}");
    assert_eq!(switch.command("xml_locate directory domain name example.com"), "can't find anything\n");
    assert!(switch.load_module().ends_with("+OK\n"));
    switch.wait_status("subscription: subscribed");
    assert!(switch.command("xml_locate directory domain name example.com").contains("<domain"));
    switch.shutdown();
}

#[test]
#[ignore = "needs an installed FreeSWITCH: scripts/test --freeswitch PREFIX runs it"]
fn log_lines_come_to_a_subscriber_those_of_a_call_with_its_uuid_and_none_of_the_modules() {
    let broker = Broker::start();
    let _responder = Responder::start(broker.port(), "xml/request", answer);
    let subscriber = Subscriber::start(broker.port(), "test/log");
    let mut switch = start(broker.port(), &[]);
    switch.command("log WARNING hello from the console");
    switch.command("originate loopback/1234/mqtt &park()");
    let mut all: Vec<Value> = Vec::new();
    let text = |line: &Value| line["text"].as_str().expect("text").to_owned();
    while all.last().is_none_or(|line| text(line) != "from a call by MQTT") {
        all.push(serde_json::from_slice(&subscriber.take(1)[0].payload).expect("JSON"));
    }
    let call = all.last().expect("a line");
    let console = all.iter().find(|line| text(line) == "hello from the console").expect("the console's line");
    println!("{console}\n{call}\n{} lines", all.len());
    assert_eq!((&console["level"], &console["file"]), (&"warning".into(), &"mod_commands.c".into()));
    assert!(console.get("uuid").is_none() && console["line"].as_u64().is_some_and(|line| line > 0));
    assert_eq!(call["level"], "warning");
    assert_eq!(call["uuid"].as_str().map(str::len), Some(36), "{call}");
    assert!(all.iter().any(|line| line["level"] == "debug"));
    assert!(all.iter().all(|line| line["file"] != "mod_mosquitto"), "none of the module's own");
    switch.command("hupall");
    assert!(switch.unload_module().starts_with("+OK"));
    switch.command("log WARNING nobody listens");
    switch.shutdown();
}
