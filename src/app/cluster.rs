//! The cluster region: the object line, and the matrix of ordinals and nodes.

use std::sync::Arc;

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;
use ordinal::view::cluster::{CellKey, Disk, ItemKey, NO_ORDINAL, ObjectLine, RowKey, Slot, Towards};
use ordinal::view::node::Row;
use ordinal::view::pod::PodState;
use ordinal::view::side::Side;
use ordinal::view::tile::PodTile;
use ordinal::view::{Glyph, Hue, Mark};

use crate::app::menu::menu;
use crate::app::partition;
use crate::app::session::Session;
use crate::app::widget::{each, plain_sign, preferences, prose, say, session, sign, text, when};

/// The region.
#[component]
pub fn Cluster() -> impl IntoView {
    let session = session();
    let first = preferences().first;
    // Not all of it fits on a phone or in another page: a first visit, and an embedded page, scroll to where something happens, until
    // the visitor touches it.
    let led = StoredValue::new(true);
    let embedded = document().document_element().is_some_and(|root| root.has_attribute("data-embed"));
    Effect::new(move |_| {
        session.cells.track();
        if (first.get() || embedded) && led.get_value() {
            request_animation_frame(lead);
        }
    });
    view! {
        <main class="stage" aria-label=say(|t| t.cluster.title) tabindex="-1">
            <Object/>
            {when(move || !session.dense.lines.keys().is_empty(), move || crate::app::dense::dense(session))}
            <div
                class="matrix"
                id="cluster"
                role="grid"
                aria-label=say(|t| t.cluster.grid)
                data-shape=move || session.shape()
                data-turn=move || if session.side_turn.get() { "side" } else { "set" }
                style:--rows=move || session.rows.keys().len().to_string()
                style:--columns=move || session.columns.keys().len().max(1).to_string()
                on:keydown=move |event| move_focus(&event, session)
                on:click=move |event| let_go(&event, session)
                on:pointerdown=move |_| led.set_value(false)
            >
                <Headings/>
                <WaitingRow/>
                {each(move || session.rows.keys(), |name| view! { <NodeRow name=name/> }.into_any())}
                {move || session.classes.get().into_iter().map(class_row).collect_view()}
                {crate::app::compare::row()}
                {when(move || session.shape() == "none", move || view! { <p class="empty">{say(|t| t.cluster.empty)}</p> }.into_any())}
            </div>
        </main>
    }
}

/// Scrolls the cluster, and nothing that it stands in, to the first pod that is not Ready, with its disk.
fn lead() {
    let found = |selector| document().query_selector(selector).ok().flatten();
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

/// The object line: the shown set, and its actions.
#[component]
fn Object() -> impl IntoView {
    let (text, session) = (text(), session());
    let line = session.object;
    let replicas = move || line.with(|line| line.as_ref().map_or(0, |line| line.replicas));
    let several = move || session.sets.with(|sets| sets.len() > 1);
    view! {
        <header class="object">
            <div class="grow">
                <h1>
                    <b data-link=move || line.with(|line| line.as_ref().map(|line| session.token_of_set(line)))>
                        {move || line.with(|line| line.as_ref().map_or_else(|| text().cluster.title.to_owned(), |line| line.title(several())))}
                    </b>
                    {when(several, move || view! { <Choice/> }.into_any())}
                    <span>{move || line.with(|line| line.as_ref().map(|line| line.ready.clone()))}</span>
                    {move || line.with(|line| line.as_ref().map(meter))}
                </h1>
                <div class="facts">
                    {move || line.with(|line| line.as_ref().map(facts))}
                </div>
            </div>
            {move || (session.shape() == "both").then(|| turns(session))}
            {when(move || line.with(Option::is_some), move || view! { <div class="commands">
                    <span class="label">{say(|t| t.cluster.replicas)}</span>
                    {stepper(Signal::derive(replicas), move |by| session.scale(by))}
                    {menu(view! { {say(|t| t.cluster.commands)}" ▾" }.into_any(), Signal::derive(move || text().cluster.commands.to_owned()), Signal::stored("0"), Arc::new(move || session.entries()))}
                </div> }.into_any())}
        </header>
    }
}

/// The buttons that switch between the set and the workload beside it, where there is no room for both.
fn turns(session: Session) -> AnyView {
    let button = move |side: bool, label: String| {
        view! { <button class="button" aria-pressed=move || (session.side_turn.get() == side).to_string() on:click=move |_| session.side_turn.set(side)>{label}</button> }
            .into_any()
    };
    let text = text();
    let other = session.side.with(|side| side.as_ref().map(|side| side.workload.title()).unwrap_or_default());
    view! { <span class="segments turns" role="group">{button(false, text().cluster.set.to_owned())}{button(true, other)}</span> }
        .into_any()
}

/// The meter of at most one process per identity.
fn meter(line: &ObjectLine) -> AnyView {
    let (mark, word) = line.at_most_one.clone();
    view! { <span class=format!("meter hue-{}", mark.1.id()) title=say(|t| t.application.at_most_one)>{sign(mark)} " " {word}</span> }
        .into_any()
}

fn facts(line: &ObjectLine) -> impl IntoView + use<> {
    let brief = view! { <span class="brief">{line.ready.clone()}</span> };
    let fact = |(field, value): &(&'static str, String)| {
        view! { <span class="fact" title=format!("{field} {value}")><span>{*field}</span> " " <b>{value.clone()}</b></span> }
    };
    let facts = line.facts.iter().map(fact).collect_view();
    let revisions = line.revisions.iter().map(|used| {
        let (label, image, pods) = (used.label.clone(), used.image.clone(), used.pods.clone());
        view! { <span title=used.image.clone()><i class="swatch" data-revision=used.paint.id()></i>{label} " " <b class="image">{image}</b> " " {pods}</span> }
    });
    (brief, facts, revisions.collect_view())
}

/// The choice of the shown set, if there are several.
#[component]
fn Choice() -> impl IntoView {
    let session = session();
    let options = move || {
        let shown = session.object.with(|line| line.as_ref().map(|line| (line.namespace.clone(), line.name.clone())));
        let option = |set: ordinal::view::cluster::Choice| {
            let selected = shown.as_ref().is_some_and(|(namespace, name)| *namespace == set.namespace && *name == set.name);
            let label = if set.namespace == "default" { set.name.clone() } else { format!("{}/{}", set.namespace, set.name) };
            view! { <option value=format!("{}/{}", set.namespace, set.name) selected=selected>{label}</option> }
        };
        session.sets.get().into_iter().map(option).collect_view()
    };
    let choose = move |event| {
        if let Some((namespace, name)) = event_target_value(&event).split_once('/') {
            session.show(namespace, name);
        }
    };
    view! { <select class="button" aria-label=say(|t| t.cluster.choose_set) on:change=choose>{options}</select> }
}

/// The headings of the identities, which stay while pods come and go.
#[component]
fn Headings() -> impl IntoView {
    let session = session();
    view! {
        <div class="row" role="row">
            <div class="corner" role="columnheader">
                <span>{say(|t| t.cluster.ordinal)}</span>
                <span>{say(|t| t.cluster.node)}</span>
            </div>
            {each(move || session.columns.keys(), |ordinal| view! { <Heading ordinal=ordinal/> }.into_any())}
            {side_heading()}
        </div>
    }
}

#[component]
fn Heading(ordinal: i64) -> impl IntoView {
    let column = session().columns.member(&ordinal)?;
    let link = column.with_untracked(|column| session().token_of(&column.identity));
    let (spoken, empty, name, names) = (column.clone(), column.clone(), column.clone(), column);
    Some(view! {
        <div class="heading-cell" role="columnheader" data-split=partition::split(ordinal) data-link=link>
            <span class="unseen">{move || spoken.with(|column| column.spoken.clone())}</span>
            <div class="heading" data-empty=move || empty.with(|column| column.empty.to_string())>
                <span class="ordinal" aria-hidden="true">{ordinal}</span>
                <ul aria-hidden="true">
                    <li>{move || name.with(|column| column.identity.pod.clone())}</li>
                    {move || names.with(|column| column.names.iter().cloned().map(|(mark, name)| view! { <li>{sign(mark)} <span class="elide">{name}</span></li> }).collect_view())}
                </ul>
            </div>
        </div>
    })
}

/// The row of pods without a node, and of slots that say why a pod is missing.
#[component]
fn WaitingRow() -> impl IntoView {
    let session = session();
    view! {
        <div class="row" role="row">
            <div class="node waiting" role="rowheader">{say(|t| t.cluster.no_node_yet)}</div>
            {each(move || session.columns.keys(), |ordinal| {
                view! { <Cell at=CellKey { row: RowKey::Waiting, ordinal } class="cell waiting"/> }.into_any()
            })}
            {side_cell(RowKey::Waiting, Signal::stored("cell waiting"))}
            {partition::grip()}
        </div>
    }
}

#[component]
fn NodeRow(name: String) -> impl IntoView {
    let session = session();
    let row = RwSignal::from(session.rows.member(&name)?);
    let class = Signal::derive(move || if row.with(|row| row.silent) { "cell unreachable" } else { "cell" });
    let heading = node_heading(&name, row);
    let beside = side_cell(RowKey::Node(name.clone()), class);
    let cells = move |ordinal| {
        let at = CellKey { row: RowKey::Node(name.clone()), ordinal };
        view! { <Cell at=at class=class/> }.into_any()
    };
    Some(view! {
        <div class="row" role="row">
            <div class=move || if class.get() == "cell" { "node" } else { "node unreachable" } role="rowheader">{heading}</div>
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
        Signal::derive(move || (text().node.menu)(&name))
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
            <span class="status">{sign(Signal::derive(move || row.with(|row| row.mark)))} <span>{move || row.with(|row| breaking(&row.word))}</span></span>
            {lines}
        </button>
        <div class="switch">
            <button
                class="button"
                tabindex=move || tab.get()
                on:click=move |_| session.type_line(&row.with_untracked(|row| row.switch.line.clone()))
            >
                {move || row.with(|row| row.switch.label.clone())}
            </button>
            {menu("▾".into_any(), menu_name, tab, entries)}
        </div>
    }
    .into_any()
}

/// A row's cell in the block of the workload beside the set, if there is one.
fn side_cell(row: RowKey, class: Signal<&'static str>) -> AnyView {
    let session = session();
    let there = Memo::new(move |_| session.side.with(Option::is_some));
    let class = Signal::derive(move || match class.get() {
        "cell" => "cell side",
        "cell waiting" => "cell side waiting",
        _ => "cell side unreachable",
    });
    let cell = move || there.get().then(|| view! { <Cell at=CellKey { row: row.clone(), ordinal: NO_ORDINAL } class=class/> });
    cell.into_any()
}

/// The heading of the workload beside the set: its name, and how many of its pods are Ready and wanted.
fn side_heading() -> AnyView {
    let session = session();
    let heading = move || session.side.with(|side| side.as_ref().map(|side| side_head(side, session)));
    heading.into_any()
}

/// A word that may wrap after commas.
fn breaking(word: &str) -> impl IntoView + use<> {
    let part = |(at, part): (usize, &str)| view! { {(at > 0).then(|| view! { <wbr/> })} {part.to_owned()} }.into_any();
    word.split_inclusive(',').enumerate().map(part).collect_view()
}

fn side_head(side: &Side, session: Session) -> AnyView {
    let title = side.workload.title();
    let name = if side.choices.len() > 1 {
        let option = |title: String, chosen: bool| view! { <option value=title.clone() selected=chosen>{title.clone()}</option> };
        let options = side.choices.iter().map(|choice| option(choice.title(), *choice == side.workload)).collect_view();
        let choose = move |event| session.show_side(event_target_value(&event));
        view! { <select class="button" aria-label=say(|t| t.cluster.choose_side) on:change=choose>{options}</select> }.into_any()
    } else {
        view! { <b>{title}</b> }.into_any()
    };
    let stepper = side.replicas.map(|replicas| stepper(Signal::stored(replicas), move |by| session.scale_side(by)));
    let note = view! { <span>{side.ready.clone()} <span class="lack">". "{side.lack}</span></span> };
    view! { <div class="heading-cell side" role="columnheader" title=side.lack><div class="side-line">{name} {stepper}</div> {note}</div> }
        .into_any()
}

/// A number with buttons to decrease and increase it.
fn stepper(value: Signal<i64>, step: impl Fn(i64) + Copy + 'static) -> AnyView {
    view! {
        <span class="stepper">
            <button aria-label=say(|t| t.cluster.scale_in) on:click=move |_| step(-1)>"−"</button>
            <output aria-live="off">{move || value.get()}</output>
            <button aria-label=say(|t| t.cluster.scale_out) on:click=move |_| step(1)>"+"</button>
        </span>
    }
    .into_any()
}

/// The row of a storage class whose volumes any node can reach, below the nodes.
fn class_row(class: String) -> AnyView {
    let session = session();
    let name = class.clone();
    let cells = move |ordinal| {
        let at = CellKey { row: RowKey::Class(class.clone()), ordinal };
        view! { <Cell at=at class="cell shared"/> }.into_any()
    };
    view! {
        <div class="row" role="row">
            <div class="node shared" role="rowheader"><b>{name.clone()}</b><span>{say(|t| t.node.network_volumes)}</span></div>
            {each(move || session.columns.keys(), cells)}
            {side_cell(RowKey::Class(name), Signal::stored("cell"))}
        </div>
    }
    .into_any()
}

#[component]
fn Cell(at: CellKey, #[prop(into)] class: Signal<&'static str>) -> impl IntoView {
    let session = session();
    let pin = {
        let at = at.clone();
        move || session.pinned.with(|pinned| pinned.get(&at).map(|pin| pin.id()))
    };
    let split = partition::split(at.ordinal);
    let items = Memo::new(move |_| session.cells.with(|cells| cells.get(&at).cloned().unwrap_or_default()));
    let item = |key: ItemKey| match key {
        ItemKey::Pod(uid) => view! { <Pod uid=uid/> }.into_any(),
        ItemKey::Slot(pod) => view! { <Missing pod=pod/> }.into_any(),
        ItemKey::Disk(volume) => view! { <DiskOf volume=volume/> }.into_any(),
        ItemKey::Node(_) => ().into_any(),
    };
    view! {
        <div class=class role="gridcell" data-pin=pin data-split=split>
            <For each=move || items.get() key=|key| key.clone() children=item/>
        </div>
    }
}

/// A pod: the incarnation of an identity.
#[component]
fn Pod(uid: String) -> impl IntoView {
    let session = session();
    let tile = RwSignal::from(session.pods.member(&uid)?);
    let of = move |read: fn(&PodTile) -> String| Signal::derive(move || tile.with(read));
    let mark = move || tile.with(|tile| tile.state.mark());
    let key = ItemKey::Pod(uid);
    let tab = tab_index(key.clone());
    let identity = move || tile.with_untracked(|tile| tile.identity.clone());
    Some(view! {
        <button
            class="pod"
            title=move || tile.with(|tile| tile.stranger.then(|| tile.identity.pod.clone()))
            data-item=data_item(&key)
            data-link=session.token_of(&identity())
            data-hue=move || mark().1.id()
            data-revision=move || tile.with(|tile| tile.paint.id())
            aria-current=move || tile.with(|tile| tile.state != PodState::Outlived && session.is_selected(&tile.identity)).then_some("true")
            tabindex=tab
            on:click=move |_| session.select(identity())
            on:focus=move |_| session.focus(key.clone())
        >
            <span class="unseen">{of(|tile| tile.spoken.clone())}</span>
            <i class="spine"></i>
            <span class="name" aria-hidden="true">{of(|tile| tile.label.clone())}<small>"#"{of(|tile| tile.uid.clone())}</small></span>
            <span class="ready" aria-hidden="true">{of(|tile| tile.ready.clone())}</span>
            <span class="state" aria-hidden="true">
                {plain_sign(Signal::derive(move || mark().0))}
                <span class="long">{of(|tile| tile.word.clone())}</span>
                <span class="short">{of(|tile| tile.brief.clone())}</span>
            </span>
            {move || role(tile.with(|tile| tile.role))}
            <span class="address" aria-hidden="true">{of(|tile| tile.address.clone())}</span>
            <span class="revision" aria-hidden="true">{of(|tile| tile.revision.clone())}</span>
        </button>
    })
}

/// The role that a pod's process believes it has, if it has peers.
fn role(role: &'static str) -> Option<AnyView> {
    (!role.is_empty()).then(|| view! { <span class="role" aria-hidden="true">{role}</span> }.into_any())
}

/// The slot of a missing pod, and why it is missing.
#[component]
fn Missing(pod: String) -> impl IntoView {
    let session = session();
    let slot = RwSignal::from(session.slots.member(&pod)?);
    let key = ItemKey::Slot(pod);
    let tab = tab_index(key.clone());
    // A slot without a word of its own only says why the pod is not here.
    let rejected = slot.with_untracked(|slot| slot.word.is_empty());
    let mark = if rejected { Mark(Glyph::Cross, Hue::Wait) } else { Mark(Glyph::Absent, Hue::Wait) };
    let because = move |slot: &Slot| {
        let colon = if rejected { "" } else { ": " };
        (!slot.reason.is_empty()).then(|| view! { <span class="long">{colon} {prose(slot.reason.clone())}</span> })
    };
    Some(view! {
        <button
            class="slot"
            data-item=data_item(&key)
            data-link=slot.with_untracked(|slot| session.token_of(&slot.identity))
            aria-current=move || slot.with(|slot| slot.alone && session.is_selected(&slot.identity)).then_some("true")
            tabindex=tab
            on:click=move |_| session.select(slot.with_untracked(|slot| slot.identity.clone()))
            on:focus=move |_| session.focus(key.clone())
        >
            {sign(mark)}
            <span class="unseen">{move || slot.with(|slot| slot.spoken.clone())}</span>
            <span aria-hidden="true"><b>{move || slot.with(|slot| slot.word.clone())}</b>{move || slot.with(because)}</span>
        </button>
    })
}

/// The disk of an identity's volume.
#[component]
fn DiskOf(volume: String) -> impl IntoView {
    let session = session();
    let disk = RwSignal::from(session.disks.member(&volume)?);
    let link = session.token_of_claim(&disk.with_untracked(|disk| disk.claim.clone()));
    let of = move |read: fn(&Disk) -> String| Signal::derive(move || disk.with(read));
    Some(view! {
        <div class="disk" data-link=link data-mounted=of(|disk| disk.mounted.to_string())>
            {plain_sign(Signal::derive(move || disk.with(|disk| disk.mark.0)))}
            <span class="claim">{of(|disk| disk.claim.clone())}</span>
            <span class="bytes">{of(|disk| disk.bytes.clone())}</span>
        </div>
    })
}

/// Roving tabindex: the cluster is one tab stop, at the item that had the focus last, or the first one.
fn tab_index(key: ItemKey) -> impl Fn() -> &'static str {
    let session = session();
    move || if session.tab_stop.with(|stop| stop.as_ref() == Some(&key)) { "0" } else { "-1" }
}

fn data_item(key: &ItemKey) -> String {
    match key {
        ItemKey::Pod(uid) => format!("pod-{uid}"),
        ItemKey::Slot(pod) => format!("slot-{pod}"),
        ItemKey::Disk(volume) => format!("disk-{volume}"),
        ItemKey::Node(name) => format!("node-{name}"),
    }
}

/// Clicking on nothing clears the selection.
fn let_go(event: &MouseEvent, session: Session) {
    let on = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    if on.is_some_and(|element| element.class_list().contains("cell")) {
        while session.close_details() {}
    }
}

/// Moves the focus from item to item with the arrow keys.
fn move_focus(event: &KeyboardEvent, session: Session) {
    let towards = match event.key().as_str() {
        "ArrowLeft" => Towards::Left,
        "ArrowRight" => Towards::Right,
        "ArrowUp" => Towards::Up,
        "ArrowDown" => Towards::Down,
        _ => return,
    };
    let Some(from) = session.focused.get_untracked() else { return };
    event.prevent_default();
    event.stop_propagation();
    if let Some(to) = session.neighbour(&from, towards) {
        focus_item(&to);
    }
}

/// Focuses a tile or slot.
pub fn focus_item(key: &ItemKey) {
    crate::app::keyboard::focus(&format!("[data-item=\"{}\"]", data_item(key)));
}
