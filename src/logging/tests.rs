//! Who gets which line, and what files go through.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use log::{Level, LevelFilter, Log as _};
use parking_lot::Mutex;

use super::logger::Logger;
use super::*;

/// A folder of the test's own, with a logger that logs there.
struct Fixture {
    dir: PathBuf,
    logger: Logger,
    console: Recorder,
}

#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Vec<(LogLevel, String)>>>);

impl Console for Recorder {
    fn write(&self, level: LogLevel, text: &str) {
        self.0.lock().push((level, text.to_owned()));
    }
}

impl Recorder {
    fn take(&self) -> Vec<(LogLevel, String)> {
        std::mem::take(&mut *self.0.lock())
    }
}

fn clock() -> String {
    "2026-11-22T20:08:37.123+00:00".to_owned()
}

fn to_file(file: &str, level: LogLevel) -> Log {
    Log { enable: true, level, ..Log::to_file(file) }
}

impl Fixture {
    /// Nothing is started yet.
    fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name =
            format!("mod_mosquitto-log-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let dir = std::env::temp_dir().join(name);
        fs::create_dir(&dir).unwrap();
        Self { dir, logger: Logger::new(|_| {}), console: Recorder::default() }
    }

    /// The module logs to `m.log`.
    fn started(level: LogLevel) -> Self {
        let fixture = Self::new();
        assert_eq!(fixture.start(&to_file("m.log", level)), Vec::<String>::new());
        fixture
    }

    fn start(&self, log: &Log) -> Vec<String> {
        self.logger.start(log, self.dir.to_str().unwrap(), Arc::new(self.console.clone()), clock)
    }

    fn log(&self, level: Level, target: &str, text: &str) {
        let args = format_args!("{text}");
        self.logger.log(&log::Record::builder().level(level).target(target).args(args).build());
    }

    fn info(&self, text: &str) {
        self.log(Level::Info, "mod_mosquitto", text);
    }

    /// The lines of a file without their times.
    fn lines(&self, file: &str) -> Vec<String> {
        let text = fs::read_to_string(self.dir.join(file)).unwrap_or_default();
        let line = |line: &str| line.strip_prefix(&format!("{} ", clock())).expect(line).to_owned();
        text.lines().map(line).collect()
    }
}

impl Drop for Fixture {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.dir);
    }
}

#[test]
fn a_line_of_the_module_goes_to_the_console_and_the_modules_file() {
    let fixture = Fixture::started(LogLevel::Info);
    fixture.logger.add_profile("p", &to_file("p.log", LogLevel::Debug)).unwrap();
    fixture.log(Level::Warn, "mod_mosquitto", "one");
    fixture.log(Level::Info, "mod_mosquitto::engine::dispatch", "two");
    fixture.log(Level::Debug, "mod_mosquitto", "too quiet");
    let expected = [(LogLevel::Warning, "one".to_owned()), (LogLevel::Info, "two".to_owned())];
    assert_eq!(fixture.console.take(), expected);
    let text = fs::read_to_string(fixture.dir.join("m.log")).unwrap();
    let time = clock();
    assert_eq!(text, format!("{time} [WARNING] one\n{time} [INFO] two\n"));
    assert_eq!(fixture.lines("p.log"), [""; 0]);
}

#[test]
fn a_line_of_a_profile_goes_to_its_own_file_too_each_by_its_own_level() {
    let fixture = Fixture::started(LogLevel::Warning);
    fixture.logger.add_profile("a/b", &to_file("ab.log", LogLevel::Debug)).unwrap();
    fixture.logger.add_profile("other", &to_file("other.log", LogLevel::Debug)).unwrap();
    fixture.log(Level::Debug, &target("a/b"), "small");
    fixture.log(Level::Error, &target("a/b"), "big");
    fixture.log(Level::Error, &target("unknown"), "whose?");
    assert_eq!(fixture.lines("ab.log"), ["[DEBUG] small", "[ERROR] big"]);
    assert_eq!(fixture.lines("m.log"), ["[ERROR] big", "[ERROR] whose?"]);
    assert_eq!(fixture.console.take().len(), 2);
    assert_eq!(fixture.lines("other.log"), [""; 0]);
}

#[test]
fn a_log_that_is_off_writes_to_the_console_alone() {
    let fixture = Fixture::new();
    fixture.start(&Log::to_file("m.log"));
    fixture.logger.add_profile("p", &Log::to_file("p.log")).unwrap();
    fixture.log(Level::Info, &target("p"), "x");
    assert_eq!(fixture.console.take(), [(LogLevel::Info, "x".to_owned())]);
    assert_eq!(fs::read_dir(&fixture.dir).unwrap().count(), 0);
}

#[test]
fn every_level_of_freeswitch_finds_its_way() {
    let fixture = Fixture::started(LogLevel::Debug);
    fixture.logger.add_profile("p", &to_file("p.log", LogLevel::Debug)).unwrap();
    for level in LogLevel::ALL {
        for profile in [None, Some("p")] {
            fixture.log(line::coarse(level), &line::target_at(level, profile), "x");
        }
        assert_eq!(fixture.console.take(), [(level, "x".to_owned()), (level, "x".to_owned())]);
    }
    let expected = ["CONSOLE", "ALERT", "CRITICAL", "ERROR", "WARNING", "NOTICE", "INFO", "DEBUG"];
    assert_eq!(fixture.lines("p.log"), expected.map(|level| format!("[{level}] x")));
}

#[test]
fn levels_change_while_it_runs() {
    let fixture = Fixture::started(LogLevel::Error);
    fixture.logger.add_profile("p", &to_file("p.log", LogLevel::Error)).unwrap();
    fixture.log(Level::Info, &target("p"), "before");
    fixture.logger.set_level(LogLevel::Info);
    assert!(fixture.logger.set_profile_level("p", LogLevel::Debug));
    assert!(!fixture.logger.set_profile_level("nobody", LogLevel::Debug));
    fixture.log(Level::Info, &target("p"), "after");
    fixture.log(Level::Debug, &target("p"), "detail");
    assert_eq!(fixture.lines("m.log"), ["[INFO] after"]);
    assert_eq!(fixture.lines("p.log"), ["[INFO] after", "[DEBUG] detail"]);
    assert_eq!(fixture.logger.level(), LogLevel::Info);
    assert_eq!(fixture.logger.profile_level("p"), Some(LogLevel::Debug));
    assert_eq!(fixture.logger.profile_level("nobody"), None);
}

#[test]
fn what_nobody_takes_is_stopped_by_the_log_crate() {
    static ANNOUNCED: Mutex<Vec<LevelFilter>> = Mutex::new(Vec::new());
    let announced = || std::mem::take(&mut *ANNOUNCED.lock());
    let mut fixture = Fixture::new();
    fixture.logger = Logger::new(|filter| ANNOUNCED.lock().push(filter));
    fixture.start(&to_file("m.log", LogLevel::Critical));
    assert_eq!(announced(), [LevelFilter::Error]);
    fixture.logger.add_profile("p", &to_file("p.log", LogLevel::Debug)).unwrap();
    assert_eq!(announced(), [LevelFilter::Trace]);
    fixture.logger.set_profile_level("p", LogLevel::Notice);
    assert_eq!(announced(), [LevelFilter::Info]);
    fixture.logger.remove_profile("p");
    assert_eq!(announced(), [LevelFilter::Error]);
    // A profile without a file needs no lines beyond the module's.
    fixture.logger.add_profile("p", &Log::to_file("p.log")).unwrap();
    assert_eq!(announced(), [LevelFilter::Error]);
    fixture.logger.set_level(LogLevel::Warning);
    assert_eq!(announced(), [LevelFilter::Warn]);
    fixture.logger.stop();
    assert_eq!(announced(), [LevelFilter::Off]);
}

#[test]
fn enabled_says_what_log_does() {
    let fixture = Fixture::started(LogLevel::Error);
    fixture.logger.add_profile("p", &to_file("p.log", LogLevel::Info)).unwrap();
    let enabled = |level, target: &str| {
        fixture.logger.enabled(&log::Metadata::builder().level(level).target(target).build())
    };
    assert!(enabled(Level::Error, "mod_mosquitto") && !enabled(Level::Info, "mod_mosquitto"));
    assert!(enabled(Level::Info, &target("p")) && !enabled(Level::Debug, &target("p")));
}

#[test]
fn details_are_those_of_the_profile_or_the_module() {
    let fixture = Fixture::new();
    assert!(!fixture.logger.details(None));
    fixture.start(&Log { details: true, ..Log::to_file("m.log") });
    fixture.logger.add_profile("p", &Log::to_file("p.log")).unwrap();
    let details = [None, Some("p"), Some("nobody")].map(|profile| fixture.logger.details(profile));
    assert_eq!(details, [true, false, true]);
}

#[test]
fn a_profile_that_is_removed_logs_to_the_modules_file_alone() {
    let fixture = Fixture::started(LogLevel::Info);
    fixture.logger.add_profile("p", &to_file("p.log", LogLevel::Info)).unwrap();
    fixture.logger.remove_profile("p");
    fixture.log(Level::Info, &target("p"), "late");
    assert_eq!(fixture.lines("m.log"), ["[INFO] late"]);
    assert_eq!(fixture.lines("p.log"), [""; 0]);
}

#[test]
fn one_record_is_one_line_whatever_is_in_it() {
    let fixture = Fixture::started(LogLevel::Info);
    fixture.info("payload: a\nb\r\n\tc\0\u{1b}[31m\u{85}\u{2028}ü");
    let escaped = "payload: a\\nb\\r\\n\\tc\\u0000\\u001B[31m\\u0085\\u2028ü";
    assert_eq!(fixture.console.take(), [(LogLevel::Info, escaped.to_owned())]);
    assert_eq!(fixture.lines("m.log"), [format!("[INFO] {escaped}")]);
}

#[test]
fn a_file_that_was_moved_away_is_followed_by_a_new_one() {
    let fixture = Fixture::started(LogLevel::Info);
    fixture.info("old");
    fs::rename(fixture.dir.join("m.log"), fixture.dir.join("m.log.1")).unwrap();
    fixture.info("new");
    assert_eq!(fixture.lines("m.log.1"), ["[INFO] old"]);
    assert_eq!(fixture.lines("m.log"), ["[INFO] new"]);
    fs::remove_file(fixture.dir.join("m.log")).unwrap();
    fixture.info("newer");
    assert_eq!(fixture.lines("m.log"), ["[INFO] newer"]);
    // logrotate's copytruncate
    fs::File::create(fixture.dir.join("m.log")).unwrap();
    fixture.info("newest");
    assert_eq!(fixture.lines("m.log"), ["[INFO] newest"]);
}

#[test]
fn a_folder_that_is_not_there_is_reported_and_used_as_soon_as_it_is() {
    let fixture = Fixture::new();
    let dir = fixture.dir.join("later");
    let log = Log { dir: Some(dir.to_str().unwrap().to_owned()), ..to_file("x.log", LogLevel::Info) };
    let said = |place: &str| {
        format!(
            "{place}: log file \"{}\" cannot be opened (No such file or directory (os error 2)), \
             its lines are not written: set log-dir and log-file",
            dir.join("x.log").display()
        )
    };
    assert_eq!(fixture.start(&log), [said("settings")]);
    assert_eq!(fixture.logger.add_profile("p", &log), Err(said("profile \"p\"")));
    fixture.logger.remove_profile("p");
    fixture.info("one");
    fixture.info("two");
    assert_eq!(fixture.console.take().len(), 2);
    fs::create_dir(&dir).unwrap();
    thread::sleep(Duration::from_millis(1_050));
    fixture.info("three");
    fixture.info("four");
    let expected =
        ["[WARNING] 2 lines before this one could not be written here", "[INFO] three", "[INFO] four"];
    assert_eq!(fixture.lines("later/x.log"), expected);
}

#[test]
fn a_full_disk_loses_lines_and_nothing_else() {
    let fixture = Fixture::new();
    std::os::unix::fs::symlink("/dev/full", fixture.dir.join("m.log")).unwrap();
    assert_eq!(fixture.start(&to_file("m.log", LogLevel::Info)), Vec::<String>::new());
    fixture.info("one");
    fixture.info("two");
    assert_eq!(fixture.console.take().len(), 2);
    fs::remove_file(fixture.dir.join("m.log")).unwrap();
    thread::sleep(Duration::from_millis(1_050));
    fixture.info("three");
    let expected = ["[WARNING] 2 lines before this one could not be written here", "[INFO] three"];
    assert_eq!(fixture.lines("m.log"), expected);
}

#[test]
fn two_logs_with_one_file_do_not_mix_their_lines() {
    let fixture = Fixture::started(LogLevel::Info);
    for profile in ["a", "b"] {
        fixture.logger.add_profile(profile, &to_file("m.log", LogLevel::Info)).unwrap();
    }
    let text = "x".repeat(3_000);
    thread::scope(|scope| {
        for profile in ["a", "b"] {
            scope.spawn(|| (0..200).for_each(|_| fixture.log(Level::Info, &target(profile), &text)));
        }
    });
    let lines = fixture.lines("m.log");
    assert_eq!(lines.len(), 800);
    assert!(lines.iter().all(|line| *line == format!("[INFO] {text}")));
}

#[test]
fn a_console_that_logs_levels_finds_no_lock() {
    struct Asking(Arc<Logger>);
    impl Console for Asking {
        fn write(&self, _: LogLevel, _: &str) {
            self.0.set_level(LogLevel::Error);
        }
    }
    let fixture = Fixture::new();
    let logger = Arc::new(Logger::new(|_| {}));
    logger.start(
        &Log::to_file("m.log"),
        fixture.dir.to_str().unwrap(),
        Arc::new(Asking(logger.clone())),
        clock,
    );
    logger.log(&log::Record::builder().level(Level::Error).args(format_args!("x")).build());
    assert_eq!(logger.level(), LogLevel::Error);
    logger.stop();
}

#[test]
fn a_second_start_in_the_same_image_logs_again() {
    // The one test that uses the logger of the process.
    let fixture = Fixture::new();
    let dir = fixture.dir.to_str().unwrap();
    let begin =
        |file| super::start(&to_file(file, LogLevel::Info), dir, Box::new(fixture.console.clone()), clock);
    assert_eq!(begin("first.log"), Vec::<String>::new());
    super::add_profile("p", &to_file("p.log", LogLevel::Info)).unwrap();
    log::info!(target: "mod_mosquitto", "one");
    super::stop();
    log::error!(target: "mod_mosquitto", "between");
    super::critical(format_args!("between"));
    assert_eq!(super::level(), LogLevel::Console);
    assert_eq!(super::profile_level("p"), None);
    assert_eq!(super::add_profile("p", &to_file("p.log", LogLevel::Info)), Ok(()));

    assert_eq!(begin("second.log"), Vec::<String>::new());
    log::info!("{}", 2);
    log::debug!("unheard");
    super::critical(format_args!("panic: {}", 3));
    super::notice(format_args!("news"));
    super::at(LogLevel::Debug, None, format_args!("unheard"));
    super::at(LogLevel::Alert, Some("p"), format_args!("four"));
    super::stop();
    assert_eq!(fixture.lines("first.log"), ["[INFO] one"]);
    assert_eq!(
        fixture.lines("second.log"),
        ["[INFO] 2", "[CRITICAL] panic: 3", "[NOTICE] news", "[ALERT] four"]
    );
    assert_eq!(fixture.console.take().len(), 5);
}

#[test]
fn a_secret_is_never_logged() {
    let fixture = Fixture::started(LogLevel::Info);
    let mut connection = crate::config::Connection::new("c");
    connection.password = Some(crate::config::Secret::new("sekrit"));
    fixture.info(&format!("{connection:?}"));
    let text = fixture.lines("m.log").concat();
    assert!(text.contains("****") && !text.contains("sekrit"), "{text}");
}

#[test]
fn others_may_not_read_a_log() {
    use std::os::unix::fs::PermissionsExt;
    let fixture = Fixture::started(LogLevel::Info);
    let mode = fs::metadata(fixture.dir.join("m.log")).unwrap().permissions().mode();
    assert_eq!(mode & 0o007, 0);
}
