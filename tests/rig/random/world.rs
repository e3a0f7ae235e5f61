//! The small worlds of random runs, on three nodes: two StatefulSets with random policies, or other workloads. In every other world the
//! nodes are real ones, as on the page: images are pulled, probes run, and network volumes are attached.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::WorkloadMix;
use super::draw::Draw;
use crate::file::{ClusterSetup, ControlPlaneDelays, KubeletDelays, Plane, Scenario};
use api::release::Release;
use base::dice::Dice;
use base::time::Span;
use cluster::timing::Timing;

/// The sets of a world, each with a Service of its name and a manifest `NAME.yaml`.
pub(super) const SETS: [&str; 2] = ["web", "db"];
pub(super) const NODES: [&str; 3] = ["node-1", "node-2", "node-3"];
/// The ordinals that operations refer to; the sets have others only if an update of `ordinals.start` makes it so.
pub(super) const ORDINALS: u64 = 6;

/// Subjects below this are operations; those above are parts of the world.
pub(super) const WORLD: u64 = 1 << 40;
/// How many incarnations of a pod have a random node.
const INCARNATIONS: u64 = 8;

/// The world of a seed, without steps.
pub(super) fn world(seed: u64, cast: WorkloadMix, release: &'static Release) -> Scenario {
    let dice = Dice { seed };
    let draw = Draw { dice, subject: WORLD, release };
    let slow = draw.below(1, 3) == 0;
    let delay = |place, most| slow.then(|| 1 + draw.below(place, most));
    let delays = ControlPlaneDelays { watch_ms: delay(2, 400), sync_ms: delay(3, 60), request_ms: delay(4, 120) };
    let real_nodes = draw.below(6, 2) == 0;
    Scenario {
        name: format!("random-{seed}"),
        title: format!("Random operations of seed {seed}"),
        plane: if real_nodes { Plane::NodeDefaults } else { Plane::Default },
        cluster: ClusterSetup {
            storage_classes: vec!["local-path".into(), "network-disk".into()],
            default_storage_class: draw.pick(5, &["local-path", "local-path", "network-disk"]).into(),
            real_nodes,
        },
        kubelet: if real_nodes { delays_of_real_nodes(draw) } else { KubeletDelays::default() },
        control_plane: delays,
        files: cast.files(dice, release),
        steps: Vec::new(),
        placements: placements(draw),
    }
}

/// The manifests of the sets.
pub(super) fn files(dice: Dice, release: &'static Release) -> BTreeMap<String, String> {
    let manifest = |(i, set): (u64, &&str)| (format!("{set}.yaml"), manifest(set, Draw { dice, subject: WORLD + 1 + i, release }));
    (0..).zip(&SETS).map(manifest).collect()
}

/// The delays of the page's kubelets, or up to twice as long.
fn delays_of_real_nodes(draw: Draw) -> KubeletDelays {
    let timing = Timing::workstation();
    let delay = |place, usual: Span| Some(usual.0 + draw.below(place, usual.0 + 1));
    KubeletDelays {
        sync_ms: delay(7, timing.kubelet_sees),
        start_ms: delay(8, timing.container_start),
        ready_ms: delay(9, timing.probe_passes),
        stop_ms: delay(10, timing.stop),
    }
}

/// The nodes the scheduler prefers among equals.
fn placements(draw: Draw) -> BTreeMap<String, Vec<String>> {
    let nodes = |pod: u64| (0..INCARNATIONS).map(|i| draw.pick(100 + pod * INCARNATIONS + i, &NODES).to_owned()).collect();
    let pods = SETS.iter().flat_map(|set| (0..ORDINALS).map(move |o| format!("{set}-{o}")));
    (0..).zip(pods).map(|(i, pod)| (pod, nodes(i))).collect()
}

/// A set and its Service. Specifies everything that operations change, so that applying it restores all of it.
fn manifest(set: &str, draw: Draw) -> String {
    let policy = draw.pick(1, &["OrderedReady", "OrderedReady", "Parallel"]);
    let deleted = draw.pick(2, &["Retain", "Delete"]);
    let scaled = draw.pick(3, &["Retain", "Delete"]);
    let min_ready = draw.pick(4, &[0, 0, 0, 4]);
    let unavailable = draw.pick(5, &["1", "1", "2", "50%"]);
    let grace = draw.pick(6, &[1, 10, 30]);
    let probe = draw.pick(7, &["", "          readinessProbe: {tcpSocket: {port: 80}, periodSeconds: 1}\n"]);
    let publish = draw.pick(8, &["false", "false", "true"]);
    let replicas = draw.pick(9, &[1, 2, 3, 3, 4]);
    let history = draw.pick(10, &[10, 10, 1, 0]);
    let templates = draw.pick(11, &[&[][..], &["data"], &["data"], &["data", "log"]]);
    let start = draw.pick(12, &[0, 0, 0, 1]);
    let strategy = if draw.release.recreates_sets && draw.below(14, 3) == 0 {
        "{type: Recreate, rollingUpdate: null}".to_owned()
    } else {
        format!("{{type: RollingUpdate, rollingUpdate: {{partition: 0, maxUnavailable: {unavailable}}}}}")
    };
    let claim = "{accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}";
    let scratch = draw.below(13, 4) == 0;
    let own = if scratch {
        format!("      volumes: [{{name: scratch, ephemeral: {{volumeClaimTemplate: {{spec: {claim}}}}}}}]\n")
    } else {
        String::new()
    };
    let mut text = format!(
        "apiVersion: v1\nkind: Service\nmetadata: {{name: {set}}}\nspec:\n  clusterIP: None\n  publishNotReadyAddresses: {publish}\n  \
         selector: {{app: {set}}}\n  ports: [{{port: 80, name: http}}]\n---\napiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: {set}}}\n\
         spec:\n  replicas: {replicas}\n  ordinals: {{start: {start}}}\n  serviceName: {set}\n  podManagementPolicy: {policy}\n  \
         minReadySeconds: {min_ready}\n  revisionHistoryLimit: {history}\n  \
         persistentVolumeClaimRetentionPolicy: {{whenDeleted: {deleted}, whenScaled: {scaled}}}\n  \
         updateStrategy: {strategy}\n  \
         selector: {{matchLabels: {{app: {set}}}}}\n  template:\n    metadata: {{labels: {{app: {set}}}}}\n    spec:\n{own}      \
         terminationGracePeriodSeconds: {grace}\n      containers:\n        - name: app\n          image: app:1\n{probe}"
    );
    if scratch || !templates.is_empty() {
        text.push_str("          volumeMounts:\n");
        for name in templates.iter().chain(scratch.then_some(&"scratch")) {
            let _ = writeln!(text, "            - {{name: {name}, mountPath: /{name}}}");
        }
    }
    if !templates.is_empty() {
        text.push_str("  volumeClaimTemplates:\n");
        for name in templates {
            let _ = write!(text, "    - metadata: {{name: {name}}}\n      spec: {claim}\n");
        }
    }
    text
}
