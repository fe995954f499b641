//! What a publisher's topic asks of an event beyond its name. Made from the configuration when the module is loaded, run
//! by the event callback.

use super::form::Form;
use crate::config;
use crate::header_names::{Found, HeaderNames};
use crate::shaping::{Check, Condition, Limiter, Template};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;

/// See the module's text. A topic that asks for nothing has none.
#[derive(Debug)]
pub struct Shape {
    /// The headers whose values are needed.
    pub names: HeaderNames,
    /// `pattern`, if it is a template.
    pub pattern: Option<Template>,
    /// `filter`: all of them must hold.
    all: Vec<Check>,
    /// `filter_any`: one of them must hold, if there is one.
    any: Vec<Check>,
    /// What is sent.
    pub form: Form,
    /// `throttle`
    throttle: Option<Throttle>,
}

#[derive(Debug)]
struct Throttle {
    limiter: Limiter,
    /// `throttle_key`
    key: Option<Template>,
    begin: Instant,
    throttled: AtomicU64,
}

impl Shape {
    /// What a topic's configuration asks for; `None`: nothing.
    ///
    /// # Errors
    /// What cannot be used, for the operator; the configuration has none of that.
    pub fn new(config: &config::PublisherTopic) -> Result<Option<Self>, String> {
        let mut names = HeaderNames::default();
        let pattern = Template::is_one(&config.pattern)
            .then(|| Template::parse_topic(&config.pattern, &mut names))
            .transpose()
            .map_err(|error| format!("pattern {error}"))?;
        let mut compile = |name: &str, conditions: &[Condition]| {
            let checks = conditions.iter().map(|condition| condition.compile(&mut names));
            checks.collect::<Result<Vec<_>, _>>().map_err(|error| format!("{name} {error}"))
        };
        let all = compile("filter", &config.filter)?;
        let any = compile("filter_any", &config.filter_any)?;
        let form = Form::new(config);
        let throttle = Throttle::new(config, &mut names)?;
        let asks = pattern.is_some() || !all.is_empty() || !any.is_empty() || throttle.is_some();
        if !asks && form == Form::default() {
            return Ok(None);
        }
        Ok(Some(Self { names, pattern, all, any, form, throttle }))
    }

    /// Whether one more with these values may go out now. If not, it is counted. `scratch` may hold anything.
    pub fn admits(&self, found: &Found<'_>, slots: &[usize], scratch: &mut Vec<u8>) -> bool {
        let Some(throttle) = &self.throttle else { return true };
        scratch.clear();
        if let Some(key) = &throttle.key {
            key.write(found, slots, scratch);
        }
        let is_admitted = throttle.limiter.admit(scratch, throttle.begin.elapsed());
        if !is_admitted {
            throttle.throttled.fetch_add(1, Relaxed);
        }
        is_admitted
    }

    /// How many events were held back by `throttle`; `None`: there is none.
    pub fn throttled(&self) -> Option<u64> {
        self.throttle.as_ref().map(|throttle| throttle.throttled.load(Relaxed))
    }

    /// Whether an event with these values is one of those that the topic wants.
    #[inline]
    pub fn wants(&self, found: &Found<'_>, slots: &[usize]) -> bool {
        self.all.iter().all(|check| check.holds(found, slots))
            && (self.any.is_empty() || self.any.iter().any(|check| check.holds(found, slots)))
    }
}

impl Throttle {
    fn new(config: &config::PublisherTopic, names: &mut HeaderNames) -> Result<Option<Self>, String> {
        let Some(rate) = config.throttle else { return Ok(None) };
        let key = config.throttle_key.as_ref().map(|key| Template::parse(key, names));
        let key = key.transpose().map_err(|error| format!("throttle_key {error}"))?;
        let limiter = Limiter::new(rate, key.is_some());
        Ok(Some(Self { limiter, key, begin: Instant::now(), throttled: AtomicU64::new(0) }))
    }
}
