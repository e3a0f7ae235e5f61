//! Links: what is pointed at, has the focus or is asked about marks everything that is about the same thing, and a key goes from
//! one to the next.
//!
//! Whatever is about something carries its token in `data-link`, a cell its pod in `data-pod`. Marks are one rule of the style sheet, so
//! that what is drawn anew is marked too and nothing has to be told. Which tokens belong together is `ordinal::view::links`' affair.

use std::time::Duration;

use leptos::ev::Event;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{CssStyleSheet, Element, HtmlElement, HtmlTextAreaElement, MouseEvent};
use ordinal::view::links::Spot;

use ordinal::view::Identity;
use ordinal::view::dense::COLUMNS_MOST;

use crate::app::session::Session;

/// For so long the focus moves because a link was gone to, and not because somebody looks elsewhere.
const MOVING: Duration = Duration::from_millis(150);

/// What links hang on: tokens of what is looked at.
#[derive(Clone, Copy)]
pub struct Links {
    /// What the pointer is on.
    pointed: RwSignal<Option<String>>,
    /// What has the focus.
    focused: RwSignal<Option<String>>,
    /// From where one goes from link to link.
    anchor: RwSignal<Option<String>>,
    /// Which of its links was gone to last.
    at: StoredValue<usize>,
    moving: StoredValue<bool>,
    /// The rule's place in the style sheet, while there is one.
    rule: StoredValue<Option<u32>>,
}

impl Links {
    /// Nothing is looked at.
    pub fn new() -> Links {
        Links {
            pointed: RwSignal::new(None),
            focused: RwSignal::new(None),
            anchor: RwSignal::new(None),
            at: StoredValue::new(0),
            moving: StoredValue::new(false),
            rule: StoredValue::new(None),
        }
    }

    /// Lets what follows move the focus without anybody looking elsewhere.
    fn moves(self) {
        self.moving.set_value(true);
        set_timeout(move || self.moving.set_value(false), MOVING);
    }
}

/// Listens to the pointer and to the focus for as long as the page lives, and keeps the marks.
pub fn listen(session: Session) {
    let links = session.links;
    let look = move |signal: RwSignal<Option<String>>, token: Option<String>| {
        if links.moving.get_value() {
            return;
        }
        if signal.with_untracked(|now| *now != token) {
            links.anchor.set(None);
            signal.set(token);
        }
    };
    window_event_listener_untyped("pointermove", move |event| look(links.pointed, token_at(&event)));
    window_event_listener_untyped("focusin", move |event| look(links.focused, token_at(&event)));
    // The caret stands in a line.
    let _ = document().add_event_listener_with_callback(
        "selectionchange",
        leptos::wasm_bindgen::closure::Closure::<dyn FnMut(Event)>::new(move |_| {
            if let Some(token) = caret_line() {
                look(links.focused, Some(token));
            }
        })
        .into_js_value()
        .unchecked_ref(),
    );
    // Names are followed by a click, texts by a click with Ctrl, as in every editor.
    window_event_listener_untyped("click", move |event| {
        let held = event.dyn_ref::<MouseEvent>().is_some_and(|event| event.ctrl_key() || event.meta_key());
        let follows = target(&event).and_then(|element| element.closest("[data-follow]").ok().flatten()).is_some();
        if let Some(token) = token_at(&event).filter(|_| held || follows) {
            session.follow(&token);
        }
    });
    Effect::new(move |_| {
        let token = looked_at(session);
        // Many pods change all the time; their links are those of the instant at which one looked.
        if token.is_some() && !session.columns.keys().is_empty() {
            session.terminal.with(|_| ());
            session.moments.with(|_| ());
            session.cells.with(|_| ());
            session.manifest.with(|_| ());
        }
        mark(links, &token.map_or(Vec::new(), |token| session.linked(&token)));
    });
}

/// What is looked at: from where one goes, else what is pointed at, else what has the focus, else what is asked about.
fn looked_at(session: Session) -> Option<String> {
    let links = session.links;
    links.anchor.get().or_else(|| links.pointed.get()).or_else(|| links.focused.get()).or_else(|| session.token_asked())
}

/// Goes to the next of what is about the same, or to the one before.
pub fn go_on(session: Session, by: isize) {
    let links = session.links;
    let Some(token) = untrack(|| looked_at(session)) else { return };
    let found = shown(&session.linked(&token));
    if found.is_empty() {
        return;
    }
    let begins = links.anchor.with_untracked(Option::is_none);
    let here = if begins { found.iter().position(|one| is_at(one, &token)).unwrap_or(0) } else { links.at.get_value() };
    let next = here.wrapping_add_signed(by).wrapping_add(found.len()) % found.len();
    links.anchor.set(Some(token));
    links.at.set_value(next);
    links.moves();
    go_to(session, &found[next]);
}

/// Shows the answer to what was just asked, from its beginning.
pub fn show_answer() {
    if let Some(pane) = document().query_selector(".explain").ok().flatten() {
        pane.set_scroll_top(0);
    }
}

/// Gives the focus to something that carries a token.
pub fn visit(session: Session, token: &str) {
    session.links.moves();
    if let Some(element) = shown(&[token.to_owned()]).first() {
        go_to(session, element);
    }
}

fn is_at(element: &HtmlElement, token: &str) -> bool {
    element.matches(&selectors(&[token.to_owned()])).unwrap_or(false)
}

fn go_to(session: Session, element: &HtmlElement) {
    if let Some(pod) = element.get_attribute("data-pod") {
        return session.visit_pod(Identity { namespace: session.namespace(), pod });
    }
    if let Some(line) = element.get_attribute("data-number").and_then(|line| line.parse().ok()) {
        return session.show_line(line);
    }
    // What nobody reaches by the Tab key is reached from here.
    if !element.has_attribute("tabindex") && element.tag_name() != "BUTTON" {
        let _ = element.set_attribute("tabindex", "-1");
    }
    let _ = element.focus();
    element.scroll_into_view_with_bool(false);
}

/// What carries one of these tokens and is shown, in the order of the document.
fn shown(tokens: &[String]) -> Vec<HtmlElement> {
    let Ok(all) = document().query_selector_all(&selectors(tokens)) else { return Vec::new() };
    let element = |at| all.item(at)?.dyn_into::<HtmlElement>().ok().filter(|element| element.offset_width() > 0);
    (0..all.length()).filter_map(element).collect()
}

/// What carries one of these tokens; where not all pods are gone through, their cells are all meant.
fn selectors(tokens: &[String]) -> String {
    let pods: Vec<String> = tokens.iter().filter_map(|token| Some(format!("[data-pod=\"{}\"]", token.strip_prefix("pod/")?))).collect();
    let cells = if pods.len() < COLUMNS_MOST { pods } else { vec![".dense".to_owned()] };
    tokens.iter().map(|token| format!("[data-link=\"{token}\"]")).chain(cells).collect::<Vec<_>>().join(",")
}

/// Marks what carries one of these tokens, and nothing else.
fn mark(links: Links, tokens: &[String]) {
    let sheets = document().style_sheets();
    let Some(sheet) = sheets.item(sheets.length().saturating_sub(1)).and_then(|sheet| sheet.dyn_into::<CssStyleSheet>().ok()) else {
        return;
    };
    if let Some(old) = links.rule.get_value() {
        let _ = sheet.delete_rule(old);
        links.rule.set_value(None);
    }
    if tokens.len() < 2 {
        return;
    }
    let at = selectors(tokens);
    let rule = format!(
        "@media all{{:is({at}):not(:focus-visible){{outline:2px dotted var(--ink-2);outline-offset:-2px}}\
         .link:is({at}):not(:focus-visible){{outline-width:1px;outline-offset:2px}}\
         :is(h1 b,.event,.sources button):is({at}):not(:focus-visible){{outline:0}}\
         h1 b:is({at}){{text-decoration:underline dotted}}\
         .event:is({at}){{background:var(--sunk)}}\
         :is(.line,.terminal-log div):is({at}):not(:focus-visible){{outline:0;background:var(--sunk);box-shadow:inset 3px 0 var(--edge)}}\
         .terminal-log div:is({at}):not(:focus-visible){{box-shadow:-5px 0 var(--sunk),-8px 0 var(--edge)}}}}"
    );
    let end = sheet.css_rules().map_or(0, |rules| rules.length());
    links.rule.set_value(sheet.insert_rule_with_index(&rule, end).ok());
}

fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// The token of what an event is on.
fn token_at(event: &Event) -> Option<String> {
    let element = target(event)?;
    if element.id() == "manifest" {
        return event.dyn_ref::<MouseEvent>().map_or_else(caret_line, line_under);
    }
    let found = element.closest("[data-link],[data-pod]").ok()??;
    found.get_attribute("data-link").or_else(|| Some(format!("pod/{}", found.get_attribute("data-pod")?)))
}

/// The line of the editor below the pointer. All of them are equally high.
fn line_under(event: &MouseEvent) -> Option<String> {
    let first = document().query_selector(".editor-lines .line").ok()??.get_bounding_client_rect();
    let lines = (f64::from(event.client_y()) - first.top()) / first.height().max(1.0);
    (lines >= 0.0).then(|| Spot::Line(lines as usize + 1).token(""))
}

/// The line in which the caret is, while the editor has the focus.
fn caret_line() -> Option<String> {
    let input = document().active_element()?.dyn_into::<HtmlTextAreaElement>().ok().filter(|input| input.id() == "manifest")?;
    let caret = input.selection_start().ok()?? as usize;
    let before = input.value().encode_utf16().take(caret).filter(|unit| *unit == u16::from(b'\n')).count();
    Some(Spot::Line(before + 1).token(""))
}
