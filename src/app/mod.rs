//! The Leptos app.

use leptos::prelude::*;

/// Puts the app where the page's static frame is.
pub fn start() {
    if let Some(frame) = document().get_element_by_id("page") {
        frame.set_attribute("data-live", "").ok();
    }
}
