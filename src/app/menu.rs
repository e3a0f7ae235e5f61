//! The menu of commands: each entry shows the line it types.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use ordinal::view::command::Entry;

use crate::app::keyboard::{focus, focus_sibling};
use crate::app::widget::{say, session};

/// What can be done to the pod selected.
#[component]
pub fn Commands() -> impl IntoView {
    let session = session();
    let open = RwSignal::new(false);
    let close = move || {
        open.set(false);
        focus(".menu-host > .button");
    };
    let entry = move |entry: Entry| {
        let line = entry.line.clone();
        let choose = move |_| {
            close();
            session.type_line(&line);
        };
        view! { <button role="menuitem" tabindex="-1" on:click=choose>{entry.label}<small>{entry.line}</small></button> }
    };
    let keys = move |event: KeyboardEvent| {
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
    view! {
        <div class="menu-host" on:keydown=keys>
            <button class="button" aria-haspopup="menu" aria-expanded=move || open.get().to_string() on:click=toggle>
                {say(|t| t.cluster.commands)}
                " ▾"
            </button>
            <Show when=move || open.get()>
                <div class="menu" role="menu" aria-label=say(|t| t.cluster.commands)>
                    {move || session.entries().into_iter().map(entry).collect_view()}
                </div>
            </Show>
        </div>
    }
}
