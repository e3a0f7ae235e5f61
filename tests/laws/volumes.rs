//! Volumes deleted while they are provisioned and bound: claims get one all the same.

use ordinal::api::kind::Kind;
use ordinal::api::release::V1_37;
use ordinal::sim::Sim;
use rig::file::Scenario;
use rig::law::declared;
use rig::run::play;
use rig::stage;

/// Components that see late and act slowly, so that there is time for something in between.
const WORLD: &str = r#"
name: volumes-deleted
title: Volumes deleted while they are being bound
cluster: {storageClasses: [local-path, network-disk], defaultStorageClass: CLASS}
controlPlane: {WatchMs: 270, SyncMs: 30, RequestMs: 70}
files:
  web.yaml: |
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {name: web}
    spec:
      replicas: 1
      serviceName: web
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec: {containers: [{name: app, image: "app:1"}]}
      volumeClaimTemplates:
        - metadata: {name: data}
          spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
steps:
- kubectl: apply -f web.yaml
- sleep: PAUSE
- kubectl: delete pv --all --wait=false
- sleep: 2000
"#;

/// A set whose volumes are deleted this long after it was applied, after its provisioner's next resync.
fn deleted_after(class: &str, milliseconds: u64) -> Sim {
    let pause = format!("{}.{:03}", milliseconds / 1000, milliseconds % 1000);
    let scenario = Scenario::parse(&WORLD.replace("CLASS", class).replace("PAUSE", &pause)).unwrap();
    let mut sim = Sim::new(&stage::setup(&scenario, &V1_37).unwrap());
    let played = play(&scenario, &mut sim);
    assert_eq!((played.cut, played.broken), (None, None), "{class} {pause}");
    sim
}

#[test]
fn a_claim_whose_volume_goes_before_it_is_bound_gets_another() {
    for class in ["local-path", "network-disk"] {
        let mut made_twice = 0;
        for milliseconds in (25..3000).step_by(50) {
            let sim = deleted_after(class, milliseconds);
            assert_eq!(declared::judge_sets(&sim), Ok(()), "{class} {milliseconds}");
            let made = sim.log().from(0).filter(|c| c.key.kind == Kind::PersistentVolume && c.before.is_none()).count();
            made_twice += u32::from(made > 1);
        }
        assert!(made_twice > 0, "{class}: no volume was deleted in time");
    }
}
