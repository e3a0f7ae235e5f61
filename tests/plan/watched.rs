//! What happened to a set, read from the log of writes.

use super::deletions;
use ordinal::api::kind::Kind;
use ordinal::api::object::{Name, ObjectKey};
use ordinal::base::time::Span;
use ordinal::plan::watch::{Fate, Watched, between, total};
use ordinal::playground::{EXAMPLE, Playground, setup};
use ordinal::text::Lang;

/// The example, quiet, and then some lines, each of which is given time.
fn after(manifest: &str, lines: &[&str]) -> Watched {
    let mut run = Playground::new(&setup(), manifest);
    let passes = |run: &mut Playground| run.run(run.now() + Span::seconds(120), || true);
    run.type_line("kubectl apply -f manifest.yaml", Lang::English);
    passes(&mut run);
    let before = run.sim().clone();
    for line in lines {
        run.type_line(line, Lang::English);
        passes(&mut run);
    }
    between(&before, run.sim(), &ObjectKey::new(Kind::StatefulSet, &"default".into(), &"web".into()))
}

fn names<'a>(names: impl Iterator<Item = &'a Name>) -> Vec<&'a str> {
    names.map(|name| &**name).collect()
}

#[test]
fn a_rollout_replaces_from_the_top_and_keeps_its_claims() {
    let found = after(EXAMPLE, &["kubectl rollout restart sts/web"]);
    assert_eq!(names(deletions(&found)), ["web-2", "web-1", "web-0"]);
    assert_eq!((found.ready_before, found.lowest.0, found.ready_after), (3, 2, 3));
    assert!(found.dark.is_empty() && found.below_quorum.is_empty());
    let ordinals: Vec<_> = found.unready.iter().map(|absence| (absence.ordinal, absence.stretches.len())).collect();
    assert_eq!(ordinals, [(0, 1), (1, 1), (2, 1)]);
    for row in &found.replaced {
        let times = [row.deleted_at, row.gone_at, row.created_at, row.ready_at];
        assert!(times.iter().all(Option::is_some) && times.is_sorted(), "{row:?}");
        let (before, after) = (row.before.as_ref().expect("a pod"), row.after.as_ref().expect("a pod"));
        assert!(before.uid != after.uid && before.node == after.node && before.revision != after.revision, "{row:?}");
    }
    assert!(found.storage.iter().all(|one| one.fate == Fate::Kept) && found.storage.len() == 6, "{:?}", found.storage);
}

#[test]
fn deleting_all_pods_at_once_loses_the_quorum_for_as_long_as_it_takes() {
    let found = after(EXAMPLE, &["kubectl delete pod web-0 web-1 web-2"]);
    assert_eq!((found.lowest.0, found.dark.len(), found.below_quorum.len()), (0, 1, 1));
    assert!(found.lost_quorum() && total(&found.below_quorum, found.to) > total(&found.dark, found.to));
    assert_eq!(names(found.replaced.iter().map(|row| &row.pod)), ["web-0", "web-1", "web-2"]);
}

#[test]
fn scaling_moves_the_majority_with_the_number_that_is_wanted() {
    let found = after(EXAMPLE, &["kubectl scale sts/web --replicas=5", "kubectl scale sts/web --replicas=1"]);
    assert!(!found.lost_quorum() && found.dark.is_empty(), "{found:?}");
    let came = found.replaced.iter().filter(|row| row.before.is_none()).map(|row| row.ordinal);
    assert_eq!(came.collect::<Vec<_>>(), [3, 4]);
    assert_eq!(names(deletions(&found)), ["web-4", "web-3", "web-2", "web-1"]);
    assert!(found.storage.iter().filter(|one| one.fate == Fate::Created).count() == 4, "{:?}", found.storage);
}

#[test]
fn a_set_that_grows_from_one_pod_loses_no_majority() {
    let one = EXAMPLE.replace("  replicas: 3\n", "  replicas: 1\n");
    assert!(!after(&one, &["kubectl scale sts/web --replicas=3"]).lost_quorum());
    assert!(after(&one, &["kubectl scale sts/web --replicas=3", "kubectl delete pod web-0 web-1"]).lost_quorum());
}

#[test]
fn a_claim_that_goes_with_its_pod_is_told_with_its_volume() {
    let manifest = EXAMPLE.replace("  replicas: 3\n", "  replicas: 3\n  persistentVolumeClaimRetentionPolicy: {whenScaled: Delete}\n");
    let found = after(&manifest, &["kubectl scale sts/web --replicas=2"]);
    let lost: Vec<_> = found.storage.iter().filter(|one| one.fate == Fate::Deleted).map(|one| one.key.kind).collect();
    assert_eq!(lost, [Kind::PersistentVolumeClaim, Kind::PersistentVolume], "{:?}", found.storage);
}
