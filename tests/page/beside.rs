//! A Deployment beside the set: in the same node rows, without ordinals.

use super::Visit;
use ordinal::playground::EXAMPLE;
use ordinal::view::cluster::ColumnKey;
use ordinal::view::tile::PodTile;

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

/// What is on the disks that each pod has to itself, by the name of the pod.
fn own(visit: &Visit) -> Vec<(String, Vec<String>)> {
    let told = |tile: PodTile| (tile.identity.pod, tile.own.into_iter().map(|disk| disk.told).collect());
    visit.tiles().into_iter().map(|(_, tile)| told(tile)).collect()
}

#[test]
fn an_empty_dir_is_part_of_the_tile_of_its_pod() {
    let mut visit = Visit::quiet();
    visit.stand_beside();
    visit.run_until_quiet();
    visit.say("for pod in $(kubectl get pods -o name); do kubectl exec $pod -- sh -c 'hostname > /data/name'; done");
    let old = strangers(&visit).remove(0);
    let of = |visit: &Visit, pod: &str| own(visit).into_iter().find(|(name, _)| name == pod).map(|(_, own)| own);
    assert_eq!(of(&visit, &old), Some(vec![format!("“{old}”")]));
    assert_eq!(of(&visit, "web-1"), Some(Vec::new()), "what a claim holds stands by itself");
    visit.type_line(&format!("kubectl delete pod {old} --wait=false"));
    visit.step_until(|visit| strangers(visit).len() == 4 && own(visit).iter().any(|(_, own)| *own == ["empty"]));
    assert_eq!(of(&visit, &old), Some(vec![format!("“{old}”")]), "the one that goes has what it wrote");
    visit.run_until_quiet();
    assert_eq!(of(&visit, &old), None);
    let left: Vec<bool> = strangers(&visit).iter().map(|pod| of(&visit, pod) == Some(vec!["empty".to_owned()])).collect();
    assert_eq!(left.iter().filter(|is_empty| **is_empty).count(), 1, "only the new one has nothing");
}

#[test]
fn the_pods_of_a_set_have_their_own_disks_as_well() {
    let claims = EXAMPLE.find("  volumeClaimTemplates:").expect("the example has some");
    let volumes = "      volumes: [{name: data, emptyDir: {}}, {name: cache, emptyDir: {medium: Memory}}]\n";
    let mut visit = Visit::with(&format!("{}{volumes}", &EXAMPLE[..claims]));
    visit.run_until_quiet();
    visit.say("kubectl exec web-1 -- sh -c 'echo one > /data/a; echo two > /data/b'");
    let told = |two: [&str; 2]| two.map(str::to_owned).to_vec();
    assert_eq!(own(&visit)[..2], [("web-0".to_owned(), told(["empty", "empty"])), ("web-1".to_owned(), told(["8 B", "empty"]))]);
    visit.say("kubectl delete pod web-1");
    visit.run_until_quiet();
    assert_eq!(own(&visit)[1].1, ["empty", "empty"]);
    let spoken = visit.tiles().remove(0).1.spoken;
    assert!(spoken.contains("emptyDir data: empty"), "{spoken}");
}
