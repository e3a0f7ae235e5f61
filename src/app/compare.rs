//! Two things side by side, as tables: a StatefulSet and a Deployment, two branches of time.

use leptos::prelude::*;
use ordinal::view::compare::Table;

use crate::app::widget::session;

/// A pane for each comparison there is.
pub fn panes() -> AnyView {
    let session = session();
    (move || session.tables.with(|tables| tables.iter().map(pane).collect_view())).into_any()
}

fn pane(table: &Table) -> AnyView {
    let heads = table.heads.iter().map(|head| view! { <th scope="col">{head.clone()}</th> }).collect_view();
    let row = |row: &[String; 3]| {
        let [name, left, right] = row.clone();
        view! { <tr><th scope="row">{name}</th><td>{left}</td><td>{right}</td></tr> }
    };
    let rows = (!table.rows.is_empty()).then(|| {
        view! { <table class="table compared"><thead><tr><td></td>{heads}</tr></thead><tbody>{table.rows.iter().map(row).collect_view()}</tbody></table> }
    });
    view! {
        <section class="pane compare" aria-label=table.title>
            <div class="pane-head"><h2>{table.title}</h2><span class="label elide">{table.note.clone()}</span></div>
            <div class="pane-body">{rows}</div>
        </section>
    }
    .into_any()
}
