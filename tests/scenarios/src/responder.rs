//! Someone who answers requests for XML, as a client of the broker that shares no code with the module.

use crate::wait::PATIENCE;
use rumqttc::v5;
use rumqttc::{Client, Event, Incoming, MqttOptions, QoS};
use serde_json::Value;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};

/// Answers what comes to a topic, on a thread of its own, and keeps what was asked.
pub struct Responder {
    stop: Box<dyn Fn()>,
    requests: Arc<Mutex<Vec<Value>>>,
}

impl Responder {
    /// With MQTT 3.1.1: the answer goes where the request says; `None`: there is none.
    pub fn start(
        port: u16,
        topic: &str,
        mut answer: impl FnMut(&Value) -> Option<Vec<u8>> + Send + 'static,
    ) -> Self {
        let mut options = MqttOptions::new(id(), "127.0.0.1", port);
        options.set_clean_session(true).set_max_packet_size(16 << 20, 16 << 20);
        let (client, mut connection) = Client::new(options, 1000);
        client.subscribe(topic, QoS::ExactlyOnce).expect("room for a subscribe");
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (asked, replies) = (Arc::clone(&requests), client.clone());
        let (subscribed, wait) = channel();
        std::thread::spawn(move || {
            for event in connection.iter().map_while(Result::ok) {
                match event {
                    Event::Incoming(Incoming::SubAck(_)) => drop(subscribed.send(())),
                    Event::Incoming(Incoming::Publish(message)) => {
                        let request: Value =
                            serde_json::from_slice(&message.payload).expect("a request of JSON");
                        asked.lock().expect("no panic").push(request.clone());
                        if let Some(payload) = answer(&request) {
                            let to = request["response_topic"].as_str().expect("a response topic");
                            replies.try_publish(to, QoS::AtMostOnce, false, payload).expect("room");
                        }
                    }
                    _ => {}
                }
            }
        });
        wait.recv_timeout(PATIENCE).expect("a subscription");
        Self { stop: Box::new(move || drop(client.disconnect())), requests }
    }

    /// With MQTT 5, by its properties alone: the answer goes to the Response Topic, with the Correlation Data or, if
    /// `other_data`, with others.
    pub fn start_v5(port: u16, topic: &str, answer: &'static str, other_data: bool) -> Self {
        let mut options = v5::MqttOptions::new(id(), "127.0.0.1", port);
        options.set_clean_start(true);
        let (client, mut connection) = v5::Client::new(options, 100);
        client.subscribe(topic, v5::mqttbytes::QoS::ExactlyOnce).expect("room for a subscribe");
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (asked, replies) = (Arc::clone(&requests), client.clone());
        let (subscribed, wait) = channel();
        std::thread::spawn(move || {
            for event in connection.iter().map_while(Result::ok) {
                match event {
                    v5::Event::Incoming(v5::Incoming::SubAck(_)) => drop(subscribed.send(())),
                    v5::Event::Incoming(v5::Incoming::Publish(message)) => {
                        let request = serde_json::from_slice(&message.payload).expect("a request of JSON");
                        asked.lock().expect("no panic").push(request);
                        let asked = message.properties.expect("properties");
                        let to = asked.response_topic.expect("a response topic");
                        let data = asked.correlation_data.expect("correlation data");
                        let properties = v5::mqttbytes::v5::PublishProperties {
                            correlation_data: Some(if other_data { "other".into() } else { data }),
                            ..Default::default()
                        };
                        let qos = v5::mqttbytes::QoS::AtMostOnce;
                        replies
                            .try_publish_with_properties(to, qos, false, answer, properties)
                            .expect("room");
                    }
                    _ => {}
                }
            }
        });
        wait.recv_timeout(PATIENCE).expect("a subscription");
        Self { stop: Box::new(move || drop(client.disconnect())), requests }
    }

    /// What was asked so far.
    pub fn requests(&self) -> Vec<Value> {
        self.requests.lock().expect("no panic").clone()
    }
}

impl Drop for Responder {
    fn drop(&mut self) {
        (self.stop)();
    }
}

fn id() -> String {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    format!("scenario-responder-{}", COUNT.fetch_add(1, SeqCst))
}
