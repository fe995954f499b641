//! The command line.

use std::time::Duration;

/// How long, and from which seed.
#[derive(Debug)]
pub struct Options {
    pub length: Duration,
    pub seed: u64,
}

impl Options {
    /// # Errors
    /// What is wrong with it.
    pub fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self { length: Duration::from_secs(15 * 60), seed: rand::random::<u32>().into() };
        while let Some(name) = arguments.next() {
            let value = arguments.next().ok_or_else(|| format!("{name} takes a number"))?;
            let number: u64 = value.parse().map_err(|_| format!("{name} {value}: not a number"))?;
            match name.as_str() {
                "--seconds" => options.length = Duration::from_secs(number),
                "--minutes" => options.length = Duration::from_secs(60 * number),
                "--seed" => options.seed = number,
                _ => return Err(format!("unknown argument {name}")),
            }
        }
        Ok(options)
    }
}
