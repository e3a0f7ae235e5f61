//! The bar at the top, and the tabs at the bottom of a phone.

use leptos::prelude::*;
use text::Lang;

use crate::course::NAMES;
use crate::keyboard::go;
use crate::preferences::{Left, Tab};
use crate::share::opener;
use crate::widget::{glyph, live, logo, preferences, say, session, text, when};

/// Name, language, theme, keys.
#[component]
pub fn Bar() -> impl IntoView {
    let (text, preferences, session) = (text(), preferences(), session());
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
    let what = move || match session.lesson.get() {
        Some(lesson) => lesson.lesson.title.told(preferences.lang.get()),
        None => text().bar.tagline(),
    };
    view! {
        <header class="bar">
            <span class="brand">
                {logo()}
                "Ordinal"
            </span>
            <button class="button wide" id="lessons" aria-haspopup="menu" popovertarget=NAMES>
                {say(|t| t.lessons.button())}
            </button>
            <span class="what elide">{what}</span>
            <h1 class="what elide embedded">{live(move || session.object.with(|line| line.as_ref().map(|line| format!("{} · {}", line.title(false), line.ready))))}</h1>
            <span class="grow"></span>
            <button
                class="button only-narrow wide"
                aria-pressed=move || preferences.manifest_open.get().to_string()
                on:click=move |_| preferences.manifest_open.update(|open| *open = !*open)
            >
                {say(|t| t.manifest.title())}
            </button>
            {panes()}
            {opener("compare", "compare-sheet", "pair", |t| t.compare.button(), || ())}
            {opener("share", "share-sheet", "out", |t| t.link.button(), move || session.share())}
            {open_elsewhere()}
            <span class="segments" role="group" aria-label=say(|t| t.bar.language())>
                {Lang::ALL.map(language).collect_view()}
            </span>
            <button
                class="button icon"
                aria-label=move || preferences.theme.get().label(text())
                title=move || preferences.theme.get().label(text())
                on:click=move |_| preferences.next_theme()
            >
                {glyph("half")}
            </button>
            <button
                class="button icon wide"
                aria-label=say(|t| t.bar.keys())
                title=say(|t| t.bar.keys())
                aria-haspopup="dialog"
                on:click=move |_| preferences.keys_open.set(true)
            >
                "?"
            </button>
        </header>
    }
}

/// On a first visit: the buttons that open the panes.
fn panes() -> AnyView {
    let preferences = preferences();
    let pane = move |tab: Tab, label: Signal<&'static str>, selector: &'static str| {
        let open = move |_| {
            preferences.left.set(Left::Manifest);
            go(preferences, tab, selector);
        };
        view! { <button class="button" on:click=open>{label}</button> }.into_any()
    };
    view! {
        {when(move || preferences.first.get(), move || view! { <span class="segments wide panes" role="group" aria-label=say(|t| t.bar.panes())>
                {pane(Tab::Manifest, say(|t| t.manifest.title()), "#manifest")}
                {pane(Tab::Why, say(|t| t.why.title()), ".why button")}
                {pane(Tab::Dns, Signal::stored("DNS"), ".explain")}
                {pane(Tab::Storage, say(|t| t.storage.title()), ".explain")}
                {pane(Tab::Terminal, say(|t| t.terminal.title()), "#prompt")}
            </span> }.into_any())}
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
    let (text, preferences, session) = (text(), preferences(), session());
    let tab = move |tab: Tab| {
        let label = move || match tab {
            Tab::Cluster => text().cluster.title(),
            Tab::Manifest if preferences.left.get() == Left::Lesson && session.lesson.with(Option::is_some) => text().lessons.title(),
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
