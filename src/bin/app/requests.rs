//! Requests, drawn on demand: dots that travel between those who ask, names, pods and disks, and the strip that tells the same in words.
//!
//! While they are shown, each frame measures where things are, so that dots follow whatever moves them.

use base::time::Time;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;
use view::requests::{Dot, Line, Place, Seat};

use crate::cluster::data_item;
use crate::session::Session;
use crate::widget::{each, glyph, live, say};

/// A point in the stage, in CSS pixels.
type Point = (f64, f64);

/// The dots and the strip.
pub fn requests(session: Session) -> AnyView {
    let asked = session.see.asked;
    follow(session);
    let numbers = move || asked.with(|asked| asked.dots.iter().map(|dot| dot.number).collect());
    let none = move || asked.with(|asked| asked.lines.is_empty()).then(|| view! { <li>{say(|t| t.requests.none())}</li> });
    let clients = move || asked.with(|asked| asked.clients.iter().map(seat).collect_view());
    // A name with another answer is drawn anew, and so seen to change.
    let names = move || asked.with(|asked| asked.names.iter().map(|name| (name.title.clone(), name.told.clone())).collect());
    let lines = move || asked.with(|asked| asked.lines.iter().map(sentence).collect_view());
    view! {
        <svg class="flights" aria-hidden="true">{each(numbers, move |number| flight(session, number))}</svg>
        <section class="requests" aria-label=say(|t| t.requests.title())>
            <div class="seats">
                {live(clients)}
                <span class="names">{each(names, |(title, told)| seat(&Seat { title, told }))}</span>
                <span class="grow"></span>
                <button class="button quiet icon" aria-label=say(|t| t.page.close()) on:click=move |_| session.toggle_requests()>{glyph("cross")}</button>
            </div>
            <ol>{live(lines)} {live(none)}</ol>
        </section>
    }
    .into_any()
}

/// Who asks without a tile, or what is looked up, with what is told of it.
fn seat(Seat { title, told }: &Seat) -> AnyView {
    view! { <span class="seat" data-seat=title.clone()><b>{title.clone()}</b> <span>{told.clone()}</span></span> }.into_any()
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
    view! {
        <g data-flight=number.to_string() data-hue=hue>
            <path></path>
            <g class="flight"><circle r="6"><title>{said}</title></circle><text x="10" y="4">{words}</text></g>
        </g>
    }
    .into_any()
}

/// Places the dots at each frame until they are no longer shown.
fn follow(session: Session) {
    request_animation_frame(move || {
        if !session.see.requests.try_get_untracked().unwrap_or_default() {
            return;
        }
        session.look_at_requests();
        place_all(session);
        follow(session);
    });
}

fn place_all(session: Session) {
    let Some(stage) = found(".stage") else { return };
    let stage = stage.get_bounding_client_rect();
    let corner = (stage.left(), stage.top());
    let now = session.clock.get_untracked();
    session.see.asked.with_untracked(|asked| {
        for dot in &asked.dots {
            if let Some(element) = found(&format!("[data-flight=\"{}\"]", dot.number)) {
                put(&element, dot, corner, now);
            }
        }
    });
}

/// Puts a dot where it is at an instant.
fn put(element: &Element, dot: &Dot, corner: Point, now: Time) {
    let way: Vec<Point> = dot.way.iter().filter_map(|place| point(place, corner)).collect();
    let Some((part, is_back)) = dot.place(now).filter(|_| way.len() > 1) else {
        let _ = element.set_attribute("hidden", "");
        return;
    };
    #[allow(clippy::cast_precision_loss, reason = "at most a thousand")]
    let (x, y) = along(&way, part as f64 / 1000.0);
    let path: Vec<String> = way.iter().map(|(x, y)| format!("{x:.0} {y:.0}")).collect();
    set(element, "path", "d", &format!("M{}", path.join("L")));
    set(element, ".flight", "transform", &format!("translate({x:.1} {y:.1})"));
    let _ = element.set_attribute("data-back", &(is_back || !dot.returns && part >= 1000).to_string());
    let _ = element.remove_attribute("hidden");
}

/// Sets an attribute of the first element within another that matches a CSS selector.
fn set(element: &Element, selector: &str, name: &str, value: &str) {
    if let Ok(Some(inner)) = element.query_selector(selector) {
        let _ = inner.set_attribute(name, value);
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

/// Where a place is in the stage; `None` if it is not drawn. Who has no address is not on the way.
fn point(place: &Place, (left, top): Point) -> Option<Point> {
    let element = match place {
        Place::Item(key) => found(&format!("[data-item=\"{}\"]", data_item(key))),
        Place::Link(token) => shown(&format!(".stage [data-link=\"{token}\"]")),
        Place::Strip(title) => found(&format!(".requests [data-seat=\"{title}\"]")),
        Place::Nowhere => {
            return found(".requests").map(|strip| {
                let rect = strip.get_bounding_client_rect();
                (rect.right() - left - 24.0, rect.top() - top - 24.0)
            });
        }
    }?;
    let rect = element.get_bounding_client_rect();
    (rect.width() > 0.0).then(|| (rect.left() - left + rect.width().min(160.0) / 2.0, rect.top() - top + rect.height().min(40.0) / 2.0))
}

/// The first element that a CSS selector matches and that is laid out.
fn shown(selector: &str) -> Option<Element> {
    let all = document().query_selector_all(selector).ok()?;
    let mut elements = (0..all.length()).filter_map(|at| all.item(at)?.dyn_into::<Element>().ok());
    elements.find(|element| element.client_width() > 0)
}

fn found(selector: &str) -> Option<Element> {
    document().query_selector(selector).ok().flatten()
}
