//! Certificates and keys: from files into a context, and what is wrong with them.
#![allow(unsafe_code)]

use super::context::Context;
use super::reason::{clear_errors, first_error, last_error};
use openssl_client_sys as sys;
use std::ffi::{CStr, OsStr};
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::atomic::Ordering::SeqCst;

/// Trusts the CA certificates of a file and a folder; with neither, the system's. What was trusted before is not any
/// more.
///
/// # Errors
/// A file or folder that cannot be read or has no certificates in it.
pub(super) fn trust(context: &Context, cafile: Option<&CStr>, capath: Option<&CStr>) -> Result<(), String> {
    cafile.map_or(Ok(()), |file| can_be_read("cafile", file))?;
    capath.map_or(Ok(()), |folder| is_folder("capath", folder))?;
    let raw = context.raw.as_ptr();
    // SAFETY: a live context, which takes the new store over.
    unsafe {
        let store = sys::X509_STORE_new();
        if store.is_null() {
            return Err("OpenSSL has no memory".to_owned());
        }
        sys::SSL_CTX_set_cert_store(raw, store);
    }
    let (file, folder) = (pointer(cafile), pointer(capath));
    // SAFETY: a live context, and strings that are null or live for the call.
    let loaded = unsafe {
        if cafile.is_none() && capath.is_none() {
            sys::SSL_CTX_set_default_verify_paths(raw)
        } else {
            sys::SSL_CTX_load_verify_locations(raw, file, folder)
        }
    };
    if loaded == 1 {
        return Ok(());
    }
    Err(match cafile.or(capath) {
        Some(place) => format!(
            "{} {}: {}",
            if cafile.is_some() { "cafile" } else { "capath" },
            quoted(place),
            last_error()
        ),
        None => format!("the system's CA certificates: {}", last_error()),
    })
}

/// Loads the client's certificate and its key.
///
/// # Errors
/// A file that cannot be read, a key that is encrypted, or is not the certificate's.
pub(super) fn identify(context: &Context, certfile: &CStr, keyfile: &CStr) -> Result<(), String> {
    can_be_read("certfile", certfile)?;
    can_be_read("keyfile", keyfile)?;
    let (raw, state) = (context.raw.as_ptr(), context.state());
    // SAFETY: a live context and a string that lives for the call.
    if unsafe { sys::SSL_CTX_use_certificate_chain_file(raw, certfile.as_ptr()) } != 1 {
        return Err(format!("certfile {}: {}", quoted(certfile), first_error()));
    }
    state.asked_password.store(false, SeqCst);
    clear_errors();
    // SAFETY: as above.
    let loaded =
        unsafe { sys::SSL_CTX_use_PrivateKey_file(raw, keyfile.as_ptr(), sys::SSL_FILETYPE_PEM) } == 1;
    let why = last_error();
    if !loaded && !is_mismatch(&why) {
        let asked = state.asked_password.load(SeqCst);
        return Err(match (asked, &state.password) {
            (true, None) => format!("keyfile {} is encrypted: set keyfile_password", quoted(keyfile)),
            (true, Some(_)) => format!("keyfile_password does not open keyfile {}", quoted(keyfile)),
            (false, _) => format!("keyfile {}: {}", quoted(keyfile), first_error()),
        });
    }
    // SAFETY: a live context.
    if !loaded || unsafe { sys::SSL_CTX_check_private_key(raw) } != 1 {
        return Err(format!("keyfile {} is not the key of certfile {}", quoted(keyfile), quoted(certfile)));
    }
    Ok(())
}

/// What OpenSSL says of a key that is not the certificate's.
fn is_mismatch(error: &str) -> bool {
    ["key values mismatch", "key type mismatch"].contains(&error)
}

fn can_be_read(parameter: &str, place: &CStr) -> Result<(), String> {
    let opened = fs::File::open(path(place)).and_then(|file| file.metadata()).and_then(|found| {
        if found.is_dir() { Err(io::Error::from_raw_os_error(libc::EISDIR)) } else { Ok(()) }
    });
    opened.map_err(|error| failed(parameter, place, &error))
}

fn is_folder(parameter: &str, place: &CStr) -> Result<(), String> {
    fs::read_dir(path(place)).map(drop).map_err(|error| failed(parameter, place, &error))
}

fn failed(parameter: &str, place: &CStr, error: &io::Error) -> String {
    let words = error.to_string();
    let words = words.split(" (os error").next().unwrap_or(&words);
    format!("{parameter} {}: {words}", quoted(place))
}

fn quoted(place: &CStr) -> String {
    format!("\"{}\"", place.to_string_lossy())
}

fn path(place: &CStr) -> &Path {
    Path::new(OsStr::from_bytes(place.to_bytes()))
}

fn pointer(text: Option<&CStr>) -> *const std::ffi::c_char {
    text.map_or(std::ptr::null(), CStr::as_ptr)
}
