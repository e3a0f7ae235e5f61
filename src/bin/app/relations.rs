//! Ownership and selection, drawn on request: the objects below the cluster, and the lines from them to their pods.
//!
//! While they are shown, each frame measures where tiles and objects are, so that lines follow whatever moves them.

use api::object::ObjectKey;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;
use view::relations::{End, Rect, Related, Verb, lines};
use view::why::Question;

use crate::cluster::data_item;
use crate::focus::found;
use crate::session::Session;
use crate::widget::{each, glyph, live, say, whole};
use view::cluster::ItemKey;

/// Between the lines of two objects, in CSS pixels, as in style/dense.css.
const APART: i32 = 6;
/// As many objects have lines of their own.
const LINES: i32 = 12;

/// The paths of the drawing: ownership, selection, and the dots where lines branch and end.
type Paths = [String; 3];

/// The objects, and the lines.
pub fn relations(session: Session) -> AnyView {
    let paths = RwSignal::new(Paths::default());
    follow(session, paths);
    let path = move |at: usize| move || paths.with(|paths| paths[at].clone());
    let count = move || session.see.related.with(|all| i32::try_from(all.len()).map_or(LINES, |count| count.min(LINES)).to_string());
    let none = move || session.see.related.with(Vec::is_empty).then(|| say(|t| t.see.unrelated()));
    view! {
        <svg class="lines" aria-hidden="true">
            <path d=path(0)></path>
            <path class="selects" d=path(1)></path>
            <path class="dots" d=path(2)></path>
        </svg>
        <section class="relations" aria-label=say(|t| t.see.relations()) style:--lines=count>
            {each(move || session.see.related.with(|all| all.iter().map(|related| related.token.clone()).collect()), move |token| object(session, token))}
            {live(none)}
            <span class="label grow"><i></i> {say(|t| t.see.owned())} <i class="selects"></i> {say(|t| t.see.selected())}</span>
            <button class="button quiet icon" aria-label=say(|t| t.page.close()) on:click=move |_| session.toggle_relations()>{glyph("cross")}</button>
        </section>
    }
    .into_any()
}

/// An object: its lines alone are drawn while it is selected; its details open where it is selected already.
fn object(session: Session, token: String) -> AnyView {
    let Some((key, title)) = find(session, &token, |related| (related.key.clone(), related.title.clone())) else {
        return ().into_any();
    };
    let key = StoredValue::new_local(key);
    let question = move || Question::Object(key.with_value(ObjectKey::clone));
    let spoken = {
        let token = token.clone();
        Signal::derive(move || {
            session.see.related.track();
            find(session, &token, |related| related.spoken.clone()).unwrap_or_default()
        })
    };
    view! {
        <button class="button" data-link=token title=spoken
            aria-current=move || session.is_asking_about(&question()).then_some("true") on:click=move |_| session.ask_or_open(question())>
            {title}
        </button>
    }
    .into_any()
}

/// Reads a relation.
fn find<T>(session: Session, token: &str, read: fn(&Related) -> T) -> Option<T> {
    session.see.related.with_untracked(|all| all.iter().find(|related| related.token == token).map(read))
}

/// Draws the lines at each frame until they are no longer shown.
fn follow(session: Session, paths: RwSignal<Paths>) {
    request_animation_frame(move || {
        let next = measured(session);
        let Some(differs) = paths.try_with_untracked(|now| *now != next) else { return };
        if differs {
            paths.set(next);
        }
        follow(session, paths);
    });
}

/// The lines, by where things are now.
fn measured(session: Session) -> Paths {
    let mut paths = Paths::default();
    let (Some(stage), Some(strip)) = (found(".stage"), found(".relations")) else { return paths };
    let stage = stage.get_bounding_client_rect();
    let place = |element: &Element| place(element, (stage.left(), stage.top()));
    let object = |token: &str| found(&format!(".relations [data-link=\"{token}\"]")).map(|element| place(&element));
    let rows = rows(&place);
    let top = place(&strip).top;
    for (line, related) in (1..=LINES).cycle().zip(session.relations_drawn()) {
        let Some(from) = object(&related.token) else { continue };
        let tile = |(uid, _): &(String, _)| {
            if uid.is_empty() {
                return None;
            }
            let tile = found(&format!("[data-item=\"{}\"]", data_item(&ItemKey::Pod(uid.clone()))))?;
            Some(End::tile(place(&tile), related.verb)).filter(|_| tile.client_width() > 0)
        };
        let below = related.objects.iter().filter_map(|token| object(token)).map(End::object);
        let cells = rows.iter().filter(|_| !related.pods.is_empty()).copied().map(End::row);
        let ends: Vec<End> = below.chain(related.pods.iter().filter_map(tile)).chain(cells).collect();
        let (path, dots) = lines(from, top + APART * line, &ends);
        paths[usize::from(related.verb == Verb::Selects)].push_str(&path);
        paths[2].push_str(&dots);
    }
    paths
}

/// Of many pods, the rows in sight that have any of what is drawn.
fn rows(place: &dyn Fn(&Element) -> Rect) -> Vec<Rect> {
    let Some(grid) = found(".dense") else { return Vec::new() };
    let sight = place(&grid);
    let Ok(rows) = grid.query_selector_all(".dense-row > span:has([data-of=true])") else { return Vec::new() };
    let rows = (0..rows.length()).filter_map(|at| rows.item(at)?.dyn_into::<Element>().ok());
    rows.map(|row| place(&row)).filter(|row| row.bottom > sight.top && row.bottom < sight.bottom).collect()
}

/// Where an element is in the stage.
fn place(element: &Element, (left, top): (f64, f64)) -> Rect {
    let rect = element.get_bounding_client_rect();
    Rect {
        left: whole(rect.left() - left),
        top: whole(rect.top() - top),
        right: whole(rect.right() - left),
        bottom: whole(rect.bottom() - top),
    }
}
