//! A Deployment beside the set: in the same node rows, without ordinals.

use super::Visit;
use ordinal::playground::EXAMPLE;
use ordinal::view::cluster::ColumnKey;

const DEPLOYMENT: &str = include_str!("beside.yaml");

/// The example and a Deployment, come up.
fn both() -> Visit {
    let mut visit = Visit::with(&format!("{EXAMPLE}{DEPLOYMENT}"));
    visit.run_until_quiet();
    visit
}

/// The names of the pods beside the set.
fn strangers(visit: &Visit) -> Vec<String> {
    let beside = visit.tiles().into_iter().filter(|(column, _)| *column == ColumnKey::Side);
    beside.map(|(_, tile)| tile.identity.pod).collect()
}

#[test]
fn a_deployments_pods_stand_in_the_same_rows_without_columns() {
    let visit = both();
    let drawn = visit.cluster();
    let side = drawn.side.expect("the Deployment");
    assert_eq!((side.title().as_str(), side.ready.as_str()), ("deployment/front", "3 of 3 Ready"));
    assert_eq!(side.lack, "No ordinals: a replacement pod gets a new name.");
    assert_eq!((strangers(&visit).len(), drawn.columns.len()), (3, 3), "ordinals are the set's alone");
    let labels: Vec<String> = visit.pods()[3..].iter().map(|pod| pod.split(' ').next().unwrap_or_default().to_owned()).collect();
    assert!(labels.iter().all(|label| label.starts_with("…-")), "{labels:?}");
}

#[test]
fn it_is_scaled_and_its_pods_are_replaced_by_others() {
    let mut visit = both();
    let line = visit.cluster().side.and_then(|side| side.scale(1)).expect("a Deployment is scaled");
    assert_eq!(line, "kubectl scale deployment front --replicas=4");
    visit.say(&line);
    assert_eq!(strangers(&visit).len(), 4);
    let first = strangers(&visit).remove(0);
    visit.pick(&first);
    assert_eq!(visit.verdict(), format!("{first} is Ready."));
    visit.command(&format!("Delete {first}"));
    visit.run_until_quiet();
    let names = strangers(&visit);
    assert!(names.len() == 4 && !names.contains(&first), "{names:?} has {first}");
}

#[test]
fn a_pod_that_a_set_takes_over_is_drawn_as_the_sets() {
    let mut visit = Visit::quiet();
    visit.say("kubectl delete statefulset web --cascade=orphan");
    let mut let_go = strangers(&visit);
    let_go.sort();
    assert_eq!((let_go.as_slice(), visit.cluster().columns.len()), (&["web-0", "web-1", "web-2"].map(str::to_owned)[..], 0));
    visit.apply();
    visit.run_until_quiet();
    assert_eq!((strangers(&visit).len(), visit.cluster().columns.len()), (0, 3));
    assert_eq!(visit.pods(), ["web-0 1/1 Ready", "web-1 1/1 Ready", "web-2 1/1 Ready"]);
}
