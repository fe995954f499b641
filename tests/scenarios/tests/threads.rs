//! The module's threads, as the kernel shows them.

use scenarios::{Broker, Config, Process, Switch, eventually, refused_port};

#[test]
fn each_connection_has_a_thread_with_its_name_in_the_kernels_15_characters() {
    let broker = Broker::start();
    let config = Config::default()
        .connection("broker-of-the-north", broker.port(), &[])
        .connection("b2", refused_port(), &[])
        .connection("off", broker.port(), &[("enable", "false")]);
    let xml = config.xml().replace("<profile name=\"default\">", "<profile name=\"main\">");
    let mut switch = Switch::load_xml(&xml, &[]);
    switch.wait_connected("broker-of-the-north");
    let ours = |switch: &Switch| Process::module_threads(switch.pid());
    // A thread gives itself its name, once it runs.
    eventually("the threads", || ours(&switch) == ["mqtt-dispatch", "mqtt:main/b2", "mqtt:main/broke"]);
    // One that is disabled has none until it is enabled.
    switch.command("mosquitto enable profile main connection off");
    let expected = ["mqtt-dispatch", "mqtt:main/b2", "mqtt:main/broke", "mqtt:main/off"];
    eventually("the threads", || ours(&switch) == expected);
    switch.unload_module();
    eventually("no threads", || ours(&switch).is_empty());
}

#[test]
fn connections_do_not_take_the_processor_from_threads_that_run() {
    let broker = Broker::start();
    let config =
        Config::default().connection("up", broker.port(), &[]).connection("down", refused_port(), &[]);
    let mut switch = Switch::load(&config);
    switch.wait_connected("up");
    let expected = [
        ("mqtt-dispatch", libc::SCHED_OTHER),
        ("mqtt:default/do", libc::SCHED_BATCH),
        ("mqtt:default/up", libc::SCHED_BATCH),
    ];
    eventually("the policies", || {
        let mut policies = Process::thread_policies(switch.pid());
        policies.retain(|(name, _)| name.starts_with("mqtt"));
        policies.iter().map(|(name, policy)| (name.as_str(), *policy)).eq(expected)
    });
}
