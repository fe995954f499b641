//! What the words on a configuration are written with.

use crate::text::escape;
use std::fmt::{self, Display};

/// What is written of what is disabled.
pub const OFF: &str = "off (enable is false)";

/// Lines of text; names and values from outside cannot end one.
pub struct Lines<'a, 'f>(&'a mut fmt::Formatter<'f>);

impl<'a, 'f> Lines<'a, 'f> {
    /// Writes to this.
    pub fn new(f: &'a mut fmt::Formatter<'f>) -> Self {
        Self(f)
    }

    /// Writes one line.
    pub fn line(&mut self, indent: &str, text: impl Display) -> fmt::Result {
        writeln!(self.0, "{indent}{}", escape(&text.to_string()))
    }
}
