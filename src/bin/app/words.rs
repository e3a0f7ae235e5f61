//! Words of Kubernetes, explained where they stand: on hover, focus and tap.

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};
use lesson::{Term, explained, term};
use text::{Lang, Piece, Prose};

use crate::widget::{live, preferences, prose, session};

/// The width of an explanation, and its distance to the edges of the window, in CSS pixels; as in style/lesson.css.
const WIDTH: f64 = 320.0;
const MARGIN: f64 = 8.0;
/// So much of the window's height lies below a word whose explanation stands below it.
const BELOW: f64 = 0.7;

/// A sentence whose words are explained.
pub fn told(text: &str, lang: Lang) -> AnyView {
    worded(Prose::read(text), lang)
}

/// A sentence of the view whose words are explained, in the language chosen.
pub fn sentence(prose: Prose) -> AnyView {
    let (session, lang) = (session(), preferences().lang);
    live(move || {
        session.course.track();
        worded(prose.clone(), lang.get())
    })
}

fn worded(sentence: Prose, lang: Lang) -> AnyView {
    let part = |(part, term): (&str, Option<&'static Term>)| match term {
        None => part.to_owned().into_any(),
        Some(term) => word(part, term, lang, "0"),
    };
    let piece = |piece| match piece {
        Piece::Words(words) => explained(&words, lang).into_iter().map(part).collect_view().into_any(),
        other => prose(Prose(vec![other])),
    };
    sentence.0.into_iter().map(piece).collect_view().into_any()
}

/// A label that is explained as a whole, if it is a word of Kubernetes. Arrows do not count.
pub fn label(text: impl Fn() -> String + Send + Sync + 'static) -> AnyView {
    label_at(Box::new(text), "0")
}

/// A label in a grid, which is one stop of the Tab key.
pub fn label_in_grid(text: impl Fn() -> String + Send + Sync + 'static) -> AnyView {
    label_at(Box::new(text), "-1")
}

fn label_at(text: Box<dyn Fn() -> String + Send + Sync>, stop: &'static str) -> AnyView {
    let (session, lang) = (session(), preferences().lang);
    live(move || {
        session.course.track();
        let (text, lang) = (text(), lang.get());
        match term(text.trim_end_matches([' ', '→', '↓']), lang) {
            Some(term) => word(&text, term, lang, stop),
            None => text.into_any(),
        }
    })
}

/// A word with its explanation.
fn word(word: &str, term: &'static Term, lang: Lang, stop: &'static str) -> AnyView {
    let address = lang.docs(&term.docs);
    view! {
        <dfn class="term" tabindex=stop>{word.to_owned()}</dfn>
        <span class="tip" role="tooltip">{term.meaning.told(lang)} " " <a href=address rel="noreferrer" target="_blank">{lang.text().why.docs()}</a></span>
    }
    .into_any()
}

/// The class of a word that the pointer was moved to: a word that comes to stand under a resting pointer explains nothing.
const POINTED: &str = "pointed";

/// Puts an explanation below or above its word when it appears: the panes in which words stand would cut it.
pub fn listen() {
    window_event_listener(ev::pointermove, |event| {
        if let Some(word) = word_at(event.target()).filter(|word| !word.class_list().contains(POINTED)) {
            let _ = word.class_list().add_1(POINTED);
            place(&word);
        }
    });
    window_event_listener(ev::pointerout, |event| _ = word_at(event.target()).map(|word| word.class_list().remove_1(POINTED)));
    window_event_listener(ev::focusin, |event| _ = word_at(event.target()).map(|word| place(&word)));
}

/// The word that an event is about.
fn word_at(target: Option<leptos::web_sys::EventTarget>) -> Option<Element> {
    target?.dyn_into::<Element>().ok().filter(|word| word.class_list().contains("term"))
}

fn place(word: &Element) {
    let Some(tip) = word.next_element_sibling().and_then(|tip| tip.dyn_into::<HtmlElement>().ok()) else { return };
    let size = |of: Result<leptos::wasm_bindgen::JsValue, _>| of.ok().and_then(|size| size.as_f64()).unwrap_or_default();
    let (wide, high) = (size(window().inner_width()), size(window().inner_height()));
    let spot = word.get_bounding_client_rect();
    let put = |name, pixels: f64| _ = tip.style().set_property(name, &format!("{pixels}px"));
    put("left", spot.left().min(wide - WIDTH - MARGIN).max(MARGIN));
    let (near, far, at) =
        if spot.bottom() > high * BELOW { ("bottom", "top", high - spot.top()) } else { ("top", "bottom", spot.bottom()) };
    put(near, at);
    _ = tip.style().set_property(far, "auto");
}
