//! The bar at the top, and the tabs at the bottom of a phone.

use leptos::prelude::*;
use text::{Lang, Text};

use crate::course::NAMES;
use crate::preferences::Tab;
use crate::session::Session;
use crate::share::{enter, opener};
use crate::widget::{glyph, live, logo, preferences, say, session, text, when};

/// Name, lessons, ways in, comparing and sharing, settings.
#[component]
pub fn Bar() -> impl IntoView {
    let (preferences, session) = (preferences(), session());
    view! {
        <header class="bar">
            <span class="brand">
                {logo()}
                "Ordinal"
            </span>
            <button class="button" id="lessons" aria-haspopup="menu" popovertarget=NAMES>
                {say(|t| t.lessons.button())}
            </button>
            {when(move || !preferences.first.get() && session.lesson.with(Option::is_none), move || ways_in(session))}
            <h1 class="what elide embedded">{live(move || session.object.with(|line| line.as_ref().map(|line| format!("{} · {}", line.title(false), line.ready))))}</h1>
            <span class="grow"></span>
            {when(move || !preferences.first.get(), || opener("compare", "compare-sheet", "pair", |t| t.compare.button(), || ()))}
            {opener("share", "share-sheet", "out", |t| t.link.button(), move || session.share())}
            {open_elsewhere()}
            {opener("settings", SETTINGS, "gear", |t| t.bar.settings(), || ())}
            {when(move || session.first.whole.get(), settings)}
        </header>
    }
}

/// The way back into the course, and the doors of the first visit.
fn ways_in(session: Session) -> AnyView {
    let preferences = preferences();
    let text = text();
    let go_on = move || {
        session.course.track();
        session.next_in_course()
    };
    let title = move || go_on().map(|lesson| lesson.title.told(preferences.lang.get()));
    view! {
        <span class="ways-in">
            {when(move || go_on().is_some(), move || view! {
                <button class="button primary" id="continue" title=title on:click=move |_| crate::lesson::go_on(session, preferences)>
                    <span class="elide">{live(move || text().lessons.go_on(title().unwrap_or_default()))}</span>
                </button> }.into_any())}
            {doors(session)}
        </span>
    }
    .into_any()
}

/// The doors of every visit: a manifest of one's own, a node that fails, a cluster that is stuck, what can go wrong.
pub fn doors(session: Session) -> AnyView {
    let preferences = preferences();
    let door = |label: fn(&'static Text) -> &'static str, key: &'static str, act: Box<dyn Fn()>| {
        view! { <button class="button door" on:click=move |_| act()>{say(label)} <kbd>{key}</kbd></button> }.into_any()
    };
    let is_first = preferences.first;
    view! {
        {door(|t| t.hello.paste(), "Y", Box::new(move || session.begin_own()))}
        {door(|t| t.hello.stop(), "X", Box::new(move || session.stop_node_and_watch()))}
        {door(|t| t.stuck.title(), "K", Box::new(move || session.open_stuck()))}
        {when(move || !is_first.get(), move || door(|t| t.risks.title(), "A", Box::new(move || session.open_ahead())))}
    }
    .into_any()
}

/// The element id of the settings.
const SETTINGS: &str = "settings-sheet";

/// Language, theme, release, and the list of keys, below the bar.
fn settings() -> AnyView {
    let (text, preferences) = (text(), preferences());
    let language = |lang: Lang| {
        view! {
            <button
                class="button"
                lang=lang.tag()
                aria-pressed=move || (preferences.lang.get() == lang).to_string()
                on:click=move |_| preferences.speak(lang)
            >
                {lang.button()}
            </button>
        }
    };
    view! {
        <div popover id=SETTINGS class="menu sheet" role="dialog" aria-label=say(|t| t.bar.settings()) on:toggle=enter>
            <span class="segments" role="group" aria-label=say(|t| t.bar.language())>{Lang::ALL.map(language).collect_view()}</span>
            <button class="button" id="theme" on:click=move |_| preferences.next_theme()>{live(move || preferences.theme.get().label(text()))}</button>
            <label class="label">"Kubernetes " {crate::manifest::release()}</label>
            <button class="button" id="all-keys" popovertarget=SETTINGS popovertargetaction="hide" on:click=move |_| preferences.keys_open.set(true)>
                {say(|t| t.bar.keys())} <kbd>"?"</kbd>
            </button>
        </div>
    }
    .into_any()
}

/// In an embedded page: a link that opens the run in its own window.
fn open_elsewhere() -> AnyView {
    let session = session();
    view! { <button class="button embedded" id="elsewhere" on:click=move |_| session.open_elsewhere()>{say(|t| t.link.open_here())} " " {glyph("out")}</button> }
        .into_any()
}

/// The tabs on a phone, which shows one region at a time.
#[component]
pub fn TabsBelow() -> impl IntoView {
    let (text, preferences) = (text(), preferences());
    let tab = move |tab: Tab| {
        let label = move || match tab {
            Tab::Cluster => text().cluster.title(),
            Tab::Manifest => "YAML",
            Tab::Terminal => "kubectl",
            Tab::Why => text().why.title(),
            Tab::Dns => "DNS",
            Tab::Storage => text().storage.title(),
        };
        let current = move || (preferences.tab.get() == tab).then_some("true");
        let choose = move |_| {
            // On a first visit, only the cluster is there.
            if tab != Tab::Cluster {
                preferences.settle();
            }
            preferences.tab.set(tab);
        };
        view! { <button aria-current=current on:click=choose>{label}</button> }
    };
    view! {
        <nav class="tabs-below" aria-label=say(|t| t.bar.panes())>
            {[Tab::Cluster, Tab::Manifest, Tab::Terminal, Tab::Dns, Tab::Storage].map(tab).collect_view()}
        </nav>
    }
}
