//! The block of the workload beside the set: its heading, and its cell in each row.

use leptos::prelude::*;
use view::cluster::{CellKey, ColumnKey, RowKey};
use view::node::Sight;
use view::side::Side;

use super::item::Cell;
use super::object::stepper;
use crate::session::Session;
use crate::widget::{glyph, say, session, text};

/// A row's cell in the block of the workload beside the set, if there is one.
pub fn cell(row: RowKey, sight: Signal<Sight>) -> AnyView {
    let session = session();
    let there = Memo::new(move |_| session.side.with(Option::is_some));
    let cell = move || there.get().then(|| view! { <Cell at=CellKey { row: row.clone(), column: ColumnKey::Side } sight=sight/> });
    cell.into_any()
}

/// The heading of the workload beside the set: its name, and how many of its pods are Ready and wanted.
pub fn heading() -> AnyView {
    let session = session();
    let heading = move || session.side.with(|side| side.as_ref().map(|side| head(side, session)));
    heading.into_any()
}

fn head(side: &Side, session: Session) -> AnyView {
    let title = side.title();
    let name = if side.choices.len() > 1 {
        let option = |title: String, chosen: bool| view! { <option value=title.clone() selected=chosen>{title.clone()}</option> };
        let options = side.choices.iter().map(|choice| option(choice.title(), *choice == side.workload)).collect_view();
        let choose = move |event| session.show_side(event_target_value(&event));
        view! { <select class="button" aria-label=say(|t| t.cluster.choose_side()) on:change=choose>{options}</select> }.into_any()
    } else {
        view! { <b>{title}</b> }.into_any()
    };
    let stepper = side.replicas.map(|replicas| stepper(Signal::stored(replicas), move |by| session.scale_side(by)));
    let ending = session.first.whole.get().then(|| session.object.with(|set| side.ending(&set.as_ref()?.name)));
    let ends = ending.flatten().map(|line| {
        let label = text()().cluster.delete(&side.title());
        view! { <button class="button quiet icon" id="end-side" aria-label=label.clone() title=label on:click=move |_| session.type_line(&line)>{glyph("cross")}</button> }
    });
    let note =
        view! { <span>{side.ready.clone()} <span class="lack">{if side.lack.is_empty() { "" } else { ". " }}{side.lack}</span></span> };
    view! { <div class="heading-cell side" role="columnheader" title=side.lack><div class="side-line">{name} {stepper} {ends}</div> {note}</div> }
        .into_any()
}
