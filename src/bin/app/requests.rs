//! Requests, or what the control plane writes, drawn on demand: dots that travel between those who ask, names, pods and disks.
//! A strip tells the same in words.
//!
//! While they are shown, each frame measures where things are, so that dots follow whatever moves them.

use base::time::Time;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};
use view::requests::{Dot, Line, Place, Seat};

use crate::cluster::data_item;
use crate::focus::found;
use crate::keyed::set_if_new;
use crate::session::{Flow, Session};
use crate::widget::{each, glyph, live, say, text};

/// A point in the stage, in CSS pixels.
type Point = (f64, f64);

/// The dots, over what they lie in.
pub(crate) fn layer(session: Session) -> AnyView {
    let asked = session.see.asked;
    let ways = RwSignal::new(String::new());
    follow(session, ways);
    let numbers = move || asked.with(|asked| asked.dots.iter().map(|dot| dot.number).collect());
    view! {
        <svg class="flight-ways" aria-hidden="true"><path d=move || ways.get()></path></svg>
        <div class="flights" aria-hidden="true">{each(numbers, move |number| flight(session, number))}</div>
    }
    .into_any()
}

/// The dots and the strip.
pub fn requests(session: Session) -> AnyView {
    let asked = session.see.asked;
    let is_of_writes = move || session.see.flow.get() == Some(Flow::Writes);
    let text = text();
    let none = move || {
        asked
            .with(|asked| asked.lines.is_empty())
            .then(|| view! { <li>{if is_of_writes() { text().writes.none() } else { text().requests.none() }}</li> })
    };
    let title = move || if is_of_writes() { text().writes.title() } else { text().requests.title() };
    let close = move |_| session.see.flow.set(None);
    let clients = move || asked.with(|asked| asked.clients.iter().map(seat).collect_view());
    // A name with another answer is drawn anew, and so seen to change.
    let names = move || asked.with(|asked| asked.names.iter().map(|name| (name.title.clone(), name.told.clone())).collect());
    view! {
        {layer(session)}
        <section class="requests" aria-label=title>
            <div class="seats">
                {live(clients)}
                <span class="names">{each(names, |(title, told)| seat(&Seat { title, told, ..Seat::default() }))}</span>
                <span class="grow"></span>
                <button class="button quiet icon" aria-label=say(|t| t.page.close()) on:click=close>{glyph("cross")}</button>
            </div>
            <ol>{live(move || lines(session))} {live(none)}</ol>
        </section>
    }
    .into_any()
}

/// Who asks without a tile, or what is looked up, with what is told of it.
fn seat(Seat { title, told, .. }: &Seat) -> AnyView {
    view! { <span class="seat" data-seat=title.clone()><b>{title.clone()}</b> <span>{told.clone()}</span></span> }.into_any()
}

/// The latest requests in words, newest first.
pub(crate) fn lines(session: Session) -> AnyView {
    session.see.asked.with(|asked| asked.lines.iter().map(sentence).collect_view()).into_any()
}

/// A request in words.
fn sentence(line: &Line) -> AnyView {
    view! { <li data-hue=line.hue.word()>{line.said.clone()}</li> }.into_any()
}

/// A dot, which each frame places.
fn flight(session: Session, number: u64) -> AnyView {
    let told = session.see.asked.with_untracked(|asked| {
        let dot = asked.dots.iter().find(|dot| dot.number == number);
        dot.map(|dot| (dot.hue.word(), dot.words.clone(), dot.said.clone()))
    });
    let Some((hue, words, said)) = told else { return ().into_any() };
    view! { <div class="flight" hidden=true data-flight=number.to_string() data-hue=hue title=said><i></i><span>{words}</span></div> }
        .into_any()
}

/// Places the dots at each frame until they are no longer shown.
fn follow(session: Session, ways: RwSignal<String>) {
    request_animation_frame(move || {
        if session.see.flow.try_get_untracked().flatten().is_none() {
            return;
        }
        session.look_at_flow();
        let drawn = place_all(session);
        // Ways are for whoever looks closely.
        set_if_new(ways, if session.playing.get_untracked() { String::new() } else { drawn });
        follow(session, ways);
    });
}

/// Measures all places, and only then moves the dots: each move between would have the browser lay the page out anew. Returns the ways of
/// the dots as SVG paths.
fn place_all(session: Session) -> String {
    let Some(layer) = found(".flights") else { return String::new() };
    let Some(stage) = layer.parent_element() else { return String::new() };
    let rect = stage.get_bounding_client_rect();
    let corner = (rect.left(), rect.top());
    let now = session.clock.get_untracked();
    let moves: Vec<(Element, Option<Moved>)> = session.see.asked.with_untracked(|asked| {
        let elements = layer.children();
        let element = |at: usize| elements.item(u32::try_from(at).ok()?);
        let all = asked.dots.iter().enumerate();
        // A list that has just changed is drawn a moment later.
        let own = all.filter_map(|(at, dot)| element(at).filter(|element| is_of(element, dot)).zip(Some(dot)));
        own.map(|(element, dot)| (element, moved(dot, &stage, corner, now))).collect()
    });
    let ways = moves.iter().filter_map(|(_, moved)| Some(&moved.as_ref()?.way)).map(|way| path(way)).collect();
    for (element, moved) in moves {
        put(&element, moved);
    }
    ways
}

/// A way as an SVG path.
fn path(way: &[Point]) -> String {
    let points: Vec<String> = way.iter().map(|(x, y)| format!("{x:.0} {y:.0}")).collect();
    format!("M{}", points.join("L"))
}

fn is_of(element: &Element, dot: &Dot) -> bool {
    element.get_attribute("data-flight").is_some_and(|number| number == dot.number.to_string())
}

/// Where a dot is.
struct Moved {
    at: Point,
    way: Vec<Point>,
    /// Whether it carries something back, or is to be seen not to.
    is_back: bool,
}

/// Where a dot is at an instant; `None` before and after, and where its way is not drawn.
fn moved(dot: &Dot, stage: &Element, corner: Point, now: Time) -> Option<Moved> {
    let (part, is_back) = dot.place(now)?;
    let way: Vec<Point> = dot.way.iter().filter_map(|place| point(place, stage, corner)).collect();
    #[allow(clippy::cast_precision_loss, reason = "at most a thousand")]
    let at = (way.len() > 1).then(|| along(&way, part as f64 / 1000.0))?;
    Some(Moved { at, way, is_back: is_back || !dot.returns && part >= 1000 })
}

/// Puts a dot where it is.
fn put(element: &Element, moved: Option<Moved>) {
    let Some(Moved { at: (x, y), is_back, .. }) = moved else {
        let _ = element.set_attribute("hidden", "");
        return;
    };
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.style().set_property("transform", &format!("translate({x:.1}px,{y:.1}px)"));
    }
    set_if_other(element, "data-back", if is_back { "true" } else { "false" });
    let _ = element.remove_attribute("hidden");
}

fn set_if_other(element: &Element, name: &str, value: &str) {
    if element.get_attribute(name).as_deref() != Some(value) {
        let _ = element.set_attribute(name, value);
    }
}

/// The point at a part of a way, whose legs take the same time each.
fn along(way: &[Point], part: f64) -> Point {
    #[allow(clippy::cast_precision_loss, reason = "a way has a handful of legs")]
    let legs = (way.len() - 1) as f64;
    let at = part.clamp(0.0, 1.0) * legs;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the number of legs")]
    let leg = (at.floor() as usize).min(way.len() - 2);
    #[allow(clippy::cast_precision_loss, reason = "a way has a handful of legs")]
    let rest = at - leg as f64;
    let ((x, y), (to_x, to_y)) = (way[leg], way[leg + 1]);
    (x + (to_x - x) * rest, y + (to_y - y) * rest)
}

/// Where a place is in the stage; `None` if it is not drawn. Whoever has no seat of their own has the one without a title, if there is one.
fn point(place: &Place, stage: &Element, corner: Point) -> Option<Point> {
    let selector = match place {
        Place::Item(key) => format!("[data-item=\"{}\"]", data_item(key)),
        Place::Disk(token) => format!(".disk[data-link=\"{token}\"]"),
        Place::Link(token) => format!("[data-link=\"{token}\"]"),
        Place::Strip(title) => format!("[data-seat=\"{title}\"], [data-seat=\"\"]"),
        Place::Nowhere => ".requests .icon".to_owned(),
    };
    middle(&shown(stage, &selector)?, corner)
}

/// How much of a wide or high element counts for its middle, in CSS pixels: a name stands at the beginning.
const MIDDLE: Point = (160.0, 40.0);

/// The middle of an element in the stage; `None` if it is not laid out.
fn middle(element: &Element, (left, top): Point) -> Option<Point> {
    let rect = element.get_bounding_client_rect();
    let (width, height) = (rect.width().min(MIDDLE.0), rect.height().min(MIDDLE.1));
    (width > 0.0).then(|| (rect.left() - left + width / 2.0, rect.top() - top + height / 2.0))
}

/// The first element of the stage that a CSS selector matches and that is laid out.
fn shown(stage: &Element, selector: &str) -> Option<Element> {
    let all = stage.query_selector_all(selector).ok()?;
    let mut elements = (0..all.length()).filter_map(|at| all.item(at)?.dyn_into::<Element>().ok());
    elements.find(|element| element.client_width() > 0)
}
