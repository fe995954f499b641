//! What a publisher's topic asks of an event beyond its name. Made from the configuration when the module is loaded, run
//! by the event callback.

use super::form::Form;
use crate::config;
use crate::header_names::{Found, HeaderNames};
use crate::shaping::{Check, Condition, Template};

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
        if pattern.is_none() && all.is_empty() && any.is_empty() && form == Form::default() {
            return Ok(None);
        }
        Ok(Some(Self { names, pattern, all, any, form }))
    }

    /// Whether an event with these values is one of those that the topic wants.
    #[inline]
    pub fn wants(&self, found: &Found<'_>, slots: &[usize]) -> bool {
        self.all.iter().all(|check| check.holds(found, slots))
            && (self.any.is_empty() || self.any.iter().any(|check| check.holds(found, slots)))
    }
}
