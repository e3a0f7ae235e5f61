//! The editor: a plain textarea on top of the same text with highlighting.
//!
//! Both are in one grid cell with one font, and their parent scrolls, so that the glyphs coincide without any measuring. The
//! textarea keeps everything that belongs to typing: undo, input methods, screen readers.

use std::ops::Range;

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys;
use ordinal::playground::EXAMPLE;
use ordinal::view::highlight::{Ink, pieces};
use ordinal::view::links::Spot;

use crate::app::keyboard::go;
use crate::app::preferences::{Preferences, Tab};
use crate::app::session::Session;
use crate::app::widget::{bring, each, say, session, when};

/// Longer texts are not highlighted, since that would take longer than a frame.
const COLOURED_BYTES: usize = 48 * 1024;

/// How many lines kubectl puts above what is edited, whatever comes after them.
const HEADER: usize = 4;

/// The textarea and its highlighting.
#[component]
pub fn Editor() -> impl IntoView {
    let session = session();
    let input = NodeRef::<html::Textarea>::new();
    let leaving = RwSignal::new(false);
    let title = say(|t| t.manifest.title);
    let coloured = move || session.manifest.with(|text| text.len() <= COLOURED_BYTES);
    // A line's key is its number and its text.
    let lines = move || session.manifest.with(|text| text.split('\n').zip(1..).map(|(line, number)| format!("{number} {line}")).collect());
    let keys = move |event: KeyboardEvent| match event.key().as_str() {
        "Escape" => leaving.set(true),
        "Tab" if !leaving.get_untracked() && !event.shift_key() => {
            event.prevent_default();
            // What is selected is not lost to a key that indents.
            if let Some(input) = input.get_untracked() {
                let _ = input.set_selection_end(input.selection_start().ok().flatten());
            }
            type_into_document("  ");
        }
        "Tab" | "Shift" => {}
        _ => leaving.set(false),
    };
    Effect::new(move |_| {
        if let (Some(line), Some(input)) = (session.caret_line.get(), input.get()) {
            put_caret(&input, line);
            session.caret_line.set(None);
        }
    });
    let refused = Memo::new(move |_| session.verdicts.with(|verdicts| verdicts.refusals.first()?.place.as_ref().map(|place| place.line)));
    Effect::new(move |_| {
        if let Some(line) = refused.get() {
            request_animation_frame(move || bring(&format!(".line[data-number=\"{line}\"]")));
        }
    });
    view! {
        <div class="editor">
            <div class="editor-text" class:plain=move || !coloured()>
                {when(coloured, move || view! { <pre class="editor-lines" aria-hidden="true">
                        {each(lines, move |line| numbered(&line))}
                    </pre> }.into_any())}
                <textarea
                    class="editor-input"
                    id="manifest"
                    spellcheck="false"
                    autocomplete="off"
                    autocapitalize="none"
                    wrap="off"
                    aria-label=move || session.editing.get().unwrap_or_else(|| title.get().to_owned())
                    aria-describedby="manifest-hint"
                    aria-invalid=move || session.verdicts.with(|verdicts| !verdicts.refusals.is_empty()).to_string()
                    node_ref=input
                    prop:value=session.manifest
                    on:input=move |event| session.edit(event_target_value(&event))
                    on:keydown=keys
                    on:blur=move |_| leaving.set(false)
                ></textarea>
            </div>
            <p class="unseen" id="manifest-hint">{say(|t| t.manifest.leave)}</p>
        </div>
    }
}

/// A line with its number before it.
fn numbered(line: &str) -> AnyView {
    let (number, line) = line.split_once(' ').unwrap_or_default();
    view! { <Line number=number.parse().unwrap_or_default() line=line.to_owned()/> }.into_any()
}

/// A highlighted line: its number, the fields that matter, and the places that were refused or noted.
#[component]
fn Line(number: usize, line: String) -> impl IntoView {
    let session = session();
    let refused = Memo::new(move |_| session.verdicts.with(|verdicts| verdicts.refused_at(number)));
    let noted = Memo::new(move |_| session.verdicts.with(|verdicts| verdicts.noted_at(number)));
    let decides = move || session.why.with(|why| why.line == Some(number));
    // Why an edit was refused stands in comments of its own.
    let is_reason = line.starts_with("# ") && number > HEADER;
    let is_refused = move || refused.with(Option::is_some) || is_reason && session.editing.with(Option::is_some);
    let class = move || match (is_refused(), noted.with(Option::is_some), decides()) {
        (true, _, _) => "line refused",
        (_, true, _) => "line noted",
        (_, _, true) => "line decides",
        _ => "line",
    };
    let body = move || {
        let under = refused.get().map(|columns| ("squiggle", columns)).or_else(|| noted.get().map(|columns| ("dotted", columns)));
        match under.filter(|(_, columns)| !columns.is_empty()) {
            Some((class, columns)) => underlined(&line, class, &columns).into_any(),
            None => pieces(&line).into_iter().map(piece).collect_view().into_any(),
        }
    };
    view! { <span class=class data-number=number.to_string() data-link=Spot::Line(number).token("")>{body}"\n"</span> }
}

fn piece((ink, text): (Ink, &str)) -> impl IntoView + use<> {
    let class = match ink {
        Ink::Key => "key",
        Ink::Value => "value",
        Ink::Comment => "comment",
        Ink::Tab => "tab",
        Ink::NoBreakSpace => "nbsp",
    };
    view! { <span class=class>{text.to_owned()}</span> }
}

/// A line with some of its characters underlined.
fn underlined(line: &str, class: &'static str, columns: &Range<usize>) -> impl IntoView + use<> {
    let take = |from: usize, to: usize| line.chars().skip(from).take(to.saturating_sub(from)).collect::<String>();
    view! { {take(0, columns.start)} <span class=class>{take(columns.start, columns.end)}</span> {take(columns.end, usize::MAX)} }
}

/// Inserts text at the caret so that it can be undone. Nothing else does that in a textarea.
fn type_into_document(text: &str) {
    if let Some(document) = document().dyn_ref::<web_sys::HtmlDocument>() {
        let _ = document.exec_command_with_show_ui_and_value("insertText", false, text);
    }
}

/// Shows the editor and focuses it. On the first visit all of the page's own example is selected: what is pasted takes its place.
pub fn enter(session: Session, preferences: Preferences) {
    let first = preferences.first.get_untracked();
    preferences.show_editor();
    go(preferences, Tab::Manifest, "#manifest");
    if first && session.manifest.with_untracked(|text| text == EXAMPLE) {
        request_animation_frame(|| {
            if let Some(input) = document().get_element_by_id("manifest") {
                input.unchecked_into::<web_sys::HtmlTextAreaElement>().select();
            }
        });
    }
}

/// Puts another text in the place of all that is in the editor, so that it can be undone; nobody else loses the focus.
pub fn put(session: Session, text: &str) {
    let held = document().active_element();
    let found = document().get_element_by_id("manifest").and_then(|input| input.dyn_into::<web_sys::HtmlTextAreaElement>().ok());
    if let Some(input) = &found {
        let _ = input.focus();
        input.select();
        type_into_document(text);
    }
    if let Some(held) = held.and_then(|held| held.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = held.focus();
    }
    // Where it is not shown, nothing can be typed into it.
    if session.manifest.with_untracked(|now| now != text) {
        session.edit(text.to_owned());
    }
}

/// Puts the caret at the start of a line, counted from 1, and scrolls to it.
fn put_caret(input: &web_sys::HtmlTextAreaElement, line: usize) {
    let before = input.value().split('\n').take(line.saturating_sub(1)).map(|line| line.encode_utf16().count() + 1).sum::<usize>();
    let before = u32::try_from(before).unwrap_or(u32::MAX);
    let _ = input.focus();
    let _ = input.set_selection_range(before, before);
    if let Some(row) = document().query_selector(&format!(".line[data-number=\"{line}\"]")).ok().flatten() {
        row.scroll_into_view();
    }
}
