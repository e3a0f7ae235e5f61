//! Random operations on Deployments, ReplicaSets, DaemonSets and Jobs. Their pods have generated names: an operation on one draws it
//! from those that are there, and names it in its step.

pub(super) mod manifest;

use super::draw::Draw;
use super::operation::{self, QUOTA, hold, kubectl};
use crate::condition::NAMESPACE;
use crate::file::{Fault, Step};
use api::kind::Kind;
use api::object::{Object, Pod, PodPhase};
use api::well_known::DESIRED_REPLICAS;
use base::dice::Dice;
use base::time::Span;
use base::value::Value;
use sim::Sim;
use std::rc::Rc;
use why::{Component, Reason};

/// The workloads of a world, each with a manifest `NAME.yaml` and another one `NAME-other.yaml`.
pub(super) const NAMES: [&str; 6] = ["shop", "api", "pool", "agent", "task", "sums"];
/// The Deployments among them.
const DEPLOYMENTS: [&str; 2] = ["shop", "api"];
/// The ReplicaSet that belongs to nobody.
const REPLICA_SET: &str = "pool";
/// The DaemonSet.
const DAEMON_SET: &str = "agent";
const JOBS: [&str; 2] = ["task", "sums"];
/// What rolls out.
const ROLLING: [&str; 3] = ["shop", "api", DAEMON_SET];
/// What makes pods anew for as long as it is there.
const LASTING: [&str; 4] = ["shop", "api", REPLICA_SET, DAEMON_SET];

/// The most pods that operations ask for.
const MAX_PODS: u64 = 7;

/// Longer than a Job's command takes.
const LONG: Span = Span::seconds(60);

/// A kind of operation and its weight.
type Kinds = (u64, fn(Draw, &Sim) -> Step);

const KINDS: [Kinds; 14] = [
    (34, |draw, _| operation::pass_time(draw)),
    (12, |draw, _| scale(draw)),
    (12, |draw, _| change_template(draw)),
    (8, |draw, _| revert(draw)),
    (5, |draw, _| pause(draw)),
    (8, |draw, _| apply(draw)),
    (8, |draw, _| change_strategy(draw)),
    (10, |draw, _| change_job(draw)),
    (4, |draw, _| delete_workload(draw)),
    (10, delete_pods),
    (7, relabel),
    (5, |draw, _| make_by_hand(draw)),
    (10, break_pod),
    (10, |draw, _| operation::break_node(draw)),
];

/// The operation with this number, in the world as it is.
pub(super) fn operation(dice: Dice, number: u64, sim: &Sim) -> Step {
    let draw = Draw { dice, subject: number, release: sim.release() };
    draw.weigh(0, &KINDS)(draw, sim)
}

/// What a person would do now about what is in the way: applies what is gone, has Jobs begin, makes pods ready that somebody made
/// unready, ends the processes of Jobs on nodes on which none ends by itself, and deletes pods that nobody has any more.
pub(super) fn help(sim: &Sim) -> Vec<Step> {
    let there = |name: &str| sim.tables().find(kind_of(name), NAMESPACE, name).is_some();
    let gone = NAMES.iter().filter(|name| !there(name)).map(|name| kubectl(format!("apply -f {name}.yaml")));
    let lasts = |p: &&Rc<Pod>| p.meta.controller().is_some_and(|o| o.kind != Some(Kind::Job));
    let unready = sim.tables().pods().filter(lasts).filter(|p| !p.ready() && !p.meta.terminating() && !p.status.phase.terminal());
    let runs = |p: &&Rc<Pod>| !lasts(p) && p.status.phase == PodPhase::Running && sim.now().since(p.meta.created) > LONG;
    let running = sim.tables().pods().filter(|p| p.meta.controller().is_some()).filter(runs);
    let ready = |pod: &Rc<Pod>| Step::Fault(Fault::PodReady { pod: pod.meta.name.to_string() });
    let end = |pod: &Rc<Pod>| Step::Fault(Fault::Crash { pod: pod.meta.name.to_string(), exit_code: 0 });
    let strays = sim.tables().within(Kind::Pod, NAMESPACE).filter(|pod| pod.meta().controller().is_none() && !pod.meta().terminating());
    let delete = |pod: &Object| kubectl(format!("delete pod {} --wait=false", pod.meta().name));
    let waits = |job: &&Object| {
        let spec = job.as_plain().and_then(|job| job.raw.get("spec"));
        spec.is_some_and(|spec| spec.int_at(&["parallelism"]) == Some(0) || spec.get("suspend").and_then(Value::as_bool) == Some(true))
    };
    let waiting = sim.tables().within(Kind::Job, NAMESPACE).filter(waits);
    let begin = |job: &Object| kubectl(format!("patch job {} -p '{{\"spec\":{{\"suspend\":false,\"parallelism\":1}}}}'", job.meta().name));
    let gone = gone.chain(waiting.map(begin));
    let steps = gone.chain(unready.map(ready)).chain(running.map(end)).chain(strays.map(delete));
    steps.chain(noted(sim)).collect()
}

/// Notes the sizes of Deployments that were resized during a rollout, and by themselves would never go on with it, as in a real cluster.
fn noted(sim: &Sim) -> impl Iterator<Item = Step> {
    sim.tables().deployments().filter_map(|deployment| {
        let entry = sim.decisions().by(&deployment.key(), Component::Deployment)?;
        let Reason::SizeIsNotNoted(replica_sets) = &entry.decision.because else { return None };
        let (names, replicas) = (replica_sets.join(" "), deployment.spec.replicas);
        Some(kubectl(format!("annotate rs {names} {DESIRED_REPLICAS}={replicas} --overwrite")))
    })
}

fn kind_of(name: &str) -> Kind {
    match name {
        DAEMON_SET => Kind::DaemonSet,
        REPLICA_SET => Kind::ReplicaSet,
        name if JOBS.contains(&name) => Kind::Job,
        _ => Kind::Deployment,
    }
}

impl Draw {
    /// A workload, as kubectl names it.
    fn of<const N: usize>(self, names: &[&'static str; N]) -> String {
        let name = self.pick(1, names);
        format!("{}/{name}", kind_of(name).info().name.to_lowercase())
    }

    /// One of a workload's pods; a name that nobody has if there are none.
    fn pod_of(self, sim: &Sim, name: &str) -> String {
        let pods = sim.tables().within(Kind::Pod, NAMESPACE).filter_map(Object::as_pod);
        let own: Vec<&Rc<Pod>> = pods.filter(|p| p.meta.name.starts_with(name)).collect();
        let drawn = usize::try_from(self.below(2, 64)).unwrap_or(0).checked_rem(own.len());
        drawn.map_or_else(|| "nobody".into(), |i| own[i].meta.name.to_string())
    }
}

/// A change of a workload's spec.
fn edit(workload: &str, spec: &str) -> Step {
    kubectl(format!("patch {workload} --type=merge -p '{{\"spec\":{{{spec}}}}}'"))
}

fn scale(draw: Draw) -> Step {
    let most = draw.pick(4, &[3, 4, MAX_PODS]);
    kubectl(format!("scale {} --replicas={}", draw.of(&["shop", "api", "shop", "api", REPLICA_SET]), draw.below(2, most)))
}

fn change_template(draw: Draw) -> Step {
    let tag = draw.pick(2, &["1", "2", "3", "2", "3-broken", "3-crash", "3-unready", "3-stubborn", "3-slow"]);
    let workload = draw.of(&ROLLING);
    match draw.below(3, 8) {
        0 => kubectl(format!("rollout restart {workload}")),
        _ => kubectl(format!("set image {workload} app=app:{tag}")),
    }
}

fn revert(draw: Draw) -> Step {
    let workload = draw.of(&ROLLING);
    match draw.below(2, 3) {
        0 => kubectl(format!("rollout undo {workload} --to-revision={}", 1 + draw.below(3, 4))),
        _ => kubectl(format!("rollout undo {workload}")),
    }
}

fn pause(draw: Draw) -> Step {
    kubectl(format!("rollout {} {}", draw.pick(2, &["pause", "resume", "resume"]), draw.of(&DEPLOYMENTS)))
}

fn apply(draw: Draw) -> Step {
    kubectl(format!("apply -f {}{}.yaml", draw.pick(1, &NAMES), draw.pick(2, &["", "", "-other"])))
}

fn change_strategy(draw: Draw) -> Step {
    let deployment = draw.of(&DEPLOYMENTS);
    match draw.below(4, 10) {
        0 => edit(&deployment, "\"strategy\":{\"type\":\"Recreate\",\"rollingUpdate\":null}"),
        1 => edit(&deployment, "\"strategy\":{\"type\":\"RollingUpdate\",\"rollingUpdate\":null}"),
        2 | 3 => {
            let limits = manifest::limits(draw, 5);
            edit(&deployment, &format!("\"strategy\":{{\"type\":\"RollingUpdate\",\"rollingUpdate\":{limits}}}"))
        }
        4 => edit(&deployment, &format!("\"minReadySeconds\":{}", draw.pick(2, &[0, 1, 8]))),
        5 => edit(&deployment, &format!("\"revisionHistoryLimit\":{}", draw.below(2, 3))),
        6 => edit(&deployment, &format!("\"progressDeadlineSeconds\":{}", draw.pick(2, &[9, 30, 600]))),
        7 => edit(&format!("daemonset/{DAEMON_SET}"), "\"updateStrategy\":{\"type\":\"OnDelete\",\"rollingUpdate\":null}"),
        8 => edit(&format!("daemonset/{DAEMON_SET}"), &format!("\"minReadySeconds\":{}", draw.pick(2, &[0, 1, 8]))),
        _ => {
            let limits = manifest::daemon_limits(draw, 5);
            edit(
                &format!("daemonset/{DAEMON_SET}"),
                &format!("\"updateStrategy\":{{\"type\":\"RollingUpdate\",\"rollingUpdate\":{limits}}}"),
            )
        }
    }
}

fn change_job(draw: Draw) -> Step {
    let job = draw.of(&JOBS);
    match draw.below(4, 10) {
        0 | 1 => edit(&job, &format!("\"parallelism\":{}", draw.below(2, 5))),
        2 => edit(&job, "\"suspend\":true"),
        3 => edit(&job, "\"suspend\":false"),
        4 => edit(&job, &format!("\"backoffLimit\":{}", draw.below(2, 5))),
        5 => edit(&job, &format!("\"activeDeadlineSeconds\":{}", 1 + draw.below(2, 60))),
        6 => edit(&job, &format!("\"parallelism\":{0},\"completions\":{0}", 1 + draw.below(2, 5))),
        _ => {
            let name = job.trim_start_matches("job/");
            kubectl(format!("replace --force -f {name}{}.yaml --wait=false", draw.pick(2, &["", "-other"])))
        }
    }
}

fn delete_workload(draw: Draw) -> Step {
    let cascade = draw.pick(2, &["background", "foreground", "orphan"]);
    let what = match draw.below(3, 6) {
        0 => format!("replicasets -l app={}", draw.pick(1, &DEPLOYMENTS)),
        1 => format!("controllerrevisions -l app={DAEMON_SET}"),
        _ => draw.of(&NAMES),
    };
    kubectl(format!("delete {what} --cascade={cascade} --wait=false"))
}

fn delete_pods(draw: Draw, sim: &Sim) -> Step {
    let name = draw.pick(1, &NAMES);
    let pod = draw.pod_of(sim, name);
    match draw.below(4, 10) {
        0 => kubectl(format!("delete pod -l app={name} --wait=false")),
        1 => kubectl(format!("delete pod {pod} --now --wait=false")),
        2 if !JOBS.contains(&name) => hold(&pod, true),
        3 if !JOBS.contains(&name) => hold(&pod, false),
        _ => kubectl(format!("delete pod {pod} --wait=false")),
    }
}

fn relabel(draw: Draw, sim: &Sim) -> Step {
    let name = draw.pick(1, &LASTING);
    let pod = draw.pod_of(sim, name);
    match draw.below(4, 8) {
        0 | 1 => kubectl(format!("label pod {pod} app=stray --overwrite")),
        2 => kubectl(format!("label pod {pod} pod-template-hash-")),
        3 => kubectl(format!("label pod {pod} app-")),
        4 => kubectl(format!("label pod {pod} controller-revision-hash-")),
        _ => kubectl(format!("label pod {pod} app={name} --overwrite")),
    }
}

/// Pods that a ReplicaSet or a DaemonSet adopts; Jobs; and limits on pods and their eviction.
fn make_by_hand(draw: Draw) -> Step {
    let name = draw.pick(1, &[REPLICA_SET, DAEMON_SET, "shop"]);
    match draw.below(4, 12) {
        0..=3 => kubectl(format!("run {name}-{} --image=app:1 --labels=app={name}", draw.below(2, 4))),
        4 => kubectl(format!("create job extra --image=busybox:1.36 -- sleep {}", draw.below(2, 20))),
        5 => kubectl("delete job extra --wait=false"),
        6 => kubectl(format!("create quota {QUOTA} --hard=pods={}", 4 + draw.below(2, 12))),
        7 | 8 => kubectl(format!("delete quota {QUOTA} --wait=false")),
        9 => kubectl(format!("create pdb {name} --selector=app={name} --max-unavailable={}", draw.below(5, 2))),
        _ => kubectl(format!("delete pdb {name} --wait=false")),
    }
}

fn break_pod(draw: Draw, sim: &Sim) -> Step {
    let name = draw.pick(1, &["shop", "api", REPLICA_SET, DAEMON_SET, "task", "sums", "task", "sums"]);
    let pod = draw.pod_of(sim, name);
    Step::Fault(match draw.below(4, 8) {
        0 | 1 => Fault::PodUnready { pod },
        2 => Fault::PodReady { pod },
        3 => Fault::Evict { pod },
        _ => Fault::Crash { pod, exit_code: draw.pick(5, &[0, 1]) },
    })
}
