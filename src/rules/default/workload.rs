//! Defaults of workloads: replicas, update strategy, history.
//!
//! Models pkg/apis/apps/v1/defaults.go and pkg/apis/core/v1/defaults.go `SetDefaults_ReplicationController`.

use crate::default::{pod, storage};
use api::release::Release;
use base::fill::Fill;
use base::value::Value;

/// The default number of old revisions to keep.
const HISTORY: i64 = 10;
/// The default `progressDeadlineSeconds`.
const PROGRESS_DEADLINE_SECONDS: i64 = 600;

/// Models `SetDefaults_StatefulSet`. A strategy with an explicit type but no `rollingUpdate` block does not get one. An empty service
/// name is kept, as Go writes it.
pub fn stateful_set(set: &mut Value, release: &Release) {
    set.absent(&["spec", "serviceName"], "");
    set.zero(&["spec", "podManagementPolicy"], "OrderedReady");
    let rolling = &["spec", "updateStrategy", "rollingUpdate"];
    if set.text_at(&["spec", "updateStrategy", "type"]).unwrap_or("").is_empty() {
        set.set(&["spec", "updateStrategy", "type"], "RollingUpdate");
        set.absent(rolling, Value::map());
    }
    if set.text_at(&["spec", "updateStrategy", "type"]) == Some("RollingUpdate") {
        set.within(rolling, |rolling| {
            rolling.absent(&["partition"], 0);
            if release.max_unavailable_stateful_set {
                rolling.absent(&["maxUnavailable"], 1);
            }
        });
    }
    set.absent(&["spec", "persistentVolumeClaimRetentionPolicy"], Value::map());
    for field in ["whenDeleted", "whenScaled"] {
        set.zero(&["spec", "persistentVolumeClaimRetentionPolicy", field], "Retain");
    }
    set.absent(&["spec", "replicas"], 1);
    set.absent(&["spec", "revisionHistoryLimit"], HISTORY);
    set.each(&["spec", "volumeClaimTemplates"], |template| {
        template.set(&["apiVersion"], "v1");
        template.set(&["kind"], "PersistentVolumeClaim");
        storage::claim(template);
    });
    pod::template(set, &["spec", "template"]);
}

/// Models `SetDefaults_Deployment`.
pub fn deployment(deployment: &mut Value) {
    deployment.absent(&["spec", "replicas"], 1);
    deployment.zero(&["spec", "strategy", "type"], "RollingUpdate");
    if deployment.text_at(&["spec", "strategy", "type"]) == Some("RollingUpdate") {
        for field in ["maxUnavailable", "maxSurge"] {
            deployment.absent(&["spec", "strategy", "rollingUpdate", field], "25%");
        }
    }
    deployment.absent(&["spec", "revisionHistoryLimit"], HISTORY);
    deployment.absent(&["spec", "progressDeadlineSeconds"], PROGRESS_DEADLINE_SECONDS);
    pod::template(deployment, &["spec", "template"]);
}

/// Models `SetDefaults_ReplicaSet`.
pub fn replica_set(set: &mut Value) {
    set.absent(&["spec", "replicas"], 1);
    pod::template(set, &["spec", "template"]);
}

/// Models `SetDefaults_DaemonSet`.
pub fn daemon_set(set: &mut Value) {
    set.zero(&["spec", "updateStrategy", "type"], "RollingUpdate");
    if set.text_at(&["spec", "updateStrategy", "type"]) == Some("RollingUpdate") {
        set.absent(&["spec", "updateStrategy", "rollingUpdate", "maxUnavailable"], 1);
    }
    // The server's internal type always has both fields. Models Convert_apps_RollingUpdateDaemonSet_To_v1_RollingUpdateDaemonSet.
    set.within(&["spec", "updateStrategy", "rollingUpdate"], |rolling| {
        rolling.absent(&["maxUnavailable"], 0);
        rolling.absent(&["maxSurge"], 0);
    });
    set.absent(&["spec", "revisionHistoryLimit"], HISTORY);
    pod::template(set, &["spec", "template"]);
}

/// Models `SetDefaults_ReplicationController`.
pub fn replication_controller(controller: &mut Value) {
    let labels = controller.at(&["spec", "template", "metadata", "labels"]).cloned();
    if let Some(labels) = labels {
        controller.absent(&["spec", "selector"], labels.clone());
        controller.absent(&["metadata", "labels"], labels);
    }
    controller.absent(&["spec", "replicas"], 1);
    if controller.at(&["spec", "template"]).is_some() {
        pod::template(controller, &["spec", "template"]);
    }
}
