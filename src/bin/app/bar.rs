//! The bar at the top, and the tabs at the bottom of a phone.

use leptos::prelude::*;
use text::{Lang, Text};

use crate::course::NAMES;
use crate::preferences::Tab;
use crate::session::{Later, Session, Whose};
use crate::share::{enter, opener};
use crate::widget::{glyph, live, logo, preferences, say, session, text, when};

/// Name, lessons, ways in, sharing, settings.
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
            {when(move || session.shared.title.with(|title| !title.is_empty()), move || view! { <b class="run-title elide">{move || session.shared.title.get()}</b> }.into_any())}
            <span class="grow"></span>
            {when(move || !preferences.first.get(), move || opener("share", "share-sheet", "out", |t| t.link.button(), nothing_to_share, move || session.share()))}
            {open_elsewhere()}
            {opener("settings", SETTINGS, "gear", |t| t.bar.settings(), |_| false, || ())}
            {when(move || session.first.has(Later::Stuck), settings)}
        </header>
    }
}

/// Whether somebody who has been here before sees the page's own example as it comes.
fn nothing_to_share(session: Session) -> bool {
    !session.preferences.first.get() && session.whose.get() == Some(Whose::Example)
}

/// The way back into the course, for whoever began it, and the menu of the ways in.
fn ways_in(session: Session) -> AnyView {
    let preferences = preferences();
    let text = text();
    let go_on = move || {
        session.course.track();
        session.next_in_course().filter(|_| session.has_begun_course())
    };
    let title = move || go_on().map(|lesson| lesson.title.told(preferences.lang.get()));
    view! {
        <span class="ways-in">
            {when(move || go_on().is_some(), move || view! {
                <button class="button primary" id="continue" title=title on:click=move |_| crate::lesson::go_on(session, preferences)>
                    <span class="elide">{live(move || text().lessons.go_on(title().unwrap_or_default()))}</span>
                </button> }.into_any())}
            <button class="button" id="try" aria-haspopup="menu" popovertarget=WAYS_SHEET>{say(|t| t.bar.ways())}" ▾"</button>
        </span>
        <div popover id=WAYS_SHEET class="menu sheet" role="dialog" aria-label=say(|t| t.bar.ways()) on:toggle=enter>
            {WAYS.map(|(label, key, act)| view! {
                <button popovertarget=WAYS_SHEET popovertargetaction="hide" on:click=move |_| act(session)>{say(label)} <kbd>{key}</kbd></button> }.into_any()).into_iter().collect_view()}
            {crate::share::compare(WAYS_SHEET)}
        </div>
    }
    .into_any()
}

/// The element id of the menu of the ways in.
const WAYS_SHEET: &str = "ways-sheet";

/// A way in: what it is called, its key, and what it does.
type Way = (fn(&'static Text) -> &'static str, &'static str, fn(Session));

/// A manifest of one's own, a node that fails, a stuck cluster, what can go wrong, and the scenes on one's own manifest.
const WAYS: [Way; 5] = [
    (|t| t.hello.paste(), "Y", Session::begin_own),
    (|t| t.hello.stop(), "X", Session::stop_node_and_watch),
    (|t| t.stuck.title(), "K", Session::open_stuck),
    (|t| t.manifest.plan(), "A", Session::open_ahead),
    (|t| t.scene.yours(), "", Session::open_fates),
];
/// Those that are doors of a first visit.
const DOORS: [usize; 2] = [0, 2];

/// The doors of a first visit.
pub fn doors(session: Session) -> AnyView {
    let door = |(label, key, act): &Way| {
        let (label, key, act) = (*label, *key, *act);
        view! { <button class="button door" on:click=move |_| act(session)>{say(label)} <kbd>{key}</kbd></button> }.into_any()
    };
    DOORS.map(|at| door(&WAYS[at])).collect_view().into_any()
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
