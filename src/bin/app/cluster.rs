//! The cluster region: the object line, and the matrix of ordinals and nodes.

mod item;
mod object;
mod side;

use std::sync::Arc;

use api::release::Release;
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};
use playground::setup;
use text::{Mark, Text};
use view::cluster::{CellKey, ColumnKey, ItemKey, RowKey};
use view::node::{Row, Sight};

use crate::menu::menu;
use crate::partition;
use crate::script::embedded;
use crate::session::{Session, Whose};
use crate::widget::{after_frame, each, hyphened, live, preferences, say, session, sign, text, when};
use crate::words::label_in_grid;
pub(crate) use item::focus_tab_stop;
pub use item::{Cell, Pod, data_item, focus_item};
use item::{move_focus, tab_index};
use object::Object;

/// The region.
#[component]
pub fn Cluster() -> impl IntoView {
    let (session, text) = (session(), text());
    let first = preferences().first;
    // Not all of it fits on a phone or in another page: a first visit, and an embedded page, scroll to where something happens, until
    // the visitor touches it.
    let led = StoredValue::new(true);
    let embedded = embedded();
    Effect::new(move |_| {
        session.cells.track();
        if (first.get() || embedded) && led.get_value() {
            after_frame(lead);
        }
    });
    view! {
        <main class="stage" aria-label=say(|t| t.cluster.title()) tabindex="-1">
            <Object/>
            {when(move || !session.dense.lines.keys().is_empty(), move || crate::dense::dense(session))}
            <div
                class="matrix"
                id="cluster"
                role="grid"
                aria-label=say(|t| t.cluster.grid())
                data-shape=move || session.shape()
                data-turn=move || if session.side_turn.get() { "side" } else { "set" }
                style:--rows=move || session.rows.keys().len().to_string()
                style:--columns=move || session.columns.keys().len().max(1).to_string()
                on:keydown=move |event| move_focus(&event, session)
                on:click=move |event| take_or_let_go(&event, session)
                on:pointerdown=move |_| led.set_value(false)
            >
                <Headings/>
                <WaitingRow/>
                {each(move || session.rows.keys(), |name| view! { <NodeRow name=name/> }.into_any())}
                {live(move || session.classes.get().into_iter().map(class_row).collect_view())}
                {crate::compare::row()}
                {when(move || session.shape() == "none", move || view! { <p class="empty">{live(move || match session.refused_set.get() {
                    Some(_) => session.why.with(|why| why.verdict.plain()),
                    None => text().cluster.empty().to_owned(),
                })}</p> }.into_any())}
            </div>
            {when(move || session.see.relations.get(), move || crate::relations::relations(session))}
            {when(move || session.see.flow.get().is_some(), move || crate::requests::requests(session))}
            {when(move || session.see.judged.get(), move || crate::tools::shown(session))}
        </main>
    }
}

/// Scrolls the cluster, and nothing that it stands in, to the first pod in it that is shown and not Ready, with its disk.
fn lead() {
    let found = |selector| {
        let all = document().query_selector_all(selector).ok()?;
        let mut elements = (0..all.length()).filter_map(|at| all.get(at)?.dyn_into::<Element>().ok());
        elements.find(|element| element.client_height() > 0)
    };
    let (Some(cluster), Some(head), Some(tile)) =
        (found("#cluster"), found("#cluster .heading-cell"), found("#cluster .pod:not([data-hue=ready])"))
    else {
        return;
    };
    let whole = tile.closest(".cell:not(.waiting)").ok().flatten().unwrap_or_else(|| tile.clone());
    let (sight, head) = (cluster.get_bounding_client_rect(), head.get_bounding_client_rect());
    let above = head.bottom() - tile.get_bounding_client_rect().top();
    let below = whole.get_bounding_client_rect().bottom() - sight.bottom();
    cluster.scroll_by_with_x_and_y(0.0, if above > 0.0 { -above } else { below.max(0.0) });
}

/// What a cluster is called for as long as it stands.
fn of_whom(whose: Whose, text: &Text) -> &'static str {
    match whose {
        Whose::Example => text.cluster.example(),
        Whose::Own => text.cluster.own(),
        Whose::Pasted => text.cluster.pasted(),
    }
}

/// The release, where it is not the one that a visit begins with.
fn of_release(session: Session) -> Option<String> {
    let name = session.release.get();
    let release = Release::named(name).filter(|release| release.name != setup().release.name)?;
    Some(format!(" · {}", release.label))
}

/// The headings of the identities, which stay while pods come and go.
#[component]
fn Headings() -> impl IntoView {
    let (session, text) = (session(), text());
    view! {
        <div class="row" role="row">
            <div class="corner" role="columnheader">
                {live(move || session.whose.get().map(|whose| view! { <b class="whose">{of_whom(whose, text())}{of_release(session)}</b> }))}
                <span>{label_in_grid(move || text().cluster.ordinal().to_owned())}</span>
                <span>{label_in_grid(move || text().cluster.node().to_owned())}</span>
            </div>
            {each(move || session.columns.keys(), |ordinal| view! { <Heading ordinal=ordinal/> }.into_any())}
            {side::heading()}
        </div>
    }
}

#[component]
fn Heading(ordinal: i64) -> impl IntoView {
    let session = session();
    let column = session.columns.member(&ordinal)?;
    let (link, spoken, empty, names) = (column.clone(), column.clone(), column.clone(), column.clone());
    let name = move || column.with(|column| column.identity.pod.clone());
    let title = name.clone();
    Some(view! {
        <div class="heading-cell" role="columnheader" data-split=partition::split(ColumnKey::Ordinal(ordinal)) data-link=move || link.with(|column| session.token_of(&column.identity))>
            <span class="unseen">{live(move || spoken.with(|column| column.spoken.clone()))}</span>
            <div class="heading" data-empty=move || empty.with(|column| column.empty.to_string())>
                <span class="ordinal" aria-hidden="true">{ordinal}</span>
                <ul aria-hidden="true">
                    <li title=title>{hyphened(name)}</li>
                    {live(move || names.with(|column| column.names.iter().map(|(mark, name)| named(*mark, name, &column.identity.pod)).collect_view()))}
                </ul>
            </div>
        </div>
    })
}

/// How many characters of a name find room in a heading. Of longer ones the end would be cut, and with it the ordinal.
const LONGEST_NAME: usize = 26;

/// A name in a heading; where there is no room for it, what it has besides the pod's own name.
fn named(mark: Mark, name: &str, pod: &str) -> impl IntoView + use<> {
    let rest = name.replace(pod, "").trim_end_matches('-').to_owned();
    let shown = if name.len() > LONGEST_NAME { rest.clone() } else { name.to_owned() };
    view! { <li title=name.to_owned()>{sign(mark)} <span class="elide" data-short=rest>{shown}</span></li> }
}

/// The row of pods without a node, and of slots that say why a pod is missing.
#[component]
fn WaitingRow() -> impl IntoView {
    let session = session();
    view! {
        <div class="row" role="row">
            <div class="node waiting" role="rowheader">{say(|t| t.cluster.no_node_yet())}</div>
            {each(move || session.columns.keys(), |ordinal| {
                view! { <Cell at=CellKey { row: RowKey::Waiting, column: ColumnKey::Ordinal(ordinal) } sight=Sight::Seen/> }.into_any()
            })}
            {side::cell(RowKey::Waiting, Signal::stored(Sight::Seen))}
            {partition::grip()}
        </div>
    }
}

#[component]
fn NodeRow(name: String) -> impl IntoView {
    let session = session();
    let row = RwSignal::from(session.rows.member(&name)?);
    let sight = Signal::derive(move || row.with(|row| row.sight));
    let heading = node_heading(&name, row);
    let beside = side::cell(RowKey::Node(name.clone()), sight);
    let cells = move |ordinal| {
        let at = CellKey { row: RowKey::Node(name.clone()), column: ColumnKey::Ordinal(ordinal) };
        view! { <Cell at=at sight=sight/> }.into_any()
    };
    Some(view! {
        <div class="row" role="row">
            <div class=move || format!("node {}", sight.get().word()) role="rowheader">{heading}</div>
            {each(move || session.columns.keys(), cells)}
            {beside}
        </div>
    })
}

/// A node's name and state, which can be selected; the button that powers it on or off, and the menu of further actions.
fn node_heading(name: &str, row: RwSignal<Row>) -> AnyView {
    let (text, session) = (text(), session());
    let key = ItemKey::Node(name.to_owned());
    let tab = Signal::derive(tab_index(key.clone()));
    let (asked, menu_of) = (name.to_owned(), name.to_owned());
    let ask = {
        let name = name.to_owned();
        move |_| session.ask_node(&name)
    };
    let lines = move || row.with(|row| row.lines.iter().cloned().map(|line| view! { <span class="address">{line}</span> }).collect_view());
    let menu_name = {
        let name = name.to_owned();
        Signal::derive(move || text().node.menu(&name))
    };
    let entries = Arc::new(move || session.node_entries(&menu_of));
    view! {
        <button
            class="ask"
            data-item=data_item(&key)
            data-link=session.token_of_node(name)
            aria-current=move || session.is_asked(&asked).then_some("true")
            tabindex=move || tab.get()
            on:click=ask
            on:focus=move |_| session.focus(key.clone())
        >
            <b>{name.to_owned()}</b>
            <span class="status">{sign(Signal::derive(move || row.with(|row| row.mark)))} <span>{live(move || row.with(|row| breaking(&row.word)))}</span></span>
            {lines}
        </button>
        <div class="switch">
            <button
                class="button"
                tabindex=move || tab.get()
                on:click=move |_| session.type_line(&row.with_untracked(|row| row.switch.line.clone()))
            >
                {live(move || row.with(|row| row.switch.label.clone()))}
            </button>
            {menu("▾".into_any(), menu_name, tab, entries)}
        </div>
    }
    .into_any()
}

/// A word that may wrap after commas.
fn breaking(word: &str) -> impl IntoView + use<> {
    let part = |(at, part): (usize, &str)| view! { {(at > 0).then(|| view! { <wbr/> })} {part.to_owned()} }.into_any();
    word.split_inclusive(',').enumerate().map(part).collect_view()
}

/// The row of a storage class whose volumes any node can reach, below the nodes.
fn class_row(class: String) -> AnyView {
    let session = session();
    let name = class.clone();
    let cells = move |ordinal| {
        let at = CellKey { row: RowKey::Class(class.clone()), column: ColumnKey::Ordinal(ordinal) };
        view! { <Cell at=at sight=Sight::Seen/> }.into_any()
    };
    view! {
        <div class="row" role="row">
            <div class="node shared" role="rowheader"><b>{name.clone()}</b><span>{say(|t| t.node.network_volumes())}</span></div>
            {each(move || session.columns.keys(), cells)}
            {side::cell(RowKey::Class(name), Signal::stored(Sight::Seen))}
        </div>
    }
    .into_any()
}

/// A click on an item focuses it, which in Safari it does not by itself; a click on nothing clears the selection.
fn take_or_let_go(event: &MouseEvent, session: Session) {
    let Some(on) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    let item = on.closest("[data-item]").ok().flatten().filter(|item| document().active_element().as_ref() != Some(item));
    if let Some(item) = item.and_then(|item| item.dyn_into::<HtmlElement>().ok()) {
        let _ = item.focus();
    }
    if on.class_list().contains("cell") {
        while session.close_details() {}
    }
}
