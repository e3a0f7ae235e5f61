//! The random operations: kubectl lines, faults, and the passing of time. An operation does not depend on earlier ones, so that
//! any of them can be left out.

use super::draw::Draw;
use super::hazard::HazardKind;
use super::world::{NODES, ORDINALS, SETS};
use crate::file::{Fault, Step};
use api::release::Release;
use base::dice::Dice;
use base::time::Span;

/// A kind of operation and its weight.
type Kind = (u64, fn(Draw) -> Step);

const KINDS: [Kind; 13] = [
    (34, pass_time),
    (12, scale),
    (12, change_template),
    (10, revert),
    (12, delete_pods),
    (6, delete_claims),
    (4, delete_set),
    (8, change_strategy),
    (7, relabel),
    (3, delete_others),
    (6, make_by_hand),
    (10, break_pod),
    (10, break_node),
];

/// The longest time that passes at once is slightly above two to this power, in milliseconds.
const LONGEST_POWER: u64 = 16;

/// The name of the ResourceQuota.
pub(super) const QUOTA: &str = "few";

/// The finalizer with which pods are held.
const HOLD: &str = "example.com/hold";

/// The percentage of dares among the operations.
const DARES_PERCENT: u64 = 8;

pub(super) fn operation(dice: Dice, number: u64, dare: Option<HazardKind>, release: &'static Release) -> Step {
    let draw = Draw { dice, subject: number, release };
    match dare {
        Some(dare) if draw.below(9, 100) < DARES_PERCENT => dared(dare, draw),
        _ => draw.weigh(0, &KINDS)(draw),
    }
}

fn dared(dare: HazardKind, draw: Draw) -> Step {
    let (pod, node) = (draw.pod(), draw.node());
    match dare {
        HazardKind::ForceDelete => kubectl(format!("delete pod {pod} --force --grace-period=0 --wait=false")),
        HazardKind::DeleteNode => kubectl(format!("delete node {node} --wait=false")),
        HazardKind::OutOfService => kubectl(format!("taint node {node} node.kubernetes.io/out-of-service=off:NoExecute --overwrite")),
    }
}

/// A kubectl command that ends immediately.
pub(super) fn kubectl(line: impl Into<String>) -> Step {
    Step::Kubectl { line: line.into(), background: None }
}

impl Draw {
    fn set(self) -> &'static str {
        self.pick(1, &SETS)
    }

    fn pod(self) -> String {
        format!("{}-{}", self.set(), self.below(2, ORDINALS))
    }

    pub(super) fn node(self) -> String {
        self.pick(3, &NODES).into()
    }

    /// A change of a set's spec.
    fn patch(self, spec: &str) -> Step {
        kubectl(format!("patch sts {} --type=merge -p '{{\"spec\":{{{spec}}}}}'", self.set()))
    }
}

pub(super) fn pass_time(draw: Draw) -> Step {
    let scale = 1 << draw.below(1, LONGEST_POWER + 1);
    Step::Sleep(Span(scale + draw.below(2, scale)))
}

fn scale(draw: Draw) -> Step {
    let most = draw.pick(4, &[3, 4, ORDINALS]);
    match draw.below(3, 8) {
        0 => draw.patch(&format!("\"ordinals\":{{\"start\":{}}}", draw.below(2, 3))),
        _ => kubectl(format!("scale sts {} --replicas={}", draw.set(), draw.below(2, most))),
    }
}

fn change_template(draw: Draw) -> Step {
    let tag = draw.pick(2, &["1", "2", "3", "2", "3-broken", "3-crash", "3-unready", "3-stubborn"]);
    match draw.below(3, 8) {
        0 => kubectl(format!("rollout restart sts/{}", draw.set())),
        _ => kubectl(format!("set image sts/{} app=app:{tag}", draw.set())),
    }
}

fn revert(draw: Draw) -> Step {
    let set = draw.set();
    match draw.below(2, 4) {
        0 => kubectl(format!("rollout undo sts/{set}")),
        1 => kubectl(format!("rollout undo sts/{set} --to-revision={}", 1 + draw.below(3, 4))),
        _ => kubectl(format!("apply -f {set}.yaml")),
    }
}

fn delete_pods(draw: Draw) -> Step {
    let (pod, set) = (draw.pod(), draw.set());
    match draw.below(4, 12) {
        0 => kubectl(format!("delete pod -l app={set} --wait=false")),
        1 => kubectl(format!("delete pod {pod} --now --wait=false")),
        2 => kubectl(format!("delete pod {pod} {set}-0 --wait=false")),
        3 => hold(&pod, true),
        4 => hold(&pod, false),
        _ => kubectl(format!("delete pod {pod} --wait=false")),
    }
}

/// Puts the finalizer on a pod, or takes all from it.
pub(super) fn hold(pod: &str, held: bool) -> Step {
    let finalizers = if held { format!("[\"{HOLD}\"]") } else { "null".into() };
    kubectl(format!("patch pod {pod} --type=merge -p '{{\"metadata\":{{\"finalizers\":{finalizers}}}}}'"))
}

fn delete_claims(draw: Draw) -> Step {
    match draw.below(4, 8) {
        0 => kubectl(format!("delete pvc -l app={} --wait=false", draw.set())),
        1 => kubectl("delete pv --all --wait=false"),
        n => kubectl(format!("delete pvc {}-{} --wait=false", if n < 6 { "data" } else { "log" }, draw.pod())),
    }
}

fn delete_set(draw: Draw) -> Step {
    let cascade = draw.pick(2, &["background", "foreground", "orphan"]);
    kubectl(format!("delete sts {} --cascade={cascade} --wait=false", draw.set()))
}

fn change_strategy(draw: Draw) -> Step {
    let retention = |when: &str| draw.patch(&format!("\"persistentVolumeClaimRetentionPolicy\":{{\"{when}\":\"Delete\"}}"));
    match draw.below(4, 12) {
        0 | 1 if draw.release.recreates_sets && draw.below(5, 2) == 0 => {
            draw.patch("\"updateStrategy\":{\"type\":\"Recreate\",\"rollingUpdate\":null}")
        }
        0 => draw.patch("\"updateStrategy\":{\"type\":\"OnDelete\",\"rollingUpdate\":null}"),
        1 => draw.patch("\"updateStrategy\":{\"type\":\"RollingUpdate\",\"rollingUpdate\":null}"),
        2 => draw.patch(&format!("\"updateStrategy\":{{\"rollingUpdate\":{{\"maxUnavailable\":{}}}}}", 1 + draw.below(2, 3))),
        3 => draw.patch(&format!("\"minReadySeconds\":{}", draw.pick(2, &[0, 1, 8]))),
        4 => draw.patch(&format!("\"revisionHistoryLimit\":{}", draw.below(2, 3))),
        5 => retention("whenScaled"),
        6 => retention("whenDeleted"),
        _ => draw
            .patch(&format!("\"updateStrategy\":{{\"type\":\"RollingUpdate\",\"rollingUpdate\":{{\"partition\":{}}}}}", draw.below(2, 4))),
    }
}

fn relabel(draw: Draw) -> Step {
    let (pod, set) = (draw.pod(), draw.set());
    match draw.below(4, 6) {
        0 | 1 => kubectl(format!("label pod {pod} app=other --overwrite")),
        2 => kubectl(format!("label pod {pod} statefulset.kubernetes.io/pod-name-")),
        3 => kubectl(format!("label pod {pod} app-")),
        _ => kubectl(format!("label pod {pod} app={set} --overwrite")),
    }
}

fn delete_others(draw: Draw) -> Step {
    let set = draw.set();
    match draw.below(4, 4) {
        0 => kubectl(format!("delete svc {set} --wait=false")),
        1 => kubectl("delete endpointslices --all --wait=false"),
        2 => kubectl(format!("delete controllerrevisions -l app={set} --wait=false")),
        _ => kubectl(format!("annotate sts {set} touched={} --overwrite", draw.below(2, 9))),
    }
}

/// Pods with a set's name, with or without its labels; and limits on pods and their eviction.
fn make_by_hand(draw: Draw) -> Step {
    let (pod, set) = (draw.pod(), draw.set());
    match draw.below(4, 12) {
        0..=2 => kubectl(format!("run {pod} --image=app:1 --labels=app={set}")),
        3 | 4 => kubectl(format!("run {pod} --image=app:1")),
        5 => kubectl(format!("create quota {QUOTA} --hard=pods={}", 2 + draw.below(5, ORDINALS))),
        6..=8 => kubectl(format!("delete quota {QUOTA} --wait=false")),
        9 => kubectl(format!("create pdb {set} --selector=app={set} --max-unavailable={}", draw.below(5, 2))),
        _ => kubectl(format!("delete pdb {set} --wait=false")),
    }
}

fn break_pod(draw: Draw) -> Step {
    let pod = draw.pod();
    Step::Fault(match draw.below(4, 8) {
        0 | 1 => Fault::PodUnready { pod },
        2 | 3 => Fault::PodReady { pod },
        4 => Fault::Evict { pod },
        _ => Fault::Crash { pod, exit_code: draw.pick(5, &[0, 1]) },
    })
}

pub(super) fn break_node(draw: Draw) -> Step {
    let node = draw.node();
    match draw.below(4, 12) {
        0 => kubectl(format!("cordon {node}")),
        1 | 2 => kubectl(format!("uncordon {node}")),
        3 | 4 => Step::Fault(Fault::NodeDown { node }),
        6 => kubectl(format!("taint node {node} example.com/busy=yes:{} --overwrite", draw.pick(5, &["NoSchedule", "NoExecute"]))),
        7 => kubectl(format!("taint node {node} example.com/busy-")),
        8 => kubectl(format!("drain {node} --timeout=20s")),
        n => Step::Fault(Fault::NodeUp { node, restart_containers: n == 5 }),
    }
}
