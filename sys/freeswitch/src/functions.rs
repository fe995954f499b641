//! The core's functions that the module calls. The module may import no other `switch_` symbol: a check of the
//! built library holds it to this list.

use crate::types::*;
use libc::{c_char, c_int, c_uint, c_void};

unsafe extern "C" {
    /// Makes what a module offers, in the module's pool; the name is copied.
    pub fn switch_loadable_module_create_module_interface(
        pool: *mut switch_memory_pool_t,
        name: *const c_char,
    ) -> *mut switch_loadable_module_interface_t;

    /// Adds an interface to it; for `SWITCH_API_INTERFACE` the result is a `switch_api_interface_t`, for
    /// `SWITCH_APPLICATION_INTERFACE` a `switch_application_interface_t`.
    pub fn switch_loadable_module_create_interface(
        module: *mut switch_loadable_module_interface_t,
        kind: switch_module_interface_name_t,
    ) -> *mut c_void;

    /// Binds a callback to an event, or to one subclass of it; `node` takes what unbind wants. Takes the write
    /// lock of the core's event system: never from inside a callback.
    pub fn switch_event_bind_removable(
        id: *const c_char,
        event: switch_event_types_t,
        subclass_name: *const c_char,
        callback: switch_event_callback_t,
        user_data: *mut c_void,
        node: *mut *mut switch_event_node_t,
    ) -> switch_status_t;

    /// Takes a binding away. When it returns, no callback of it is running any more.
    pub fn switch_event_unbind(node: *mut *mut switch_event_node_t) -> switch_status_t;

    /// The number of the event with this name (any case).
    pub fn switch_name_event(name: *const c_char, event: *mut switch_event_types_t) -> switch_status_t;

    /// Makes an event, with the headers that every event has; a subclass only for `CUSTOM`.
    pub fn switch_event_create_subclass_detailed(
        file: *const c_char,
        func: *const c_char,
        line: c_int,
        event: *mut *mut switch_event_t,
        event_id: switch_event_types_t,
        subclass_name: *const c_char,
    ) -> switch_status_t;

    /// Adds a header; name and value are copied.
    pub fn switch_event_add_header_string(
        event: *mut switch_event_t,
        stack: switch_stack_t,
        header_name: *const c_char,
        data: *const c_char,
    ) -> switch_status_t;

    /// Sets the body, formatted as by printf. Text from outside is an argument, never the format.
    pub fn switch_event_add_body(event: *mut switch_event_t, fmt: *const c_char, ...) -> switch_status_t;

    /// Fires an event, which is the core's from then on, and sets the pointer to null. Waits while the core's queue is full.
    pub fn switch_event_fire_detailed(
        file: *const c_char,
        func: *const c_char,
        line: c_int,
        event: *mut *mut switch_event_t,
        user_data: *mut c_void,
    ) -> switch_status_t;

    /// Destroys an event that is not fired, and sets the pointer to null.
    pub fn switch_event_destroy(event: *mut *mut switch_event_t);

    /// The hash of a header's name in any case, of `klen` bytes; with -1 it is measured, and `klen` then its length.
    pub fn switch_ci_hashfunc_default(char_key: *const c_char, klen: *mut switch_ssize_t) -> c_uint;

    /// Finds a configuration by its file name; the result holds a lock on the core's XML until
    /// [`switch_xml_free`], `node` is the `<configuration>` in it.
    pub fn switch_xml_open_cfg(
        file_path: *const c_char,
        node: *mut switch_xml_t,
        params: *mut switch_event_t,
    ) -> switch_xml_t;

    /// The XML as text, to be given to `free`.
    pub fn switch_xml_toxml_ex(
        xml: switch_xml_t,
        header: switch_bool_t,
        use_utf8_encoding: switch_bool_t,
    ) -> *mut c_char;

    /// Gives back what [`switch_xml_open_cfg`] returned.
    pub fn switch_xml_free(xml: switch_xml_t);

    /// Parses a text, which is changed and freed with the tree, or with `dup` a copy of it. What cannot be parsed is a
    /// tree too, with an error in it.
    pub fn switch_xml_parse_str_dynamic(s: *mut c_char, dup: switch_bool_t) -> switch_xml_t;

    /// Asks a function whenever something is looked up in one of these sections. Takes the write lock on the bindings, on
    /// which every such function runs with the read lock: never from inside one.
    pub fn switch_xml_bind_search_function_ret(
        function: switch_xml_search_function_t,
        sections: switch_xml_section_t,
        user_data: *mut c_void,
        ret_binding: *mut *mut switch_xml_binding_t,
    ) -> switch_status_t;

    /// Takes a binding away. When it returns, the function is not running for it any more.
    pub fn switch_xml_unbind_search_function(binding: *mut *mut switch_xml_binding_t) -> switch_status_t;

    /// Writes a log line, formatted as by printf. Text from outside is an argument, never the format.
    pub fn switch_log_printf(
        channel: switch_text_channel_t,
        file: *const c_char,
        func: *const c_char,
        line: c_int,
        userdata: *const c_char,
        level: switch_log_level_t,
        fmt: *const c_char,
        ...
    );

    /// Shows a function every log line of this level and of the more severe ones, on the core's log thread and under a lock.
    pub fn switch_log_bind_logger(
        function: switch_log_function_t,
        level: switch_log_level_t,
        is_console: switch_bool_t,
    ) -> switch_status_t;

    /// Takes the function away. It takes the same lock: when it returns, the function is not running any more.
    pub fn switch_log_unbind_logger(function: switch_log_function_t) -> switch_status_t;

    /// Adds or deletes tab completions: `add mosquitto status`, `del mosquitto`.
    pub fn switch_console_set_complete(string: *const c_char) -> switch_status_t;

    /// Names a function that completions may refer to, as `::name`.
    pub fn switch_console_add_complete_func(
        name: *const c_char,
        cb: switch_console_complete_callback_t,
    ) -> switch_status_t;

    /// Takes that name away.
    pub fn switch_console_del_complete_func(name: *const c_char) -> switch_status_t;

    /// Adds a match; the text is copied.
    pub fn switch_console_push_match(
        matches: *mut *mut switch_console_callback_match_t,
        new_val: *const c_char,
    );

    /// The value of a global variable (`log_dir`, `hostname`, ...), to be given to `free`; null if there is none.
    pub fn switch_core_get_variable_dup(varname: *const c_char) -> *mut c_char;

    /// The host's name.
    pub fn switch_core_get_hostname() -> *const c_char;

    /// The switch's name: the host's, unless it was given one.
    pub fn switch_core_get_switchname() -> *const c_char;

    /// Runs an API command on the calling thread. Anything but success: there is no such command.
    pub fn switch_api_execute(
        cmd: *const c_char,
        arg: *const c_char,
        session: *mut switch_core_session_t,
        stream: *mut switch_stream_handle_t,
    ) -> switch_status_t;

    /// A stream's write function: printf into a buffer that grows.
    pub fn switch_console_stream_write(
        handle: *mut switch_stream_handle_t,
        fmt: *const c_char,
        ...
    ) -> switch_status_t;

    /// A stream's raw write function.
    pub fn switch_console_stream_raw_write(
        handle: *mut switch_stream_handle_t,
        data: *mut u8,
        datalen: switch_size_t,
    ) -> switch_status_t;

    /// The channel of a call; it lives as long as the call.
    pub fn switch_core_session_get_channel(session: *mut switch_core_session_t) -> *mut switch_channel_t;

    /// Sets a variable of a channel; null or an empty value takes it away. Name and value are copied. With `var_check`, a
    /// value with `${` in it is refused, and the core says so in its log.
    pub fn switch_channel_set_variable_var_check(
        channel: *mut switch_channel_t,
        varname: *const c_char,
        value: *const c_char,
        var_check: switch_bool_t,
    ) -> switch_status_t;

    /// The value of a variable, null if there is none: with `dup`, a copy that lives as long as the call. `idx` is -1 but for
    /// a list.
    pub fn switch_channel_get_variable_dup(
        channel: *mut switch_channel_t,
        varname: *const c_char,
        dup: switch_bool_t,
        idx: c_int,
    ) -> *const c_char;

    /// Whether the channel may go on with its application: it is not hung up, nor taken elsewhere. On the thread of the call.
    pub fn switch_channel_test_ready(
        channel: *mut switch_channel_t,
        check_ready: switch_bool_t,
        check_media: switch_bool_t,
    ) -> c_int;

    /// The core's version in full.
    pub fn switch_version_full() -> *const c_char;
}
