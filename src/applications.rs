//! The dialplan's applications, of the loaded module.
//!
//! Each runs on the thread of its call. While it waits it holds nothing of the module that an unload needs: the module is
//! found once to ask, and once more when the wait is over.

use crate::dialplan;
use crate::module::loaded;
use crate::switch::{Application, NotLoaded, Registrar, Session};
use std::ffi::CStr;

/// Makes them known to the core.
///
/// # Errors
/// The core has no memory.
pub fn register(registrar: &Registrar) -> Result<(), NotLoaded> {
    registrar.application::<Publish>()?;
    registrar.application::<Request>()
}

struct Publish;
struct Request;

const NOT_LOADED: &str = "mod_mosquitto is not loaded";

impl Application for Publish {
    const NAME: &'static CStr = c"mosquitto_publish";
    const DESCRIPTION: &'static CStr = c"Publish an MQTT message";
    const SYNTAX: &'static CStr =
        c"<profile> <connection> <topic> [qos=0|1|2] [retain=true|false] [expiry=<seconds>] -- <payload>";
    const AT_ONCE: bool = true;

    fn run(session: &Session<'_>, arguments: &str) {
        let sent = match loaded() {
            Some(loaded) => dialplan::publish(arguments, loaded.engine()),
            None => Err(NOT_LOADED.to_owned()),
        };
        dialplan::set_result(session, sent);
    }
}

impl Application for Request {
    const NAME: &'static CStr = c"mosquitto_request";
    const DESCRIPTION: &'static CStr = c"Ask a question over MQTT and wait for the answer";
    const SYNTAX: &'static CStr = c"<profile> <connection> <topic> [timeout=<milliseconds>] [qos=0|1|2] [response=<topic>] [id=<id>] -- <payload>";
    const AT_ONCE: bool = false;

    fn run(session: &Session<'_>, arguments: &str) {
        dialplan::forget_answer(session);
        let asked = match loaded() {
            Some(loaded) => dialplan::ask(arguments, loaded.engine()),
            None => Err(NOT_LOADED.to_owned()),
        };
        let pending = match asked {
            Ok(pending) => pending,
            Err(why) => return dialplan::set_result(session, Err(why)),
        };
        dialplan::set_answer(session, dialplan::wait(&pending, session));
        match loaded() {
            Some(loaded) => loaded.engine().end_request(pending),
            None => drop(pending),
        }
    }
}
