//! Structures, handles and constants, as in the core's `switch_types.h`, `switch_event.h`,
//! `switch_loadable_module.h` and `switch_module_interfaces.h`.

use libc::{c_char, c_int, c_ulong, c_void, size_t, ssize_t};

/// A result of the core. `SWITCH_STATUS_SUCCESS` is 0.
pub type switch_status_t = c_int;
/// The number of an event; it depends on the core's version.
pub type switch_event_types_t = c_int;
/// A size, as the core's `switch_size_t`.
pub type switch_size_t = size_t;
/// A size or -1, as the core's `switch_ssize_t`.
pub type switch_ssize_t = ssize_t;
/// A log level, `SWITCH_LOG_CONSOLE` (0) to `SWITCH_LOG_DEBUG` (7).
pub type switch_log_level_t = c_int;
/// Where a log line goes: `SWITCH_CHANNEL_ID_LOG` and its like.
pub type switch_text_channel_t = c_int;
/// The kind of an interface that a module adds.
pub type switch_module_interface_name_t = c_int;
/// Where a header goes in an event.
pub type switch_stack_t = c_int;
/// Sections of the core's XML, a set of bits.
pub type switch_xml_section_t = u32;
/// Microseconds since 1970.
pub type switch_time_t = i64;
/// The core's boolean: 0 or 1.
pub type switch_bool_t = c_int;

/// The version of the module interface that this crate declares; the core refuses any other.
pub const SWITCH_API_VERSION: c_int = 5;
/// It worked.
pub const SWITCH_STATUS_SUCCESS: switch_status_t = 0;
/// It did not.
pub const SWITCH_STATUS_FALSE: switch_status_t = 1;
/// Out of memory.
pub const SWITCH_STATUS_MEMERR: switch_status_t = 6;
/// A general error.
pub const SWITCH_STATUS_GENERR: switch_status_t = 9;
/// From a module's load: do not keep it. From shutdown: unmap it.
pub const SWITCH_STATUS_UNLOAD: switch_status_t = 15;
/// From a module's shutdown: leave it mapped.
pub const SWITCH_STATUS_NOUNLOAD: switch_status_t = 16;

/// Printed whatever the console's level is.
pub const SWITCH_LOG_CONSOLE: switch_log_level_t = 0;
/// Action must be taken at once.
pub const SWITCH_LOG_ALERT: switch_log_level_t = 1;
/// Critical.
pub const SWITCH_LOG_CRIT: switch_log_level_t = 2;
/// An error.
pub const SWITCH_LOG_ERROR: switch_log_level_t = 3;
/// A warning.
pub const SWITCH_LOG_WARNING: switch_log_level_t = 4;
/// Normal, but worth a look.
pub const SWITCH_LOG_NOTICE: switch_log_level_t = 5;
/// For information.
pub const SWITCH_LOG_INFO: switch_log_level_t = 6;
/// For debugging.
pub const SWITCH_LOG_DEBUG: switch_log_level_t = 7;

/// A log line with its file and line.
pub const SWITCH_CHANNEL_ID_LOG: switch_text_channel_t = 0;
/// A log line without them.
pub const SWITCH_CHANNEL_ID_LOG_CLEAN: switch_text_channel_t = 1;

/// A dialplan application.
pub const SWITCH_APPLICATION_INTERFACE: switch_module_interface_name_t = 4;
/// An API command.
pub const SWITCH_API_INTERFACE: switch_module_interface_name_t = 5;

/// The application does without media.
pub const SAF_SUPPORT_NOMEDIA: u32 = 1;
/// The application may run while the call is routed (`inline`).
pub const SAF_ROUTING_EXEC: u32 = 2;
/// The application may run after the call has been hung up.
pub const SAF_ZOMBIE_EXEC: u32 = 8;
/// The section `configuration`.
pub const SWITCH_XML_SECTION_CONFIG: switch_xml_section_t = 1;
/// The section `directory`.
pub const SWITCH_XML_SECTION_DIRECTORY: switch_xml_section_t = 2;
/// The section `dialplan`.
pub const SWITCH_XML_SECTION_DIALPLAN: switch_xml_section_t = 4;
/// The section `chatplan`.
pub const SWITCH_XML_SECTION_CHATPLAN: switch_xml_section_t = 16;

/// At the end.
pub const SWITCH_STACK_BOTTOM: switch_stack_t = 1;

/// False, as the core writes it.
pub const SWITCH_FALSE: switch_bool_t = 0;
/// True, as the core writes it.
pub const SWITCH_TRUE: switch_bool_t = 1;

/// Handles that only the core looks into.
macro_rules! opaque {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[repr(C)]
        pub struct $name {
            _private: [u8; 0],
            _not_send: core::marker::PhantomData<*mut u8>,
        }
    )*};
}

opaque! {
    /// An APR memory pool.
    switch_memory_pool_t;
    /// What a module offers; made by the core.
    switch_loadable_module_interface_t;
    /// One binding of a callback to an event.
    switch_event_node_t;
    /// A node of the core's XML tree (`switch_xml_t` is a pointer to it).
    switch_xml;
    /// One binding of a function to sections of the XML.
    switch_xml_binding_t;
    /// A call.
    switch_core_session_t;
    /// The channel of a call: its state and its variables.
    switch_channel_t;
    /// The matches of one tab completion.
    switch_console_callback_match_t;
}

/// A pointer to a node of the core's XML tree.
pub type switch_xml_t = *mut switch_xml;

/// A header of an event; `array` holds `idx` values if the header is a list, and is null if it is not.
#[repr(C)]
#[derive(Debug)]
pub struct switch_event_header_t {
    /// The header's name.
    pub name: *mut c_char,
    /// The value; for a list, its text in the core's `ARRAY::` form.
    pub value: *mut c_char,
    /// The values of a list.
    pub array: *mut *mut c_char,
    /// How many values the list has; 0: not a list.
    pub idx: c_int,
    /// A hash of the name.
    pub hash: c_ulong,
    /// The next header, or null.
    pub next: *mut switch_event_header_t,
}

/// An event. It belongs to the core and is gone when the callback returns.
#[repr(C)]
#[derive(Debug)]
pub struct switch_event_t {
    /// Which event this is.
    pub event_id: switch_event_types_t,
    /// Its priority.
    pub priority: c_int,
    /// Who fired it.
    pub owner: *mut c_char,
    /// The subclass of a `CUSTOM` event, or null.
    pub subclass_name: *mut c_char,
    /// The first header, or null.
    pub headers: *mut switch_event_header_t,
    /// The last header, or null.
    pub last_header: *mut switch_event_header_t,
    /// The body, or null.
    pub body: *mut c_char,
    /// What the binding was given as its user data.
    pub bind_user_data: *mut c_void,
    /// What the one who fired it gave.
    pub event_user_data: *mut c_void,
    /// A private key.
    pub key: c_ulong,
    /// For the core's own lists.
    pub next: *mut switch_event_t,
    /// Flags of the core.
    pub flags: c_int,
}

/// Where an API command writes its answer.
#[repr(C)]
#[derive(Debug)]
pub struct switch_stream_handle_t {
    /// Reads input.
    pub read_function: Option<unsafe extern "C" fn(*mut switch_stream_handle_t, *mut c_int) -> *mut u8>,
    /// Writes formatted text, as printf does.
    pub write_function:
        Option<unsafe extern "C" fn(*mut switch_stream_handle_t, *const c_char, ...) -> switch_status_t>,
    /// Writes bytes.
    pub raw_write_function:
        Option<unsafe extern "C" fn(*mut switch_stream_handle_t, *mut u8, switch_size_t) -> switch_status_t>,
    /// The answer so far.
    pub data: *mut c_void,
    /// Its end.
    pub end: *mut c_void,
    /// Bytes allocated.
    pub data_size: switch_size_t,
    /// Bytes used.
    pub data_len: switch_size_t,
    /// Bytes of the first allocation.
    pub alloc_len: switch_size_t,
    /// Bytes of each further allocation.
    pub alloc_chunk: switch_size_t,
    /// Parameters of the request, or null.
    pub param_event: *mut switch_event_t,
}

/// The function behind an API command. `cmd` is what follows the command's name, and may be null.
pub type switch_api_function_t = unsafe extern "C" fn(
    cmd: *const c_char,
    session: *mut switch_core_session_t,
    stream: *mut switch_stream_handle_t,
) -> switch_status_t;

/// An API command. The strings must live as long as the interface.
#[repr(C)]
#[derive(Debug)]
pub struct switch_api_interface_t {
    /// The command's name.
    pub interface_name: *const c_char,
    /// What it does.
    pub desc: *const c_char,
    /// What is called.
    pub function: Option<switch_api_function_t>,
    /// How it is written.
    pub syntax: *const c_char,
    /// The core's.
    pub rwlock: *mut c_void,
    /// The core's.
    pub refs: c_int,
    /// The core's.
    pub reflock: *mut c_void,
    /// The core's.
    pub parent: *mut switch_loadable_module_interface_t,
    /// The core's.
    pub next: *mut switch_api_interface_t,
}

/// The function behind a dialplan application, called on the thread of the call. `data` is what follows the application's
/// name, its variables expanded, and may be null.
pub type switch_application_function_t =
    unsafe extern "C" fn(session: *mut switch_core_session_t, data: *const c_char);

/// A dialplan application. The strings must live as long as the interface.
#[repr(C)]
#[derive(Debug)]
pub struct switch_application_interface_t {
    /// The application's name.
    pub interface_name: *const c_char,
    /// What is called.
    pub application_function: Option<switch_application_function_t>,
    /// What it does, at length.
    pub long_desc: *const c_char,
    /// What it does, in short.
    pub short_desc: *const c_char,
    /// How it is written.
    pub syntax: *const c_char,
    /// `SAF_SUPPORT_NOMEDIA` and its like.
    pub flags: u32,
    /// The core's.
    pub rwlock: *mut c_void,
    /// The core's.
    pub refs: c_int,
    /// The core's.
    pub reflock: *mut c_void,
    /// The core's.
    pub parent: *mut switch_loadable_module_interface_t,
    /// The core's.
    pub next: *mut switch_application_interface_t,
}

/// A module's load function.
pub type switch_module_load_t = unsafe extern "C" fn(
    module_interface: *mut *mut switch_loadable_module_interface_t,
    pool: *mut switch_memory_pool_t,
) -> switch_status_t;
/// A module's shutdown function.
pub type switch_module_shutdown_t = unsafe extern "C" fn() -> switch_status_t;
/// A module's runtime function.
pub type switch_module_runtime_t = unsafe extern "C" fn() -> switch_status_t;

/// The table that the core looks for under the name `<file>_module_interface`.
#[repr(C)]
#[derive(Debug)]
pub struct switch_loadable_module_function_table_t {
    /// [`SWITCH_API_VERSION`].
    pub switch_api_version: c_int,
    /// Called when the module is loaded.
    pub load: Option<switch_module_load_t>,
    /// Called when it is unloaded.
    pub shutdown: Option<switch_module_shutdown_t>,
    /// Called on a thread of its own, if set.
    pub runtime: Option<switch_module_runtime_t>,
    /// Flags; 0 for none.
    pub flags: u32,
}

/// What is called for an event.
pub type switch_event_callback_t = unsafe extern "C" fn(event: *mut switch_event_t);

/// What is asked for XML: null, or a tree, which is then the core's. `params` may be null, like every text but the section.
pub type switch_xml_search_function_t = unsafe extern "C" fn(
    section: *const c_char,
    tag_name: *const c_char,
    key_name: *const c_char,
    key_value: *const c_char,
    params: *mut switch_event_t,
    user_data: *mut c_void,
) -> switch_xml_t;

/// A log line. It belongs to the core and is gone when the callback returns. Versions of the core have added to its end:
/// what follows `channel` need not be there.
#[repr(C)]
#[derive(Debug)]
pub struct switch_log_node_t {
    /// The whole line, with time, level and place.
    pub data: *mut c_char,
    /// The source file, without its folder.
    pub file: [c_char; 80],
    /// The line in it.
    pub line: u32,
    /// The function in it.
    pub func: [c_char; 80],
    /// Its level.
    pub level: switch_log_level_t,
    /// When it was logged.
    pub timestamp: switch_time_t,
    /// Where in `data` the message begins, with the blank before it; or null.
    pub content: *mut c_char,
    /// The uuid of the call that it is about, or null.
    pub userdata: *mut c_char,
    /// Where it was logged to.
    pub channel: switch_text_channel_t,
    /// The level of the call that it is about.
    pub slevel: switch_log_level_t,
    /// Tags of that call.
    pub tags: *mut switch_event_t,
    /// Its number.
    pub sequence: i64,
    /// More about it.
    pub meta: *mut c_void,
}

/// What is shown log lines.
pub type switch_log_function_t =
    unsafe extern "C" fn(node: *const switch_log_node_t, level: switch_log_level_t) -> switch_status_t;

/// What is called for a tab completion: the line so far, the word under the cursor, where the matches go.
pub type switch_console_complete_callback_t = unsafe extern "C" fn(
    line: *const c_char,
    cursor: *const c_char,
    matches: *mut *mut switch_console_callback_match_t,
) -> switch_status_t;
