//! Defaults of workloads that the table cannot say in a row.

use api::release::Release;
use base::fill::Fill;
use base::value::Value;

/// The templates of a StatefulSet's claims are whole objects.
pub(super) fn claim_templates(templates: &mut Value, _: &Release) {
    templates.each(&[], |template| {
        template.set(&["apiVersion"], "v1");
        template.set(&["kind"], "PersistentVolumeClaim");
    });
}

/// How a StatefulSet rolls.
pub(super) fn partition(rolling: &mut Value, release: &Release) {
    rolling.absent(&["partition"], 0);
    if release.max_unavailable_stateful_set {
        rolling.absent(&["maxUnavailable"], 1);
    }
}

/// How a DaemonSet rolls. Models `SetDefaults_DaemonSet`.
pub(super) fn rolling(strategy: &mut Value, _: &Release) {
    if strategy.text_at(&["type"]) == Some("RollingUpdate") {
        strategy.absent(&["rollingUpdate", "maxUnavailable"], 1);
    }
    // The server's internal type always has both fields. Models Convert_apps_RollingUpdateDaemonSet_To_v1_RollingUpdateDaemonSet.
    strategy.within(&["rollingUpdate"], |rolling| {
        rolling.absent(&["maxUnavailable"], 0);
        rolling.absent(&["maxSurge"], 0);
    });
}

/// A ReplicationController has the labels of its template. Models `SetDefaults_ReplicationController`.
pub(super) fn replication_controller(controller: &mut Value, _: &Release) {
    let labels = controller.at(&["spec", "template", "metadata", "labels"]).cloned();
    if let Some(labels) = labels {
        controller.absent(&["spec", "selector"], labels.clone());
        controller.absent(&["metadata", "labels"], labels);
    }
}
