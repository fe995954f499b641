//! Look-ups in the XML: the functions that modules have bound are asked first, in the order in which they were bound, then
//! the files.
//!
//! As in the core: the functions run on the thread that looks something up, under a read lock; bind and unbind take the
//! write lock, so that unbind returns only when no function is running; threads that only read do not wait for one that
//! wants to write. A binding that is made or taken away from inside such a function is a deadlock, which is reported here
//! instead of hanging.

use crate::core::Core;
use crate::documents;
use crate::event::Event;
use crate::output::die;
use crate::xml::{self, Document};
use freeswitch_sys::{
    SWITCH_XML_SECTION_CHATPLAN, SWITCH_XML_SECTION_CONFIG, SWITCH_XML_SECTION_DIALPLAN,
    SWITCH_XML_SECTION_DIRECTORY, switch_xml_search_function_t, switch_xml_section_t,
};
use libc::c_void;
use parking_lot::RwLock;
use std::cell::Cell;
use std::ffi::CString;
use std::ptr::null_mut;
use std::sync::Arc;
use xmltree::{Element, XMLNode};

/// One binding. Its address is the module's handle on it.
#[derive(Debug)]
pub struct Binding {
    function: switch_xml_search_function_t,
    sections: switch_xml_section_t,
    user_data: *mut c_void,
}

// SAFETY: user_data is only handed on; the module that gave it knows that the function runs on any thread.
unsafe impl Send for Binding {}
// SAFETY: as above; nothing in it changes.
unsafe impl Sync for Binding {}

thread_local! {
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// What modules have bound, the oldest first.
#[derive(Debug, Default)]
pub struct Searches(RwLock<Vec<Arc<Binding>>>);

impl Searches {
    /// Adds a binding and returns its handle.
    pub fn bind(
        &self,
        function: switch_xml_search_function_t,
        sections: switch_xml_section_t,
        user_data: *mut c_void,
    ) -> *const Binding {
        forbid_inside("bind");
        let binding = Arc::new(Binding { function, sections, user_data });
        let handle = Arc::as_ptr(&binding);
        self.0.write().push(binding);
        handle
    }

    /// Takes a binding away, once no function is running; false if it is not known.
    pub fn unbind(&self, handle: *const Binding) -> bool {
        forbid_inside("unbind");
        let mut bindings = self.0.write();
        let at = bindings.iter().position(|binding| std::ptr::eq(Arc::as_ptr(binding), handle));
        at.map(|at| bindings.remove(at)).is_some()
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.read_recursive().len()
    }

    /// The text of the first document that is no error and does not say "not found".
    fn ask(&self, core: &Core, what: [&str; 4], params: Option<&Event>) -> Option<String> {
        let texts = what.map(|text| CString::new(text).unwrap_or_default());
        let [section, tag, key_name, key_value] = &texts;
        let params = params.map_or(null_mut(), Event::as_ptr);
        let bindings = self.0.read_recursive();
        for binding in bindings.iter().filter(|one| one.sections == 0 || one.sections & bit(what[0]) != 0) {
            INSIDE.set(true);
            // SAFETY: the module promised by binding that the function may be called until unbind returns; the read lock is
            // held, so it has not. The texts and the event outlive the call.
            let made = unsafe {
                let (tag, name) = (tag.as_ptr(), key_name.as_ptr());
                (binding.function)(section.as_ptr(), tag, name, key_value.as_ptr(), params, binding.user_data)
            };
            INSIDE.set(false);
            if made.is_null() {
                continue;
            }
            let text = documents::close(made).root.clone();
            match Element::parse(text.as_bytes()) {
                Err(error) => core.output.say("ERR", &format!("Error[{error}]")),
                Ok(root) if says_not_found(&root) => {}
                Ok(_) => return Some(text),
            }
        }
        None
    }
}

fn forbid_inside(what: &str) {
    if INSIDE.get() {
        die(&format!("{what} from inside an XML search function: in the core this is a deadlock"));
    }
}

fn bit(section: &str) -> switch_xml_section_t {
    match section {
        "configuration" => SWITCH_XML_SECTION_CONFIG,
        "directory" => SWITCH_XML_SECTION_DIRECTORY,
        "dialplan" => SWITCH_XML_SECTION_DIALPLAN,
        "chatplan" => SWITCH_XML_SECTION_CHATPLAN,
        _ => 0,
    }
}

/// The child of this name whose attribute has this value; without an attribute, the first.
fn child<'a>(element: &'a Element, name: &str, attribute: &str, value: &str) -> Option<&'a Element> {
    let has =
        |one: &&Element| attribute.is_empty() || one.attributes.get(attribute).is_some_and(|is| is == value);
    let children = element.children.iter().filter_map(XMLNode::as_element);
    children.filter(|one| one.name == name).find(has)
}

fn says_not_found(root: &Element) -> bool {
    let result =
        child(root, "section", "name", "result").and_then(|section| child(section, "result", "", ""));
    let status = result.and_then(|result| result.attributes.get("status"));
    status.is_some_and(|status| status.eq_ignore_ascii_case("not found"))
}

/// Looks up the tag whose attribute of this name has this value: section, tag, name, value.
pub fn locate(core: &Core, what: [&str; 4], params: Option<&Event>) -> Option<Document> {
    let [section, tag, name, value] = what;
    if let Some(text) = core.searches.ask(core, what, params) {
        let root = Element::parse(text.as_bytes()).ok()?;
        let found = child(&root, "section", "name", section).and_then(|part| child(part, tag, name, value));
        if let Some(found) = found {
            return Some(Document { node: xml::text(found), root: text });
        }
    }
    if section == "configuration" { xml::open(core, value) } else { None }
}
