//! The scheduler's messages, in Kubernetes' words.

use base::sort::Sort;
use base::sorted::SortedMap;

use super::verdict::{Because, Preemption, Room};
use api::object::Uid;
use api::release::Release;

/// The longest note of an event, in bytes. Models pkg/scheduler/schedule_one.go truncateMessage.
const NOTE_MAX: usize = 1024;

/// A message truncated to fit an event.
pub fn note(message: &str) -> String {
    const SUFFIX: &str = " ...";
    if message.len() <= NOTE_MAX {
        return message.to_owned();
    }
    let end = (0..=NOTE_MAX - SUFFIX.len()).rev().find(|i| message.is_char_boundary(*i)).unwrap_or(0);
    format!("{}{SUFFIX}", &message[..end])
}

/// The condition's reason when the pod was refused.
pub const UNSCHEDULABLE: &str = "Unschedulable";
/// The condition's reason after an error.
pub const SCHEDULER_ERROR: &str = "SchedulerError";

/// The message of `Scheduled`.
pub fn assigned(namespace: &str, pod: &str, node: &str) -> String {
    ["Successfully assigned ", namespace, "/", pod, " to ", node].concat()
}

/// The `FailedScheduling` message of a pod that is already being deleted when it is popped, and is therefore skipped.
/// Models pkg/scheduler/schedule_one.go skipPodSchedule.
pub fn deleting(namespace: &str, pod: &str) -> String {
    format!("skip schedule deleting pod: {namespace}/{pod}")
}

/// Why a pod's claims could not be bound on the chosen node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BindingError<'a> {
    /// The server refused, in these words, what asks for the volumes.
    Refused(&'a str),
    ClaimGone {
        namespace: &'a str,
        /// Its name.
        claim: &'a str,
    },
    /// A claim no longer asks for a volume on that node.
    NotProvisioned {
        /// Its name.
        claim: &'a str,
    },
    /// The volumes were not ready in time.
    TimedOut,
    /// The pod was preempted.
    Canceled,
}

/// The `FailedScheduling` message of a failed binding, an error after which the pod is retried.
/// Models pkg/scheduler/framework/plugins/volumebinding/binder.go BindPodVolumes and checkBindings.
pub fn binding_failed(error: BindingError) -> String {
    let why = match error {
        BindingError::Refused(why) => return format!("running PreBind plugin \"VolumeBinding\": {why}"),
        BindingError::ClaimGone { namespace, claim } => {
            format!("failed to check provisioning pvc: could not find v1.PersistentVolumeClaim \"{namespace}/{claim}\"")
        }
        BindingError::NotProvisioned { claim } => format!("provisioning failed for PVC \"{claim}\""),
        BindingError::TimedOut => "context deadline exceeded".to_owned(),
        BindingError::Canceled => "context canceled".to_owned(),
    };
    format!("running PreBind plugin \"VolumeBinding\": binding volumes: {why}")
}

/// The `FailedScheduling` message of a binding that the server refused.
pub fn bind_failed(why: &str) -> String {
    format!("running Bind plugin \"DefaultBinder\": {why}")
}

/// The `FailedScheduling` message. Models pkg/scheduler/framework/types.go FitError.Error.
///
/// If a pod is refused before the DynamicResources plugin runs, that plugin's own PostFilter fails with `not found`,
/// which ends the attempt: preemption is not tried, and its message is just `not found`.
pub fn unschedulable(release: &Release, because: &Because, preemption: &Preemption, all_nodes: usize) -> String {
    match because {
        Because::NoNodes => "no nodes available to schedule pods".to_owned(),
        Because::Pod(refusal) => {
            let reasons: Vec<&str> = refusal.reasons.iter().map(|w| &**w).collect();
            format!("{} {}. not found", available(all_nodes), reasons.join(", "))
        }
        Because::Nodes(refusals) => {
            let reasons = refusals.iter().flat_map(|(_, r)| r.reasons.iter().map(|w| &**w));
            format!("{} {}.{}", available(all_nodes), histogram(reasons), preempting(release, preemption, all_nodes))
        }
    }
}

/// The part of the message about preemption. Models pkg/scheduler/framework/preemption Evaluator.Preempt.
fn preempting(release: &Release, preemption: &Preemption, all_nodes: usize) -> String {
    let freed = if release.claims_to_deallocate_in_preemption { "no new claims to deallocate, " } else { "" };
    match preemption {
        Preemption::Untried => String::new(),
        Preemption::Ineligible(why) => format!(" {freed}preemption: {why}"),
        Preemption::Helpless(reasons) => {
            format!(" {freed}preemption: {} {}.", available(all_nodes), histogram(reasons.iter().map(|w| &**w)))
        }
        Preemption::Found(_) if !release.says_whom_it_preempts => String::new(),
        Preemption::Found(Room { node, victims, .. }) => {
            format!(" preemption: found a potential placement for pod on node {node}, preempting {} victims", victims.len())
        }
    }
}

/// The `Preempted` message of a victim.
/// Models pkg/scheduler/framework/preemption/executor.go NewExecutor.
pub fn preempted(preemptor: Uid, node: &str) -> String {
    format!("Preempted by pod {preemptor} on node {node}")
}

/// The message of a victim's `DisruptionTarget` condition.
pub const PREEMPTING: &str = "default-scheduler: preempting to accommodate a higher priority pod";

fn available(all_nodes: usize) -> String {
    format!("0/{all_nodes} nodes are available:")
}

/// `1 this, 2 that`, sorted as text.
fn histogram<'a>(reasons: impl Iterator<Item = &'a str>) -> String {
    let mut counts = SortedMap::<&str, usize>::new();
    for reason in reasons {
        *counts.entry(reason).or_default() += 1;
    }
    let mut lines: Vec<String> = counts.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
    lines.sort_small();
    lines.join(", ")
}
