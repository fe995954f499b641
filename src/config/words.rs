//! The words of the configuration and the values that they stand for, both ways.

use std::fmt;

use super::{
    CertReqs, ClientId, ConnectionMode, EventSelector, Host, LogLevel, PayloadForm, ProtocolVersion, QoS,
    TlsSupport, TlsVersion, UserProperty, XmlSection,
};

impl LogLevel {
    /// Every level, the most severe first.
    pub const ALL: [Self; 8] = [
        Self::Console,
        Self::Alert,
        Self::Critical,
        Self::Error,
        Self::Warning,
        Self::Notice,
        Self::Info,
        Self::Debug,
    ];

    /// What the words are, for messages.
    pub(super) const CHOICES: &'static str =
        "one of debug, info, notice, warning, error, critical, alert, console";

    /// Its word, in lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Console => "console",
            Self::Alert => "alert",
            Self::Critical => "critical",
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Notice => "notice",
            Self::Info => "info",
            Self::Debug => "debug",
        }
    }

    /// The level of a word in any case; FreeSWITCH's `err`, `warn` and `crit` too.
    pub fn from_word(word: &str) -> Option<Self> {
        match word.to_ascii_lowercase().as_str() {
            "err" => Some(Self::Error),
            "warn" => Some(Self::Warning),
            "crit" => Some(Self::Critical),
            word => Self::ALL.into_iter().find(|level| level.as_str() == word),
        }
    }
}

impl fmt::Display for LogLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl ProtocolVersion {
    /// `V31`, `V311`, `V5`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V31 => "V31",
            Self::V311 => "V311",
            Self::V5 => "V5",
        }
    }

    /// The version of a word in any case; `3.1`, `3.1.1` and `5` too.
    pub fn from_word(word: &str) -> Option<Self> {
        match word.to_ascii_uppercase().as_str() {
            "V31" | "3.1" => Some(Self::V31),
            "V311" | "3.1.1" => Some(Self::V311),
            "V5" | "5" => Some(Self::V5),
            _ => None,
        }
    }
}

impl fmt::Display for ProtocolVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Host {
    /// As it is written: an IPv6 address before a port stands in brackets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            Some(port) if self.name.contains(':') => write!(f, "[{}]:{port}", self.name),
            Some(port) => write!(f, "{}:{port}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

impl fmt::Display for UserProperty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.name, self.value)
    }
}

impl ClientId {
    /// Its text in the configuration; empty: a random one.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Random => "",
            Self::Hostname => "FreeSWITCH-Hostname",
            Self::Switchname => "FreeSWITCH-Switchname",
            Self::HostnameUnique => "FreeSWITCH-Hostname-Unique",
            Self::SwitchnameUnique => "FreeSWITCH-Switchname-Unique",
            Self::Literal(text) => text,
        }
    }

    /// What a text of the configuration means; the special words in any case.
    pub fn from_text(text: &str) -> Self {
        let words =
            [Self::Random, Self::Hostname, Self::Switchname, Self::HostnameUnique, Self::SwitchnameUnique];
        let word = words.into_iter().find(|word| word.as_str().eq_ignore_ascii_case(text));
        word.unwrap_or_else(|| Self::Literal(text.to_owned()))
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl TlsSupport {
    /// `certificate`, `psk`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Certificate => "certificate",
            Self::Psk => "psk",
        }
    }

    /// The kind of a word in any case; the documentation's misspelling `pks` too.
    pub fn from_word(word: &str) -> Option<Self> {
        match word.to_ascii_lowercase().as_str() {
            "certificate" => Some(Self::Certificate),
            "psk" | "pks" => Some(Self::Psk),
            _ => None,
        }
    }
}

impl fmt::Display for TlsSupport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl ConnectionMode {
    /// `all`, `first`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::First => "first",
        }
    }

    /// The mode of a word in any case.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::All, Self::First].into_iter().find(|mode| mode.as_str().eq_ignore_ascii_case(word))
    }
}

impl fmt::Display for ConnectionMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl PayloadForm {
    /// `json`, `json-typed`, `plain`, `body`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::JsonTyped => "json-typed",
            Self::Plain => "plain",
            Self::Body => "body",
        }
    }

    /// The form of a word in any case.
    pub fn from_word(word: &str) -> Option<Self> {
        let all = [Self::Json, Self::JsonTyped, Self::Plain, Self::Body];
        all.into_iter().find(|form| form.as_str().eq_ignore_ascii_case(word))
    }

    /// The MIME type of what is written.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Json | Self::JsonTyped => "application/json",
            Self::Plain | Self::Body => "text/plain",
        }
    }

    /// Whether what is written is UTF-8 whatever is in the event.
    pub fn is_utf8(self) -> bool {
        matches!(self, Self::Json | Self::JsonTyped)
    }
}

impl fmt::Display for PayloadForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl CertReqs {
    /// `SSL_VERIFY_PEER`, `SSL_VERIFY_NONE`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::VerifyPeer => "SSL_VERIFY_PEER",
            Self::VerifyNone => "SSL_VERIFY_NONE",
        }
    }

    /// What a word in any case asks for.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::VerifyPeer, Self::VerifyNone].into_iter().find(|reqs| reqs.as_str().eq_ignore_ascii_case(word))
    }
}

impl fmt::Display for CertReqs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl TlsVersion {
    /// `tlsv1.2`, `tlsv1.3`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V12 => "tlsv1.2",
            Self::V13 => "tlsv1.3",
        }
    }

    /// The version of a word in any case.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::V12, Self::V13].into_iter().find(|version| version.as_str().eq_ignore_ascii_case(word))
    }
}

impl fmt::Display for TlsVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl XmlSection {
    /// What the words are, for messages.
    pub(super) const CHOICES: &'static str = "configuration, directory, dialplan or chatplan";

    /// Its name in FreeSWITCH's XML.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Directory => "directory",
            Self::Dialplan => "dialplan",
            Self::Chatplan => "chatplan",
        }
    }

    /// The section of a word in any case.
    pub fn from_word(word: &str) -> Option<Self> {
        let all = [Self::Configuration, Self::Directory, Self::Dialplan, Self::Chatplan];
        all.into_iter().find(|section| section.as_str().eq_ignore_ascii_case(word))
    }
}

impl fmt::Display for XmlSection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl From<QoS> for u8 {
    fn from(qos: QoS) -> Self {
        qos as Self
    }
}

impl fmt::Display for QoS {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        u8::from(*self).fmt(f)
    }
}

/// As it is written in the configuration: `HEARTBEAT`, `ALL`, `CUSTOM sofia::register`.
impl fmt::Display for EventSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("ALL"),
            Self::Named(name) => f.write_str(name),
            Self::Custom { subclass: None } => f.write_str("CUSTOM"),
            Self::Custom { subclass: Some(subclass) } => write!(f, "CUSTOM {subclass}"),
        }
    }
}
