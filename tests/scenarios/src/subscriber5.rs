//! What an MQTT 5 subscriber sees of a message beside its payload.

use crate::wait::PATIENCE;
use rumqttc::v5::mqttbytes::QoS;
use rumqttc::v5::mqttbytes::v5::{Publish, PublishProperties};
use rumqttc::v5::{Client, Event, Incoming, MqttOptions};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::{Receiver, channel};

/// A message as it arrived, MQTT 5 section 3.3.2.3.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received5 {
    /// Its topic.
    pub topic: String,
    /// Its payload.
    pub payload: Vec<u8>,
    /// Whether the broker had kept it.
    pub retain: bool,
    /// The content type.
    pub content_type: Option<String>,
    /// Whether the payload is said to be UTF-8.
    pub payload_format: Option<u8>,
    /// Seconds that are left of its life.
    pub expiry: Option<u32>,
    /// User properties, in their order.
    pub user_properties: Vec<(String, String)>,
    /// Correlation data.
    pub correlation: Option<Vec<u8>>,
}

impl Received5 {
    /// The value of a user property.
    pub fn user(&self, name: &str) -> Option<&str> {
        let mut pairs = self.user_properties.iter();
        pairs.find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// An MQTT 5 subscriber. It does not connect again.
pub struct Subscriber5 {
    client: Client,
    messages: Receiver<Received5>,
}

impl Subscriber5 {
    /// Subscribes with a clean session.
    pub fn start(port: u16, filter: &str) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let id = format!("scenario-subscriber5-{}", COUNT.fetch_add(1, SeqCst));
        let mut options = MqttOptions::new(id, "127.0.0.1", port);
        options.set_clean_start(true);
        let (client, mut connection) = Client::new(options, 10);
        client.subscribe(filter, QoS::ExactlyOnce).expect("room for a subscribe");
        let (sender, messages) = channel();
        let (subscribed, wait) = channel();
        std::thread::spawn(move || {
            for event in connection.iter().map_while(Result::ok) {
                let gone = match event {
                    Event::Incoming(Incoming::SubAck(_)) => subscribed.send(()).is_err(),
                    Event::Incoming(Incoming::Publish(message)) => sender.send(received(&message)).is_err(),
                    _ => false,
                };
                if gone {
                    return;
                }
            }
        });
        wait.recv_timeout(PATIENCE).expect("a subscription");
        Self { client, messages }
    }

    /// Publishes a question: where the answer is wanted, and what it is to carry.
    pub fn ask(&self, topic: &str, payload: &str, response_topic: &str, correlation: &[u8]) {
        let properties = PublishProperties {
            response_topic: Some(response_topic.to_owned()),
            correlation_data: Some(correlation.to_vec().into()),
            ..PublishProperties::default()
        };
        self.client
            .publish_with_properties(topic, QoS::AtLeastOnce, false, payload.to_owned(), properties)
            .expect("room for a message");
    }

    /// What has come and was not taken.
    pub fn rest(&self) -> Vec<Received5> {
        self.messages.try_iter().collect()
    }

    /// Waits for the next message.
    ///
    /// # Panics
    /// If none comes in time.
    pub fn next(&self) -> Received5 {
        self.messages.recv_timeout(PATIENCE).expect("a message")
    }
}

impl Drop for Subscriber5 {
    fn drop(&mut self) {
        // The broker may be gone already.
        let _ = self.client.disconnect();
    }
}

fn received(message: &Publish) -> Received5 {
    let properties = message.properties.clone().unwrap_or_default();
    Received5 {
        topic: String::from_utf8_lossy(&message.topic).into_owned(),
        payload: message.payload.to_vec(),
        retain: message.retain,
        content_type: properties.content_type,
        payload_format: properties.payload_format_indicator,
        expiry: properties.message_expiry_interval,
        user_properties: properties.user_properties,
        correlation: properties.correlation_data.map(|data| data.to_vec()),
    }
}
