//! Menus of commands: each entry shows the line it types.

use std::sync::Arc;

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use ordinal::view::command::Entry;

use crate::app::keyboard::{focus, focus_sibling};
use crate::app::widget::session;

/// What a menu offers, asked for each time it is opened.
pub type Entries = Arc<dyn Fn() -> Vec<Entry> + Send + Sync>;

/// The button of the menu that is open.
const OPENER: &str = ".menu-host:has(.menu) > .button";

/// A button that opens a menu. `label` is what it shows, `name` how it is spoken, `tab` its place in the order of the Tab key.
pub fn menu(label: AnyView, name: Signal<String>, tab: Signal<&'static str>, entries: Entries) -> AnyView {
    let session = session();
    let open = RwSignal::new(false);
    let close = move || {
        focus(OPENER);
        open.set(false);
    };
    let entry = move |entry: Entry| {
        let lines = entry.line.clone();
        let choose = move |_| {
            close();
            lines.lines().for_each(|line| session.type_line(line));
        };
        view! { <button role="menuitem" tabindex="-1" on:click=choose>{entry.label}<small>{entry.line}</small></button> }.into_any()
    };
    let keys = move |event: KeyboardEvent| {
        if !open.get_untracked() {
            return;
        }
        let handled = match event.key().as_str() {
            "Escape" => {
                close();
                true
            }
            "ArrowDown" => focus_sibling(1),
            "ArrowUp" => focus_sibling(-1),
            _ => false,
        };
        if handled {
            event.prevent_default();
            event.stop_propagation();
        }
    };
    let toggle = move |_| {
        open.update(|open| *open = !*open);
        if open.get_untracked() {
            request_animation_frame(|| focus(".menu [role=menuitem]"));
        }
    };
    let entries = move || entries().into_iter().map(entry).collect_view().into_any();
    let list = move || {
        let entries = entries.clone();
        open.get().then(move || view! { <div class="menu" role="menu" aria-label=move || name.get()>{entries}</div> }.into_any())
    };
    view! {
        <div class="menu-host" on:keydown=keys>
            <button
                class="button"
                aria-haspopup="menu"
                aria-label=move || name.get()
                aria-expanded=move || open.get().to_string()
                tabindex=move || tab.get()
                on:click=toggle
            >
                {label}
            </button>
            {list}
        </div>
    }
    .into_any()
}
