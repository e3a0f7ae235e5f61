//! What the app and the page's own script leave each other at the root element of the document.

use leptos::prelude::*;

/// Leaves a text to the page's own script, and asks it for something.
pub fn tell_script(name: &str, text: &str, wish: &str) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute(name, text);
    }
    let _ = leptos::web_sys::Event::new(wish).map(|event| window().dispatch_event(&event));
}

/// What the page's own script left for the app.
pub fn page_data(name: &str) -> Option<String> {
    document().document_element()?.get_attribute(name)
}

/// Whether another page embeds this one.
pub fn embedded() -> bool {
    document().document_element().is_some_and(|root| root.has_attribute("data-embed"))
}
