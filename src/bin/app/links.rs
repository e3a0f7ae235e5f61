//! Links: what is hovered, focused or selected highlights everything about the same thing, and a key moves from one such place to
//! the next.
//!
//! An element about something carries its token in `data-link`, a cell its pod in `data-pod`. The highlight is one rule of the style sheet,
//! so that redrawn elements are highlighted too, without being notified. Of the editor's lines, only those in question carry their token:
//! all others would change theirs with every line that is added above. `view::links` decides which tokens belong together.

use causes::Identity;
use leptos::ev::{Event, FocusEvent};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{CssStyleSheet, Element, HtmlElement, MouseEvent};
use view::dense::MAX_COLUMNS;
use view::links::Spot;

use crate::session::Session;
use crate::widget::whole;

/// Listens to pointer and focus for the lifetime of the page, and updates the highlight.
pub fn listen(session: Session) {
    let links = session.links;
    let look = move |signal: RwSignal<Option<String>>, token: Option<String>| {
        if links.moving.with_value(Option::is_some) {
            return;
        }
        if signal.with_untracked(|now| *now != token) {
            links.anchor.set(None);
            signal.set(token);
        }
    };
    window_event_listener_untyped("pointermove", move |event| look(links.pointed, token_at(session, &event)));
    window_event_listener_untyped("focusin", move |event| look(links.focused, token_at(session, &event)));
    // Where nothing takes the focus that is lost, no other event tells of that.
    window_event_listener_untyped("focusout", move |event| {
        if event.dyn_ref::<FocusEvent>().is_some_and(|event| event.related_target().is_none()) {
            look(links.focused, None);
        }
    });
    // In the editor, the caret's line counts.
    let _ = document().add_event_listener_with_callback(
        "selectionchange",
        leptos::wasm_bindgen::closure::Closure::<dyn FnMut(Event)>::new(move |_| {
            if let Some(token) = caret_token(session) {
                look(links.focused, Some(token));
            }
        })
        .into_js_value()
        .unchecked_ref(),
    );
    // Whoever lets time pass looks at the cluster, wherever the caret was left.
    Effect::new(move |_| {
        if session.playing.get() && caret_line(session).is_some() {
            links.focused.set(None);
        }
    });
    // Names are followed by a click, text by Ctrl+click as in other editors.
    window_event_listener_untyped("click", move |event| {
        let held = event.dyn_ref::<MouseEvent>().is_some_and(|event| event.ctrl_key() || event.meta_key());
        let follows = target(&event).and_then(|element| element.closest("[data-follow]").ok().flatten()).is_some();
        if let Some(token) = token_at(session, &event).filter(|_| held || follows) {
            session.follow(&token);
        }
    });
    Effect::new(move |_| {
        let token = looked_at(session);
        // With many pods that change all the time, links are those of the moment at which they were asked for.
        if token.is_some() && !session.columns.keys().is_empty() {
            session.terminal.with(|_| ());
            session.moments.with(|_| ());
            session.cells.with(|_| ());
        }
        links.drawn.track();
        mark(session, &token.map_or(Vec::new(), |token| session.linked(&token)), &session.tokens_of_evidence());
    });
}

/// The token to highlight: of the links being stepped through, else of the pointer, the focus or the selection, in this order.
fn looked_at(session: Session) -> Option<String> {
    let links = session.links;
    links.anchor.get().or_else(|| links.pointed.get()).or_else(|| links.focused.get()).or_else(|| session.token_asked())
}

/// Moves to the next or previous element about the same thing.
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

/// Scrolls to the start of what has just come into a pane.
pub fn show_start(pane: &str) {
    if let Some(pane) = document().query_selector(pane).ok().flatten() {
        pane.set_scroll_top(0);
    }
}

/// Focuses an element that carries a token.
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
        return session.visit_pod(&Identity { namespace: session.namespace(), pod });
    }
    let line = element.get_attribute("data-link").filter(|_| element.matches(".line").unwrap_or(false));
    if let Some(token) = line {
        return session.visit(&token);
    }
    // Elements outside the tab order are made focusable.
    if !element.has_attribute("tabindex") && element.tag_name() != "BUTTON" {
        let _ = element.set_attribute("tabindex", "-1");
    }
    let _ = element.focus();
    element.scroll_into_view_with_bool(false);
}

/// The visible elements with one of these tokens, in document order.
fn shown(tokens: &[String]) -> Vec<HtmlElement> {
    elements(&selectors(tokens)).into_iter().filter(|element| element.offset_width() > 0).collect()
}

/// The elements that a CSS selector matches, in document order.
fn elements(selector: &str) -> Vec<HtmlElement> {
    let Ok(all) = document().query_selector_all(selector) else { return Vec::new() };
    (0..all.length()).filter_map(|at| all.item(at)?.dyn_into().ok()).collect()
}

/// A CSS selector for the elements with one of these tokens, including cells, or the whole grid if many pods are meant.
fn selectors(tokens: &[String]) -> String {
    let pods: Vec<String> = tokens.iter().filter_map(|token| Some(format!("[data-pod=\"{}\"]", token.strip_prefix("pod/")?))).collect();
    let cells = if pods.len() < MAX_COLUMNS { pods } else { vec![".dense".to_owned()] };
    tokens.iter().map(|token| format!("[data-link=\"{token}\"]")).chain(cells).collect::<Vec<_>>().join(",")
}

/// Highlights the elements with these tokens and, in a lesson, what decided the answer; and nothing else.
fn mark(session: Session, tokens: &[String], evidence: &[String]) {
    let links = session.links;
    if let Some((sheet, old)) = links.rule.try_update_value(Option::take).flatten() {
        let _ = sheet.delete_rule(old);
    }
    for line in elements(".line[data-link]") {
        let _ = line.remove_attribute("data-link");
    }
    if let Some(lines) = document().query_selector(".editor-lines").ok().flatten().map(|pane| pane.children()) {
        for token in tokens {
            let number = token.strip_prefix("line/").and_then(|number| number.parse::<usize>().ok());
            let at = |number: usize| u32::try_from(number.checked_sub(lines_above(session) + 1)?).ok();
            if let Some(line) = number.and_then(at).and_then(|at| lines.item(at)) {
                let _ = line.set_attribute("data-link", token);
            }
        }
    }
    let sheets = document().style_sheets();
    let last = sheets.item(sheets.length().saturating_sub(1)).and_then(|sheet| sheet.dyn_into::<CssStyleSheet>().ok());
    let Some(sheet) = last.filter(|_| tokens.len() > 1 || !evidence.is_empty()) else { return };
    let at = if tokens.len() > 1 { selectors(tokens) } else { NOTHING.to_owned() };
    let seen = if evidence.is_empty() { NOTHING.to_owned() } else { selectors(evidence) };
    let rule = format!(
        "@media all{{:is({at}):not(:focus-visible){{outline:2px dotted var(--ink-2);outline-offset:-2px}}\
         .link:is({at}):not(:focus-visible){{outline-width:1px;outline-offset:2px}}\
         :is(h1 b,.event,.sources button):is({at}):not(:focus-visible){{outline:0}}\
         h1 b:is({at}){{text-decoration:underline dotted}}\
         .event:is({at}){{background:var(--sunk)}}\
         :is(.line,.terminal-log div):is({at}):not(:focus-visible){{outline:0;background:var(--sunk);box-shadow:inset 3px 0 var(--edge)}}\
         .terminal-log div:is({at}):not(:focus-visible){{box-shadow:-5px 0 var(--sunk),-8px 0 var(--edge)}}\
         :is(.stage,.explain) :is({seen}):not(.heading-cell){{outline:2px solid var(--ink);outline-offset:1px}}\
         .heading-cell:is({seen}) li:first-child{{text-decoration:underline 2px}}}}"
    );
    let end = sheet.css_rules().map_or(0, |rules| rules.length());
    links.rule.set_value(sheet.insert_rule_with_index(&rule, end).ok().map(|at| (sheet, at)));
}

/// A selector that matches nothing.
const NOTHING: &str = ":not(*)";

fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// The token of an event's target.
fn token_at(session: Session, event: &Event) -> Option<String> {
    let element = target(event)?;
    if element.id() == "manifest" {
        return event.dyn_ref::<MouseEvent>().map_or_else(|| caret_token(session), |event| line_under(session, event));
    }
    let found = element.closest("[data-link],[data-pod]").ok()??;
    found.get_attribute("data-link").or_else(|| Some(format!("pod/{}", found.get_attribute("data-pod")?)))
}

/// The line of the editor under the pointer. All lines have the same height.
fn line_under(session: Session, event: &MouseEvent) -> Option<String> {
    let first = document().query_selector(".editor-lines .line").ok()??.get_bounding_client_rect();
    let lines = (f64::from(event.client_y()) - first.top()) / first.height().max(1.0);
    usize::try_from(whole(lines.floor())).ok().map(|above| Spot::Line(lines_above(session) + above + 1).token(""))
}

/// How many lines stand above the part of the text that is in the editor.
fn lines_above(session: Session) -> usize {
    session.editor.window.with_untracked(|window| window.lines.start)
}

fn caret_token(session: Session) -> Option<String> {
    caret_line(session).map(|line| Spot::Line(line).token(""))
}

/// The line with the caret, if the editor has the focus.
pub fn caret_line(session: Session) -> Option<usize> {
    let input = crate::editor::focused()?;
    let caret = input.selection_start().ok()?? as usize;
    let before = input.value().encode_utf16().take(caret).filter(|unit| *unit == u16::from(b'\n')).count();
    Some(lines_above(session) + before + 1)
}
