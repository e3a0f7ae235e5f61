//! The upper edge of the terminal: dragging it or moving it with the keyboard sets how many lines are visible.

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::prelude::*;
use leptos::web_sys::Element;

use crate::preferences::{LINES, Preferences};
use crate::widget::{preferences, say, text, whole};

/// The height of a line and of the chrome around the lines, in CSS pixels, as in style/panes.css.
const LINE: i32 = 17;
const AROUND: i32 = 42;

/// The edge.
pub fn edge() -> AnyView {
    let (text, preferences) = (text(), preferences());
    let held = RwSignal::new(false);
    // Until the visitor chooses, the style sheet decides.
    let shown = RwSignal::new(LINES.0);
    let measure = move || shown.set(lines_now().unwrap_or(LINES.0));
    let lines = move || preferences.lines.get().unwrap_or_else(|| shown.get());
    let take = move |event: PointerEvent| {
        let _ = event_target::<Element>(&event).set_pointer_capture(event.pointer_id());
        held.set(true);
    };
    let pull = move |event: PointerEvent| {
        if let Some(bottom) =
            terminal().filter(|_| held.get_untracked()).map(|terminal| whole(terminal.get_bounding_client_rect().bottom()))
        {
            preferences.show_lines((bottom - event.client_y() - AROUND) / LINE);
        }
    };
    view! {
        <div
            class="edge"
            role="separator"
            aria-orientation="horizontal"
            tabindex="0"
            aria-label=say(|t| t.terminal.height())
            aria-valuemin=LINES.0.to_string()
            aria-valuemax=LINES.1.to_string()
            aria-valuenow=move || lines().to_string()
            aria-valuetext=move || text().terminal.lines(usize::try_from(lines()).unwrap_or_default())
            on:focus=move |_| measure()
            on:keydown=move |event| by_key(&event, preferences)
            on:pointerdown=take
            on:pointermove=pull
            on:pointerup=move |_| held.set(false)
            on:pointercancel=move |_| held.set(false)
        ></div>
    }
    .into_any()
}

fn terminal() -> Option<Element> {
    document().query_selector(".terminal").ok().flatten()
}

fn lines_now() -> Option<i32> {
    Some((terminal()?.client_height() - AROUND) / LINE)
}

fn by_key(event: &KeyboardEvent, preferences: Preferences) {
    let now = lines_now().unwrap_or(LINES.0);
    let lines = match event.key().as_str() {
        "ArrowUp" => now + 1,
        "ArrowDown" => now - 1,
        "Home" => LINES.0,
        "End" => LINES.1,
        _ => return,
    };
    event.prevent_default();
    event.stop_propagation();
    preferences.show_lines(lines);
}
