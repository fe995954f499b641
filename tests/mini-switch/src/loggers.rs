//! Loggers: functions that modules have bound to log lines.
//!
//! As in the core: whoever logs puts the line in a bounded queue, and a line that finds it full is lost; one thread takes
//! them out and calls the functions, holding a lock that bind and unbind take as well, so that unbind returns only when
//! no function is running. That thread itself may take the lock again.

use crate::cstr;
use crate::time;
use crossbeam_channel::{Receiver, Sender, bounded};
use freeswitch_sys::{SWITCH_CHANNEL_ID_LOG, switch_log_function_t, switch_log_node_t};
use libc::{c_char, c_int};
use parking_lot::ReentrantMutex;
use std::cell::RefCell;
use std::ptr::null_mut;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::time::{Duration, Instant};

/// Lines that the queue holds: the core's SWITCH_CORE_QUEUE_LEN.
const QUEUE: usize = 100_000;

/// A log line.
#[derive(Clone, Debug)]
pub struct Line {
    /// The source file.
    pub file: String,
    /// The function.
    pub function: String,
    /// The line in the file.
    pub line: u32,
    /// Its level.
    pub level: usize,
    /// The uuid of a call, or nothing.
    pub uuid: Option<Vec<u8>>,
    /// The message.
    pub text: Vec<u8>,
    /// When it was logged, microseconds since 1970.
    pub time: i64,
}

impl Line {
    /// A line that is logged now, of the first line of that file, about no call.
    pub fn new(file: &str, function: &str, level: usize, text: &[u8]) -> Self {
        let time = time::now().as_micros() as i64;
        Self {
            file: file.to_owned(),
            function: function.to_owned(),
            line: 1,
            level,
            uuid: None,
            text: text.to_vec(),
            time,
        }
    }
}

type Bindings = ReentrantMutex<RefCell<Vec<(switch_log_function_t, c_int)>>>;

/// What modules have bound, the oldest first.
#[derive(Debug)]
pub struct Loggers {
    bindings: Arc<Bindings>,
    queue: Sender<Line>,
    pushed: AtomicU64,
    shown: Arc<AtomicU64>,
}

impl Loggers {
    /// Starts the thread, which lives as long as the process.
    pub fn start() -> Self {
        let (queue, lines) = bounded(QUEUE);
        let bindings = Arc::new(Bindings::default());
        let shown = Arc::new(AtomicU64::new(0));
        let (own, count) = (Arc::clone(&bindings), Arc::clone(&shown));
        let show = move || show_all(&own, &lines, &count);
        std::thread::Builder::new().name("log".to_owned()).spawn(show).expect("the log thread starts");
        Self { bindings, queue, pushed: AtomicU64::new(0), shown }
    }

    /// Adds a function.
    pub fn bind(&self, function: switch_log_function_t, level: c_int) {
        self.bindings.lock().borrow_mut().push((function, level));
    }

    /// Takes the first binding of a function away; false: there is none.
    pub fn unbind(&self, function: switch_log_function_t) -> bool {
        let bindings = self.bindings.lock();
        let mut list = bindings.borrow_mut();
        let at = list.iter().position(|(other, _)| std::ptr::fn_addr_eq(*other, function));
        at.map(|at| list.remove(at)).is_some()
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.bindings.lock().borrow().len()
    }

    /// Hands a line over.
    pub fn push(&self, line: &Line) {
        // Full: it is lost, as in the core.
        if self.queue.try_send(line.clone()).is_ok() {
            self.pushed.fetch_add(1, SeqCst);
        }
    }

    /// Waits until every line that was handed over before the call has been shown; false when time ran out.
    pub fn wait(&self, timeout: Duration) -> bool {
        let (target, end) = (self.pushed.load(SeqCst), Instant::now() + timeout);
        while self.shown.load(SeqCst) < target {
            if Instant::now() > end {
                return false;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        true
    }
}

fn show_all(bindings: &Bindings, lines: &Receiver<Line>, shown: &AtomicU64) {
    for line in lines {
        let bindings = bindings.lock();
        // A copy: a function may bind and unbind.
        let wanting = bindings.borrow().clone();
        for (function, level) in wanting {
            if level >= line.level as c_int {
                show(&line, function);
            }
        }
        shown.fetch_add(1, SeqCst);
    }
}

fn show(line: &Line, function: switch_log_function_t) {
    let head = format!("2000-01-01 00:00:00.000000 99.00% [{}] {}:{}", line.level, line.file, line.line);
    let data = cstr::dup(&[head.as_bytes(), b" ", &line.text].concat());
    let userdata = line.uuid.as_deref().map_or(null_mut(), cstr::dup);
    let node = switch_log_node_t {
        data,
        file: fixed(&line.file),
        line: line.line,
        func: fixed(&line.function),
        level: line.level as c_int,
        timestamp: line.time,
        // SAFETY: data is longer than the head.
        content: unsafe { data.add(head.len()) },
        userdata,
        channel: SWITCH_CHANNEL_ID_LOG,
        slevel: line.level as c_int,
        tags: null_mut(),
        sequence: 0,
        meta: null_mut(),
    };
    // SAFETY: the module promised by binding that the function may be called until unbind returns; the lock is held, so it
    // has not. The node outlives the call, and its strings are freed after it.
    unsafe {
        function(&raw const node, node.level);
        cstr::free(data);
        cstr::free(userdata);
    }
}

/// A C string in a field of the core's.
fn fixed(text: &str) -> [c_char; 80] {
    let mut field = [0; 80];
    for (to, from) in field.iter_mut().take(79).zip(text.bytes()) {
        *to = from as c_char;
    }
    field
}
