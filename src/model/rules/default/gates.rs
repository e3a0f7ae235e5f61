//! Drops the fields of disabled feature gates, which clients may send without effect.
//!
//! Not modelled: that an object keeps such a field if it already has it, since none can.
//!
//! Models pkg/api/pod/util.go `DropDisabledPodFields` and `DropDisabledTemplateFields`, pkg/api/job `DropDisabledFields`.

use api::kind::Kind;
use api::release::Release;
use base::fill::Fill;
use base::value::{Map, Value};

/// Annotations that held init containers before there was a field for them.
const INIT_CONTAINERS: [&str; 4] = [
    "pod.beta.kubernetes.io/init-containers",
    "pod.alpha.kubernetes.io/init-containers",
    "pod.beta.kubernetes.io/init-container-statuses",
    "pod.alpha.kubernetes.io/init-container-statuses",
];

/// Drops the fields of a pod, pod template, job or node that the release has not enabled yet or has removed.
pub fn drop_disabled(kind: Kind, object: &mut Value, release: &Release) {
    let path: &[&str] = match kind {
        Kind::Node => {
            for field in ["configSource", "podPreemptionPolicy"] {
                object.remove(&["spec", field]);
            }
            return;
        }
        Kind::Pod => &["spec"],
        Kind::PodTemplate => &["template", "spec"],
        Kind::CronJob => {
            object.remove(&["spec", "jobTemplate", "spec", "scheduling"]);
            &["spec", "jobTemplate", "spec", "template", "spec"]
        }
        Kind::Job => {
            object.remove(&["spec", "scheduling"]);
            &["spec", "template", "spec"]
        }
        Kind::StatefulSet | Kind::Deployment | Kind::ReplicaSet | Kind::DaemonSet | Kind::ReplicationController => {
            &["spec", "template", "spec"]
        }
        _ => return,
    };
    object.within(path, |of_pods| spec(of_pods, release));
    object.within(&path[..path.len() - 1], |pod| {
        for key in INIT_CONTAINERS {
            pod.remove(&["metadata", "annotations", key]);
        }
        if pod.at(&["metadata", "annotations"]).and_then(Value::as_map).is_some_and(Map::is_empty) {
            pod.remove(&["metadata", "annotations"]);
        }
    });
}

fn spec(spec: &mut Value, release: &Release) {
    for field in ["schedulingGroup", "evictionResponders"] {
        spec.remove(&[field]);
    }
    for field in ["containers", "initContainers", "ephemeralContainers"] {
        spec.each(&[field], container);
    }
    spec.each(&["volumes"], |volume| {
        volume.remove(&["emptyDir", "mode"]);
        for source in ["secret", "configMap", "downwardAPI", "projected"].into_iter().filter(|_| !release.gives_files_to_users) {
            volume.remove(&[source, "defaultUser"]);
            volume.within(&[source], users);
        }
        volume.each(&["projected", "sources"], |source| {
            for certificates in ["clusterTrustBundle", "podCertificate"].into_iter().filter(|_| !release.projects_certificates) {
                source.remove(&[certificates]);
            }
            if !release.gives_files_to_users {
                for (_, part) in source.make_map().iter_mut() {
                    users(part);
                }
            }
        });
    });
}

/// Drops the file ownership fields of a volume source.
fn users(source: &mut Value) {
    source.remove(&["user"]);
    source.each(&["items"], |item| {
        item.remove(&["user"]);
    });
}

fn container(container: &mut Value) {
    container.each(&["volumeMounts"], |mount| {
        mount.remove(&["bindMountOptions"]);
    });
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
        container.remove(&[probe, "httpGet", "protocol"]);
        container.remove(&[probe, "grpc", "mode"]);
    }
    for hook in ["postStart", "preStop"] {
        container.remove(&["lifecycle", hook, "httpGet", "protocol"]);
    }
    if container.remove(&["lifecycle", "stopSignal"]).is_some() && container.get("lifecycle") == Some(&Value::map()) {
        container.remove(&["lifecycle"]);
    }
}
