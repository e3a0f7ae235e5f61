//! What controllers make of objects that somebody changed by hand, read from the sources of Kubernetes 1.37.1.

use crate::more::play;

const VOLUME: &str = "---\napiVersion: v1\nkind: PersistentVolume\nmetadata: {name: pv}\nspec: {accessModes: [ReadWriteOnce], capacity: \
                      {storage: 5Gi}, hostPath: {path: /x}, persistentVolumeReclaimPolicy: Retain, storageClassName: ''}\n";
const CLAIM: &str = "---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\nspec: {accessModes: [ReadWriteOnce], \
                     storageClassName: '', resources: {requests: {storage: 1Gi}}}\n";
const PHASE: &str = "get pvc data -o jsonpath={.status.phase}|{.status.capacity}|{.status.accessModes}";

#[test]
fn a_lost_claim_whose_binding_is_forgotten_is_pending_again() {
    let told = play(
        &[("world.yaml", &format!("{VOLUME}{CLAIM}"))],
        &[
            "apply -f world.yaml",
            "wait pvc data --for=jsonpath={.status.phase}=Bound --timeout=30s",
            PHASE,
            "delete pv pv --wait=false",
            "patch pv pv -p '{\"metadata\":{\"finalizers\":null}}'",
            "wait pvc data --for=jsonpath={.status.phase}=Lost --timeout=30s",
            PHASE,
            "annotate pvc data pv.kubernetes.io/bind-completed-",
            "{\"sleep\": 1}",
            PHASE,
        ],
    );
    assert_eq!(told[2], "Bound|{\"storage\":\"5Gi\"}|[\"ReadWriteOnce\"]");
    assert_eq!((told[6].as_str(), told[8].as_str()), ("Lost||", "Pending||"), "{told:?}");
}
