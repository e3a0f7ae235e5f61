//! The sheets below the bar: what to compare with, and how to share. The browser itself opens and closes them.

use api::release::Release;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Event, HtmlSelectElement};
use text::Text;

use crate::focus::{focus, press};
use crate::session::Session;
use crate::widget::{glyph, live, say, session, when};

/// A button in the bar that opens a sheet, unless it `is_out`.
pub fn opener(
    id: &'static str,
    sheet: &'static str,
    sign: &'static str,
    label: fn(&'static Text) -> &'static str,
    is_out: fn(Session) -> bool,
    act: impl Fn() + 'static,
) -> AnyView {
    let session = session();
    view! {
        <button class="button" id=id hidden=move || is_out(session) aria-label=say(label) popovertarget=sheet on:click=move |_| act()>{glyph(sign)} <span class="wide">{say(label)}</span></button>
    }
    .into_any()
}

/// All sheets.
pub fn sheet() -> AnyView {
    view! { {crate::course::map()} {share()} }.into_any()
}

/// Moves the focus into the sheet that opens: to what is under way, else to what comes first.
pub fn enter(_: Event) {
    focus(".sheet:popover-open :is(button, input):not([hidden] *)");
    focus(".sheet:popover-open [aria-current]");
}

/// A release to compare with, unless it is the run's own.
fn other(release: &'static Release, session: Session) -> AnyView {
    view! { <option value=release.name hidden=move || session.release.get() == release.name>{release.label}</option> }.into_any()
}

/// Compares with the release that was chosen.
fn take_release(event: &Event, session: Session) {
    let chosen = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
    let Some(select) = chosen else { return };
    if let Some(release) = Release::named(&select.value()) {
        press("#try");
        session.compare(Some(release));
    }
    select.set_value("");
}

/// What the run can be compared with, as entries of the sheet of this name.
pub fn compare(sheet: &'static str) -> AnyView {
    let session = session();
    let entry = |id: &'static str, label: fn(&'static Text) -> &'static str, key: &'static str, act: fn(Session)| {
        view! { <button id=id popovertarget=sheet popovertargetaction="hide" on:click=move |_| act(session)>{say(label)} <kbd>{key}</kbd></button> }
            .into_any()
    };
    view! {
        <h2 class="label">{say(|t| t.compare.button())}</h2>
        {entry("beside", |t| t.compare.deployment(), "C", Session::stand_beside)}
        {entry("compare-edit", |t| t.compare.edit(), "", |session| session.compare(None))}
        <select class="button" id="compare-release" aria-label=say(|t| t.compare.elsewhere()) on:change=move |event| take_release(&event, session)>
            <option value="" selected disabled hidden>{say(|t| t.compare.elsewhere())}</option>
            {Release::ALL.map(|release| other(release, session)).into_iter().collect_view()}
        </select>
    }
    .into_any()
}

/// A text to copy: the page's script fills it in and copies it.
fn copied(id: &'static str, label: fn(&'static Text) -> &'static str) -> AnyView {
    view! {
        <label class="label" for=id>{say(label)}</label>
        <div class="copied">
            <input class="mono" id=id readonly=true/>
            <button class="button" data-copy=id>{say(|t| t.link.copy())}</button>
        </div>
    }
    .into_any()
}

/// How far a run is that is being opened, and the way out: to what is replayed of it.
pub fn opening() -> AnyView {
    let session = session();
    let progress = move || session.shared.opening.get().map_or((0, 1), |(at, end)| (at.0, end.0.max(1)));
    let bar = move || {
        view! {
            <p id="opening">
                <span role="status">{say(|t| t.link.opening())}</span>
                <progress max=move || progress().1 value=move || progress().0></progress>
                <button class="button" id="give-up" on:click=move |_| session.give_up_opening()>{say(|t| t.page.stop())}</button>
            </p>
        }
        .into_any()
    };
    when(move || session.shared.opening.with(Option::is_some), bar)
}

/// The ways to the pages about Ordinal, and to the page that holds the model against real clusters.
pub fn about() -> AnyView {
    view! {
        <p class="pane-foot">
            <a href="pages/page-and-keys.html">{say(|t| t.bar.about())}</a>
            <a href="truth/index.html">{say(|t| t.bar.truth())}</a>
        </p>
    }
    .into_any()
}

/// Exporting and importing a run.
fn share() -> AnyView {
    let session = session();
    let choose = |_| press("#run-file");
    view! {
        <div popover id="share-sheet" class="menu sheet" role="dialog" aria-label=say(|t| t.link.button()) on:toggle=enter>
            <label class="label" for="share-title">{say(|t| t.link.title())}</label>
            <input id="share-title" maxlength="80" prop:value=move || session.shared.title.get() on:change=move |event| session.entitle(event_target_value(&event))/>
            {copied("share-link", |t| t.link.address())}
            {copied("share-snippet", |t| t.link.snippet())}
            <div class="copied">
                <button class="button" id="save" on:click=move |_| session.save()>{say(|t| t.link.save())}</button>
                <button class="button" id="open" on:click=choose>{say(|t| t.link.open())}</button>
                <input type="file" id="run-file" hidden=true/>
            </div>
            <p class="label">{say(|t| t.link.file_note())}</p>
            {when(move || session.is_standing(), move || view! { <p id="in-link">{say(|t| t.stuck.in_link())}</p> }.into_any())}
            <p role="status">{live(move || session.shared.said.get())}</p>
            {about()}
        </div>
    }
    .into_any()
}
