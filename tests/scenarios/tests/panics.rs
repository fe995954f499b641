//! A panic anywhere in the module is a CRIT line, and the switch lives on.

use scenarios::{Broker, Config, Switch, module_with_panics};

fn switch(place: &str, config: &Config) -> Switch {
    let environment = [("MOD_MOSQUITTO_PANIC", place)];
    let mut switch = Switch::start_module(module_with_panics(), &config.xml(), &[], &environment);
    load(&mut switch);
    switch
}

fn load(switch: &mut Switch) {
    let answer = switch.load_module();
    assert!(answer.contains("+OK") && !answer.contains("-ERR"), "{answer}");
}

fn check_alive(mut switch: Switch, line: &str) {
    let line = switch.wait_log(line);
    assert!(line.starts_with("[CRIT]") && line.contains(" at src/"), "{line}");
    assert!(switch.command("version").contains("FreeSWITCH"));
    let answer = switch.unload_module();
    assert!(answer.starts_with("+OK"), "{answer}");
    load(&mut switch);
    switch.shutdown();
}

#[test]
fn a_panic_in_the_event_callback() {
    let broker = Broker::start();
    let mut switch = switch("callback", &Config::all_events(broker.port()));
    switch.command("fire HEARTBEAT");
    check_alive(switch, "the event callback panicked: provoked in callback");
}

#[test]
fn a_panic_in_a_connections_thread() {
    let broker = Broker::start();
    let mut switch = switch("thread", &Config::all_events(broker.port()));
    switch.wait_status("state: failed: its thread panicked");
    check_alive(
        switch,
        "the thread of profile \"default\", connection \"broker1\" panicked: provoked in thread",
    );
}

#[test]
fn a_panic_in_an_api_command() {
    let mut switch = switch("api", &Config::default());
    let answer = switch.command("mosquitto status");
    assert!(answer.starts_with("-ERR the command failed"), "{answer}");
    check_alive(switch, "an API command panicked: provoked in api");
}

#[test]
fn a_panic_in_a_look_up() {
    let broker = Broker::start();
    let parameters =
        [("sections", "directory"), ("request_topic", "xml/request"), ("response_topic", "xml/answer")];
    let config = Config::default().connection("broker1", broker.port(), &[]).xml_binding("b", &parameters);
    let mut switch = switch("xml", &config);
    let answer = switch.command("xml_locate directory domain name example.com");
    assert_eq!(answer, "can't find anything\n");
    check_alive(switch, "a look-up in the XML panicked: provoked in xml");
}

#[test]
fn a_panic_in_a_logger() {
    let broker = Broker::start();
    let config = Config::default().connection("broker1", broker.port(), &[]);
    let mut switch = switch("logger", &config.logger("l", &[("topic", "log")]));
    switch.command("log WARNING x");
    check_alive(switch, "a logger panicked: provoked in logger");
}
