//! A `mosquitto.conf.xml` for a test: one profile named `default`, and others if they are asked for.

use std::fmt::Write;

/// What a test wants configured.
#[derive(Debug, Clone, Default)]
pub struct Config {
    settings: Vec<(String, String)>,
    profile: String,
    connections: String,
    topics: String,
    subscribers: String,
    others: String,
    more: String,
}

/// A publisher's topic.
#[derive(Debug, Clone)]
pub struct Topic<'a> {
    /// Its connection.
    pub connection: &'a str,
    /// What it publishes.
    pub events: &'a [&'a str],
    /// Where to.
    pub pattern: &'a str,
    /// How.
    pub qos: u8,
}

impl Config {
    /// One connection, `broker1`, to this port, and one topic, `test/events`, with all events at QoS 0.
    pub fn all_events(port: u16) -> Self {
        Self::events(port, &["ALL"], 0)
    }

    /// One connection, `broker1`, to this port, and one topic, `test/events`, with these events.
    pub fn events(port: u16, events: &[&str], qos: u8) -> Self {
        let topic = Topic { connection: "broker1", events, pattern: "test/events", qos };
        Self::default().connection("broker1", port, &[]).topic(&topic)
    }

    /// Adds a `<param>` of `<settings>`.
    pub fn setting(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds a `<param>` of the profile.
    pub fn profile_param(mut self, name: &str, value: &str) -> Self {
        self.profile.push_str(&params(&[(name, value)]));
        self
    }

    /// Adds a connection to 127.0.0.1.
    pub fn connection(self, name: &str, port: u16, params: &[(&str, &str)]) -> Self {
        self.connection_with(name, port, params, &[])
    }

    /// Adds a connection to 127.0.0.1 with these elements inside: `tls` or `will`, and their parameters.
    pub fn connection_with(
        mut self,
        name: &str,
        port: u16,
        params: &[(&str, &str)],
        inside: &[(&str, &[(&str, &str)])],
    ) -> Self {
        let port = port.to_string();
        let mut all =
            vec![("host", "127.0.0.1"), ("port", &port), ("keepalive", "5"), ("reconnect_delay", "1")];
        all.retain(|(name, _)| !params.iter().any(|(other, _)| other == name));
        all.extend(params);
        let mut text = self::params(&all);
        for (element, params) in inside {
            write!(text, "<{element}>{}</{element}>", self::params(params)).expect("text");
        }
        writeln!(self.connections, "<connection name=\"{name}\">{text}</connection>").expect("text");
        self
    }

    /// Adds a connection with more inside than parameters.
    pub fn raw_connection(mut self, xml: &str) -> Self {
        self.connections.push_str(xml);
        self
    }

    /// Adds a topic of the publisher `pub`.
    pub fn topic(mut self, topic: &Topic<'_>) -> Self {
        let qos = topic.qos.to_string();
        let mut all = vec![("connection_name", topic.connection), ("pattern", topic.pattern), ("qos", &qos)];
        all.extend(topic.events.iter().map(|event| ("event", *event)));
        writeln!(self.topics, "<topic name=\"{}\">{}</topic>", topic.pattern, params(&all)).expect("text");
        self
    }

    /// Adds a topic of the publisher `pub` with parameters that [`Topic`] does not have.
    pub fn raw_topic(mut self, name: &str, parameters: &[(&str, &str)]) -> Self {
        writeln!(self.topics, "<topic name=\"{name}\">{}</topic>", params(parameters)).expect("text");
        self
    }

    /// Adds a subscriber with these topics: the name, which is also the pattern, and parameters; `connection_name` is
    /// `broker1` unless they say otherwise, and so is `pattern`.
    pub fn subscriber(mut self, name: &str, topics: &[(&str, &[(&str, &str)])]) -> Self {
        let topics: String = topics.iter().fold(String::new(), |mut text, (name, parameters)| {
            let mut all = vec![("connection_name", "broker1"), ("pattern", *name)];
            all.retain(|(name, _)| !parameters.iter().any(|(other, _)| other == name));
            all.extend(*parameters);
            writeln!(text, "<topic name=\"{name}\">{}</topic>", params(&all)).expect("text");
            text
        });
        writeln!(self.subscribers, "<subscriber name=\"{name}\"><topics>{topics}</topics></subscriber>")
            .expect("text");
        self
    }

    /// Adds a profile of this name with all that the profile of `other` has.
    pub fn beside(mut self, name: &str, other: &Self) -> Self {
        self.others.push_str(&other.profile_xml(name));
        self
    }

    /// Adds an `<xml-binding>` of `broker1` with these parameters.
    pub fn xml_binding(self, name: &str, parameters: &[(&str, &str)]) -> Self {
        self.more("xml-binding", name, parameters)
    }

    /// Adds a `<logger>` of `broker1` with these parameters.
    pub fn logger(self, name: &str, parameters: &[(&str, &str)]) -> Self {
        self.more("logger", name, parameters)
    }

    fn more(mut self, what: &str, name: &str, parameters: &[(&str, &str)]) -> Self {
        let mut all = vec![("enable", "true"), ("connection_name", "broker1")];
        all.retain(|(name, _)| !parameters.iter().any(|(other, _)| other == name));
        all.extend(parameters);
        let params = params(&all);
        writeln!(self.more, "<{what}s><{what} name=\"{name}\">{params}</{what}></{what}s>").expect("text");
        self
    }

    /// The file's text.
    pub fn xml(&self) -> String {
        let enables = ["profiles", "publishers", "subscribers", "connections", "topics", "events"];
        let enables = enables.map(|what| (format!("enable-{what}"), "true".to_owned()));
        let all: Vec<_> =
            enables.iter().chain(&self.settings).map(|(n, v)| (n.as_str(), v.as_str())).collect();
        format!(
            "<configuration name=\"mosquitto.conf\" description=\"test\">\n<settings>{}</settings>\n<profiles>\n\
             {}{}</profiles>\n</configuration>\n",
            params(&all),
            self.profile_xml("default"),
            self.others,
        )
    }

    fn profile_xml(&self, name: &str) -> String {
        let Self { profile, connections, topics, subscribers, more, .. } = self;
        format!(
            "<profile name=\"{name}\">\n{profile}<connections>\n{connections}</connections>\n<publishers>\n\
             <publisher name=\"pub\"><topics>\n{topics}</topics></publisher>\n</publishers>\n\
             <subscribers>\n{subscribers}</subscribers>\n{more}</profile>\n"
        )
    }
}

fn params(params: &[(&str, &str)]) -> String {
    params.iter().fold(String::new(), |mut text, (name, value)| {
        writeln!(text, "<param name=\"{name}\" value=\"{value}\"/>").expect("text");
        text
    })
}
