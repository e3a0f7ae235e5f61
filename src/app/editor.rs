//! The editor: a plain textarea on top of the same text with highlighting.
//!
//! Both are in one grid cell with one font, and their parent scrolls, so that the glyphs coincide without any measuring. The
//! textarea keeps everything that belongs to typing: undo, input methods, screen readers.

use std::ops::Range;
use std::time::Duration;

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys;
use playground::EXAMPLE;
use view::highlight::{Ink, pieces};

use crate::keyboard::go;
use crate::preferences::{Preferences, Tab};
use crate::session::{Session, slice};
use crate::widget::{bring, say, session, when};

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
    let title = say(|t| t.manifest.title());
    let coloured = move || session.manifest.with(|text| text.len() <= COLOURED_BYTES);
    let decides = Memo::new(move |_| session.why.with(|why| why.line));
    let (pane, rows, rest) = (NodeRef::<html::Pre>::new(), StoredValue::new_local((None, Vec::new())), Trigger::new());
    Effect::new(move |_| {
        let Some(pane) = pane.get() else { return };
        rest.track();
        let decides = decides.get();
        let verdicts = session.verdicts.read();
        let edits = session.editing.with(Option::is_some);
        let look = |number: usize, line: &str| {
            let (refused, noted) = (verdicts.refused_at(number), verdicts.noted_at(number));
            // Why an edit was refused stands in comments of its own.
            let is_reason = edits && line.starts_with("# ") && number > HEADER;
            let class = match (refused.is_some() || is_reason, noted.is_some(), decides == Some(number)) {
                (true, _, _) => "line refused",
                (_, true, _) => "line noted",
                (_, _, true) => "line decides",
                _ => "line",
            };
            LineStyle { class, under: refused.map(|columns| ("squiggle", columns)).or_else(|| noted.map(|columns| ("dotted", columns))) }
        };
        rows.update_value(|(drawn, rows)| {
            // A long text has no lines; when they come back, they are drawn anew.
            if drawn.as_ref() != Some(&pane) {
                rows.clear();
                *drawn = Some(pane.clone());
            }
            if session.manifest.with(|text| place(&pane, rows, text)) {
                session.links.drawn();
            }
            colour(rows, look, rest);
        });
    });
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
            request_animation_frame(move || bring(&line_at(line)));
        }
    });
    view! {
        <div class="editor">
            <div class="editor-text" class:plain=move || !coloured()>
                {when(coloured, move || view! {
                    <pre class="editor-lines" aria-hidden="true" node_ref=pane></pre>
                    <pre class="editor-numbers" aria-hidden="true"></pre> }.into_any())}
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
            <p class="unseen" id="manifest-hint">{say(|t| t.manifest.leave())}</p>
        </div>
    }
}

/// A CSS selector for a line, by its number. Lines do not carry numbers: a line that is added would change all later ones.
fn line_at(number: usize) -> String {
    format!(".editor-lines > :nth-child({number})")
}

/// A line as it is shown.
struct Row {
    element: web_sys::Element,
    text: String,
    /// What its element looks like; before it is coloured, it is plain text.
    look: Option<LineStyle>,
}

/// What a line looks like: its class, and the characters that are underlined, with their class.
#[derive(Clone, PartialEq)]
struct LineStyle {
    class: &'static str,
    under: Option<(&'static str, Range<usize>)>,
}

/// Brings the lines and their numbers to a text, those that are new without colours; returns whether there was anything to do.
fn place(pane: &web_sys::Element, rows: &mut Vec<Row>, text: &str) -> bool {
    let lines: Vec<&str> = text.split('\n').collect();
    let same = |(row, line): &(&Row, &&str)| row.text == **line;
    let above = rows.iter().zip(&lines).take_while(same).count();
    let below = rows[above..].iter().rev().zip(lines[above..].iter().rev()).take_while(same).count();
    let next = rows.len().checked_sub(below).and_then(|at| rows.get(at)).map(|row| row.element.clone());
    let new = lines[above..lines.len() - below].iter().filter_map(|line| {
        let element = document().create_element("span").ok()?;
        element.set_class_name("line");
        element.set_text_content(Some(&format!("{line}\n")));
        pane.insert_before(&element, next.as_deref()).ok()?;
        Some(Row { element, text: (*line).to_owned(), look: None })
    });
    let new: Vec<Row> = new.collect();
    let some = !new.is_empty() || rows.len() != lines.len();
    rows.splice(above..rows.len() - below, new).for_each(|old| old.element.remove());
    if let Some(numbers) = pane.next_element_sibling() {
        count(&numbers, rows.len());
    }
    some
}

/// Colours the lines that are new or look different, for as long as nobody notices; `rest` is told if some are left.
fn colour(rows: &mut [Row], look: impl Fn(usize, &str) -> LineStyle, rest: Trigger) {
    let (mut go_on, mut done) = (slice(), true);
    for (row, number) in rows.iter_mut().zip(1..) {
        let look = look(number, &row.text);
        if row.look.as_ref() == Some(&look) {
            continue;
        }
        row.element.set_class_name(look.class);
        if row.look.as_ref().is_none_or(|before| before.under != look.under) {
            if !go_on() {
                done = false;
                continue;
            }
            row.element.set_text_content(None);
            fill(&row.element, &row.text, look.under.as_ref());
        }
        row.look = Some(look);
    }
    if !done {
        set_timeout(move || rest.notify(), Duration::ZERO);
    }
}

/// Brings the numbers beside the lines to a count. All lines have the same height, so that a number never moves.
fn count(numbers: &web_sys::Element, lines: usize) {
    let shown = numbers.child_element_count() as usize;
    for number in shown..lines {
        if let Ok(element) = document().create_element("div") {
            element.set_text_content(Some(&(number + 1).to_string()));
            let _ = numbers.append_child(&element);
        }
    }
    for last in (lines..shown).filter_map(|_| numbers.last_element_child()) {
        last.remove();
    }
}

/// Fills a line with its text: in colours, or with some of its characters underlined.
fn fill(row: &web_sys::Element, line: &str, under: Option<&(&'static str, Range<usize>)>) {
    let add = |class: &str, text: &str| {
        if let Ok(piece) = document().create_element("span") {
            piece.set_class_name(class);
            piece.set_text_content(Some(text));
            let _ = row.append_child(&piece);
        }
    };
    if let Some((class, columns)) = under.filter(|(_, columns)| !columns.is_empty()) {
        let at = |column| line.char_indices().nth(column).map_or(line.len(), |(at, _)| at);
        let (from, to) = (at(columns.start), at(columns.end));
        [("", &line[..from]), (*class, &line[from..to]), ("", &line[to..])].into_iter().for_each(|(class, text)| add(class, text));
    } else {
        pieces(line).into_iter().for_each(|(ink, text)| add(class_of(ink), text));
    }
    add("", "\n");
}

fn class_of(ink: Ink) -> &'static str {
    match ink {
        Ink::Key => "key",
        Ink::Value => "value",
        Ink::Comment => "comment",
        Ink::Tab => "tab",
        Ink::NoBreakSpace => "nbsp",
    }
}

/// Puts text in the place of what is selected so that it can be undone. Nothing else does that in a textarea.
fn type_into_document(text: &str) {
    let Some(document) = document().dyn_ref::<web_sys::HtmlDocument>().cloned() else { return };
    let run = |command, value: &str| document.exec_command_with_show_ui_and_value(command, false, value).unwrap_or_default();
    // Chromium inserts text line by line, and reports each of them twice. As HTML, all lines come at once.
    let escaped = || text.replace('&', "&amp;").replace('<', "&lt;");
    if text.is_empty() {
        run("delete", "");
    } else if !(text.contains('\n') && run("insertHTML", &escaped())) {
        run("insertText", text);
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
        let (now, _) = (input.value(), input.focus());
        let (range, new) = changed(&now, text);
        if !(range.is_empty() && new.is_empty()) {
            let at = |byte: usize| u32::try_from(now[..byte].encode_utf16().count()).unwrap_or(u32::MAX);
            let _ = input.set_selection_range(at(range.start), at(range.end));
            type_into_document(new);
        }
    }
    if let Some(held) = held.and_then(|held| held.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = held.focus();
    }
    // Where it is not shown, nothing can be typed into it.
    if session.manifest.with_untracked(|now| now != text) {
        session.edit(text.to_owned());
    }
    session.look_after(Duration::ZERO);
}

/// What differs between two texts: the bytes of the first in whose place the second has other text, and that text.
fn changed<'a>(old: &str, new: &'a str) -> (Range<usize>, &'a str) {
    let same = |(old, new): &(char, char)| old == new;
    let above: usize = old.chars().zip(new.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let rest = old[above..].chars().rev().zip(new[above..].chars().rev());
    let below: usize = rest.take_while(same).map(|(c, _)| c.len_utf8()).sum();
    (above..old.len() - below, &new[above..new.len() - below])
}

/// Puts the caret at the start of a line, counted from 1, and scrolls to it.
fn put_caret(input: &web_sys::HtmlTextAreaElement, line: usize) {
    let before = input.value().split('\n').take(line.saturating_sub(1)).map(|line| line.encode_utf16().count() + 1).sum::<usize>();
    let before = u32::try_from(before).unwrap_or(u32::MAX);
    let _ = input.focus();
    let _ = input.set_selection_range(before, before);
    if let Some(row) = document().query_selector(&line_at(line)).ok().flatten() {
        row.scroll_into_view();
    }
}
