//! What kubectl puts differently today, told in English.

use crate::api::change::Change;

/// What changed, since when, and how to have it as it was.
pub fn changed(change: Change) -> String {
    let what = match change {
        Change::DeletedFrom => "delete names the namespace",
        Change::ForceWarning => "this warning begins with a capital letter",
        Change::ImmutableFields => "each field that may not change is named by itself",
        Change::MaxUnavailable => "every rolling update has maxUnavailable",
        Change::AttributesClass => "volumes and claims have the column VOLUMEATTRIBUTESCLASS",
        Change::EndpointsWarning => "Endpoints are warned of",
        Change::Description => "describe says more of sets, ports, probes and events",
        Change::TemplateTimestamp => "pod templates have no creationTimestamp: null",
        Change::UndoWarning => "rollout undo warns of what was applied",
        Change::SchedulingWords => "the scheduler says no more of preemption here",
        Change::NodeLost => "a pod that is to go from a silent node is Terminating, not Unknown",
        Change::FinishedPhase => "a pod that is to go is Completed once its containers have ended, not Terminating",
        Change::KernelArchitecture => "the kernel comes with the architecture",
        Change::RemovedVersion(_) => "this version is no longer served; kubectl api-resources names the one that is",
    };
    let way_back = if change.is_form() { " (as in guides: playground form classic)" } else { "" };
    format!("Since Kubernetes {} {what}.{way_back}\n", change.since())
}
