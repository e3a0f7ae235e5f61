//! The law of a dump: what an object says of itself is a fact, and a verdict that contradicts one is not told.

use super::text::{Text, Thing};
use crate::dump::Dump;
use crate::report::Verdict;
use api::kind::Kind;
use api::object::ObjectKey;
use api::well_known::CONTROLLER_REVISION_HASH;
use base::fields::Content;
use base::value::Value;
use why::{Cause, Family};

/// A fact that a verdict may contradict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The condition Ready, or another one.
    Condition,
    /// How many pods or disruptions there are.
    Count,
    /// `deletionTimestamp`.
    Deletion,
    /// The exit codes and restarts of containers.
    Exit,
    /// The phase of a claim, a volume or a pod.
    Phase,
    /// `spec.nodeName`.
    Placed,
    Ready,
    Revision,
    /// The object itself.
    There,
}

/// Families of pods that have no node.
const UNPLACED: [Family; 2] = [Family::NoNodeFits, Family::NobodySchedules];
/// Families of pods that are not Ready.
const UNREADY: [Family; 5] =
    [Family::ContainerFails, Family::OrderedGate, Family::NoNodeFits, Family::NobodySchedules, Family::AttachOrMount];
/// Causes for which a container ends again and again, or has ended.
const ENDS: [Cause; 4] = [Cause::CrashLoop, Cause::OutOfMemory, Cause::Exited, Cause::RollbackTrapCrash];
/// Causes of a pod that is being deleted.
const LEAVES: [Cause; 5] =
    [Cause::KubeletDoesNotEndIt, Cause::PodFinalizer, Cause::NodeUnreachablePodTerminating, Cause::GracePeriod, Cause::NameLeaving];
/// Causes of a claim that is being deleted.
const CLAIM_LEAVES: [Cause; 4] = [Cause::PvcTerminating, Cause::PvcTerminatingFinalizer, Cause::ClaimInUse, Cause::ClaimLeaves];

/// The fact of a dump that a verdict contradicts.
pub fn against(dump: &Dump, verdict: &Verdict) -> Option<Fact> {
    let text = Text { dump };
    let thing = text.find(&verdict.object)?;
    match verdict.object.kind {
        Kind::Pod => of_pod(&text, &thing, verdict),
        Kind::StatefulSet => of_set(&text, &thing, verdict.cause),
        Kind::PersistentVolumeClaim => of_claim(&text, &thing, verdict.cause),
        Kind::PersistentVolume => of_volume(&thing, verdict.cause),
        Kind::Node => of_node(&thing, verdict.cause),
        Kind::Namespace => {
            let leaves = thing.is_leaving() || thing.phase() == "Terminating";
            (verdict.cause == Cause::NamespaceTerminating && !leaves).then_some(Fact::Deletion)
        }
        Kind::PodDisruptionBudget => {
            let allowed = thing.value.int_at(&["status", "disruptionsAllowed"]).unwrap_or(0);
            (verdict.cause == Cause::BudgetAllowsNone && allowed > 0).then_some(Fact::Count)
        }
        Kind::Service => match verdict.cause {
            Cause::GoverningServiceMissing => Some(Fact::There),
            Cause::GoverningServiceNotHeadless => (thing.value.text_at(&["spec", "clusterIP"]) == Some("None")).then_some(Fact::Condition),
            _ => None,
        },
        _ => None,
    }
}

/// Whether the text shows the node of a pod, and as Ready.
fn is_heard(text: &Text<'_>, pod: &Thing<'_>) -> bool {
    let node = pod.value.text_at(&["spec", "nodeName"]).unwrap_or_default();
    text.of(Kind::Node).any(|one| *one.key.name == *node && one.condition("Ready") == Some("True"))
}

fn of_pod(text: &Text<'_>, pod: &Thing<'_>, verdict: &Verdict) -> Option<Fact> {
    let (cause, family, leaves) = (verdict.cause, verdict.family(), pod.is_leaving());
    let is_placed = pod.value.text_at(&["spec", "nodeName"]).is_some_and(|node| !node.is_empty());
    if LEAVES.contains(&cause) && !leaves || leaves && [Cause::NeverReady, Cause::GateNeverReady].contains(&cause) {
        return Some(Fact::Deletion);
    }
    let is_silent = [Cause::NodeUnreachable, Cause::NodeUnreachablePodTerminating].contains(&cause);
    if is_silent && is_placed && is_heard(text, pod) {
        return Some(Fact::Condition);
    }
    // A pod of a silent node counts as it was last seen; one that leaves is made anew.
    if leaves || is_placed && !is_heard(text, pod) {
        return None;
    }
    if is_placed && UNPLACED.contains(&family) {
        return Some(Fact::Placed);
    }
    let is_trap = [Cause::RollbackTrapImage, Cause::RollbackTrapCrash, Cause::RollbackTrapNeverReady].contains(&cause);
    if pod.is_ready() == Some(true) && (UNREADY.contains(&family) || is_trap) {
        return Some(Fact::Ready);
    }
    if is_trap && hash(pod).is_some() && hash(pod) == update_revision(text, &text.workload_of(&pod.key)) {
        return Some(Fact::Revision);
    }
    ended(pod, verdict)
}

/// Whether a verdict tells of ends of containers that the states do not show.
fn ended(pod: &Thing<'_>, verdict: &Verdict) -> Option<Fact> {
    let ended = |path: [&'static str; 2]| pod.containers().filter_map(move |(one, _)| one.at(&path));
    let all: Vec<&Value> = ended(["state", "terminated"]).chain(ended(["lastState", "terminated"])).collect();
    let has_states = pod.containers().next().is_some();
    if has_states && ENDS.contains(&verdict.cause) && all.is_empty() && pod.restarts() == 0 {
        return Some(Fact::Exit);
    }
    let said = match verdict.told.fields.get("exit_code") {
        Some(Content::Number(code)) => Some(*code),
        _ => None,
    };
    let codes: Vec<i64> = all.iter().filter_map(|one| one.int_at(&["exitCode"])).collect();
    (ENDS.contains(&verdict.cause) && said.is_some_and(|code| !codes.is_empty() && !codes.contains(&code))).then_some(Fact::Exit)
}

/// The revision that the label of a pod names.
fn hash<'a>(pod: &Thing<'a>) -> Option<&'a str> {
    pod.value.text_at(&["metadata", "labels", CONTROLLER_REVISION_HASH])
}

/// The revision that a set wants.
fn update_revision<'a>(text: &Text<'a>, set: &ObjectKey) -> Option<&'a str> {
    text.find(set)?.value.text_at(&["status", "updateRevision"])
}

fn of_set(text: &Text<'_>, set: &Thing<'_>, cause: Cause) -> Option<Fact> {
    let number = |path: &[&str]| set.value.int_at(path).unwrap_or(0);
    let pods = text.pods_of(&set.key);
    let have = i64::try_from(pods.len()).unwrap_or(0);
    // What the controller has not seen yet, its status does not tell.
    let is_seen = number(&["status", "observedGeneration"]) >= number(&["metadata", "generation"]);
    let wanted = set.value.int_at(&["spec", "replicas"]).unwrap_or(1);
    let unready = pods.iter().any(|(_, pod)| pod.is_ready() == Some(false) && !pod.is_leaving());
    match cause {
        Cause::Complete if unready || is_seen && number(&["status", "readyReplicas"]) < wanted && have < wanted => Some(Fact::Count),
        Cause::PodsMissing | Cause::NoPods if have >= wanted && wanted > 0 => Some(Fact::Count),
        Cause::OnDelete | Cause::Partition if is_seen => {
            let update = set.value.text_at(&["status", "updateRevision"]);
            let is_new = |(_, pod): &(i64, Thing<'_>)| hash(pod).is_some() && hash(pod) == update;
            (!pods.is_empty() && pods.iter().all(is_new)).then_some(Fact::Revision)
        }
        _ => None,
    }
}

fn of_claim(text: &Text<'_>, claim: &Thing<'_>, cause: Cause) -> Option<Fact> {
    let volume = claim.value.text_at(&["spec", "volumeName"]).unwrap_or_default();
    let has_volume = text.of(Kind::PersistentVolume).any(|one| *one.key.name == *volume && !one.is_leaving());
    match cause {
        _ if CLAIM_LEAVES.contains(&cause) && !claim.is_leaving() => Some(Fact::Deletion),
        _ if cause.family() == Family::ClaimPending && claim.phase() == "Bound" => Some(Fact::Phase),
        Cause::PvcLost if claim.phase() == "Bound" && has_volume => Some(Fact::Phase),
        Cause::PvcMissing => Some(Fact::There),
        _ => None,
    }
}

fn of_volume(volume: &Thing<'_>, cause: Cause) -> Option<Fact> {
    match cause {
        Cause::VolumeLeaves if !volume.is_leaving() => Some(Fact::Deletion),
        Cause::PvReleasedClaimRef if volume.phase() == "Bound" => Some(Fact::Phase),
        _ => None,
    }
}

fn of_node(node: &Thing<'_>, cause: Cause) -> Option<Fact> {
    let is_silent = [Cause::NodeUnreachable, Cause::NodeUnreachablePodTerminating].contains(&cause);
    let is_cordoned = node.value.get("spec").and_then(|spec| spec.get("unschedulable")).and_then(Value::as_bool) == Some(true);
    match cause {
        _ if is_silent && node.condition("Ready") == Some("True") => Some(Fact::Condition),
        Cause::NodeGone => Some(Fact::There),
        Cause::Cordoned if !is_cordoned => Some(Fact::Condition),
        _ => None,
    }
}
