//! Opening a module file and finding its table, as the core does it.

use crate::cstr;
use freeswitch_sys::{SWITCH_API_VERSION, switch_loadable_module_function_table_t};
use libc::c_void;
use std::ffi::{CStr, CString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// An open module file; closed by [`Library::close`], not by drop, because a module may ask to stay mapped.
#[derive(Debug)]
pub struct Library {
    handle: *mut c_void,
}

// SAFETY: the handle of dlopen may be used from any thread.
unsafe impl Send for Library {}

impl Library {
    /// Opens with all symbols bound at once and none of them shown to others.
    ///
    /// # Errors
    /// What the dynamic linker says.
    pub fn open(path: &Path) -> Result<Self, String> {
        let name = CString::new(path.as_os_str().as_bytes()).map_err(|e| e.to_string())?;
        // SAFETY: name is a C string. The file's constructors run, which is what loading a module means.
        let handle = unsafe { libc::dlopen(name.as_ptr(), libc::RTLD_NOW | libc::RTLD_LOCAL) };
        if handle.is_null() { Err(last_error()) } else { Ok(Self { handle }) }
    }

    /// The table `<name>_module_interface`, checked for its version.
    ///
    /// # Errors
    /// It is not there, or of another version, or has no load function.
    pub fn table(&self, name: &str) -> Result<&switch_loadable_module_function_table_t, String> {
        let symbol = CString::new(format!("{name}_module_interface")).map_err(|e| e.to_string())?;
        // SAFETY: the handle is open; symbol is a C string.
        let address = unsafe { libc::dlsym(self.handle, symbol.as_ptr()) };
        if address.is_null() {
            return Err(last_error());
        }
        // SAFETY: by the name it has, the symbol is a module's table, mapped as long as the library is open.
        let table = unsafe { &*address.cast::<switch_loadable_module_function_table_t>() };
        if table.switch_api_version != SWITCH_API_VERSION {
            return Err(format!("its API version is {}, not {SWITCH_API_VERSION}", table.switch_api_version));
        }
        if table.load.is_none() {
            return Err("it has no load function".to_owned());
        }
        Ok(table)
    }

    /// Closes it. No code of it may be running.
    pub fn close(self) {
        // SAFETY: the handle is open and not used again; the caller answers for running code.
        unsafe { libc::dlclose(self.handle) };
    }
}

/// Whether the file is mapped into this process.
pub fn mapped(path: &Path) -> bool {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap_or_default();
    maps.lines().any(|line| line.ends_with(&format!(" {}", path.display())))
}

/// The module's name and its file: a path as it is, a bare name in `folder`, with cargo's `lib` before it if
/// only that is there. The name is what stands before the first dot.
pub fn locate(folder: &Path, module: &str) -> (String, PathBuf) {
    let given = Path::new(module);
    let file = given.file_name().map_or_else(|| module.to_owned(), |f| f.to_string_lossy().into_owned());
    let name = file.split('.').next().unwrap_or_default().to_owned();
    if module.contains('/') {
        return (name, given.to_owned());
    }
    let plain = folder.join(format!("{name}.so"));
    let cargo = folder.join(format!("lib{name}.so"));
    let path = if !plain.exists() && cargo.exists() { cargo } else { plain };
    (name, path)
}

fn last_error() -> String {
    // SAFETY: dlerror returns null or a C string that is valid until the next dl call of this thread.
    let text: *const CStr = match unsafe { libc::dlerror() } {
        text if text.is_null() => return "unknown error".to_owned(),
        // SAFETY: not null, see above.
        text => unsafe { CStr::from_ptr(text) },
    };
    // SAFETY: as above; copied at once.
    unsafe { cstr::text((*text).as_ptr()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_named_after_its_file() {
        let folder = Path::new("/none");
        assert_eq!(locate(folder, "mod_a"), ("mod_a".to_owned(), "/none/mod_a.so".into()));
        assert_eq!(locate(folder, "/x/mod_a.so"), ("mod_a".to_owned(), "/x/mod_a.so".into()));
        assert_eq!(locate(folder, "mod_a.so").0, "mod_a");
    }

    #[test]
    fn a_missing_file_is_an_error_of_the_linker() {
        assert!(Library::open(Path::new("/none/mod_a.so")).unwrap_err().contains("mod_a.so"));
    }
}
