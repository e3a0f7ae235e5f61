//! Comparisons: a StatefulSet and a Deployment, or two branches of a run. Tables, a row of the matrix, and the choice of the branch.

use std::sync::Arc;

use leptos::prelude::*;
use text::{Lang, Prose};
use view::compare::{Chip, Row, Table, Told};

use crate::menu::menu;
use crate::widget::{each, in_parts, live, preferences, say, session, sign, text, unbroken};
use crate::words::sentence;

/// The panes of all comparisons.
pub fn panes() -> AnyView {
    let session = session();
    each(move || session.tables.with(|tables| tables.iter().map(|table| table.title).collect()), pane)
}

/// A comparison, by its title. What it says changes within it, so that its menu stays open.
fn pane(title: &'static str) -> AnyView {
    let (session, text) = (session(), text());
    let table = move |part: fn(&Table) -> AnyView| {
        live(move || session.tables.with(|tables| tables.iter().find(|table| table.title == title).map(part)))
    };
    // What is compared with the workload beside the set is met by the same faults.
    let same = (untrack(text).compare.title() == title).then(|| {
        let name = Signal::derive(move || text().compare.same_to_both().to_owned());
        menu(view! { <span class="words">{name}</span>"▾" }.into_any(), name, Signal::stored("0"), Arc::new(move || session.to_both()))
    });
    view! {
        <section class="pane compare" aria-label=title>
            <div class="pane-head"><h2>{title}</h2><span class="label elide grow">{table(|table| table.note.clone().into_any())}</span> {same}</div>
            <div class="pane-body" tabindex="0">{table(rows)}</div>
        </section>
    }
    .into_any()
}

fn rows(table: &Table) -> AnyView {
    let heads = table.heads.iter().map(|head| view! { <th scope="col">{head.clone()}</th> }).collect_view();
    let row = |row: &[String; 3]| {
        let [name, left, right] = row.clone();
        view! { <tr><th scope="row">{path(&name)}</th><td>{unbroken(&left)}</td><td>{unbroken(&right)}</td></tr> }
    };
    let rows = table.rows.iter().map(row).collect_view();
    let rules = table.rules.iter().map(rule).collect_view();
    view! { <table class="table compared"><thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table> {rules} }.into_any()
}

/// What changed in Kubernetes between the two, and a page about it.
fn rule(told: &Told) -> AnyView {
    let (lang, (title, path)) = (preferences().lang.get_untracked(), told.page);
    let title = if lang == Lang::English { title.to_owned() } else { lang.page(path) };
    let words = sentence(Prose::read(&told.words));
    view! { <p>{words} " " <a class="out" href=lang.docs(path) rel="noreferrer" target="_blank">{title}</a></p> }.into_any()
}

/// The name of a row; a field's path may wrap after its dots.
fn path(name: &str) -> AnyView {
    let part = |part: &str| view! { {part.to_owned()} <wbr/> }.into_any();
    name.split_inclusive('.').map(part).collect_view().into_any()
}

/// The choice of the branch beside the shown one, and the button that swaps them.
pub fn chooser() -> AnyView {
    let session = session();
    let options = move || {
        let ways = session.ways.get();
        let none = !ways.iter().any(|way| way.beside);
        let option =
            |(value, label, selected): (String, String, bool)| view! { <option value=value selected=selected>{label}</option> }.into_any();
        let nothing = (String::new(), say(|t| t.compare.with_none()).get().to_owned(), none);
        let others = ways.into_iter().filter(|way| !way.shown).map(|way| (way.id.to_string(), way.label, way.beside));
        std::iter::once(nothing).chain(others).map(option).collect_view()
    };
    let choose = move |event| session.put_beside(event_target_value(&event).parse().ok());
    let alone = move || session.beside.with(Option::is_none);
    view! {
        <span class="chooser" hidden=move || session.ways.with(Vec::is_empty)>
            <button class="button" id="compare-branches" hidden=move || !alone() on:click=move |_| session.next_beside()>{say(|t| t.compare.offer())}</button>
            <label hidden=alone>{say(|t| t.compare.with())} " " <select class="button" id="beside-branch" on:change=choose>{options}</select></label>
            <button class="button" id="swap" hidden=alone on:click=move |_| session.swap()>{say(|t| t.compare.swap())}</button>
            <button class="button primary" id="end-beside" hidden=alone on:click=move |_| session.end_beside()>{say(|t| t.compare.end())}</button>
        </span>
    }
    .into_any()
}

/// The branch beside the shown one, as a row of the matrix.
pub fn row() -> AnyView {
    let session = session();
    let draw = move |row: &Row| {
        let cell = |ordinal: i64| {
            let chip = row.pods.iter().find(|(of, _)| *of == ordinal).map(|(_, pod)| chip(pod));
            view! { <div class="cell beside" role="gridcell">{chip}</div> }.into_any()
        };
        view! {
            <div class="row" role="row">
                <div class="node beside" role="rowheader"><b>{row.label.clone()}</b><span>{row.note.clone()}</span></div>
                {session.columns.keys().into_iter().map(cell).collect_view()}
            </div>
        }
        .into_any()
    };
    (move || session.beside.with(|row| row.as_ref().map(draw))).into_any()
}

/// A pod of the branch beside the shown one.
fn chip(chip: &Chip) -> AnyView {
    view! {
        <span class="chip" data-hue=chip.mark.1.word()>
            {sign(chip.mark)} <b>{in_parts(&chip.word)}</b> <i class="swatch" data-revision=chip.paint.word()></i> {chip.revision.clone()}
        </span>
    }
    .into_any()
}
