//! Moving the focus: to a place in the document, within one, into a dialog and out of it.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlDialogElement, HtmlElement};

use crate::preferences::{Preferences, Tab};

/// Shows a pane and focuses it.
pub fn go(preferences: Preferences, tab: Tab, selector: &'static str) {
    preferences.settle();
    preferences.tab.set(tab);
    request_animation_frame(move || focus(selector));
}

/// The first element that matches a CSS selector.
pub fn found(selector: &str) -> Option<Element> {
    document().query_selector(selector).ok().flatten()
}

/// Focuses the first element that matches a CSS selector.
pub fn focus(selector: &str) {
    if let Some(element) = found(selector).and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Whether the first element that matches a CSS selector is laid out, and no menu is open over the page.
pub fn is_at_hand(selector: &str) -> bool {
    let shown = found(selector).and_then(|element| element.dyn_into::<HtmlElement>().ok()?.offset_parent());
    shown.is_some() && found(":popover-open").is_none()
}

/// Clicks the first element that matches a CSS selector.
pub fn press(selector: &str) {
    if let Some(element) = found(selector).and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        element.click();
    }
}

/// Moves the focus on within the closest ancestor that matches a CSS selector, wrapping around.
pub fn focus_within(selector: &str, by: isize) {
    let Some(active) = document().active_element() else { return };
    let Some(all) = active.closest(selector).ok().flatten().and_then(|host| host.query_selector_all("button, input").ok()) else { return };
    let shown = |element: &HtmlElement| element.offset_width() > 0;
    let all: Vec<_> = (0..all.length()).filter_map(|at| all.item(at)?.dyn_into::<HtmlElement>().ok()).filter(shown).collect();
    let at = all.iter().position(|element| **element == active);
    if let Some(next) = at.and_then(|at| all.get(at.wrapping_add_signed(by).wrapping_add(all.len()) % all.len())) {
        let _ = next.focus();
    }
}

/// Moves through the entries of a menu with the arrow keys.
pub fn go_through(event: &KeyboardEvent) {
    let by = match event.key().as_str() {
        "ArrowDown" => 1,
        "ArrowUp" => -1,
        _ => return,
    };
    focus_within(".menu", by);
    event.prevent_default();
    event.stop_propagation();
}

/// Whether the focus is within an element that matches a CSS selector.
pub fn is_within(selector: &str) -> bool {
    document().active_element().is_some_and(|active| active.closest(selector).is_ok_and(|host| host.is_some()))
}

/// Whether nothing has the focus.
pub fn is_nowhere() -> bool {
    document().active_element().is_none_or(|active| active.tag_name() == "BODY")
}

/// Opens a dialog by its element id, unless it is open, and focuses something in it; whether the dialog is there.
pub fn open(id: &str, selector: &str) -> bool {
    let Some(dialog) = dialog(id) else { return false };
    if !dialog.open() {
        let _ = dialog.show_modal();
    }
    focus(selector);
    true
}

/// Closes a dialog by its element id.
pub fn close(id: &str) {
    if let Some(dialog) = dialog(id) {
        dialog.close();
    }
}

/// Whether a dialog is open, which takes all keys.
pub fn is_open(id: &str) -> bool {
    dialog(id).is_some_and(|dialog| dialog.open())
}

fn dialog(id: &str) -> Option<HtmlDialogElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}
