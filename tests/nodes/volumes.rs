//! Network volumes of large sets.

use ordinal::api::client::{Client, DeleteOptions, WriteOptions};
use ordinal::api::kind::Kind;
use ordinal::cluster::timing::Timing;
use ordinal::sim::setup::ClassSetup;
use ordinal::sim::{Setup, Sim};

const WEB: &str = "
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  serviceName: web
  podManagementPolicy: Parallel
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: app, image: 'nginx:1', volumeMounts: [{name: data, mountPath: /data}]}]}
  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
";

/// How many events it takes until all pods of a set run on the same three nodes, each with a volume of its own, and until the set is
/// deleted and all volumes are detached.
fn events(replicas: usize) -> [u64; 2] {
    let classes = vec![ClassSetup::network_disk()];
    let mut sim = Sim::new(&Setup { timing: Timing::workstation(), classes, default_class: "network-disk".into(), ..Setup::default() });
    let mut set = ordinal::yaml::parse(WEB).into_iter().find_map(|document| document.value).expect("a manifest");
    set.set(&["spec", "replicas"], i64::try_from(replicas).expect("few"));
    sim.create(Kind::StatefulSet, "default", &set, &WriteOptions::default()).expect("a set");
    let attached = |sim: &Sim| sim.tables().all(Kind::VolumeAttachment).count();
    while sim.step() {}
    assert_eq!((sim.tables().pods().filter(|pod| pod.ready()).count(), attached(&sim)), (replicas, replicas));
    let up = sim.steps();
    sim.delete(Kind::StatefulSet, "default", "web", &DeleteOptions::default()).expect("a deletion");
    while sim.step() {}
    assert_eq!((sim.tables().pods().count(), attached(&sim)), (0, 0));
    [up, sim.steps() - up]
}

#[test]
fn what_is_done_for_network_volumes_grows_with_their_number() {
    let (few, many) = (events(60), events(240));
    for (few, many) in few.into_iter().zip(many) {
        assert!(many < few * 9 / 2, "four times the volumes took {few} and {many} events");
    }
}
