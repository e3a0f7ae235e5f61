//! The editor: a plain textarea on top of the same text with highlighting.
//!
//! Both are in one grid cell with one font, and their parent scrolls, so that the glyphs coincide without any measuring. The
//! textarea keeps everything that belongs to typing: undo, input methods, screen readers.
//!
//! Of a long text, both hold the part in sight, with room for the lines above and below; another part takes its place as one scrolls.

mod keep;

use std::ops::Range;

use gloo_timers::callback::Timeout;
use leptos::ev::{Event, InputEvent, KeyboardEvent};
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{self, ClipboardEvent, HtmlTextAreaElement, ScrollIntoViewOptions, ScrollLogicalPosition};
use playground::{EXAMPLE, is_same};
use view::highlight::{Ink, pieces};
use view::manifest::Verdicts;
use view::window::{MOST_IN_BOX, MOST_WHOLE, Window, lines};

use crate::focus::go;
use crate::paste::{paste, pasted};
use crate::preferences::{Preferences, Tab};
use crate::session::{Session, slice};
use crate::widget::{preferences, say, session, whole};

/// The element id of the textarea.
const AREA: &str = "manifest";
/// How many lines kubectl puts above what is edited, whatever comes after them.
const HEADER: usize = 4;

/// The textarea and its highlighting.
#[component]
pub fn Editor() -> impl IntoView {
    let session = session();
    let (title, window) = (say(|t| t.manifest.title()), session.editor.window);
    let decides = Memo::new(move |_| session.why.with(|why| why.line));
    let (pane, height) = (NodeRef::<html::Pre>::new(), StoredValue::new(0));
    let (rows, rest, later) = (StoredValue::new_local(Vec::new()), Trigger::new(), StoredValue::new_local(None::<Timeout>));
    Effect::new(move |_| {
        let Some(pane) = pane.get() else { return };
        rest.track();
        let (decides, window) = (decides.get(), window.read());
        let verdicts = session.verdicts.read();
        let edits = session.editing.with(Option::is_some);
        let drifts = session.drifts_shown();
        let look = |number: usize, line: &str| {
            // Why an edit was refused stands in comments of its own.
            let is_reason = edits && line.starts_with("# ") && number > HEADER;
            let is_marked = decides == Some(number);
            LineStyle::of(&verdicts, number, is_reason, is_marked, drifts.iter().any(|(line, _)| *line == number))
        };
        rows.update_value(|rows| {
            let goes_on = later.with_value(Option::is_some);
            let Placed { changed, so_far, all } =
                session.manifest.with(|text| place(&pane, rows, window.of(text), window.lines.start, goes_on));
            if changed {
                session.links.drawn();
            }
            let is_done = colour(&mut rows[..so_far], window.lines.start, look) && all;
            later.set_value((!is_done).then(|| Timeout::new(if goes_on { 0 } else { AFTER_FRAME }, move || rest.notify())));
        });
        request_animation_frame(move || {
            keep::caret(height);
            look_around(session);
        });
    });
    follow_drift(session);
    let keys = move |event: KeyboardEvent| match event.key().as_str() {
        key if go_in_parts(session, key, &event) => event.prevent_default(),
        "Tab" if !event.shift_key() => {
            event.prevent_default();
            indent();
        }
        _ => {}
    };
    let refused = Memo::new(move |_| session.verdicts.with(|verdicts| verdicts.refusals.first()?.place.as_ref().map(|place| place.line)));
    Effect::new(move |_| {
        if let Some(line) = refused.get() {
            // Nobody is taken away from what is being typed.
            if !window.with_untracked(|window| window.lines.contains(&(line - 1))) && focused().is_none() {
                window.set(session.manifest.with_untracked(|text| Window::around(text, line - 1)));
            }
            request_animation_frame(move || bring_line(session, line, ScrollLogicalPosition::Nearest));
        }
    });
    view! {
        <div class="editor" on:scroll=move |_| look_around(session)>
            <div
                class="editor-text"
                style:--above=move || window.with(|window| window.lines.start.to_string())
                style:--below=move || window.with(|window| (window.all - window.lines.end).to_string())
                style:--lines=move || window.with(|window| window.lines.len().to_string())
            >
                <pre class="editor-lines" aria-hidden="true" node_ref=pane></pre>
                <pre class="editor-numbers" aria-hidden="true"></pre>
                <textarea
                    class="editor-input"
                    id=AREA
                    spellcheck="false"
                    autocomplete="off"
                    autocapitalize="none"
                    wrap="off"
                    aria-label=move || session.editing.get().unwrap_or_else(|| title.get().to_owned())
                    aria-describedby="manifest-hint"
                    placeholder=say(|t| t.manifest.paste_here())
                    aria-invalid=move || session.verdicts.with(|verdicts| !verdicts.refusals.is_empty()).to_string()
                    prop:value=move || session.manifest.with(|text| window.with(|window| window.of(text).to_owned()))
                    on:input=move |event| typed(session, &event)
                    on:beforeinput=move |event| before(session, &event)
                    on:paste=move |event| if let Some(new) = pasted(&event) { paste(session, &event, &new) }
                    on:copy=move |event| _ = copies_all(session, &event)
                    on:cut=move |event| if copies_all(session, &event) { session.replace("".into()) }
                    on:pointerdown=move |_| session.editor.caret.set_value(None)
                    on:keydown=keys
                ></textarea>
            </div>
            <p class="unseen" id="manifest-hint">{say(|t| t.manifest.leave())}</p>
        </div>
    }
}

/// Looks where the manifest and the cluster differ, as soon as the editor is opened.
fn follow_drift(session: Session) {
    let preferences = preferences();
    Effect::new(move |_| {
        if preferences.shows_manifest() {
            session.look_for_drift_now();
        }
    });
}

/// A CSS selector for a line, by its number. Lines do not carry numbers: a line that is added would change all later ones.
fn line_at(session: Session, number: usize) -> String {
    let above = session.editor.window.with_untracked(|window| window.lines.start);
    format!(".editor-lines > :nth-child({})", number.saturating_sub(above))
}

/// Brings a line into sight by its number, also one that is not placed yet: all lines have the same height.
fn bring_line(session: Session, number: usize, block: ScrollLogicalPosition) {
    let found = |selector: &str| document().query_selector(selector).ok().flatten();
    if let Some(row) = found(&line_at(session, number)) {
        let options = ScrollIntoViewOptions::new();
        options.set_block(block);
        return row.scroll_into_view_with_scroll_into_view_options(&options);
    }
    let (Some(editor), Some(first)) = (found(".editor"), found(".editor-lines > .line")) else { return };
    let first = first.get_bounding_client_rect();
    let above = number.saturating_sub(1 + session.editor.window.with_untracked(|window| window.lines.start));
    #[allow(clippy::cast_precision_loss, reason = "a part has few lines")]
    let top = first.top() + first.height() * above as f64 - editor.get_bounding_client_rect().top();
    editor.set_scroll_top(editor.scroll_top().saturating_add(i32::try_from(whole(top)).unwrap_or_default()));
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

impl LineStyle {
    /// What the line with a number looks like. A line that is refused comes before one that is noted, and this before one that decides.
    fn of(verdicts: &Verdicts, number: usize, is_reason: bool, decides: bool, drifts: bool) -> LineStyle {
        let (refused, noted) = (verdicts.refused_at(number), verdicts.noted_at(number));
        let class = match (refused.is_some() || is_reason, noted.is_some(), decides) {
            (true, _, _) => "line refused",
            (_, true, _) => "line noted",
            (_, _, true) => "line decides",
            _ if drifts => "line drifts",
            _ => "line",
        };
        LineStyle { class, under: refused.map(|columns| ("squiggle", columns)).or_else(|| noted.map(|columns| ("dotted", columns))) }
    }
}

/// How far the lines are.
struct Placed {
    /// Whether there was anything to do.
    changed: bool,
    /// How many rows, from the first on, stand where they belong.
    so_far: usize,
    /// Whether these are all.
    all: bool,
}

/// The most lines that are placed in one go: a browser lays out all that are new in one task.
const MOST_PLACED: usize = 60;
/// After how many milliseconds the browser has drawn what was typed or pasted.
const AFTER_FRAME: u32 = 30;

/// Brings the lines and their numbers to a text with so many lines above, those that are new without colours. Of many new lines, only the
/// first are placed, and none before this `goes_on`: the browser lays out the textarea first.
fn place(pane: &web_sys::Element, rows: &mut Vec<Row>, text: &str, first: usize, goes_on: bool) -> Placed {
    let lines: Vec<&str> = text.split('\n').collect();
    let same = |(row, line): &(&Row, &&str)| row.text == **line;
    let above = rows.iter().zip(&lines).take_while(same).count();
    let below = rows[above..].iter().rev().zip(lines[above..].iter().rev()).take_while(same).count();
    let next = rows.len().checked_sub(below).and_then(|at| rows.get(at)).map(|row| row.element.clone());
    let missing = lines.len() - below - above;
    if missing > MOST_PLACED && !goes_on {
        return Placed { changed: false, so_far: above, all: false };
    }
    let new = lines[above..].iter().take(missing.min(MOST_PLACED)).filter_map(|line| {
        let element = document().create_element("span").ok()?;
        element.set_class_name("line");
        element.set_text_content(Some(&format!("{line}\n")));
        pane.insert_before(&element, next.as_deref()).ok()?;
        Some(Row { element, text: (*line).to_owned(), look: None })
    });
    let new: Vec<Row> = new.collect();
    let changed = !new.is_empty() || rows.len() != lines.len();
    let all = new.len() == missing;
    let so_far = if all { lines.len() } else { above + new.len() };
    rows.splice(above..rows.len() - below, new).for_each(|old| old.element.remove());
    if let Some(numbers) = pane.next_element_sibling() {
        count(&numbers, first, rows.len());
    }
    Placed { changed, so_far, all }
}

/// Colours the lines that are new or look different, for as long as nobody notices; whether none is left.
fn colour(rows: &mut [Row], first: usize, look: impl Fn(usize, &str) -> LineStyle) -> bool {
    let (mut go_on, mut done) = (slice(), true);
    for (row, number) in rows.iter_mut().zip(first + 1..) {
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
    done
}

/// Brings the numbers beside the lines to a count, from the first on. All lines have the same height, so that a number never moves.
fn count(numbers: &web_sys::Element, first: usize, lines: usize) {
    let begins = (first + 1).to_string();
    if numbers.first_element_child().is_some_and(|number| number.text_content().as_ref() != Some(&begins)) {
        numbers.set_text_content(None);
    }
    let shown = numbers.child_element_count() as usize;
    for number in shown..lines {
        if let Ok(element) = document().create_element("div") {
            element.set_text_content(Some(&(first + number + 1).to_string()));
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

/// Indents what is typed. What is selected is not lost to a key that indents.
fn indent() {
    if let Some(input) = area() {
        let _ = input.set_selection_end(input.selection_start().ok().flatten());
    }
    type_into_document("  ");
}

/// Puts text in the place of what is selected so that it can be undone. Nothing else does that in a textarea.
pub fn type_into_document(text: &str) {
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

/// Shows the editor and focuses it. All of the page's own example is selected, where nobody did anything with that.
pub fn enter(session: Session, preferences: Preferences) {
    preferences.show_editor();
    go(preferences, Tab::Manifest, "#manifest");
    if session.is_untouched() && session.manifest.with_untracked(|text| **text == *EXAMPLE) {
        select_all();
    }
}

/// Selects all of the text: what is pasted takes its place.
pub fn select_all() {
    request_animation_frame(|| {
        if let Some(input) = area() {
            input.select();
        }
    });
}

/// Puts another text in the place of all that is in the editor, so that it can be undone; nobody else loses the focus.
pub fn put(session: Session, text: &str) {
    let held = document().active_element();
    let now = session.manifest.get_untracked();
    if let Some(input) = area().filter(|_| now.len().max(text.len()) <= MOST_WHOLE) {
        let _ = input.focus();
        let (range, new) = changed(&now, text);
        if !(range.is_empty() && new.is_empty()) {
            let at = |byte: usize| units(&now[..byte]);
            let _ = input.set_selection_range(at(range.start), at(range.end));
            type_into_document(new);
        }
    }
    if let Some(held) = held.and_then(|held| held.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = held.focus();
    }
    // Where it is not shown, or long, nothing can be typed into it.
    if session.manifest.with_untracked(|now| **now != *text) {
        session.replace(text.into());
    }
    session.look_after(0);
}

/// What differs between two texts: the bytes of the first in whose place the second has other text, and that text.
fn changed<'a>(old: &str, new: &'a str) -> (Range<usize>, &'a str) {
    let same = |(old, new): &(char, char)| old == new;
    let above: usize = old.chars().zip(new.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let rest = old[above..].chars().rev().zip(new[above..].chars().rev());
    let below: usize = rest.take_while(same).map(|(c, _)| c.len_utf8()).sum();
    (above..old.len() - below, &new[above..new.len() - below])
}

/// The textarea.
fn area() -> Option<HtmlTextAreaElement> {
    document().get_element_by_id(AREA)?.dyn_into().ok()
}

/// The textarea, if it has the focus.
pub fn focused() -> Option<HtmlTextAreaElement> {
    area().filter(|input| document().active_element().is_some_and(|active| active.is_same_node(Some(input))))
}

/// The length of a text as browsers count.
fn units(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX)
}

/// The text of a textarea, and which bytes of it are selected.
pub fn selection(input: &HtmlTextAreaElement) -> (String, Range<usize>) {
    let value = input.value();
    let byte = |at: u32| {
        let mut passed = 0;
        let reaches = |(_, letter): &(usize, char)| {
            let is_there = passed >= at;
            passed += u32::from(letter.len_utf16() == 2) + 1;
            is_there
        };
        value.char_indices().find(reaches).map_or(value.len(), |(byte, _)| byte)
    };
    let [from, to] = [input.selection_start(), input.selection_end()].map(|at| byte(at.ok().flatten().unwrap_or_default()));
    (value, from..to)
}

/// Whether what comes takes the place of all that the textarea holds.
fn is_replaced() -> bool {
    area().is_some_and(|input| selection(&input).1 == (0..input.value().len()))
}

/// Whether all of the textarea is selected, and it holds a part of the text: then all of the text is meant.
fn selects_all(session: Session) -> bool {
    untrack(|| session.is_in_parts()) && is_replaced()
}

/// Takes what is about to come into the textarea, where that is too much for it or replaces more than it holds.
fn before(session: Session, event: &InputEvent) {
    let new = event.data().unwrap_or_default();
    let is_undone = event.input_type().starts_with("history");
    if !is_undone && (new.len() > MOST_WHOLE || selects_all(session)) {
        insert(session, event, &new);
    }
}

/// Takes what came into the textarea; if that is too much, all but a part of it goes out again.
fn typed(session: Session, event: &Event) {
    let (part, at) = selection(&event_target(event));
    if part.len() > MOST_IN_BOX { take_part(session, &part, at.end) } else { session.edit(&part) }
}

/// Copies all of the text, if all is selected of which the textarea holds a part; whether it is.
fn copies_all(session: Session, event: &ClipboardEvent) -> bool {
    let data = event.clipboard_data().filter(|_| selects_all(session));
    let copied = data.is_some_and(|data| session.manifest.with_untracked(|text| data.set_data("text/plain", text)).is_ok());
    if copied {
        event.prevent_default();
    }
    copied
}

/// What a textarea holds with this in the place of what is selected, and the byte after it, if that is too much for it or `takes` says so;
/// then the browser puts nothing in. It would lay the text out once for every line.
pub fn taken(event: &Event, new: &str, takes: bool) -> Option<(String, usize)> {
    let (value, at) = selection(&event_target(event));
    (takes || value.len() + new.len() > MOST_WHOLE).then(|| {
        event.prevent_default();
        ([&value[..at.start], new, &value[at.end..]].concat(), at.start + new.len())
    })
}

/// Takes what is too long for the textarea, or replaces more than that holds.
pub fn insert(session: Session, event: &Event, new: &str) {
    if session.is_untouched() && is_replaced() {
        event.prevent_default();
        session.begin_own_with(new);
        return put_caret(session, new.len());
    }
    let all = selects_all(session);
    match taken(event, new, all) {
        Some(_) if all => {
            session.replace(new.into());
            put_caret(session, new.len());
        }
        Some((part, end)) => take_part(session, &part, end),
        None => {}
    }
}

/// Puts a text in the place of the part of the text that is in the textarea, and the caret at a byte of it.
fn take_part(session: Session, part: &str, caret: usize) {
    let window = session.editor.window.get_untracked();
    let (text, _) = session.manifest.with_untracked(|text| window.replaced(text, part));
    session.replace(text.into());
    put_caret(session, window.bytes.start + caret);
}

/// Does what a key means in a text of which only a part is in the textarea, or one that can be brought back; whether that is all it does.
fn go_in_parts(session: Session, key: &str, event: &KeyboardEvent) -> bool {
    let held = event.ctrl_key() || event.meta_key();
    let text = session.manifest.get_untracked();
    match key {
        "Control" | "Meta" | "Shift" | "Alt" => return false,
        "z" if held && session.editor.former.with_untracked(|former| former.as_ref().is_some_and(|(_, now)| is_same(now, &text))) => {
            session.restore_text();
            return true;
        }
        "Home" | "End" if held && untrack(|| session.is_in_parts()) => {
            put_caret(session, if key == "Home" { 0 } else { text.len() });
            return true;
        }
        _ => {}
    }
    // Whoever goes on typing does so where the caret was left.
    if let Some(at) = session.editor.caret.get_value() {
        put_caret(session, at);
    }
    false
}

/// Puts the caret at a byte of the text, and scrolls to its line.
pub fn put_caret(session: Session, at: usize) {
    let Some(input) = area() else { return };
    let (text, window) = (session.manifest.get_untracked(), session.editor.window);
    let at = text.floor_char_boundary(at);
    let above = lines(&text[..at]) - 1;
    if window.with_untracked(|window| at < window.bytes.start || at > window.bytes.end) {
        window.set(Window::around(&text, above));
    }
    session.editor.caret.set_value(None);
    window.with_untracked(|window| {
        let part = window.of(&text);
        let caret = units(&part[..(at - window.bytes.start).min(part.len())]);
        input.set_value(part);
        let _ = input.focus();
        let _ = input.set_selection_range(caret, caret);
    });
    session.editor.goes.set_value(true);
    request_animation_frame(move || {
        bring_line(session, above + 1, ScrollLogicalPosition::Start);
        session.editor.goes.set_value(false);
    });
}

/// Puts the part of a long text that is in sight into the textarea, where that holds another one. What is selected stays selected.
fn look_around(session: Session) {
    let (text, window) = (session.manifest.get_untracked(), session.editor.window);
    let before = window.get_untracked();
    let rect = |selector| Some(document().query_selector(selector).ok()??.get_bounding_client_rect());
    if !before.is_part(&text) || session.editor.goes.get_value() {
        return;
    }
    let (Some(editor), Some(line), Some(input)) = (rect(".editor"), rect(".editor-lines > .line"), area()) else { return };
    let lines_in = |pixels: f64| isize::try_from(whole(pixels / line.height().max(1.0))).unwrap_or_default();
    let (top, shown) =
        (before.lines.start.saturating_add_signed(lines_in(editor.top() - line.top())), lines_in(editor.height()).unsigned_abs());
    if before.covers(top.saturating_sub(shown)..top + 2 * shown) {
        return;
    }
    let new = Window::around(&text, top);
    let (value, selected) = selection(&input);
    let all = selected == (0..value.len());
    let is_focused = focused().is_some();
    window.set(new.clone());
    input.set_value(new.of(&text));
    if !is_focused {
        return;
    }
    let [from, to] = [selected.start, selected.end].map(|at| session.editor.caret.get_value().unwrap_or(before.bytes.start + at));
    let is_there = new.bytes.start <= from && to <= new.bytes.end;
    session.editor.caret.set_value((!all && !is_there).then_some(from));
    if all {
        input.select();
    } else if is_there {
        let at = |byte: usize| units(&text[new.bytes.start..byte]);
        let _ = input.set_selection_range(at(from), at(to));
    }
}
