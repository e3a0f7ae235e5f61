//! StatefulSets, Deployments, ReplicaSets and the like.
//!
//! Models k8s.io/kubectl/pkg/describe/describe.go describeStatefulSet, describeDeployment, describeReplicaSet.

use crate::describe::common::{conditions, controlled_by, created, go_list, head, labels, labels_and_annotations};
use crate::describe::containers::pod_template;
use crate::describe::layout::Page;
use crate::describe::view::View;
use crate::view::{self, NONE, controller_of, int, labels_text, map_at, scalar, text};
use api::kind::Kind;
use api::well_known::POD_TEMPLATE_HASH;
use base::sort::Sort;
use base::value::Value;
use rows::cells::{selector, storage_class};

/// Describes a StatefulSet, up to its events.
pub fn stateful_set(page: &mut Page, set: &Value, view: &View) {
    head(page, set);
    created(page, set);
    page.field(0, "Selector", selector(set));
    labels_and_annotations(page, set);
    let full = view.release.describes_set_policies;
    if full {
        page.field_some(0, "Service Name", set.text_at(&["spec", "serviceName"]).filter(|name| !name.is_empty()));
        page.field(0, "Pod Management Policy", text(set, &["spec", "podManagementPolicy"]));
    }
    page.field(0, "Replicas", format!("{} desired | {} total", int(set, &["spec", "replicas"]), int(set, &["status", "replicas"])));
    page.field(0, "Update Strategy", text(set, &["spec", "updateStrategy", "type"]));
    for (label, field) in [("Partition", "partition"), ("MaxUnavailable", "maxUnavailable")] {
        if let Some(value) = set.at(&["spec", "updateStrategy", "rollingUpdate", field]).filter(|_| full || field == "partition") {
            page.field(1, label, scalar(value));
        }
    }
    if let Some(policy) = set.at(&["spec", "persistentVolumeClaimRetentionPolicy"]).filter(|_| full) {
        page.line(0, "Persistent Volume Claim Retention Policy:");
        page.field(1, "WhenDeleted", text(policy, &["whenDeleted"]));
        page.field(1, "WhenScaled", text(policy, &["whenScaled"]));
    }
    pods_status(page, set, view);
    pod_template(page, set.at(&["spec", "template"]), view.release);
    claim_templates(page, set.list_at(&["spec", "volumeClaimTemplates"]));
}

/// Describes a ReplicaSet or ReplicationController, up to its events.
pub fn replica_set(page: &mut Page, set: &Value, view: &View) {
    head(page, set);
    page.field(0, "Selector", selector(set));
    labels_and_annotations(page, set);
    controlled_by(page, set);
    page.field(0, "Replicas", format!("{} current / {} desired", int(set, &["status", "replicas"]), int(set, &["spec", "replicas"])));
    pods_status(page, set, view);
    pod_template(page, set.at(&["spec", "template"]), view.release);
    conditions(page, set);
}

/// Describes a Deployment, up to its events.
pub fn deployment(page: &mut Page, deployment: &Value, view: &View) {
    head(page, deployment);
    created(page, deployment);
    labels_and_annotations(page, deployment);
    page.field(0, "Selector", selector(deployment));
    let [updated, total, available, unavailable] =
        ["updatedReplicas", "replicas", "availableReplicas", "unavailableReplicas"].map(|field| int(deployment, &["status", field]));
    let counts = format!("{updated} updated | {total} total | {available} available | {unavailable} unavailable");
    page.field(0, "Replicas", format!("{} desired | {counts}", int(deployment, &["spec", "replicas"])));
    page.field(0, "StrategyType", text(deployment, &["spec", "strategy", "type"]));
    page.field(0, "MinReadySeconds", int(deployment, &["spec", "minReadySeconds"]).to_string());
    if let Some(rolling) = deployment.at(&["spec", "strategy", "rollingUpdate"]) {
        let part = |field| rolling.get(field).map(scalar).unwrap_or_default();
        page.field(0, "RollingUpdateStrategy", format!("{} max unavailable, {} max surge", part("maxUnavailable"), part("maxSurge")));
    }
    pod_template(page, deployment.at(&["spec", "template"]), view.release);
    conditions(page, deployment);
    let (new, old) = replica_sets(deployment, view);
    if new.is_some() || !old.is_empty() {
        page.field(0, "OldReplicaSets", replica_set_list(&old));
        page.field(0, "NewReplicaSet", replica_set_list(new.as_slice()));
    }
}

/// Describes a DaemonSet, up to its events.
pub fn daemon_set(page: &mut Page, set: &Value, view: &View) {
    head(page, set);
    page.field(0, "Selector", selector(set));
    page.field(0, "Node-Selector", labels_text(map_at(set, &["spec", "template", "spec", "nodeSelector"])));
    labels_and_annotations(page, set);
    for (label, field) in [
        ("Desired Number of Nodes Scheduled", "desiredNumberScheduled"),
        ("Current Number of Nodes Scheduled", "currentNumberScheduled"),
        ("Number of Nodes Scheduled with Up-to-date Pods", "updatedNumberScheduled"),
        ("Number of Nodes Scheduled with Available Pods", "numberAvailable"),
        ("Number of Nodes Misscheduled", "numberMisscheduled"),
    ] {
        page.line(0, format!("{label}: {}", int(set, &["status", field])));
    }
    pods_status(page, set, view);
    pod_template(page, set.at(&["spec", "template"]), view.release);
}

/// The phases of the pods that the object controls, counted.
fn pods_status(page: &mut Page, owner: &Value, view: &View) {
    let pods = view.client.list(Kind::Pod, Some(view::namespace(owner)));
    let is_owned = |pod: &&Value| controller_of(pod).is_some_and(|c| text(c, &["uid"]) == view::uid(owner));
    let phases: Vec<&str> = pods.iter().filter(is_owned).map(|p| text(p, &["status", "phase"])).collect();
    let [running, waiting, succeeded, failed] =
        ["Running", "Pending", "Succeeded", "Failed"].map(|phase| phases.iter().filter(|p| **p == phase).count());
    page.field(0, "Pods Status", format!("{running} Running / {waiting} Waiting / {succeeded} Succeeded / {failed} Failed"));
}

fn claim_templates(page: &mut Page, templates: &[Value]) {
    if templates.is_empty() {
        page.line(0, format!("Volume Claims:\t{NONE}"));
        return;
    }
    page.line(0, "Volume Claims:");
    for claim in templates {
        page.field(1, "Name", view::name(claim));
        page.field(1, "StorageClass", storage_class(claim));
        labels(page, "  ", "Labels", map_at(claim, &["metadata", "labels"]));
        labels(page, "  ", "Annotations", map_at(claim, &["metadata", "annotations"]));
        let capacity = claim.at(&["spec", "resources", "requests", "storage"]);
        page.field(1, "Capacity", capacity.map_or_else(|| "<default>".to_owned(), scalar));
        page.field(1, "Access Modes", go_list(claim.list_at(&["spec", "accessModes"])));
    }
}

/// The ReplicaSet with a Deployment's current template, and the old ones, oldest first.
/// Models k8s.io/kubectl/pkg/util/deployment GetAllReplicaSets.
pub fn replica_sets(deployment: &Value, view: &View) -> (Option<Value>, Vec<Value>) {
    let mut sets = view.client.list(Kind::ReplicaSet, Some(view::namespace(deployment)));
    sets.retain(|set| controller_of(set).is_some_and(|c| text(c, &["uid"]) == view::uid(deployment)));
    let stamp = |set: &Value| (text(set, &["metadata", "creationTimestamp"]).to_owned(), view::name(set).to_owned());
    sets.sort_small_by_key(stamp);
    let template = |object: &Value| {
        let mut template = object.at(&["spec", "template"]).cloned().unwrap_or_default();
        template.remove(&["metadata", "labels", POD_TEMPLATE_HASH]);
        template
    };
    let wanted = template(deployment);
    let new = sets.iter().position(|set| template(set) == wanted).map(|i| sets.remove(i));
    (new, sets)
}

fn replica_set_list<'a>(sets: impl IntoIterator<Item = &'a Value>) -> String {
    let shown = sets.into_iter().map(|set| {
        let (now, wanted) = (int(set, &["status", "replicas"]), int(set, &["spec", "replicas"]));
        format!("{} ({now}/{wanted} replicas created)", view::name(set))
    });
    let shown: Vec<String> = shown.collect();
    if shown.is_empty() { NONE.to_owned() } else { shown.join(", ") }
}
