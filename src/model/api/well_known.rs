//! Labels and annotations that several components read and write, as Kubernetes names them.
//!
//! Models k8s.io/api/{apps,batch}/v1/types.go, k8s.io/api/core/v1/well_known_labels.go and pkg/controller/deployment/util.

/// The label of a set's or DaemonSet's pod with its revision.
pub const CONTROLLER_REVISION_HASH: &str = "controller-revision-hash";
/// The label of a StatefulSet's pod with its name.
pub const POD_NAME: &str = "statefulset.kubernetes.io/pod-name";
/// The label of a StatefulSet's pod with its ordinal.
pub const POD_INDEX: &str = "apps.kubernetes.io/pod-index";
/// The label of a ReplicaSet of a Deployment, and of its pods, with the hash of the template.
pub const POD_TEMPLATE_HASH: &str = "pod-template-hash";
/// The annotation of a Deployment and of its ReplicaSets with the revision.
pub const DEPLOYMENT_REVISION: &str = "deployment.kubernetes.io/revision";
/// The annotation of a ReplicaSet with its earlier revisions.
pub const DEPLOYMENT_REVISION_HISTORY: &str = "deployment.kubernetes.io/revision-history";
/// The annotation of a ReplicaSet with its Deployment's size when it was last scaled.
pub const DESIRED_REPLICAS: &str = "deployment.kubernetes.io/desired-replicas";
/// The annotation of a ReplicaSet with that size and the surge.
pub const MAX_REPLICAS: &str = "deployment.kubernetes.io/max-replicas";
/// The labels of a Job's pods with its uid and its name: the legacy ones first, as the server looks at them.
pub const OF_JOB: [[&str; 2]; 2] = [["controller-uid", "job-name"], [JOB_UID, JOB_NAME]];
/// The annotation with a DaemonSet's template generation.
pub const TEMPLATE_GENERATION: &str = "deprecated.daemonset.template.generation";
/// The label of a Job's pods with its uid, by which it selects them.
pub const JOB_UID: &str = "batch.kubernetes.io/controller-uid";
/// The label of a Job's pods with its name.
pub const JOB_NAME: &str = "batch.kubernetes.io/job-name";
/// The label of an EndpointSlice with its Service.
pub const SERVICE_NAME: &str = "kubernetes.io/service-name";
/// The label of a node with its name.
pub const HOSTNAME: &str = "kubernetes.io/hostname";
/// The label with the name of the installation that an object is part of, which charts and GitOps tools give.
pub const INSTANCE: &str = "app.kubernetes.io/instance";
/// The label that names who manages an object.
pub const MANAGED_BY: &str = "app.kubernetes.io/managed-by";
/// The annotation by which Helm knows an object of a release.
pub const HELM_RELEASE: &str = "meta.helm.sh/release-name";
