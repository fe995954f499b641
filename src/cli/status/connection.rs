//! A connection, in the answer to `mosquitto status`.

use super::{Page, account, user_properties};
use crate::config::{Socks5, Tls, Will};
use crate::engine::{ConnectionView, State};
use crate::text::escape;

const IN: &str = "\t\t";

/// Shows a connection.
pub(super) fn show(out: &mut Page, view: &ConnectionView) {
    let config = &view.config;
    let connected = if view.state == State::Connected { "True" } else { "False" };
    let sent = view.account.published;
    let name = &config.name;
    out.line("\t  ", format_args!("connection name: {name} connected: {connected} messages sent: {sent}"));
    out.field(IN, "state", &view.state);
    account(out, IN, &view.account);
    runtime(out, view);
    out.boolean(IN, "enable", config.enable);
    out.field(IN, "protocol_version", config.protocol_version);
    for host in &config.hosts {
        out.field(IN, "host", host);
    }
    out.field(IN, "port", config.port);
    out.field(IN, "connect_timeout", config.connect_timeout);
    out.optional(IN, "bind_address", config.bind_address.as_ref());
    out.boolean(IN, "srv", config.srv);
    socks5(out, config.socks5.as_ref());
    out.field(IN, "keepalive", config.keepalive);
    out.optional(IN, "username", config.username.as_ref());
    out.optional(IN, "password", config.password.as_ref());
    out.optional(IN, "password_file", config.password_file.as_ref());
    out.field(IN, "client_id", &view.client_id);
    out.boolean(IN, "clean_session", config.clean_session);
    out.field(IN, "retries", config.retries);
    out.field(IN, "max_inflight_messages", config.max_inflight_messages);
    out.optional(IN, "receive_maximum", config.receive_maximum);
    out.optional(IN, "send_maximum", config.send_maximum);
    out.optional(IN, "session_expiry", config.session_expiry);
    user_properties(out, IN, &config.user_properties);
    out.field(IN, "circuit_breaker_ms", config.circuit_breaker_ms);
    out.field(IN, "reconnect_delay", config.reconnect_delay);
    out.field(IN, "reconnect_delay_max", config.reconnect_delay_max);
    out.boolean(IN, "reconnect_exponential_backoff", config.reconnect_exponential_backoff);
    tls(out, &config.tls);
    will(out, &config.will);
}

/// What there is only because someone asked for it.
fn runtime(out: &mut Page, view: &ConnectionView) {
    for (filter, qos, grant) in &view.subscriptions {
        out.field(IN, "runtime_subscription", format_args!("{} qos {}: {grant}", escape(filter), *qos as u8));
    }
    let (fired, dropped) = view.events;
    if fired + dropped > 0 {
        out.field(IN, "events", format_args!("fired {fired}, dropped {dropped}"));
    }
}

fn socks5(out: &mut Page, proxy: Option<&Socks5>) {
    out.optional(IN, "socks5_host", proxy.map(|proxy| &proxy.host));
    let Some(proxy) = proxy else { return };
    out.field(IN, "socks5_port", proxy.port);
    out.optional(IN, "socks5_username", proxy.username.as_ref());
    out.optional(IN, "socks5_password", proxy.password.as_ref());
}

fn tls(out: &mut Page, tls: &Tls) {
    const IN: &str = "\t\t  ";
    out.line("\t\t", "tls");
    out.boolean(IN, "enable", tls.enable);
    out.optional(IN, "support", tls.support);
    out.field(IN, "port", tls.port.unwrap_or(0));
    out.optional(IN, "cafile", tls.cafile.as_ref());
    out.optional(IN, "capath", tls.capath.as_ref());
    out.optional(IN, "certfile", tls.certfile.as_ref());
    out.optional(IN, "keyfile", tls.keyfile.as_ref());
    out.optional(IN, "keyfile_password", tls.keyfile_password.as_ref());
    out.optional(IN, "keyfile_password_file", tls.keyfile_password_file.as_ref());
    out.optional(IN, "alpn", tls.alpn.as_ref());
    out.boolean(IN, "ocsp_required", tls.ocsp_required);
    out.boolean(IN, "insecure", tls.insecure);
    out.boolean(IN, "advanced_options", tls.advanced_options);
    out.field(IN, "cert_reqs", tls.cert_reqs);
    out.optional(IN, "version", tls.version);
    out.optional(IN, "opts_ciphers", tls.opts_ciphers.as_ref());
    out.optional(IN, "psk", tls.psk.as_ref());
    out.optional(IN, "psk_file", tls.psk_file.as_ref());
    out.optional(IN, "identity", tls.identity.as_ref());
    out.optional(IN, "psk_ciphers", tls.psk_ciphers.as_ref());
}

fn will(out: &mut Page, will: &Will) {
    const IN: &str = "\t\t  ";
    out.line("\t\t", "will");
    out.boolean(IN, "enable", will.enable);
    out.field(IN, "topic", &will.topic);
    out.field(IN, "payload", &will.payload);
    out.field(IN, "qos", will.qos);
    out.boolean(IN, "retain", will.retain);
    if let Some(birth) = &will.birth {
        out.field(IN, "birth_topic", &birth.topic);
        out.field(IN, "birth_payload", &birth.payload);
        out.field(IN, "birth_qos", birth.qos);
        out.boolean(IN, "birth_retain", birth.retain);
    }
    if let Some(farewell) = &will.farewell {
        out.field(IN, "farewell_payload", &farewell.payload);
    }
}
