//! The details of the selection: shown instead of the explaining panes until Escape closes them.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use view::changes::Changes;
use view::details::{Details, Said};

use crate::explain::facts;
use crate::focus::focus_within;
use crate::session::{Leaf, Session};
use crate::widget::{glyph, live, prose, say, session, sign, text, unbroken};

/// The pane.
pub fn pane() -> AnyView {
    let session = session();
    let of = move |draw: fn(&Details) -> AnyView| move || session.details.with(|details| details.as_ref().map(draw));
    let leaf = session.see.leaf;
    let tab = move |chosen: Leaf, label: Signal<&'static str>| {
        view! {
            <button
                role="tab"
                aria-selected=move || (leaf.get() == chosen).to_string()
                tabindex=move || if leaf.get() == chosen { "0" } else { "-1" }
                on:click=move |_| leaf.set(chosen)
                on:focus=move |_| leaf.set(chosen)
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
        let by = match event.key().as_str() {
            "ArrowLeft" => -1,
            "ArrowRight" => 1,
            _ => return,
        };
        focus_within(".tabs", by);
        event.prevent_default();
        event.stop_propagation();
    };
    let body = move || match leaf.get() {
        Leaf::Facts => of(told)().into_any(),
        Leaf::Changes => changed(session),
        Leaf::Yaml => of(yaml)().into_any(),
    };
    view! {
        <section class="pane why details" id="details" aria-label=say(|t| t.details.title())>
            <div class="pane-head">
                <h2 class="mono grow">{of(title)}</h2>
                <div class="tabs" role="tablist" on:keydown=keys>{tab(Leaf::Facts, say(|t| t.details.title()))}{tab(Leaf::Changes, say(|t| t.see.changes()))}{tab(Leaf::Yaml, Signal::stored("YAML"))}</div>
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

fn yaml(details: &Details) -> AnyView {
    view! { <pre class="yaml">{details.yaml.clone()}</pre> }.into_any()
}

fn told(details: &Details) -> AnyView {
    let zero = session().zero();
    let row = |(field, value): &(String, String)| view! { <dt>{field.clone()}</dt> <dd>{unbroken(value)}</dd> }.into_any();
    let said = |said: &Said| {
        view! { <li><time>{zero.short(said.at)}</time> {sign(said.mark)} <span><b>{said.reason.clone()}</b> " " {unbroken(&said.message)}</span></li> }.into_any()
    };
    view! {
        <dl class="sources mono">{details.rows.iter().map(row).collect_view()}</dl>
        {facts(&details.conditions)}
        <h3>{say(|t| t.details.events())} " " <small>{say(|t| t.details.newest_first())}</small></h3>
        <ol class="decisions">{details.events.iter().map(said).collect_view()}</ol>
    }
    .into_any()
}

/// What changed in the object since the marked instant, or since the last command.
fn changed(session: Session) -> AnyView {
    let text = text();
    let changes = Memo::new(move |_| {
        session.details.track();
        session.see.marked.track();
        // While time passes, the details change at least once a second, with the age of the object.
        if !session.playing.get() {
            session.clock.track();
        }
        session.changes()
    });
    let label = move || if session.is_marked() { text().see.unmark() } else { text().see.mark() };
    let line = |line: &str| {
        let line = format!("{line}\n");
        match line.as_bytes().first() {
            Some(b'-') => view! { <del>{line}</del> }.into_any(),
            Some(b'+') => view! { <ins>{line}</ins> }.into_any(),
            _ => line.into_any(),
        }
    };
    let told = move |changes: &Changes| {
        let see = &text().see;
        let Changes { object, from, to, there, is_known, hunks } = changes;
        let said = match there {
            _ if !is_known => see.forgotten(object, from),
            (false, _) => see.new(from),
            _ if hunks.is_empty() => see.same(object, from, to),
            _ => String::new(),
        };
        view! {
            <h3>{see.between(from, to)}</h3>
            <p>{said}</p>
            <pre class="yaml changed">{hunks.lines().map(line).collect_view()}</pre>
        }
        .into_any()
    };
    view! {
        <p><button class="button" id="mark" on:click=move |_| session.mark()>{label} " " <kbd>"M"</kbd></button></p>
        {live(move || changes.with(|changes| changes.as_ref().map(told)))}
        <p class="label">{say(|t| t.see.left_out())}</p>
    }
    .into_any()
}
