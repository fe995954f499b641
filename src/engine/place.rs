//! Where a log line belongs.

/// Whose a log line is.
#[derive(Debug, Clone)]
pub struct Place {
    /// The place in the configuration: `profile "x", connection "y"`.
    pub text: String,
    /// The log target of the profile.
    pub target: String,
    /// log-details of the profile.
    pub details: bool,
}
