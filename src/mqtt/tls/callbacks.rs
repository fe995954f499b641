//! OpenSSL's callbacks. They run on the thread that drives the client.
#![allow(unsafe_code)]

use super::super::client::last_errno;
use super::reason::{alert_read, alert_written, handshake_failure};
use super::state::{HOLD_ENGAGED, HOLD_WANTED, State};
use crate::panics::guard;
use openssl_client_sys as sys;
use std::ffi::{c_char, c_int, c_long, c_uchar, c_uint, c_void};
use std::sync::atomic::Ordering::SeqCst;

/// The index under which a context keeps its [`State`]: the one that OpenSSL leaves to the program.
const INDEX: c_int = 0;

/// The level of an alert that ends the connection.
const FATAL: c_int = 2;

/// Registers the callbacks with a context that has no connections yet. False: there is no memory.
///
/// # Safety
/// The context is live, nobody else uses it, and the state outlives it and all connections that are made from it.
pub(super) unsafe fn register(context: *mut sys::SSL_CTX, state: *const State) -> bool {
    let user = state.cast_mut().cast::<c_void>();
    // SAFETY: the functions have OpenSSL's own signatures; the rest is this function's promise.
    unsafe {
        sys::SSL_CTX_set_info_callback(context, Some(on_info));
        sys::SSL_CTX_set_default_passwd_cb(context, Some(on_password));
        sys::SSL_CTX_set_default_passwd_cb_userdata(context, user);
        if (*state).psk.is_some() {
            sys::SSL_CTX_set_psk_client_callback(context, Some(on_psk));
        }
        sys::SSL_CTX_set_ex_data(context, INDEX, user) == 1
    }
}

/// # Safety
/// The connection is live, and was made from a context that [`register`] has seen.
unsafe fn state<'a>(ssl: *const sys::SSL) -> &'a State {
    // SAFETY: by the caller's promise; the state outlives the connection.
    unsafe { &*sys::SSL_CTX_get_ex_data(sys::SSL_get_SSL_CTX(ssl), INDEX).cast::<State>() }
}

unsafe extern "C" fn on_info(ssl: *const sys::SSL, kind: c_int, value: c_int) {
    let errno = last_errno();
    // SAFETY: OpenSSL calls this for connections of the context that it was registered with.
    let state = unsafe { state(ssl) };
    guard("a TLS information callback", (), || match kind {
        // SAFETY: the connection is live, and only this thread uses it.
        sys::SSL_CB_HANDSHAKE_START => unsafe { begin(state, ssl.cast_mut()) },
        sys::SSL_CB_HANDSHAKE_DONE => state.established.store(true, SeqCst),
        sys::SSL_CB_READ_ALERT if value >> 8 == FATAL => state.blame(alert_read(value)),
        sys::SSL_CB_WRITE_ALERT if value >> 8 == FATAL => {
            // SAFETY: a live connection.
            let verdict = unsafe { sys::SSL_get_verify_result(ssl) };
            state.blame(alert_written(state, value, verdict));
        }
        // The queue of errors was emptied before this step.
        sys::SSL_CB_CONNECT_EXIT if value < 0 => match handshake_failure() {
            Some(reason) => state.blame(reason),
            None if is_final(errno) => {
                // The first error is the cause: writing to a socket that was refused gives another one each time.
                let _another_was_first = state.io_error.compare_exchange(0, errno, SeqCst, SeqCst);
            }
            None => {}
        },
        _ => {}
    });
}

/// Whether a socket that gave this errno cannot be used again. OpenSSL sets errno to 0 before each attempt.
fn is_final(errno: i32) -> bool {
    use libc::{EAGAIN, EALREADY, EINPROGRESS, EINTR, ENOTCONN};
    ![0, EAGAIN, EALREADY, EINPROGRESS, EINTR, ENOTCONN].contains(&errno)
}

/// The handshake begins: nothing has been written yet. libmosquitto has set the address as the server's name.
///
/// # Safety
/// The connection is live, and only this thread uses it.
unsafe fn begin(state: &State, ssl: *mut sys::SSL) {
    let (command, kind) = (sys::SSL_CTRL_SET_TLSEXT_HOSTNAME, c_long::from(sys::TLSEXT_NAMETYPE_host_name));
    // SAFETY: by this function's promise. A null pointer takes the name away; another one is a string, which is copied.
    unsafe {
        sys::SSL_ctrl(ssl, command, kind, std::ptr::null_mut());
        if let Some(name) = &*state.server_name.lock() {
            sys::SSL_ctrl(ssl, command, kind, name.as_ptr().cast_mut().cast());
        }
    }
    if state.hold.load(SeqCst) == HOLD_WANTED {
        // SAFETY: the connection takes the BIO over, and frees the one that it had.
        unsafe {
            let memory = sys::BIO_new(sys::BIO_s_mem());
            if !memory.is_null() {
                sys::SSL_set0_wbio(ssl, memory);
                state.hold.store(HOLD_ENGAGED, SeqCst);
            }
        }
    }
}

/// Never asks on the terminal: without a password there is none.
unsafe extern "C" fn on_password(buffer: *mut c_char, size: c_int, _: c_int, user: *mut c_void) -> c_int {
    // SAFETY: the user data is the state, which outlives the context.
    let state = unsafe { &*user.cast::<State>() };
    guard("a TLS password callback", -1, || {
        state.asked_password.store(true, SeqCst);
        let Some(password) = &state.password else { return -1 };
        let length = password.as_bytes().len();
        match c_int::try_from(length) {
            Ok(answer) if answer <= size => {
                // SAFETY: OpenSSL's buffer has room for `size` bytes.
                unsafe { std::ptr::copy_nonoverlapping(password.as_ptr(), buffer, length) };
                answer
            }
            _ => -1,
        }
    })
}

unsafe extern "C" fn on_psk(
    ssl: *mut sys::SSL,
    _hint: *const c_char,
    identity: *mut c_char,
    identity_room: c_uint,
    key: *mut c_uchar,
    key_room: c_uint,
) -> c_uint {
    // SAFETY: OpenSSL calls this for connections of the context that it was registered with.
    let state = unsafe { state(ssl) };
    guard("a TLS key callback", 0, || {
        let Some((bytes, name)) = &state.psk else { return 0 };
        let name = name.as_bytes_with_nul();
        let (Ok(name_length), Ok(length)) = (c_uint::try_from(name.len()), c_uint::try_from(bytes.len()))
        else {
            return 0;
        };
        if name_length > identity_room || length > key_room {
            state.blame(format!(
                "TLS: identity may have {} bytes and psk {key_room}: they have {} and {length}",
                identity_room.saturating_sub(1),
                name_length - 1,
            ));
            return 0;
        }
        // SAFETY: both buffers have the room that was just compared.
        unsafe {
            std::ptr::copy_nonoverlapping(name.as_ptr().cast(), identity, name.len());
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), key, bytes.len());
        }
        length
    })
}
