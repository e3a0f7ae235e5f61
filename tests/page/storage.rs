//! What is kept when pods are deleted.

use super::Visit;
use ordinal::playground::EXAMPLE;

#[test]
fn what_was_written_is_told_and_stays_when_the_pod_goes() {
    let mut visit = Visit::quiet();
    assert_eq!(visit.storage().retention, [("whenDeleted", "Retain"), ("whenScaled", "Retain")]);
    visit.say("kubectl exec web-0 -- sh -c 'echo kept > /data/note'");
    let volumes = visit.volumes();
    assert_eq!(volumes, ["data-web-0 pvc-a519 · node-3 5 B", "data-web-1 pvc-094c · node-1 0 B", "data-web-2 pvc-8a97 · node-2 0 B"]);
    visit.say("kubectl scale statefulset web --replicas=0");
    assert_eq!((visit.volumes(), visit.pods().len()), (volumes, 0));
}

#[test]
fn of_a_volume_on_a_silent_node_nobody_knows_how_much_was_written() {
    let mut visit = Visit::quiet();
    let node = visit.node_of("web-0");
    visit.switch(&node);
    visit.run_until_quiet();
    assert_eq!(visit.volumes()[0], "data-web-0 pvc-a519 · node-3 node-3 is silent 0 B ?");
}

#[test]
fn a_volume_that_was_released_is_told_of_after_its_claim() {
    let class = "---\napiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: kept}\nprovisioner: rancher.io/local-path\n\
                 reclaimPolicy: Retain\nvolumeBindingMode: WaitForFirstConsumer\n";
    let retained = format!("{EXAMPLE}{class}").replace("accessModes:", "storageClassName: kept\n      accessModes:");
    let mut visit = Visit::with(&retained);
    visit.run_until_quiet();
    visit.type_line("kubectl delete pvc data-web-2 --wait=false");
    visit.say("kubectl scale statefulset web --replicas=2");
    assert_eq!(visit.volumes()[2..], ["data-web-2 Released pvc-ef86 · node-2 0 B"]);
}
