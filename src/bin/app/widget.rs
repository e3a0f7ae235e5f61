//! Small components and helpers used by many others.

use std::hash::Hash;
use std::sync::Arc;

use gloo_timers::callback::Timeout;
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use leptos::web_sys::{Element, ScrollIntoViewOptions, ScrollLogicalPosition};
use text::{Glyph, Mark, Piece, Prose, Text};

use crate::focus::{focus, press};
use crate::preferences::{Pane, Preferences};
use crate::session::Session;

/// The page's session.
pub fn session() -> Session {
    expect_context()
}

/// The visitor's preferences.
pub fn preferences() -> Preferences {
    expect_context()
}

/// Does something once the next frame is on the screen: what is measured then needs no layout of its own.
pub(crate) fn after_frame(act: impl FnOnce() + 'static) {
    // The page is never taken down.
    request_animation_frame(move || _ = Timeout::new(0, act).forget());
}

/// The texts in the chosen language, reactive to changes of language.
pub fn text() -> impl Fn() -> &'static Text + Copy + Send + Sync + 'static {
    let lang = preferences().lang;
    move || lang.get().text()
}

/// A label in the chosen language.
pub fn say(pick: fn(&'static Text) -> &'static str) -> Signal<&'static str> {
    let text = text();
    Signal::derive(move || pick(text()))
}

/// A keyed list whose children live as long as their keys. One copy of the code for all lists with a key's type.
pub fn each<K: Clone + Eq + Hash + Send + Sync + 'static>(
    keys: impl Fn() -> Vec<K> + Send + Sync + 'static,
    child: impl Fn(K) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    each_of(Box::new(keys), Arc::new(child))
}

fn each_of<K: Clone + Eq + Hash + Send + Sync + 'static>(
    keys: Box<dyn Fn() -> Vec<K> + Send + Sync>,
    child: Arc<dyn Fn(K) -> AnyView + Send + Sync>,
) -> AnyView {
    view! { <For each=keys key=K::clone children=move |key| child(key)/> }.into_any()
}

/// Closes what is open of [`more`].
pub const DISCLOSED: &str = ".more[open] > summary";

/// A child that is shown while a condition holds.
pub fn when(is: impl Fn() -> bool + Send + Sync + 'static, child: impl Fn() -> AnyView + Send + Sync + 'static) -> AnyView {
    when_it_is(Box::new(is), Box::new(child))
}

fn when_it_is(is: Box<dyn Fn() -> bool + Send + Sync>, child: Box<dyn Fn() -> AnyView + Send + Sync>) -> AnyView {
    let is = Memo::new(move |_| is());
    (move || is.get().then(&child)).into_any()
}

/// A child that changes with what it reads. One copy of the code for all such children.
pub fn live<V: IntoAny>(child: impl Fn() -> V + Send + 'static) -> AnyView {
    live_any(Box::new(move || child().into_any()))
}

fn live_any(child: Box<dyn Fn() -> AnyView + Send>) -> AnyView {
    (move || child()).into_any()
}

/// What is seldom needed, behind a button. Escape closes it, and so does a press elsewhere.
pub fn more(class: &'static str, name: Signal<&'static str>, label: AnyView, within: AnyView) -> AnyView {
    let leave = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            press(DISCLOSED);
            focus(&format!(".{class} > summary"));
            event.stop_propagation();
        }
    };
    view! {
        <details class=format!("more {class}") on:keydown=leave>
            <summary class="button" title=name><span class="unseen">{name}</span> {label} "▾"</summary>
            <div class="menu">{within}</div>
        </details>
    }
    .into_any()
}

/// The heading of a pane, a button that opens or folds the pane. A pane that opens is brought into view.
pub fn folding(pane: Pane, label: fn(&'static Text) -> &'static str) -> AnyView {
    let preferences = preferences();
    let is_open = move || preferences.is_open(pane);
    let turn = move |event: MouseEvent| {
        preferences.open(pane, !untrack(is_open));
        let opened = event_target::<Element>(&event).closest("section").ok().flatten().filter(|_| untrack(is_open));
        if let Some(section) = opened {
            request_animation_frame(move || bring_in(&section));
        }
    };
    view! {
        <h2><button class="fold" aria-expanded=move || is_open().to_string() on:click=turn>{say(label)}</button></h2>
    }
    .into_any()
}

/// Scrolls the first match of a CSS selector into view, as little as possible.
pub fn bring(selector: &str) {
    if let Some(found) = document().query_selector(selector).ok().flatten() {
        bring_in(&found);
    }
}

fn bring_in(element: &Element) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// A user-interface glyph.
pub fn glyph(id: &'static str) -> AnyView {
    icon(Signal::stored(id))
}

/// A user-interface glyph that changes.
pub fn icon(id: Signal<&'static str>) -> AnyView {
    let href = Signal::derive(move || format!("#{}", id.get()));
    view! { <svg class="glyph" aria-hidden="true"><use_ href=href></use_></svg> }.into_any()
}

/// The logo: a staircase.
pub fn logo() -> impl IntoView {
    let href = "#stairs".to_owned();
    view! { <svg aria-hidden="true"><use_ href=href></use_></svg> }
}

/// A number of CSS pixels, rounded.
#[expect(clippy::cast_possible_truncation, reason = "no page is 2^31 pixels wide")]
pub fn whole(pixels: f64) -> i32 {
    pixels.round() as i32
}

/// A glyph in the colour of its mark.
pub fn sign(mark: impl Into<Signal<Mark>>) -> AnyView {
    let mark = mark.into();
    let class = Signal::derive(move || format!("glyph hue-{}", mark.get().1.word()));
    drawing(class, Signal::derive(move || mark.get().0)).into_any()
}

/// A glyph in the colour of the adjacent text.
pub fn plain_sign(glyph: impl Into<Signal<Glyph>>) -> AnyView {
    drawing("glyph".to_owned(), glyph.into()).into_any()
}

fn drawing(class: impl Into<Signal<String>>, glyph: Signal<Glyph>) -> impl IntoView {
    let (class, href) = (class.into(), Signal::derive(move || format!("#{}", glyph.get().word())));
    view! { <svg class=class aria-hidden="true"><use_ href=href></use_></svg> }
}

/// How many characters of a name find room in any pane.
pub const LONGEST_LINE: usize = 24;

/// A sentence with code and names.
pub fn prose(prose: Prose) -> AnyView {
    let piece = |piece| match piece {
        Piece::Words(words) => words.into_any(),
        Piece::Code(code) => view! { <code>{unbroken(&code)}</code> }.into_any(),
        // What would not fit its line anyway may break.
        Piece::Name(name) if name.len() > LONGEST_LINE => name.into_any(),
        Piece::Name(name) => view! { <span class="name-of">{name}</span> }.into_any(),
    };
    prose.0.into_iter().map(piece).collect_view().into_any()
}

/// Words, none of which breaks at a hyphen where it finds room in any pane.
pub fn unbroken(words: &str) -> AnyView {
    let piece = |(place, word): (usize, &str)| {
        let space = if place > 0 { " " } else { "" };
        if word.contains('-') && word.len() <= LONGEST_LINE {
            view! { {space} <span class="name-of">{word.to_owned()}</span> }.into_any()
        } else {
            format!("{space}{word}").into_any()
        }
    };
    words.split(' ').enumerate().map(piece).collect_view().into_any()
}

/// A name in parts, each of which is shown whole or not at all where there is no room: `db`, `-sts`, `-0`.
pub fn hyphened(name: impl Fn() -> String + Send + Sync + 'static) -> AnyView {
    let name = Memo::new(move |_| name());
    view! { <span>{live(move || name.with(|name| at_hyphens(name)))}</span> }.into_any()
}

fn at_hyphens(name: &str) -> AnyView {
    let starts = name.match_indices('-').map(|(at, _)| at).filter(|at| *at > 0);
    let ends: Vec<usize> = starts.chain([name.len()]).collect();
    let part = |(n, end): (usize, &usize)| {
        let start = n.checked_sub(1).map_or(0, |before| ends[before]);
        view! { <span>{name[start..*end].to_owned()}</span> }.into_any()
    };
    ends.iter().enumerate().map(part).collect_view().into_any()
}

/// The least time between two announcements, in milliseconds.
const SPEAK_EVERY: u32 = 2000;

/// The page's only polite live region: announces the verdict when it changes, but not too often.
#[component]
pub fn Announcer() -> impl IntoView {
    let session = session();
    let said = RwSignal::new(String::new());
    let pause = StoredValue::new_local(None::<Timeout>);
    Effect::new(move |_| {
        let verdict = session.why.with(|why| why.verdict.plain());
        if verdict == said.get_untracked() || pause.with_value(Option::is_some) {
            return;
        }
        said.set(verdict);
        pause.set_value(Some(Timeout::new(SPEAK_EVERY, move || {
            pause.set_value(None);
            // Announces what was held back meanwhile.
            said.set(session.why.with_untracked(|why| why.verdict.plain()));
        })));
    });
    view! { <p class="unseen" aria-live="polite">{said}</p> }
}

/// A word that may wrap between its parts: `ImagePull` and `BackOff`.
pub fn in_parts(word: &str) -> String {
    let mut parts = String::new();
    for letter in word.chars() {
        if letter.is_ascii_uppercase() && parts.ends_with(|before: char| before.is_ascii_lowercase()) {
            parts.push('\u{200b}');
        }
        parts.push(letter);
    }
    parts
}
