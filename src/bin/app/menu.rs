//! Menus of commands: each entry shows the line it types. They open by their buttons, by a long press, or by a right-click.

use std::sync::Arc;

use causes::Identity;
use causes::command::{Entry, Purpose};
use gloo_timers::callback::Timeout;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, Event, HtmlElement};

use crate::focus::{focus, go_through, press};
use crate::session::Session;
use crate::widget::{DISCLOSED, preferences, say, session};

/// The entries of a menu, computed each time it opens.
pub type Entries = Arc<dyn Fn() -> Vec<Entry> + Send + Sync>;

const OPENER: &str = ".menu-host:has(.menu) > .button";
/// The elements that have a menu: tiles, slots, cells, nodes.
const ITEM: &str = ".stage :is([data-item],[data-pod])";
/// The duration of a long press, in milliseconds.
const HOLD: u32 = 500;

/// Listens for long presses, right-clicks, and clicks outside an open menu, for the lifetime of the page.
pub fn listen(session: Session) {
    let hold = StoredValue::new_local(None::<Timeout>);
    let held = StoredValue::new(false);
    window_event_listener(leptos::ev::contextmenu, move |event| {
        if let Some(item) = at(&event, ITEM) {
            event.prevent_default();
            open_for(session, &item);
        }
    });
    window_event_listener(leptos::ev::pointerdown, move |event| {
        if at(&event, ".menu-host:has(.menu)").is_none() {
            press(OPENER);
        }
        if at(&event, ".more[open]").is_none() {
            press(DISCLOSED);
        }
        held.set_value(false);
        if let Some(item) = at(&event, ITEM).filter(|_| event.pointer_type() == "touch") {
            let open = move || {
                open_for(session, &item);
                held.set_value(true);
            };
            hold.set_value(Some(Timeout::new(HOLD, open)));
        }
    });
    for end in ["pointerup", "pointercancel"] {
        window_event_listener_untyped(end, move |_| hold.set_value(None));
    }
    // A long press is not a click as well.
    window_event_listener_untyped("touchend", move |event| {
        if held.get_value() {
            event.prevent_default();
        }
    });
}

/// The closest element of an event's target that matches a CSS selector.
fn at(event: &Event, selector: &str) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest(selector).ok()?
}

/// Opens the menu of a tile, slot, cell or node, unless it is open.
fn open_for(session: Session, item: &Element) {
    let pod = item.get_attribute("data-pod").or_else(|| Some(item.get_attribute("data-link")?.strip_prefix("pod/")?.to_owned()));
    let host = match pod {
        Some(_) => document().query_selector(".commands .menu-host"),
        None => item.parent_element().map_or(Ok(None), |node| node.query_selector(".menu-host")),
    };
    let closed = |host: &Element| host.query_selector(".menu").is_ok_and(|menu| menu.is_none());
    let Some(host) = host.ok().flatten().filter(closed) else { return };
    if let Some(pod) = pod {
        session.visit_pod(&Identity { namespace: session.namespace(), pod });
    }
    if let Some(button) = host.first_element_child().and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
        button.click();
    }
}

/// The part of a menu that an entry is in; the first is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    First,
    Image,
    Seldom,
}

impl Part {
    fn of(entry: &Entry) -> Part {
        match entry.purpose {
            Purpose::Image => Part::Image,
            Purpose::Seldom | Purpose::Relations | Purpose::Requests | Purpose::Judged => Part::Seldom,
            _ => Part::First,
        }
    }
}

/// The entry that unfolds a part of a menu.
fn unfolding(part: Part, open: RwSignal<Part>) -> AnyView {
    let label = say(if part == Part::Image { |t| t.cluster.image() } else { |t| t.cluster.seldom() });
    let toggle = move |_| open.update(|open| *open = if *open == part { Part::First } else { part });
    view! { <button role="menuitem" tabindex="-1" aria-expanded=move || (open.get() == part).to_string() on:click=toggle>{label} " …"</button> }
        .into_any()
}

/// Entries, those of a part after what unfolds it.
fn in_parts(entries: &[Entry], draw: impl Fn(Entry) -> AnyView, unfolded: RwSignal<Part>) -> AnyView {
    let mut drawn = Vec::new();
    for part in [Part::First, Part::Image, Part::Seldom] {
        let mut of = entries.iter().filter(|entry| Part::of(entry) == part).peekable();
        if part != Part::First && of.peek().is_some() {
            drawn.push(unfolding(part, unfolded));
        }
        drawn.extend(of.cloned().map(&draw));
    }
    drawn.into_any()
}

/// A button that opens a menu. `label` is its content, `name` its accessible name, `tab` its `tabindex`.
pub fn menu(label: AnyView, name: Signal<String>, tab: Signal<&'static str>, entries: Entries) -> AnyView {
    let (session, preferences) = (session(), preferences());
    let (open, unfolded) = (RwSignal::new(false), RwSignal::new(Part::First));
    let close = move || {
        focus(OPENER);
        open.set(false);
    };
    let entry = move |entry: Entry| {
        let of = Part::of(&entry);
        let hidden = move || of != Part::First && of != unfolded.get();
        let lines = entry.line.clone();
        let key = match entry.purpose {
            Purpose::Relations => Some(("R", "R", false)),
            Purpose::Requests => Some(("F", "F", false)),
            Purpose::Writes => Some(("Shift F", "F", true)),
            Purpose::Judged => Some(("J", "J", false)),
            _ => None,
        };
        let choose = move |_| {
            close();
            if let Some((_, key, shift)) = key {
                crate::keyboard::act(key, shift, session, preferences);
            }
            lines.lines().for_each(|line| session.type_line(line));
        };
        let small = key.map_or(entry.line, |(shown, ..)| shown.to_owned());
        view! { <button role="menuitem" tabindex="-1" hidden=hidden on:click=choose>{entry.label}<small>{small}</small></button> }
            .into_any()
    };
    let keys = move |event: KeyboardEvent| {
        if !open.get_untracked() {
            return;
        }
        if event.key() == "Escape" {
            close();
            event.stop_propagation();
        }
        go_through(&event);
    };
    let toggle = move |_| {
        open.update(|open| *open = !*open);
        unfolded.set(Part::First);
        if open.get_untracked() {
            request_animation_frame(|| focus(".menu [role=menuitem]"));
        }
    };
    let entries = move || in_parts(&entries(), entry, unfolded);
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
