//! XML documents that modules hold, or have made for the core. The handle of a document is the address of its
//! `Document`; that of its node is the address of the field `node` in it.

use crate::output::die;
use crate::xml::Document;
use freeswitch_sys::switch_xml_t;
use parking_lot::Mutex;
use std::sync::Arc;

/// Documents that are open, by address.
static OPEN: Mutex<Vec<Arc<Document>>> = Mutex::new(Vec::new());

fn address_of<T>(thing: &T) -> switch_xml_t {
    (&raw const *thing).cast_mut().cast()
}

/// How many are open.
pub fn count() -> usize {
    OPEN.lock().len()
}

/// Opens a document; the handles of the whole and of its node.
pub fn open(document: Document) -> (switch_xml_t, switch_xml_t) {
    let document = Arc::new(document);
    let handles = (address_of(&*document), address_of(&document.node));
    OPEN.lock().push(document);
    handles
}

/// The text of a document or of its node.
pub fn text(handle: switch_xml_t) -> String {
    let open = OPEN.lock();
    let text = open.iter().find_map(|document| {
        if address_of(&**document) == handle {
            Some(&document.root)
        } else {
            (address_of(&document.node) == handle).then_some(&document.node)
        }
    });
    text.unwrap_or_else(|| die("this is not an open XML document or its node")).clone()
}

/// Closes a document, and gives what was in it.
pub fn close(handle: switch_xml_t) -> Arc<Document> {
    let mut open = OPEN.lock();
    let at = open.iter().position(|document| address_of(&**document) == handle);
    let Some(at) = at else { die("switch_xml_free: this is not an open document, or it was freed already") };
    open.remove(at)
}
