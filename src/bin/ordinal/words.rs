//! The words of the command line that the page does not have.

mod matter;

use ordinal::plan::Finding;
use ordinal::text::risks::Harm;

pub use matter::{matter, remedy};

pub(crate) const IS_SEEN: &str = "How it is seen";
pub(crate) const ENDS: &str = "What ends it";
pub(crate) const PREVENTS: &str = "What is tried to prevent it";
pub(crate) const LESSON: &str = "The lesson that shows it";
pub(crate) const CHANGE: &str = "A change";
pub(crate) const MANIFEST: &str = "A fault of the manifest";
/// Where a fault of a manifest is seen.
pub(crate) const OF_RISKS: &str = "`ordinal risks` names the line before it searches.";
/// What ends a fault of a manifest.
pub(crate) const CHANGE_FIELD: &str = "Change one of the two fields that contradict each other.";
pub(crate) const OBJECTS: &str = "No message says so: the diagnosis reads it from the objects of a dump.";
/// The heading of the assumptions that the findings rest on.
pub(crate) const RESTS: &str = "What this rests on";
/// The heading of the consequences of pruning.
pub(crate) const PRUNED: &str = "Where it is pruned:";
pub(crate) const OTHERWISE: &str = "`ordinal plan` tells the way round that was tried, if there is one.";
/// Where a matter of a plan is seen.
pub(crate) const OF_PLAN: &str = "`ordinal plan BEFORE AFTER` names it before the sets.";
/// Where it is seen that a set is gone.
pub(crate) const OF_CHECK: &str = "`ordinal check --base REF` names the set.";

/// That a finding is accepted, and why.
pub fn accepted(id: &str, workload: &str, reason: &str) -> String {
    format!("Accepted: {id} of {workload}: {reason}")
}

/// How many manifests were checked, and what was found.
pub fn checked(manifests: usize, found: usize, accepted: usize) -> String {
    format!("Manifests with a StatefulSet: {manifests}. Findings: {found}, of which {accepted} accepted.")
}

/// By which tool a change is planned, and the file that shows it.
pub(crate) fn applied_by(tool: &str, file: &str) -> String {
    format!("The change is planned as {tool} applies it: {file} shows that.")
}

/// That a set is gone from a repository, and whether its data goes where somebody prunes.
pub fn gone(set: &str, loses: bool) -> String {
    let pruned = format!("{set} is gone from the repository: `kubectl apply` leaves it, and Helm, or GitOps that prunes, stops its pods");
    if loses { format!("{pruned} and deletes its data by `whenDeleted: Delete`.") } else { format!("{pruned}.") }
}

/// The command that shows a finding of a plan.
pub fn plan(finding: &str) -> String {
    format!("`ordinal plan BEFORE AFTER --fail-on {finding}` ends with 1.")
}

/// What a finding of a plan is.
pub fn finding(finding: Finding) -> &'static str {
    match finding {
        Finding::Unavailable => "The change leaves a set without a Ready pod, or without its majority, for some time.",
        Finding::Unjudged => "Something decides of which nobody here can tell whether it goes well.",
        Finding::Quorum => "The change takes the majority that members need, or all pods of a set at once.",
        Finding::Stuck => "The change ends where somebody has to act, or does not end.",
        Finding::Refused => "The API server refuses a part of the change.",
        Finding::Data => "The change loses a volume or what is on it.",
    }
}

/// How a kind of finding is seen in a cluster.
pub fn seen(harm: Harm) -> &'static str {
    match harm {
        Harm::DataLost => "A client reads older data than was acknowledged, or none, after the pod came back.",
        Harm::VolumeDeleted => "`kubectl get pv` no longer has the volume, or the claim has a new one.",
        Harm::Fleeting => "The pod's folder is empty after a restart, and no claim exists for it.",
        Harm::TwoWriters => "`kubectl get pod -o wide` shows the pod on one node, while its old process still runs on another machine.",
        Harm::QuorumLost => "Members log that they have no leader, and writes time out.",
        Harm::RollbackTrap => "`kubectl rollout undo` succeeds, and the broken pod keeps its old revision.",
        Harm::ReadinessDeadlock => "Pods are Running and never Ready; their logs cannot resolve the names of their peers.",
        Harm::VolumePinned => "A pod is Pending; its Event says `volume node affinity conflict`.",
        Harm::Terminating => "`kubectl get pod` shows Terminating for as long as the node is NotReady.",
        Harm::DrainEndless => "`kubectl drain` repeats: Cannot evict pod as it would violate the pod's disruption budget.",
        Harm::OnDelete => "`kubectl get sts -o yaml` shows two revisions long after the change.",
        Harm::Stuck => "The set never has as many Ready pods as it should; `ordinal diagnose` names the cause.",
        Harm::Together => "`kubectl get pod -o wide` shows several pods of the set on one node.",
        Harm::Unavailable => "The Service of the set has no endpoint for that time.",
    }
}

/// The word that is most like another, if one is near.
pub fn nearest(word: &str, all: impl Iterator<Item = String>) -> Option<String> {
    let likeness = |one: String| (strsim::jaro_winkler(word, &one), one);
    let (likeness, near) = all.map(likeness).max_by(|(a, _), (b, _)| a.total_cmp(b))?;
    (likeness > NEAR).then_some(near)
}

/// A word that is at least so much like another is meant.
const NEAR: f64 = 0.8;
