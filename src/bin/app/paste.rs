//! What is pasted into the editor.

use leptos::prelude::*;
use web_sys::{ClipboardEvent, Event};

use crate::editor::{insert, selection, type_into_document};
use crate::session::Session;

/// The text of a paste.
pub fn pasted(event: &ClipboardEvent) -> Option<String> {
    let text = event.clipboard_data()?.get_data("text/plain").ok()?;
    (!text.is_empty()).then(|| text.replace("\r\n", "\n"))
}

/// Takes a paste. Behind other documents, a manifest becomes a document of its own.
pub fn paste(session: Session, event: &Event, new: &str) {
    let (value, at) = selection(&event_target(event));
    let is_last = !untrack(|| session.is_in_parts()) && at.is_empty() && value[at.end..].trim().is_empty();
    let before = value[..at.start].trim_end();
    if !is_last || !playground::begins_document(new) || before.is_empty() || before.lines().next_back() == Some("---") {
        return insert(session, event, new);
    }
    event.prevent_default();
    let end = if value[..at.start].ends_with('\n') { "" } else { "\n" };
    type_into_document(&format!("{end}---\n{new}"));
}
