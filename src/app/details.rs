//! The details of the selection: shown instead of the explaining panes until Escape closes them.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use view::details::{Details, Said};
use view::short_time;

use crate::explain::facts;
use crate::keyboard::focus_within;
use crate::widget::{glyph, live, prose, say, session, sign, unbroken};

/// The pane.
pub fn pane() -> AnyView {
    let session = session();
    let of = move |draw: fn(&Details) -> AnyView| move || session.details.with(|details| details.as_ref().map(draw));
    let yaml = session.yaml;
    let tab = move |chosen: bool, label: Signal<&'static str>| {
        view! {
            <button
                role="tab"
                aria-selected=move || (yaml.get() == chosen).to_string()
                tabindex=move || if yaml.get() == chosen { "0" } else { "-1" }
                on:click=move |_| yaml.set(chosen)
                on:focus=move |_| yaml.set(chosen)
            >
                {label}
            </button>
        }
        .into_any()
    };
    let close = move || {
        session.close_details();
    };
    let keys = |event: KeyboardEvent| {
        if matches!(event.key().as_str(), "ArrowLeft" | "ArrowRight") {
            focus_within(".tabs", 1);
            event.prevent_default();
            event.stop_propagation();
        }
    };
    let body = move || if yaml.get() { (of(text)()).into_any() } else { (of(told)()).into_any() };
    view! {
        <section class="pane why details" id="details" aria-label=say(|t| t.details.title())>
            <div class="pane-head">
                <h2 class="mono grow">{of(title)}</h2>
                <div class="tabs" role="tablist" on:keydown=keys>{tab(false, say(|t| t.details.title()))}{tab(true, Signal::stored("YAML"))}</div>
                <button class="button quiet icon" aria-label=say(|t| t.page.close()) on:click=move |_| close()>{glyph("cross")}</button>
            </div>
            <div class="pane-body" role="tabpanel" tabindex="0">
                <p class="verdict">{live(move || session.why.with(|why| prose(why.verdict.clone())))}</p>
                {body}
            </div>
        </section>
    }
    .into_any()
}

/// The name, which is cut where it is too long, and the uid, which is not.
fn title(details: &Details) -> AnyView {
    let name = details.title.clone();
    view! { <span class="elide" title=name>{details.title.clone()}</span> " " <span>{details.uid.clone()}</span> }.into_any()
}

fn text(details: &Details) -> AnyView {
    view! { <pre class="yaml">{details.yaml.clone()}</pre> }.into_any()
}

fn told(details: &Details) -> AnyView {
    let row = |(field, value): &(String, String)| view! { <dt>{field.clone()}</dt> <dd>{unbroken(value)}</dd> }.into_any();
    let said = |said: &Said| {
        view! { <li><time>{short_time(said.at)}</time> {sign(said.mark)} <span><b>{said.reason.clone()}</b> " " {unbroken(&said.message)}</span></li> }.into_any()
    };
    view! {
        <dl class="sources mono">{details.rows.iter().map(row).collect_view()}</dl>
        {facts(&details.conditions)}
        <h3>{say(|t| t.details.events())} " " <small>{say(|t| t.details.newest_first())}</small></h3>
        <ol class="decisions">{details.events.iter().map(said).collect_view()}</ol>
    }
    .into_any()
}
