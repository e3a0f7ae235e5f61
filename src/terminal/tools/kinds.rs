//! Whether an object that is no set is what its manifest asks for, as each tool reckons. A row for each kind that one of them looks at.
//! All others are ready at once.
//!
//! Models helm.sh/helm/v3 pkg/kube/ready.go, github.com/fluxcd/cli-utils pkg/kstatus/status/core.go (Helm 4, Flux) and
//! github.com/argoproj/gitops-engine pkg/health.

use api::client::Client;
use api::kind::Kind;
use base::value::Value;

use crate::state::State;
use crate::tool::Tool;

/// What is said of an object as the server has it.
type Says = fn(&Value, &dyn Client) -> State;

/// How one kind is judged.
struct Row {
    kind: Kind,
    helm3: Says,
    kstatus: Says,
    argo: Says,
}

const ROWS: [Row; 8] = [
    Row { kind: Kind::Pod, helm3: pod, kstatus: pod, argo: pod },
    Row { kind: Kind::PersistentVolumeClaim, helm3: claim, kstatus: claim, argo: claim_unless_lost },
    Row { kind: Kind::Service, helm3: has_address, kstatus: at_once, argo: is_balanced },
    Row { kind: Kind::Ingress, helm3: at_once, kstatus: at_once, argo: has_ingress },
    Row { kind: Kind::Deployment, helm3: enough_are_ready, kstatus: all_are_available, argo: rolled_out },
    Row { kind: Kind::DaemonSet, helm3: enough_nodes_are_ready, kstatus: all_nodes_are_available, argo: rolled_out_to_nodes },
    Row { kind: Kind::Job, helm3: at_once, kstatus: job_started, argo: job_ended },
    Row { kind: Kind::HorizontalPodAutoscaler, helm3: at_once, kstatus: at_once, argo: scales },
];

/// What a tool says of an object of a kind that is no set.
pub fn of(tool: Tool, kind: Kind, live: &Value, client: &dyn Client) -> State {
    let Some(row) = ROWS.iter().find(|row| row.kind == kind) else { return State::READY };
    let says = match tool {
        Tool::Helm3 => row.helm3,
        Tool::ArgoCd => row.argo,
        // Flux reads Jobs in its own way.
        Tool::Flux if kind == Kind::Job => job_completed,
        Tool::Helm4 if kind == Kind::Deployment && is_paused(live) => at_once,
        Tool::Kubectl | Tool::KubectlServerSide | Tool::Helm4 | Tool::Flux => row.kstatus,
    };
    says(live, client)
}

fn at_once(_: &Value, _: &dyn Client) -> State {
    State::READY
}

fn text<'a>(live: &'a Value, path: &[&str]) -> &'a str {
    live.text_at(path).unwrap_or_default()
}

/// A number of the status; 0 if there is none.
fn count(live: &Value, field: &str) -> i64 {
    live.int_at(&["status", field]).unwrap_or(0)
}

fn wanted(live: &Value) -> i64 {
    live.int_at(&["spec", "replicas"]).unwrap_or(1)
}

fn generation(live: &Value) -> i64 {
    live.int_at(&["metadata", "generation"]).unwrap_or(0)
}

fn is_paused(live: &Value) -> bool {
    live.at(&["spec", "paused"]).and_then(Value::as_bool) == Some(true)
}

fn conditions(live: &Value) -> impl Iterator<Item = (&str, &str, &str, &str)> {
    live.list_at(&["status", "conditions"])
        .iter()
        .map(|one| (text(one, &["type"]), text(one, &["status"]), text(one, &["reason"]), text(one, &["message"])))
}

/// The message of a condition that holds.
fn holds<'a>(live: &'a Value, kind: &str) -> Option<&'a str> {
    conditions(live).find(|(known, status, _, _)| *known == kind && *status == "True").map(|(_, _, _, message)| message)
}

const PHASE: [&str; 2] = ["status", "phase"];

fn pod(live: &Value, _: &dyn Client) -> State {
    State::unless(holds(live, "Ready").is_none() && text(live, &PHASE) != "Succeeded", "Pod is in the Pending phase")
}

fn claim(live: &Value, _: &dyn Client) -> State {
    let phase = text(live, &PHASE);
    State::unless(phase != "Bound", format!("PVC is not Bound. phase: {phase}"))
}

fn claim_unless_lost(live: &Value, client: &dyn Client) -> State {
    if text(live, &PHASE) == "Lost" { State::Failed(String::new()) } else { claim(live, client) }
}

// Services and Ingresses.

const TYPE: [&str; 2] = ["spec", "type"];

fn has_ingress(live: &Value, _: &dyn Client) -> State {
    State::unless(live.list_at(&["status", "loadBalancer", "ingress"]).is_empty(), "")
}

fn is_balanced(live: &Value, client: &dyn Client) -> State {
    if text(live, &TYPE) == "LoadBalancer" { has_ingress(live, client) } else { State::READY }
}

fn has_address(live: &Value, client: &dyn Client) -> State {
    if text(live, &TYPE) == "ExternalName" || !live.list_at(&["spec", "externalIPs"]).is_empty() {
        return State::READY;
    }
    is_balanced(live, client)
}

// Deployments.

/// The ReplicaSet of the newest template of a Deployment.
fn newest(live: &Value, client: &dyn Client) -> Option<Value> {
    const REVISION: [&str; 3] = ["metadata", "annotations", "deployment.kubernetes.io/revision"];
    let uid = live.text_at(&["metadata", "uid"]);
    let is_own = |set: &Value| set.list_at(&["metadata", "ownerReferences"]).iter().any(|owner| owner.text_at(&["uid"]) == uid);
    let all = client.list(Kind::ReplicaSet, live.text_at(&["metadata", "namespace"]));
    all.into_iter().find(|set| is_own(set) && set.text_at(&REVISION) == live.text_at(&REVISION))
}

/// How many pods of a number may be missing.
fn may_miss(live: &Value, of: i64, rounds_up: bool) -> i64 {
    let Some(most) = live.at(&["spec", "strategy", "rollingUpdate", "maxUnavailable"]) else { return 0 };
    resolved(most, of, rounds_up).min(of)
}

/// A number, or a percentage of one.
fn resolved(value: &Value, of: i64, rounds_up: bool) -> i64 {
    let percent = value.as_text().and_then(|text| text.strip_suffix('%')).and_then(|text| text.parse::<i64>().ok());
    match percent {
        Some(percent) => (percent * of + if rounds_up { 99 } else { 0 }) / 100,
        None => value.as_int().unwrap_or(of),
    }
}

/// How many pods of a Deployment have to be ready: where none may be missing and none be more, one may be missing after all.
fn least_ready(live: &Value) -> i64 {
    let of = wanted(live);
    let surge = live.at(&["spec", "strategy", "rollingUpdate", "maxSurge"]);
    let missing = match surge {
        None => 0,
        Some(surge) if may_miss(live, of, false) == 0 && resolved(surge, of, true) == 0 => 1,
        Some(_) => may_miss(live, of, false),
    };
    of - missing
}

fn enough_are_ready(live: &Value, client: &dyn Client) -> State {
    if is_paused(live) {
        return State::READY;
    }
    let is_seen = |object: &Value| count(object, "observedGeneration") == generation(object);
    let ready = newest(live, client).filter(is_seen).is_some_and(|set| count(&set, "readyReplicas") >= least_ready(live));
    State::unless(!is_seen(live) || !ready, "")
}

/// What kstatus says of an object whose controller has not seen it as it is.
fn unseen(live: &Value) -> Option<State> {
    let (generation, observed) = (generation(live), live.int_at(&["status", "observedGeneration"])?);
    let kind = text(live, &["kind"]);
    let told = || State::Waits(format!("{kind} generation is {generation}, but latest observed generation is {observed}"));
    (generation != observed).then(told)
}

/// The first of some numbers that is less than what it should be, as kstatus tells.
fn too_few(all: &[(&str, i64, i64)]) -> Option<State> {
    let few = all.iter().find(|(_, is, should)| is < should)?;
    Some(State::Waits(format!("{}: {}/{}", few.0, few.1, few.2)))
}

fn all_are_available(live: &Value, _: &dyn Client) -> State {
    let exceeded = conditions(live).any(|(kind, _, reason, _)| kind == "Progressing" && reason == "ProgressDeadlineExceeded");
    if let Some(state) = unseen(live) {
        return state;
    }
    if exceeded {
        return State::Failed("Progress deadline exceeded".to_owned());
    }
    let (wanted, all, updated) = (wanted(live), count(live, "replicas"), count(live, "updatedReplicas"));
    let surplus = || (all > wanted).then(|| State::Waits(format!("Pending termination: {}", all - wanted)));
    let rolled =
        conditions(live).any(|(kind, status, reason, _)| (kind, status, reason) == ("Progressing", "True", "NewReplicaSetAvailable"));
    too_few(&[("Replicas", all, wanted), ("Updated", updated, wanted)])
        .or_else(surplus)
        .or_else(|| too_few(&[("Available", count(live, "availableReplicas"), updated), ("Ready", count(live, "readyReplicas"), wanted)]))
        .or_else(|| (!rolled).then(|| State::Waits("ReplicaSet not Available".to_owned())))
        .unwrap_or_else(|| State::unless(holds(live, "Available").is_none(), "Deployment not Available"))
}

fn rolled_out(live: &Value, _: &dyn Client) -> State {
    const WAITS: &str = "Waiting for rollout to finish: ";
    let name = text(live, &["metadata", "name"]);
    if is_paused(live) {
        return State::Waits("Deployment is paused".to_owned());
    }
    if count(live, "observedGeneration") < generation(live) {
        return State::Waits(format!("{WAITS}observed deployment generation less than desired generation"));
    }
    if conditions(live).any(|(kind, _, reason, _)| kind == "Progressing" && reason == "ProgressDeadlineExceeded") {
        return State::Failed(format!("Deployment \"{name}\" exceeded its progress deadline"));
    }
    let (wanted, updated, available) = (wanted(live), count(live, "updatedReplicas"), count(live, "availableReplicas"));
    let old = count(live, "replicas") - updated;
    if updated < wanted {
        State::Waits(format!("{WAITS}{updated} out of {wanted} new replicas have been updated..."))
    } else if old > 0 {
        State::Waits(format!("{WAITS}{old} old replicas are pending termination..."))
    } else {
        State::unless(available < updated, format!("{WAITS}{available} of {updated} updated replicas are available..."))
    }
}

// DaemonSets.

fn on_delete(live: &Value) -> bool {
    text(live, &["spec", "updateStrategy", "type"]) == "OnDelete"
}

fn enough_nodes_are_ready(live: &Value, _: &dyn Client) -> State {
    if count(live, "observedGeneration") != generation(live) {
        return State::Waits(String::new());
    }
    if on_delete(live) {
        return State::READY;
    }
    let nodes = count(live, "desiredNumberScheduled");
    let most = live.at(&["spec", "updateStrategy", "rollingUpdate", "maxUnavailable"]);
    let least = nodes - most.map_or(0, |most| resolved(most, nodes, true));
    State::unless(count(live, "updatedNumberScheduled") != nodes || count(live, "numberReady") < least, "")
}

fn all_nodes_are_available(live: &Value, _: &dyn Client) -> State {
    let Some(nodes) = live.int_at(&["status", "desiredNumberScheduled"]) else {
        return State::Waits("Missing .status.desiredNumberScheduled".to_owned());
    };
    let of = |field: &str| count(live, field);
    let counts = [
        ("Current", of("currentNumberScheduled"), nodes),
        ("Updated", of("updatedNumberScheduled"), nodes),
        ("Available", of("numberAvailable"), nodes),
        ("Ready", of("numberReady"), nodes),
    ];
    unseen(live).or_else(|| too_few(&counts)).unwrap_or(State::READY)
}

fn rolled_out_to_nodes(live: &Value, _: &dyn Client) -> State {
    let waits = |what: String| format!("Waiting for daemon set \"{}\" rollout to finish: {what}", text(live, &["metadata", "name"]));
    if count(live, "observedGeneration") < generation(live) {
        return State::Waits("Waiting for rollout to finish: observed daemon set generation less than desired generation".to_owned());
    }
    let (nodes, updated, available) =
        (count(live, "desiredNumberScheduled"), count(live, "updatedNumberScheduled"), count(live, "numberAvailable"));
    if on_delete(live) {
        State::READY
    } else if updated < nodes {
        State::Waits(waits(format!("{updated} out of {nodes} new pods have been updated...")))
    } else {
        State::unless(available < nodes, waits(format!("{available} of {nodes} updated pods are available...")))
    }
}

// Jobs and autoscalers.

fn job_started(live: &Value, client: &dyn Client) -> State {
    match job_completed(live, client) {
        State::Waits(_) => State::unless(live.at(&["status", "startTime"]).is_none(), "Job not started"),
        ended => ended,
    }
}

fn job_completed(live: &Value, _: &dyn Client) -> State {
    let wanted = live.int_at(&["spec", "completions"]).or_else(|| live.int_at(&["spec", "parallelism"])).unwrap_or(1);
    if holds(live, "Failed").is_some() {
        return State::Failed(format!("Job Failed. failed: {}/{wanted}", count(live, "failed")));
    }
    State::unless(holds(live, "Complete").is_none(), "Job in progress")
}

/// As Argo CD tells: in the words of the Job's own conditions.
fn job_ended(live: &Value, _: &dyn Client) -> State {
    match (holds(live, "Failed"), holds(live, "Complete")) {
        (Some(message), _) => State::Failed(message.to_owned()),
        (None, Some(message)) => State::Ready(message.to_owned()),
        (None, None) => State::Waits(String::new()),
    }
}

/// The reasons for which Argo CD calls an autoscaler degraded.
const DEGRADED: [(&str, &str); 8] = [
    ("AbleToScale", "FailedGetScale"),
    ("AbleToScale", "FailedUpdateScale"),
    ("ScalingActive", "FailedGetResourceMetric"),
    ("ScalingActive", "FailedGetObjectMetric"),
    ("ScalingActive", "FailedGetPodsMetric"),
    ("ScalingActive", "FailedGetExternalMetric"),
    ("ScalingActive", "FailedComputeMetricsReplicas"),
    ("ScalingActive", "InvalidSelector"),
];

fn scales(live: &Value, _: &dyn Client) -> State {
    if let Some((_, _, _, message)) = conditions(live).find(|(kind, _, reason, _)| DEGRADED.contains(&(kind, reason))) {
        return State::Failed(message.to_owned());
    }
    let scales = conditions(live).find(|(kind, status, _, _)| ["AbleToScale", "ScalingLimited"].contains(kind) && *status == "True");
    scales.map_or_else(|| State::Waits("Waiting to Autoscale".to_owned()), |(_, _, _, message)| State::Ready(message.to_owned()))
}
