//! The client id that a connection shows to its broker.

use crate::config::ClientId;
use crate::host::Host;
use rand::Rng;
use rand::distr::Alphanumeric;

/// Makes the client id. `length` is unique-string-length.
pub fn client_id(wanted: &ClientId, length: usize, host: &dyn Host) -> String {
    let unique = |name: String| format!("{name}-{}", random(length));
    match wanted {
        ClientId::Random => random(length.clamp(8, 23)),
        ClientId::Hostname => host.hostname(),
        ClientId::Switchname => host.switchname(),
        ClientId::HostnameUnique => unique(host.hostname()),
        ClientId::SwitchnameUnique => unique(host.switchname()),
        ClientId::Literal(id) => id.clone(),
    }
}

/// Random characters of 0-9, a-z and A-Z.
fn random(length: usize) -> String {
    rand::rng().sample_iter(Alphanumeric).take(length).map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::testing::TestHost;

    #[test]
    fn a_client_id_is_made_of_what_it_names() {
        let id = |wanted: ClientId| client_id(&wanted, 6, &TestHost { is_1_11: true });
        assert_eq!(id(ClientId::Hostname), "host");
        assert_eq!(id(ClientId::Switchname), "switch");
        assert_eq!(id(ClientId::Literal("me".to_owned())), "me");
        for (wanted, start) in [(ClientId::HostnameUnique, "host-"), (ClientId::SwitchnameUnique, "switch-")]
        {
            let (one, other) = (id(wanted.clone()), id(wanted));
            assert!(one.starts_with(start) && one.len() == start.len() + 6, "{one}");
            assert!(one[start.len()..].chars().all(|c| c.is_ascii_alphanumeric()), "{one}");
            assert_ne!(one, other);
        }
        assert_eq!(id(ClientId::Random).len(), 8);
    }
}
