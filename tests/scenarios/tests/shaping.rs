//! What goes out, where to, and in which form: topics made of headers, conditions on them, payloads.

use scenarios::{Broker, Config, Received, Subscriber, Switch};

/// A configuration with one connection, `broker1`, and one topic, `t`, with these parameters beside its connection.
fn config(port: u16, parameters: &[(&str, &str)]) -> Config {
    let all = [&[("connection_name", "broker1")], parameters].concat();
    Config::default().connection("broker1", port, &[]).raw_topic("t", &all)
}

fn fire(switch: &mut Switch, what: &str) {
    assert_eq!(switch.command(&format!("fire {what}")), "+OK\n", "{what}");
}

fn topics(messages: &[Received]) -> Vec<&str> {
    messages.iter().map(|message| message.topic.as_str()).collect()
}

#[test]
fn an_event_goes_to_the_topic_that_its_headers_make() {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "#");
    let pattern = "fs/${event-name}/${Unique-ID|Job-UUID|none}/${Event-Subclass}";
    let parameters = [("pattern", pattern), ("event", "ALL"), ("qos", "1")];
    let mut switch = Switch::load(&config(broker.port(), &parameters));
    fire(&mut switch, "HEARTBEAT");
    fire(&mut switch, "CHANNEL_ANSWER Unique-ID=af3b Job-UUID=7");
    fire(&mut switch, "BACKGROUND_JOB Job-UUID=7");
    fire(&mut switch, "CUSTOM Event-Subclass=sofia::register Unique-ID=a/+#%b");
    fire(&mut switch, "CODEC Unique-ID[]=a Unique-ID[]=b");
    let messages = subscriber.take(5);
    assert_eq!(
        topics(&messages),
        [
            "fs/HEARTBEAT/none/-",
            "fs/CHANNEL_ANSWER/af3b/-",
            "fs/BACKGROUND_JOB/7/-",
            "fs/CUSTOM/a%2F%2B%23%25b/sofia::register",
            "fs/CODEC/ARRAY::a|:b/-",
        ]
    );
    assert_eq!(messages[1].header("Job-UUID"), "7");
    switch.wait_status("pattern: fs/${event-name}/");
    switch.wait_status("accepted: 5\n  published: 5\n  waiting: 0\n  dropped: 0 ");
    switch.shutdown();
    assert_eq!(subscriber.rest(), []);
}

#[test]
fn topics_with_and_without_a_template_get_the_same_event() {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "#");
    let config = config(broker.port(), &[("pattern", "a/${Tag}"), ("event", "HEARTBEAT")])
        .raw_topic("plain", &[("connection_name", "broker1"), ("pattern", "b"), ("event", "HEARTBEAT")]);
    let mut switch = Switch::load(&config);
    fire(&mut switch, "HEARTBEAT Tag=one");
    let messages = subscriber.take(2);
    assert_eq!(topics(&messages), ["a/one", "b"]);
    assert_eq!(messages[0].payload, messages[1].payload);
    assert_eq!(switch.account().accepted, 2);
}

#[test]
fn events_that_waited_for_the_broker_go_to_the_topics_that_they_had() {
    let mut broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "t/#");
    let parameters = [("pattern", "t/${Tag}"), ("event", "HEARTBEAT"), ("qos", "1")];
    let mut switch = Switch::load(&config(broker.port(), &parameters));
    switch.wait_connected("broker1");
    broker.kill();
    switch.wait_status("connection name: broker1 connected: False");
    for number in 0..20 {
        fire(&mut switch, &format!("HEARTBEAT Tag={number}"));
    }
    switch.pause();
    broker.restart();
    subscriber.wait_subscribed(2);
    switch.resume();
    let expected: Vec<String> = (0..20).map(|number| format!("t/{number}")).collect();
    assert_eq!(topics(&subscriber.take(20)), expected);
    switch.wait_status("accepted: 20\n  published: 20\n  waiting: 0\n  dropped: 0 ");
}

#[test]
fn a_wrong_template_leaves_its_topic_out_and_says_where() {
    let broker = Broker::start();
    let topic = |pattern| [("connection_name", "broker1"), ("event", "HEARTBEAT"), ("pattern", pattern)];
    let config = config(broker.port(), &[("pattern", "a/${Tag"), ("event", "HEARTBEAT")])
        .raw_topic("u", &topic("a//${Tag}"))
        .raw_topic("v", &topic("good/${Tag}"));
    let subscriber = Subscriber::start(broker.port(), "#");
    let mut switch = Switch::load(&config);
    let said = |topic, pattern, what| {
        let place = "profile \"default\", publisher \"pub\", topic";
        format!("{place} \"{topic}\": pattern \"{pattern}\" {what}, the topic is left out")
    };
    assert_eq!(
        switch.complaints(),
        [
            said("t", "a/${Tag", "has a ${ that is not closed at character 3"),
            said("u", "a//${Tag}", "has an empty level at character 3"),
        ]
    );
    fire(&mut switch, "HEARTBEAT Tag=x");
    assert_eq!(topics(&subscriber.take(1)), ["good/x"]);
}

/// The headers `Tag` of the messages.
fn tags(messages: &[Received]) -> Vec<String> {
    messages.iter().map(|message| message.header("Tag")).collect()
}

#[test]
fn an_event_goes_out_if_all_of_its_conditions_hold() {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "#");
    let parameters = [
        ("pattern", "t"),
        ("event", "HEARTBEAT"),
        ("filter", "to =~ ^1900"),
        ("filter", "Internal not exists"),
        ("filter_any", "Direction = in"),
        ("filter_any", "_body =~ (?i)urgent"),
    ];
    let unfiltered = [("connection_name", "broker1"), ("pattern", "all"), ("event", "HEARTBEAT")];
    let mut switch = Switch::load(&config(broker.port(), &parameters).raw_topic("all", &unfiltered));
    for (number, event) in [
        "To=19001 Direction=in",
        "To=21900 Direction=in",
        "To=19002 Direction=in Internal=1",
        "To=19003 Direction=out",
        "To=19004 Direction=out -- most URGENT",
        "Direction=in",
    ]
    .iter()
    .enumerate()
    {
        fire(&mut switch, &format!("HEARTBEAT Tag={number} {event}"));
    }
    let messages = subscriber.take(8);
    let (filtered, all): (Vec<_>, Vec<_>) = messages.into_iter().partition(|message| message.topic == "t");
    assert_eq!((tags(&filtered), all.len()), (vec!["0".to_owned(), "4".to_owned()], 6));
    switch.wait_status(
        "filter: to =~ ^1900\n\t\t  filter: Internal not exists\n\t\t  filter_any: Direction = in\n",
    );
    // What a topic does not want is not accepted for it.
    assert_eq!(switch.account().accepted, 8);
    switch.shutdown();
    assert_eq!(subscriber.rest(), []);
}

#[test]
fn everything_but_some_events_goes_out() {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "#");
    let parameters = [
        ("pattern", "t/${Event-Name}"),
        ("event", "ALL"),
        ("exclude_event", "HEARTBEAT"),
        ("exclude_event", "CUSTOM sofia::register"),
    ];
    let mut switch = Switch::load(&config(broker.port(), &parameters));
    for event in ["HEARTBEAT", "CUSTOM Event-Subclass=sofia::register", "CUSTOM Event-Subclass=a::b", "CODEC"]
    {
        fire(&mut switch, event);
    }
    assert_eq!(topics(&subscriber.take(2)), ["t/CUSTOM", "t/CODEC"]);
    switch.wait_status("exclude_event: HEARTBEAT\n\t\t  exclude_event: CUSTOM sofia::register\n");
    assert_eq!(switch.account().accepted, 2);
    switch.shutdown();
    assert_eq!(subscriber.rest(), []);
}

#[test]
fn each_topic_gets_the_event_in_its_form() {
    let broker = Broker::start();
    let subscriber = Subscriber::start(broker.port(), "#");
    let mut config = Config::default().connection("broker1", broker.port(), &[]);
    let forms: [(&str, &[(&str, &str)]); 7] = [
        ("json", &[]),
        ("typed", &[("payload", "json-typed")]),
        ("plain", &[("payload", "plain")]),
        ("body", &[("payload", "body")]),
        ("some", &[("headers", "event-*"), ("headers", "_body"), ("headers_exclude", "*-sequence")]),
        ("few", &[("payload", "plain"), ("headers", "Count")]),
        ("same", &[("payload", "json-typed")]),
    ];
    for (name, parameters) in forms {
        let all = [&[("connection_name", "broker1"), ("event", "HEARTBEAT"), ("pattern", name)], parameters];
        config = config.raw_topic(name, &all.concat());
    }
    let mut switch = Switch::load(&config);
    fire(&mut switch, "HEARTBEAT Count=12 'Up=0 years: 50%' L[]=1 L[]=b -- hello");
    let mut messages = subscriber.take(7);
    messages.sort_by(|a, b| a.topic.cmp(&b.topic));
    let payload = |name: &str| {
        let message = messages.iter().find(|message| message.topic == name).expect(name);
        String::from_utf8(message.payload.clone()).expect("UTF-8").replace("\"Event-Sequence\":", "\"S\":")
    };
    let sequence =
        messages.iter().find(|message| message.topic == "json").expect("it").header("Event-Sequence");
    let rest = r#""Up":"0 years: 50%","L":["1","b"],"Content-Length":"5","_body":"hello"}"#;
    let head = r#"{"Event-Name":"HEARTBEAT","#;
    assert_eq!(payload("json"), format!(r#"{head}"S":"{sequence}","Count":"12",{rest}"#));
    let rest = r#""Up":"0 years: 50%","L":[1,"b"],"Content-Length":5,"_body":"hello"}"#;
    assert_eq!(payload("typed"), format!(r#"{head}"S":{sequence},"Count":12,{rest}"#));
    assert_eq!(payload("same"), payload("typed"));
    assert_eq!(
        payload("plain"),
        format!(
            "Event-Name: HEARTBEAT\nEvent-Sequence: {sequence}\nCount: 12\nUp: 0%20years%3A%2050%25\n\
             L: ARRAY%3A%3A1%7C%3Ab\nContent-Length: 5\n\nhello"
        )
    );
    assert_eq!(payload("body"), "hello");
    assert_eq!(payload("some"), r#"{"Event-Name":"HEARTBEAT","Content-Length":"5","_body":"hello"}"#);
    assert_eq!(payload("few"), "Count: 12\n\n");
    switch.wait_status("payload: plain\n\t\t  headers: Count\n");
}
