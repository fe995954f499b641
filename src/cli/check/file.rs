//! A configuration in a file, read without FreeSWITCH: what FreeSWITCH does before it parses a file is not done, and
//! each place where it would have done something is noted.

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Bytes of the largest file that is read: its tree of elements is many times as large, in FreeSWITCH's memory.
const MOST: u64 = 4 * 1024 * 1024;

/// The most notes: a file may be full of variables.
const MOST_NOTES: usize = 20;

/// What stands in a file, and what FreeSWITCH would have done to it.
pub struct Plain {
    pub text: String,
    pub notes: Vec<String>,
}

/// Reads a file. Nobody is waited for: a pipe has another end, and some files of the kernel have no length.
///
/// # Errors
/// It cannot be read; for the operator.
pub fn read(path: &Path) -> Result<Plain, String> {
    let failed = |why: &str| format!("{}: {why}", path.display());
    let found = path.metadata().map_err(|error| failed(&words(&error)))?;
    if !found.is_file() {
        return Err(failed("not a regular file"));
    }
    if found.len() > MOST {
        return Err(failed("longer than 4 MiB: this is no configuration"));
    }
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(found.len()).read_to_end(&mut bytes));
    read.map_err(|error| failed(&words(&error)))?;
    Ok(plain(&String::from_utf8_lossy(&bytes)))
}

/// The system's words alone.
fn words(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_owned()
}

/// Leaves out the lines that FreeSWITCH keeps from its parser, and notes what it would have put in their place. The
/// lines keep their numbers.
fn plain(text: &str) -> Plain {
    let mut notes = Vec::new();
    let mut kept = String::with_capacity(text.len());
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let folded = line.to_ascii_lowercase();
        // Of a line with such a mark FreeSWITCH keeps nothing, in a comment too.
        let obeyed = folded.contains("<x-pre-process");
        if obeyed {
            notes.push(format!("line {number}: X-PRE-PROCESS is for FreeSWITCH to do: the line is left out"));
        }
        let dropped = obeyed || ["<include>", "</include>"].iter().any(|mark| folded.contains(mark));
        kept.push_str(if dropped { &line[line.trim_end_matches('\n').len()..] } else { line });
    }
    for (number, line) in (1..).zip(without_comments(&kept).lines()) {
        for variable in variables(line) {
            notes.push(format!(
                "line {number}: {variable} is for FreeSWITCH to replace: it is taken as it stands"
            ));
        }
    }
    if notes.len() > MOST_NOTES {
        let more = notes.len() - MOST_NOTES;
        notes.truncate(MOST_NOTES);
        notes.push(format!("and {more} more places of this kind"));
    }
    if !notes.is_empty() {
        notes.push("in fs_cli, \"mosquitto check\" without a file has them done".to_owned());
    }
    Plain { text: kept, notes }
}

/// The text with nothing in its comments but line ends.
fn without_comments(text: &str) -> String {
    let mut rest = text;
    let mut kept = String::with_capacity(text.len());
    while let Some((before, after)) = rest.split_once("<!--") {
        kept.push_str(before);
        let (comment, behind) = after.split_once("-->").unwrap_or((after, ""));
        kept.extend(comment.chars().filter(|c| *c == '\n'));
        rest = behind;
    }
    kept.push_str(rest);
    kept
}

/// Each `$${name}` in a line.
fn variables(line: &str) -> impl Iterator<Item = &str> {
    let starts = line.match_indices("$${").map(|(at, _)| at);
    starts.filter_map(move |at| Some(&line[at..=at + line[at..].find('}')?]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_freeswitch_would_have_done_is_noted_with_its_line() {
        let text = "<a>\n  <X-PRE-PROCESS cmd=\"set\" data=\"x=1\"/>\n  <!-- $${no}\n  -->\n  <b c=\"$${x}/$${y}\"/>\n</a>\n";
        let plain = plain(text);
        assert_eq!(plain.text, "<a>\n\n  <!-- $${no}\n  -->\n  <b c=\"$${x}/$${y}\"/>\n</a>\n");
        assert_eq!(
            plain.notes,
            [
                "line 2: X-PRE-PROCESS is for FreeSWITCH to do: the line is left out",
                "line 5: $${x} is for FreeSWITCH to replace: it is taken as it stands",
                "line 5: $${y} is for FreeSWITCH to replace: it is taken as it stands",
                "in fs_cli, \"mosquitto check\" without a file has them done",
            ]
        );
    }

    #[test]
    fn an_include_around_the_configuration_is_left_out_as_freeswitch_does() {
        let plain = plain("<include>\n<configuration/>\n</include>\n");
        assert_eq!((plain.text.as_str(), plain.notes), ("\n<configuration/>\n\n", Vec::new()));
    }

    #[test]
    fn notes_are_not_without_end() {
        let plain = plain(&"$${x}\n".repeat(30));
        assert_eq!(plain.notes.len(), 22);
        assert_eq!(plain.notes[20], "and 10 more places of this kind");
    }

    #[test]
    fn what_is_no_file_and_what_the_kernel_makes_is_not_waited_for() {
        let error = |path: &str| read(Path::new(path)).err();
        assert_eq!(error("/nowhere/x").as_deref(), Some("/nowhere/x: No such file or directory"));
        assert_eq!(error("/dev/zero").as_deref(), Some("/dev/zero: not a regular file"));
        assert_eq!(error("/").as_deref(), Some("/: not a regular file"));
        let folder = tempfile::tempdir().expect("a folder");
        let long = folder.path().join("long");
        File::create(&long).and_then(|file| file.set_len(MOST + 1)).expect("a file");
        let said = read(&long).err().expect("it is too long");
        assert!(said.ends_with("long: longer than 4 MiB: this is no configuration"), "{said}");
        assert_eq!(read(Path::new("/proc/self/status")).map(|plain| plain.text).as_deref(), Ok(""));
    }
}
