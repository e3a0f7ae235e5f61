//! The partition: a line between two columns, with a grip that can be dragged and moved by keys.

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};
use view::cluster::ColumnKey;
use view::rollout::Partition;

use crate::keyed::set_if_new;
use crate::session::Session;
use crate::widget::session;

/// Where the line is at a column: before it, or behind it where no column is beyond the line.
pub fn split(at: ColumnKey) -> impl Fn() -> Option<&'static str> {
    let session = session();
    move || {
        let left = session.partition_line()?;
        let column = session.columns.keys().iter().position(|ordinal| ColumnKey::Ordinal(*ordinal) == at)?;
        match left {
            left if left == column => Some("before"),
            left if left == column + 1 && left == session.columns.keys().len() => Some("behind"),
            _ => None,
        }
    }
}

/// The grip, while there is a line.
pub fn grip() -> AnyView {
    let session = session();
    let there = Memo::new(move |_| session.partition.with(Option::is_some));
    // Where the hand that drags took hold of the grip.
    let (from, held) = (StoredValue::new(0), session.partition_held);
    let of = move |read: fn(&Partition) -> String| move || session.partition.with(|line| line.as_ref().map(read).unwrap_or_default());
    let line = move || session.partition_line().unwrap_or_default().to_string();
    let value = move || held.get().map_or_else(of(|line| line.value.to_string()), |value| value.to_string());
    let take = move |event: PointerEvent| {
        if let Some(grip) = event.current_target().and_then(|target| target.dyn_into::<Element>().ok()) {
            let _ = grip.set_pointer_capture(event.pointer_id());
        }
        from.set_value(event.client_x());
        held.set(session.partition.with_untracked(|line| line.as_ref().map(|line| line.value)));
    };
    let pull = move |event: PointerEvent| {
        if let Some(before) = held.get_untracked() {
            set_if_new(held, Some(nearest(session, event.client_x() - from.get_value()).unwrap_or(before)));
        }
    };
    let drop = move |_| {
        if let Some(value) = held.get_untracked() {
            held.set(None);
            session.hold_at(value);
        }
    };
    let view = move || {
        view! {
            <div class="grip-cell" role="gridcell" data-line=line style:--line=line>
                <button
                    class="grip"
                    role="slider"
                    aria-label="partition"
                    aria-valuemin="0"
                    aria-valuemax=of(|line| line.most.to_string())
                    aria-valuenow=of(|line| line.value.to_string())
                    aria-valuetext=of(|line| line.spoken.clone())
                    on:keydown=move |event| by_key(&event, session)
                    on:pointerdown=take
                    on:pointermove=pull
                    on:pointerup=drop
                    on:pointercancel=move |_| held.set(None)
                >
                    <span>"partition "</span> {value}
                </button>
            </div>
        }
    };
    (move || there.get().then(view)).into_any()
}

/// The keys of a slider.
fn by_key(event: &KeyboardEvent, session: Session) {
    let Some((value, most)) = session.partition.with_untracked(|line| line.as_ref().map(|line| (line.value, line.most))) else { return };
    let wanted = match event.key().as_str() {
        "ArrowLeft" | "ArrowDown" => value - 1,
        "ArrowRight" | "ArrowUp" => value + 1,
        "Home" => 0,
        "End" => most,
        _ => return,
    };
    event.prevent_default();
    event.stop_propagation();
    session.hold_at(wanted.clamp(0, most));
}

/// The partition whose line is nearest to where the grip was pulled, in CSS pixels from where it was.
fn nearest(session: Session, pulled: i32) -> Option<i64> {
    let (value, columns, most) =
        session.partition.with_untracked(|line| line.as_ref().map(|line| (line.value, line.columns, line.most)))?;
    let found = document().query_selector_all("#cluster .heading-cell:not(.side)").ok()?;
    let headings: Vec<HtmlElement> = (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect();
    let edge = |at: usize| match headings.get(at) {
        Some(heading) => heading.offset_left(),
        None => headings.last().map_or(0, |last| last.offset_left() + last.offset_width()),
    };
    let place = edge(columns) + pulled;
    let at = (0..=headings.len()).min_by_key(|at| (edge(*at) - place).abs())?;
    Some((value + i64::try_from(at).ok()? - i64::try_from(columns).ok()?).clamp(0, most))
}
