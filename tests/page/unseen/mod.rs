//! Manifests that were written without knowledge of the code, and what is true of each (tests/page/manifests/unseen).

mod compare;
mod drift;
mod emptydir;
mod excluding;
mod faults;
mod loss;
mod many;
mod script;
mod several;
mod timeline;
mod unsimulated;
mod why;

use super::Visit;
use ordinal::api::kind::Kind;
use ordinal::api::object::ObjectKey;
use ordinal::base::time::Time;
use ordinal::causes::pod::PodState;
use ordinal::view::cluster::ColumnKey;
use ordinal::view::timeline::Span;
use ordinal::view::why::Question;

/// A visit with a manifest that has come to rest.
fn come_up(manifest: &str) -> Visit {
    let mut visit = Visit::with(manifest);
    visit.run_until_quiet();
    visit
}

/// Asserts that each part stands in a text.
#[track_caller]
fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part:?} is not in:\n{text}");
    }
}

/// Asserts that no part stands in a text.
#[track_caller]
fn has_none(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(!text.contains(part), "{part:?} is in:\n{text}");
    }
}

/// Selects an object by its kind and names.
fn select(visit: &mut Visit, kind: Kind, namespace: &str, name: &str) {
    visit.ask(Question::Object(ObjectKey::new(kind, &namespace.into(), &name.into())));
}

/// The pods beside the set, by name.
fn strangers(visit: &Visit) -> Vec<String> {
    let beside = visit.tiles().into_iter().filter(|(column, _)| *column == ColumnKey::Side);
    beside.map(|(_, tile)| tile.identity.pod).collect()
}

/// What is on each disk that a pod has to itself: the name of the volume, and what is told of it. Empty for a pod that is not drawn.
fn own(visit: &Visit, pod: &str) -> Vec<(String, String)> {
    let tile = visit.tiles().into_iter().map(|(_, tile)| tile).find(|tile| tile.identity.pod == pod);
    tile.map_or(Vec::new(), |tile| tile.own.into_iter().map(|disk| (disk.volume, disk.told)).collect())
}

/// The spans of a pod's row in the timeline.
fn spans(visit: &Visit, pod: &str) -> Vec<Span> {
    visit.run.head().timeline().track("default", pod).spans
}

/// When the first pod of a name was created.
fn created(visit: &Visit, pod: &str) -> Time {
    spans(visit, pod).first().unwrap_or_else(|| panic!("{pod} has no row")).from
}

/// When a pod of a name first came to be so.
fn first(visit: &Visit, pod: &str, state: PodState) -> Time {
    let spans = spans(visit, pod);
    spans.iter().find(|span| span.state == state).unwrap_or_else(|| panic!("{pod} is never {state:?}: {spans:?}")).from
}

/// When a pod of a name that was told to go was gone.
fn gone(visit: &Visit, pod: &str) -> Time {
    let spans = spans(visit, pod);
    let end = spans.iter().find(|span| span.state == PodState::Terminating).and_then(|span| span.to);
    end.unwrap_or_else(|| panic!("{pod} is not gone: {spans:?}"))
}

/// The flags of the timeline that tell of lost data.
fn losses(visit: &Visit) -> Vec<String> {
    visit.flags().into_iter().filter(|flag| flag.ends_with("lost")).collect()
}
