//! What kubectl puts differently today, told in English.

use api::change::Change;

/// What changed, since when, and how to have it as it was.
pub fn changed(change: Change) -> String {
    let what = match change {
        Change::DeletedFrom => "delete prints the namespace",
        Change::ForceWarning => "this warning begins with a capital letter",
        Change::ImmutableFields => "each immutable field is named on its own",
        Change::MaxUnavailable => "every rolling update gets maxUnavailable by default",
        Change::AttributesClass => "volumes and claims have a column VOLUMEATTRIBUTESCLASS",
        Change::EndpointsWarning => "using Endpoints prints a warning",
        Change::Description => "describe says more about sets, ports, probes and events",
        Change::TemplateTimestamp => "pod templates no longer have creationTimestamp: null",
        Change::UndoWarning => "rollout undo warns if kubectl apply was used",
        Change::SchedulingWords => "the scheduler no longer mentions preemption here",
        Change::NodeLost => "a pod being deleted from a silent node is Terminating, not Unknown",
        Change::FinishedPhase => "a pod being deleted is Completed once its containers have ended, not Terminating",
        Change::KernelArchitecture => "the kernel version is followed by the architecture",
        Change::RemovedVersion(_) => "this version is no longer served; kubectl api-resources names the one that is",
    };
    let way_back = if change.is_form() { " (for the old output: playground form classic)" } else { "" };
    format!("Since Kubernetes {}, {what}.{way_back}\n", change.since())
}
