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
mod focus;
mod hello;
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
mod risks;
mod script;
mod session;
mod share;
mod stuck;
mod terminal;
mod timeline;
mod widget;
mod words;

use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;

use preferences::Preferences;
use session::Session;
use widget::{say, when};

/// A model of many small objects asks for memory all the time: this allocator is faster than the standard one, and smaller.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

fn main() {
    console_error_panic_hook::set_once();
    start();
}

/// Starts the session, and in a task of its own, so that neither is long, mounts the app over the static page.
fn start() {
    // Effects need an executor; mounting would begin this one too.
    let _ = any_spawner::Executor::init_wasm_bindgen();
    let owner = Owner::new();
    let (preferences, session) = owner.with(|| {
        let preferences = Preferences::load();
        (preferences, Session::start(preferences, answer::answer))
    });
    std::mem::forget(owner);
    let mount = move || {
        let Some(page) = document().get_element_by_id("page") else { return };
        page.set_inner_html("");
        leptos::mount::mount_to(page.unchecked_into(), move || page_of(preferences, session)).forget();
    };
    // The page has no owner before it is mounted.
    Timeout::new(0, mount).forget();
}

/// Marks when the app became live, which it is once it is all there and the run of a link is open, for tests and other observers.
fn mark_live(session: Session) {
    Effect::new(move |_| {
        if session.first.whole.get() && session.shared.opening.with(Option::is_none) {
            let _ = document().get_element_by_id("page").map(|page| page.set_attribute("data-live", ""));
            let _ = window().performance().map(|performance| performance.mark("live"));
        }
    });
}

/// The regions in document order, which is also the tab order.
fn page_of(preferences: Preferences, session: Session) -> impl IntoView {
    provide_context(preferences);
    provide_context(session);
    keyboard::listen(session, preferences);
    links::listen(session);
    menu::listen(session);
    words::listen();
    mark_live(session);
    // A first visit hides these, so that their code comes with the rest.
    let hidden_first = |part: fn() -> AnyView| when(move || session.first.whole.get(), part);

    view! {
        <div
            class="app"
            data-tab=move || preferences.tab.get().word()
            data-step=move || session.lesson.with(|lesson| lesson.as_ref().map(|lesson| lesson::phase_word(lesson.phase)))
            inert=move || session.shared.opening.with(Option::is_some)
            data-motion=move || if session.fast.get() || session.scrubbing.get() { "off" } else { "on" }
        >
            <a class="skip" href="#cluster">{say(|t| t.page.skip())}</a>
            <bar::Bar/>
            {when(move || preferences.first.get(), move || view! { <hello::Hello/> }.into_any())}
            {hidden_first(|| view! { <lesson::Lesson/> }.into_any())}
            {hidden_first(|| view! { <manifest::Manifest/> }.into_any())}
            <div class="middle">
                <cluster::Cluster/>
                {hidden_first(|| view! { <terminal::Terminal/> }.into_any())}
            </div>
            {hidden_first(|| view! { <explain::Explain/> }.into_any())}
            <timeline::Sentence/>
            <timeline::Timeline/>
            <bar::TabsBelow/>
        </div>
        {hidden_first(|| share::sheet().into_any())}
        {hidden_first(|| stuck::dialog().into_any())}
        {hidden_first(|| ahead::dialog().into_any())}
        {hidden_first(|| view! { <palette::AllKeys/> }.into_any())}
        {share::opening()}
        <widget::Announcer/>
    }
}
