//! The order in which the servers of a domain are tried, RFC 2782.

use super::dns_message::Record;
use rand::Rng;
use rand::seq::SliceRandom;

/// A server of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Its name, without a dot at the end.
    pub name: String,
    /// Its port, 1 to 65535.
    pub port: u16,
}

/// Puts records in the order in which they are to be tried: lower priorities first, and those of one priority at random,
/// each with the chance that its weight gives it. Those that name no server, or no port, are left out.
pub fn order(mut records: Vec<Record>, random: &mut impl Rng) -> Vec<Server> {
    records.retain(|record| !record.target.is_empty() && record.port != 0);
    // "In any order", says the RFC: those of weight 0 among themselves have no other chance to be first.
    records.shuffle(random);
    // Those of weight 0 at the beginning of their priority.
    records.sort_by_key(|record| (record.priority, record.weight != 0));
    let mut servers = Vec::with_capacity(records.len());
    while let Some(first) = records.first() {
        let priority = first.priority;
        let same = records.iter().take_while(|record| record.priority == priority);
        let sum: u64 = same.map(|record| u64::from(record.weight)).sum();
        let chosen = choose(&records, random.random_range(0..=sum));
        let Record { target, port, .. } = records.remove(chosen);
        servers.push(Server { name: target, port });
    }
    servers
}

/// The first record at which the running sum of weights has reached this number.
fn choose(records: &[Record], number: u64) -> usize {
    let mut sum = 0;
    let reached = records.iter().position(|record| {
        sum += u64::from(record.weight);
        sum >= number
    });
    reached.unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand::rngs::StdRng;
    use std::collections::BTreeMap;

    const ROUNDS: u32 = 20_000;

    fn record(priority: u16, weight: u16, target: &str) -> Record {
        Record { priority, weight, port: 1883, target: target.to_owned() }
    }

    /// How often each order came, in 20,000 rounds with always the same random numbers.
    fn orders(records: &[Record]) -> BTreeMap<String, u32> {
        let mut random = StdRng::seed_from_u64(2782);
        let mut counts = BTreeMap::new();
        for _ in 0..ROUNDS {
            let servers = order(records.to_vec(), &mut random);
            let names: Vec<_> = servers.into_iter().map(|server| server.name).collect();
            *counts.entry(names.concat()).or_default() += 1;
        }
        counts
    }

    /// How often this one was first, of all rounds.
    fn first(counts: &BTreeMap<String, u32>, name: &str) -> f64 {
        let count: u32 =
            counts.iter().filter(|(order, _)| order.starts_with(name)).map(|(_, count)| count).sum();
        f64::from(count) / f64::from(ROUNDS)
    }

    fn near(share: f64, expected: f64) -> bool {
        (share - expected).abs() < 0.02
    }

    #[test]
    fn lower_priorities_come_first_whatever_the_weights() {
        let records = [record(20, 65_535, "c"), record(0, 0, "a"), record(10, 1, "b")];
        assert_eq!(orders(&records), BTreeMap::from([("abc".to_owned(), ROUNDS)]));
    }

    #[test]
    fn each_server_comes_first_as_often_as_its_weight_says() {
        let counts = orders(&[record(1, 10, "a"), record(1, 60, "b"), record(1, 30, "c")]);
        // Of the 101 numbers from 0 to 100 one more falls to whichever is at the beginning.
        for (name, share) in [("a", 0.1), ("b", 0.6), ("c", 0.3)] {
            assert!(near(first(&counts, name), share), "{name}: {counts:?}");
        }
        // Then the others share what is left: a and c, 10 to 30.
        let share = f64::from(counts["bac"]) / (first(&counts, "b") * f64::from(ROUNDS));
        assert!(near(share, 0.25), "{counts:?}");
        assert_eq!(counts.len(), 6);
    }

    #[test]
    fn weight_0_has_a_very_small_chance_beside_others_and_an_equal_one_among_its_like() {
        let counts = orders(&[record(1, 99, "a"), record(1, 0, "b")]);
        let share = first(&counts, "b");
        assert!(share > 0.005 && share < 0.015, "1 of 100: {counts:?}");
        let counts = orders(&[record(1, 0, "a"), record(1, 0, "b"), record(1, 0, "c")]);
        for name in ["a", "b", "c"] {
            assert!(near(first(&counts, name), 1.0 / 3.0), "{counts:?}");
        }
    }

    #[test]
    fn the_largest_weights_do_not_overflow() {
        let records: Vec<_> = (0..70_000).map(|_| record(1, 65_535, "x")).collect();
        let chosen = choose(&records, 65_535 * 70_000);
        assert_eq!(chosen, 69_999);
    }

    #[test]
    fn records_without_a_server_or_a_port_are_left_out() {
        let none = Record { port: 0, ..record(0, 0, "no-port") };
        let servers = order(vec![record(0, 0, ""), none, record(1, 0, "a")], &mut StdRng::seed_from_u64(1));
        assert_eq!(servers, [Server { name: "a".to_owned(), port: 1883 }]);
        assert_eq!(order(vec![record(0, 0, "")], &mut StdRng::seed_from_u64(1)), []);
    }
}
