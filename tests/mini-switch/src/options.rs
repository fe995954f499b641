//! The command line, and the text of `--help`, which is also the reference of all commands.

use crate::names::CoreVersion;
use crate::output::LEVELS;
use std::path::PathBuf;

/// What `--help` prints.
pub const HELP: &str = include_str!("help.txt");

/// The options.
#[derive(Clone, Debug)]
pub struct Options {
    /// The version that is played.
    pub core: CoreVersion,
    /// The configuration's folder.
    pub conf: Option<PathBuf>,
    /// Where modules are looked for.
    pub mod_dir: PathBuf,
    /// The variable log_dir.
    pub log_dir: PathBuf,
    /// Log lines go here as well.
    pub log_file: Option<PathBuf>,
    /// The highest log level that is printed.
    pub log_level: usize,
    /// The switch's name.
    pub switchname: String,
    /// The host's name.
    pub hostname: Option<String>,
    /// Milliseconds that an originate takes.
    pub originate_ms: u64,
    /// Events that the queue holds.
    pub queue: usize,
    /// Global variables.
    pub vars: Vec<(String, String)>,
    /// Modules to load at the start.
    pub load: Vec<String>,
    /// Print a line after each answer.
    pub marker: bool,
    /// Never print a prompt.
    pub no_prompt: bool,
    /// Fire the core's own events.
    pub noisy: bool,
    /// API commands that are not there.
    pub without: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            core: CoreVersion::V1_11,
            conf: None,
            mod_dir: ".".into(),
            log_dir: ".".into(),
            log_file: None,
            log_level: LEVELS.len() - 1,
            switchname: "mini-switch".to_owned(),
            hostname: None,
            originate_ms: 0,
            queue: 10_000,
            vars: Vec::new(),
            load: Vec::new(),
            marker: false,
            no_prompt: false,
            noisy: false,
            without: Vec::new(),
        }
    }
}

impl Options {
    /// The options; `None` if only help was asked for.
    ///
    /// # Errors
    /// An unknown option, or one whose value is missing or unusable.
    pub fn parse(args: impl IntoIterator<Item = String>) -> Result<Option<Self>, String> {
        let mut options = Self::default();
        let mut args = args.into_iter();
        while let Some(name) = args.next() {
            let mut value = || args.next().ok_or_else(|| format!("{name}: a value is missing"));
            match name.as_str() {
                "--core" => options.core = version(&value()?)?,
                "--conf" => options.conf = Some(value()?.into()),
                "--mod-dir" => options.mod_dir = value()?.into(),
                "--log-dir" => options.log_dir = value()?.into(),
                "--log-file" => options.log_file = Some(value()?.into()),
                "--log-level" => options.log_level = level(&value()?)?,
                "--switchname" => options.switchname = value()?,
                "--hostname" => options.hostname = Some(value()?),
                "--originate-ms" => options.originate_ms = number(&name, &value()?)?,
                "--queue" => options.queue = number(&name, &value()?)? as usize,
                "--var" => options.vars.push(pair(&value()?)?),
                "--load" => options.load.push(value()?),
                "--marker" => options.marker = true,
                "--no-prompt" => options.no_prompt = true,
                "--noisy" => options.noisy = true,
                "--without" => options.without.push(value()?),
                "--help" | "-h" => return Ok(None),
                _ => return Err(format!("{name}: no such option (see --help)")),
            }
        }
        Ok(Some(options))
    }
}

fn version(text: &str) -> Result<CoreVersion, String> {
    match text {
        "1.10" => Ok(CoreVersion::V1_10),
        "1.11" => Ok(CoreVersion::V1_11),
        other => Err(format!("--core {other}: 1.10 or 1.11")),
    }
}

fn level(text: &str) -> Result<usize, String> {
    let same = |l: &&str| l.eq_ignore_ascii_case(text);
    LEVELS.iter().position(same).ok_or_else(|| format!("--log-level {text}: one of {}", LEVELS.join(" ")))
}

fn number(name: &str, text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("{name} {text}: not a number"))
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or_else(|| format!("--var {text}: NAME=VALUE"))?;
    Ok((name.to_owned(), value.to_owned()))
}
