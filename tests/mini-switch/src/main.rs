//! The program: opens `libmini_switch.so`, globally, so that modules find the `switch_` functions in it, and
//! hands it the command line. Everything else is in the library.
//!
//! The library is looked for beside the executable and in `deps` beside it, where cargo leaves the one of a test
//! build; if both are there, the newer one is taken.

use std::ffi::{CStr, CString, OsString, c_char, c_int, c_void};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;

const LIBRARY: &str = "libmini_switch.so";

fn main() {
    let path = match find_library() {
        Ok(path) => path,
        Err(error) => fail(&error),
    };
    let args: Vec<CString> =
        std::env::args_os().filter_map(|a: OsString| CString::new(a.into_vec()).ok()).collect();
    let mut argv: Vec<*const c_char> = args.iter().map(|a| a.as_ptr()).collect();
    argv.push(std::ptr::null());
    let entry = open(&path);
    // SAFETY: the library defines mini_switch_main with this signature; argv holds args.len() strings and a null.
    let code = unsafe { entry(args.len() as c_int, argv.as_ptr()) };
    std::process::exit(code);
}

type Entry = unsafe extern "C" fn(c_int, *const *const c_char) -> c_int;

fn find_library() -> Result<PathBuf, String> {
    let exe = std::env::current_exe().map_err(|e| format!("own path: {e}"))?;
    let folder = exe.parent().ok_or("own path has no folder")?;
    [folder.join(LIBRARY), folder.join("deps").join(LIBRARY)]
        .into_iter()
        .filter_map(|path| Some((path.metadata().ok()?.modified().ok()?, path)))
        .max()
        .map(|(_, path)| path)
        .ok_or_else(|| format!("{LIBRARY} is not in {}: build the package mini-switch", folder.display()))
}

fn open(path: &std::path::Path) -> Entry {
    let name = CString::new(path.as_os_str().as_bytes()).expect("a path has no NUL");
    // SAFETY: name is a C string; the library is never closed.
    let handle = unsafe { libc::dlopen(name.as_ptr(), libc::RTLD_NOW | libc::RTLD_GLOBAL) };
    if handle.is_null() {
        fail(&last_error());
    }
    // SAFETY: handle was returned by dlopen just above.
    let symbol = unsafe { libc::dlsym(handle, c"mini_switch_main".as_ptr()) };
    if symbol.is_null() {
        fail(&last_error());
    }
    // SAFETY: the symbol is a function of the type Entry; function and data pointers are of one size on Linux.
    unsafe { std::mem::transmute::<*mut c_void, Entry>(symbol) }
}

fn last_error() -> String {
    // SAFETY: dlerror returns null or a C string that is valid until the next dl call of this thread.
    let text = unsafe { libc::dlerror() };
    if text.is_null() {
        return "unknown error".to_owned();
    }
    // SAFETY: not null, see above.
    unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
}

fn fail(error: &str) -> ! {
    eprintln!("mini-switch: {error}");
    std::process::exit(1);
}
