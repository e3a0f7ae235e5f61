//! The bar above everything, and the tabs below it on a telephone.

use leptos::prelude::*;
use ordinal::text::Lang;

use crate::app::preferences::Tab;
use crate::app::widget::{glyph, logo, preferences, say, session, text};

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
    view! {
        <header class="bar">
            <span class="brand">
                {logo()}
                "Ordinal"
            </span>
            <span class="what elide">{say(|t| t.bar.tagline)}</span>
            <span class="grow"></span>
            <button
                class="button only-narrow wide"
                aria-pressed=move || preferences.manifest_open.get().to_string()
                on:click=move |_| preferences.manifest_open.update(|open| *open = !*open)
            >
                {say(|t| t.manifest.title)}
            </button>
            {compare()}
            <button class="button wide" id="share" on:click=move |_| session.share()>{say(|t| t.link.button)}</button>
            <span class="segments" role="group" aria-label=say(|t| t.bar.language)>
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
                aria-label=say(|t| t.bar.keys)
                title=say(|t| t.bar.keys)
                aria-haspopup="dialog"
                on:click=move |_| preferences.keys_open.set(true)
            >
                "?"
            </button>
        </header>
    }
}

/// Puts a Deployment beside the set, while there is none.
fn compare() -> AnyView {
    let session = session();
    let there = move || session.object.with(Option::is_some) && session.side.with(Option::is_none);
    view! { <button class="button wide" id="beside" hidden=move || !there() on:click=move |_| session.stand_beside()>{say(|t| t.compare.button)}</button> }
        .into_any()
}

/// One region at a time, on a telephone.
#[component]
pub fn TabsBelow() -> impl IntoView {
    let (text, preferences) = (text(), preferences());
    let tab = move |tab: Tab| {
        let label = move || match tab {
            Tab::Cluster => text().cluster.title,
            Tab::Manifest => "YAML",
            Tab::Terminal => "kubectl",
            Tab::Why => text().why.title,
            Tab::Dns => "DNS",
            Tab::Storage => text().storage.title,
        };
        let current = move || (preferences.tab.get() == tab).then_some("true");
        view! { <button aria-current=current on:click=move |_| preferences.tab.set(tab)>{label}</button> }
    };
    view! {
        <nav class="tabs-below" aria-label=say(|t| t.bar.panes)>
            {[Tab::Cluster, Tab::Manifest, Tab::Terminal, Tab::Dns, Tab::Storage].map(tab).collect_view()}
        </nav>
    }
}
