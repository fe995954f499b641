//! A payload as a line of text, its words, and `uuid:<id>` among them: the id that a command's job is to have.

use super::Malformed;

/// The most characters of a job id. FreeSWITCH copies longer ones past the end of its buffer.
pub const MAX_JOB_ID: usize = 64;

/// What stands before a job id.
pub(super) const JOB_ID: &str = "uuid:";

/// The payload as one line of text.
pub(super) fn text(payload: &[u8]) -> Result<&str, Malformed> {
    let text = std::str::from_utf8(payload).map_err(|_| Malformed::NotUtf8)?;
    let line = text.trim_end_matches([' ', '\r', '\n']);
    match line.chars().find(|c| c.is_control()) {
        None => Ok(line),
        Some('\0') => Err(Malformed::Nul),
        Some('\r' | '\n') => Err(Malformed::LineBreak),
        Some(_) => Err(Malformed::ControlCharacter),
    }
}

/// The first word, and what follows it without blanks around it.
pub(super) fn split_word(text: &str) -> (&str, &str) {
    let text = text.trim_matches(' ');
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    (word, rest.trim_start_matches(' '))
}

/// `uuid:<id>`, if it is there, and what follows.
pub(super) fn split_job_id(text: &str) -> Result<(Option<&str>, &str), Malformed> {
    if !begins_with_job_id(text) {
        return Ok((None, text));
    }
    let (id, rest) = split_word(&text[JOB_ID.len()..]);
    let blank = text[JOB_ID.len()..].starts_with(' ');
    if blank || !is_job_id(id) {
        return Err(Malformed::JobId);
    }
    Ok((Some(id), rest))
}

/// Whether it can be the id of a job.
pub(super) fn is_job_id(id: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    (1..=MAX_JOB_ID).contains(&id.len()) && id.bytes().all(known)
}

/// Whether a job id is meant, of whatever kind.
pub(super) fn begins_with_job_id(text: &str) -> bool {
    text.get(..JOB_ID.len()).is_some_and(|start| start.eq_ignore_ascii_case(JOB_ID))
}
