//! The keyboard: shortcuts.
//!
//! Single-key shortcuts do nothing while text is being typed.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};

use crate::focus::{focus, focus_within, go, is_open, is_within};
use crate::preferences::{Pane, Preferences, Tab};
use crate::session::{Flow, SPEEDS, Session};
use crate::{ahead, cluster, lesson, links, stuck};

/// How far Shift and an arrow key move the time, in milliseconds of virtual time.
const NUDGE: i64 = 100;
/// The regions that F6 cycles through, in document order.
const REGIONS: [&str; 7] = [".bar", ".lesson", ".manifest", ".stage", ".terminal", ".explain", ".timeline"];
/// Focusable elements.
const FOCUSABLE: &str = "button:not([tabindex=\"-1\"]), textarea, input, select, a[href], .term[tabindex=\"0\"]";

/// Listens to the keyboard for the lifetime of the page.
pub fn listen(session: Session, preferences: Preferences) {
    window_event_listener(leptos::ev::keydown, move |event| {
        if perform(&event, session, preferences) {
            event.prevent_default();
        }
    });
}

/// Handles a key; returns whether it was a shortcut.
fn perform(event: &KeyboardEvent, session: Session, preferences: Preferences) -> bool {
    let key = key_of(event);
    // The dialogs have their own keys, and while a run is being opened the page takes nothing in.
    if session.shared.opening.with_untracked(Option::is_some) || is_open(stuck::NAME) || is_open(ahead::NAME) {
        return false;
    }
    match key.as_str() {
        "Enter" if event.ctrl_key() || event.meta_key() => session.apply(),
        "F6" | "F8" | "F9" => return act(&key, event.shift_key(), session, preferences),
        "Escape" if preferences.keys_open.get_untracked() => close_keys(preferences),
        "Escape" if is_typing(event) => return leave_field(event),
        "Escape" => return session.close_details(),
        arrow if arrow.starts_with("Arrow") && !event.shift_key() && is_region(event) => cluster::focus_tab_stop(),
        "ArrowDown" if is_within(".sheet") => focus_within(".sheet", 1),
        "ArrowUp" if is_within(".sheet") => focus_within(".sheet", -1),
        _ if event.ctrl_key() || event.meta_key() || event.alt_key() || preferences.keys_open.get_untracked() => return false,
        _ if is_typing(event) => return false,
        _ => return perform_single(&key, event.shift_key(), session, preferences),
    }
    true
}

/// Whether the region of the cluster itself has the focus, as after a manifest was applied.
fn is_region(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.matches(".stage:not(.scene)").unwrap_or_default())
}

/// Handles single-key shortcuts, which are disabled while text is being typed.
fn perform_single(key: &str, shift: bool, session: Session, preferences: Preferences) -> bool {
    let is_off = !preferences.single_keys.get_untracked() && key.chars().count() == 1 && !matches!(key, " " | "?");
    !is_off && act(key, shift, session, preferences)
}

/// Does what a key stands for; whether it stands for anything.
pub fn act(key: &str, shift: bool, session: Session, preferences: Preferences) -> bool {
    match key {
        "F6" => focus_region(if shift { REGIONS.len() - 1 } else { 1 }),
        "F9" => links::go_on(session, if shift { -1 } else { 1 }),
        "F8" => session.show_problem(links::caret_line(session), if shift { -1 } else { 1 }),
        " " => session.toggle(),
        "PageDown" if session.lesson.with_untracked(Option::is_some) => lesson::step(session),
        "ArrowRight" if shift => session.nudge(NUDGE),
        "ArrowLeft" if shift => session.nudge(-NUDGE),
        "ArrowRight" => session.step(),
        "ArrowLeft" => session.step_back(),
        "." => session.skip(),
        "Home" => session.seek_start(),
        "End" => session.seek_now(),
        "q" | "Q" => session.run_until_quiet(),
        "+" | "=" => session.scale(1),
        "-" => session.scale(-1),
        "n" | "N" => session.next_unready(),
        // As the door that shows this key.
        "x" | "X" if preferences.first.get_untracked() => session.stop_node_and_watch(),
        "x" | "X" => session.switch_node(),
        "b" | "B" => session.next_beside(),
        "v" | "V" => session.swap(),
        "t" | "T" => preferences.next_theme(),
        "c" | "C" => session.stand_beside(),
        "l" | "L" => lesson::go_on(session, preferences),
        "e" | "E" => session.end_beside(),
        "p" | "P" => preferences.present(),
        "m" | "M" => session.mark(),
        "r" | "R" => session.toggle_relations(),
        "f" | "F" => session.toggle_flow(if shift { Flow::Writes } else { Flow::Requests }),
        "j" | "J" => session.toggle_judged(),
        "k" | "K" => session.open_stuck(),
        "a" | "A" => session.open_ahead(),
        "w" | "W" => go(preferences, Tab::Why, ".why"),
        "d" | "D" => unfold(preferences, Pane::Dns, Tab::Dns, ".dns .fold"),
        "s" | "S" => unfold(preferences, Pane::Storage, Tab::Storage, ".storage .fold"),
        "y" | "Y" => session.begin_own(),
        "`" => unfold(preferences, Pane::Terminal, Tab::Terminal, "#prompt"),
        "?" => preferences.keys_open.set(true),
        "1" | "2" | "3" | "4" | "5" if session.is_asking() => session.predict(key.parse().map_or(0, |n: usize| n - 1)),
        digit => match digit.parse::<usize>().ok().and_then(|n| SPEEDS.get(n.checked_sub(1)?)) {
            Some(speed) => session.set_speed(*speed),
            None => return false,
        },
    }
    true
}

/// Opens a pane, and focuses something in it.
fn unfold(preferences: Preferences, pane: Pane, tab: Tab, selector: &'static str) {
    preferences.open(pane, true);
    go(preferences, tab, selector);
}

/// Closes the list of all keys.
pub fn close_keys(preferences: Preferences) {
    preferences.keys_open.set(false);
    focus("#settings");
}

/// The key; where letters are Korean ones, the Latin letter in its place.
fn key_of(event: &KeyboardEvent) -> String {
    let (key, code) = (event.key(), event.code());
    match code.strip_prefix("Key") {
        Some(letter) if !key.is_ascii() => letter.to_owned(),
        _ => key,
    }
}

/// The code of any key that an input method takes for itself.
const COMPOSING: u32 = 229;

/// Whether a key goes to an input method, which puts Korean letters together. In Safari, the one that ends a letter has only the code.
pub(crate) fn is_composing(event: &KeyboardEvent) -> bool {
    event.is_composing() || event.key_code() == COMPOSING
}

/// Whether the key goes into a text field, or to a control that uses it itself.
fn is_typing(event: &KeyboardEvent) -> bool {
    let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return false };
    match target.tag_name().to_ascii_lowercase().as_str() {
        "textarea" | "input" | "select" => true,
        "button" | "summary" => matches!(event.key().as_str(), " " | "Enter"),
        _ => false,
    }
}

/// Leaves the field that one types into for the cluster. Whether that was so: sheets and dialogs have their own way out, and an input
/// method takes the key for itself.
fn leave_field(event: &KeyboardEvent) -> bool {
    let Some(field) = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok()) else { return false };
    let is_of_region =
        field.matches("textarea, input").unwrap_or_default() && field.closest("[popover], .dialog").is_ok_and(|sheet| sheet.is_none());
    if !is_of_region || is_composing(event) {
        return false;
    }
    // Where a narrow window does not show the cluster, nothing has the focus.
    let _ = field.blur();
    focus(".stage");
    true
}

/// Focuses the region `by` places further on, skipping hidden ones.
fn focus_region(by: usize) {
    let active = document().active_element();
    let find = |selector: &str| document().query_selector(selector).ok().flatten();
    let here = REGIONS.iter().position(|selector| find(selector).is_some_and(|region| region.contains(active.as_deref())));
    let from = here.unwrap_or(REGIONS.len() - usize::from(by == 1));
    for hop in 1..=REGIONS.len() {
        let selector = REGIONS[(from + by * hop) % REGIONS.len()];
        let region = find(selector).and_then(|region| region.dyn_into::<HtmlElement>().ok());
        if let Some(region) = region.filter(|region| region.offset_width() > 0) {
            let _ = first_focusable(&region).unwrap_or(region).focus();
            return;
        }
    }
}

/// What somebody goes to a region for: what is typed into, else its first visible focusable element.
fn first_focusable(region: &HtmlElement) -> Option<HtmlElement> {
    let shown = |element: &HtmlElement| element.offset_width() > 0;
    ["textarea", FOCUSABLE].into_iter().find_map(|selector| {
        let all = region.query_selector_all(selector).ok()?;
        (0..all.length()).filter_map(|at| all.item(at)?.dyn_into::<HtmlElement>().ok()).find(shown)
    })
}
