//! The page: components that draw view models and pass on what the visitor asks for.
//!
//! Nothing here knows Kubernetes: `view` decides what a tile says, how it is coloured and how it is read out,
//! `causes::command` what a click types, and every word of our own comes from `text`.
//! There are three kinds of state, which never mix: the simulation (in [`session`]), its projection (signals that are set only when
//! something changed), and the visitor's preferences.

mod ahead;
mod answer;
mod application;
mod bar;
mod cells;
mod chart;
mod cluster;
mod compare;
mod course;
mod dense;
mod details;
mod edge;
mod editor;
mod explain;
mod fate;
mod focus;
mod keyboard;
mod keyed;
mod lesson;
mod links;
mod manifest;
mod menu;
mod palette;
mod partition;
mod paste;
mod preferences;
mod relations;
mod requests;
mod risks;
mod scene;
mod script;
mod session;
mod share;
mod stuck;
mod terminal;
mod timeline;
mod tools;
mod widget;
mod words;
mod worker;

use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;

use preferences::Preferences;
use session::{Later, Session};
use widget::{preferences, say, when};

/// A model of many small objects asks for memory all the time: this allocator is faster than the standard one, and smaller.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

fn main() {
    console_error_panic_hook::set_once();
    rules::plug();
    verbs::plug();
    if leptos::web_sys::window().is_some() { start() } else { worker::listen() }
}

/// Starts the session, and in tasks of their own, so that none is long, mounts the parts of the app over the static page.
fn start() {
    // Effects need an executor; mounting would begin this one too.
    let _ = any_spawner::Executor::init_wasm_bindgen();
    let owner = Owner::new();
    let (preferences, session, parts) = owner.with(|| {
        let preferences = Preferences::load();
        (preferences, Session::start(preferences, answer::answer), RwSignal::new(0))
    });
    std::mem::forget(owner);
    let mount = move || {
        let (page, built) = (document().get_element_by_id("page"), document().create_element("div"));
        let (Some(page), Ok(built)) = (page, built) else { return };
        leptos::mount::mount_to(built.clone().unchecked_into(), move || page_of(preferences, session, parts)).forget();
        build(session, parts, page, built);
    };
    // The page has no owner before it is mounted.
    Timeout::new(0, mount).forget();
}

/// How many parts the app is built in.
const PARTS: usize = 3;

/// Builds the next part of the app beside the page, in a task of its own. At the end all parts take the place of the static page.
fn build(session: Session, parts: RwSignal<usize>, page: Element, built: Element) {
    let next = move || {
        if parts.get_untracked() < PARTS {
            parts.update(|parts| *parts += 1);
            return build(session, parts, page, built);
        }
        page.set_inner_html("");
        while let Some(part) = built.first_child() {
            let _ = page.append_child(&part);
        }
        session.bring_panes();
    };
    Timeout::new(0, next).forget();
}

/// Marks when the app became live, which it is once it is all there and the run of a link is open, for tests and other observers.
fn mark_live(session: Session) {
    Effect::new(move |_| {
        if session.first.is_over() && session.shared.opening.with(Option::is_none) {
            let _ = document().get_element_by_id("page").map(|page| page.set_attribute("data-live", ""));
            let _ = window().performance().map(|performance| performance.mark("live"));
        }
    });
}

/// What is drawn and what others make room for, in the words of the style sheets. A selector that looked for such an element would cost
/// much. The browser would look through all of the page whenever anything is added.
fn drawn(session: Session) -> String {
    let columns = session.columns.keys().len();
    let names = session.dns.with(|dns| {
        let services = if preferences().srv.get() { dns.services.len() } else { 0 };
        dns.asked.iter().count() + dns.names.len() + usize::from(dns.unlisted > 0) + services
    });
    let words = [
        ("dense", !session.dense.lines.keys().is_empty()),
        ("shared", session.classes.with(|classes| !classes.is_empty())),
        ("beside", session.beside.with(Option::is_some)),
        ("both", session.shape() == "both"),
        ("relations", session.see.relations.get()),
        ("tools", session.see.judged.get()),
        ("compare", session.tables.with(|tables| !tables.is_empty())),
        ("columns-4", columns >= 4),
        ("columns-5", columns >= 5),
        ("columns-6", columns >= 6),
        ("names-6", names >= 6),
        ("names-8", names >= 8),
    ];
    words.into_iter().filter(|(_, is)| *is).map(|(word, _)| word).collect::<Vec<_>>().join(" ")
}

/// The regions in document order, which is also the tab order.
fn page_of(preferences: Preferences, session: Session, parts: RwSignal<usize>) -> impl IntoView {
    provide_context(preferences);
    provide_context(session);
    keyboard::listen(session, preferences);
    links::listen(session);
    menu::listen(session);
    words::listen();
    mark_live(session);
    let part = |order: usize, part: fn() -> AnyView| when(move || parts.get() > order, part);
    // The scenes stand in the place of these.
    let not_first = |order: usize, part: fn() -> AnyView| when(move || parts.get() > order && !preferences.first.get(), part);
    let has = Memo::new(move |_| drawn(session));
    // A first visit hides these, so that their code comes with the rest.
    let hidden_first = |pane: Later, draw: fn() -> AnyView| when(move || session.first.has(pane), draw);

    view! {
        <div
            class="app"
            data-tab=move || preferences.tab.get().word()
            data-has=move || has.get()
            data-step=move || session.lesson.with(|lesson| lesson.as_ref().map(|lesson| lesson::phase_word(lesson.phase)))
            inert=move || session.shared.opening.with(Option::is_some)
            data-motion=move || if session.fast.get() || session.scrubbing.get() { "off" } else { "on" }
        >
            <a class="skip" href="#cluster">{say(|t| t.page.skip())}</a>
            {part(0, || view! { <bar::Bar/> }.into_any())}
            {when(move || parts.get() > 0 && preferences.first.get(), move || view! { <scene::Scenes/> }.into_any())}
            {hidden_first(Later::Lesson, || view! { <lesson::Lesson/> }.into_any())}
            {hidden_first(Later::Manifest, || view! { <manifest::Manifest/> }.into_any())}
            <div class="middle">
                {not_first(1, || view! { <cluster::Cluster/> }.into_any())}
                {hidden_first(Later::Terminal, || view! { <terminal::Terminal/> }.into_any())}
            </div>
            {hidden_first(Later::Explain, || view! { <explain::Explain/> }.into_any())}
            {not_first(2, || view! { <timeline::Sentence/> <timeline::Timeline/> <bar::TabsBelow/> }.into_any())}
        </div>
        {hidden_first(Later::Sheets, || share::sheet().into_any())}
        {hidden_first(Later::Sheets, fate::dialog)}
        {hidden_first(Later::Stuck, || stuck::dialog().into_any())}
        {hidden_first(Later::Ahead, || ahead::dialog().into_any())}
        {hidden_first(Later::Keys, || view! { <palette::AllKeys/> }.into_any())}
        {share::opening()}
        <widget::Announcer/>
    }
}
