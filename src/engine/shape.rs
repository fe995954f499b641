//! What a publisher's topic asks of an event beyond its name. Made from the configuration when the module is loaded, run
//! by the event callback.

use crate::config;
use crate::header_names::HeaderNames;
use crate::shaping::Template;

/// See the module's text. A topic that asks for nothing has none.
#[derive(Debug)]
pub struct Shape {
    /// The headers whose values are needed.
    pub names: HeaderNames,
    /// `pattern`, if it is a template.
    pub pattern: Option<Template>,
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
        if pattern.is_none() {
            return Ok(None);
        }
        Ok(Some(Self { names, pattern }))
    }
}
