//! The Rust compiler's numbers.

use freeswitch_sys::*;
use std::mem::{offset_of, size_of};

/// A structure.
pub struct Layout {
    pub name: &'static str,
    pub size: usize,
    pub fields: Vec<Field>,
}

/// One of its fields.
pub struct Field {
    pub name: &'static str,
    pub offset: usize,
    pub size: usize,
}

fn size_of_field<T, F>(_: fn(&T) -> &F) -> usize {
    size_of::<F>()
}

macro_rules! layouts {
    ($($name:ident { $($field:ident),* $(,)? })*) => {
        vec![$(Layout {
            name: stringify!($name),
            size: size_of::<$name>(),
            fields: vec![$(Field {
                name: stringify!($field),
                offset: offset_of!($name, $field),
                size: size_of_field(|s: &$name| &s.$field),
            }),*],
        }),*]
    };
}

macro_rules! named {
    ($($name:ident)*) => { vec![$((stringify!($name), i64::from($name))),*] };
}

macro_rules! sizes {
    ($($name:ident)*) => { vec![$((stringify!($name), size_of::<$name>())),*] };
}

/// Every structure with its fields in the order in which they are declared.
pub fn layouts() -> Vec<Layout> {
    layouts! {
        switch_event_header_t { name, value, array, idx, hash, next }
        switch_event_t {
            event_id, priority, owner, subclass_name, headers, last_header, body, bind_user_data, event_user_data,
            key, next, flags,
        }
        switch_stream_handle_t {
            read_function, write_function, raw_write_function, data, end, data_size, data_len, alloc_len,
            alloc_chunk, param_event,
        }
        switch_api_interface_t {
            interface_name, desc, function, syntax, rwlock, refs, reflock, parent, next,
        }
        switch_application_interface_t {
            interface_name, application_function, long_desc, short_desc, syntax, flags, rwlock, refs, reflock, parent,
            next,
        }
        switch_loadable_module_function_table_t { switch_api_version, load, shutdown, runtime, flags }
        switch_log_node_t {
            data, file, line, func, level, timestamp, content, userdata, channel, slevel, tags, sequence, meta,
        }
    }
}

/// Every constant.
pub fn consts() -> Vec<(&'static str, i64)> {
    named! {
        SWITCH_API_VERSION
        SWITCH_STATUS_SUCCESS SWITCH_STATUS_FALSE SWITCH_STATUS_MEMERR SWITCH_STATUS_GENERR
        SWITCH_STATUS_UNLOAD SWITCH_STATUS_NOUNLOAD
        SWITCH_LOG_CONSOLE SWITCH_LOG_ALERT SWITCH_LOG_CRIT SWITCH_LOG_ERROR SWITCH_LOG_WARNING
        SWITCH_LOG_NOTICE SWITCH_LOG_INFO SWITCH_LOG_DEBUG
        SWITCH_CHANNEL_ID_LOG SWITCH_CHANNEL_ID_LOG_CLEAN
        SWITCH_APPLICATION_INTERFACE SWITCH_API_INTERFACE
        SAF_SUPPORT_NOMEDIA SAF_ROUTING_EXEC SAF_ZOMBIE_EXEC
        SWITCH_XML_SECTION_CONFIG SWITCH_XML_SECTION_DIRECTORY SWITCH_XML_SECTION_DIALPLAN
        SWITCH_XML_SECTION_CHATPLAN
        SWITCH_STACK_BOTTOM
        SWITCH_FALSE SWITCH_TRUE
    }
}

/// The types that stand for C's enumerations and integers.
pub fn numbers() -> Vec<(&'static str, usize)> {
    sizes! {
        switch_status_t switch_event_types_t switch_size_t switch_log_level_t switch_text_channel_t
        switch_module_interface_name_t switch_bool_t switch_xml_section_t switch_time_t
    }
}
