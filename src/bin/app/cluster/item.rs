//! What stands in the cells: pods, slots of missing pods, disks. The cluster is one tab stop; the arrow keys move between items.

use causes::pod::PodState;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use text::{Glyph, Hue, Mark};
use view::cluster::{CellKey, ColumnKey, Disk, ItemKey, RowKey, Slot, Towards};
use view::node::Sight;
use view::tile::{OwnDisk, PodTile};

use crate::focus::focus;
use crate::partition;
use crate::session::Session;
use crate::widget::{hyphened, in_parts, live, plain_sign, prose, session, sign};

/// A cell, and the items in it. `sight`: how the node of its row is to be seen.
#[component]
pub fn Cell(at: CellKey, #[prop(into)] sight: Signal<Sight>) -> impl IntoView {
    let session = session();
    let (side, of_row) = match (&at.row, at.column) {
        (RowKey::Waiting, ColumnKey::Ordinal(_)) => ("", " waiting"),
        (RowKey::Waiting, ColumnKey::Side) => (" side", " waiting"),
        (RowKey::Class(_), ColumnKey::Ordinal(_)) => ("", " shared"),
        (RowKey::Node(_), ColumnKey::Ordinal(_)) => ("", ""),
        (_, ColumnKey::Side) => (" side", ""),
    };
    let class = move || format!("cell{side}{of_row} {}", sight.get().word());
    let pin = {
        let at = at.clone();
        move || session.pinned.with(|pinned| pinned.get(&at).map(|pin| pin.word()))
    };
    // A scene is no grid.
    let role = (!session.preferences.first.get_untracked()).then_some("gridcell");
    let split = partition::split(at.column);
    let items = Memo::new(move |_| session.cells.with(|cells| cells.get(&at).cloned().unwrap_or_default()));
    let item = |key: ItemKey| match key {
        ItemKey::Pod(uid) => view! { <Pod uid=uid/> }.into_any(),
        ItemKey::Slot(pod) => view! { <Missing pod=pod/> }.into_any(),
        ItemKey::Disk(volume) => view! { <DiskOf volume=volume/> }.into_any(),
        ItemKey::Node(_) => ().into_any(),
    };
    view! {
        <div class=class role=role data-pin=pin data-split=split>
            <For each=move || items.get() key=|key| key.clone() children=item/>
        </div>
    }
}

/// A pod: the incarnation of an identity.
#[component]
pub fn Pod(uid: String) -> impl IntoView {
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
            data-item=data_item(&key)
            data-link=session.token_of(&identity())
            data-hue=move || mark().1.word()
            data-revision=move || tile.with(|tile| tile.paint.word())
            aria-current=move || tile.with(|tile| tile.state != PodState::Outlived && session.is_selected(&tile.identity)).then_some("true")
            tabindex=tab
            // In a scene nobody asks about a pod.
            disabled=move || session.preferences.first.get()
            on:click=move |_| session.select(identity())
            on:focus=move |_| session.focus(key.clone())
        >
            <span class="unseen">{of(|tile| tile.spoken.clone())}</span>
            <i class="spine"></i>
            <span class="name" aria-hidden="true" title=identity().pod>{hyphened(move || tile.with(|tile| tile.label.clone()))}</span>
            <span class="ready" aria-hidden="true">{of(|tile| tile.ready.clone())}</span>
            <span class="state" aria-hidden="true">
                {plain_sign(Signal::derive(move || mark().0))}
                <span class="long">{of(|tile| tile.word.clone())}</span>
                <span class="short">{of(|tile| in_parts(&tile.brief))}</span>
            </span>
            {live(move || role(tile.with(|tile| tile.role.clone())))}
            {live(move || loss(tile.with(|tile| tile.loss.clone())))}
            <span class="address" aria-hidden="true">{of(|tile| tile.address.clone())}</span>
            <span class="revision" aria-hidden="true">{of(|tile| tile.revision.clone())}</span>
            {live(move || tile.with(|tile| tile.own.iter().map(own_disk).collect_view().into_any()))}
        </button>
    })
}

/// The role that a pod's process believes it has, if it has peers.
fn role(role: String) -> Option<AnyView> {
    (!role.is_empty()).then(|| view! { <span class="role" aria-hidden="true">{role}</span> }.into_any())
}

/// What a pod of this name lost.
fn loss(loss: String) -> Option<AnyView> {
    (!loss.is_empty())
        .then(|| view! { <span class="loss" aria-hidden="true">{sign(Mark(Glyph::DiskLost, Hue::Danger))} " " {loss}</span> }.into_any())
}

/// A disk that is its pod's own, at the foot of that.
fn own_disk(disk: &OwnDisk) -> AnyView {
    view! {
        <span class="own" aria-hidden="true" title=disk.volume.clone()>
            {plain_sign(Signal::stored(Glyph::Disk))} <span class="claim">{disk.kind}</span> <span class="bytes">{disk.told.clone()}</span>
        </span>
    }
    .into_any()
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
            <span class="unseen">{live(move || slot.with(|slot| slot.spoken.clone()))}</span>
            <span aria-hidden="true"><b>{live(move || slot.with(|slot| slot.word.clone()))}</b>{live(move || slot.with(because))}</span>
        </button>
    })
}

/// The disk of an identity's volume.
#[component]
fn DiskOf(volume: String) -> impl IntoView {
    let session = session();
    let disk = RwSignal::from(session.disks.member(&volume)?);
    let link = disk.with_untracked(|disk| session.token_of_claim(&disk.claim));
    let of = move |read: fn(&Disk) -> String| Signal::derive(move || disk.with(read));
    // A screen reader hears one thing: the parts of the name belong together.
    let spoken = of(|disk| format!("{}, {}", disk.claim, disk.content));
    Some(view! {
        <div class="disk" role="img" aria-label=spoken data-link=link data-mounted=of(|disk| disk.mounted.to_string())>
            {plain_sign(Signal::derive(move || disk.with(|disk| disk.mark.0)))}
            <span class="claim" title=of(|disk| disk.claim.clone())>{hyphened(move || disk.with(|disk| disk.claim.clone()))}</span>
            <span class="bytes">{of(|disk| disk.content.clone())}</span>
        </div>
    })
}

/// Roving tabindex: the cluster is one tab stop, at the item that had the focus last, or the first one.
pub fn tab_index(key: ItemKey) -> impl Fn() -> &'static str {
    let session = session();
    move || if session.tab_stop.with(|stop| stop.as_ref() == Some(&key)) { "0" } else { "-1" }
}

/// The name of an item in the document.
pub fn data_item(key: &ItemKey) -> String {
    match key {
        ItemKey::Pod(uid) => format!("pod-{uid}"),
        ItemKey::Slot(pod) => format!("slot-{pod}"),
        ItemKey::Disk(volume) => format!("disk-{volume}"),
        ItemKey::Node(name) => format!("node-{name}"),
    }
}

/// Moves the focus from item to item with the arrow keys.
pub fn move_focus(event: &KeyboardEvent, session: Session) {
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

/// Focuses the item of the cluster that the Tab key stops at.
pub(crate) fn focus_tab_stop() {
    focus("#cluster [data-item][tabindex=\"0\"]");
}

/// Focuses a tile or slot.
pub fn focus_item(key: &ItemKey) {
    focus(&format!("[data-item=\"{}\"]", data_item(key)));
}
