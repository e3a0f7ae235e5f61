//! Many ordinals: a grid of cells that is one stop of the Tab key, and counts above it.
//!
//! A row is text until the browser reads it: a thousand cells cost no more signals than twenty rows. What stands in it are names that the server
//! has accepted, numbers and words of ours.

use std::fmt::Write;

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;
use ordinal::view::dense::{CELLS_IN_ROW, Cell};

use crate::app::session::Session;
use crate::app::widget::{say, sign};

/// A row of cells as HTML; `asked` is the pod that is asked about.
pub fn row(cells: &[Cell], asked: Option<&str>) -> String {
    let mut html = String::new();
    let first = cells.first().map_or(0, |cell| cell.ordinal);
    let _ = write!(html, r#"<b role="rowheader">{first}</b><span role="none">"#);
    for cell in cells {
        let (pod, look, paint) = (&cell.pod, cell.look(), cell.paint.id());
        let word = cell.state.map_or("", |state| state.word());
        let selected = asked == Some(pod.as_str());
        let _ = write!(
            html,
            r#"<i role="gridcell" id="cell-{pod}" data-pod="{pod}" data-look="{look}" data-revision="{paint}" aria-selected="{selected}" aria-label="{pod} {word}"></i>"#
        );
    }
    html.push_str("</span>");
    html
}

/// The counts and the grid.
pub fn dense(session: Session) -> AnyView {
    let counts = move || {
        let count = |count: ordinal::view::dense::Count| {
            view! { <li>{sign(count.mark)} <b>{count.cells}</b> " " {count.word}</li> }
        };
        session.counts.get().into_iter().map(count).collect_view()
    };
    let line = move |at| {
        let html = session.dense.member(&at);
        view! { <div class="dense-row" role="row" inner_html=move || html.as_ref().map_or_else(String::new, |html| html.get())></div> }
    };
    view! {
        <ul class="dense-counts">{counts}</ul>
        <div
            class="dense"
            role="grid"
            tabindex="0"
            aria-label=say(|t| t.cluster.cells)
            aria-colcount=(CELLS_IN_ROW + 1).to_string()
            aria-activedescendant=move || session.pod_asked().map(|pod| format!("cell-{pod}"))
            on:click=move |event| pick(&event, session)
            on:keydown=move |event| go(&event, session)
        >
            <For each=move || session.dense.keys() key=|at| *at children=line/>
        </div>
    }
    .into_any()
}

fn pick(event: &MouseEvent, session: Session) {
    let cell = event.target().and_then(|target| target.dyn_into::<Element>().ok()).and_then(|target| target.get_attribute("data-pod"));
    if let Some(pod) = cell {
        session.select_pod(&pod);
    }
}

fn go(event: &KeyboardEvent, session: Session) {
    let row = CELLS_IN_ROW.cast_signed();
    let by = match event.key().as_str() {
        "ArrowLeft" => -1,
        "ArrowRight" => 1,
        "ArrowUp" => -row,
        "ArrowDown" => row,
        _ => return,
    };
    event.prevent_default();
    event.stop_propagation();
    session.select_beside(by);
}
