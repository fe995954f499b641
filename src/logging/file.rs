//! A log file that survives rotation, removal and a full disk.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long a file that cannot be opened or written is left alone.
const RETRY: Duration = Duration::from_secs(1);

/// A file that lines are added to, each by one write(2) in append mode, so that two who write the same file do not
/// mix their lines. When the file has been moved or removed, the next line is in a new one under the old path.
///
/// Writing to it never fails: lines that could not be written are counted, and the next line that can be is preceded
/// by the count.
pub(super) struct LogFile {
    path: PathBuf,
    open: Option<OpenFile>,
    /// Of the line that is not complete yet.
    buffer: Vec<u8>,
    lost: u64,
    /// The last write ended in the middle of a line.
    torn: bool,
    retry_at: Option<Instant>,
}

struct OpenFile {
    file: File,
    /// Device and inode.
    identity: (u64, u64),
}

impl LogFile {
    /// The file, and what is wrong if it cannot be opened now.
    pub fn open(path: PathBuf) -> (Self, Option<io::Error>) {
        let mut log = Self { path, open: None, buffer: Vec::new(), lost: 0, torn: false, retry_at: None };
        let error = log.reopen().err();
        (log, error)
    }

    fn reopen(&mut self) -> io::Result<()> {
        self.open = None;
        match OpenFile::open(&self.path) {
            Ok(open) => {
                self.open = Some(open);
                self.retry_at = None;
                Ok(())
            }
            Err(error) => {
                self.retry_at = Some(Instant::now() + RETRY);
                Err(error)
            }
        }
    }

    /// Writes the line in the buffer, if there is anywhere to write it.
    fn write_line(&mut self) {
        let moved = self.open.as_ref().is_some_and(|open| !open.is_still_at(&self.path));
        let due = self.retry_at.is_none_or(|at| Instant::now() >= at);
        if moved || (self.open.is_none() && due) {
            // What is wrong was said when the log was started; the count of lost lines says the rest.
            let _ = self.reopen();
        }
        let text = self.text();
        let written = self.open.as_mut().map(|open| open.append(&text));
        match written {
            Some(Ok(length)) if length == text.len() => {
                self.lost = 0;
                self.torn = false;
            }
            Some(Ok(length)) => {
                self.lost += 1;
                self.torn |= length > 0;
            }
            Some(Err(_)) => {
                self.lost += 1;
                self.open = None;
                self.retry_at = Some(Instant::now() + RETRY);
            }
            None => self.lost += 1,
        }
        self.buffer.clear();
    }

    /// The line, and before it what has to be said about those that are lost.
    fn text(&self) -> Vec<u8> {
        let mut text = Vec::new();
        if self.torn {
            text.push(b'\n');
        }
        if self.lost > 0 {
            let time = self.buffer.split(|byte| *byte == b' ').next().unwrap_or_default();
            text.extend_from_slice(time);
            let said = format!(" [WARNING] {} lines before this one could not be written here\n", self.lost);
            text.extend_from_slice(said.as_bytes());
        }
        text.extend_from_slice(&self.buffer);
        text
    }
}

impl Write for LogFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.buffer.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                self.write_line();
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl OpenFile {
    /// Others may not read it: with `log-details` the content of messages is in it. A pipe that nobody reads is an
    /// error, and not a reason to wait.
    fn open(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.append(true).create(true).mode(0o640).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY);
        let file = options.open(path)?;
        let metadata = file.metadata()?;
        Ok(Self { file, identity: (metadata.dev(), metadata.ino()) })
    }

    fn is_still_at(&self, path: &Path) -> bool {
        fs::metadata(path).is_ok_and(|found| (found.dev(), found.ino()) == self.identity)
    }

    fn append(&mut self, text: &[u8]) -> io::Result<usize> {
        loop {
            match self.file.write(text) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => return result,
            }
        }
    }
}
