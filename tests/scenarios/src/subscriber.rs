//! An MQTT client that shares no code with the module, as the one who listens.

use crate::wait::{PATIENCE, eventually};
use rumqttc::{Client, Event, Incoming, MqttOptions, NetworkOptions, Publish, QoS};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A message as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Its topic.
    pub topic: String,
    /// Its payload.
    pub payload: Vec<u8>,
    /// Its QoS.
    pub qos: u8,
    /// Whether the broker had kept it.
    pub retain: bool,
}

impl Received {
    /// A header of the event that the payload is.
    pub fn header(&self, name: &str) -> String {
        let event: serde_json::Value = serde_json::from_slice(&self.payload).expect("a payload of JSON");
        event[name].as_str().unwrap_or_default().to_owned()
    }
}

/// A subscriber; it connects again, and subscribes again, whenever it loses the broker.
pub struct Subscriber {
    client: Client,
    messages: Receiver<Received>,
    subscriptions: Arc<Mutex<usize>>,
}

impl Subscriber {
    /// Subscribes with a clean session.
    pub fn start(port: u16, filter: &str) -> Self {
        // Several of them may be on one broker.
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let id = format!("scenario-subscriber-{}", COUNT.fetch_add(1, SeqCst));
        let mut options = MqttOptions::new(id, "127.0.0.1", port);
        options.set_clean_session(true).set_max_packet_size(16 << 20, 16 << 20);
        // A broker that is stopped for a while keeps it: what is published meanwhile would pass it by.
        options.set_keep_alive(Duration::from_secs(60));
        let (client, mut connection) = Client::new(options, 100);
        let mut network = NetworkOptions::new();
        network.set_tcp_nodelay(true);
        connection.eventloop.set_network_options(network);
        let (sender, messages) = channel();
        let subscriptions = Arc::new(Mutex::new(0));
        let (count, subscribe, filter) = (Arc::clone(&subscriptions), client.clone(), filter.to_owned());
        std::thread::spawn(move || {
            for event in connection.iter() {
                match event {
                    Ok(Event::Incoming(Incoming::ConnAck(_))) => {
                        subscribe.subscribe(&filter, QoS::ExactlyOnce).expect("room for a subscribe");
                    }
                    Ok(Event::Incoming(Incoming::SubAck(_))) => *count.lock().expect("no panic") += 1,
                    Ok(Event::Incoming(Incoming::Publish(message))) => {
                        if sender.send(received(&message)).is_err() {
                            return;
                        }
                    }
                    Ok(_) => {}
                    Err(_) if Arc::strong_count(&count) == 1 => return,
                    Err(_) => std::thread::sleep(Duration::from_millis(20)),
                }
            }
        });
        let subscriber = Self { client, messages, subscriptions };
        subscriber.wait_subscribed(1);
        subscriber
    }

    /// Waits until it has subscribed so many times.
    pub fn wait_subscribed(&self, times: usize) {
        eventually("the subscriber is subscribed", || *self.subscriptions.lock().expect("no panic") >= times);
    }

    /// Waits for that many messages.
    ///
    /// # Panics
    /// If they do not come in time.
    pub fn take(&self, count: usize) -> Vec<Received> {
        let mut messages = Vec::with_capacity(count);
        let mut end = Instant::now() + PATIENCE;
        while messages.len() < count {
            let patience = end.saturating_duration_since(Instant::now());
            match self.messages.recv_timeout(patience) {
                Ok(message) => messages.push(message),
                Err(_) => panic!("{} of {count} messages came, then none for {PATIENCE:?}", messages.len()),
            }
            end = Instant::now() + PATIENCE;
        }
        messages
    }

    /// What the broker passes on before it passes on a message of this client's own: all that it had read by then.
    pub fn take_all_read(&self) -> Vec<Received> {
        const MARKER: &str = "test/marker";
        self.publish(MARKER, "");
        let mut messages = Vec::new();
        loop {
            match self.take(1).remove(0) {
                marker if marker.topic == MARKER => return messages,
                message => messages.push(message),
            }
        }
    }

    /// What has come and was not taken.
    pub fn rest(&self) -> Vec<Received> {
        self.messages.try_iter().collect()
    }

    /// Publishes, as another client of the broker.
    pub fn publish(&self, topic: &str, payload: &str) {
        self.send(topic, payload.as_bytes(), false);
    }

    /// Publishes such that it comes once to whoever subscribes at QoS 2.
    pub fn publish_once(&self, topic: &str, payload: &str) {
        self.client.publish(topic, QoS::ExactlyOnce, false, payload).expect("room for a message");
    }

    /// Publishes any bytes, for the broker to keep if `retain` says so.
    pub fn send(&self, topic: &str, payload: &[u8], retain: bool) {
        self.client.publish(topic, QoS::AtLeastOnce, retain, payload).expect("room for a message");
    }
}

impl Drop for Subscriber {
    fn drop(&mut self) {
        // The broker may be gone already.
        let _ = self.client.disconnect();
    }
}

fn received(message: &Publish) -> Received {
    Received {
        topic: message.topic.clone(),
        payload: message.payload.to_vec(),
        qos: message.qos as u8,
        retain: message.retain,
    }
}
