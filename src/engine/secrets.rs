//! Passwords and keys that are kept in files of their own. Read once, when the module is loaded.

use crate::config::Secret;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// The first line of a secret's file. `parameter` is the one that names the file.
///
/// # Errors
/// The file cannot be read, or has no first line; for the operator.
pub fn read(parameter: &str, path: &str) -> Result<Secret, String> {
    let failed = |why: String| format!("{parameter} \"{path}\": {why}");
    let kind = fs::metadata(path).map_err(|error| failed(reason(&error)))?;
    if !kind.is_file() {
        // A pipe would make whoever loads the module wait for its other end.
        return Err(failed("not a regular file".to_owned()));
    }
    let text = fs::read_to_string(path).map_err(|error| failed(reason(&error)))?;
    match text.lines().next() {
        Some(line) if !line.is_empty() => Ok(Secret::new(line)),
        _ => Err(failed("its first line is empty".to_owned())),
    }
}

/// A warning if everybody on this machine can read the file of a secret.
pub fn exposed(parameter: &str, path: &str) -> Option<String> {
    let mode = fs::metadata(Path::new(path)).ok()?.permissions().mode() & 0o7777;
    (mode & 0o004 != 0)
        .then(|| format!("{parameter} \"{path}\" can be read by others (mode {mode:04o}): chmod o-r it"))
}

/// The system's words alone.
fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct File(std::path::PathBuf);

    impl File {
        fn new(name: &str, content: &[u8], mode: u32) -> Self {
            let path = std::env::temp_dir().join(format!("mod_mosquitto-{name}-{}", std::process::id()));
            fs::write(&path, content).expect("a file");
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("its mode");
            Self(path)
        }

        fn path(&self) -> &str {
            self.0.to_str().expect("UTF-8")
        }
    }

    impl Drop for File {
        fn drop(&mut self) {
            let _ = fs::remove_file(&self.0);
        }
    }

    #[test]
    fn the_first_line_is_the_secret() {
        for content in [&b"s3cret"[..], b"s3cret\n", b"s3cret\r\nmore\n"] {
            let file = File::new("secret", content, 0o600);
            assert_eq!(read("password_file", file.path()), Ok(Secret::new("s3cret")));
        }
    }

    #[test]
    fn a_file_without_a_secret_is_an_error_that_names_it() {
        let error = |path: &str| read("psk_file", path).expect_err("no secret");
        for content in ["", "\nsecond line\n"] {
            let file = File::new("empty", content.as_bytes(), 0o600);
            assert_eq!(error(file.path()), format!("psk_file \"{}\": its first line is empty", file.path()));
        }
        assert_eq!(error("/no/such"), "psk_file \"/no/such\": No such file or directory");
        assert_eq!(error("/dev"), "psk_file \"/dev\": not a regular file");
        let binary = File::new("binary", b"\xff\xfe", 0o600);
        assert!(error(binary.path()).ends_with("stream did not contain valid UTF-8"));
    }

    #[test]
    fn a_file_that_others_can_read_is_worth_a_warning() {
        let open = File::new("open", b"x", 0o644);
        let warning =
            format!("password_file \"{}\" can be read by others (mode 0644): chmod o-r it", open.path());
        assert_eq!(exposed("password_file", open.path()), Some(warning));
        let closed = File::new("closed", b"x", 0o640);
        assert_eq!(exposed("password_file", closed.path()), None);
    }
}
