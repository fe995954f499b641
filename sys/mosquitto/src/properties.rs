//! Properties of MQTT 5 packets: libmosquitto(3), "Properties", and MQTT 5.0, section 2.2.2.
//!
//! A list begins as a null pointer; adding makes and lengthens it, [`mosquitto_property_free_all`] ends it.
//! Identifiers are `MQTT_PROP_` constants, commands `CMD_` constants. Reading returns the property that was
//! read, or null; given that one back with `skip_first`, it finds the next. What is read as a pointer is a
//! copy, to be given to `free`.

use crate::types::mosquitto_property;
use core::ffi::{c_char, c_int, c_void};

unsafe extern "C" {
    /// Adds a property of one byte.
    pub fn mosquitto_property_add_byte(
        proplist: *mut *mut mosquitto_property,
        identifier: c_int,
        value: u8,
    ) -> c_int;

    /// Adds a property of two bytes.
    pub fn mosquitto_property_add_int16(
        proplist: *mut *mut mosquitto_property,
        identifier: c_int,
        value: u16,
    ) -> c_int;

    /// Adds a property of four bytes.
    pub fn mosquitto_property_add_int32(
        proplist: *mut *mut mosquitto_property,
        identifier: c_int,
        value: u32,
    ) -> c_int;

    /// Adds a property of variable length: a number up to 268,435,455.
    pub fn mosquitto_property_add_varint(
        proplist: *mut *mut mosquitto_property,
        identifier: c_int,
        value: u32,
    ) -> c_int;

    /// Adds a property of bytes, which are copied.
    pub fn mosquitto_property_add_binary(
        proplist: *mut *mut mosquitto_property,
        identifier: c_int,
        value: *const c_void,
        len: u16,
    ) -> c_int;

    /// Adds a property of text, which is copied.
    pub fn mosquitto_property_add_string(
        proplist: *mut *mut mosquitto_property,
        identifier: c_int,
        value: *const c_char,
    ) -> c_int;

    /// Adds a property of a name and a value, which are copied.
    pub fn mosquitto_property_add_string_pair(
        proplist: *mut *mut mosquitto_property,
        identifier: c_int,
        name: *const c_char,
        value: *const c_char,
    ) -> c_int;

    /// Which property this one is; 0 for a null pointer.
    pub fn mosquitto_property_identifier(property: *const mosquitto_property) -> c_int;

    /// The property after this one, or null.
    pub fn mosquitto_property_next(proplist: *const mosquitto_property) -> *const mosquitto_property;

    /// Reads a property of one byte.
    pub fn mosquitto_property_read_byte(
        proplist: *const mosquitto_property,
        identifier: c_int,
        value: *mut u8,
        skip_first: bool,
    ) -> *const mosquitto_property;

    /// Reads a property of two bytes.
    pub fn mosquitto_property_read_int16(
        proplist: *const mosquitto_property,
        identifier: c_int,
        value: *mut u16,
        skip_first: bool,
    ) -> *const mosquitto_property;

    /// Reads a property of four bytes.
    pub fn mosquitto_property_read_int32(
        proplist: *const mosquitto_property,
        identifier: c_int,
        value: *mut u32,
        skip_first: bool,
    ) -> *const mosquitto_property;

    /// Reads a property of variable length.
    pub fn mosquitto_property_read_varint(
        proplist: *const mosquitto_property,
        identifier: c_int,
        value: *mut u32,
        skip_first: bool,
    ) -> *const mosquitto_property;

    /// Reads a property of bytes.
    pub fn mosquitto_property_read_binary(
        proplist: *const mosquitto_property,
        identifier: c_int,
        value: *mut *mut c_void,
        len: *mut u16,
        skip_first: bool,
    ) -> *const mosquitto_property;

    /// Reads a property of text.
    pub fn mosquitto_property_read_string(
        proplist: *const mosquitto_property,
        identifier: c_int,
        value: *mut *mut c_char,
        skip_first: bool,
    ) -> *const mosquitto_property;

    /// Reads a property of a name and a value.
    pub fn mosquitto_property_read_string_pair(
        proplist: *const mosquitto_property,
        identifier: c_int,
        name: *mut *mut c_char,
        value: *mut *mut c_char,
        skip_first: bool,
    ) -> *const mosquitto_property;

    /// Frees a whole list and sets the pointer to null.
    pub fn mosquitto_property_free_all(properties: *mut *mut mosquitto_property);

    /// Copies a whole list.
    pub fn mosquitto_property_copy_all(
        dest: *mut *mut mosquitto_property,
        src: *const mosquitto_property,
    ) -> c_int;

    /// Whether a packet of this kind may carry this property.
    pub fn mosquitto_property_check_command(command: c_int, identifier: c_int) -> c_int;

    /// Whether a packet of this kind may carry this list: kinds, values and repetitions.
    pub fn mosquitto_property_check_all(command: c_int, properties: *const mosquitto_property) -> c_int;

    /// The property's name, such as `content-type`; null if there is no such property.
    pub fn mosquitto_property_identifier_to_string(identifier: c_int) -> *const c_char;

    /// The identifier and the type (`MQTT_PROP_TYPE_`) of the property with this name.
    pub fn mosquitto_string_to_property_info(
        propname: *const c_char,
        identifier: *mut c_int,
        type_: *mut c_int,
    ) -> c_int;
}
