//! The module as a whole: what a load makes and an unload takes away again.

use crate::cli::{self, Context};
use crate::config::{self, Settings};
use crate::engine::{Engine, Tap, XmlBinding};
use crate::host::{Binder, Host};
use crate::switch::{
    self, Bindings, Completions, Core, CoreConsole, LoggerBinding, NotLoaded, Registered, XmlSearch,
};
use crate::{logging, panics};
use parking_lot::Mutex;
use std::sync::Arc;

/// The loaded module. The image may be met again by the next load, so that this is no once-only cell.
static LOADED: Mutex<Option<Arc<Loaded>>> = Mutex::new(None);

/// The loaded module, if it is loaded.
pub fn loaded() -> Option<Arc<Loaded>> {
    LOADED.lock().clone()
}

/// Replaces it; returns what was there.
pub fn replace(loaded: Option<Loaded>) -> Option<Arc<Loaded>> {
    std::mem::replace(&mut *LOADED.lock(), loaded.map(Arc::new))
}

/// A loaded module.
pub struct Loaded {
    settings: Settings,
    // First: nobody asks the engine after this is gone.
    bound: Mutex<Bound>,
    engine: Engine,
    _completions: (Completions, Vec<Registered>),
    // Last: everything before may still have something to say.
    _logging: Logging,
}

/// What FreeSWITCH asks or shows something, beside events.
#[derive(Default)]
struct Bound {
    bindings: Vec<Arc<XmlBinding>>,
    searches: Vec<XmlSearch<XmlBinding>>,
    logger: Option<LoggerBinding>,
}

impl Bound {
    fn to(engine: &Engine) -> Self {
        let bindings = engine.xml_bindings();
        let bind = |binding: &Arc<XmlBinding>| {
            let bound = XmlSearch::bind(Arc::clone(binding), &binding.config.sections);
            bound
                .map_err(|why| log::error!("xml-binding \"{}\" is not asked: {why}", binding.config.name))
                .ok()
        };
        let searches = bindings.iter().filter_map(bind).collect();
        let logger = engine.log_tap().and_then(|(tap, level)| {
            LoggerBinding::bind(tap, level)
                .map_err(|why| log::error!("log lines are not published: {why}"))
                .ok()
        });
        Self { searches, bindings, logger }
    }
}

impl Drop for Bound {
    fn drop(&mut self) {
        // Unbinding waits for the look-ups that are inside.
        self.bindings.iter().for_each(|binding| binding.end());
        self.searches.clear();
        self.logger = None;
    }
}

/// The log and the panic hook, for as long as the module is loaded.
struct Logging;

impl Logging {
    fn start(log: &config::Log) -> Self {
        panics::install_hook();
        for problem in logging::start(log, &Core.log_dir(), Box::new(CoreConsole), switch::local_time) {
            log::warn!("{problem}");
        }
        Self
    }
}

impl Drop for Logging {
    fn drop(&mut self) {
        logging::stop();
        panics::remove_hook();
    }
}

impl Loaded {
    /// Reads the configuration and starts everything; `completers` live as long as what is loaded. If it fails, nothing is left behind, and the reason has been
    /// logged.
    ///
    /// # Errors
    /// There is no configuration, or nothing can be made of it, or a thread cannot be started.
    pub fn load(completers: Vec<Registered>) -> Result<Self, NotLoaded> {
        let (config, problems, logging) = read_configuration()?;
        for problem in &problems {
            log::warn!("{problem}");
        }
        for profile in &config.profiles {
            if let Err(problem) = logging::add_profile(&profile.name, &profile.log) {
                log::warn!("{problem}");
            }
        }
        if let Some(file) = &config.settings.audit_log {
            if let Err(problem) = logging::set_audit(config.settings.log.dir.as_deref(), file) {
                log::warn!("{problem}");
            }
        }
        let host: Arc<dyn Host> = Arc::new(Core);
        let bindings = |tap: Arc<Tap>| -> Box<dyn Binder> { Box::new(Bindings::new(tap)) };
        let engine = Engine::start(&config, &host, bindings).map_err(|error| {
            log::error!("not loaded: a thread cannot be started: {error}");
            NotLoaded
        })?;
        let completions = (Completions::add(c"mosquitto", cli::COMPLETIONS), completers);
        log::info!(
            "loaded into FreeSWITCH {} with libmosquitto {}: {} profiles, {} problems in the configuration",
            Core.version(),
            crate::mqtt::version(),
            config.profiles.len(),
            problems.len(),
        );
        let bound = Mutex::new(Bound::to(&engine));
        Ok(Self { settings: config.settings, bound, engine, _completions: completions, _logging: logging })
    }

    /// Answers a console command.
    pub fn command(&self, line: &str) -> String {
        let host: &dyn Host = &Core;
        let context =
            Context { settings: &self.settings, engine: &self.engine, host, api_version: Core.api_version() };
        cli::run(line, &context)
    }

    /// The module at work.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Stops everything. False: a thread did not end, and the module must stay mapped.
    pub fn unload(&self) -> bool {
        drop(std::mem::take(&mut *self.bound.lock()));
        let stopped = self.engine.stop();
        let account = stopped.account;
        log::info!(
            "unloaded: {} messages accepted, {} published, {} waiting, {} dropped ({})",
            account.accepted,
            account.published,
            account.waiting(),
            account.dropped(),
            account.reasons(),
        );
        for thread in &stopped.left_behind {
            log::error!("thread {thread} did not end in time: the module stays mapped");
        }
        stopped.left_behind.is_empty()
    }
}

/// The configuration, what is wrong with it, and the log that it asks for.
fn read_configuration() -> Result<(config::Config, Vec<config::Problem>, Logging), NotLoaded> {
    let parsed = Core.configuration().and_then(|xml| config::parse(&xml).map_err(|error| error.to_string()));
    match parsed {
        Ok((config, problems)) => {
            let logging = Logging::start(&config.settings.log);
            Ok((config, problems, logging))
        }
        Err(error) => {
            let _console_only = Logging::start(&Settings::default().log);
            log::error!("not loaded: {error}");
            Err(NotLoaded)
        }
    }
}
